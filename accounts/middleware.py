"""Who is there, for which business, and in which language."""

from django.conf import settings
from django.http import Http404
from django.utils import translation

from accounts import audit, current, tokens
from accounts.models import Member
from accounts.rights import Rights

SESSION_KEY = "business"
API = "/api/"


def language(get_response):
    """German first: another language only by choice (cookie of the switch, or the user's own setting).

    Accept-Language is not asked: a browser set to English must not change what a German customer is shown and agrees to.
    """
    known = dict(settings.LANGUAGES)

    def middleware(request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or getattr(request.user, "language", "")
        chosen = chosen if chosen in known else settings.LANGUAGE_CODE
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen
            response = get_response(request)
        response.headers.setdefault("Content-Language", chosen)
        return response

    return middleware


def current_business(get_response):
    """Set `request.member`, `request.business` and `request.rights`, and work for that business during the request.

    Below /api/ a key in the Authorization header decides alone (`request.api_token`): a wrong one does not fall back to
    the session of the browser. It is looked up here and not by the API's own authentication, so that the business is
    known until the answer is rendered.
    """

    def middleware(request):
        request.member = request.business = request.api_token = None
        request.rights = Rights(None)
        if request.path.startswith(API) and "Authorization" in request.headers:
            request.api_token = token_in(request.headers["Authorization"])
            request.member = request.api_token and request.api_token.member
        elif request.user.is_authenticated:
            request.member = member_of(request.user, request.session.get(SESSION_KEY))
        if request.member is None:
            return get_response(request)
        request.business, request.rights = request.member.business, request.member.rights
        channel = "api" if request.path.startswith(API) else "page"
        with current.working_for(request.business), current.acting_as(request.member, channel):
            return get_response(request)

    middleware.process_exception = note_unknown_row  # type: ignore[attr-defined]
    return middleware


def note_unknown_row(request, exception):
    """A row that was not found among those of the business stands in its log; the answer is the same 404 for all."""
    if isinstance(exception, Http404) and audit.is_of_a_row(exception):
        audit.note_refusal(request, audit.Event.UNKNOWN_ID)


def token_in(header):
    """The living key in an Authorization header, its use noted; None for anything else."""
    scheme, _, raw = header.partition(" ")
    if scheme.lower() != "bearer" or not raw.startswith(tokens.MARK):
        return None
    token = tokens.find(raw.strip())
    if token is not None:
        tokens.note_use(token)
    return token


def member_of(user, business_id=None):
    """The user's membership in that business, or else in the first one; None for users without a business."""
    memberships = Member.objects.filter(user=user, is_active=True).select_related("business", "user")
    chosen = memberships.filter(business_id=business_id).first() if business_id else None
    return chosen or memberships.order_by("created_at", "pk").first()

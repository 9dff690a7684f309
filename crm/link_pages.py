"""Customers' pages behind an access link: who may come in, what they may do, and what every answer must say.

The door (portal:enter) exchanges a link's token for a cookie that names the link and is sent to that link's pages only.
`customer_page` looks the link up anew for each request, so a revoked one is dead at once (P25). Which page a link
opens is wired in settings.LINK_PAGES; portal and feedback use this module and do not know each other.
"""

import re
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.core import signing
from django.db import connection, transaction
from django.http import Http404, HttpResponse, HttpResponseNotAllowed, HttpResponseNotFound
from django.shortcuts import redirect
from django.shortcuts import render as django_render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation

from accounts import current
from accounts.refusals import Refusal
from accounts.rights import Rights
from crm import access, center_links, limits
from crm.models import AccessLink

PREFIXES = ("/l/", "/k/")
SAFE = ("GET", "HEAD", "OPTIONS")
COOKIE, GATE_COOKIE, CODE_COOKIE, SALT = "link", "gate", "code", "crm.link_pages"
CENTER_COOKIE = "center"  # says to every customer page which link to all documents this browser has opened
LIVES = timedelta(hours=12)
LOOK_AGAIN = timedelta(minutes=10)  # a POST shortly after a look is the same visit
POSTS, POSTS_WINDOW = 100, 600  # per link and ten minutes
UNKNOWN_PER_MINUTE = 60  # tokens per client address (P19)

MACHINES = re.compile(r"bot\b|crawl|spider|preview|scan|slurp|facebookexternalhit|whatsapp|curl|wget|python-", re.I)

# P21, for every answer under the prefixes, whatever it is
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def headers(get_response):
    """Middleware: the headers of P21, and 405 for methods that no page takes (before anybody asks for a CSRF token)."""

    def middleware(request):
        if not request.path.startswith(PREFIXES):
            return get_response(request)
        if request.method not in (*SAFE, "POST"):
            response: HttpResponse = HttpResponseNotAllowed(_methods_of(request.path))
        else:
            response = get_response(request)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    return middleware


def customer_page(*purposes, methods=("GET",), gate=True, only_open=True, counts=True):
    """Let a view be opened with the cookie of a link of one of these purposes (any if none is named).

    Sets `request.link`, `request.business` and `request.gate_passed`, works for that business in the customer's
    language, and makes GET read-only in the database itself: scanners open every link (invariant 6).
    `gate=False`: also before the postcode. `only_open=False`: also for expired and revoked links.
    `counts=False`: a POST here is no sign that the customer looked.
    """

    def decorate(view):
        @wraps(view)
        def page(request, public_id, **kwargs):
            link = _enter(request, public_id)
            if link is None or (purposes and link.purpose not in purposes):
                return unknown()
            allowed = "GET" in methods if request.method == "HEAD" else request.method in methods
            if not allowed:
                return HttpResponseNotAllowed(methods)
            with current.working_for(link.business), speaking(request, link):
                if only_open and not is_open(link):
                    response = closed(request)
                elif gate and not request.gate_passed:
                    page = settings.LINK_CODE if center_links.is_one(link) else settings.LINK_GATE
                    response = redirect(page, public_id)
                else:
                    response = _answer(view, request, kwargs, counts)
                response.headers.setdefault("Content-Language", translation.get_language())
            return response

        page.link_methods = methods  # type: ignore[attr-defined]  # for `headers`
        return page

    return decorate


def _answer(view, request, kwargs, counts):
    try:
        if request.method in SAFE:
            with read_only():
                return view(request, **kwargs)
        if limits.hits(f"posts:{request.link.pk}", seconds=POSTS_WINDOW) > POSTS:
            return too_many(limits.seconds_left(POSTS_WINDOW))
        response = view(request, **kwargs)
    except Refusal as refusal:
        if answer := getattr(refusal, "answer", None):  # one that has a page of its own
            return answer(request)
        return render(request, "portal/refused.html", {"message": refusal.message}, status=refusal.status)
    except Http404:
        return unknown()
    last = request.link.last_seen_at
    if counts and response.status_code < 400 and (last is None or last < timezone.now() - LOOK_AGAIN):
        looked(request)
    return response


def looked(request) -> None:
    """The customer looked on purpose. A member of the business who looks at the customer's page does not count."""
    if not request.is_preview:
        access.mark_seen(request.link)


def is_machine(request) -> bool:
    """Whether whoever asks says itself that nobody looks: prefetching, previews and scanners of links."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return "prefetch" in purpose or bool(MACHINES.search(request.headers.get("User-Agent", "")))


def done():
    """Nothing to show."""
    return HttpResponse(status=204)


def come_in(response, link):
    """Let the browser in for twelve hours: no later address carries the token (P26)."""
    return _set(response, COOKIE, link)


def pass_gate(response, link):
    """Remember that the postcode was right, for this link alone (P40)."""
    return _set(response, GATE_COOKIE, link)


def pass_code(response, link):
    """Remember that the code from the mail was right: it opens the gate too, and is worth more than a postcode.

    With a link to all documents every customer page also learns where they are (`center_of`).
    """
    if center_links.is_one(link):
        _set(response, CENTER_COOKIE, link, path=PREFIXES[1])
    return _set(response, CODE_COOKIE, link)


def leave(response, link):
    """Forget in this browser that it came in."""
    page = reverse(settings.LINK_HOME, args=[link.public_id])
    paths = {COOKIE: page, GATE_COOKIE: page, CODE_COOKIE: page, CENTER_COOKIE: PREFIXES[1]}
    for kind, path in paths.items():
        response.delete_cookie(f"{kind}-{link.public_id}", path=path, samesite="Lax")
    return response


def center_of(request) -> AccessLink | None:
    """The open link to all documents of the same customer that this browser has come in with. It opens nothing by
    itself: its own page asks for its own cookies.
    """
    found = [
        _claim(request, CENTER_COOKIE, name.partition("-")[2])
        for name in sorted(request.COOKIES)
        if name.startswith(f"{CENTER_COOKIE}-")
    ]
    link = AccessLink.objects.filter(
        pk__in=[pk for pk in found[:20] if pk], customer=request.link.customer, purpose=AccessLink.Purpose.CENTER
    )
    return next((each for each in link.select_related("customer") if is_open(each)), None)


def is_open(link) -> bool:
    """Neither expired nor revoked; a link to all documents only while its address is still the customer's."""
    return link.is_open and center_links.still_reaches(link)


def page_of(link) -> str:
    """The address of the page a link is for."""
    return reverse(settings.LINK_PAGES[link.purpose], args=[link.public_id])


def render(request, template, context=None, *, status=200):
    """A page in the frame of customers' pages; `link` is in the context once the gate is passed."""
    link = request.link if request.gate_passed and is_open(request.link) else None
    return django_render(request, template, {"link": link, **(context or {})}, status=status)


def unknown():
    """404, with the same bytes whatever was unknown: token, page or what a page is about (P18, P27)."""
    with translation.override(settings.LANGUAGE_CODE):
        return HttpResponseNotFound(render_to_string("portal/link_unknown.html"))


def stranger(request):
    """The answer to a token that is none: always the same, and after 60 in a minute from one address a pause (P19)."""
    if limits.hits(f"knock:{limits.client_address(request)}", seconds=60) > UNKNOWN_PER_MINUTE:
        return too_many(limits.seconds_left(60))
    return unknown()


def one_click(request, token, *, purpose, page, stop):
    """The address that ends mails of a kind: people are led to `page`, where a button does it; the one-click POST of mail
    programs acts at once, by `stop(link)` (RFC 8058). The caller exempts it from CSRF: the token is the key.
    """
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "POST"])
    link = access.resolve(token)
    if link is None or link.purpose != purpose:
        return stranger(request)
    if request.method == "POST":
        with current.working_for(link.business):
            stop(link)
        return HttpResponse(status=204)
    return come_in(redirect(page, link.public_id), link)


def closed(request):
    """410 for a link that expired or was revoked: whom to call, and a button that sends a new one."""
    renew = reverse(settings.LINK_RENEW, args=[request.link.public_id])
    return render(request, "portal/link_expired.html", {"renew_url": renew}, status=410)


def too_many(seconds: int):
    """429 with the time to wait."""
    content = render_to_string("429.html", {"minutes": -(-seconds // 60)})
    return HttpResponse(content, status=429, headers={"Retry-After": str(seconds)})


@contextmanager
def read_only():
    """Whatever runs inside cannot write: the database refuses (security.md 4.2 no. 8)."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
            yield
        return
    connection.ensure_connection()
    sqlite = connection.connection  # not through Django: after a refused write it would not let us switch back
    sqlite.execute("PRAGMA query_only = ON")
    try:
        yield
    finally:
        sqlite.execute("PRAGMA query_only = OFF")


def enter_as(request, link) -> None:
    """Put the link and its business in the place of whoever is signed in: nothing of two businesses mixes (P34)."""
    member = getattr(request, "member", None)
    request.is_preview = member is not None and member.business_id == link.business_id
    request.link, request.business = link, link.business
    request.member, request.rights = None, Rights(None)
    needs_code = center_links.is_one(link)
    keys = (CODE_COOKIE,) if needs_code else (GATE_COOKIE, CODE_COOKIE)
    passed = any(_claim(request, kind, link.public_id) == link.pk for kind in keys)
    request.gate_passed = passed or not (needs_code or link.asks_postcode)


def _enter(request, public_id):
    """The link the browser was let in with; None without its cookie."""
    claim = _claim(request, COOKIE, public_id)
    if claim is None:
        return None
    links = AccessLink.unscoped.select_related("business", "customer")
    link = links.filter(pk=claim, public_id=public_id).first()
    if link is not None:
        enter_as(request, link)
    return link


def _claim(request, kind, public_id):
    """The id of the link a cookie of ours speaks for; None for no cookie, a foreign, an old or a bent one."""
    try:
        pk, claimed = signing.loads(request.COOKIES.get(f"{kind}-{public_id}", ""), salt=SALT, max_age=LIVES)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return pk if claimed == kind else None


def _set(response, kind, link, *, path=""):
    response.set_cookie(
        f"{kind}-{link.public_id}",
        signing.dumps([link.pk, kind], salt=SALT),
        max_age=LIVES,
        path=path or reverse(settings.LINK_HOME, args=[link.public_id]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def speaking(request, link):
    """The customer's language, unless he chose another with the switch."""
    if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) in dict(settings.LANGUAGES):
        return nullcontext()
    request.LANGUAGE_CODE = link.customer.language
    return translation.override(link.customer.language)


def _methods_of(path):
    try:
        return getattr(resolve(path).func, "link_methods", ("GET",))
    except Resolver404:
        return ("GET",)

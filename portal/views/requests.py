"""Asking for work: from the page of all documents, and over the public form of a business, which its own website may post to.

The public form needs no cookie, no script and no puzzle. Whatever comes from elsewhere stores nothing: it fills in our
form, and a person presses its button. Against programs: a field nobody sees, the time between showing and sending, the
number of links in the text, and limits per address and business.
"""

from contextlib import nullcontext
from functools import wraps

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts import current
from accounts.models import Business
from accounts.refusals import Refusal
from billing.models import Order
from crm import limits, link_pages, work_requests
from crm.link_pages import customer_page
from crm.models import AccessLink, WorkRequest
from portal import request_stamps
from portal.request_forms import OpenRequestForm, RequestForm

CENTER, SOURCE = AccessLink.Purpose.CENTER, WorkRequest.Source
TRAP = "homepage"  # a field that people do not see
QUICKEST = 3  # seconds in which nobody fills in a form
MOST, WINDOW = 5, 600  # per link; each one is a mail to the business
MOST_OF_ADDRESS, MOST_OF_BUSINESS, HOUR = 10, 60, 3600
BIGGEST = 60_000_000  # bytes of a form with its photos
BIGGEST_FROM_ELSEWHERE = 100_000  # bytes; photos are added on our page


# --- known customers ----------------------------------------------------------------------------------------------------
@customer_page(CENTER, methods=("GET", "POST"))
def work_request(request):
    """Ask for something new; with ?wie= for an order of one's own once more."""
    link = request.link
    data = request.POST if request.method == "POST" else request.GET
    order = _repeated(link, data.get("wie", ""))
    form = RequestForm(*((request.POST, request.FILES) if request.method == "POST" else ()), initial=_words(order))
    if form.is_valid():
        if limits.hits(f"work-request:{link.pk}", seconds=WINDOW) > MOST:
            return link_pages.too_many(limits.seconds_left(WINDOW))
        repeats = f"{order.number} · {order.title}"[:200] if order else ""
        name = (link.customer.person_name or link.customer.name)[:120]
        said = form.cleaned_data | {"name": name, "repeats": repeats}
        try:
            work_requests.receive(source=SOURCE.CENTER, customer=link.customer, **said)
        except Refusal as refusal:
            _blame(form, refusal)
        else:
            return redirect("portal:work_requested", link.public_id)
    context = {"form": form, "order": order, "lost_photos": _lost_photos(request)}
    return link_pages.render(request, "portal/work_request.html", context, status=422 if form.is_bound else 200)


@customer_page(CENTER)
def work_requested(request):
    """What happens now, and what was sent. Looking at it again sends nothing."""
    asked = WorkRequest.objects.filter(customer=request.link.customer, source=SOURCE.CENTER).first()
    if asked is None:
        return redirect("portal:work_request", request.link.public_id)
    context = {"asked": asked, "photos": asked.photos.count()}
    return link_pages.render(request, "portal/work_requested.html", context)


# --- everybody ----------------------------------------------------------------------------------------------------------
def public_form(view):
    """A page of a business that takes requests, by the name in its address; 404 for any other."""

    @wraps(view)
    def page(request, slug):
        business = get_object_or_404(Business, slug=slug, takes_requests=True)
        request.business, request.member = business, None
        with current.working_for(business), _speaking(request):
            response = view(request)
            response.headers["Content-Language"] = translation.get_language()
        return response

    return page


@csrf_exempt  # nobody is signed in here, and the stamp is what a page of somebody else does not have
@require_http_methods(["GET", "HEAD", "POST"])
@public_form
def request_form(request):
    """The form, and where it is sent to."""
    if request.method != "POST":
        return _show(request, OpenRequestForm())
    if _length(request) > BIGGEST:
        return _too_big(request)
    age = request_stamps.age(request.business, request.POST.get("stempel", ""))
    if age is None or request.headers.get("Sec-Fetch-Site") == "cross-site":
        return _ask_to_check(request)
    if request.POST.get(TRAP):
        return _thanks(request)
    form = OpenRequestForm(request.POST, request.FILES)
    if form.is_valid() and age < QUICKEST:
        form.add_error(None, _("Das ging sehr schnell. Bitte prüfen Sie Ihre Angaben und senden Sie sie noch einmal."))
    if not form.is_valid():
        return _show(request, form, status=422)
    if _is_too_often(request):
        return link_pages.too_many(limits.seconds_left(HOUR))
    try:
        work_requests.receive(source=SOURCE.WEBSITE, **form.cleaned_data)
    except Refusal as refusal:
        _blame(form, refusal)
        return _show(request, form, status=422)
    return _thanks(request)


@csrf_exempt  # made to be sent by other websites; it only fills in the form
@require_http_methods(["GET", "HEAD", "POST"])
@public_form
def request_check(request):
    """What was typed on the business's own website comes here: nothing is kept before it was looked at and sent."""
    if request.method != "POST":
        return redirect("portal:request_form", request.business.slug)
    if _length(request) > BIGGEST_FROM_ELSEWHERE:
        return _too_big(request)
    return _ask_to_check(request)


@require_safe
@public_form
def request_sent(request):
    """Thanks; the same for everybody."""
    return render(request, "portal/request_sent.html", _frame(request))


def _ask_to_check(request):
    if request.POST.get(TRAP):
        return _thanks(request)
    form = OpenRequestForm(request.POST)
    status = 200 if form.is_valid() else 422
    stamp = request_stamps.make(request.business, seconds_ago=QUICKEST - 1)
    return _show(request, form, status=status, stamp=stamp, is_check=True)


def _show(request, form, *, status=200, stamp="", is_check=False):
    """The form; sent once more it keeps the time at which it was first shown."""
    stamp = stamp or request.POST.get("stempel") or request_stamps.make(request.business)
    context = {"form": form, "stamp": stamp, "trap": TRAP, "is_check": is_check, "lost_photos": _lost_photos(request)}
    return render(request, "portal/request_form.html", context | _frame(request), status=status)


def _thanks(request):
    frame = _frame(request)
    return redirect(reverse("portal:request_sent", args=[request.business.slug]) + frame["language_query"])


def _is_too_often(request):
    business = request.business.pk
    of_address = limits.hits(f"work-request:{business}:{limits.client_address(request)}", seconds=HOUR)
    if of_address > MOST_OF_ADDRESS:
        return True  # and does not use up what the business takes
    return limits.hits(f"work-request-all:{business}", seconds=HOUR) > MOST_OF_BUSINESS


def _too_big(request):
    message = _("Das ist zu viel auf einmal. Bitte senden Sie weniger oder kleinere Fotos.")
    return render(request, "portal/refused.html", {"message": message} | _frame(request), status=413)


def _length(request):
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isdecimal() else 0


def _frame(request):
    """Without cookies the language stands in the address."""
    wanted = _language(request)
    page = reverse("portal:request_form", args=[request.business.slug])
    return {"language_page": page, "language_query": f"?sprache={wanted}" if wanted else ""}


def _language(request):
    wanted = request.GET.get("sprache")
    return wanted if wanted in dict(settings.LANGUAGES) else None


def _speaking(request):
    wanted = _language(request)
    return translation.override(wanted) if wanted else nullcontext()


# --- both ---------------------------------------------------------------------------------------------------------------
def _repeated(link, wanted):
    """The order to be done once more. Raises Http404 for one that is not this customer's."""
    if not wanted:
        return None
    order = Order.objects.filter(customer=link.customer, pk=wanted[:18] if wanted.isdecimal() else 0).first()
    if order is None:
        raise Http404
    return order


def _words(order):
    return {"text": _("Bitte noch einmal: %(title)s") % {"title": order.title}} if order else {}


def _blame(form, refusal):
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


def _lost_photos(request):
    """A browser does not fill in files again."""
    return request.method == "POST" and bool(request.FILES.getlist("photos"))

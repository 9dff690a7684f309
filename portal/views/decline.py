"""Saying no, with a reason or without; and another day instead of a no."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from billing import quotes
from billing.models import Quote
from crm import limits, link_pages, messages
from crm.link_pages import customer_page
from crm.models import AccessLink
from portal import late
from portal.forms import DeclineForm
from portal.subjects import quote_of
from portal.wish_forms import OtherDayForm

MOST, WINDOW = 10, 600  # each message is a mail to the business


@customer_page(AccessLink.Purpose.QUOTE, methods=("GET", "POST"))
def decline(request):
    """Four reasons, a free text, none of it required (ABL1); afterwards thanks, and the way back (ABL2)."""
    found = quote_of(request.link)
    late.refuse(request, found)
    if found.state == Quote.State.DECLINED:
        return link_pages.render(request, "portal/declined.html", {"quote": found})
    if not found.can_be_accepted:
        return redirect("portal:quote", request.link.public_id)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        quotes.decline(found, **form.cleaned_data)
        return redirect("portal:decline", request.link.public_id)
    return _page(request, found, form)


@customer_page(AccessLink.Purpose.QUOTE, methods=("POST",))
def other_day(request):
    """ "The date does not suit": a message with a better one. The quote stays open, nothing is declined."""
    link = request.link
    found = quote_of(link)
    late.refuse(request, found)
    if not found.can_be_accepted:
        return redirect("portal:quote", link.public_id)
    form = OtherDayForm(request.POST)
    if not form.is_valid():
        return _page(request, found, DeclineForm(initial={"reason": Quote.Reason.DATE}), form)
    if limits.hits(f"ask:{link.pk}", seconds=WINDOW) > MOST:
        return link_pages.too_many(limits.seconds_left(WINDOW))
    words = _("Ein anderer Termin wäre mir lieber: %(day)s") % {"day": form.cleaned_data["day"]}
    messages.ask(link, words, author_name=link.customer.person_name)
    return redirect(f"{reverse('portal:quote', args=[link.public_id])}#nachrichten")


def _page(request, found, form, day_form=None):
    bound = day_form or form
    context = {
        "quote": found, "form": bound, "decline_form": form, "day_form": day_form or OtherDayForm(), "reasons": Quote.Reason,
    }  # fmt: skip
    return link_pages.render(request, "portal/decline.html", context, status=422 if bound.is_bound else 200)

"""A question or a message, from whatever page it was written on."""

from django.shortcuts import redirect
from django.urls import reverse

from accounts.refusals import Refusal
from billing import choices
from crm import limits, link_pages, messages
from crm.link_pages import customer_page
from crm.models import AccessLink
from portal.forms import QuestionForm
from portal.offer import Offer
from portal.subjects import quote_of
from portal.views.invoice import show as show_invoice
from portal.views.order import show as show_order
from portal.views.quote import show as show_quote

Purpose = AccessLink.Purpose
# A quote's link shows two pages; the form says on which of them it stands.
PAGES = {
    (Purpose.QUOTE, ""): (show_quote, "portal:quote"),
    (Purpose.QUOTE, "order"): (show_order, "portal:order"),
    (Purpose.ORDER, ""): (show_order, "portal:order"),
    (Purpose.INVOICE, ""): (show_invoice, "portal:invoice"),
}
MOST, WINDOW = 10, 600  # each one is a mail to the business


@customer_page(Purpose.QUOTE, Purpose.ORDER, Purpose.INVOICE, methods=("POST",))
def ask(request):
    """Send it; with something missing the page comes back with what was typed (FRA1)."""
    link = request.link
    show, name = PAGES.get((link.purpose, request.POST.get("page", "")), PAGES[link.purpose, ""])
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return show(request, form=form, status=422)
    if limits.hits(f"ask:{link.pk}", seconds=WINDOW) > MOST:
        return link_pages.too_many(limits.seconds_left(WINDOW))
    try:
        messages.ask(link, form.cleaned_data["text"], author_name=link.customer.person_name)
    except Refusal as refusal:
        form.add_error("text", refusal.message)
        return show(request, form=form, status=refusal.status)
    query = _choice(request) if name == "portal:quote" else ""
    return redirect(f"{reverse(name, args=[link.public_id])}{query}#nachrichten")


def _choice(request):
    """The choice made so far, so that it is still made after the question."""
    try:
        return Offer(quote_of(request.link), request.GET.dict(), public_id=request.link.public_id).query
    except choices.NotAChoice:
        return ""

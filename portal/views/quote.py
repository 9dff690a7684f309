"""The quote's page, and the sum that follows the choice."""

from django.http import JsonResponse
from django.shortcuts import redirect

from accounts import formats
from billing import choices, conversations
from billing.models import Quote
from crm import link_pages
from crm.link_pages import customer_page
from crm.models import AccessLink
from portal.forms import QuestionForm
from portal.offer import Offer
from portal.subjects import quote_of

QUOTE = AccessLink.Purpose.QUOTE


@customer_page(QUOTE)
def quote(request):
    """What is offered, with what can be chosen; read-only once it is ordered or over."""
    try:
        return show(request)
    except choices.NotAChoice:
        return redirect("portal:quote", request.link.public_id)


def show(request, *, form=None, status=200):
    """The page, also with a question that needs another look."""
    found = quote_of(request.link)
    if found.state == Quote.State.RETRACTED:
        return link_pages.closed(request)
    offer = Offer(found, request.GET.dict(), public_id=request.link.public_id)
    context = {
        "quote": found,
        "offer": offer,
        "document": offer.sent,
        "is_open": found.can_be_accepted and not (found.amends and found.amends.why_final),
        "is_over": found.has_expired and found.state != Quote.State.ACCEPTED,
        "order": found.placed_order,
        "thread": conversations.of_quote(found),
        "question": form or QuestionForm(),
        "about": offer.line_at(request.POST.get("position", "") or request.GET.get("zu", "")),
        "form": form,
        "counts_looks": True,
    }
    return link_pages.render(request, "portal/quote.html", context, status=status)


@customer_page(QUOTE)
def total(request):
    """The choice in the address worked out by the server: the only sum that counts. 400 for a choice that is none."""
    found = quote_of(request.link)
    try:
        offer = Offer(found, request.GET.dict(), public_id=request.link.public_id)
    except choices.NotAChoice:
        return JsonResponse({"error": "unknown choice"}, status=400)
    cards = [card for _name, _line, cards in offer.sets for card in cards] + offer.options
    return JsonResponse(
        {
            "total": formats.euro(offer.total),
            "cents": offer.cents,
            "said": f"{offer.total_label}: {formats.euro(offer.total)}",
            "sums": {
                name or "discount": formats.euro(amount) if name else formats.signed_euro(amount)
                for _label, amount, name in offer.sums
            },
            "rows": {
                card.line.position: {
                    "cents": card.cents,
                    "price": card.price,
                    **({"each": card.each} if card.each else {}),
                }
                for card in cards
            },
            "chosen": [list(pair) for pair in choices.words(offer.sent, offer.choice)],
        }
    )

"""Something else than what was offered: a wish is never an order (§ 150 (2) BGB, R74); the business answers with a new
version. The quote as it stands can still be ordered.
"""

from django.shortcuts import redirect

from accounts.refusals import Refusal
from billing import change_requests, choices
from crm import limits, link_pages
from crm.link_pages import customer_page
from crm.models import AccessLink
from portal import late
from portal.offer import Offer
from portal.subjects import quote_of
from portal.wish_forms import WishForm

QUOTE = AccessLink.Purpose.QUOTE
MOST, WINDOW = 5, 600  # each one is a mail to the business


@customer_page(QUOTE, methods=("GET", "POST"))
def wish(request):
    """Positions to leave out, free words, a name. After the last day it asks for the quote anew."""
    link = request.link
    found = quote_of(link)
    late.refuse(request, found)
    data = request.POST if request.method == "POST" else request.GET
    try:
        offer = Offer(found, data.dict(), public_id=link.public_id)
    except choices.NotAChoice:
        return redirect("portal:wish", link.public_id)
    if found.state not in change_requests.WISHABLE:
        return redirect("portal:quote", link.public_id)
    lines = change_requests.droppable(offer.sent)
    # the name only once the postcode proved who is there (security.md no. 15)
    known = {"name": link.customer.person_name} if link.asks_postcode else {}
    form = WishForm(request.POST if request.method == "POST" else None, lines=lines, initial=known)
    if form.is_valid():
        if limits.hits(f"wish:{link.pk}", seconds=WINDOW) > MOST:
            return link_pages.too_many(limits.seconds_left(WINDOW))
        try:
            change_requests.ask(found, link=link, choice=offer.choice, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            return redirect("portal:wished", link.public_id)
    wanted_away = set(form["unwanted"].value() or [])
    context = {
        "quote": found, "offer": offer, "form": form,
        "rows": [{"line": line, "is_away": line.position in wanted_away} for line in lines],
    }  # fmt: skip
    return link_pages.render(request, "portal/wish.html", context, status=422 if form.is_bound else 200)


@customer_page(QUOTE)
def wished(request):
    """What happens now. Looking at it again sends nothing."""
    found = quote_of(request.link)
    sent = found.change_requests.first()
    if sent is None:
        return redirect("portal:wish", request.link.public_id)
    context = {
        "quote": found, "wish": sent, "unwanted": change_requests.unwanted_lines(sent), "is_open": found.can_be_accepted,
    }  # fmt: skip
    return link_pages.render(request, "portal/wished.html", context)

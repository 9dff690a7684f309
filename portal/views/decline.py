"""Saying no, with a reason or without."""

from django.shortcuts import redirect

from billing import quotes
from billing.models import Quote
from crm import link_pages
from crm.link_pages import customer_page
from crm.models import AccessLink
from portal.forms import DeclineForm
from portal.subjects import quote_of


@customer_page(AccessLink.Purpose.QUOTE, methods=("GET", "POST"))
def decline(request):
    """Four reasons, a free text, none of it required (ABL1); afterwards thanks, and the way back (ABL2)."""
    found = quote_of(request.link)
    if found.state == Quote.State.DECLINED:
        return link_pages.render(request, "portal/declined.html", {"quote": found})
    if not found.can_be_accepted:
        return redirect("portal:quote", request.link.public_id)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        quotes.decline(found, **form.cleaned_data)
        return redirect("portal:decline", request.link.public_id)
    context = {"quote": found, "form": form, "reasons": Quote.Reason}
    return link_pages.render(request, "portal/decline.html", context, status=422 if form.is_bound else 200)

"""The withdrawal function of § 356a BGB (R85): two steps, no reason asked, receipt at once, also after the period."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts import current
from accounts.models import Business
from billing import orders
from billing.models import Order, Quote
from crm import limits, link_pages
from crm.link_pages import customer_page
from crm.models import AccessLink
from portal import open_withdrawals
from portal.forms import OpenWithdrawalForm, WithdrawalForm
from portal.subjects import contract_of, invoice_of, order_of, quote_of

Purpose = AccessLink.Purpose
MOST, WINDOW = 10, 3600  # declarations from one address in an hour


@customer_page(Purpose.QUOTE, Purpose.ORDER, Purpose.INVOICE, Purpose.FEEDBACK, methods=("GET", "POST"))
def withdraw(request):
    """The contract of this link. Nothing ordered yet: say so. Declared already: show the receipt again."""
    link = request.link
    order, amendment = _order_of(link), _amendment_of(link)
    if not link.customer.is_consumer:
        return link_pages.render(request, "portal/withdraw_not_here.html", {"is_business": True})
    if order is None:
        return link_pages.render(request, "portal/withdraw_not_here.html")
    contract = amendment or order.quote
    shared = {"order": order, "contract": contract, "amendment": amendment, "until": _until(contract)}
    if withdrawal := order.withdrawals.filter(amendment=amendment).first():
        context = {**shared, "withdrawal": withdrawal}
        return link_pages.render(request, "portal/withdrawn.html", context)
    form = WithdrawalForm(request.POST if request.method == "POST" else None, initial=_known(order, contract, link))
    if form.is_valid():
        orders.withdraw(order, amendment=amendment, **form.cleaned_data)
        return redirect("portal:withdraw", link.public_id)
    context = {**shared, "form": form, "today": timezone.localdate()}
    return link_pages.render(request, "portal/withdraw.html", context, status=422 if form.is_bound else 200)


def withdraw_openly(request, slug):
    """The same from the firm's public address, without any gate (WID1). The fields are empty."""
    business = get_object_or_404(Business, slug=slug)
    request.business, request.member = business, None
    with current.working_for(business):
        if request.method != "POST":
            return render(request, "portal/withdraw_openly.html", {"form": OpenWithdrawalForm()})
        if limits.hits(f"withdraw:{limits.client_address(request)}", seconds=WINDOW) > MOST:
            return link_pages.too_many(limits.seconds_left(WINDOW))
        form = OpenWithdrawalForm(request.POST)
        if not form.is_valid():
            return render(request, "portal/withdraw_openly.html", {"form": form}, status=422)
        open_withdrawals.declare(**form.cleaned_data)
        said = {"said": form.cleaned_data, "received_at": timezone.now()}
        return render(request, "portal/withdrawn_openly.html", said)


def _order_of(link) -> Order | None:
    """The contract behind a link of any purpose; None while there is none."""
    if link.purpose == Purpose.INVOICE:
        return invoice_of(link).order
    if link.purpose == Purpose.FEEDBACK:
        return link.subject.order
    if link.purpose == Purpose.QUOTE and quote_of(link).state != Quote.State.ACCEPTED:
        return None
    return order_of(link)


def _amendment_of(link):
    """The change order whose contract a link is about; None for that of the order itself."""
    found = contract_of(link) if link.purpose == Purpose.QUOTE else None
    return found if found and found.amends_id else None


def _until(contract):
    acceptance = getattr(contract, "acceptance", None)
    return acceptance.withdrawal_until if acceptance else None


def _known(order, contract, link):
    acceptance = getattr(contract, "acceptance", None)
    email = link.sent_to or order.customer.email
    return {
        "name": acceptance.name if acceptance else order.customer.person_name,
        "email": acceptance.email if acceptance else email,
    }

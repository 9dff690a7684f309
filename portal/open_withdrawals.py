"""A withdrawal declared on the firm's public page: nobody knows who types there."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import current
from billing import orders
from billing.models import Order, Quote
from crm import mail


@transaction.atomic
def declare(*, contract: str, name: str, email: str, part: str = "") -> None:
    """Take a declaration for the current business.

    Number and address together name the contract: then it is withdrawn like from its own page, with a receipt by mail.
    Otherwise the business is told and looks for it; strangers' addresses get no mail from here, and the page says the
    same in both cases.
    """
    by_number = Q(number__iexact=contract.strip()) | Q(quote__number__iexact=contract.strip())
    by_email = Q(customer__email__iexact=email) | Q(quote__acceptance__email__iexact=email)
    order = Order.objects.filter(by_number, by_email, customer__kind="consumer").select_related("customer").first()
    if order:
        orders.withdraw(order, name=name, email=email, part=part)
        return
    if amendment := _change_order(contract, email):
        orders.withdraw(amendment.amends, name=name, email=email, part=part, amendment=amendment)
        return
    business = current.business()
    if business.email:
        mail.queue(
            "portal/mail/withdrawal_declared",
            to=business.email,
            contract=contract,
            part=part,
            declared_by=name,
            email=email,
            received_at=timezone.now(),
        )


def _change_order(number, email):
    """An accepted change order: a contract of its own, with a number of its own (R93)."""
    found = Quote.objects.filter(number__iexact=number.strip(), state=Quote.State.ACCEPTED, amends__isnull=False)
    by_email = Q(customer__email__iexact=email) | Q(acceptance__email__iexact=email)
    return found.filter(by_email, customer__kind="consumer").select_related("amends", "acceptance").first()

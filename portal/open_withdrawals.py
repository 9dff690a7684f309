"""A withdrawal declared on the firm's public page: nobody knows who types there."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import current
from billing import orders
from billing.models import Order
from crm import mail


@transaction.atomic
def declare(*, contract: str, name: str, email: str) -> None:
    """Take a declaration for the current business.

    Number and address together name the contract: then it is withdrawn like from its own page, with a receipt by mail.
    Otherwise the business is told and looks for it; strangers' addresses get no mail from here, and the page says the
    same in both cases.
    """
    by_number = Q(number__iexact=contract.strip()) | Q(quote__number__iexact=contract.strip())
    by_email = Q(customer__email__iexact=email) | Q(quote__acceptance__email__iexact=email)
    order = Order.objects.filter(by_number, by_email, customer__kind="consumer").select_related("customer").first()
    if order:
        orders.withdraw(order, name=name, email=email)
        return
    business = current.business()
    if business.email:
        mail.queue(
            "portal/mail/withdrawal_declared",
            to=business.email,
            contract=contract,
            declared_by=name,
            email=email,
            received_at=timezone.now(),
        )

"""Whether an invoice is paid follows from its payments: kept in step by everything that adds one."""

from decimal import Decimal

from django.db.models import Sum

from billing.models import Invoice
from crm import due, states

OVERDUE = "billing.invoice_overdue"


def settle(invoice: Invoice, paid_on) -> None:
    """Keep `paid` and the state in step with the rows; `paid_on` is the day it was paid, if it is now.

    A final invoice below zero is done when the customer has his money back. One a final invoice took the place of, and
    what asks for nothing, stay what they are.
    """
    paid = invoice.payments.aggregate(sum=Sum("amount"))["sum"] or Decimal("0.00")
    Invoice.objects.filter(pk=invoice.pk).update(paid=paid)
    invoice.refresh_from_db()
    is_paid = paid >= invoice.gross if invoice.gross >= 0 else paid <= invoice.gross
    if is_paid and invoice.state == Invoice.State.OPEN:
        states.move(invoice, Invoice.State.PAID, paid_on=paid_on)
        due.drop(OVERDUE, invoice)
    elif not is_paid and invoice.state == Invoice.State.PAID:
        states.move(invoice, Invoice.State.OPEN, paid_on=None)

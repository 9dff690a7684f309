"""Issued documents as vouchers for books and VAT returns (billing/ledger.py)."""

import json

from django.db.models import Q, QuerySet

from billing.documents.model import Kind
from billing.events import Event
from billing.ledger import Receipt, Voucher
from billing.models import Invoice, JournalEntry, Payment


def issued() -> QuerySet[Invoice]:
    """Everything that has a number, oldest first."""
    return Invoice.objects.exclude(state=Invoice.State.DRAFT).order_by("issued_on", "pk")


def of(invoices: QuerySet[Invoice]) -> list[Voucher]:
    """Issued documents with the money on them; three queries."""
    rows = list(invoices.select_related("customer", "corrects", "cancels__corrects").prefetch_related("payments"))
    offsets = _offsets([payment.pk for row in rows for payment in row.payments.all() if payment.method == "refund"])
    return [_voucher(row, offsets) for row in rows]


def _voucher(invoice: Invoice, offsets: set[int]) -> Voucher:
    original = invoice
    while (earlier := original.cancels or original.corrects) is not None:
        original = earlier
    receipts = tuple(_receipt(each, offsets) for each in invoice.payments.all())
    supplied_on = original.service_until or original.service_from or original.issued_on
    if supplied_on is None:
        raise ValueError("a draft is no voucher")
    return Voucher(
        invoice.pk,
        invoice.frozen_document,
        invoice.customer.number,
        str(original.number),
        Kind(original.kind),
        supplied_on,
        receipts,
        invoice.is_taken_over,
    )


def _receipt(payment: Payment, offsets: set[int]) -> Receipt:
    return Receipt(
        payment.pk, payment.received_on, payment.amount, payment.method, payment.interest, payment.costs,
        payment.pk in offsets,
    )  # fmt: skip


def _offsets(refunds: list[int]) -> set[int]:
    """Which refunds were no money, but set against another invoice: the journal says so."""
    if not refunds:
        return set()
    label = Payment._meta.label
    rows = JournalEntry.objects.filter(
        Q(event=Event.PAYMENT_REFUNDED), subject__in=[f"{label} {pk}" for pk in refunds]
    ).values_list("subject", "facts")
    return {int(subject.removeprefix(f"{label} ")) for subject, facts in rows if "offset" in json.loads(facts)}

"""What a reduction after the invoice (Preisnachlass, § 17 UStG, R16) does to the invoice it is about."""

from django.utils import timezone

from billing import settling
from billing.models import Invoice, Payment


def book(reduction: Invoice, *, by) -> None:
    """Lower what is open of the invoice. No money came in: its method says so, and the reduction is its document."""
    original = _original(reduction)
    Payment.objects.create(
        invoice=original, amount=-reduction.gross, received_on=timezone.localdate(), method=Payment.Method.REDUCTION,
        note=str(reduction.number), by=by,
    )  # fmt: skip
    settling.settle(original, timezone.localdate())


def take_back(reduction: Invoice, *, by) -> None:
    """The reduction is cancelled: all of its invoice is open again."""
    original = _original(reduction)
    booked = original.payments.get(method=Payment.Method.REDUCTION, note=str(reduction.number), reverses=None)
    Payment.objects.create(
        invoice=original, amount=-booked.amount, received_on=timezone.localdate(), method=booked.method,
        note=str(reduction.cancelled_by.number), reverses=booked, by=by,
    )  # fmt: skip
    settling.settle(original, None)


def _original(reduction):
    return Invoice.objects.select_for_update(of=("self",)).get(pk=reduction.corrects_id)

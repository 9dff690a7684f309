"""Figures of billing: the business at a glance, and what a customer is worth. Gross euros, few queries."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Avg, DurationField, ExpressionWrapper, F, Min, Q, Sum
from django.utils import timezone

from accounts.counting import Rows, Total, ask
from billing.models import Invoice, Order, Quote
from billing.models.invoice import ASKED

RATE_DAYS = 90
OPEN_AMOUNT = F("gross") - F("paid")


@dataclass(frozen=True)
class Glance:
    """Counts and gross sums in euros; `acceptance_percent` of the quotes decided in 90 days, None without any."""

    quotes: int
    quotes_sum: Decimal
    orders: int
    orders_sum: Decimal
    invoices: int
    invoices_sum: Decimal
    overdue_sum: Decimal
    acceptance_percent: int | None


def glance(*, on: date) -> Glance:
    """The figures beside "Heute"; one query."""
    quotes, orders, invoices = Quote.objects.open(), Order.objects.running(), Invoice.objects.open()
    accepted, lost = decided_since(timezone.now() - timedelta(days=RATE_DAYS))
    *shown, won, all_lost = ask(
        Rows(quotes), Total(quotes, F("gross")),
        Rows(orders), Total(orders, F("gross")),
        Rows(invoices), Total(invoices, OPEN_AMOUNT), Total(invoices.filter(due_on__lt=on, gross__gt=F("paid")), OPEN_AMOUNT),
        Rows(accepted), Rows(lost),
    )  # fmt: skip
    values: list[Any] = [*shown, share(won, won + all_lost)]
    return Glance(*values)


def decided_since(since: datetime):
    """The quotes accepted since an instant, and those lost: declined, or left to expire on a day since then."""
    declined = Q(state=Quote.State.DECLINED, decided_at__gte=since)
    expired = Q(state=Quote.State.EXPIRED, valid_until__gte=timezone.localdate(since))
    return (
        Quote.objects.filter(state=Quote.State.ACCEPTED, decided_at__gte=since),
        Quote.objects.filter(declined | expired),
    )


def share(part: int, whole: int) -> int | None:
    """Whole percent, rounded half up; None of nothing."""
    if not whole:
        return None
    return int((Decimal(part) * 100 / whole).quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True)
class CustomerValue:
    """What a customer was invoiced (gross, cancellations taken off), still owes, after how many days they pay, and
    the day of their first order."""

    invoiced: Decimal
    open: Decimal
    pays_after_days: int | None
    since: date | None


def value_of(customer) -> CustomerValue:
    """The figures of one customer; two queries."""
    took = ExpressionWrapper(F("paid_on") - F("issued_on"), output_field=DurationField())
    sums = customer.invoices.exclude(state=Invoice.State.DRAFT).aggregate(
        invoiced=Sum(ASKED),
        owed=Sum(OPEN_AMOUNT, filter=Q(state=Invoice.State.OPEN)),
        took=Avg(took, filter=Q(state=Invoice.State.PAID)),
    )
    first = customer.orders.aggregate(at=Min("placed_at"))["at"]
    return CustomerValue(
        sums["invoiced"] or Decimal(0),
        sums["owed"] or Decimal(0),
        None if sums["took"] is None else round(sums["took"].total_seconds() / 86400),
        timezone.localdate(first) if first else None,
    )

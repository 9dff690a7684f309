"""What waits for the office in billing, and its figures at a glance. Few queries, whatever the number of rows."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Max, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from billing.events import Event
from billing.models import Invoice, Order, Quote
from crm.models import AccessLink, TimelineEntry

SHOWN = 20
RATE_DAYS = 90


def seen_quotes():
    """Open quotes that the customer looked at and did not accept: most looks first, then those that expire soonest.

    Each has `times` and `last_seen_at`.
    """
    links = AccessLink.objects.filter(
        subject_type=ContentType.objects.get_for_model(Quote), subject_id=OuterRef("pk")
    ).values("subject_id")
    return (
        Quote.objects.open()
        .filter(valid_until__gte=timezone.localdate())
        .annotate(
            times=Subquery(links.annotate(n=Sum("seen_count")).values("n")),
            last_seen_at=Subquery(links.annotate(at=Max("last_seen_at")).values("at")),
        )
        .filter(times__gt=0)
        .select_related("customer")
        .defer("document")
        .order_by("-times", "valid_until", "pk")
    )


def overdue_invoices(*, on: date) -> list[Invoice]:
    """Overdue invoices, worst first; each has `reminded_at`, the instant of the last reminder or None."""
    found = list(Invoice.objects.overdue(on=on).select_related("customer").defer("document")[:SHOWN])
    reminded = dict(
        TimelineEntry.objects.filter(
            event=Event.INVOICE_REMINDED,
            subject_type=ContentType.objects.get_for_model(Invoice),
            subject_id__in=[invoice.pk for invoice in found],
        )
        .order_by()
        .values_list("subject_id")
        .annotate(Max("at"))
    )
    for invoice in found:
        invoice.reminded_at = reminded.get(invoice.pk)
    return found


def orders_of(member, *, on: date):
    """The member's own orders to work on that day: with a date that has come, or begun."""
    mine = Order.objects.filter(assignee=member).filter(
        Q(state=Order.State.SCHEDULED, planned_on__lte=on) | Q(state=Order.State.STARTED)
    )
    return _listed(mine).order_by("planned_on", "pk")


def orders_to_do():
    """Orders that wait for the office: those without a date, and finished ones that are not invoiced."""
    return _listed(Order.objects.filter(state__in=[Order.State.PLACED, Order.State.COMPLETED])).order_by(
        "changed_at", "pk"
    )


def _listed(orders):
    return orders.select_related("customer", "site").defer("document")


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
    """The figures beside "Heute"; three queries."""
    since = timezone.now() - timedelta(days=RATE_DAYS)
    is_open, is_accepted = Q(state=Quote.State.SENT), Q(state=Quote.State.ACCEPTED, decided_at__gte=since)
    # decided: accepted, declined or left to expire (its last day lies in the period)
    is_lost = Q(state=Quote.State.DECLINED, decided_at__gte=since) | Q(
        state=Quote.State.EXPIRED, valid_until__gte=timezone.localdate(since)
    )
    quotes = Quote.objects.aggregate(
        n=Count("pk", filter=is_open), sum=Sum("gross", filter=is_open),
        accepted=Count("pk", filter=is_accepted), lost=Count("pk", filter=is_lost),
    )  # fmt: skip
    orders = Order.objects.running().aggregate(n=Count("pk"), sum=Sum("gross"))
    rest = F("gross") - F("paid")
    invoices = Invoice.objects.open().aggregate(
        n=Count("pk"), sum=Sum(rest), overdue=Sum(rest, filter=Q(due_on__lt=on))
    )
    decided = quotes["accepted"] + quotes["lost"]
    zero = Decimal(0)
    return Glance(
        quotes["n"], quotes["sum"] or zero, orders["n"], orders["sum"] or zero, invoices["n"],
        invoices["sum"] or zero, invoices["overdue"] or zero,
        round(quotes["accepted"] * 100 / decided) if decided else None,
    )  # fmt: skip


@dataclass(frozen=True)
class CustomerValue:
    """What a customer was invoiced (gross, cancellations taken off), still owes, and after how many days they pay."""

    invoiced: Decimal
    open: Decimal
    pays_after_days: int | None


def value_of(customer) -> CustomerValue:
    """The figures of one customer; one query."""
    took = ExpressionWrapper(F("paid_on") - F("issued_on"), output_field=DurationField())
    sums = customer.invoices.exclude(state=Invoice.State.DRAFT).aggregate(
        invoiced=Sum("gross"),
        owed=Sum(F("gross") - F("paid"), filter=Q(state=Invoice.State.OPEN)),
        took=Avg(took, filter=Q(state=Invoice.State.PAID)),
    )
    took = sums["took"]
    return CustomerValue(
        sums["invoiced"] or Decimal(0), sums["owed"] or Decimal(0), round(took.total_seconds() / 86400) if took else None
    )

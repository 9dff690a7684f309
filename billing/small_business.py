"""How near a Kleinunternehmer is to the limits of § 19 UStG (R27, R30): receipts of a calendar year, net.

Up to a limit in the year before and up to another in the running one there is no tax; what crosses the second is taxed
already (§ 19 (1) UStG since 2025). In the first year of the business the lower limit is the running one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Sum

from billing import tax
from billing.models import Invoice, Payment
from billing.money import round_cents

STEPS = (80, 90, 100)  # percent of the limit at which the office is told


@dataclass(frozen=True)
class Standing:
    """What was received in `year` up to now, and the limit it counts against; all in euros."""

    year: int
    received: Decimal
    limit: Decimal
    previous: Decimal
    previous_limit: Decimal
    crossed_on: date | None = None
    is_first_year: bool = False

    @property
    def percent(self) -> int:
        """How much of the limit is used, whole percent, not rounded up."""
        return int(self.received * 100 / self.limit)

    @property
    def step(self) -> int:
        """The last of STEPS that is reached; 0 for none."""
        return max((step for step in STEPS if self.percent >= step), default=0)

    @property
    def is_over(self) -> bool:
        """Whether the limit of the running year is crossed: to reach it exactly is still allowed."""
        return self.received > self.limit

    @property
    def had_too_much(self) -> bool:
        """Whether the year before was above its limit, so that the exemption ended with it."""
        return self.previous > self.previous_limit

    @property
    def left(self) -> Decimal:
        """What may still come in without tax."""
        return max(self.limit - self.received, Decimal("0.00"))

    def would_cross(self, amount: Decimal) -> bool:
        """Whether an invoice of that sum would have to carry tax, were it paid next."""
        return self.received + amount > self.limit


def standing(
    receipts: Iterable[tuple[date, Decimal]], *, year: int, previous: Decimal = Decimal(0), is_first_year: bool = False
) -> Standing:
    """The standing after `receipts` of that year in the order of their days. Pure."""
    day = date(year, 12, 31)
    previous_limit = tax.threshold("small_business_previous", day)
    limit = previous_limit if is_first_year else tax.threshold("small_business_current", day)
    received, crossed_on = Decimal("0.00"), None
    for received_on, amount in receipts:
        received += amount
        if crossed_on is None and received > limit:
            crossed_on = received_on
    return Standing(year, received, limit, previous, previous_limit, crossed_on, is_first_year)


def of_business(business, *, on: date) -> Standing | None:
    """Where the business stands that day; None when it is no small business then.

    What came in before this program was used is not known here: for the year before, the larger of our sum and what the
    business says of it counts. A year counts as the first one when the exemption began in it and nothing is known of the
    year before.
    """
    if not business.is_small_business(on=on):
        return None
    found = _receipts(date(on.year - 1, 1, 1), on)
    ours = sum((amount for day, amount in found if day.year < on.year), Decimal("0.00"))
    first = min(period.valid_from for period in business.small_business_periods.all())
    return standing(
        [(day, amount) for day, amount in found if day.year == on.year],
        year=on.year,
        previous=max(ours, business.prior_year_turnover or Decimal(0)),
        is_first_year=first.year == on.year and not ours and business.prior_year_turnover is None,
    )


def awaited() -> Decimal:
    """What is still open on issued invoices, in euros."""
    return Invoice.objects.open().aggregate(sum=Sum(F("gross") - F("paid")))["sum"] or Decimal("0.00")


def _receipts(first: date, last: date) -> list[tuple[date, Decimal]]:
    """(day, net) of what came in, oldest first. Skonto and reductions never did; what a customer paid the tax office for us
    did.
    """
    rows = (
        Payment.objects.filter(received_on__range=(first, last))
        .exclude(method__in=[Payment.Method.SKONTO, Payment.Method.REDUCTION])
        .values("received_on", "invoice_id", "invoice__net", "invoice__gross")
        .annotate(sum=Sum("amount"))
        .order_by("received_on", "invoice_id")
    )
    return [
        (row["received_on"], round_cents(row["sum"] * row["invoice__net"] / row["invoice__gross"]))
        for row in rows
        if row["invoice__gross"]
    ]

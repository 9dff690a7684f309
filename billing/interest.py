"""Interest on money in default (§ 288 BGB, R66). Pure: values in, values out.

Simple interest by segments of the same base rate and the same principal, actual days over 365 in every year; both the
first day of default and the last day count. Rounded once, at the end; no interest on interest (§ 289 BGB).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from billing import base_rates
from billing.money import round_cents

DAYS_OF_A_YEAR = 365  # in leap years too: a rule must be chosen, and this one is kept
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Segment:
    """Days on which principal (euros) and rate (percent a year, points included) are the same; both ends count."""

    first: date
    last: date
    principal: Decimal
    base: Decimal
    rate: Decimal

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def exact(self) -> Decimal:
        """Euros, not rounded."""
        return self.principal * self.rate * self.days / (100 * DAYS_OF_A_YEAR)


def segments(
    principal: Decimal, *, first: date, last: date, is_consumer: bool, payments: Iterable[tuple[date, Decimal]] = ()
) -> tuple[Segment, ...]:
    """The days from the first day of default to the last, cut where base rate or principal change.

    `payments` are (day, euros); the day itself still bears interest on the old principal. Raises UnknownRate for a day
    in a half-year without a base rate.
    """
    paid = sorted(payments)
    points = base_rates.points(is_consumer=is_consumer)
    found, day = [], first
    while day <= last:
        rate = base_rates.on(day)
        left = principal - sum((amount for received_on, amount in paid if received_on < day), Decimal(0))
        changes = [received_on for received_on, _amount in paid if received_on >= day]
        end = min([last, rate.valid_until, *changes])
        if left > 0:
            found.append(Segment(day, end, left, rate.percent, rate.percent + points))
        day = end + A_DAY
    return tuple(found)


def total(found: Iterable[Segment]) -> Decimal:
    """The interest of all segments in euros, rounded once."""
    return round_cents(sum((segment.exact for segment in found), Decimal(0)))

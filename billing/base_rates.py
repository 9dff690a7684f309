"""The base rate of § 247 BGB and what the law adds to it in default, as data with validity (R65). Pure, no clock.

The Bundesbank names a new rate on 1 January and 1 July. A half-year that is not in the table has no rate: nothing is
worked out with the old one.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal


@dataclass(frozen=True)
class BaseRate:
    """Percent a year from the first to the last day; negative ones are law as well."""

    percent: Decimal
    valid_from: date
    valid_until: date


class UnknownRate(LookupError):
    """There is no rate for this day yet."""

    def __init__(self, day: date):
        super().__init__(f"no base rate for {day.isoformat()}")
        self.day = day


# Control: main refinancing rate of the ECB on the day less 0.88. Half-years with the same rate stand on their own where
# the Bundesbank confirmed it.
RATES = (
    BaseRate(Decimal("-0.88"), date(2016, 7, 1), date(2022, 12, 31)),
    BaseRate(Decimal("1.62"), date(2023, 1, 1), date(2023, 6, 30)),
    BaseRate(Decimal("3.12"), date(2023, 7, 1), date(2023, 12, 31)),
    BaseRate(Decimal("3.62"), date(2024, 1, 1), date(2024, 6, 30)),
    BaseRate(Decimal("3.37"), date(2024, 7, 1), date(2024, 12, 31)),
    BaseRate(Decimal("2.27"), date(2025, 1, 1), date(2025, 6, 30)),
    BaseRate(Decimal("1.27"), date(2025, 7, 1), date(2025, 12, 31)),
    BaseRate(Decimal("1.27"), date(2026, 1, 1), date(2026, 6, 30)),
    BaseRate(Decimal("1.52"), date(2026, 7, 1), date(2026, 12, 31)),
)

CONSUMER_POINTS = Decimal(5)  # § 288 (1) BGB
BUSINESS_POINTS = Decimal(9)  # § 288 (2) BGB: claims for payment in which no consumer is involved
NAMED_BEFORE = timedelta(days=14)


@dataclass(frozen=True)
class LumpSum:
    """What the law gives for the trouble of a late payment, in euros, for claims from a day on."""

    amount: Decimal
    valid_from: date


LUMP_SUMS = (LumpSum(Decimal("40.00"), date(2014, 7, 29)),)  # § 288 (5) BGB


def on(day: date) -> BaseRate:
    """The base rate of that day. Raises UnknownRate for a half-year that is not in the table."""
    for rate in RATES:
        if rate.valid_from <= day <= rate.valid_until:
            return rate
    raise UnknownRate(day)


def known_until() -> date:
    """The last day whose rate is known."""
    return max(rate.valid_until for rate in RATES)


def ends_soon(day: date) -> bool:
    """Whether the next rate must be looked for: it is named in the last days of the half-year, at the latest on its first."""
    return day > known_until() - NAMED_BEFORE


def lump_sum(day: date) -> Decimal:
    """The lump sum for a claim of that day; nothing before there was one."""
    known = [each for each in LUMP_SUMS if each.valid_from <= day]
    return max(known, key=lambda each: each.valid_from).amount if known else Decimal("0.00")


def points(*, is_consumer: bool) -> Decimal:
    """What is added to the base rate, in percentage points."""
    return CONSUMER_POINTS if is_consumer else BUSINESS_POINTS

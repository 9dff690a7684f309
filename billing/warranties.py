"""How long the customer may claim defects (Gewährleistung, § 634a BGB), as data with its validity. Pure: values in, values
out.

The period begins with the acceptance of the work (§ 634a (2) BGB): the day itself does not count (§ 187 (1) BGB), and it ends
on the day of the same date (§ 188 (2) BGB).
"""

from dataclasses import dataclass
from datetime import date, timedelta

# How long before the end the business is reminded: time to look at the work once more and to mend.
REMINDER = timedelta(weeks=8)

THING, BUILDING, VOB = "thing", "building", "vob"  # the values of SignOff.Warranty


@dataclass(frozen=True)
class Period:
    """A period of limitation and where it stands."""

    kind: str
    years: int
    ground: str
    valid_from: date  # of acceptances from this day on
    valid_until: date | None = None


PERIODS = (
    Period(THING, 2, "§ 634a Abs. 1 Nr. 1 BGB", date(2002, 1, 1)),
    Period(BUILDING, 5, "§ 634a Abs. 1 Nr. 2 BGB", date(2002, 1, 1)),
    # two years until VOB/B 2002 came into force
    Period(VOB, 2, "§ 13 Abs. 4 VOB/B", date(1996, 7, 1), date(2003, 2, 14)),
    Period(VOB, 4, "§ 13 Abs. 4 Nr. 1 VOB/B", date(2003, 2, 15)),
)


def period(kind: str, *, on: date) -> Period:
    """The period that holds for an acceptance on a day. Raises LookupError where the law knows none."""
    for each in PERIODS:
        if each.kind == kind and each.valid_from <= on and (each.valid_until is None or on <= each.valid_until):
            return each
    raise LookupError(f"no warranty {kind!r} on {on}")


def ends_on(kind: str, *, accepted_on: date) -> date:
    """The last day of the warranty of work accepted on a day."""
    return years_later(accepted_on, period(kind, on=accepted_on).years)


def years_later(day: date, years: int) -> date:
    """The same date so many years later; what would be a 29 February that is not there is the 28th (§ 188 (3) BGB)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def remind_on(ends: date) -> date:
    """When the business is reminded of the end."""
    return ends - REMINDER

"""When something that comes again and again is next: days in, days out."""

from calendar import monthrange
from datetime import date, timedelta

DAYS, WEEKS, MONTHS, YEARS = "day", "week", "month", "year"
UNITS = (DAYS, WEEKS, MONTHS, YEARS)


def later(first: date, count: int, unit: str) -> date:
    """So many units after `first`. A month without that day ends on its last: 31 January, 28 February, 31 March."""
    if unit in (DAYS, WEEKS):
        return first + timedelta(days=count * (7 if unit == WEEKS else 1))
    months = first.year * 12 + first.month - 1 + count * (12 if unit == YEARS else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))


def next_after(first: date, after: date, *, every: int, unit: str) -> date:
    """The first day behind `after` of the series that begins with `first`, always counted from there: a day that a short
    month cut stays cut for that month alone.
    """
    rough = {DAYS: 1, WEEKS: 7, MONTHS: 31, YEARS: 366}[unit] * every
    step = max((after - first).days // rough, 0)  # not past it: no unit is longer
    while (found := later(first, step * every, unit)) <= after:
        step += 1
    return found

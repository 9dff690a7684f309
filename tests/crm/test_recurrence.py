"""When something that comes again is next: months end right, late ones are not made up for."""

from datetime import date

import pytest

from crm import recurrence


@pytest.mark.parametrize(
    ("first", "count", "unit", "expected"),
    [
        (date(2026, 11, 23), 3, "day", date(2026, 11, 26)),
        (date(2026, 11, 23), 2, "week", date(2026, 12, 7)),
        (date(2027, 1, 31), 1, "month", date(2027, 2, 28)),
        (date(2028, 1, 31), 1, "month", date(2028, 2, 29)),
        (date(2026, 12, 31), 2, "month", date(2027, 2, 28)),
        (date(2028, 2, 29), 1, "year", date(2029, 2, 28)),
        (date(2028, 2, 29), 4, "year", date(2032, 2, 29)),
    ],
)
def test_so_many_units_later(first, count, unit, expected):
    assert recurrence.later(first, count, unit) == expected


def test_a_short_month_does_not_shorten_the_others():
    first, days = date(2027, 1, 31), []
    after = first
    for _ in range(4):
        after = recurrence.next_after(first, after, every=1, unit="month")
        days.append(after)
    assert days == [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31)]


@pytest.mark.parametrize("unit", recurrence.UNITS)
@pytest.mark.parametrize("every", [1, 2, 13])
@pytest.mark.parametrize("after", [date(2026, 1, 30), date(2026, 12, 31), date(2031, 7, 1)])
def test_the_next_is_the_first_behind_a_day(unit, every, after):
    """However far that day is: the same as walking there step by step."""
    first = date(2026, 1, 31)
    walked = next(day for step in range(100_000) if (day := recurrence.later(first, step * every, unit)) > after)
    assert recurrence.next_after(first, after, every=every, unit=unit) == walked

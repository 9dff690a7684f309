"""Legal periods as dates."""

from datetime import date

import pytest

from billing import deadlines


@pytest.mark.parametrize(
    ("contract", "state", "until"),
    [
        (date(2026, 11, 20), "", date(2026, 12, 4)),  # R83's example: Friday to Friday
        (date(2026, 11, 21), "", date(2026, 12, 7)),  # the 14th day is a Saturday
        (date(2026, 12, 11), "", date(2026, 12, 28)),  # Christmas Day, the day after and the weekend
        (date(2026, 10, 17), "HH", date(2026, 11, 2)),  # Reformation Day (a Saturday in 2026), then Sunday
        (date(2027, 10, 18), "BY", date(2027, 11, 2)),  # All Saints' Day is free in Bavaria
        (date(2027, 10, 18), "HH", date(2027, 11, 1)),  # but not in Hamburg
    ],
)
def test_withdrawal_ends_after_fourteen_days_on_a_working_day(contract, state, until):
    assert deadlines.withdrawal_until(contract, state) == until

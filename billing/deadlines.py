"""Legal periods as dates. Pure: values in, values out."""

from calendar import monthrange
from datetime import date, timedelta

WITHDRAWAL_DAYS = 14  # § 355 (2) BGB


def withdrawal_until(contract_on: date, state: str = "") -> date:
    """The last day on which a consumer may withdraw (R83): 14 days from the contract, moved to the next working day.

    `state` is the Land for its holidays ("HH"), empty for those of all Germany. §§ 355, 187, 188, 193 BGB.
    """
    return next_working_day(contract_on + timedelta(days=WITHDRAWAL_DAYS), state)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, the last one of a shorter month: 31 January, 28 February (§ 188 (2), (3) BGB)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_working_day(day: date, state: str = "") -> date:
    """The day itself, or the first one after it that is no Saturday, Sunday or public holiday (§ 193 BGB)."""
    from holidays.countries.germany import Germany  # 0.1 s to import; only acceptances need it

    free = Germany(subdiv=state or None, years=[day.year, day.year + 1])
    while day.weekday() >= 5 or day in free:
        day += timedelta(days=1)
    return day

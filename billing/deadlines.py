"""Legal periods as dates. Pure: values in, values out."""

from datetime import date, timedelta

WITHDRAWAL_DAYS = 14  # § 355 (2) BGB


def withdrawal_until(contract_on: date, state: str = "") -> date:
    """The last day on which a consumer may withdraw (R83): 14 days from the contract, moved to the next working day.

    `state` is the Land for its holidays ("HH"), empty for those of all Germany. §§ 355, 187, 188, 193 BGB.
    """
    return next_working_day(contract_on + timedelta(days=WITHDRAWAL_DAYS), state)


def next_working_day(day: date, state: str = "") -> date:
    """The day itself, or the first one after it that is no Saturday, Sunday or public holiday (§ 193 BGB)."""
    from holidays.countries.germany import Germany  # 0.1 s to import; only acceptances need it

    free = Germany(subdiv=state or None, years=[day.year, day.year + 1])
    while day.weekday() >= 5 or day in free:
        day += timedelta(days=1)
    return day

"""When default (Verzug) begins, and when a claim can no longer be enforced. Pure: values in, values out (R63, R72)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from billing.deadlines import next_working_day

THIRTY_DAYS = timedelta(days=30)
A_DAY = timedelta(days=1)
LIMITATION_YEARS = 3  # § 195 BGB


class Ground(StrEnum):
    """Why somebody is in default."""

    REMINDED = "reminded"  # § 286 (1) BGB: a Mahnung after the due date, and its period has passed
    AGREED = "agreed"  # § 286 (2) Nr. 1 and 2 BGB: a day that was agreed, or can be computed from an event
    THIRTY_DAYS = "thirty_days"  # § 286 (3) BGB


@dataclass(frozen=True)
class Default:
    """The first day of default, and why."""

    starts_on: date
    ground: Ground


def default_start(
    *,
    due_on: date,
    is_consumer: bool,
    has_notice: bool,
    received_on: date | None = None,
    served_on: date | None = None,
    agreed_on: date | None = None,
    reminded_until: date | None = None,
    land: str = "",
) -> Default | None:
    """The earliest ground there is; None as long as there is none.

    `received_on` is when the invoice came (None: it cannot be shown; then, for businesses, `served_on` counts, when the work
    was done), `has_notice` whether the invoice pointed consumers to § 286 (3) BGB. `agreed_on` is a last day of payment that
    was *agreed*; a day the invoice names by itself is none. `reminded_until` is the period that a Mahnung after the due
    date set: default begins when it has passed, as the letter says. Periods that end on a Saturday, Sunday or public holiday
    of the `land` end on the next working day (§ 193 BGB).
    """  # fmt: skip
    last_days = []
    if reminded_until:
        last_days.append((reminded_until, Ground.REMINDED))
    if agreed_on:
        last_days.append((agreed_on, Ground.AGREED))
    known_on = received_on or (None if is_consumer else served_on)
    if known_on and (has_notice or not is_consumer):
        last_days.append((max(due_on, known_on) + THIRTY_DAYS, Ground.THIRTY_DAYS))
    found = [Default(next_working_day(day, land) + A_DAY, ground) for day, ground in last_days]
    return min(found, key=lambda each: each.starts_on, default=None)


def limitation_on(due_on: date) -> date:
    """The last day before a claim is barred: three years from the end of the year it arose in (§§ 195, 199 BGB)."""
    return date(due_on.year + LIMITATION_YEARS, 12, 31)

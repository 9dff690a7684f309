"""When a rule may write to a customer: at most one such mail a day and two a week over all kinds, by day, on working days
and Saturdays (features.md 3.12). What somebody waits for (a confirmation, an invoice, a receipt) is never held back.
"""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import current
from crm import due
from crm.models import Customer, Mail

DAY_BEGINS, DAY_ENDS = time(8, 0), time(20, 0)
A_DAY, A_WEEK = 1, 2
LOOKS_AHEAD = 60  # days: no week is without a working day, so this is never reached


def keep(customer: Customer, now: datetime | None = None) -> None:
    """Let a due handler go on, or raise `due.Later` with the instant from which this customer may be written to.

    The customer's row is locked till the end of the transaction: of two handlers at once the second counts the mail of
    the first.
    """
    now = now or timezone.now()
    if transaction.get_connection().in_atomic_block:
        Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    allowed = next_allowed(customer, now)
    if allowed > now:
        raise due.Later(allowed)


def next_allowed(customer: Customer, now: datetime) -> datetime:
    """The first instant from `now` on at which a rule may write to this customer."""
    today = timezone.localdate(now)
    written = _days_written(customer, since=today - timedelta(days=6))
    for ahead in range(LOOKS_AHEAD):
        day = today + timedelta(days=ahead)
        begins, ends = _instant(day, DAY_BEGINS), _instant(day, DAY_ENDS)
        if now >= ends or is_quiet_day(day, customer.business.state):
            continue
        week = [each for each in written if day - timedelta(days=7) < each <= day]
        if len(week) < A_WEEK and week.count(day) < A_DAY:
            return max(begins, now)
    raise LookupError("no day found")  # pragma: no cover


def day_begins(now: datetime, land: str) -> datetime:
    """The first instant from `now` on that is not quiet: not at night, nor on Sundays and public holidays."""
    day = timezone.localdate(now)
    if now >= _instant(day, DAY_ENDS):
        day += timedelta(days=1)
    while is_quiet_day(day, land):
        day += timedelta(days=1)
    return max(now, _instant(day, DAY_BEGINS))


def is_quiet_day(day: date, land: str) -> bool:
    """Sundays, and public holidays of the Land; of all Germany where the business did not say in which it is."""
    from holidays.countries.germany import Germany  # 0.1 s to import; only rules need it

    return day.weekday() == 6 or day in Germany(subdiv=land or None, years=day.year)


def is_refused(address: str) -> bool:
    """Whether the server of this address said for good that it takes nothing: rules do not write there any more.

    Ends when the address is corrected, or when somebody sends the refused mail once more by hand.
    """
    return Mail.objects.filter(business=current.business(), to=address, state=Mail.State.BOUNCED).exists()


def _days_written(customer, *, since):
    """The local days on which rules wrote to the customer, also what still waits to leave."""
    found = Mail.objects.filter(customer=customer, is_automatic=True, created_at__gte=_instant(since, time.min))
    return [
        timezone.localdate(sent_at or created_at) for sent_at, created_at in found.values_list("sent_at", "created_at")
    ]


def _instant(day, clock):
    """A local time of a day in UTC; neither hour is ever skipped or doubled by a change of the clocks (P98)."""
    return timezone.make_aware(datetime.combine(day, clock))

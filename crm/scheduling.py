"""When a business has time: its hours, days off, public holidays and what stands in the calendar already."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import current
from accounts.models import Member
from crm import holidays, slots
from crm.models import Appointment, AppointmentRules, DayOff
from crm.slots import Span


def rules() -> AppointmentRules:
    """What holds for the business; what is usual until it said otherwise."""
    return AppointmentRules.objects.first() or AppointmentRules(business=current.business())


@transaction.atomic
def change_rules(**fields) -> None:
    """Change them; `fields` are those of AppointmentRules."""
    AppointmentRules.objects.update_or_create(business=current.business(), defaults=fields)


def days_off(first: date, last: date):
    """Leave and holidays of the firm that touch these days."""
    return DayOff.objects.filter(first_on__lte=last, last_on__gte=first).select_related("member__user")


class Planner:
    """What is open on the days of a stretch of time, read once: three queries for any number of days."""

    def __init__(self, first: date, last: date, *, assignee: Member | None = None):
        self.first, self.last, self.assignee = first, last, assignee
        self.rules = rules()
        self.land = current.business().state
        self._off = list(days_off(first, last))

    def why_closed(self, day: date) -> str:
        """The holiday or the reason why nobody comes on this day; empty when somebody does."""
        if holiday := holidays.name_of(day, self.land, tuple(self.rules.local_holidays)):
            return holiday
        for off in self._off:
            if off.first_on <= day <= off.last_on and (off.member_id is None or off.member == self.assignee):
                return off.reason or _("frei")
        return ""

    def opening(self) -> list[Span]:
        """The open hours of all days that are not closed."""
        zone = timezone.get_default_timezone()
        days = (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))
        return [
            span
            for day in days
            if not self.why_closed(day)
            for span in slots.opening(day, self.rules.hours_on(day.weekday()), zone)
        ]


def free_slots(
    first: date, last: date, *, minutes: int, assignee: Member | None, without: Appointment | None = None,
    now: datetime | None = None,
) -> list[datetime]:  # fmt: skip
    """When an appointment of that length can begin from one day to another: within the hours, not too soon, not too far
    ahead, with room before and after what the person has agreed to. `without` is an appointment that is to be moved.
    """
    now = now or timezone.now()
    planner = Planner(first, last, assignee=assignee)
    limits = planner.rules
    return slots.free(
        planner.opening(), busy(first, last, assignee=assignee, without=without),
        minutes=minutes, step=limits.step_minutes, buffer=limits.buffer_minutes,
        earliest=now + timedelta(hours=limits.lead_hours), latest=now + timedelta(days=limits.window_days + 1),
    )  # fmt: skip


def busy(first: date, last: date, *, assignee: Member | None, without: Appointment | None = None) -> list[Span]:
    """What stands in somebody's calendar on these days; of nobody's the appointments that nobody was named for."""
    start, end = day_begins(first), day_begins(last + timedelta(days=1))
    found = Appointment.objects.filter(assignee=assignee, cancelled_at=None, starts_at__lt=end, ends_at__gt=start)
    if without is not None:
        found = found.exclude(pk=without.pk)
    return [Span(*each) for each in found.values_list("starts_at", "ends_at")]


def meeting(span: Span, *, assignee: Member | None, without: Appointment | None = None):
    """Appointments of the same person at the same time."""
    found = Appointment.objects.filter(
        Q(starts_at__lt=span.end, ends_at__gt=span.start), assignee=assignee, cancelled_at=None
    )
    return (found if without is None else found.exclude(pk=without.pk)).select_related("customer")


def hold(assignee: Member | None) -> None:
    """Let one after the other book somebody's time: the second sees what the first took. Ends with the transaction.

    The person's row is locked, of nobody's time the business's; both stay readable, and others may refer to them.
    """
    here = current.business()
    rows = Member.objects.filter(business=here, pk=assignee.pk) if assignee else type(here).objects.filter(pk=here.pk)
    list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))


def day_begins(day: date) -> datetime:
    """Midnight as an instant."""
    return timezone.make_aware(datetime.combine(day, time()))

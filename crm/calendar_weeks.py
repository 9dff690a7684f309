"""A week of appointments and tasks, day by day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from crm import scheduling
from crm.models import Appointment, Todo
from crm.slots import Span

MOST = 300  # of each kind in a week
FIRST, LAST = date(2000, 1, 3), date(2199, 12, 1)


@dataclass(frozen=True)
class Day:
    """A day with what stands in it; `closed` is the holiday or why nobody works."""

    on: date
    closed: str
    appointments: list[Appointment]
    todos: list[Todo]


@dataclass(frozen=True)
class Week:
    """Monday to Sunday."""

    first: date
    days: list[Day]

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6)

    @property
    def number(self) -> int:
        """As the calendar week is counted (ISO 8601, DIN)."""
        return self.first.isocalendar().week

    @property
    def before(self) -> str:
        return name_of(self.first - timedelta(days=7))

    @property
    def after(self) -> str:
        return name_of(self.first + timedelta(days=7))

    @property
    def is_empty(self) -> bool:
        return not any(day.appointments or day.todos for day in self.days)


def read(text: str, *, otherwise: date) -> date:
    """The Monday of the week "2026-W48", or of that in which `otherwise` lies."""
    try:
        year, week = text.split("-W")
        first = date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        first = FIRST - timedelta(days=1)
    return first if FIRST <= first <= LAST else otherwise - timedelta(days=otherwise.weekday())


def name_of(day: date) -> str:
    """ "2026-W48", as addresses name a week."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"


def week(first: date, *, assignee=None) -> Week:
    """The week that begins with `first`, of one member or of all. Four queries for any number of entries."""
    last = first + timedelta(days=6)
    starts, ends = scheduling.day_begins(first), scheduling.day_begins(last + timedelta(days=1))
    found = Appointment.objects.filter(cancelled_at=None, starts_at__lt=ends, ends_at__gt=starts)
    tasks = Todo.objects.open().filter(due_on__gte=first, due_on__lte=last)
    if assignee is not None:
        found, tasks = found.filter(assignee=assignee), tasks.filter(assignee=assignee)
    related = ("customer", "assignee__user")
    appointments = list(found.select_related(*related).order_by("starts_at", "pk")[:MOST])
    _mark_meeting(appointments)
    dates: defaultdict[date, list[Appointment]] = defaultdict(list)
    todos: defaultdict[date, list[Todo]] = defaultdict(list)
    for appointment in appointments:
        day, end = (
            timezone.localdate(appointment.starts_at),
            timezone.localdate(appointment.ends_at - timedelta(seconds=1)),
        )
        while day <= end:  # one that lasts for days stands on each of them
            dates[day].append(appointment)
            day += timedelta(days=1)
    for todo in tasks.select_related(*related).order_by("due_on", "pk")[:MOST]:
        todos[todo.due_on].append(todo)
    planner = scheduling.Planner(first, last, assignee=assignee)
    days = [first + timedelta(days=n) for n in range(7)]
    return Week(first, [Day(day, planner.why_closed(day), dates[day], todos[day]) for day in days])


def _mark_meeting(appointments):
    """Say of each whether the same person is somewhere else at that time."""
    for one in appointments:
        span = Span(one.starts_at, one.ends_at)
        one.is_doubled = one.assignee_id is not None and any(
            other is not one
            and other.assignee_id == one.assignee_id
            and span.meets(Span(other.starts_at, other.ends_at))
            for other in appointments
        )

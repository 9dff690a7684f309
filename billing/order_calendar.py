"""A month of work: orders by the day planned, and appointments (Termine)."""

import calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dates import WEEKDAYS

from billing.models import Order
from crm.models import Appointment

MOST = 400  # of each kind in a month
FIRST, LAST = date(2000, 1, 1), date(2199, 12, 1)


@dataclass(frozen=True)
class Entry:
    """Something on a day: an order (all day) or an appointment (at an instant)."""

    order: Order | None = None
    appointment: Appointment | None = None
    is_late: bool = False

    @property
    def at(self) -> datetime | None:
        return timezone.localtime(self.appointment.starts_at) if self.appointment else None

    @property
    def person(self):
        return (self.order or self.appointment).assignee  # type: ignore[union-attr]


@dataclass(frozen=True)
class Month:
    """A calendar month with its weeks from Monday to Sunday; a day outside of the month is None."""

    first: date
    weeks: list[list[tuple[date, list[Entry]] | None]]
    is_empty: bool

    @property
    def weekdays(self) -> list[str]:
        return [str(day) for day in WEEKDAYS.values()]

    @property
    def before(self) -> str:
        return f"{self.first - timedelta(days=1):%Y-%m}"

    @property
    def after(self) -> str:
        return f"{_next(self.first):%Y-%m}"


def read(text: str, *, otherwise: date) -> date:
    """The first day of the month "2026-11", or of that in which `otherwise` lies."""
    try:
        first = datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        return otherwise.replace(day=1)
    return first if FIRST <= first <= LAST else otherwise.replace(day=1)


def month(first: date, orders: QuerySet, appointments: QuerySet, *, on: date) -> Month:
    """The month that begins with `first`. Two queries for any number of entries."""
    end = _next(first)
    days: defaultdict[date, list[Entry]] = defaultdict(list)
    lying = orders.exclude(state__in=[Order.State.CANCELLED, Order.State.WITHDRAWN])
    for order in lying.filter(planned_on__gte=first, planned_on__lt=end).order_by("planned_on", "pk")[:MOST]:
        is_late = order.state in (Order.State.PLACED, Order.State.SCHEDULED) and order.planned_on < on
        days[order.planned_on].append(Entry(order=order, is_late=is_late))
    starts, ends = (timezone.make_aware(datetime.combine(day, time())) for day in (first, end))
    found = appointments.filter(cancelled_at=None, starts_at__gte=starts, starts_at__lt=ends)
    for appointment in found.order_by("starts_at", "pk")[:MOST]:
        days[timezone.localdate(appointment.starts_at)].append(Entry(appointment=appointment))
    weeks = [
        [(day, days[day]) if day.month == first.month else None for day in week]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]
    return Month(first, weeks, is_empty=not any(days.values()))


def _next(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)

"""Until when finished work must be billed, and who reminds of it (§§ 14 (2), 14a (1), (3) UStG, R8).

Six months after the work for businesses, legal persons, and work on a property also for private customers; by the 15th of the
following month for services and goods of which a business elsewhere in the EU owes the tax. The office has a task four weeks
after the work, which becomes urgent a month before the end; a fine of up to 5,000 euros (§ 26a UStG) is not said to anybody.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import formats
from billing.deadlines import months_later
from billing.models import Order
from billing.tax_cases import WITHIN_EU
from crm import due, todos

DEADLINE = "billing.invoice_deadline"  # settings.DUE_HANDLERS: `remind`
AT_FIRST = timedelta(weeks=4)


@dataclass(frozen=True)
class Rule:
    """How long there is from the month or day of the work on. `day` of the following month, or whole `months`."""

    within_eu: bool
    months: int
    day: int | None
    urgent_day: int | None
    valid_from: date


RULES = (
    Rule(within_eu=False, months=6, day=None, urgent_day=None, valid_from=date(2004, 8, 1)),
    Rule(within_eu=True, months=1, day=15, urgent_day=10, valid_from=date(2013, 6, 30)),
)


@dataclass(frozen=True)
class Deadline:
    """The last day for the invoice, the day of the first reminder, and from when it is urgent."""

    last_on: date
    remind_on: date
    urgent_from: date

    def is_urgent(self, on: date) -> bool:
        return on >= self.urgent_from

    def is_near(self, on: date) -> bool:
        return on >= self.remind_on


def deadline(supplied_on: date, *, within_eu: bool = False) -> Deadline:
    """The deadline of work that was done on a day. Pure."""
    rule = next(each for each in RULES if each.within_eu == within_eu)
    if rule.day and rule.urgent_day:
        following = months_later(supplied_on.replace(day=1), rule.months)
        urgent = following.replace(day=rule.urgent_day)
        return Deadline(following.replace(day=rule.day), min(supplied_on + AT_FIRST, urgent), urgent)
    last = months_later(supplied_on, rule.months)
    return Deadline(last, supplied_on + AT_FIRST, months_later(supplied_on, rule.months - 1))


def of(order: Order) -> Deadline | None:
    """The deadline of an order that is finished and not billed; None for others."""
    if order.state != Order.State.COMPLETED or order.completed_on is None:
        return None
    return deadline(order.completed_on, within_eu=bool(order.quote and order.quote.tax_case in WITHIN_EU))


def plan(order: Order) -> None:
    """Have the office reminded of a finished order; planning it again changes nothing."""
    if found := of(order):
        for day in {found.remind_on, found.urgent_from}:
            due.plan(DEADLINE, order, at=due.morning_of(day))


def remind(order: Order) -> None:
    """Due handler: a task while there is no invoice. The urgent one takes the place of the first."""
    found, today = of(order), timezone.localdate()
    if found is None:
        return
    words = {"order": order.number, "name": order.customer.name[:80], "day": formats.day(found.last_on)}
    if found.is_urgent(today):
        text = _("Dringend: Rechnung zu %(order)s für %(name)s stellen, spätestens am %(day)s (§ 14 UStG)") % words
    else:
        text = _("Rechnung zu %(order)s für %(name)s stellen, spätestens am %(day)s (§ 14 UStG)") % words
    # what this handler wrote before and nobody has done yet
    if written := todos.open_about(order).filter(by=None, text__contains="(§ 14 UStG)").first():
        todos.change(written, text=text, due_on=today)
    else:
        who = order.assignee if order.assignee and order.assignee.is_active else None
        todos.add(text, by=None, assignee=who, due_on=today, customer=order.customer, about=order)

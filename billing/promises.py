"""What the customer's page promises after an order: that somebody gets in touch by a day. So that it is kept, the office
has a task that morning, unless it is settled by then.
"""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from billing import deadlines
from billing.models import Order
from crm import due, todos
from crm.models import Appointment

PROMISE = "billing.call_promised"  # settings.DUE_HANDLERS: `remind`
WORKING_DAYS = 2


def call_by(order: Order) -> date:
    """The second working day after the order came in, by the holidays of the business's Land."""
    day = timezone.localdate(order.placed_at)
    for _step in range(WORKING_DAYS):
        day = deadlines.next_working_day(day + timedelta(days=1), order.business.state)
    return day


def plan(order: Order) -> None:
    """Have the office reminded on that morning."""
    due.plan(PROMISE, order, at=due.morning_of(call_by(order)))


def is_open(order: Order) -> bool:
    """Whether the customer still waits for word about a day."""
    if order.state != Order.State.PLACED or order.planned_on:
        return False
    return not Appointment.objects.filter(
        customer=order.customer_id, cancelled_at=None, ends_at__gte=order.placed_at
    ).exists()


def remind(order: Order) -> None:
    """Due handler: a task for today, unless a day was agreed meanwhile."""
    if not is_open(order):
        return
    words = {"name": order.customer.name[:80], "order": order.number}
    text = _("%(name)s wegen des Termins anrufen, für heute zugesagt (%(order)s)") % words
    who = order.assignee if order.assignee and order.assignee.is_active else None
    about = {"customer": order.customer, "about": order}
    todos.add(text, by=None, assignee=who, due_on=timezone.localdate(), **about)

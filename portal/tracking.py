"""How far an order is, in words for its customer."""

from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import formats
from billing import orders
from billing.events import Event
from billing.models import Order
from crm.models import Appointment, TimelineEntry

State = Order.State


def headline(order: Order) -> str:
    """The state as a sentence."""
    if order.state == State.SCHEDULED and order.planned_on:
        return _("Ihr Termin steht: %(day)s.") % {"day": formats.day_long(order.planned_on)}
    return {
        State.PLACED: _("Wir haben Ihren Auftrag."),
        State.SCHEDULED: _("Ihr Termin steht."),
        State.STARTED: _("Wir arbeiten an Ihrem Auftrag."),
        State.COMPLETED: _("Ihr Auftrag ist fertig."),
        State.INVOICED: _("Ihr Auftrag ist fertig und abgerechnet."),
        State.CANCELLED: _("Dieser Auftrag wurde storniert."),
        State.WITHDRAWN: _("Ihr Widerruf ist eingegangen."),
    }[State(order.state)]


def milestones(order: Order) -> list[dict]:
    """The way of the order as components/milestones.html shows it."""
    return [
        {
            "state": step["stage"],
            "title": step["label"],
            "on": _day_of(order, step),
            "note": step["milestone"].note if step["milestone"] else "",
        }
        for step in orders.way(order)
    ]


def moved_from(order: Order) -> date | None:
    """The day the work was planned for before it was moved (AUF5); None while it stands as first agreed."""
    if order.state != State.SCHEDULED:
        return None
    kind = ContentType.objects.get_for_model(Order)
    last = (
        TimelineEntry.objects.filter(subject_type=kind, subject_id=order.pk, event=Event.ORDER_MOVED)
        .order_by("-pk")
        .first()
    )
    before = last.facts.get("before") if last else None
    found = date.fromisoformat(before) if before else None
    return found if found != order.planned_on else None


def appointments(order: Order) -> list[Appointment]:
    """What is agreed with the customer from now on, soonest first."""
    ahead = Appointment.objects.filter(customer=order.customer, cancelled_at=None, ends_at__gte=timezone.now())
    return list(ahead.select_related("assignee__user")[:5])


def planned_on(order: Order, ahead: list[Appointment]) -> date | None:
    """The day to show beside the appointments; None when it is over or one of them says the same."""
    day = order.planned_on
    if not day or day < timezone.localdate() or not is_running(order):
        return None
    return None if any(timezone.localdate(each.starts_at) == day for each in ahead) and not moved_from(order) else day


def is_running(order: Order) -> bool:
    """Whether somebody still comes."""
    return order.state in {State.PLACED, State.SCHEDULED, State.STARTED}


def _day_of(order, step):
    milestone = step["milestone"]
    if step["state"] == State.SCHEDULED and order.planned_on and step["stage"] != "ahead":
        return order.planned_on  # the customer asks when we come, not when that was agreed
    if milestone and milestone.reached_at:
        return milestone.reached_at
    return milestone.planned_on if milestone else None

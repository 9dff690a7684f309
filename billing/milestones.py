"""What people do with the milestones of an order: tick, plan, note. What comes by itself: `orders.move`, `orders.reach`."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from billing import order_news
from billing.events import Event
from billing.models import Milestone, Order, OrderNews, Step
from billing.work_kinds import MOST_SHOWN
from crm import states, timeline

LONGEST_NOTE = 300


@transaction.atomic
def tick(milestone: Milestone, *, by, at: datetime | None = None, tell: bool = True) -> Milestone:
    """The order came to a milestone that is ticked by hand; ticking it again changes nothing.

    Raises Refusal for one that an order reaches by itself, NotAllowed for an order that does not go on.
    """
    milestone, order = _held(milestone)
    _must_be_by_hand(milestone)
    if milestone.reached_at:
        return milestone
    milestone.reached_at, milestone.by = at or timezone.now(), by
    milestone.save(update_fields=["reached_at", "by"])
    _changed(order)
    if milestone.is_shown:
        order_news.tell(
            order, OrderNews.Kind.MILESTONE, label=milestone.label, reason=milestone.note, by=by, is_silent=not tell
        )
    timeline.record(
        Event.ORDER_MILESTONE, customer=order.customer, subject=order, by=by, number=order.number, label=milestone.label
    )
    return milestone


@transaction.atomic
def untick(milestone: Milestone, *, by) -> Milestone:
    """It was ticked by mistake. A customer who was not told yet will not be."""
    milestone, order = _held(milestone)
    _must_be_by_hand(milestone)
    if milestone.reached_at is None:
        return milestone
    milestone.reached_at, milestone.by = None, by
    milestone.save(update_fields=["reached_at", "by"])
    _changed(order)
    order_news.take_back(order, OrderNews.Kind.MILESTONE, label=milestone.label)
    return milestone


@transaction.atomic
def plan(milestone: Milestone, day: date | None, *, by, reason: str = "", tell: bool = True) -> Milestone:
    """Say for which day a milestone is planned, or with None that none is planned any more; nobody is told of that.

    Raises Refusal (field "reason") for a day later than the customer knows without a reason, and for the day of the work
    itself, which is moved by `orders.reschedule`.
    """
    milestone, order = _held(milestone)
    if milestone.step == Step.SCHEDULED:
        raise Refusal(_("Diesen Tag ändern Sie über „Termin verschieben“."), field="planned_on")
    before = milestone.planned_on
    if day == before:
        return milestone
    if milestone.is_shown:
        reason = reason_for(before, day, reason)
    milestone.planned_on, milestone.by = day, by
    milestone.save(update_fields=["planned_on", "by"])
    _changed(order)
    if day is None:
        for kind in (OrderNews.Kind.PLANNED, OrderNews.Kind.DELAY):
            order_news.take_back(order, kind, label=str(milestone))
    elif milestone.is_shown:
        order_news.tell(
            order, kind_of_move(before, day), label=str(milestone), day=day, before=before, reason=reason, by=by,
            is_silent=not tell,
        )  # fmt: skip
    return milestone


@transaction.atomic
def describe(milestone: Milestone, *, note: str, is_shown: bool, by) -> Milestone:
    """Set the sentence for the customer, and whether the customer sees the milestone at all; nobody is told.

    Raises Refusal for a sentence that is too long (field "note") and for more milestones than a customer can survey
    (field "is_shown").
    """
    milestone, order = _held(milestone)
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Refusal(
            _("Der Hinweis ist zu lang. Bitte kürzen Sie auf höchstens %(n)s Zeichen.") % {"n": LONGEST_NOTE},
            field="note",
        )
    if is_shown and not milestone.is_shown and order.milestones.filter(is_shown=True).count() >= MOST_SHOWN:
        raise Refusal(
            _("Der Kunde sieht schon %(n)s Meilensteine. Bitte blenden Sie zuerst einen anderen aus.")
            % {"n": MOST_SHOWN},
            field="is_shown",
        )
    milestone.note, milestone.is_shown, milestone.by = note, is_shown, by
    milestone.save(update_fields=["note", "is_shown", "by"])
    if not is_shown:
        order_news.take_back(order, OrderNews.Kind.MILESTONE, label=milestone.label, state=milestone.step)
    _changed(order)
    return milestone


def reason_for(before: date | None, day: date | None, reason: str) -> str:
    """The reason as it is kept. Raises Refusal (field "reason") where a day moves later and none is given."""
    reason = " ".join(reason.split())
    if before and day and day > before and not reason:
        raise Refusal(_("Bitte nennen Sie dem Kunden den Grund, warum es später wird."), field="reason")
    return reason


def kind_of_move(before: date | None, day: date) -> str:
    """Whether a new day is a delay."""
    return OrderNews.Kind.DELAY if before and day > before else OrderNews.Kind.PLANNED


def _held(milestone):
    """The row under the lock of its order, which must go on."""
    order = (
        Order.objects.select_for_update(of=("self",)).select_related("customer", "business").get(pk=milestone.order_id)
    )
    if order.state in {Order.State.CANCELLED, Order.State.WITHDRAWN}:
        raise states.NotAllowed(order)
    return Milestone.objects.get(pk=milestone.pk), order


def _must_be_by_hand(milestone):
    if milestone.step == Step.SIGNED_OFF:
        raise Refusal(_("„%(label)s“ wird mit dem Abnahmeprotokoll erreicht.") % {"label": milestone})
    if milestone.step:
        raise Refusal(
            _("„%(label)s“ wird mit dem Stand des Auftrags erreicht. Bitte ändern Sie den Stand.")
            % {"label": milestone}
        )


def _changed(order):
    Order.objects.filter(pk=order.pk).update(changed_at=timezone.now())

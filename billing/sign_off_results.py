"""What follows from a decided sign-off: the order's way, tasks for defects, the end of the warranty kept in mind."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from billing import journal, orders, warranties
from billing.events import Event
from billing.models import Defect, Order, Quote, SignOff, Step
from crm import due, timeline, todos

State = SignOff.State

WARRANTY = "billing.warranty_ending"
EVENTS = {
    State.ACCEPTED: Event.SIGN_OFF_ACCEPTED,
    State.REFUSED: Event.SIGN_OFF_REFUSED,
    State.DEEMED: Event.SIGN_OFF_DEEMED,
}


def follow(sign_off: SignOff, *, by) -> None:
    """Tell journal and timeline, go on with the order, write the tasks. In the caller's transaction."""
    order = sign_off.order
    event = EVENTS[State(sign_off.state)]
    defects = list(sign_off.defects.filter(mended_on=None))
    facts = {"number": order.number, "channel": sign_off.channel, "defects": len(defects)}
    journal.write(event, sign_off, by=by, content_hash=sign_off.record_hash, **facts)
    timeline.record(event, customer=order.customer, subject=sign_off, by=by, **facts)
    if sign_off.is_signed_off:
        due.plan(WARRANTY, sign_off, at=due.morning_of(_remind_on(sign_off)))
        if not sign_off.is_part:
            _go_on(order, sign_off, by=by)
    else:
        _ask_to_settle(sign_off)
    for defect in defects:
        text = _("Mangel beheben: %(text)s") % {"text": defect.text}
        todos.add(
            text, by=by, assignee=_who(order), customer=order.customer, due_on=defect.mend_by, about=defect
        )  # fmt: skip


def note_mended(defect: Defect, *, by, on: date) -> None:
    """The tasks of a defect are done, the timeline tells."""
    for todo in todos.open_about(defect):
        todos.finish(todo, by=by)
    order = defect.sign_off.order
    journal.write(Event.DEFECT_MENDED, defect.sign_off, by=by, number=order.number, defect=defect.pk, on=on)
    timeline.record(
        Event.DEFECT_MENDED, customer=order.customer, subject=defect.sign_off, by=by, number=order.number, on=on
    )


def is_building(sign_off: SignOff) -> bool:
    """Whether something is built, as far as the protocol knows: then both can find the state of the work (§ 650g BGB)."""
    quote = sign_off.order.quote
    kinds = {SignOff.Warranty.BUILDING, SignOff.Warranty.VOB}
    return sign_off.warranty in kinds or (quote is not None and quote.kind == Quote.Kind.CONSTRUCTION)


def ask_office(sign_off: SignOff, text: str) -> None:
    """A task about a sign-off for whoever has the order, once."""
    if not todos.waiting_about(sign_off, text):
        order = sign_off.order
        todos.add(
            text, by=None, assignee=_who(order), customer=order.customer, about=sign_off,
            due_on=timezone.localdate(),
        )  # fmt: skip


def _go_on(order, sign_off, *, by):
    """Accepted work is finished work, whoever forgot to say so; the milestone is reached."""
    if order.state in (Order.State.PLACED, Order.State.SCHEDULED, Order.State.STARTED):
        orders.move(order, Order.State.COMPLETED, by=by, tell=False)
    orders.reach(order, Step.SIGNED_OFF, by=by, at=sign_off.decided_at)


def _ask_to_settle(sign_off):
    order = sign_off.order
    ask_office(sign_off, _("Abnahme verweigert, mit dem Kunden klären: %(order)s") % {"order": order})
    if is_building(sign_off):
        ask_office(sign_off, _("Gemeinsame Zustandsfeststellung verlangen (§ 650g BGB): %(order)s") % {"order": order})


def _remind_on(sign_off):
    return max(warranties.remind_on(sign_off.warranty_until), timezone.localdate())


def _who(order):
    return order.assignee if order.assignee and order.assignee.is_active else None

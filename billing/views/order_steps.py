"""The steps of an order as the office takes them: what the buttons say, who may, what is to be asked first."""

from django.utils.translation import gettext_lazy as _

from accounts.rights import Rights
from billing import orders
from billing.models import Order, Step

State = Order.State

# What the button for a step says.
DOING = {
    State.SCHEDULED: _("Termin eintragen"),
    State.STARTED: _("Arbeit beginnen"),
    State.COMPLETED: _("Als fertig melden"),
    State.INVOICED: _("Ohne Rechnung abschließen"),
    State.CANCELLED: _("Auftrag stornieren"),
}
# The next step of each state where the order's own milestones name none; a completed order is invoiced.
NEXT = {State.PLACED: State.SCHEDULED, State.SCHEDULED: State.STARTED, State.STARTED: State.COMPLETED,
        State.WITHDRAWN: State.CANCELLED}  # fmt: skip
ON_SITE = {State.STARTED, State.COMPLETED}  # what happens where the work is, so workers may say it


def may(rights: Rights, to: str) -> bool:
    """Whether somebody with these rights may take an order there."""
    return rights.write_documents or (rights.write_notes and to in ON_SITE)


def offered(order: Order, rights: Rights) -> list[dict]:
    """The steps somebody may take: state, what the button says, and whether something is asked first.

    Asked are the date of an appointment, and once per order whether the customer hears of new stages (BRD2).
    """
    # an invoiced order goes back only when its invoice is cancelled
    allowed = _allowed(order) if order.state != State.INVOICED else set()
    return [
        {
            "to": state,
            "label": DOING[state],
            "asks": state == State.SCHEDULED or asks_to_tell(order, state),
        }
        for state in State
        if state in allowed and state in DOING and may(rights, state)
    ]


def following(order: Order, way: list[dict], rights: Rights) -> dict | None:
    """The next step on the order's own way as the page's filled button (ODT1): `do` is "tick" (with `milestone`), "move"
    (with `to`), "sign_off" or "invoice". None where it is not theirs to take, or where nothing comes.
    """
    ahead = [step["milestone"] for step in way if step["stage"] == "ahead"]
    found = next((step for step in (_step_to(order, milestone) for milestone in ahead) if step), None)
    if order.state not in Order.WAY or found is None:
        found = _move(NEXT[order.state]) if order.state in NEXT else None
    if found is None and order.state == State.COMPLETED:
        found = {"do": "invoice"}
    if found is None:
        return None
    is_theirs = {
        "tick": rights.write_notes,
        "move": found["do"] == "move" and may(rights, found["to"]),
        "sign_off": rights.accept_on_site,
        "invoice": rights.write_documents,
    }
    return found if is_theirs[found["do"]] else None


def besides(order: Order, way: list[dict], rights: Rights) -> list[dict]:
    """The other steps somebody may take, as `offered`; after a withdrawal from a part the rest may go on."""
    filled = following(order, way, rights) or {}
    found = [step for step in offered(order, rights) if step["to"] != filled.get("to")]
    if order.state == State.WITHDRAWN and rights.write_documents and orders.is_partly_withdrawn(order):
        found.append({"to": State.PLACED, "label": _("Mit dem Rest weitermachen"), "asks": False})
    return found


def _step_to(order, milestone):
    """What brings an order to a milestone that lies ahead; None for one that is not the next to come to."""
    if order.state in (State.CANCELLED, State.WITHDRAWN):
        return None
    if not milestone.step:
        return {"do": "tick", "milestone": milestone}
    if milestone.step == Step.SIGNED_OFF:
        return {"do": "sign_off"} if order.state == State.COMPLETED else None
    if milestone.step == Step.INVOICED:
        return {"do": "invoice"} if order.state == State.COMPLETED else None
    return _move(milestone.step) if milestone.step in _allowed(order) else None


def _allowed(order):
    return Order.STEPS.get(order.state, set())


def _move(to):
    return {"do": "move", "to": to, "label": DOING[to]}


def asks_to_tell(order: Order, to: str) -> bool:
    """Whether the customer sees this stage and nobody has said yet whether to tell him of new ones."""
    if order.tells_stages is not None:
        return False
    return any(milestone.is_shown for milestone in order.milestones.all() if milestone.step and milestone.step == to)

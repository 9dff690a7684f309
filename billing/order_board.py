"""The board of orders (ux.md BRD): what stands on it, what is late, and what comes next on each card."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, QuerySet, prefetch_related_objects
from django.utils import timezone

from billing import orders
from billing.models import Order, SignOff, Step

State = Order.State
ON_BOARD = 300
LATELY = 8  # invoiced orders that stay on the board
RUNNING = (State.PLACED, State.SCHEDULED, State.STARTED, State.COMPLETED, State.WITHDRAWN)
WAITING = (State.PLACED, State.SCHEDULED)  # its appointment is still ahead


@dataclass(frozen=True)
class Card:
    """What a card says besides customer, title, person and amount."""

    days_late: int  # 0: not late
    label: str  # the milestone that comes next, "" at the end of the way
    on: date | None  # the day it is planned for
    arrives: tuple[datetime, datetime] | None  # somebody is on the way
    sign_off: str  # state of the newest sign-off, "" without one
    times_seen: int
    reached: int  # milestones so far
    milestones: int


def columns(found: QuerySet, *, on: date) -> list[dict]:
    """The stages with their orders, late ones first, then by the next day planned. `found` is the filter's choice."""
    running = found.filter(state__in=RUNNING).order_by(F("planned_on").asc(nulls_last=True), "pk")[:ON_BOARD]
    invoiced = found.filter(state=State.INVOICED).order_by("-changed_at", "-pk")[:LATELY]
    rows = cards([*running, *invoiced], on=on)
    # sorting is stable: what is invoiced stays newest first
    rows.sort(key=lambda order: (-order.card.days_late, order.card.on or date.max))
    return [
        {
            "state": state,
            "label": state.label,
            "orders": [order for order in rows if order.state == state],
            "total": sum(order.gross for order in rows if order.state == state),
        }
        for state in (*Order.WAY, State.WITHDRAWN)
    ]


def cards(rows: list, *, on: date) -> list:
    """The orders, each with its `card`; three queries for any number."""
    prefetch_related_objects(rows, "milestones")
    pks = [order.pk for order in rows]
    looks, sign_offs = orders.looks_of(rows), _sign_offs(pks)
    for order in rows:
        order.card = _card(order, looks[order.pk].count, sign_offs.get(order.pk, ""), on=on)
    return rows


def days_late(order: Order, way: Sequence[dict], *, on: date) -> int:
    """How long ago the first day passed on which something was to happen that has not: 0 if the order is in time.

    What counts is the appointment until the work begins, and every milestone ahead with a day of its own.
    """
    if order.state not in Order.WAY or order.state == State.INVOICED:
        return 0
    planned = [step["milestone"].planned_on for step in way if step["stage"] == "ahead"]
    if order.state in WAITING:
        planned.append(order.planned_on)
    first = min((day for day in planned if day), default=on)
    return max((on - first).days, 0)


def _card(order, times_seen, sign_off, *, on):
    way = orders.way(order)
    ahead = [step["milestone"] for step in way if step["stage"] == "ahead"]
    following = ahead[0] if ahead else None
    day = following.planned_on if following else None
    if order.state in WAITING:
        day = day or order.planned_on
    arrives = None
    if order.arrives_until and order.arrives_until > timezone.now() and timezone.localdate(order.arrives_until) == on:
        arrives = (order.arrives_from, order.arrives_until)
    return Card(
        days_late=days_late(order, way, on=on),
        # what the appointment is for stands in the title; without words of its own a step says what the stage says
        label=following.label if following and following.step != Step.SCHEDULED else "",
        on=day,
        arrives=arrives,
        sign_off=sign_off,
        times_seen=times_seen,
        reached=len(way) - len(ahead),
        milestones=len(way),
    )


def _sign_offs(pks) -> dict[int, str]:
    """The state of the newest sign-off of each order."""
    found = SignOff.objects.filter(order_id__in=pks).order_by("pk").values_list("order_id", "state")
    return dict(found)


def remember_telling(order: Order, tells: bool) -> None:
    """Keep the answer to "Kunde informieren?": it is asked once per order (BRD2)."""
    Order.objects.filter(pk=order.pk).update(tells_stages=tells)

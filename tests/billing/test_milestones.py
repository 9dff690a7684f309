"""Milestones: what people tick, plan and say."""

from datetime import date

import pytest
import time_machine

from accounts.refusals import Refusal
from billing import milestones, order_news, orders, work_kinds
from billing.models import Order
from crm import states
from crm.models import TimelineEntry
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(business):
    work_kinds.make_default(work_kinds.create_from_template("furniture"))
    return make.make_order()


@pytest.fixture
def material(order):
    return order.milestones.get(label="Material bestellt")


def stage_of(order, label):
    return next(step["stage"] for step in orders.way(order) if step["label"] == label)


def test_a_tick_is_kept_with_who_and_when_and_is_news(order, material, owner):
    with time_machine.travel("2027-01-04 09:00 +0000", tick=False):
        ticked = milestones.tick(material, by=owner)
        milestones.tick(material, by=owner)
    assert (ticked.reached_at.isoformat(), ticked.by) == ("2027-01-04T09:00:00+00:00", owner)
    assert stage_of(order, "Material bestellt") == "now"
    assert [(news.kind, news.label) for news in order.news.all()] == [("milestone", "Material bestellt")]
    assert TimelineEntry.objects.filter(event="billing.order_milestone").count() == 1


def test_a_wrong_tick_is_undone_and_not_told(order, material, owner):
    milestones.tick(material, by=owner)
    milestones.untick(material, by=owner)
    material.refresh_from_db()
    assert material.reached_at is None
    assert stage_of(order, "Material bestellt") == "ahead"
    assert not order_news.waiting(order).exists()


def test_what_was_told_stays_told(order, material, owner):
    milestones.tick(material, by=owner)
    order_news.deliver(order)
    milestones.untick(material, by=owner)
    assert order.news.get().told_at is not None


@pytest.mark.parametrize(("step", "words"), [("completed", "Stand des Auftrags"), ("signed_off", "Abnahmeprotokoll")])
def test_what_comes_by_itself_is_not_ticked(order, owner, step, words):
    with pytest.raises(Refusal, match=words):
        milestones.tick(order.milestones.get(step=step), by=owner)


def test_a_cancelled_order_gets_no_further(order, material, owner):
    orders.move(order, Order.State.CANCELLED, by=owner)
    with pytest.raises(states.NotAllowed):
        milestones.tick(material, by=owner)


def test_a_day_is_planned_delayed_with_a_reason_and_dropped(order, material, owner):
    milestones.plan(material, date(2027, 1, 11), by=owner)
    with pytest.raises(Refusal, match="Grund") as refused:
        milestones.plan(material, date(2027, 1, 18), by=owner)
    assert refused.value.field == "reason"
    milestones.plan(material, date(2027, 1, 18), by=owner, reason="Der Händler liefert später.")
    assert [(news.kind, news.label, news.before, news.day, news.reason) for news in order.news.all()] == [
        ("planned", "Material bestellt", None, date(2027, 1, 11), ""),
        ("delay", "Material bestellt", date(2027, 1, 11), date(2027, 1, 18), "Der Händler liefert später."),
    ]
    milestones.plan(material, None, by=owner)
    material.refresh_from_db()
    assert material.planned_on is None
    assert not order_news.waiting(order).exists()


def test_the_day_of_the_work_is_moved_with_the_order(order, owner):
    with pytest.raises(Refusal, match="Termin verschieben"):
        milestones.plan(order.milestones.get(step="scheduled"), date(2027, 1, 26), by=owner)


def test_a_hidden_milestone_needs_no_reason_and_is_no_news(order, owner):
    hidden = order.milestones.get(label="Aufmaß")
    milestones.plan(hidden, date(2027, 1, 5), by=owner)
    milestones.plan(hidden, date(2027, 1, 6), by=owner)
    milestones.tick(hidden, by=owner)
    assert not order.news.exists()


def test_a_note_and_whether_it_is_seen_are_set_without_telling(order, material, owner):
    changed = milestones.describe(material, note="  Eiche aus dem Sachsenwald ", is_shown=False, by=owner)
    assert (changed.note, changed.is_shown) == ("Eiche aus dem Sachsenwald", False)
    assert not order.news.exists()
    milestones.describe(order.milestones.get(label="Aufmaß"), note="", is_shown=True, by=owner)
    with pytest.raises(Refusal, match="schon 7 Meilensteine") as refused:
        milestones.describe(material, note="", is_shown=True, by=owner)
    assert refused.value.field == "is_shown"
    with pytest.raises(Refusal, match="300 Zeichen"):
        milestones.describe(material, note="x" * 301, is_shown=False, by=owner)

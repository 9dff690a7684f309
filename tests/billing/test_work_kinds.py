"""Kinds of work: what the business shapes, and what its orders get of it."""

from datetime import date

import pytest

from accounts.refusals import Refusal
from billing import milestones, orders, work_kinds
from billing.models import Order, Step, WorkKind
from billing.work_kinds import StepInput
from tests import make

pytestmark = pytest.mark.django_db

PLAIN = ["placed", "scheduled", "started", "completed", "invoiced"]


def labels(order):
    return [str(milestone) for milestone in order.milestones.all()]


@pytest.mark.parametrize("template", work_kinds.TEMPLATES, ids=lambda template: template.key)
def test_every_template_keeps_the_rules(business, template):
    kind = work_kinds.create_from_template(template.key)
    assert kind.name == str(template.name)
    assert work_kinds.steps_of(kind) == tuple(work_kinds.checked(template.steps))


def test_furniture_begins_with_nine_milestones_of_which_seven_are_shown(business):
    steps = work_kinds.steps_of(work_kinds.create_from_template("furniture"))
    assert [step.label for step in steps] == [
        "Beauftragt", "Aufmaß", "Material bestellt", "In der Werkstatt", "Termin steht", "Bei Ihnen vor Ort", "Fertig",
        "Von Ihnen abgenommen", "Abgerechnet",
    ]  # fmt: skip
    assert sum(step.is_shown for step in steps) == work_kinds.MOST_SHOWN == 7


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([], "mindestens einen Meilenstein"),
        ([StepInput("Aufmaß", is_shown=False)], "mindestens einen Meilenstein"),
        ([StepInput(f"Schritt {n}") for n in range(8)], "höchstens 7 Meilensteine, jetzt wären es 8"),
        ([StepInput(f"Schritt {n}", is_shown=n < 3) for n in range(13)], "Mehr als 12 Meilensteine"),
        ([StepInput("Aufmaß"), StepInput("  ")], "Meilenstein 2 hat noch keinen Namen"),
        ([StepInput("x" * 61)], "höchstens 60 Zeichen"),
        ([StepInput("Aufmaß", "irgendwann")], "wann er erreicht wird"),
        ([StepInput("Aufmaß"), StepInput(" Aufmaß")], "„Aufmaß“ steht zweimal da"),
        ([StepInput("A", Step.STARTED), StepInput("B", Step.STARTED)], "„In Arbeit“ erreicht ein Auftrag nur einmal"),
        ([StepInput("Da", Step.COMPLETED), StepInput("Los", Step.STARTED)], "„Los“ kommt bei jedem Auftrag vor „Da“"),
    ],
)
def test_what_no_customer_could_follow_is_refused(business, steps, words):
    with pytest.raises(Refusal, match=words) as refused:
        work_kinds.create("Möbel", steps)
    assert refused.value.field == "steps"
    assert not WorkKind.objects.exists()


def test_a_name_stands_for_one_kind(business):
    kind = work_kinds.create_from_template("repair")
    with pytest.raises(Refusal, match="„Reparatur“ gibt es schon") as refused:
        work_kinds.create_from_template("repair")
    assert refused.value.field == "name"
    other = work_kinds.create_from_template("repair", "Notdienst")
    with pytest.raises(Refusal, match="gibt es schon"):
        work_kinds.save(other, name=" Reparatur ", steps=work_kinds.steps_of(other))
    work_kinds.save(kind, name="Reparatur", steps=[StepInput("Beauftragt", Step.PLACED)])
    assert work_kinds.steps_of(kind) == (StepInput("Beauftragt", "placed", True),)


def test_new_orders_take_the_default_kind_and_else_the_plain_way(business):
    assert [milestone.step for milestone in make.make_order().milestones.all()] == PLAIN
    repair, delivery = work_kinds.create_from_template("repair"), work_kinds.create_from_template("delivery")
    work_kinds.make_default(repair)
    work_kinds.make_default(delivery)
    order = make.make_order()
    assert order.work_kind == delivery
    assert labels(order)[:2] == ["Bestellt", "In der Fertigung"]
    assert [milestone.step for milestone in order.milestones.exclude(reached_at=None)] == ["placed"]
    work_kinds.archive(delivery)
    assert work_kinds.default() is None
    with pytest.raises(Refusal, match="archiviert"):
        work_kinds.make_default(WorkKind.objects.get(pk=delivery.pk))
    work_kinds.unarchive(delivery)
    assert list(work_kinds.active()) == [delivery, repair]


def test_another_kind_keeps_what_was_reached_planned_and_noted(business, owner):
    order = make.make_order()
    orders.move(order, Order.State.SCHEDULED, by=owner, planned_on=date(2027, 1, 26), note="Zu zweit")
    orders.set_kind(order, work_kinds.create_from_template("furniture"), by=owner)
    milestones.tick(order.milestones.get(label="Material bestellt"), by=owner)
    milestones.plan(order.milestones.get(label="In der Werkstatt"), date(2027, 1, 12), by=owner)
    before = order.milestones.get(step="scheduled")
    orders.set_kind(order, work_kinds.create_from_template("delivery"), by=owner)
    assert labels(order) == [
        "Bestellt", "Material bestellt", "In der Werkstatt", "Termin steht", "In der Fertigung", "Verpackt",
        "Unterwegs zu Ihnen", "Geliefert", "Abgerechnet",
    ]  # fmt: skip
    kept = order.milestones.get(step="scheduled")
    assert (kept.pk, kept.planned_on, kept.note, kept.reached_at) == (
        before.pk, date(2027, 1, 26), "Zu zweit", before.reached_at,
    )  # fmt: skip
    assert order.milestones.get(label="In der Werkstatt").planned_on == date(2027, 1, 12)
    orders.set_kind(order, None, by=owner)
    assert [milestone.step for milestone in order.milestones.all()] == [
        "placed", "", "", "scheduled", "started", "completed", "invoiced",
    ]  # fmt: skip
    assert order.work_kind is None


def test_a_way_given_later_knows_how_far_the_order_is(business, owner):
    first = work_kinds.create("Kurz", [StepInput("Los", Step.PLACED)])
    work_kinds.make_default(first)
    order = make.make_order()
    orders.move(order, Order.State.SCHEDULED, by=owner, planned_on=date(2027, 1, 26))
    orders.move(order, Order.State.COMPLETED, by=owner)
    orders.set_kind(order, work_kinds.create_from_template("repair"), by=owner)
    assert [milestone.step for milestone in order.milestones.exclude(reached_at=None)] == [
        "placed", "scheduled", "completed",
    ]  # fmt: skip
    assert order.milestones.get(step="scheduled").planned_on == date(2027, 1, 26)


def test_an_archived_kind_is_given_to_no_order(business, owner):
    kind = work_kinds.create_from_template("repair")
    work_kinds.archive(kind)
    kind.refresh_from_db()
    with pytest.raises(Refusal, match="archiviert") as refused:
        orders.set_kind(make.make_order(), kind, by=owner)
    assert refused.value.field == "work_kind"


def test_the_customer_does_not_see_what_is_for_the_office(business, owner):
    order = orders.set_kind(make.make_order(), work_kinds.create_from_template("furniture"), by=owner)
    milestones.tick(order.milestones.get(label="Aufmaß"), by=owner)
    assert [step["label"] for step in orders.way(order)][:2] == ["Beauftragt", "Aufmaß"]
    shown = orders.way(order, for_customer=True)
    assert [(step["label"], step["stage"]) for step in shown][:2] == [
        ("Beauftragt", "now"),
        ("Material bestellt", "ahead"),
    ]
    assert not order.news.exists()

"""What can be done with an order."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.refusals import Refusal
from billing import order_news, orders, rendering, tasks, work_kinds
from billing.models import Order, OrderLine, Step, Withdrawal
from crm import access, states
from crm.models import AccessLink, Mail
from tests import make

pytestmark = pytest.mark.django_db


def test_an_order_holds_exactly_the_chosen_rows(business):
    order = make.make_order(taken={"wahl-3.1": "3.2"})
    texts = [row.text for row in order.lines.all() if row.is_item]
    assert texts == [
        "Aufmaß vor Ort und Werkplanung", "Schrankkorpus Birke-Multiplex", "Nische mit Sitzbank", "Einlegeböden",
        "Salbei lackiert", "Montage durch zwei Personen", "Anfahrt", "Sockel- und Wandanschlüsse",
    ]  # fmt: skip
    assert order.gross == Decimal("7538.65")


def test_the_database_refuses_a_second_row_of_a_set(business):
    order = make.make_order()
    row = order.lines.get(alternative_set="Fronten")
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLine.objects.create(order=order, sort=99, text="Salbei", alternative_set=row.alternative_set)


def test_a_prospect_becomes_a_customer_by_ordering(business):
    customer = make.make_customer()
    make.make_order(make.make_sent_quote(customer), feedback_notice=True)
    customer.refresh_from_db()
    assert (customer.is_prospect, customer.feedback_notice_at is not None) == (False, True)


def test_the_confirmation_carries_everything_and_leaves_once(business):
    order = make.make_order()
    tasks.confirm_order(order.pk)
    tasks.confirm_order(order.pk)
    mail = Mail.objects.get(kind="billing/mail/order_confirmed")
    assert mail.to == order.customer.email
    assert [attachment.name for attachment in mail.attachments.all()] == [
        f"{order.number}.pdf",
        f"{order.quote.number}.pdf",
        "Informationen zum Vertrag.pdf",
        "Widerrufsbelehrung.pdf",
    ]
    assert "Widerrufsbelehrung" in mail.text
    assert mail.link.purpose == AccessLink.Purpose.ORDER


def test_a_lost_wake_up_is_made_good_by_the_sweep(business):
    order = make.make_order()
    assert ("order", order.pk) in rendering.missing()
    tasks.render_missing()
    assert rendering.missing() == []
    assert Mail.objects.filter(kind="billing/mail/order_confirmed").count() == 1


def test_each_step_is_news_for_the_customer(business, owner):
    order = make.make_order()
    day = timezone.localdate() + timedelta(days=10)
    orders.move(order, Order.State.SCHEDULED, by=owner, planned_on=day, note="Wir kommen zu zweit.")
    orders.move(order, Order.State.STARTED, by=owner)
    assert [(news.kind, news.state, news.day, news.reason, news.is_silent) for news in order.news.all()] == [
        ("planned", "scheduled", day, "Wir kommen zu zweit.", False), ("milestone", "started", None, "", False),
    ]  # fmt: skip


def test_a_step_may_be_taken_quietly(business, owner):
    order = make.make_order()
    orders.move(order, Order.State.STARTED, by=owner, tell=False)
    assert order.news.get().is_silent
    assert not order_news.waiting(order).exists()


def test_scheduling_needs_a_date(business, owner):
    with pytest.raises(Refusal, match="Bitte tragen Sie den Termin ein"):
        orders.move(make.make_order(), Order.State.SCHEDULED, by=owner)


def test_a_later_date_needs_a_reason_and_keeps_both_days(business, owner):
    """AUF5."""
    order = make.make_order()
    orders.move(order, Order.State.SCHEDULED, by=owner, planned_on=date(2027, 1, 26))
    with pytest.raises(Refusal, match="Grund") as refused:
        orders.reschedule(order, planned_on=date(2027, 1, 27), by=owner)
    assert refused.value.field == "reason"
    orders.reschedule(order, planned_on=date(2027, 1, 27), by=owner, reason="Krankheit")
    assert order.planned_on == date(2027, 1, 27)
    news = order.news.last()
    assert (news.kind, news.before, news.day, news.reason) == (
        "delay",
        date(2027, 1, 26),
        date(2027, 1, 27),
        "Krankheit",
    )
    assert order.milestones.get(step="scheduled").note == "Krankheit"


def test_an_earlier_date_needs_no_reason_and_the_same_date_is_no_news(business, owner):
    order = make.make_order()
    orders.move(order, Order.State.SCHEDULED, by=owner, planned_on=date(2027, 1, 26))
    orders.reschedule(order, planned_on=date(2027, 1, 26), by=owner)
    orders.reschedule(order, planned_on=date(2027, 1, 25), by=owner)
    assert [(news.kind, news.before) for news in order.news.all()] == [
        ("planned", None),
        ("planned", date(2027, 1, 26)),
    ]


def test_on_the_way_is_told_at_once_with_its_window(business, owner):
    with time_machine.travel("2027-01-26 08:30 +0000", tick=False):
        order = make.make_order()
        today = timezone.now()
        orders.on_the_way(order, starts_at=today, ends_at=today + timedelta(hours=2), by=owner)
        orders.on_the_way(order, starts_at=today, ends_at=today + timedelta(hours=2), by=owner)
        told = Mail.objects.get(kind="billing/mail/order_news")
        assert "zwischen 9:30 und 11:30 Uhr bei Ihnen" in told.subject_line
        assert (order.arrives_from, order.news.get().told_at) == (today, today)
        orders.move(order, Order.State.STARTED, by=owner)
    assert (order.arrives_from, order.arrives_until) == (None, None)


@pytest.mark.parametrize(
    ("begins", "ends", "field"), [(26, 28, "starts_at"), (2, 1, "ends_at"), (-3, -1, "ends_at"), (-48, 1, "starts_at")]
)
def test_a_window_is_of_today_and_still_ahead(business, begins, ends, field):
    with time_machine.travel("2027-01-26 09:00 +0000", tick=False):
        order, now = make.make_order(), timezone.now()
        with pytest.raises(Refusal) as refused:
            orders.on_the_way(
                order, starts_at=now + timedelta(hours=begins), ends_at=now + timedelta(hours=ends), by=None
            )
        assert refused.value.field == field
        assert not order.news.exists()


def test_nobody_is_on_the_way_to_a_finished_order(business):
    with time_machine.travel("2027-01-26 09:00 +0000", tick=False):
        order, now = make.make_completed_order(), timezone.now()
        with pytest.raises(states.NotAllowed):
            orders.on_the_way(order, starts_at=now, ends_at=now + timedelta(hours=1), by=None)


def test_looks_are_those_at_the_order(business):
    order, other = make.make_order(), make.make_order()
    link = make.link_to(order)
    access.mark_seen(make.link_to(order.quote))
    access.mark_seen(link)
    access.mark_seen(link)
    link.refresh_from_db()
    assert orders.looks(order) == orders.Looks(2, link.last_seen_at)
    assert orders.looks_of([order, other])[other.pk] == orders.Looks(0, None)


def test_a_sign_off_reaches_its_milestone_where_the_way_has_one(business, owner):
    plain = make.make_order()
    orders.reach(plain, Step.SIGNED_OFF, by=owner)
    assert not plain.milestones.filter(step="signed_off").exists()
    order = orders.set_kind(make.make_order(), work_kinds.create_from_template("furniture"), by=owner)
    orders.move(order, Order.State.COMPLETED, by=owner)
    orders.reach(order, Step.SIGNED_OFF, by=owner, note="Ohne Mängel")
    reached = order.milestones.get(step="signed_off")
    assert (reached.reached_at is not None, reached.note, reached.by) == (True, "Ohne Mängel", owner)
    assert order.milestones.get(step="completed").reached_at is not None


def test_no_step_is_skipped_backwards(business, owner):
    order = make.make_completed_order(by=owner)
    with pytest.raises(states.NotAllowed):
        orders.move(order, Order.State.STARTED, by=owner)


def test_the_way_shows_done_now_and_ahead(business, owner):
    order = make.make_order()
    orders.move(order, Order.State.SCHEDULED, by=owner, planned_on=date(2027, 1, 26))
    assert [(step["step"], step["stage"]) for step in orders.way(order)] == [
        ("placed", "done"), ("scheduled", "now"), ("started", "ahead"), ("completed", "ahead"), ("invoiced", "ahead"),
    ]  # fmt: skip


def test_a_step_that_was_left_out_is_not_shown_as_done(business, owner):
    order = make.make_completed_order(by=owner)
    assert [(step["step"], step["stage"]) for step in orders.way(order)] == [
        ("placed", "done"), ("completed", "now"), ("invoiced", "ahead"),
    ]  # fmt: skip


def test_a_withdrawal_in_time_stops_the_order_and_is_receipted(business):
    order = make.make_order()
    withdrawal = orders.withdraw(order, name="Sabine Brandt", email="sabine@kunde.example")
    order.refresh_from_db()
    assert (withdrawal.is_late, order.state) == (False, Order.State.WITHDRAWN)
    receipt = Mail.objects.get(kind="billing/mail/withdrawal_received")
    assert receipt.to == "sabine@kunde.example"
    assert withdrawal.declaration in receipt.text


def test_withdrawing_twice_is_one_withdrawal(business):
    order = make.make_order()
    first = orders.withdraw(order, name="Sabine Brandt", email="s@kunde.example")
    assert orders.withdraw(order, name="Sabine Brandt", email="s@kunde.example") == first
    assert Mail.objects.filter(kind="billing/mail/withdrawal_received").count() == 1


def test_a_late_withdrawal_is_kept_and_marked(business):
    with time_machine.travel("2026-10-01 10:00 +0000", tick=False):
        order = make.make_order()
    with time_machine.travel("2026-11-20 10:00 +0000", tick=False):
        withdrawal = orders.withdraw(order, name="Sabine Brandt", email="s@kunde.example")
    order.refresh_from_db()
    assert (withdrawal.is_late, order.state) == (True, Order.State.PLACED)


def test_a_withdrawal_never_changes(business):
    withdrawal = orders.withdraw(make.make_order(), name="Sabine Brandt", email="s@kunde.example")
    with pytest.raises(DatabaseError), transaction.atomic():
        Withdrawal.objects.update(name="Niemand")
    withdrawal.refresh_from_db()
    assert withdrawal.name == "Sabine Brandt"


def test_the_orders_link_goes_to_the_address_that_ordered(business):
    order = make.make_order(email="buero@kunde.example")
    assert [link.sent_to for link in access.links_to(order)] == ["buero@kunde.example"]

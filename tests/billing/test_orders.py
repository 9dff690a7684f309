"""What can be done with an order."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.refusals import Refusal
from billing import orders, rendering, tasks
from billing.models import Order, OrderLine, Withdrawal
from crm import access, states
from crm.models import AccessLink, Mail
from tests import make

pytestmark = pytest.mark.django_db


def moved_mails(order):
    return Mail.objects.filter(kind="billing/mail/order_moved", about_id=order.pk)


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
    ]
    assert "Widerrufsbelehrung" in mail.text
    assert mail.link.purpose == AccessLink.Purpose.ORDER


def test_a_lost_wake_up_is_made_good_by_the_sweep(business):
    order = make.make_order()
    assert ("order", order.pk) in rendering.missing()
    tasks.render_missing()
    assert rendering.missing() == []
    assert Mail.objects.filter(kind="billing/mail/order_confirmed").count() == 1


def test_the_customer_is_told_of_each_step(business, owner):
    order = make.make_order()
    day = timezone.localdate() + timedelta(days=10)
    orders.move(order, Order.State.SCHEDULED, by=owner, planned_on=day, note="Wir kommen zu zweit.")
    orders.move(order, Order.State.STARTED, by=owner)
    assert moved_mails(order).count() == 2
    first = moved_mails(order).order_by("pk").first()
    assert "Wir kommen zu zweit." in first.text


def test_a_step_may_be_taken_quietly(business, owner):
    order = make.make_order()
    orders.move(order, Order.State.STARTED, by=owner, tell=False)
    assert not moved_mails(order).exists()


def test_scheduling_needs_a_date(business, owner):
    with pytest.raises(Refusal, match="Bitte tragen Sie den Termin ein"):
        orders.move(make.make_order(), Order.State.SCHEDULED, by=owner)


def test_a_moved_date_is_told_with_the_old_one(business, owner):
    order = make.make_order()
    orders.move(order, Order.State.SCHEDULED, by=owner, planned_on=date(2027, 1, 26))
    orders.reschedule(order, planned_on=date(2027, 1, 27), by=owner, note="Krankheit")
    assert order.planned_on == date(2027, 1, 27)
    mail = moved_mails(order).order_by("-pk").first()
    assert "27. Januar 2027" in mail.text
    assert "26. Januar" in mail.text


def test_no_step_is_skipped_backwards(business, owner):
    order = make.make_completed_order(by=owner)
    with pytest.raises(states.NotAllowed):
        orders.move(order, Order.State.STARTED, by=owner)


def test_the_way_shows_done_now_and_ahead(business, owner):
    order = make.make_order()
    orders.move(order, Order.State.SCHEDULED, by=owner, planned_on=date(2027, 1, 26))
    assert [(step["state"], step["stage"]) for step in orders.way(order)] == [
        ("placed", "done"), ("scheduled", "now"), ("started", "ahead"), ("completed", "ahead"), ("invoiced", "ahead"),
    ]  # fmt: skip


def test_a_step_that_was_left_out_is_not_shown_as_done(business, owner):
    order = make.make_completed_order(by=owner)
    assert [(step["state"], step["stage"]) for step in orders.way(order)] == [
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

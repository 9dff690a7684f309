"""Asking afterwards: once per order, on the due day, and only where the law allows it (R97, R98, R100)."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.refusals import Refusal
from billing.models import Order
from crm import access, due
from crm.models import Customer, DueAction, Mail, TimelineEntry, Todo
from feedback import requests, tasks
from feedback.models import FeedbackAnswer, FeedbackRequest
from tests import make

FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
State = FeedbackRequest.State


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(FRIDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def order(business):
    """Finished today; the customer was told that he may object."""
    return make.make_completed_order(feedback_notice=True)


@pytest.fixture
def planned(order):
    return requests.plan(order)


def asked(order):
    return Mail.objects.filter(kind="feedback/mail/request", customer=order.customer)


def work_off():
    for pk in due.due_ids():
        due.work_off(pk)


# --- plan ---------------------------------------------------------------------------------------------------------------
def test_the_question_is_due_in_the_morning_some_days_after_the_work(planned):
    (action,) = DueAction.objects.filter(kind=requests.DUE)
    assert action.due_on == date(2026, 11, 23)  # three days after completion
    assert timezone.localtime(action.due_at).hour == 8
    assert planned.state == State.PLANNED


def test_planning_twice_is_one_request_and_one_date(order, planned):
    assert requests.plan(order) == planned
    assert DueAction.objects.filter(kind=requests.DUE).count() == 1


def test_only_finished_orders_without_a_request_are_planned(order):
    make.make_order()
    assert requests.plan_missing() == 1
    assert requests.plan_missing() == 0
    assert FeedbackRequest.objects.get().order == order


def test_the_task_plans_for_every_business(order, business):
    tasks.plan_requests()
    assert FeedbackRequest.objects.get().order == order


# --- why not ------------------------------------------------------------------------------------------------------------
def test_with_a_sale_the_notice_and_no_objection_he_may_be_asked(planned):
    assert requests.why_not(planned) == ""


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"email": ""}, "Es ist keine E-Mail-Adresse hinterlegt."),
        ({"feedback_opt_out_at": FRIDAY}, "Der Kunde möchte nicht gefragt werden."),
        (
            {"feedback_notice_at": None},
            "Der Hinweis auf das Widerspruchsrecht fehlt, deshalb darf nicht gefragt werden (§ 7 Abs. 3 UWG).",
        ),
    ],
)
def test_without_one_of_the_grounds_nobody_is_asked(planned, order, fields, why):
    Customer.objects.filter(pk=order.customer_id).update(**fields)
    request = FeedbackRequest.objects.get()
    assert requests.why_not(request) == why
    assert requests.send(request) is None
    assert (request.state, request.why_blocked, asked(order).count()) == (State.BLOCKED, why, 0)


@pytest.mark.parametrize("state", [Order.State.CANCELLED, Order.State.WITHDRAWN])
def test_who_called_the_work_off_is_not_asked(planned, order, state):
    Order.objects.filter(pk=order.pk).update(state=state)
    assert requests.why_not(FeedbackRequest.objects.get()) == "Der Auftrag ist storniert oder widerrufen."


# --- send ---------------------------------------------------------------------------------------------------------------
def test_asking_mails_a_link_with_the_way_to_object(planned, order, owner):
    link = requests.send(planned, by=owner)
    mail = asked(order).get()
    assert (mail.to, mail.link, mail.unsubscribe_url) == (order.customer.email, link, f"{Mail.LINK_MARK}abmelden/")
    assert (planned.state, planned.sent_at) == (State.SENT, FRIDAY)
    assert TimelineEntry.objects.filter(event="feedback.feedback_requested", by=owner).count() == 1
    assert link.expires_at == FRIDAY + timedelta(days=60)


def test_a_customer_is_asked_once_also_by_two_who_click_at_once(planned, order):
    second = FeedbackRequest.objects.get()  # read before the first one was sent
    requests.send(planned)
    with pytest.raises(Refusal, match="schon gefragt"):
        requests.send(second)
    assert asked(order).count() == 1


def test_after_the_reason_is_mended_a_blocked_request_can_be_sent(planned, order):
    Customer.objects.filter(pk=order.customer_id).update(email="")
    requests.send(FeedbackRequest.objects.get())
    Customer.objects.filter(pk=order.customer_id).update(email="sabine@kunde.example")
    request = FeedbackRequest.objects.get()
    assert requests.send(request).sent_to == "sabine@kunde.example"
    assert (request.state, request.why_blocked) == (State.SENT, "")


# --- the due day --------------------------------------------------------------------------------------------------------
def test_on_the_due_day_the_customer_is_asked_and_only_then(planned, order, clock):
    work_off()
    assert asked(order).count() == 0
    clock.shift(timedelta(days=3))
    work_off()
    work_off()
    assert asked(order).count() == 1


def test_who_objected_in_the_meantime_is_not_asked(planned, order, clock):
    requests.opt_out(order.customer)
    clock.shift(timedelta(days=3))
    work_off()
    assert (asked(order).count(), FeedbackRequest.objects.get().state) == (0, State.BLOCKED)
    assert DueAction.objects.get(kind=requests.DUE).state == DueAction.State.DONE


def test_who_was_asked_by_hand_is_not_asked_again_on_the_due_day(planned, order, clock):
    requests.send(planned)
    clock.shift(timedelta(days=3))
    work_off()
    assert asked(order).count() == 1


# --- answer, opt out ----------------------------------------------------------------------------------------------------
def test_an_answer_is_kept_and_told(planned, order):
    requests.send(planned)
    answer = requests.answer(planned, recommendation=9, quality=5, comment="Gern wieder.")
    assert (answer.recommendation, answer.answered_at) == (9, FRIDAY)
    assert FeedbackRequest.objects.get().state == State.ANSWERED
    assert TimelineEntry.objects.filter(event="feedback.feedback_answered", customer=order.customer).count() == 1
    assert Todo.objects.count() == 0


def test_zero_of_ten_is_an_answer_and_nothing_is_none(planned):
    with pytest.raises(Refusal):
        requests.answer(planned, recommendation=None, comment="", wants_call=False)
    assert requests.answer(planned, recommendation=0).recommendation == 0


@pytest.mark.parametrize(
    ("said", "todos"),
    [({"recommendation": 6}, 1), ({"recommendation": 7}, 0), ({"recommendation": 10, "wants_call": True}, 1)],
)
def test_who_is_unhappy_or_asks_for_it_is_to_be_called_today(planned, order, said, todos):
    requests.answer(planned, **said)
    found = Todo.objects.filter(customer=order.customer, due_on=date(2026, 11, 20))
    assert found.count() == todos


def test_within_14_days_the_answer_can_be_changed_and_then_no_more(planned, clock):
    requests.answer(planned, recommendation=3)
    clock.shift(timedelta(days=14))
    requests.answer(planned, recommendation=8)
    answer = FeedbackAnswer.objects.get()
    assert (answer.recommendation, answer.answered_at, answer.changed_at) == (8, FRIDAY, FRIDAY + timedelta(days=14))
    assert TimelineEntry.objects.filter(event="feedback.feedback_answered").count() == 1
    clock.shift(timedelta(seconds=1))
    with pytest.raises(Refusal, match="14 Tage"):
        requests.answer(planned, recommendation=0)


def test_an_objection_keeps_its_first_day(order, clock):
    requests.opt_out(order.customer)
    clock.shift(timedelta(days=1))
    requests.opt_out(order.customer)
    assert Customer.objects.get(pk=order.customer_id).feedback_opt_out_at == FRIDAY


def test_the_link_opens_the_questions(planned):
    assert access.links_to(planned).count() == 0
    link = requests.send(planned)
    assert (link.purpose, link.subject) == ("feedback", planned)

"""What waits for whom: the office sees all, a worker on site sees their own (HEU6)."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.rights import Role
from crm import access, agenda, messages
from tests import make

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel("2026-11-23T09:00:00+00:00", tick=False) as clock:
        yield clock


@pytest.fixture
def emre(business):
    return make.make_member(Role.FIELD_WORKER, name="Emre")


def at(hour, minute=0, day=TODAY):
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour, minute))


def test_tasks_due_by_a_day_most_urgent_first(owner, emre):
    late = make.make_todo("alt", by=owner, due_on=TODAY - timedelta(days=3))
    todays = make.make_todo("heute", by=emre, due_on=TODAY)
    make.make_todo("morgen", by=owner, due_on=TODAY + timedelta(days=1))
    make.make_todo("irgendwann", by=owner)
    assert list(agenda.todos(owner, on=TODAY)) == [late, todays]
    assert list(agenda.todos(emre, on=TODAY)) == [todays]
    assert agenda.todos(owner).count() == 4


def test_appointments_of_the_local_day(owner, emre):
    early = make.make_appointment(title="früh", starts_at=at(0, 0), assignee=emre)
    late = make.make_appointment(title="spät", starts_at=at(23, 59), assignee=owner)
    make.make_appointment(title="morgen", starts_at=at(0, 0, TODAY + timedelta(days=1)), assignee=emre)
    make.make_appointment(title="gestern", starts_at=at(23, 59, TODAY - timedelta(days=1)), assignee=emre)
    assert list(agenda.appointments(owner, on=TODAY)) == [early, late]
    assert list(agenda.appointments(emre, on=TODAY)) == [early]


@pytest.mark.parametrize(
    ("hour", "minute", "is_near"),
    [(10, 0, True), (11, 0, True), (11, 1, False), (8, 0, True), (7, 59, False)],  # it is 10:00 in Berlin
)
def test_the_appointment_now_is_within_an_hour(emre, hour, minute, is_near):
    appointment = make.make_appointment(starts_at=at(hour, minute), minutes=60, assignee=emre)
    assert agenda.appointment_now(emre) == (appointment if is_near else None)


def test_of_two_the_nearer_beginning_counts_and_others_people_do_not(owner, emre):
    make.make_appointment(title="vorhin", starts_at=at(8), minutes=90, assignee=emre)
    now = make.make_appointment(title="jetzt", starts_at=at(9, 50), assignee=emre)
    make.make_appointment(title="Jana", starts_at=at(10), assignee=owner)
    assert agenda.appointment_now(emre) == now


def test_a_cancelled_appointment_is_none(emre):
    from crm import appointments

    appointments.cancel(make.make_appointment(starts_at=at(10), assignee=emre))
    assert agenda.appointment_now(emre) is None


def test_the_office_sees_questions_follow_ups_and_failed_mails(owner, emre):
    customer = make.make_customer(follow_up_on=TODAY)
    make.make_customer("Noll", follow_up_on=TODAY + timedelta(days=1))
    link = access.mint(customer, purpose="quote", customer=customer, expires_at=timezone.now() + timedelta(days=1))
    messages.ask(link, "Auch in Messing?", author_name="")
    mail = make.make_failed_mail(customer)
    assert [message.text for message in agenda.questions(owner)] == ["Auch in Messing?"]
    assert list(agenda.follow_ups(owner, on=TODAY)) == [customer]
    assert list(agenda.failed_mails(owner)) == [mail]
    assert [
        agenda.questions(emre).count(),
        agenda.follow_ups(emre, on=TODAY).count(),
        agenda.failed_mails(emre).count(),
    ] == [0, 0, 0]
    assert (agenda.count(owner), agenda.count(emre)) == (3, 0)

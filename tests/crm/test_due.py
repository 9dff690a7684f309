"""The due list: once, at the local hour, and what fails does not stop the rest (security.md 4.7, P92, P98)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import current
from crm import due
from crm.models import DueAction
from tests import make

done = []


def do(subject):
    done.append((subject, current.business()))


def explode(subject):
    raise RuntimeError("kaputt")


@pytest.fixture(autouse=True)
def handlers(settings):
    done.clear()
    settings.DUE_HANDLERS = {"good": f"{__name__}.do", "bad": f"{__name__}.explode"}
    with time_machine.travel("2026-11-23T06:00:00+00:00", tick=False) as clock:
        yield clock


def plan(kind="good", subject=None, at=None):
    return due.plan(kind, subject or make.make_customer(), at=at or timezone.now())


def test_what_is_due_happens_once(business):
    action = plan()
    assert due.due_ids() == [action.pk]
    assert [due.work_off(action.pk), due.work_off(action.pk)] == [True, False]
    assert done == [(action.subject, business)]
    assert due.due_ids() == []


def test_what_is_not_due_waits(business, handlers):
    action = plan(at=timezone.now() + timedelta(hours=1))
    assert due.due_ids() == [] and due.work_off(action.pk) is False
    handlers.shift(timedelta(hours=1))
    assert due.due_ids() == [action.pk]


def later(subject):
    subject.city = "Bremen"
    subject.save()
    raise due.Later(timezone.now() + timedelta(hours=3))


def test_what_cannot_be_done_yet_is_called_again_then(business, settings, handlers):
    settings.DUE_HANDLERS["late"] = f"{__name__}.later"
    action = plan("late")
    assert due.work_off(action.pk) is False
    action.refresh_from_db()
    assert (action.state, action.tries, action.due_at - timezone.now()) == ("open", 0, timedelta(hours=3))
    assert action.subject.city == "Hamburg"  # what it did so far is undone
    settings.DUE_HANDLERS["late"] = f"{__name__}.do"
    handlers.shift(timedelta(hours=3))
    assert due.work_off(action.pk) is True


def test_planning_the_same_day_twice_is_one_row(business):
    customer = make.make_customer()
    assert plan(subject=customer).pk == plan(subject=customer, at=timezone.now() + timedelta(hours=2)).pk
    assert plan(subject=customer, at=timezone.now() + timedelta(days=1)).pk != DueAction.objects.first().pk


def test_what_is_dropped_does_not_happen_until_it_is_taken_up(business, handlers):
    customer = make.make_customer()
    action = plan(subject=customer, at=timezone.now() + timedelta(hours=1))
    due.drop("good", customer)
    due.take_up("good", customer)
    due.drop("good", customer)
    handlers.shift(timedelta(hours=2))
    assert due.due_ids() == []
    due.take_up("good", customer)  # its time is over
    assert DueAction.objects.get(pk=action.pk).state == "dropped"


def test_a_failing_row_is_tried_five_times_and_stops_nobody(business, handlers):
    bad, good = plan("bad"), plan("good")
    for _ in range(5):
        for pk in due.due_ids():
            due.work_off(pk)
        handlers.shift(timedelta(hours=1))
    bad.refresh_from_db()
    assert (bad.state, bad.tries, bad.error) == ("failed", 5, "kaputt")
    assert done == [(good.subject, business)]


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (date(2026, 3, 29), "06:00"),
        (date(2026, 3, 28), "07:00"),
        (date(2026, 10, 25), "07:00"),
        (date(2026, 10, 24), "06:00"),
    ],
)
def test_mornings_stay_at_eight_across_clock_changes(day, utc):
    moment = due.morning_of(day)
    assert moment.astimezone(timezone.get_fixed_timezone(0)).strftime("%H:%M") == utc
    assert timezone.localtime(moment).strftime("%d %H:%M") == f"{day.day} 08:00"


def test_rows_of_all_businesses_are_found_and_worked_off_for_theirs(business):
    with current.working_for(make.make_business("Andere")) as other:
        action = plan()
    with current.working_for(None):
        assert due.due_ids() == [action.pk]
        due.work_off(action.pk)
    assert done[0][1] == other

"""Tasks, and the mail that reminds of them."""

from datetime import date, datetime

import pytest
import time_machine
from django.utils import timezone

from accounts.refusals import Refusal
from crm import due, reminders, todos
from crm.models import DueAction, Mail, TimelineEntry, Todo
from tests import make

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel("2026-11-23T06:00:00+00:00", tick=False):
        yield


def test_a_task_belongs_to_its_writer_unless_told_otherwise(business, owner):
    other = make.make_member(name="Lotte")
    assert todos.add("Anrufen", by=owner).assignee == owner
    assert todos.add("Anrufen", by=owner, assignee=other).assignee == other


def test_only_tasks_of_a_contact_are_on_a_timeline(business, owner):
    todos.add("Holz bestellen", by=owner)
    todos.add("Anrufen", by=owner, customer=make.make_customer())
    assert [entry.subject.text for entry in TimelineEntry.objects.filter(event="crm.todo_added")] == ["Anrufen"]


def test_the_reminder_comes_on_the_morning_it_is_due(business, owner):
    todos.add("Anrufen", by=owner, due_on=TODAY)
    planned = DueAction.objects.get()
    assert timezone.localtime(planned.due_at) == timezone.make_aware(datetime(2026, 11, 23, 8, 0))
    assert due.due_ids() == []
    with time_machine.travel("2026-11-23T07:00:00+00:00", tick=False):
        assert due.work_off(planned.pk) is True
    mail = Mail.objects.get()
    assert (mail.to, mail.subject_line) == (owner.user.email, "Aufgabe: Anrufen")


def test_a_finished_task_reminds_nobody(business, owner):
    todo = todos.add("Anrufen", by=owner, due_on=TODAY, customer=make.make_customer())
    todos.finish(todo, by=owner)
    todos.finish(todo, by=owner)
    assert DueAction.objects.get().state == "dropped"
    assert TimelineEntry.objects.filter(event="crm.todo_done").count() == 1


def test_a_reopened_task_is_open(business, owner):
    todo = todos.add("Anrufen", by=owner)
    todos.finish(todo, by=owner)
    assert not Todo.objects.open().exists()
    todos.reopen(todo)
    assert Todo.objects.open().get() == todo


def test_who_has_left_is_not_reminded(business, owner):
    todo = todos.add("Anrufen", by=owner)
    owner.is_active = False
    owner.save()
    todo.refresh_from_db()
    reminders.remind_of_todo(todo)
    assert not Mail.objects.exists()


def test_the_reminder_shows_whom_to_call(business, owner):
    reminders.remind_of_todo(todos.add("Griffe klären", by=owner, customer=make.make_customer(), due_on=TODAY))
    mail = Mail.objects.get()
    assert "Sabine Brandt" in mail.text and "0171 3920011" in mail.text and "23. November 2026" in mail.text
    assert 'href="tel:+491713920011"' in mail.html


def rhythm(owner, due_on, **fields):
    return todos.add("Filter wechseln", by=owner, due_on=due_on, **fields)


def test_finishing_a_task_that_comes_again_writes_the_next_one(business, owner):
    first = rhythm(owner, TODAY, every=2, unit="week", remind_at=timezone.make_aware(datetime(2026, 11, 20, 9)))
    following = todos.finish(first, by=owner)
    assert (following.due_on, following.text, following.assignee) == (date(2026, 12, 7), "Filter wechseln", owner)
    assert timezone.localtime(following.remind_at) == timezone.make_aware(datetime(2026, 12, 4, 9))
    assert todos.finish(first, by=owner) is None
    assert Todo.objects.open().get() == following
    assert [timezone.localtime(row.due_at).day for row in due.planned(following)] == [4]


@pytest.mark.parametrize(
    ("from_done", "due_on", "expected"),
    [
        (False, date(2026, 11, 1), date(2026, 12, 1)),  # three weeks late: the rhythm stays
        (False, date(2026, 12, 1), date(2027, 1, 1)),  # before its time: the next after that
        (False, date(2026, 8, 31), date(2026, 11, 30)),  # two that passed are not made up for
        (True, date(2026, 11, 1), date(2026, 12, 23)),
    ],
)
def test_the_next_is_counted_from_the_day_due_or_from_the_day_done(business, owner, from_done, due_on, expected):
    todo = rhythm(owner, due_on, every=1, unit="month", is_counted_from_done=from_done)
    assert todos.finish(todo, by=owner).due_on == expected


def test_the_last_of_a_month_stays_the_last(business, owner):
    todo, days = rhythm(owner, date(2027, 1, 31), every=1, unit="month"), []
    for _ in range(3):
        with time_machine.travel(f"{todo.due_on}T09:00:00+00:00", tick=False):
            todo = todos.finish(todo, by=owner)
        days.append(todo.due_on)
    assert days == [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]


def test_undoing_takes_the_next_one_away_again(business, owner):
    first = rhythm(owner, TODAY, every=1, unit="week")
    following = todos.finish(first, by=owner)
    todos.reopen(first)
    assert (Todo.objects.open().get(), due.planned(following)) == (first, [])
    second = todos.finish(first, by=owner)
    todos.finish(second, by=owner)
    with pytest.raises(Refusal, match="schon erledigt"):
        todos.reopen(first)
    assert Todo.objects.open().count() == 1


def test_a_deleted_task_ends_its_series_and_comes_back(business, owner):
    todo = rhythm(owner, date(2026, 11, 30), every=1, unit="week")
    todos.delete(todo)
    assert (Todo.objects.open().count(), due.planned(todo)) == (0, [])
    assert todos.finish(todo, by=owner) is None
    todos.restore(todo)
    assert Todo.objects.open().get() == todo and len(due.planned(todo)) == 1


def test_another_day_moves_the_reminder(business, owner):
    todo = todos.add("Anrufen", by=owner, due_on=date(2026, 11, 25))
    todos.change(todo, due_on=date(2026, 11, 27), text="Noch einmal anrufen")
    assert [timezone.localtime(row.due_at).day for row in due.planned(todo)] == [27]
    todos.change(todo, remind_at=timezone.make_aware(datetime(2026, 11, 26, 14, 30)))
    assert [timezone.localtime(row.due_at).hour for row in due.planned(todo)] == [14]
    todos.change(todo, due_on=None, remind_at=None)
    assert due.planned(todo) == []

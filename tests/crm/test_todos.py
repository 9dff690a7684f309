"""Tasks, and the mail that reminds of them."""

from datetime import date, datetime

import pytest
import time_machine
from django.utils import timezone

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

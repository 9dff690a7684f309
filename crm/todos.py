"""What can be done with a task (Aufgabe)."""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from crm import due, timeline
from crm.models import Todo

REMINDER = "crm.todo_reminder"
LONGEST = 200  # characters, as Todo.text holds


@transaction.atomic
def add(text, *, by, customer=None, due_on=None, assignee=None, remind_at=None, about=None) -> Todo:
    """Write a task down, perhaps about a document. Reminded at `remind_at`, or on the morning of the day it is due.

    Words that are too many, from names and titles of others, are cut and end with "…".
    """
    todo = Todo.objects.create(
        text=_fitted(text), customer=customer, due_on=due_on, assignee=assignee or by, by=by, remind_at=remind_at,
        about=about,
    )  # fmt: skip
    if remind_at or due_on:
        due.plan(REMINDER, todo, at=remind_at or due.morning_of(due_on))
    if customer:
        timeline.record(timeline.Event.TODO_ADDED, customer=customer, subject=todo, by=by)
    return todo


def open_about(subject):
    """Open tasks about a document."""
    kind = ContentType.objects.get_for_model(subject)
    return Todo.objects.open().filter(about_type=kind, about_id=subject.pk)


def waiting_about(subject, text) -> bool:
    """Whether somebody was already asked for just this."""
    return open_about(subject).filter(text=_fitted(text)).exists()


@transaction.atomic
def finish(todo: Todo, *, by) -> None:
    """Tick it off."""
    if Todo.objects.open().filter(pk=todo.pk).update(done_at=timezone.now()):
        due.drop(REMINDER, todo)
        if todo.customer:
            timeline.record(timeline.Event.TODO_DONE, customer=todo.customer, subject=todo, by=by)


@transaction.atomic
def reopen(todo: Todo) -> None:
    """Undo `finish`; a reminder that was still ahead comes again."""
    Todo.objects.filter(pk=todo.pk).update(done_at=None)
    due.take_up(REMINDER, todo)


def _fitted(text):
    text = text.strip()
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"

"""What can be done with a task (Aufgabe)."""

from django.db import transaction
from django.utils import timezone

from crm import due, mail, timeline
from crm.models import Todo

REMINDER = "crm.todo_reminder"


@transaction.atomic
def add(text, *, by, customer=None, due_on=None, assignee=None, remind_at=None) -> Todo:
    """Write a task down. Reminded at `remind_at`, or on the morning of the day it is due."""
    todo = Todo.objects.create(
        text=text.strip(), customer=customer, due_on=due_on, assignee=assignee or by, by=by, remind_at=remind_at
    )
    if remind_at or due_on:
        due.plan(REMINDER, todo, at=remind_at or due.morning_of(due_on))
    if customer:
        timeline.record(timeline.Event.TODO_ADDED, customer=customer, subject=todo, by=by)
    return todo


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


def remind(todo: Todo) -> None:
    """Due handler: mail the assignee, unless it is done by now."""
    if todo.done_at or todo.deleted_at or todo.assignee is None or not todo.assignee.is_active:
        return
    user = todo.assignee.user
    mail.queue("crm/mail/todo_reminder", to=user.email, about=todo, todo=todo, language=user.language or "de")

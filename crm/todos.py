"""What can be done with a task (Aufgabe)."""

from datetime import date, datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from crm import due, recurrence, timeline
from crm.models import Todo

REMINDER = "crm.todo_reminder"
LONGEST = 200  # characters, as Todo.text holds
FIELDS = ("text", "due_on", "remind_at", "assignee", "every", "unit", "is_counted_from_done")


@transaction.atomic
def add(
    text, *, by, customer=None, due_on=None, assignee=None, remind_at=None, about=None, every=None, unit=Todo.Unit.MONTH,
    is_counted_from_done=False,
) -> Todo:  # fmt: skip
    """Write a task down, perhaps about a document. Reminded at `remind_at`, or on the morning of the day it is due.

    With `every` it comes again so many units later, once it is finished. Words that are too many, from names and titles
    of others, are cut and end with "…".
    """
    todo = Todo.objects.create(
        text=_fitted(text), customer=customer, due_on=due_on, assignee=assignee or by, by=by, remind_at=remind_at,
        about=about, every=every, unit=unit, is_counted_from_done=is_counted_from_done,
        series_from=due_on if every else None,
    )  # fmt: skip
    due.replan(REMINDER, todo, at=_reminder(todo))
    if customer:
        timeline.record(timeline.Event.TODO_ADDED, customer=customer, subject=todo, by=by)
    return todo


@transaction.atomic
def change(todo: Todo, **fields) -> Todo:
    """Write it down anew. `fields` are those of FIELDS; another day or another rhythm begins the series anew."""
    rhythm = ("due_on", "every", "unit")
    begins_anew = any(name in fields and fields[name] != getattr(todo, name) for name in rhythm)
    for name, value in fields.items():
        setattr(todo, name, _fitted(value) if name == "text" else value)
    if begins_anew or not todo.every:
        todo.series_from = todo.due_on if todo.every else None
    todo.changed_at = timezone.now()
    todo.save()
    if todo.done_at is None and todo.deleted_at is None:
        due.replan(REMINDER, todo, at=_reminder(todo))
    return todo


def open_about(subject):
    """Open tasks about a document."""
    kind = ContentType.objects.get_for_model(subject)
    return Todo.objects.open().filter(about_type=kind, about_id=subject.pk)


def waiting_about(subject, text) -> bool:
    """Whether somebody was already asked for just this."""
    return open_about(subject).filter(text=_fitted(text)).exists()


@transaction.atomic
def finish(todo: Todo, *, by) -> Todo | None:
    """Tick it off. Of one that comes again, the next is written down and returned."""
    now = timezone.now()
    if not Todo.objects.open().filter(pk=todo.pk).update(done_at=now, changed_at=now):
        return None
    todo.refresh_from_db()
    due.drop(REMINDER, todo)
    if todo.customer:
        timeline.record(timeline.Event.TODO_DONE, customer=todo.customer, subject=todo, by=by)
    return _write_next(todo) if todo.every else None


@transaction.atomic
def reopen(todo: Todo) -> None:
    """Undo `finish`; a reminder that was still ahead comes again, and the next one of a series has never been.

    Raises Refusal when somebody has worked on the next one meanwhile: two of a series are never open at once.
    """
    if follower := Todo.objects.filter(follows=todo).first():
        if follower.done_at or follower.deleted_at:
            raise Refusal(
                _(
                    "Die nächste Aufgabe dieser Reihe ist schon erledigt oder gelöscht. Bitte legen Sie eine neue Aufgabe an."
                )
            )
        due.drop(REMINDER, follower)
        follower.delete()
    Todo.objects.filter(pk=todo.pk).update(done_at=None, changed_at=timezone.now())
    due.take_up(REMINDER, todo)


@transaction.atomic
def delete(todo: Todo) -> None:
    """Take it off the list, with all that would come after it; `restore` undoes that."""
    now = timezone.now()
    if Todo.objects.filter(pk=todo.pk, deleted_at=None).update(deleted_at=now, changed_at=now):
        due.drop(REMINDER, todo)


@transaction.atomic
def restore(todo: Todo) -> None:
    """Undo `delete`."""
    if Todo.objects.filter(pk=todo.pk).exclude(deleted_at=None).update(deleted_at=None, changed_at=timezone.now()):
        due.take_up(REMINDER, todo)


def next_day(todo: Todo, *, on: date) -> date:
    """When the next one of a series is due, if this one is finished on a day.

    Counted from that day, or from the first day of the series: what comes late does not shift the others, and no time
    that has passed already is made up for.
    """
    every, due_on = todo.every or 1, todo.due_on or on  # a constraint: what comes again has a day
    if todo.is_counted_from_done:
        return recurrence.later(on, every, todo.unit)
    return recurrence.next_after(todo.series_from or due_on, max(due_on, on), every=every, unit=todo.unit)


def _write_next(todo):
    due_on = next_day(todo, on=timezone.localdate())
    following = Todo.objects.create(
        text=todo.text, customer=todo.customer, due_on=due_on, assignee=todo.assignee, by=todo.by, about=todo.about,
        remind_at=_shifted(todo.remind_at, days=(due_on - todo.due_on).days), every=todo.every, unit=todo.unit,
        is_counted_from_done=todo.is_counted_from_done, follows=todo,
        series_from=due_on if todo.is_counted_from_done else todo.series_from or todo.due_on,
    )  # fmt: skip
    due.replan(REMINDER, following, at=_reminder(following))
    return following


def _shifted(instant: datetime | None, *, days: int) -> datetime | None:
    """The same time on the clock on the wall so many days later, whatever the clocks did in between (P98)."""
    if instant is None:
        return None
    local = timezone.localtime(instant).replace(tzinfo=None)
    return timezone.make_aware(local + timedelta(days=days))


def _reminder(todo):
    return todo.remind_at or (due.morning_of(todo.due_on) if todo.due_on else None)


def _fitted(text):
    text = text.strip()
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"

"""What can be done with an appointment. Customers who know of it (crm.models.Arrangement) are told what changes."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from crm import appointment_news, scheduling, states, timeline
from crm.models import Appointment, Arrangement

State = Arrangement.State


@transaction.atomic
def add(
    customer, title, *, starts_at: datetime, ends_at: datetime, by, place="", assignee=None, is_told=False
) -> Appointment:
    """Make a date with a contact. `is_told`: the customer gets it by mail with a link, and is reminded of it."""
    scheduling.hold(assignee)
    appointment = Appointment.objects.create(
        customer=customer, title=title.strip(), starts_at=starts_at, ends_at=ends_at, place=place, assignee=assignee
    )
    timeline.record(
        timeline.Event.APPOINTMENT_ADDED, customer=customer, subject=appointment, by=by, starts_at=starts_at.isoformat()
    )
    if is_told:
        arrangement = Arrangement.objects.create(
            customer=customer, kind=Arrangement.Kind.BOOKED, state=State.BOOKED, title=appointment.title, place=place,
            minutes=minutes(appointment), assignee=assignee, appointment=appointment, by=by,
        )  # fmt: skip
        appointment_news.invite(arrangement, by=by)
        appointment_news.tell(arrangement)
        appointment_news.plan_reminders(appointment)
    return appointment


@transaction.atomic
def change(appointment: Appointment, *, by, starts_at=None, ends_at=None, **fields) -> Appointment:
    """Move it, or write it down anew; `fields` are title, place and assignee."""
    before = appointment.starts_at
    scheduling.hold(fields.get("assignee", appointment.assignee))
    fields |= {"starts_at": starts_at or before, "ends_at": ends_at or appointment.ends_at}
    changed = {name: value for name, value in fields.items() if getattr(appointment, name) != value}
    if not changed:
        return appointment
    _update(appointment, **changed)
    if "starts_at" in changed:
        timeline.record(
            timeline.Event.APPOINTMENT_MOVED, customer=appointment.customer, subject=appointment, by=by,
            starts_at=appointment.starts_at.isoformat(), before=before.isoformat(),
        )  # fmt: skip
    if arrangement := arrangement_of(appointment):
        appointment_news.prolong(arrangement, appointment.ends_at)
        if by is not None:
            appointment_news.tell(arrangement)
        appointment_news.plan_reminders(appointment)
    return appointment


@transaction.atomic
def cancel(appointment: Appointment, *, by=None) -> None:
    """Call it off; `restore` undoes that."""
    now = timezone.now()
    if not Appointment.objects.filter(pk=appointment.pk, cancelled_at=None).update(
        cancelled_at=now, changed_at=now, version=F("version") + 1
    ):
        return
    appointment.refresh_from_db()
    timeline.record(
        timeline.Event.APPOINTMENT_CANCELLED, customer=appointment.customer, subject=appointment, by=by,
        starts_at=appointment.starts_at.isoformat(),
    )  # fmt: skip
    if arrangement := arrangement_of(appointment):
        states.move(arrangement, State.CANCELLED)
        if by is not None:
            appointment_news.tell(arrangement)
    appointment_news.plan_reminders(appointment)


@transaction.atomic
def restore(appointment: Appointment) -> None:
    """Undo `cancel`: whoever has not heard of it yet never will."""
    if not Appointment.objects.filter(pk=appointment.pk).exclude(cancelled_at=None).exists():
        return
    _update(appointment, cancelled_at=None)
    if arrangement := arrangement_of(appointment):
        states.move(arrangement, State.BOOKED)
        appointment_news.tell(arrangement)
        appointment_news.plan_reminders(appointment)


def arrangement_of(appointment: Appointment) -> Arrangement | None:
    """What was agreed about it with the customer; None when the customer knows nothing of it."""
    return Arrangement.objects.filter(appointment=appointment).first()


def minutes(appointment: Appointment) -> int:
    """How long it lasts."""
    return int((appointment.ends_at - appointment.starts_at).total_seconds() // 60)


def _update(appointment, **fields):
    Appointment.objects.filter(pk=appointment.pk).update(**fields, changed_at=timezone.now(), version=F("version") + 1)
    appointment.refresh_from_db()

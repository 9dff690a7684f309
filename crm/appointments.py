"""What can be done with an appointment."""

from django.db import transaction
from django.utils import timezone

from crm import timeline
from crm.models import Appointment


@transaction.atomic
def add(customer, title, *, starts_at, ends_at, by, place="", assignee=None) -> Appointment:
    """Make a date with a contact."""
    appointment = Appointment.objects.create(
        customer=customer, title=title.strip(), starts_at=starts_at, ends_at=ends_at, place=place, assignee=assignee
    )
    timeline.record(
        timeline.Event.APPOINTMENT_ADDED, customer=customer, subject=appointment, by=by, starts_at=starts_at.isoformat()
    )
    return appointment


def cancel(appointment: Appointment) -> None:
    """Call it off; `restore` undoes that."""
    Appointment.objects.filter(pk=appointment.pk).update(cancelled_at=timezone.now())


def restore(appointment: Appointment) -> None:
    """Undo `cancel`."""
    Appointment.objects.filter(pk=appointment.pk).update(cancelled_at=None)

"""What waits for whom: questions, tasks, dates. Who may not see everything sees their own."""

from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.rights import Right
from crm import contact_proposals, messages
from crm.models import Appointment, Customer, Mail, Todo, WorkRequest

AROUND_NOW = timedelta(minutes=60)


def sees_all(member) -> bool:
    """The office looks after everybody's things; a worker on site after their own (HEU6)."""
    return Right.WRITE_CONTACTS in member.rights


def questions(member):
    """Customers' questions nobody has answered."""
    return messages.unread().prefetch_related("subject") if sees_all(member) else messages.unread().none()


def work_requests(member):
    """Requests for work that nobody has answered, the oldest first."""
    found = WorkRequest.objects.filter(state=WorkRequest.State.NEW).select_related("customer")
    return found.order_by("created_at", "pk") if sees_all(member) else found.none()


def proposals(member):
    """Contact data that customers want to be changed."""
    found = contact_proposals.open_ones()
    return found if sees_all(member) else found.none()


def open_questions(member) -> list:
    """The number behind "Nachrichten" in the menu."""
    return [questions(member)]


def todos(member, *, on=None):
    """Open tasks, most urgent first; with `on` only those due by that day."""
    found = Todo.objects.open().select_related("customer", "assignee__user")
    if not sees_all(member):
        found = found.filter(assignee=member)
    return found if on is None else found.filter(due_on__lte=on)


def follow_ups(member, *, on):
    """Contacts to come back to by that day (Wiedervorlage)."""
    found = Customer.objects.active().filter(follow_up_on__lte=on).order_by("follow_up_on", "pk")
    return found if sees_all(member) else found.none()


def failed_mails(member):
    """Mails that could not be delivered, newest first. A contact's address that refuses mails is a task instead."""
    refused = Q(state=Mail.State.BOUNCED, customer=None)
    found = Mail.objects.filter(Q(state=Mail.State.FAILED) | refused).select_related("customer").order_by("-pk")
    return found if sees_all(member) else found.none()


def appointments(member, *, on):
    """The day's appointments, in order."""
    start = timezone.make_aware(datetime.combine(on, time.min))
    end = timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))
    found = Appointment.objects.filter(starts_at__gte=start, starts_at__lt=end, cancelled_at=None)
    if not sees_all(member):
        found = found.filter(assignee=member)
    return found.select_related("customer", "assignee__user")


def appointment_now(member) -> Appointment | None:
    """The member's own appointment now or within an hour before or after; the nearest beginning."""
    now = timezone.now()
    near = Appointment.objects.filter(assignee=member, cancelled_at=None).filter(
        Q(starts_at__lte=now + AROUND_NOW), Q(ends_at__gte=now - AROUND_NOW)
    )
    found = near.select_related("customer").order_by("starts_at")[:10]
    return min(found, key=lambda appointment: abs(appointment.starts_at - now), default=None)


def count(member) -> int:
    """How many of these things wait for the member today, without appointments."""
    today = timezone.localdate()
    return sum(
        selection.count()
        for selection in (
            questions(member), proposals(member), work_requests(member), todos(member, on=today),
            follow_ups(member, on=today), failed_mails(member),
        )
    )  # fmt: skip

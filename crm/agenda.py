"""What waits for whom: questions, tasks, dates. Who may not see everything sees their own."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.rights import Right
from crm import contact_proposals, messages
from crm.models import Appointment, Arrangement, Customer, Mail, Todo, WorkRequest

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


def visible_todos(member):
    """Tasks a member may write down anew or delete: on site one's own, and those one gave to others."""
    found = Todo.objects.select_related("customer", "assignee__user")
    return found if sees_all(member) else found.filter(Q(assignee=member) | Q(by=member))


def todo_list(member, *, shown: str = "", is_own: bool = False, after: str = "", on: date):
    """The list of tasks: open, overdue (`faellig`) or done (`erledigt`), those behind the task `after` (keyset)."""
    found = Todo.objects.select_related("customer", "assignee__user")
    if is_own or not sees_all(member):
        found = found.filter(assignee=member)
    last = Todo.objects.filter(pk=after[:18]).first() if after.isascii() and after.isdecimal() else None
    if shown == "erledigt":
        found = found.filter(done_at__isnull=False, deleted_at=None).order_by("-done_at", "-pk")
        if last and last.done_at:
            found = found.filter(Q(done_at__lt=last.done_at) | Q(done_at=last.done_at, pk__lt=last.pk))
        return found
    found = found.open()
    if shown == "faellig":
        found = found.filter(due_on__lt=on)
    if last and last.due_on:
        behind = Q(due_on__gt=last.due_on) | Q(due_on=last.due_on, pk__gt=last.pk) | Q(due_on=None)
        return found.filter(behind)
    return found.filter(due_on=None, pk__gt=last.pk) if last else found


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


def visible_appointments(member):
    """Appointments a member may open: on site one's own."""
    found = Appointment.objects.select_related("customer", "assignee__user")
    return found if sees_all(member) else found.filter(assignee=member)


def visible_arrangements(member):
    """What was agreed with customers, as far as a member may see it: on site about one's own time."""
    found = Arrangement.objects.select_related("customer", "assignee__user", "appointment")
    return found if sees_all(member) else found.filter(assignee=member)


def appointment_answers(member):
    """What customers did about their appointments and nobody has read yet: taken, moved, called off, none that fits."""
    found = Arrangement.objects.filter(answered_at__isnull=False, read_at=None)
    if not sees_all(member):
        found = found.filter(assignee=member)
    return found.select_related("customer", "appointment", "assignee__user").order_by("answered_at", "pk")


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
            follow_ups(member, on=today), failed_mails(member), appointment_answers(member),
        )
    )  # fmt: skip

"""Calendar feeds: a member's tasks and appointments at a secret address that calendar programs fetch (RFC 5545).

Tasks with a day are whole-day events: Google, Apple and Outlook show no VTODO of a calendar they subscribe to. What a
feed holds follows from the member's rights at the moment it is fetched.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.formats import phone
from accounts.models import Member
from accounts.rights import Right
from crm import agenda
from crm.calendar_files import Event, calendar
from crm.models import Appointment, CalendarFeed, Todo

PAST, AHEAD = timedelta(days=30), timedelta(days=400)
MOST = 2000  # of each kind; who has more sees the nearest
REFRESH = timedelta(hours=1)
USE_IS_NOTED_EVERY = timedelta(hours=1)


def create(member: Member, name: str, *, is_of_all: bool = False) -> tuple[CalendarFeed, str]:
    """A new feed and its address, which can be shown this once only."""
    raw = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        member=member, name=name.strip(), is_of_all=is_of_all and agenda.sees_all(member), digest=_digest(raw)
    )
    return feed, settings.PUBLIC_BASE_URL + reverse("crm:calendar_feed", args=[raw])


def of_member(member: Member):
    """The feeds a member has made and not ended."""
    return CalendarFeed.objects.filter(member=member, revoked_at=None)


def revoke(feed: CalendarFeed) -> None:
    """End a feed; the very next request finds nothing."""
    CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=timezone.now())


def find(raw: str) -> CalendarFeed | None:
    """The living feed of an address, of whatever business; None for unknown and ended ones, and for people who left or may
    not see notes any more.
    """
    found = (
        CalendarFeed.unscoped.select_related("business", "member__user", "member__business")
        .filter(digest=_digest(raw), revoked_at=None, member__is_active=True, member__user__is_active=True)
        .first()
    )
    return found if found and Right.SEE_NOTES in found.member.rights else None


def note_use(feed: CalendarFeed) -> None:
    """Remember when a feed was last fetched, to the hour."""
    now = timezone.now()
    if feed.last_fetched_at is None or feed.last_fetched_at < now - USE_IS_NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_fetched_at=now)


def content(feed: CalendarFeed) -> tuple[str, datetime]:
    """The calendar, and when something in it was last changed. Two queries for any number of entries."""
    member, now = feed.member, timezone.now()
    dates = Appointment.objects.filter(starts_at__gte=now - PAST, starts_at__lt=now + AHEAD)
    todos = Todo.objects.open().filter(due_on__isnull=False, due_on__lt=timezone.localdate(now + AHEAD))
    if not (feed.is_of_all and agenda.sees_all(member)):
        dates, todos = dates.filter(assignee=member), todos.filter(assignee=member)
    related = ("customer", "assignee__user")
    dates = dates.filter(Q(cancelled_at=None) | Q(cancelled_at__gte=now - PAST)).select_related(*related)
    shown = [*dates.order_by("starts_at", "pk")[:MOST]]
    tasks = [*todos.select_related(*related).order_by("due_on", "pk")[:MOST]]
    events = [_appointment(each, feed) for each in shown] + [_todo(each) for each in tasks]
    changed = max([feed.created_at, *(each.changed_at for each in (*shown, *tasks))])
    name = _("%(business)s, %(who)s") % {
        "business": feed.business.name,
        "who": _("alle") if feed.is_of_all and agenda.sees_all(member) else str(member),
    }
    return calendar(events, name=name, refresh=REFRESH), changed


def _appointment(date, feed):
    who = f" ({date.assignee})" if date.assignee and date.assignee_id != feed.member_id else ""
    number = date.customer.mobile or date.customer.phone
    return Event(
        f"appointment-{date.pk}@handschlag",
        f"{date.title}, {date.customer}{who}",
        start=date.starts_at,
        end=date.ends_at,
        stamp=date.changed_at,
        version=date.version,
        place=date.place or _address(date.customer),
        notes=phone(number),
        url=settings.PUBLIC_BASE_URL + date.customer.get_absolute_url(),
        is_cancelled=date.cancelled_at is not None,
    )


def _todo(todo):
    target = todo.customer or todo
    return Event(
        f"todo-{todo.pk}@handschlag",
        f"{todo.text} ({todo.customer})" if todo.customer else todo.text,
        start=todo.due_on,
        stamp=todo.changed_at,
        url=settings.PUBLIC_BASE_URL + target.get_absolute_url(),
    )


def _address(customer):
    return ", ".join(filter(None, [customer.street, f"{customer.postcode} {customer.city}".strip()]))


def _digest(raw):
    return hashlib.sha256(raw.encode("utf-8", "replace")).hexdigest()

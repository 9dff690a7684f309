"""What customers hear about their appointment: proposed, agreed, moved, called off, and a reminder two days and three
hours before.

What the office does waits a few minutes and is told as one (settings.ORDER_NEWS_MINUTES): not each step, but what differs
in the end from what the customer knows (Arrangement.told). They asked for the appointment and wait for these mails, so
crm.mail_limits (one a day, two a week) does not hold; reminders still come by day only.
"""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import current, formats
from crm import access, due, mail, mail_limits, scheduling, todos
from crm.models import AccessLink, Appointment, Arrangement, Customer

State = Arrangement.State
NEWS = "crm.appointment_news"
TWO_DAYS = "crm.appointment_in_two_days"
HOURS = "crm.appointment_in_hours"
BUNDLED = timedelta(minutes=settings.ORDER_NEWS_MINUTES)
LINK_LIVES = timedelta(days=30)  # behind the last day of what it is about
DAY_BEGINS, DAY_ENDS = time(8, 0), time(20, 0)  # the reminder two days before
EARLY, LATE, EVENING = time(7, 0), time(21, 0), time(18, 0)  # the one on the day; else on the evening before
HOURS_BEFORE = timedelta(hours=3)


# --- the link -------------------------------------------------------------------------------------------------------------
def invite(arrangement: Arrangement, *, by) -> AccessLink:
    """The customer's link to the page of this appointment."""
    ends = [each.ends_at for each in arrangement.times.all()]
    if arrangement.appointment:
        ends.append(arrangement.appointment.ends_at)
    if not ends:
        last = arrangement.last_on or timezone.localdate() + timedelta(days=scheduling.rules().window_days)
        ends.append(scheduling.day_begins(last + timedelta(days=1)))
    return access.mint(
        arrangement, purpose=AccessLink.Purpose.DATE, customer=arrangement.customer, sent_to=arrangement.customer.email,
        asks_postcode=current.business().asks_postcode, expires_at=max(ends) + LINK_LIVES, by=by,
    )  # fmt: skip


def prolong(arrangement: Arrangement, ends_at: datetime) -> None:
    """Let the links live for an appointment that lies later now."""
    until = ends_at + LINK_LIVES
    access.links_to(arrangement).filter(revoked_at=None, expires_at__lt=until).update(expires_at=until)


def recipient(arrangement: Arrangement) -> AccessLink | None:
    """The link to mail with; None for customers who want no mail or cannot get any."""
    if arrangement.customer.contact_by != Customer.ContactBy.MAIL:
        return None
    link = next((link for link in access.links_to(arrangement) if link.is_open and link.sent_to), None)
    return None if link is None or mail_limits.is_refused(link.sent_to) else link


# --- news -----------------------------------------------------------------------------------------------------------------
def tell(arrangement: Arrangement) -> None:
    """Let the customer know how it stands, in a few minutes."""
    if BUNDLED:
        due.replan(NEWS, arrangement, at=timezone.now() + BUNDLED)
    else:
        deliver(arrangement)


def deliver(arrangement: Arrangement, *, asks_office: bool = True) -> None:
    """Tell the customer what differs from what he knows, once; `tell_due` with the row locked.

    By mail with the link for those who want mail and have an address that takes it; for the others the office gets a task
    with the telephone number, unless the customer just did it himself.
    """
    with transaction.atomic():
        row = Arrangement.objects.select_for_update(of=("self",)).select_related("customer").get(pk=arrangement.pk)
        before, now = row.told, state_of(row)
        if before == now:
            return
        Arrangement.objects.filter(pk=row.pk).update(told=now)
        if row.state in (State.OPEN, State.BOOKED) or (row.state == State.CANCELLED and before):
            _say(row, before, asks_office)


def tell_due(arrangement: Arrangement) -> None:
    """Due handler: what is still to be told."""
    deliver(arrangement)


def state_of(arrangement: Arrangement) -> str:
    """What there is to know about it, to compare with what was told."""
    if arrangement.state == State.BOOKED and arrangement.appointment:
        return f"{State.BOOKED} {arrangement.appointment.starts_at.isoformat()}"
    return arrangement.state


def told_start(told: str) -> datetime | None:
    """The beginning that a customer was told of."""
    state, _space, start = told.partition(" ")
    return datetime.fromisoformat(start) if state == State.BOOKED and start else None


# --- reminders -------------------------------------------------------------------------------------------------------------
def plan_reminders(appointment: Appointment) -> None:
    """Plan them for how the appointment stands now; what has passed is not made up for."""
    now = timezone.now()
    for kind, at in ((TWO_DAYS, two_days_before(appointment.starts_at)), (HOURS, hours_before(appointment.starts_at))):
        due.replan(kind, appointment, at=at if at > now and appointment.cancelled_at is None else None)


def two_days_before(starts_at: datetime) -> datetime:
    """The same time two days earlier on the clock on the wall, but by day."""
    local = timezone.localtime(starts_at).replace(tzinfo=None)
    clock = min(max(local.time(), DAY_BEGINS), DAY_ENDS)
    return timezone.make_aware(datetime.combine(local.date() - timedelta(days=2), clock))


def hours_before(starts_at: datetime) -> datetime:
    """Three hours earlier; what would be at night comes on the evening before."""
    at = starts_at - HOURS_BEFORE
    local = timezone.localtime(at)
    if EARLY <= local.time() < LATE:
        return at
    day = local.date() if local.time() >= LATE else local.date() - timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, EVENING))


def remind_early(appointment: Appointment) -> None:
    """Due handler, two days before: left out when it comes so late, after an outage, that the other one is due as well."""
    if hours_before(appointment.starts_at) > timezone.now():
        remind(appointment)


def remind(appointment: Appointment) -> None:
    """Due handler: remind the customer by mail; customers who want to be called, the office by a task."""
    arrangement = Arrangement.objects.select_related("customer").filter(appointment=appointment).first()
    is_over = appointment.cancelled_at is not None or appointment.starts_at <= timezone.now()
    if arrangement is None or is_over or not scheduling.rules().reminds:
        return
    if arrangement.told != state_of(arrangement):  # the news say it as well
        deliver(arrangement)
        return
    customer = arrangement.customer
    if link := recipient(arrangement):
        mail.queue(
            "crm/mail/appointment_reminder", to=link.sent_to, customer=customer, link=link, about=appointment,
            language=customer.language, arrangement=arrangement, appointment=appointment,
            signed_by=str(appointment.assignee or ""),
        )  # fmt: skip
    elif appointment.starts_at - timezone.now() > timedelta(days=1):
        _ask_office(arrangement, _("Ihr Termin ist %(when)s.") % {"when": _moment(appointment.starts_at)})


# --- inside ---------------------------------------------------------------------------------------------------------------
def _say(arrangement, before, asks_office):
    customer, appointment = arrangement.customer, arrangement.appointment
    link = recipient(arrangement)
    if link is None:
        if asks_office:
            _ask_office(arrangement, _sentence(arrangement, before))
        return
    kind = "crm/mail/appointment_offered" if arrangement.state == State.OPEN else "crm/mail/appointment_told"
    old = told_start(before)
    with translation.override(customer.language):
        mail.queue(
            kind, to=link.sent_to, customer=customer, link=link, about=arrangement, language=customer.language,
            arrangement=arrangement, appointment=appointment, times=list(arrangement.times.all()),
            before=old if appointment and old != appointment.starts_at else None,
            is_cancelled=arrangement.state == State.CANCELLED,
            signed_by=str((appointment or arrangement).assignee or ""),
        )  # fmt: skip


def _sentence(arrangement, before):
    if arrangement.state == State.OPEN:
        times = " · ".join(_moment(each.starts_at) for each in arrangement.times.all())
        return _("Wann passt „%(title)s“? %(times)s") % {"title": arrangement.title, "times": times}
    when = {"when": _moment(arrangement.appointment.starts_at), "title": arrangement.title}
    if arrangement.state == State.CANCELLED:
        return _("Der Termin „%(title)s“ am %(when)s ist abgesagt.") % when
    if told_start(before):
        return _("„%(title)s“ ist jetzt am %(when)s.") % when
    return _("„%(title)s“ ist am %(when)s.") % when


def _moment(instant):
    return f"{formats.day_long(instant)}, {formats.clock(instant)}"


def _ask_office(arrangement, sentence):
    """One task that says whom to reach how, and what to tell."""
    customer = arrangement.customer
    said = {"name": customer.name[:60], "phone": formats.phone(customer.mobile or customer.phone), "news": sentence}
    if customer.contact_by == Customer.ContactBy.POST or not said["phone"]:
        text = _("Brief an %(name)s: %(news)s") % said
    else:
        text = _("%(name)s anrufen (%(phone)s): %(news)s") % said
    who = (arrangement.appointment or arrangement).assignee
    todos.add(
        text, by=None, assignee=who if who and who.is_active else arrangement.by, customer=customer,
        about=arrangement.appointment or arrangement, due_on=timezone.localdate(),
    )  # fmt: skip

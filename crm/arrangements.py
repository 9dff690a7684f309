"""How an appointment comes about with the customer: proposed or picked from what is free, moved and called off by link.

Nothing is held back for anybody: of two customers who want the same time the first has it, and the second is told so
(`_settle` decides under a lock).
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from crm import appointment_news, appointments, scheduling, states, timeline, todos
from crm.models import Appointment, Arrangement, ProposedTime
from crm.slots import Span

State, Kind = Arrangement.State, Arrangement.Kind
LONGEST_WORDS = 500


class Taken(Refusal):
    """Somebody else was faster, or the time has passed."""

    def __init__(self):
        super().__init__(
            _("Diese Zeit ist inzwischen vergeben. Bitte suchen Sie sich eine andere aus."), field="starts_at"
        )


# --- the office -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def propose(
    customer, title, *, by, minutes: int, assignee=None, place="", times=(), first_on=None, last_on=None
) -> Arrangement:
    """Ask the customer for a time: for one of `times` (instants), or without them for a free one between two days.

    Raises Refusal for times that have passed.
    """
    if any(each <= timezone.now() for each in times):
        raise Refusal(_("Eine der Zeiten ist schon vorbei. Bitte wählen Sie eine spätere."), field="first")
    arrangement = Arrangement.objects.create(
        customer=customer, kind=Kind.TIMES if times else Kind.SLOTS, title=title.strip(), place=place.strip(),
        minutes=minutes, assignee=assignee, first_on=first_on, last_on=last_on, by=by,
    )  # fmt: skip
    length = timedelta(minutes=minutes)
    ProposedTime.objects.bulk_create(
        [ProposedTime(arrangement=arrangement, starts_at=each, ends_at=each + length) for each in sorted(set(times))]
    )
    timeline.record(timeline.Event.APPOINTMENT_OFFERED, customer=customer, subject=arrangement, by=by, times=len(times))
    appointment_news.invite(arrangement, by=by)
    appointment_news.deliver(arrangement)
    return arrangement


@transaction.atomic
def close(arrangement: Arrangement) -> None:
    """Take the question back: the customer's page says so."""
    states.move(arrangement, State.CLOSED)
    _settle_tasks(arrangement)


def mark_read(arrangement: Arrangement) -> None:
    """The office has seen what the customer answered."""
    Arrangement.objects.filter(pk=arrangement.pk, read_at=None).update(read_at=timezone.now())


def mark_unread(arrangement: Arrangement) -> None:
    """Undo `mark_read`."""
    Arrangement.objects.filter(pk=arrangement.pk).update(read_at=None)


# --- the customer -----------------------------------------------------------------------------------------------------------
def proposed(arrangement: Arrangement) -> list[ProposedTime]:
    """The times the office proposed that are still to be had."""
    times = [each for each in arrangement.times.all() if each.starts_at > timezone.now()]
    if not times:
        return []
    first, last = timezone.localdate(times[0].starts_at), timezone.localdate(times[-1].ends_at)
    taken = scheduling.busy(first, last, assignee=arrangement.assignee)
    return [each for each in times if not any(Span(each.starts_at, each.ends_at).meets(other) for other in taken)]


def window(arrangement: Arrangement) -> tuple[date, date]:
    """Between which days the customer may choose, today at the earliest; the last one may lie before the first."""
    today = timezone.localdate()
    last = today + timedelta(days=scheduling.rules().window_days)
    if arrangement.state == State.BOOKED:
        return today, last
    return max(today, arrangement.first_on or today), min(last, arrangement.last_on or last)


def free(arrangement: Arrangement, first: date | None = None, last: date | None = None) -> list[datetime]:
    """The times the customer can choose from, within the window and these days."""
    opens, closes = window(arrangement)
    first, last = max(opens, first or opens), min(closes, last or closes)
    if last < first:
        return []
    present = arrangement.appointment if arrangement.state == State.BOOKED else None
    found = scheduling.free_slots(
        first, last, minutes=appointments.minutes(present) if present else arrangement.minutes,
        assignee=present.assignee if present else arrangement.assignee, without=present,
    )  # fmt: skip
    return [each for each in found if present is None or each != present.starts_at]


def may_change(arrangement: Arrangement) -> bool:
    """Whether the customer can still move it or call it off without calling us."""
    appointment = arrangement.appointment
    if arrangement.state != State.BOOKED or appointment is None:
        return False
    return timezone.now() + timedelta(hours=scheduling.rules().change_hours) <= appointment.starts_at


@transaction.atomic
def take(arrangement: Arrangement, starts_at: datetime) -> Appointment:
    """The customer takes one of the times. Raises Taken, and Refusal when there is nothing to take any more."""
    arrangement = _settle(arrangement)
    if arrangement.state == State.BOOKED and _agreed(arrangement).starts_at == starts_at:
        return _agreed(arrangement)  # sent twice
    if arrangement.state not in (State.OPEN, State.REFUSED):
        raise states.NotAllowed(arrangement)
    ends_at = _end_if_free(arrangement, starts_at)
    appointment = Appointment.objects.create(
        customer=arrangement.customer, title=arrangement.title, place=arrangement.place, assignee=arrangement.assignee,
        starts_at=starts_at, ends_at=ends_at,
    )  # fmt: skip
    states.move(arrangement, State.BOOKED, appointment=appointment, **_answer())
    timeline.record(
        timeline.Event.APPOINTMENT_PICKED, customer=arrangement.customer, subject=appointment,
        starts_at=starts_at.isoformat(),
    )  # fmt: skip
    _settle_tasks(arrangement)
    appointment_news.prolong(arrangement, ends_at)
    appointment_news.deliver(arrangement, asks_office=False)
    appointment_news.plan_reminders(appointment)
    return appointment


@transaction.atomic
def move(arrangement: Arrangement, starts_at: datetime) -> Appointment:
    """The customer moves it to another free time. Raises Taken, and Refusal when it is too late for that."""
    arrangement = _settle(arrangement)
    appointment = _check_change(arrangement)
    if appointment.starts_at == starts_at:
        return appointment
    ends_at = _end_if_free(arrangement, starts_at)
    appointments.change(appointment, by=None, starts_at=starts_at, ends_at=ends_at)
    Arrangement.objects.filter(pk=arrangement.pk).update(**_answer())
    appointment_news.deliver(arrangement, asks_office=False)
    return appointment


@transaction.atomic
def cancel(arrangement: Arrangement, *, words: str = "") -> None:
    """The customer calls it off, perhaps with a reason."""
    arrangement = _settle(arrangement)
    if arrangement.state == State.CANCELLED:
        return
    appointments.cancel(_check_change(arrangement))
    Arrangement.objects.filter(pk=arrangement.pk).update(**_answer(words))
    appointment_news.deliver(arrangement, asks_office=False)


@transaction.atomic
def refuse(arrangement: Arrangement, *, words: str = "") -> None:
    """No time fits; the office looks for another way. What was proposed can still be taken."""
    arrangement = _settle(arrangement)
    if arrangement.state == State.REFUSED:
        Arrangement.objects.filter(pk=arrangement.pk).update(**_answer(words))
        return
    states.move(arrangement, State.REFUSED, **_answer(words))
    timeline.record(timeline.Event.APPOINTMENT_REFUSED, customer=arrangement.customer, subject=arrangement)


def _settle(arrangement):
    """The arrangement as it is now, with nobody else deciding about it or about that person's time."""
    locked = Arrangement.objects.select_for_update(of=("self",)).get(pk=arrangement.pk)
    scheduling.hold(locked.appointment.assignee if locked.appointment else locked.assignee)
    found = Arrangement.objects.select_related("customer", "assignee", "appointment__assignee", "appointment__customer")
    return found.get(pk=arrangement.pk)


def _settle_tasks(arrangement):
    """Nobody needs to call about it any more."""
    for todo in todos.open_about(arrangement):
        todos.finish(todo, by=None)


def _end_if_free(arrangement, starts_at):
    if arrangement.kind == Kind.TIMES and arrangement.state != State.BOOKED:
        found = next((each for each in proposed(arrangement) if each.starts_at == starts_at), None)
        if found is None:
            raise Taken
        return found.ends_at
    day = timezone.localdate(starts_at)
    if starts_at not in free(arrangement, day, day):
        raise Taken
    present = arrangement.appointment if arrangement.state == State.BOOKED else None
    return starts_at + timedelta(minutes=appointments.minutes(present) if present else arrangement.minutes)


def _check_change(arrangement) -> Appointment:
    if arrangement.state != State.BOOKED:
        raise states.NotAllowed(arrangement)
    if not may_change(arrangement):
        raise Refusal(_("Dafür ist es online zu spät. Bitte rufen Sie uns an."))
    return _agreed(arrangement)


def _agreed(arrangement) -> Appointment:
    """The appointment of one that is booked: a constraint of the database says that there is one."""
    if arrangement.appointment is None:
        raise states.NotAllowed(arrangement)
    return arrangement.appointment


def _answer(words=""):
    return {"answered_at": timezone.now(), "read_at": None, "words": words.strip()[:LONGEST_WORDS]}

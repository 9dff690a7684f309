"""How far an order is, in words for its customer."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import formats
from billing import amendments, orders, promises, shipments
from billing.models import Order, OrderNews, Quote, Step
from crm import attachments
from crm.models import Appointment

State = Order.State
DAYS_BY_NAME = 6  # a day that soon is called by its weekday


@dataclass(frozen=True)
class Photo:
    """A photo as the page shows it: a small one that opens the whole one."""

    url: str
    full_url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class Moved:
    """A day that was planned for another one before, in words (AUF5), and why."""

    words: str
    reason: str


@dataclass(frozen=True)
class Parcel:
    """Goods on their way; the address leads to the carrier's own site, or is empty."""

    carrier: str
    number: str
    url: str
    contents: str
    shipped_on: date
    expected_on: date | None


class Progress:
    """An order as its customer follows it: what is now, what comes next, what was."""

    def __init__(self, order: Order, *, public_id: str):
        self.order, self.public_id = order, public_id
        self.is_running = is_running(order)
        self._moves = _moves(order)
        rows = order.photos.select_related("attachment__note").filter(attachment__deleted_at=None)
        self._photos = [row for row in rows if attachments.is_shown(row.attachment) and not _is_gone(row.attachment)]
        self.milestones = self._milestones()
        self.appointments = appointments(order) if self.is_running else []
        self.planned_on = planned_on(order, self.appointments, is_moved=self.moved is not None)

    @property
    def headline(self) -> str:
        """The state as a sentence."""
        order = self.order
        if order.state == State.SCHEDULED and order.planned_on:
            return _("Ihr Termin steht: %(day)s.") % {"day": formats.day_long(order.planned_on)}
        return {
            State.PLACED: _("Wir haben Ihren Auftrag."),
            State.SCHEDULED: _("Ihr Termin steht."),
            State.STARTED: _("Wir arbeiten an Ihrem Auftrag."),
            State.COMPLETED: _("Ihr Auftrag ist fertig."),
            State.INVOICED: _("Ihr Auftrag ist fertig und abgerechnet."),
            State.CANCELLED: _("Dieser Auftrag wurde storniert."),
            State.WITHDRAWN: _("Ihr Widerruf ist eingegangen."),
        }[State(order.state)]

    @property
    def latest(self) -> str:
        """The stage that was reached last, where the state does not say it already."""
        now = next((step for step in self.milestones if step["state"] == "now"), None)
        return now["title"] if now and not now["step"] else ""

    @property
    def moved(self) -> Moved | None:
        """The day the work is planned for was another one before."""
        found = self._moves.get("")
        return _moved(found) if self.is_running and found and found.day == self.order.planned_on else None

    @property
    def arrival(self) -> tuple[str, bool] | None:
        """(between when, whether that is over) while somebody is on the way today."""
        order = self.order
        if not (self.is_running and order.arrives_from and order.arrives_until):
            return None
        if timezone.localdate(order.arrives_from) != timezone.localdate():
            return None
        first, last = formats.clock(order.arrives_from), formats.clock(order.arrives_until)
        words = _("zwischen %(first)s und %(last)s") % {"first": first.removesuffix(f"{formats.NBSP}Uhr"), "last": last}
        return words, order.arrives_until < timezone.now()

    @property
    def following(self) -> dict | None:
        """The next stage, where neither an appointment nor a planned day says what comes."""
        if not self.is_running or self.appointments or self.planned_on:
            return None
        return next((step for step in self.milestones if step["state"] == "ahead"), None)

    @property
    def promise(self) -> str:
        """By when we get in touch, while no day is agreed; once that day is over only that we do."""
        if self.order.state != State.PLACED or self.order.planned_on or self.appointments:
            return ""
        last, today = promises.call_by(self.order), timezone.localdate()
        if last < today:
            return _("Wir melden uns bei Ihnen wegen des Termins.")
        if last == today:
            return _("Wir melden uns heute wegen des Termins.")
        is_near = (last - today).days <= DAYS_BY_NAME
        day = formats.day_long(last).replace(",", " ").split()[0] if is_near else formats.day(last)
        return _("Wir melden uns bis %(day)s wegen des Termins.") % {"day": day}

    @property
    def photos(self) -> list[Photo]:
        """Those that stand at no stage the customer sees."""
        shown = {step["pk"] for step in self.milestones}
        return [self._photo(row, n) for n, row in enumerate(self._photos, 1) if row.milestone_id not in shown]

    @cached_property
    def parcels(self) -> list[Parcel]:
        return [
            Parcel(
                each.carrier_name or each.get_carrier_display(),
                each.tracking_number,
                shipments.tracking_address(each),
                each.contents,
                each.shipped_on,
                each.expected_on,
            )
            for each in self.order.shipments.all()
        ]

    def _milestones(self) -> list[dict]:
        """The way of the order as components/milestones.html shows it, without what only the business sees."""
        found = []
        for step in orders.way(self.order, for_customer=True):
            milestone = step["milestone"]
            pictures = [row for row in self._photos if row.milestone_id == milestone.pk]
            title = step["label"]
            on = self._day_of(step)
            move = self._moves.get(title)
            is_moved = move is not None and step["stage"] == "ahead" and move.day == milestone.planned_on
            moved = _moved(move) if is_moved else None
            is_said = milestone.step == Step.SCHEDULED and self.moved and self.moved.reason == milestone.note
            note = "" if is_said or (moved and moved.reason == milestone.note) else milestone.note
            was_planned = milestone.planned_on if milestone.reached_at and milestone.step != Step.SCHEDULED else None
            found.append(
                {
                    "pk": milestone.pk,
                    "step": step["step"],
                    "state": step["stage"],
                    "title": title,
                    "on": on,
                    "planned": was_planned if was_planned != timezone.localdate(milestone.reached_at) else None,
                    "moved": moved,
                    "note": note,
                    "photos": [self._photo(row, n, title) for n, row in enumerate(pictures, 1)],
                }
            )
        return found

    def _day_of(self, step):
        milestone = step["milestone"]
        if step["step"] == State.SCHEDULED and self.order.planned_on and step["stage"] != "ahead":
            return self.order.planned_on  # the customer asks when we come, not when that was agreed
        return milestone.reached_at or milestone.planned_on

    def _photo(self, row, number, stage="") -> Photo:
        photo = row.attachment
        address = reverse("portal:picture", args=[self.public_id, photo.pk])
        alt = row.description or stage
        if not row.description:
            words = {"n": number, "day": formats.day(photo.created_at)}
            alt = f"{stage}, {_('Foto %(n)s') % words}" if stage else _("Foto %(n)s vom %(day)s") % words
        return Photo(f"{address}{attachments.SMALL}/", address, photo.width, photo.height, alt)


def to_decide(order: Order, found: list[Any]) -> list[Any]:
    """The change orders the customer is asked about; none when nothing can be added to the order any more."""
    open_ones = [each for each in found if each.state == Quote.State.SENT and not each.has_expired]
    return open_ones if open_ones and not order.why_final else []


def agreed(order: Order, found: list[Any]) -> amendments.Agreed | None:
    """What the order and its change orders come to; None where there is nothing to add up."""
    sums = amendments.agreed(order, found)
    return sums if sums.added else None


def appointments(order: Order) -> list[Appointment]:
    """What is agreed with the customer from now on, soonest first."""
    ahead = Appointment.objects.filter(customer=order.customer, cancelled_at=None, ends_at__gte=timezone.now())
    return list(ahead.select_related("assignee__user")[:5])


def planned_on(order: Order, ahead: list[Appointment], *, is_moved: bool = False) -> date | None:
    """The day to show beside the appointments; None when it is over or one of them says the same."""
    day = order.planned_on
    if not day or day < timezone.localdate() or not is_running(order):
        return None
    return None if any(timezone.localdate(each.starts_at) == day for each in ahead) and not is_moved else day


def is_running(order: Order) -> bool:
    """Whether somebody still comes."""
    return order.state in {State.PLACED, State.SCHEDULED, State.STARTED}


def _moves(order) -> dict[str, OrderNews]:
    """What a day's words are -> the last news that moved it; "" is the day of the work itself."""
    news = OrderNews.objects.filter(order=order, kind__in=[OrderNews.Kind.PLANNED, OrderNews.Kind.DELAY])
    return {each.label: each for each in news.filter(before__isnull=False).order_by("pk") if each.day != each.before}


def _moved(news) -> Moved:
    """ "neu: 27. Januar (vorher 26.)": what both days share is said once, the year only where it is another one."""
    new, old, today = news.day, news.before, timezone.localdate()

    def words(day, year):
        return formats.day(day) if day.year != year else formats.day(day).removesuffix(f" {day.year}")

    before = words(old, new.year)
    if (old.year, old.month) == (new.year, new.month):
        before = f"{old.day}" if (get_language() or "de").startswith("en") else f"{old.day}."
    return Moved(_("neu: %(new)s (vorher %(old)s)") % {"new": words(new, today.year), "old": before}, news.reason)


def _is_gone(attachment) -> bool:
    """A photo of a note that was deleted is deleted with it."""
    return attachment.note is not None and attachment.note.deleted_at is not None

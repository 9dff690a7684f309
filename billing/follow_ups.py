"""Following up on quotes (Nachfassen): which reminder comes when, and what ends it (features.md 3.12, R99).

A rule is left out where the business emptied its days. Rules end with any answer: accepted, declined, retracted, replaced or
expired; a question or a message on the quote's page, from either side; a change request; somebody of the business who
wrote or called about it. Notes, appointments and messages about other documents do not count: they say nothing about this
quote. Only the end of its validity is still told after a conversation, as a task for the office instead of a mail.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import formats
from accounts.refusals import Refusal
from billing.events import Event
from billing.models import Quote
from crm import access, due, mail, mail_limits, messages, timeline, todos
from crm.models import AccessLink, Customer, DueAction, Mail, TimelineEntry

UNSEEN = "billing.quote_unseen"
UNSEEN_TASK = "billing.quote_unseen_task"
SILENT = "billing.quote_silent"
SILENT_TASK = "billing.quote_silent_task"
EXPIRING = "billing.quote_expiring"
KINDS = (UNSEEN, UNSEEN_TASK, SILENT_TASK, SILENT, EXPIRING)
MAILS = {
    UNSEEN: "billing/mail/quote_unseen",
    SILENT: "billing/mail/quote_silent",
    EXPIRING: "billing/mail/quote_expiring",
}
BY_HAND = "billing/mail/quote_follow_up"
# the setting of the business that says after how many days, or that the rule is off
DAYS = {
    UNSEEN: "unseen_mail_days",
    UNSEEN_TASK: "unseen_task_days",
    SILENT_TASK: "silent_task_days",
    SILENT: "silent_mail_days",
    EXPIRING: "expiring_mail_days",
}
WORDS = {
    UNSEEN: gettext_lazy("E-Mail an den Kunden, wenn er das Angebot bis dahin nicht angesehen hat"),
    UNSEEN_TASK: gettext_lazy("Aufgabe für Sie, wenn er das Angebot bis dahin nicht angesehen hat"),
    SILENT_TASK: gettext_lazy("Aufgabe für Sie, wenn er bis dahin nicht geantwortet hat"),
    SILENT: gettext_lazy("E-Mail an den Kunden, wenn er bis dahin nicht geantwortet hat"),
    EXPIRING: gettext_lazy("E-Mail an den Kunden, dass das Angebot abläuft"),
}
AFTER_A_TALK = gettext_lazy("Aufgabe für Sie, dass das Angebot abläuft")
OPT_OUT = f"{Mail.LINK_MARK}nicht-erinnern/"


# --- planning -----------------------------------------------------------------------------------------------------------
def plan(quote: Quote) -> None:
    """A quote was sent: plan what comes if nobody looks, and before it expires."""
    if is_objected(quote):
        Quote.objects.filter(pk=quote.pk).update(is_follow_up_paused=True)
        return
    today = timezone.localdate()
    for kind in (UNSEEN, UNSEEN_TASK):
        _plan(quote, kind, from_day=today)
    if days := _days(quote, EXPIRING):
        at = max(quote.valid_until - timedelta(days=days), today + timedelta(days=1))
        due.plan(EXPIRING, quote, at=due.morning_of(at))


@transaction.atomic
def plan_silence(quote: Quote) -> None:
    """A customer looked at a quote: from now on the rules for silence hold. Planned once, however often it is called."""
    looked_at = _looks(quote).order_by("last_seen_at").values_list("last_seen_at", flat=True).first()
    if looked_at is None or quote.state != Quote.State.SENT or quote.is_follow_up_paused:
        return
    _finish_todos(quote)  # "not looked at" is over
    if not _answered(quote):
        for kind in (SILENT_TASK, SILENT):
            _plan(quote, kind, from_day=timezone.localdate(looked_at))


def without_silence():
    """Open quotes of the current business that were looked at and for which nothing was planned since."""
    kind = ContentType.objects.get_for_model(Quote)
    planned = DueAction.objects.filter(kind__in=[SILENT, SILENT_TASK], subject_type=kind).values("subject_id")
    looks = AccessLink.objects.filter(
        subject_type=kind, subject_id=OuterRef("pk"), last_seen_at__gte=OuterRef("sent_at")
    )
    found = Quote.objects.open().filter(Exists(looks), is_follow_up_paused=False, valid_until__gte=timezone.localdate())
    return found.exclude(pk__in=planned).select_related("customer", "business", "by").defer("document")


def stop(quote: Quote) -> None:
    """The quote is decided or taken back: nothing is planned any more, and no rule's task is left."""
    for kind in KINDS:
        due.drop(kind, quote)
    _finish_todos(quote)


def reopen(quote: Quote) -> None:
    """The quote is talked about again: nobody is asked for an answer, but its end is told."""
    due.take_up(EXPIRING, quote)


# --- due handlers -------------------------------------------------------------------------------------------------------
def remind_unseen(quote: Quote) -> None:
    """Due handler: the customer has not looked yet."""
    if not _looks(quote).exists() and not _answered(quote):
        _remind(quote, UNSEEN)


def ask_about_unseen(quote: Quote) -> None:
    """Due handler: still not looked at; somebody calls."""
    if not _looks(quote).exists() and not _answered(quote):
        _ask(quote, UNSEEN_TASK, _("Nachfassen: {name} hat „{title}“ noch nicht angesehen."))


def remind_silent(quote: Quote) -> None:
    """Due handler: the customer looked and said nothing."""
    if not _answered(quote):
        _remind(quote, SILENT)


def ask_about_silent(quote: Quote) -> None:
    """Due handler: the customer looked and said nothing; somebody calls."""
    if not _answered(quote):
        _ask(quote, SILENT_TASK, _("Nachfassen: {name} hat „{title}“ angesehen, aber noch nicht geantwortet."))


def remind_of_expiry(quote: Quote) -> None:
    """Due handler: an open quote is about to expire. Where there is no address, or people are already talking, the office
    is told instead."""
    if _answered(quote) or not _remind(quote, EXPIRING):
        _ask(quote, EXPIRING, _("Angebot „{title}“ für {name} läuft bald ab: bitte melden."))


# --- what people do -----------------------------------------------------------------------------------------------------
@transaction.atomic
def pause(quote: Quote, *, by) -> None:
    """No rule writes about this quote until somebody goes on."""
    _set_paused(quote, True)
    timeline.record(Event.QUOTE_FOLLOW_UP_PAUSED, customer=quote.customer, subject=quote, by=by, number=quote.number)


@transaction.atomic
def go_on(quote: Quote, *, by) -> None:
    """End the pause. What would have come meanwhile does not come any more.

    Raises Refusal where the customer himself wants no reminders (R99).
    """
    if is_objected(quote):
        raise Refusal(_("Der Kunde möchte an dieses Angebot nicht erinnert werden. Rufen Sie ihn lieber an."))
    _set_paused(quote, False)
    timeline.record(Event.QUOTE_FOLLOW_UP_RESUMED, customer=quote.customer, subject=quote, by=by, number=quote.number)


@transaction.atomic
def object_to(quote: Quote) -> None:
    """The customer wants no reminders of this quote, nor of later versions of it; effective at once."""
    if is_objected(quote):
        return
    _set_paused(quote, True)
    timeline.record(Event.QUOTE_REMINDERS_REFUSED, customer=quote.customer, subject=quote, number=quote.number)


@transaction.atomic
def send(quote: Quote, *, link: AccessLink, message: str, by) -> Mail:
    """Somebody of the business writes about an open quote. Raises Refusal for one that is not open."""
    _must_be_open(quote)
    sent = mail.queue(
        BY_HAND, to=link.sent_to, customer=quote.customer, link=link, about=quote, language=quote.customer.language,
        quote=quote, message=message, signed_by=str(by) if by else "",
    )  # fmt: skip
    _followed_up(quote, by=by, way="mail")
    return sent


@transaction.atomic
def called(quote: Quote, *, by) -> None:
    """Somebody of the business talked to the customer: no rule asks about an answer any more."""
    _must_be_open(quote)
    _followed_up(quote, by=by, way="phone")


# --- what the page shows ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Step:
    """Something planned: when, and in words."""

    at: datetime
    words: str


@dataclass(frozen=True)
class Overview:
    """What happened about a quote by rules and by hand, and what is still to come.

    `ended_by` says in a sentence why no rule asks any more; `is_objected` that the customer himself said so.
    """

    steps: list[Step]
    mails: list[Mail]
    called_at: list[datetime]
    ended_by: str
    is_objected: bool


def overview(quote: Quote) -> Overview:
    """For a sent quote; a constant number of queries."""
    kind = ContentType.objects.get_for_model(Quote)
    written = Mail.objects.filter(about_type=kind, about_id=quote.pk, kind__in=[*MAILS.values(), BY_HAND])
    calls = _told(quote, Event.QUOTE_FOLLOWED_UP).filter(facts__way="phone").order_by("at")
    answered, has_looked = _answered(quote), _looks(quote).exists()
    steps = []
    if not quote.is_follow_up_paused and quote.state == Quote.State.SENT:
        coming = [action for action in due.planned(quote) if _still_comes(quote, action.kind, has_looked, answered)]
        steps = [Step(action.due_at, str(AFTER_A_TALK if answered else WORDS[action.kind])) for action in coming]
    return Overview(steps, list(written.order_by("pk")), [entry.at for entry in calls], answered, is_objected(quote))


def is_objected(quote: Quote) -> bool:
    """Whether the customer refused reminders of this quote, in whatever version."""
    versions = Quote.objects.filter(number=quote.number).values("pk")
    return TimelineEntry.objects.filter(
        event=Event.QUOTE_REMINDERS_REFUSED, subject_type=ContentType.objects.get_for_model(Quote), subject_id__in=versions,
        customer=quote.customer_id,
    ).exists()  # fmt: skip


def suggestion(quote: Quote) -> str:
    """The words for a follow-up by hand, in the language of the customer's mails as the caller set it."""
    if _looks(quote).exists():
        asks = _("Sie haben sich unser Angebot „%(title)s“ angesehen. Passt alles so, oder sollen wir etwas ändern?")
    else:
        asks = _("ist unser Angebot „%(title)s“ bei Ihnen angekommen? Wir gehen es gern mit Ihnen durch.")
    ends = _("Das Angebot gilt noch bis %(day)s. Antworten Sie einfach auf diese E-Mail oder rufen Sie uns an.")
    said = {"title": quote.title, "day": formats.day(quote.valid_until)}
    return f"{quote.customer.greeting},\n\n{asks % said}\n\n{ends % said}"


def recipient(quote: Quote) -> AccessLink | None:
    """The link a reminder is mailed with: the newest open one that went to an address."""
    return next((link for link in access.links_to(quote) if link.is_open and link.sent_to), None)


# --- inside -------------------------------------------------------------------------------------------------------------
def _plan(quote, kind, *, from_day):
    if days := _days(quote, kind):
        at = max(from_day + timedelta(days=days), timezone.localdate() + timedelta(days=1))
        due.plan(kind, quote, at=due.morning_of(at))


def _days(quote, kind) -> int | None:
    return getattr(quote.business, DAYS[kind])


def _remind(quote, kind) -> bool:
    """Mail the customer, once, if he may be written to now. Returns False where nobody is to be written to: there is
    no address, or the customer wants to hear from us in another way.

    Raises due.Later when a rule may not write to this customer yet.
    """
    if not _may_act(quote, kind):
        return True
    about = {"about_type": ContentType.objects.get_for_model(Quote), "about_id": quote.pk}
    if Mail.objects.filter(kind=MAILS[kind], is_automatic=True, **about).exists() or _says_expiry_soon(quote, kind):
        return True
    link = recipient(quote)
    wants_a_call = quote.customer.contact_by != Customer.ContactBy.MAIL
    if link is None or wants_a_call or mail_limits.is_refused(link.sent_to):
        return False
    mail_limits.keep(quote.customer)
    mail.queue(
        MAILS[kind], to=link.sent_to, customer=quote.customer, link=link, about=quote, is_automatic=True,
        language=quote.customer.language, quote=quote, unsubscribe_url=OPT_OUT,
        unsubscribe_text=gettext_lazy("Bitte nicht mehr an dieses Angebot erinnern"),
    )  # fmt: skip
    timeline.record(Event.QUOTE_REMINDED, customer=quote.customer, subject=quote, number=quote.number, rule=kind)
    return True


def _says_expiry_soon(quote, kind):
    """Whether the mail before expiry is so near that another one says nothing new."""
    days = _days(quote, EXPIRING)
    return kind != EXPIRING and days and quote.valid_until - timezone.localdate() <= timedelta(days=days + 1)


def _ask(quote, kind, sentence):
    """A task for whoever wrote the quote."""
    if not _may_act(quote, kind):
        return
    text = sentence.format(name=quote.customer.name[:60], title=quote.title[:80])
    if not todos.waiting_about(quote, text):
        who = quote.by if quote.by and quote.by.is_active else None
        todos.add(text, by=None, assignee=who, customer=quote.customer, about=quote, due_on=timezone.localdate())


def _may_act(quote, kind):
    is_open = quote.state == Quote.State.SENT and not quote.has_expired
    return is_open and not quote.is_follow_up_paused and _days(quote, kind) is not None


def _answered(quote) -> str:
    """Why no rule asks for an answer any more, in a sentence; empty while the customer is silent."""
    if messages.thread(quote).exists():
        return _("Sie schreiben sich schon über dieses Angebot.")
    if quote.change_requests.exists():
        return _("Der Kunde hat Änderungen gewünscht.")
    if _told(quote, Event.QUOTE_FOLLOWED_UP).exists():
        return _("Sie haben selbst nachgefasst.")
    return ""


def _told(quote, event):
    kind = ContentType.objects.get_for_model(Quote)
    return TimelineEntry.objects.filter(event=event, subject_type=kind, subject_id=quote.pk, customer=quote.customer_id)


def _looks(quote):
    """The links somebody looked at this version through: a link stays the same from version to version."""
    return access.links_to(quote).filter(last_seen_at__gte=quote.sent_at)


def _still_comes(quote, kind, has_looked, answered):
    if kind not in KINDS or _days(quote, kind) is None:
        return False
    if kind == EXPIRING:
        return True
    return not answered and (kind in {SILENT, SILENT_TASK} or not has_looked)


def _set_paused(quote, paused):
    Quote.objects.filter(pk=quote.pk).update(is_follow_up_paused=paused)
    quote.is_follow_up_paused = paused
    for kind in KINDS:
        (due.drop if paused else due.take_up)(kind, quote)


def _followed_up(quote, *, by, way):
    timeline.record(
        Event.QUOTE_FOLLOWED_UP, customer=quote.customer, subject=quote, by=by, number=quote.number, way=way
    )
    for kind in KINDS:
        if kind != EXPIRING:
            due.drop(kind, quote)
    _finish_todos(quote)


def _finish_todos(quote):
    """Tick off what rules asked for; what people wrote down themselves stays."""
    for todo in todos.open_about(quote).filter(by=None).select_related("customer"):
        todos.finish(todo, by=None)


def _must_be_open(quote):
    if quote.state != Quote.State.SENT or quote.has_expired:
        raise Refusal(_("Dieses Angebot ist nicht mehr offen, da gibt es nichts nachzufassen."))

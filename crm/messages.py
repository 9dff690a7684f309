"""Questions and answers on a document, or on nothing in particular: then their subject is the customer.

Both sides write on a page or by answering the mail that told them (crm.replies), and both may add photos and files. What
a message does not get read by is looking: `read_at` is set when somebody answers, says that it is done, or (answers) when
the customer's page says that it was in view.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import current
from accounts.refusals import Refusal
from crm import access, attachments, center_links, mail, timeline
from crm.models import AccessLink, Attachment, Customer, Message

LONGEST = 5000
MOST_FILES = 10  # with one message
MOST_A_DAY = 60  # files of one customer in 24 hours, through whatever links (P76)

ANSWERS = Q(by__isnull=False)


class NotTaken(Refusal):
    """A file that is not what we take."""

    status = 415


class TooMuch(Refusal):
    """More files than one message takes."""

    status = 413


class TooOften(Refusal):
    """More files than a customer may send in a day."""

    status = 429


@dataclass(frozen=True)
class Arrival:
    """How a message came in. `sent_from` is a mail's sender who is not the one we wrote to."""

    channel: str = Message.Channel.PAGE
    external_id: str = ""
    sent_from: str = ""


ON_THE_PAGE = Arrival()


# --- verbs --------------------------------------------------------------------------------------------------------------
@transaction.atomic
def ask(
    link: AccessLink, text: str, *, author_name: str, position: str = "", position_text: str = "", files=(),
    arrival: Arrival = ON_THE_PAGE,
) -> Message:  # fmt: skip
    """The customer writes about the document of a link, or about one row of it; the business is told by mail.

    Raises Refusal for a message with neither words nor files and for one that is too long; NotTaken for a file that is
    not accepted, TooMuch and TooOften for too many of them. Nothing is kept then.
    """
    return _ask(
        link.subject, text, customer=link.customer, link=link, author_name=author_name, files=files, arrival=arrival,
        position=position, position_text=position_text,
    )  # fmt: skip


@transaction.atomic
def write_back(customer: Customer, text: str, *, author_name: str, files=(), arrival: Arrival) -> Message:
    """The customer answers a mail about nothing in particular that came without a link. Raises Refusal as `ask` does."""
    return _ask(customer, text, customer=customer, link=None, author_name=author_name, files=files, arrival=arrival)


def _ask(subject, text, *, customer, link, author_name, files, arrival, position="", position_text=""):
    text, files = text.strip(), list(files)
    if not text and not files:
        raise Refusal(_("Bitte schreiben Sie Ihre Frage."), field="text")
    if len(text) > LONGEST:
        raise Refusal(_("Bitte kürzen Sie Ihre Frage auf höchstens 5.000 Zeichen."), field="text")
    check_files(files)
    if files:
        Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)  # of two at once the second counts both
        if files_today(customer) + len(files) > MOST_A_DAY:
            raise TooOften(
                _("Das sind mehr Dateien, als wir an einem Tag annehmen. Bitte senden Sie die übrigen morgen."),
                field="files",
            )
    message = _write(
        subject, text, files, customer=customer, link=link, author_name=author_name or customer.name,
        position=position, position_text=position_text, arrival=arrival,
    )  # fmt: skip
    mark_answers_read(thread(subject))
    timeline.record(timeline.Event.QUESTION_ASKED, customer=customer, subject=message, **_facts(files))
    if to := current.business().email:
        mail.queue(
            "crm/mail/question_asked", to=to, about=subject, asker=customer,
            message=message, files=_names(message), can_answer=bool(settings.MAIL_REPLY_ADDRESS),
        )  # fmt: skip
    return message


@transaction.atomic
def answer(subject, text: str, *, customer, by, files=(), arrival: Arrival = ON_THE_PAGE) -> Message:
    """The business answers; the customer gets it by mail with the link he asked through, or another open one.

    Raises Refusal as `ask` does.
    """
    text, files = text.strip(), list(files)
    if not text and not files:
        raise Refusal(_("Bitte schreiben Sie Ihre Antwort."), field="text")
    if len(text) > LONGEST:
        raise Refusal(_("Bitte kürzen Sie Ihre Antwort auf höchstens 5.000 Zeichen."), field="text")
    check_files(files)
    link = open_link(subject, customer)
    message = _write(subject, text, files, customer=customer, by=by, author_name=str(by), arrival=arrival)
    mark_read(subject)
    timeline.record(timeline.Event.ANSWER_SENT, customer=customer, subject=message, by=by, **_facts(files))
    if link:
        mail.queue(
            "crm/mail/answer_sent", to=customer.email, customer=customer, link=link, about=subject, message=message,
            files=_names(message), language=customer.language,
        )  # fmt: skip
    return message


def mark_read(subject) -> None:
    """The questions on a document need no written answer."""
    thread(subject).filter(by=None, read_at=None).update(read_at=timezone.now())


def mark_answers_read(thread, *, upto: int | None = None) -> None:
    """The customer has read the answers of a thread, up to the message with that id. Never called for a GET."""
    found = thread.filter(ANSWERS, read_at=None)
    (found if upto is None else found.filter(pk__lte=upto)).update(read_at=timezone.now())


def check_files(files) -> None:
    """Look at the files of one message before anything is kept. Raises TooMuch, or NotTaken for one not accepted."""
    if len(files) > MOST_FILES:
        raise TooMuch(_("Bitte senden Sie höchstens 10 Dateien mit einer Nachricht."), field="files")
    for file in files:
        try:
            attachments.check(file)
        except Refusal as refusal:
            words = refusal.message if len(files) == 1 else f"{file.name}: {refusal.message}"
            raise NotTaken(words, field="files") from None


# --- selections ---------------------------------------------------------------------------------------------------------
def shown(messages):
    """Messages with all that stands beside them on a page: who wrote, and the files that are still there."""
    files = Attachment.objects.filter(deleted_at=None)
    return messages.select_related("by__user").prefetch_related(Prefetch("attachments", files))


def thread(subject):
    """All messages on a document, oldest first."""
    kind = ContentType.objects.get_for_model(subject)
    return shown(Message.objects.filter(subject_type=kind, subject_id=subject.pk))


def general(customer):
    """What was written about no document in particular, oldest first."""
    return thread(customer)


def unread():
    """Questions nobody has answered or read, newest first."""
    return Message.objects.filter(by=None, read_at=None).select_related("customer").order_by("-created_at", "-pk")


def open_link(subject, customer):
    """The link an answer is mailed with: the one asked through, or any other to the document; None without an address
    or an open link, then it only stands on the page.
    """
    if not customer.email:
        return None
    asked = AccessLink.objects.filter(pk__in=thread(subject).exclude(link=None).order_by().values("link"))
    asked = asked.exclude(way=AccessLink.Way.PAGE)  # of that browser alone; the page of all documents leads there again
    known = [*asked.order_by("-pk"), *access.links_to(subject)]
    found = (link for link in known if link.is_open and center_links.still_reaches(link))
    return next(found, None) or center_links.open_of(customer)


def files_today(customer) -> int:
    """How many files the customer sent with messages in the last 24 hours."""
    since = timezone.now() - timedelta(days=1)
    return Attachment.objects.filter(
        customer=customer, message__isnull=False, message__by=None, created_at__gt=since
    ).count()


def _write(subject, text, files, *, customer, arrival, by=None, **fields):
    message = Message.objects.create(
        customer=customer, subject=subject, by=by, text=text or _count(files), channel=arrival.channel,
        external_id=arrival.external_id, sent_from=arrival.sent_from, **fields,
    )  # fmt: skip
    for file in files:
        attachments.add(customer, file, by=by, message=message, is_told=False)
    return message


def _count(files):
    """What stands in the place of words when there are only files."""
    return ngettext("%(n)s Datei", "%(n)s Dateien", len(files)) % {"n": len(files)}


def _facts(files):
    return {"files": len(files)} if files else {}


def _names(message):
    return [file.name for file in message.attachments.all()]

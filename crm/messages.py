"""Questions and answers on a document."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from crm import access, mail, timeline
from crm.models import Message

LONGEST = 5000


@transaction.atomic
def ask(link, text: str, *, author_name: str) -> Message:
    """The customer asks about the document of a link; the business is told by mail."""
    text = text.strip()
    if not text:
        raise Refusal(_("Bitte schreiben Sie Ihre Frage."), field="text")
    if len(text) > LONGEST:
        raise Refusal(_("Bitte kürzen Sie Ihre Frage auf höchstens 5.000 Zeichen."), field="text")
    message = Message.objects.create(
        customer=link.customer, subject=link.subject, text=text, author_name=author_name or link.customer.name
    )
    timeline.record(timeline.Event.QUESTION_ASKED, customer=link.customer, subject=message)
    if link.business.email:
        mail.queue(
            "crm/mail/question_asked", to=link.business.email, about=link.subject, asker=link.customer, message=message
        )
    return message


@transaction.atomic
def answer(subject, text: str, *, customer, by) -> Message:
    """The business answers; the customer gets it by mail with their link."""
    text = text.strip()
    if not text:
        raise Refusal(_("Bitte schreiben Sie Ihre Antwort."), field="text")
    message = Message.objects.create(customer=customer, subject=subject, text=text, by=by, author_name=str(by))
    thread(subject).filter(by=None, read_at=None).update(read_at=timezone.now())
    timeline.record(timeline.Event.ANSWER_SENT, customer=customer, subject=message, by=by)
    if link := open_link(subject, customer):
        mail.queue(
            "crm/mail/answer_sent",
            to=customer.email,
            customer=customer,
            link=link,
            about=subject,
            message=message,
            language=customer.language,
        )
    return message


def open_link(subject, customer):
    """The link an answer is mailed with; None without an address or an open link: then it only stands on the page."""
    return next((link for link in access.links_to(subject) if link.is_open), None) if customer.email else None


def mark_read(subject) -> None:
    """The questions on a document need no written answer."""
    thread(subject).filter(by=None, read_at=None).update(read_at=timezone.now())


def thread(subject):
    """All messages on a document, oldest first."""
    from django.contrib.contenttypes.models import ContentType

    return Message.objects.filter(
        subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk
    ).select_related("by__user")


def unread():
    """Questions nobody has answered or read, newest first."""
    return Message.objects.filter(by=None, read_at=None).select_related("customer").order_by("-created_at", "-pk")

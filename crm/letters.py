"""Mails written by hand to a customer, or about one to somebody else.

What goes to an address of the customer stands in the conversation with them, and what they answer lands there. What goes to
an address typed for this once is a mail and no more: it changes no master data, and the customer does not read it.
"""

from pathlib import PurePosixPath

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from crm import attachments, mail, messages, timeline
from crm import files as stored_files
from crm.models import Customer, Mail, Message

LONGEST_SUBJECT = 150


@transaction.atomic
def send(customer: Customer, *, to: str, subject_line: str, text: str, by, files=()) -> Mail:
    """Write a mail into the outbox and onto the timeline. Photos travel without place and camera data.

    Raises Refusal without subject or words, for too many words and for files that are not accepted, ValidationError for an
    address that is none.
    """
    subject_line, text = " ".join(subject_line.split()), text.strip()
    if not subject_line or len(subject_line) > LONGEST_SUBJECT:
        raise Refusal(_("Bitte geben Sie einen Betreff mit höchstens 150 Zeichen an."), field="subject_line")
    if not text:
        raise Refusal(_("Bitte schreiben Sie den Text der E-Mail."), field="text")
    if len(text) > messages.LONGEST:
        raise Refusal(_("Bitte kürzen Sie den Text auf höchstens 5.000 Zeichen."), field="text")
    uploaded = list(files)
    messages.check_files(uploaded)
    is_theirs = to.casefold() in {address.casefold() for address, _whose in addresses(customer)}
    link = message = None
    if is_theirs:
        message = Message.objects.create(customer=customer, subject=customer, by=by, author_name=str(by), text=text)
        link = messages.open_link(customer, customer)
    row = mail.queue(
        Mail.BY_HAND, to=to, customer=customer, link=link, about=customer if is_theirs else None, language=customer.language,
        letter_subject=subject_line, letter_text=text, author_name=str(by), attachments=_stored(customer, uploaded),
    )  # fmt: skip
    for file in uploaded:
        attachments.add(customer, file, by=by, message=message, is_told=False)
    timeline.record(timeline.Event.MAIL_WRITTEN, customer=customer, subject=row, by=by)
    return row


def _stored(customer, uploaded):
    for file in uploaded:
        name, content_type, content = attachments.for_mail(file)
        path = f"letters/{customer.business_id}/{customer.pk}{PurePosixPath(name).suffix}"
        yield name[:120], content_type, *stored_files.store(path, content)


def addresses(customer: Customer) -> list[tuple[str, str]]:
    """Where the customer can be written to: (address, whose)."""
    persons = customer.contact_persons.exclude(email="").values_list("email", "name")
    own = [(customer.email, customer.name)] if customer.email else []
    return own + [(email, name) for email, name in persons if email != customer.email]

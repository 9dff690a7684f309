"""The outbox: mails are written as rows by the verb that wants them and leave by a task (transactional outbox)."""

import logging
import re
import smtplib
import uuid
from datetime import timedelta
from email.headerregistry import Address

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts import current
from accounts.wakeup import kick
from crm import access, access_codes, bounces, mail_limits, recipients, reply_addresses, timeline
from crm.models import AccessCode, Mail, MailAttachment

logger = logging.getLogger(__name__)

TRIES = 8
STUCK_AFTER = timedelta(minutes=10)


def queue(
    kind, *, to, customer=None, link=None, about=None, attachments=(), unsubscribe_url="", language="de",
    is_automatic=False, **context,
):  # fmt: skip
    """Write a mail into the outbox, in the caller's transaction; it leaves right after the commit.

    `kind` names the templates: "billing/mail/quote_sent" stands for templates/billing/mail/quote_sent.txt and .html,
    the first line of the text is the subject. `{{ link_url }}` in them is where the customer's link will stand;
    `unsubscribe_url` may begin with the same mark (Mail.LINK_MARK).
    `is_automatic` says that a rule sends it: the caller has asked crm.mail_limits.
    `attachments` are (name, content type, storage name, sha256) of stored files; they are sent as stored.
    Raises ValidationError for an address that is none.
    """
    validate_email(to)
    business = current.business()
    context |= {"customer": customer, "link_url": Mail.LINK_MARK if link else "", "unsubscribe_url": unsubscribe_url}
    if customer is not None and "greeting" not in context:
        context["greeting"] = recipients.greeting(customer, to)
    subject_line, text, html = words(kind, language=language, **context)
    mail = Mail.objects.create(
        kind=kind,
        to=to,
        customer=customer,
        link=link,
        about=about,
        is_automatic=is_automatic,
        unsubscribe_url=unsubscribe_url,
        sender_name=business.name,
        reply_to=business.email,
        subject_line=" ".join(subject_line.split())[:200],
        text=text,
        html=html,
        message_id=f"<{uuid.uuid4().hex}@{_domain()}>",
        next_try_at=timezone.now(),
    )
    for name, content_type, storage_name, sha256 in attachments:
        MailAttachment.objects.create(
            mail=mail, name=name, content_type=content_type, storage_name=storage_name, sha256=sha256
        )
    kick("crm.tasks.deliver", mail.pk)
    return mail


def words(kind, *, language="de", **context) -> tuple[str, str, str]:
    """Subject, text and HTML of a mail as `queue` would write them, to be looked at before it is sent."""
    context |= {"business": current.business(), "base_url": settings.PUBLIC_BASE_URL}
    with translation.override(language):
        context.setdefault("greeting", getattr(context.get("customer"), "greeting", ""))
        subject_line, _, text = _tidied(render_to_string(f"{kind}.txt", context)).partition("\n")
        html = render_to_string(f"{kind}.html", {**context, "subject_line": subject_line})
    return subject_line, text.strip() + "\n", html


def deliver(mail_id: int) -> bool:
    """Send one mail if it is this caller's turn. Safe to run twice: only the run that claims the row sends it.

    After a crash between SMTP and "sent" the sweep sends again with the same Message-ID: repeated rather than lost.
    """
    now = timezone.now()
    row = Mail.unscoped.filter(pk=mail_id)
    if not row.filter(state=Mail.State.WAITING, next_try_at__lte=now).update(
        state=Mail.State.SENDING, tries=F("tries") + 1, next_try_at=now + STUCK_AFTER
    ):
        return False
    mail = row.select_related("business", "link", "customer").get()
    if mail.is_automatic and (morning := mail_limits.day_begins(now, mail.business.state)) > now:
        # it waited through an outage
        row.update(state=Mail.State.WAITING, tries=F("tries") - 1, next_try_at=morning)
        return False
    with current.working_for(mail.business):
        try:
            _message(mail).send()
        except (OSError, smtplib.SMTPException, LookupError) as error:
            _put_back(mail, error)
            return False
        with transaction.atomic():
            row.update(state=Mail.State.SENT, sent_at=timezone.now(), error="")
            if mail.customer and mail.kind != Mail.BY_HAND:  # that one was told when it was written
                timeline.record(timeline.Event.MAIL_SENT, customer=mail.customer, subject=mail)
    return True


def sweep() -> list[int]:
    """The mails that should be on their way but are not: waiting past their time, or stuck in sending. Frees the stuck."""
    now = timezone.now()
    Mail.unscoped.filter(state=Mail.State.SENDING, next_try_at__lte=now).update(state=Mail.State.WAITING)
    return list(
        Mail.unscoped.filter(state=Mail.State.WAITING, next_try_at__lte=now)
        .order_by("next_try_at")
        .values_list("pk", flat=True)[:500]
    )


def retry(mail: Mail) -> None:
    """Send a mail that did not arrive once more, on somebody's wish; a refused address is believed in again."""
    Mail.objects.filter(pk=mail.pk, state__in=[Mail.State.FAILED, Mail.State.BOUNCED]).update(
        state=Mail.State.WAITING, tries=0, next_try_at=timezone.now(), error=""
    )


def oldest_waiting() -> int:
    """Age in seconds of the oldest mail that is due and not sent, over all businesses; 0 when none waits."""
    now = timezone.now()
    oldest = (
        Mail.unscoped.filter(
            Q(state=Mail.State.WAITING, next_try_at__lte=now) | Q(state=Mail.State.SENDING, next_try_at__lte=now)
        )
        .order_by("next_try_at")
        .values_list("next_try_at", flat=True)
        .first()
    )
    return int((now - oldest).total_seconds()) if oldest else 0


def _message(mail: Mail) -> EmailMultiAlternatives:
    link_url = access.url(mail.link) if mail.link else ""
    sender_address = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    sender = str(Address(display_name=" ".join(mail.sender_name.split()), addr_spec=sender_address))
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    if return_path := bounces.return_path(mail):  # the envelope's sender; without it bounces go where From says
        headers["From"] = sender
    reply_to = reply_addresses.of(mail) or mail.reply_to
    if mail.kind in reply_addresses.KINDS and mail.about_type_id:  # mail programs show a conversation as one
        headers["References"] = f"<conversation-{mail.about_type_id}-{mail.about_id}@{_domain()}>"
    if mail.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url.replace(Mail.LINK_MARK, link_url)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        subject=mail.subject_line,
        body=_filled(mail, mail.text, link_url),
        from_email=return_path or sender,
        to=[mail.to],
        reply_to=[reply_to] if reply_to else [],
        headers=headers,
    )
    message.attach_alternative(_filled(mail, mail.html, link_url), "text/html")
    for attachment in mail.attachments.all():
        with default_storage.open(attachment.storage_name) as file:
            message.attach(attachment.name, file.read(), attachment.content_type)
    return message


def _filled(mail, text, link_url):
    """A text with what is stored nowhere: the link, or the digits of a code."""
    code = access_codes.digits(mail.about) if isinstance(mail.about, AccessCode) else ""
    return text.replace(Mail.LINK_MARK, link_url).replace(Mail.CODE_MARK, code)


def _tidied(text):
    """A rendered text without the gaps that template tags leave: no blanks at line ends, one empty line at most."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text.strip()))


def _put_back(mail, error):
    """Wait longer each time (1, 2, 4 … minutes). What the server refuses for good is not tried again: an address that is
    refused is to be mended, anything else tells the business after the last try."""
    logger.warning("mail %s was not sent (try %s)", mail.pk, mail.tries, exc_info=True)
    code, answer = _answer_of(error)
    if 500 <= code < 600 and isinstance(error, smtplib.SMTPRecipientsRefused):
        bounces.refuse(mail, answer)
        return
    final = 500 <= code < 600 or mail.tries >= TRIES
    Mail.unscoped.filter(pk=mail.pk).update(
        state=Mail.State.FAILED if final else Mail.State.WAITING,
        next_try_at=timezone.now() + timedelta(minutes=2 ** (mail.tries - 1)),
        error=answer,
    )
    if final and mail.customer:
        timeline.record(timeline.Event.MAIL_FAILED, customer=mail.customer, subject=mail)


def _answer_of(error) -> tuple[int, str]:
    """The server's reply code and what it said; 0 when the error came from nearer by."""
    said: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused) and error.recipients:
        code, said = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, said = error.smtp_code, error.smtp_error
    else:
        return 0, str(error)[:500]
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return int(code), " ".join(f"{code} {text}".split())[:500]


def _domain():
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"

"""Mails that come back: who refused what, found by the envelope's sender or the Message-ID (RFC 3464, RFC 3461).

Nothing here believes what it reads: the body is cut, the sender's address is signed, and junk is nobody's error.
"""

import email
import hashlib
import hmac
import logging
import re
from dataclasses import dataclass
from email.message import Message

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import current
from crm import timeline, todos
from crm.models import Mail

logger = logging.getLogger(__name__)

BIGGEST = 512 * 1024  # bytes that are looked at: the report stands before the returned mail with its attachments
MOST_PARTS = 50
_MESSAGE_ID = re.compile(r"<[^<>\s@]{1,64}@[^<>\s@]{1,100}>")
# where mail servers write for whom a message came in
_ENVELOPE = ("X-Original-To", "Delivered-To", "Envelope-To", "X-Envelope-To", "To")
# where the mail that came back is named
_NAMES = ("Original-Message-ID", "X-Original-Message-ID", "In-Reply-To", "References")


@dataclass(frozen=True)
class Report:
    """What a delivery status notification says of one mail."""

    action: str  # failed, delayed, delivered, relayed, expanded
    status: str  # 5.1.1
    answer: str  # "550 5.1.1 <x@y>: User unknown"
    return_path: str
    message_ids: tuple[str, ...]


def return_path(mail: Mail) -> str:
    """The signed envelope sender of a mail, so that whatever comes back names it; empty without MAIL_RETURN_PATH."""
    if not settings.MAIL_RETURN_PATH:
        return ""
    local, _at, domain = settings.MAIL_RETURN_PATH.rpartition("@")
    return f"{local}+{mail.pk}-{_signature(mail.pk, settings.SECRET_KEY)}@{domain}"


def receive(raw: bytes, *, recipient: str = "") -> str:
    """Take in one message from the mail server; returns a line for its log. Never raises for what stands in it.

    `recipient` is the envelope's recipient, where the mail server hands it over.
    """
    try:
        report = read(raw[:BIGGEST], recipient=recipient)
    except Exception as error:  # whatever a broken message does to the parser
        logger.warning("unreadable message of %s bytes: %s", len(raw), type(error).__name__)
        return "unreadable, ignored"
    if report is None:
        return "no delivery report, ignored"
    mail = _find(report)
    if mail is None:
        return f"{report.action} {report.status}: no such mail"
    with current.working_for(mail.business):
        return f"{report.action} {report.status}: mail {mail.pk} {_apply(mail, report)}"


def read(raw: bytes, *, recipient: str = "") -> Report | None:
    """The report in a message; None when it is none (an answer from a holiday, advertising, junk)."""
    message = email.message_from_bytes(raw)
    parts = [part for _n, part in zip(range(MOST_PARTS), message.walk(), strict=False)]
    reports = (part for part in parts if part.get_content_type() == "message/delivery-status")
    blocks: list[Message] = next(map(_blocks, reports), [])
    told = [block for block in blocks if block.get("Action")]
    if not told:
        return None
    worst = next((block for block in told if _word(block, "Action") == "failed"), told[0])
    said = " ".join(str(worst.get("Diagnostic-Code", "")).split())
    status = _word(worst, "Status")[:12]
    answer = said.partition(";")[2].strip() or said
    headers = [*parts, *blocks, *filter(None, map(_returned_headers, parts))]
    named = [recipient, *(str(message.get(name, "")) for name in _ENVELOPE)]
    return Report(
        action=_word(worst, "Action")[:12],
        status=status,
        answer=(answer if status in answer else f"{status} {answer}").strip()[:500],
        return_path=next((address for address in named if _signed_pk(address)), ""),
        message_ids=tuple(_ids(message, headers)),
    )


def refuse(mail: Mail, answer: str) -> None:
    """The address takes nothing: say so at the mail and in the timeline, and ask the office to look at the address."""
    with transaction.atomic():
        Mail.unscoped.filter(pk=mail.pk).update(
            state=Mail.State.BOUNCED, error=answer[:500], next_try_at=timezone.now()
        )
        mail.refresh_from_db()
        if mail.customer is None:
            return
        timeline.record(timeline.Event.MAIL_BOUNCED, customer=mail.customer, subject=mail)
        text = _("E-Mail-Adresse prüfen: %(to)s – %(why)s") % {"to": mail.to, "why": mail.reason}
        if not todos.waiting_about(mail.customer, text):
            todos.add(text, by=None, customer=mail.customer, about=mail.customer, due_on=timezone.localdate())


def _apply(mail, report):
    """Take the report over; once, however often it comes."""
    if mail.state not in {Mail.State.SENT, Mail.State.SENDING}:
        return f"is {mail.state} already"
    if report.action == "failed" and report.status.startswith("5"):
        refuse(mail, report.answer)
        return "bounced"
    if report.action == "failed":  # tried for days and given up: this mail is lost, the address may be good
        Mail.unscoped.filter(pk=mail.pk).update(state=Mail.State.FAILED, error=report.answer)
        if mail.customer:
            timeline.record(timeline.Event.MAIL_FAILED, customer=mail.customer, subject=mail)
        return "not delivered"
    if report.action == "delayed":
        Mail.unscoped.filter(pk=mail.pk).update(error=report.answer)
        return "is delayed"
    return "needs nothing"


def _find(report):
    """The mail a report is about: by our own signed address, else by the Message-ID, which nobody guesses."""
    mails = Mail.unscoped.select_related("business", "customer")
    if pk := _signed_pk(report.return_path):
        return mails.filter(pk=pk).first()
    return mails.filter(message_id__in=report.message_ids[:20]).first()


def _signed_pk(address):
    """The id in a return path of ours; None for any other address. Mail servers may change the case."""
    found = re.search(r"\+(\d{1,18})-([0-9a-f]{20})@", address.lower())
    if not found:
        return None
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    right = any(hmac.compare_digest(_signature(found[1], key), found[2]) for key in keys)
    return int(found[1]) if right else None


def _signature(pk, key):
    return hmac.digest(key.encode(), f"return path {int(pk)}".encode(), hashlib.sha256).hex()[:20]


def _blocks(part):
    """The groups of fields of a message/delivery-status part."""
    content = part.get_payload()
    return [block for block in content if isinstance(block, Message)] if isinstance(content, list) else []


def _returned_headers(part):
    """The headers of the returned mail where only they came back (text/rfc822-headers)."""
    if part.get_content_type() != "text/rfc822-headers":
        return None
    content = part.get_payload(decode=True) or b""
    return email.message_from_bytes(content)


def _ids(message, headers):
    """Every Message-ID that may name our mail; not that of the report itself."""
    found: dict[str, None] = {}
    for part in headers:
        names = _NAMES if part is message else (*_NAMES, "Message-ID")
        for name in names:
            found |= dict.fromkeys(_MESSAGE_ID.findall(str(part.get(name, ""))[:2000]))
    return found


def _word(block, name):
    return str(block.get(name, "")).strip().lower()

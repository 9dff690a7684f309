"""Invoices that come by mail: each business has an address with a secret part, its attachments are taken in.

`crm.inbox` hands every mail over by name (settings.MAIL_TAKERS). Nothing here believes what it reads.
"""

import email
import hashlib
import hmac
import logging
import re
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext as _

from accounts import current
from accounts.models import Business
from accounts.refusals import Refusal
from billing import incoming_invoices
from billing.models import IncomingInvoice
from crm import limits

logger = logging.getLogger(__name__)

BIGGEST = 60 * 1024 * 1024  # bytes of a mail that are read
MOST_PARTS, MOST_FILES = 100, 20
MOST, WINDOW = 200, 3600  # mails to one business in an hour

_SECRET = re.compile(r"\+(\d{1,18})\.([0-9a-f]{32})@")
_RECIPIENTS = ("X-Original-To", "Delivered-To", "Envelope-To", "X-Envelope-To", "To", "Cc")
_KINDS = {"application/pdf", "application/xml", "text/xml", "application/octet-stream"}


def address(business: Business) -> str:
    """Where suppliers may send invoices to; empty without MAIL_INVOICE_ADDRESS."""
    if not settings.MAIL_INVOICE_ADDRESS:
        return ""
    local, _at, domain = settings.MAIL_INVOICE_ADDRESS.rpartition("@")
    return f"{local}+{business.pk}.{_signature(business.pk, settings.SECRET_KEY)}@{domain}"


def receive(raw: bytes, *, recipient: str = "") -> str | None:
    """Take in the invoices of one mail; returns a line for the mail server's log, None for a mail to another address.

    Never raises for what stands in it.
    """
    try:
        message = email.message_from_bytes(raw[:BIGGEST])
        pk = addressed(message, recipient)
        if pk is None:
            return None
        sender = parseaddr(_header(message, "From"))[1][:120]
        found = list(_files(message))
    except Exception as error:  # whatever a broken message does to the parser
        logger.warning("unreadable mail of %s bytes: %s", len(raw), type(error).__name__)
        return "unreadable, ignored"
    business = Business.objects.filter(pk=pk).first()
    if business is None:
        return "invoice for a business that is gone, ignored"
    if limits.hits(f"incoming:{pk}", seconds=WINDOW) > MOST:
        logger.warning("business %s got more than %s mails with invoices in an hour", pk, MOST)
        return "too many, ignored"
    with current.working_for(business):
        lines = [_take_in(name, content, sender) for name, content in found]
    return f"invoices for business {pk}: {'; '.join(lines) or 'nothing attached'}"


def addressed(message: Message, recipient: str = "") -> int | None:
    """The id of the business whose address a mail came to."""
    for text in (recipient, *(_header(message, name) for name in _RECIPIENTS)):
        if found := _SECRET.search(text.lower()):
            keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
            right = [hmac.compare_digest(_signature(found[1], key), found[2]) for key in keys]
            if any(right):
                return int(found[1])
    return None


def _files(message):
    """Name and bytes of what may be an invoice."""
    count = 0
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS or count >= MOST_FILES:
            return
        name = _decoded(part.get_filename() or "")
        is_wanted = name.lower().endswith((".xml", ".pdf")) or (part.get_content_type() in _KINDS and name)
        content = part.get_payload(decode=True) if is_wanted and not part.is_multipart() else None
        if isinstance(content, bytes) and content:
            count += 1
            yield name, content


def _take_in(name, content, sender):
    note = _("von %(sender)s") % {"sender": sender} if sender else ""
    try:
        row = incoming_invoices.take_in(content, name, source=IncomingInvoice.Source.MAIL, note=note)
    except Refusal as refusal:
        return f"refused: {refusal.message}"
    return f"invoice {row.pk}"


def _header(message, name) -> str:
    return " ".join(_decoded(each) for each in message.get_all(name, []))


def _decoded(text) -> str:
    try:
        return str(make_header(decode_header(str(text))))
    except (LookupError, ValueError, UnicodeError):
        return str(text)


def _signature(pk, key):
    return hmac.digest(key.encode(), f"invoices for business {int(pk)}".encode(), hashlib.sha256).hex()[:32]

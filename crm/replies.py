"""Answers by mail: what comes to the reply address of a conversation's mail becomes a message in it.

The secret in the address is the key, whoever writes: an answer from another address than the one we wrote to is taken in
and says from where it came. A link that expired or was closed meanwhile does not matter either: the words reach the
office, and nothing is shown to anybody in return. Mails that answer by themselves are left out, so that two machines
never talk to each other. Nothing here believes what it reads.
"""

import email
import hashlib
import logging
import re
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message as Part
from email.utils import parseaddr

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import current
from accounts.models import Member
from accounts.refusals import Refusal
from accounts.rights import Right, Role
from crm import attachments, limits, messages, reply_addresses, reply_text
from crm.models import Mail, Message

logger = logging.getLogger(__name__)

BIGGEST = 60 * 1024 * 1024  # bytes of a mail that are read; files of a bigger one are left out
MOST_PARTS, DEEPEST = 100, 20
SMALLEST_PICTURE = 8 * 1024  # bytes: smaller ones inside the text are logos of signatures
MOST, WINDOW = 20, 3600  # answers to one mail in an hour

_RECIPIENTS = ("X-Original-To", "Delivered-To", "Envelope-To", "X-Envelope-To", "To", "Cc")
_SIGNATURES = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}


@dataclass(frozen=True)
class Reply:
    """What somebody answered."""

    sender: str  # address, in small letters
    sender_name: str
    external_id: str
    text: str
    files: tuple[ContentFile, ...]
    left_out: tuple[str, ...]  # names of what was not taken along


def receive(raw: bytes, *, recipient: str = "") -> str | None:
    """Take in one message from the mail server; returns a line for its log, None for one to no conversation.

    Never raises for what stands in it. `recipient` is the envelope's recipient, where the mail server hands it over.
    """
    try:
        message = email.message_from_bytes(raw[:BIGGEST])
        pk = addressed(message, recipient)
        if pk is None or message.get_content_type() == "multipart/report":
            return None
        if is_automatic(message):
            return "automatic answer, ignored"
        reply = read(message, raw)
    except Exception as error:  # whatever a broken message does to the parser
        logger.warning("unreadable answer of %s bytes: %s", len(raw), type(error).__name__)
        return "unreadable, ignored"
    found = Mail.unscoped.select_related("business", "customer", "link__business", "link__customer")
    mail = found.filter(pk=pk, kind__in=reply_addresses.KINDS).first()
    if mail is None:
        return "answer to a mail that is gone, ignored"
    with current.working_for(mail.business):
        return f"answer to mail {mail.pk}: {_take_in(mail, reply)}"


def addressed(message: Part, recipient: str = "") -> int | None:
    """The id of the mail that a message answers, by one of the addresses it came to."""
    named = [recipient, *(_header(message, name) for name in _RECIPIENTS)]
    pks = (reply_addresses.pk_in(text) for text in named)
    return next((pk for pk in pks if pk is not None), None)


def is_automatic(message: Part) -> bool:
    """Whether a machine wrote it (RFC 3834): a holiday notice, a mailing list, or we ourselves."""

    def said(name):
        return _header(message, name).strip().lower()

    sender = parseaddr(said("From"))[1]
    return (
        said("Auto-Submitted").partition(";")[0].strip() not in ("", "no")
        or said("Precedence") in ("bulk", "list", "junk", "auto_reply")
        or bool(re.search(r"\b(all|oof|autoreply)\b", said("X-Auto-Response-Suppress")))
        or any(said(name) for name in ("X-Autoreply", "X-Autorespond", "X-Failed-Recipients", "List-Id"))
        or said("Return-Path") == "<>"
        or sender.startswith("mailer-daemon@")
        or _without_extension(sender) in _our_addresses()
    )


def read(message: Part, raw: bytes) -> Reply:
    """What a mail says: the new words, and the files with it."""
    leaves = list(_leaves(message))
    name, sender = parseaddr(_header(message, "From"))
    left_out = []
    files = []
    for part in leaves:
        if not _is_file(part):
            continue
        content = part.get_payload(decode=True) if part.get_content_maintype() != "message" else _as_bytes(part)
        file_name = _clean(_decoded(part.get_filename() or "")) or _name_for(part)
        if part.get_content_type() in _SIGNATURES or _is_logo(part, content):
            continue
        if not isinstance(content, bytes) or len(raw) > BIGGEST:
            left_out.append(file_name)
        else:
            files.append(ContentFile(content, name=file_name[:160]))
    return Reply(
        sender=_clean(sender).lower()[:254],
        sender_name=_clean(_decoded(name))[:120],
        external_id=_external_id(message, raw),
        text=_clean(reply_text.new_words(_text(leaves)), keep="\n\t"),
        files=tuple(files),
        left_out=tuple(left_out),
    )


# --- into the conversation ----------------------------------------------------------------------------------------------
def _take_in(mail, reply):
    if Message.objects.filter(external_id=reply.external_id).exists():
        return "known already"
    if limits.hits(f"reply:{mail.pk}", seconds=WINDOW) > MOST:
        logger.warning("mail %s was answered more than %s times in an hour", mail.pk, MOST)
        return "too many, ignored"
    write = _from_business if mail.kind == "crm/mail/question_asked" else _from_customer
    try:
        with transaction.atomic():
            return write(mail, reply)
    except IntegrityError:  # came in twice at the same moment
        return "known already"
    except Refusal as refusal:
        return f"refused: {refusal.message}"


def _from_customer(mail, reply):
    customer = mail.link.customer if mail.link else mail.customer
    if customer is None:
        return "to nobody we know, ignored"
    room = max(0, messages.MOST_A_DAY - messages.files_today(customer))
    text, files = _told(reply, room)
    if not text and not files:
        return "empty, ignored"
    is_known = bool(reply.sender) and reply.sender in {mail.to.lower(), customer.email.lower()}
    told = {
        "files": files,
        "author_name": customer.person_name if is_known else reply.sender_name or reply.sender,
        "arrival": _arrival(reply, is_known=is_known),
    }
    message = messages.ask(mail.link, text, **told) if mail.link else messages.write_back(customer, text, **told)
    return f"message {message.pk}"


def _from_business(mail, reply):
    newest = messages.thread(mail.about).last() if mail.about else None
    if newest is None:
        return "nothing to answer, ignored"
    text, files = _told(reply, messages.MOST_FILES)
    if not text and not files:
        return "empty, ignored"
    by, is_known = _member(mail, reply.sender)
    if by is None:
        return "nobody to answer, ignored"
    message = messages.answer(
        mail.about, text, customer=newest.customer, by=by, files=files, arrival=_arrival(reply, is_known=is_known)
    )
    return f"message {message.pk}"


def _member(mail, sender):
    """Who of the business answered, and whether the address is known: the member with it, else the owner."""
    active = Member.objects.filter(is_active=True).select_related("user", "business").order_by("pk")
    for member in active.filter(user__email__iexact=sender):
        if Right.WRITE_CONTACTS in member.rights:
            return member, True
    return active.filter(role=Role.OWNER).first(), sender == mail.to.lower()


def _arrival(reply, *, is_known):
    sent_from = "" if is_known else reply.sender
    return messages.Arrival(Message.Channel.MAIL, external_id=reply.external_id, sent_from=sent_from)


def _told(reply, room):
    """The words and the files that are taken; what is not is named below the words."""
    files: list[ContentFile] = []
    left_out = list(reply.left_out)
    for file in reply.files:
        try:
            attachments.check(file)
        except Refusal:
            left_out.append(file.name)
            continue
        if len(files) < min(room, messages.MOST_FILES):
            files.append(file)
        else:
            left_out.append(file.name)
    note = ""
    if left_out:
        names = ", ".join(left_out[:10]) + (" …" if len(left_out) > 10 else "")
        note = _("[Nicht übernommen: %(names)s]") % {"names": names[:500]}
    most = messages.LONGEST - len(note) - 5
    text = reply.text if len(reply.text) <= most else f"{reply.text[:most]} …"
    return "\n\n".join(filter(None, [text, note])), files


# --- out of the mail ----------------------------------------------------------------------------------------------------
def _leaves(message):
    """The parts that hold something, in their order; a mail inside the mail is one of them. Few and not too deep."""
    waiting, found = [(message, 0)], 0
    while waiting:
        part, depth = waiting.pop(0)
        inner = part.get_payload()
        if isinstance(inner, list) and part.get_content_maintype() == "multipart":
            if depth < DEEPEST:
                waiting[:0] = [(each, depth + 1) for each in inner[:MOST_PARTS]]
        else:
            found += 1
            if found > MOST_PARTS:
                return
            yield part


def _text(leaves):
    """The words: all plain texts that are shown (phones write one before and one after a photo), else the HTML."""
    texts = [part for part in leaves if not _is_file(part)]
    if plain := [_decoded_payload(part) for part in texts if part.get_content_type() == "text/plain"]:
        joined = "\n".join(plain)
        if joined.strip():
            return joined
    return "\n".join(
        reply_text.from_html(_decoded_payload(part)) for part in texts if part.get_content_type() == "text/html"
    )


def _is_file(part):
    if part.get_content_disposition() == "attachment" or part.get_content_maintype() == "message":
        return True
    return part.get_content_type() not in ("text/plain", "text/html") or bool(part.get_filename())


def _is_logo(part, content):
    is_inside = part.get_content_disposition() != "attachment"
    return part.get_content_maintype() == "image" and is_inside and len(content or b"") < SMALLEST_PICTURE


def _decoded_payload(part):
    content = part.get_payload(decode=True) or b""
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:  # a charset nobody knows
        return content.decode("latin-1")


def _as_bytes(part):
    """A mail inside the mail; None where it cannot be written down again."""
    inner = part.get_payload()
    try:
        return inner[0].as_bytes() if isinstance(inner, list) and inner else None
    except (ValueError, LookupError, TypeError):
        return None


def _name_for(part):
    return _("E-Mail") + ".eml" if part.get_content_maintype() == "message" else _("Anhang")


def _header(message, name):
    """All fields of that name; a list of addresses may stand in several."""
    return ", ".join(str(value) for value in message.get_all(name, []))[:5000]


def _decoded(text):
    try:
        return str(make_header(decode_header(text)))
    except (ValueError, LookupError):  # a charset or coding that is none
        return text


def _clean(text, *, keep=""):
    """Without control characters, which no database and no page wants."""
    return "".join(c for c in text if c in keep or c.isprintable())


def _external_id(message, raw):
    """What the mail is known by: its Message-ID, or its own bytes where it has none."""
    named = "".join(str(message.get("Message-ID", "")).split())
    return named if 3 < len(named) <= 200 and named.isprintable() else f"sha256:{hashlib.sha256(raw).hexdigest()}"


def _our_addresses():
    ours = (settings.MAIL_REPLY_ADDRESS, settings.MAIL_RETURN_PATH, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    return {address.lower() for address in ours if address}


def _without_extension(address):
    local, at, domain = address.lower().rpartition("@")
    return local.partition("+")[0] + at + domain

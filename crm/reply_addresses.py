"""Where a mail is answered to so that the answer lands in its conversation: an address with a secret part."""

import hashlib
import hmac
import re

from django.conf import settings

from crm.models import Mail

# mails that carry a message; others are answered to the business's own address
KINDS = {"crm/mail/question_asked", "crm/mail/answer_sent", Mail.BY_HAND}
_SECRET = re.compile(r"\+(\d{1,18})\.([0-9a-f]{32})@")


def of(mail: Mail) -> str:
    """The address a mail of a conversation is answered to; empty for other mails and without MAIL_REPLY_ADDRESS."""
    if not settings.MAIL_REPLY_ADDRESS or mail.kind not in KINDS or not mail.about_type_id:
        return ""
    local, _at, domain = settings.MAIL_REPLY_ADDRESS.rpartition("@")
    return f"{local}+{mail.pk}.{_signature(mail.pk, settings.SECRET_KEY)}@{domain}"


def pk_in(address: str) -> int | None:
    """The id of the mail that an address of ours answers; None for any other. Mail servers may change the case."""
    found = _SECRET.search(address.lower())
    if not found:
        return None
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    right = [hmac.compare_digest(_signature(found[1], key), found[2]) for key in keys]
    return int(found[1]) if any(right) else None


def _signature(pk, key):
    return hmac.digest(key.encode(), f"reply to mail {int(pk)}".encode(), hashlib.sha256).hex()[:32]

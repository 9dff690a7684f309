"""Customers' links (Zugangslinks): minted per recipient and document, found by hash, revocable (security.md 4.3)."""

import base64
import hashlib
import hmac
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from crm import timeline
from crm.models import AccessLink

TRIES_BEFORE_PAUSE = 5
TRIES_IN_ALL = 10
PAUSE = timedelta(minutes=15)


def mint(subject, *, purpose, customer, expires_at, sent_to="", asks_postcode=False, by=None) -> AccessLink:
    """A new link to one document for one recipient.

    `asks_postcode` is only honoured for customers with a postcode: empty never equals empty.
    """
    link = AccessLink(
        subject=subject,
        purpose=purpose,
        customer=customer,
        sent_to=sent_to,
        asks_postcode=asks_postcode and bool(postcode_digits(customer.postcode)),
        expires_at=expires_at,
        created_by=by,
    )
    link.token_hash = _hash(_derive(link.public_id, settings.SECRET_KEY))
    link.save()
    return link


def token(link: AccessLink) -> str:
    """The link's token: 256 bits computed from the secret key, never stored. Raises LookupError after a lost key."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        candidate = _derive(link.public_id, key)
        if _hash(candidate) == link.token_hash:
            return candidate
    raise LookupError("The key this link was made with is gone; mint a new link.")


def url(link: AccessLink) -> str:
    """The whole address to give to the customer."""
    return settings.PUBLIC_BASE_URL + reverse(settings.ACCESS_LINK_URL, args=[token(link)])


def resolve(raw: str) -> AccessLink | None:
    """The link of a token, of whatever business and also when expired or revoked; None for unknown ones."""
    return AccessLink.unscoped.select_related("business", "customer").filter(token_hash=_hash(raw)).first()


def links_to(subject):
    """All links to one document, newest first."""
    kind = ContentType.objects.get_for_model(subject)
    return AccessLink.objects.filter(subject_type=kind, subject_id=subject.pk).order_by("-pk")


def revoke(subject) -> None:
    """Close every open link to a document at once."""
    links_to(subject).filter(revoked_at=None).update(revoked_at=timezone.now())


def close(link: AccessLink) -> None:
    """Close one link at once; the others to the same document stay open."""
    AccessLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())


class GatePaused(Refusal):
    """Too many wrong answers. `minutes` to wait, None when only a new link helps."""

    status = 429

    def __init__(self, minutes: int | None):
        if minutes is None:
            message = _(
                "Dieser Link ist nach zu vielen Versuchen gesperrt. Bitte lassen Sie sich einen neuen schicken."
            )
        else:
            message = _("Zu viele Versuche. Bitte in %(n)s Minuten wieder.") % {"n": minutes}
        super().__init__(message)
        self.minutes = minutes


@transaction.atomic
def answer_postcode(link: AccessLink, answer: str) -> bool:
    """Whether the answer opens the link. Counts wrong ones in the row, whatever address they come from.

    Raises GatePaused before anything is compared when five in a row or ten in all were wrong: guesses made at the
    same moment wait for the row and count one by one (P37).
    """
    locked = AccessLink.objects.select_for_update(of=("self",)).select_related("customer").get(pk=link.pk)
    now = timezone.now()
    if locked.wrong_answers >= TRIES_IN_ALL:
        raise GatePaused(None)
    if locked.paused_until and locked.paused_until > now:
        raise GatePaused(-(-int((locked.paused_until - now).total_seconds()) // 60))
    expected = postcode_digits(locked.customer.postcode)
    if expected and postcode_digits(answer) == expected:
        AccessLink.objects.filter(pk=link.pk).update(recent_wrong_answers=0, paused_until=None)
        return True
    recent = locked.recent_wrong_answers + 1
    pause = recent >= TRIES_BEFORE_PAUSE
    AccessLink.objects.filter(pk=link.pk).update(
        wrong_answers=F("wrong_answers") + 1,
        recent_wrong_answers=0 if pause else recent,
        paused_until=now + PAUSE if pause else None,
    )
    if locked.wrong_answers + 1 == TRIES_IN_ALL:
        timeline.record(timeline.Event.LINK_LOCKED, customer=locked.customer, subject=locked)
    return False


def mark_seen(link: AccessLink) -> None:
    """The customer looked on purpose (never called for a GET: scanners open every link)."""
    now = timezone.now()
    first_today = link.last_seen_at is None or link.last_seen_at < now - timedelta(hours=1)
    AccessLink.objects.filter(pk=link.pk).update(seen_count=F("seen_count") + 1, last_seen_at=now)
    if first_today:
        timeline.record(timeline.Event.LINK_SEEN, customer=link.customer, subject=link, purpose=link.purpose)


def postcode_digits(text: str) -> str:
    """A postcode as compared: digits of any script, without blanks and "D-"; empty when it is none."""
    cleaned = (text or "").strip().upper().removeprefix("D").lstrip("- ")
    if len(cleaned) > 10:
        return ""
    digits = "".join(str(int(c)) for c in cleaned if c.isdecimal())
    rest = "".join(c for c in cleaned if not c.isdecimal() and not c.isspace())
    return digits if len(digits) >= 4 and not rest else ""


def _derive(public_id: str, key: str) -> str:
    raw = hmac.digest(key.encode(), b"access link " + public_id.encode(), "sha256")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _hash(raw: str) -> str:
    return hashlib.sha256(raw.encode("utf-8", "replace")).hexdigest()

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

from accounts import current
from crm import timeline
from crm.models import AccessLink


def mint(subject, *, purpose, customer, expires_at, sent_to="", way="", asks_postcode=False, by=None) -> AccessLink:
    """A new link to one document for one recipient, who gets it by mail if he has an address and no other `way` is named.

    `asks_postcode` is only honoured for customers with a postcode: empty never equals empty.
    """
    link = AccessLink(
        subject=subject,
        purpose=purpose,
        customer=customer,
        sent_to=sent_to,
        way=way or (AccessLink.Way.MAIL if sent_to else AccessLink.Way.LINK),
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


def url_begins() -> str:
    """What every such address begins with, to show before there is one."""
    return settings.PUBLIC_BASE_URL + reverse(settings.ACCESS_LINK_URL, args=["x"]).removesuffix("x/")


def resolve(raw: str) -> AccessLink | None:
    """The link of a token, of whatever business and also when expired or revoked; None for unknown ones."""
    return AccessLink.unscoped.select_related("business", "customer").filter(token_hash=_hash(raw)).first()


def links_to(subject, *, with_own=False):
    """All links to one document that somebody was given, newest first; `with_own` also those a browser got for itself on
    the page of all documents (Way.PAGE): short-lived, and never to be mailed.
    """
    kind = ContentType.objects.get_for_model(subject)
    found = AccessLink.objects.filter(subject_type=kind, subject_id=subject.pk).order_by("-pk")
    return found if with_own else found.exclude(way=AccessLink.Way.PAGE)


def revoke(subject, *, at=None) -> None:
    """Close every open link to a document at once."""
    links_to(subject, with_own=True).filter(revoked_at=None).update(revoked_at=at or timezone.now())


def close(link: AccessLink) -> None:
    """Close one link at once; the others to the same document stay open."""
    AccessLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())


def reopen(link: AccessLink) -> None:
    """Let a link in again that was closed by mistake."""
    AccessLink.objects.filter(pk=link.pk).update(revoked_at=None)


def hand_on(links, subject, *, expires_at) -> None:
    """Let links lead to a document that takes the place of theirs, closed ones too. Looks are those at the new one."""
    kind = ContentType.objects.get_for_model(subject)
    links.update(subject_type=kind, subject_id=subject.pk, expires_at=expires_at, seen_count=0, last_seen_at=None)


def note_fetched(link_id: int) -> None:
    """Somebody or something opened a link for the first time: a scanner, a preview, perhaps the customer (P14).

    Called by a task, never within the request: reading a page changes nothing. What the state says stays as it is.
    """
    found = AccessLink.unscoped.select_related("business", "customer").filter(pk=link_id, fetched_at=None).first()
    if found is None:
        return
    with current.working_for(found.business), transaction.atomic():
        if AccessLink.objects.filter(pk=link_id, fetched_at=None).update(fetched_at=timezone.now()):
            timeline.record(timeline.Event.LINK_FETCHED, customer=found.customer, subject=found)


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

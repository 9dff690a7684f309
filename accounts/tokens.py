"""Keys for the API: made, looked up, revoked. Only their SHA-256 is stored."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit, current
from accounts.models import ApiToken, Member

MARK = "hs_"  # so that people and secret scanners recognise one
USE_IS_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create(member: Member, *, name: str, is_read_only: bool = False, expires_on=None) -> tuple[ApiToken, str]:
    """A new key that may what its member may. Returns the row and the key itself, which is never seen again."""
    raw = MARK + secrets.token_urlsafe(32)
    with current.working_for(member.business):
        token = ApiToken.objects.create(
            member=member,
            name=name.strip(),
            prefix=raw[:8],
            digest=_digest(raw),
            is_read_only=is_read_only,
            expires_on=expires_on,
        )
    audit.record(member.business, audit.Event.TOKEN_CREATED, by=member, name=token.name, prefix=token.prefix)
    return token, raw


@transaction.atomic
def revoke(token: ApiToken, *, by: Member) -> None:
    """End a key; the very next request with it is refused."""
    if ApiToken.unscoped.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        audit.record(by.business, audit.Event.TOKEN_REVOKED, by=by, name=token.name, prefix=token.prefix)


def revoke_all(member: Member, *, by: Member) -> None:
    """End every key of a member who leaves."""
    with current.working_for(member.business):
        for token in ApiToken.objects.filter(member=member, revoked_at=None):
            revoke(token, by=by)


def find(raw: str) -> ApiToken | None:
    """The living token of a key, of whatever business; None for unknown, expired and revoked ones and for people who left.

    Looked up by its hash: no secret is compared in Python, so there is nothing to measure.
    """
    today = timezone.localdate()
    return (
        ApiToken.unscoped.select_related("business", "member__user", "member__business")
        .filter(Q(expires_on=None) | Q(expires_on__gte=today))
        .filter(digest=_digest(raw), revoked_at=None, member__is_active=True, member__user__is_active=True)
        .first()
    )


def note_use(token: ApiToken) -> None:
    """Remember when a key was last used, to the minute."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - USE_IS_NOTED_EVERY:
        ApiToken.unscoped.filter(pk=token.pk).update(last_used_at=now)


def _digest(raw):
    return hashlib.sha256(raw.encode("utf-8", "replace")).hexdigest()

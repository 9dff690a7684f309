"""Keys for the API."""

from datetime import date, timedelta

from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken, AuditEntry
from tests import make


def test_a_key_is_seen_once_and_stored_as_a_hash(owner):
    token, raw = tokens.create(owner, name=" Kasse ")
    row = ApiToken.unscoped.values().get()
    assert raw.startswith("hs_")
    assert len(raw) == 46
    assert raw not in str(row)
    assert (token.name, token.prefix) == ("Kasse", raw[:8])
    assert tokens.find(raw) == token


def test_only_a_whole_living_key_is_found(owner, time_machine):
    time_machine.move_to("2026-11-20 12:00+01:00")
    _token, raw = tokens.create(owner, name="Kasse", expires_on=date(2026, 11, 20))
    assert tokens.find(raw) is not None
    assert tokens.find(raw[:-1]) is None
    assert tokens.find(raw.upper()) is None
    time_machine.move_to("2026-11-20 23:59:59+01:00")
    assert tokens.find(raw) is not None
    time_machine.move_to("2026-11-21 00:00:01+01:00")
    assert tokens.find(raw) is None


def test_a_revoked_key_is_dead_at_once(owner):
    token, raw = tokens.create(owner, name="Kasse")
    tokens.revoke(token, by=owner)
    tokens.revoke(token, by=owner)
    assert tokens.find(raw) is None
    assert [entry.event for entry in AuditEntry.objects.order_by("pk")] == ["token_created", "token_revoked"]


def test_a_key_of_somebody_who_was_locked_out_is_dead(owner):
    _token, raw = tokens.create(owner, name="Kasse")
    owner.user.is_active = False
    owner.user.save()
    assert tokens.find(raw) is None


def test_use_is_noted_once_a_minute(owner, django_assert_num_queries):
    token, _raw = tokens.create(owner, name="Kasse")
    tokens.note_use(token)
    for seconds, queries in ((59, 0), (61, 1)):
        token.last_used_at = timezone.now() - timedelta(seconds=seconds)
        with django_assert_num_queries(queries):
            tokens.note_use(token)


def test_a_key_belongs_to_one_business(owner):
    _token, raw = tokens.create(owner, name="Kasse")
    other = make.make_member(business=make.make_business("Maler Schulz"))
    _token, foreign = tokens.create(other, name="Kasse")
    assert tokens.find(raw).business != tokens.find(foreign).business
    assert [token.name for token in ApiToken.objects.all()] == ["Kasse"]

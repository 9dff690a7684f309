"""Customers' links: never stored, revocable, guessing is counted (security.md 4.3, P36 to P41)."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from crm import access
from crm.models import AccessLink, TimelineEntry
from tests import make

NOON = "2026-11-23T11:00:00+00:00"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as travel:
        yield travel


def mint(**kwargs):
    customer = kwargs.pop("customer", None) or make.make_customer(postcode="22397")
    expires_at = timezone.now() + timedelta(days=30)
    return access.mint(customer, purpose="quote", customer=customer, expires_at=expires_at, **kwargs)


def test_a_token_opens_its_link_and_is_stored_nowhere(business):
    link, other = mint(), mint()
    token = access.token(link)
    assert len(token) == 43 and token != access.token(other)
    assert access.resolve(token) == link
    row = AccessLink.objects.filter(pk=link.pk).values().get()
    assert token not in str(row)


def test_a_link_is_found_whatever_business_it_is_of(business):
    from accounts import current

    with current.working_for(make.make_business("Andere")):
        token = access.token(mint())
    with current.working_for(None):
        assert access.resolve(token) is not None


@pytest.mark.parametrize("raw", ["", "x" * 43, "ä" * 43, "\x00", "x" * 100_000])
def test_an_unknown_token_opens_nothing(business, raw):
    mint()
    assert access.resolve(raw) is None


def test_links_survive_a_new_secret_key_while_the_old_one_is_known(business, settings):
    link = mint()
    token = access.token(link)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "neu", [settings.SECRET_KEY]
    assert access.token(link) == token
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(LookupError):
        access.token(link)


def test_revoking_closes_every_link_of_a_document(business):
    customer = make.make_customer()
    links = [mint(customer=customer), mint(customer=customer)]
    other = mint()
    access.revoke(customer)
    assert [AccessLink.objects.get(pk=link.pk).is_open for link in [*links, other]] == [False, False, True]


def test_a_link_ends_at_its_time(business, clock):
    link = mint()
    assert link.is_open
    clock.shift(timedelta(days=30))
    assert not link.is_open


def test_looking_again_within_the_hour_is_one_line(business, clock):
    link = mint()
    access.mark_seen(link)
    link.refresh_from_db()
    clock.shift(timedelta(minutes=59))
    access.mark_seen(link)
    link.refresh_from_db()
    assert (link.seen_count, TimelineEntry.objects.filter(event="crm.link_seen").count()) == (2, 1)
    clock.shift(timedelta(minutes=61))
    access.mark_seen(link)
    assert TimelineEntry.objects.filter(event="crm.link_seen").count() == 2


def test_the_first_fetch_is_told_once_and_is_no_look(business, clock):
    link = mint()
    access.note_fetched(link.pk)
    clock.shift(timedelta(hours=3))
    access.note_fetched(link.pk)
    told = TimelineEntry.objects.get(event="crm.link_fetched")
    link.refresh_from_db()
    assert (told.subject, told.at, link.fetched_at) == (link, link.fetched_at, told.at)
    assert (link.seen_count, link.last_seen_at) == (0, None)

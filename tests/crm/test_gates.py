"""The postcode before a page: guessing is counted in the row (security.md 4.3 no. 14, P36 to P38)."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from crm import access, gates
from crm.models import Mail, TimelineEntry
from tests import make


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-23T11:00:00+00:00", tick=False) as travel:
        yield travel


def mint(**kwargs):
    customer = kwargs.pop("customer", None) or make.make_customer(postcode="22397")
    expires_at = timezone.now() + timedelta(days=30)
    return access.mint(customer, purpose="quote", customer=customer, expires_at=expires_at, **kwargs)


@pytest.mark.parametrize("answer", ["22397", " 22397 ", "D-22397", "d 22397", "２２３９７", "2 2 3 9 7"])
def test_the_postcode_opens_however_it_is_typed(business, answer):
    assert gates.answer_postcode(mint(asks_postcode=True), answer) is True


@pytest.mark.parametrize("answer", ["", "22398", "2239", "223971", "D-", "abc", "22397x", "0" * 500])
def test_another_answer_does_not(business, answer):
    assert gates.answer_postcode(mint(asks_postcode=True), answer) is False


def test_without_a_stored_postcode_none_is_asked_and_none_is_right(business):
    link = mint(customer=make.make_customer(postcode=""), asks_postcode=True)
    assert link.asks_postcode is False
    assert gates.answer_postcode(link, "") is False


def test_five_wrong_answers_pause_and_ten_end_it(business, clock):
    link = mint(asks_postcode=True)
    for _ in range(5):
        gates.answer_postcode(link, "00000")
    with pytest.raises(gates.GatePaused) as paused:
        gates.answer_postcode(link, "22397")
    assert (paused.value.minutes, paused.value.status) == (15, 429)
    clock.shift(timedelta(minutes=15, seconds=1))
    for _ in range(5):
        gates.answer_postcode(link, "00000")
    clock.shift(timedelta(days=1))
    with pytest.raises(gates.GatePaused) as locked:
        gates.answer_postcode(link, "22397")
    assert locked.value.minutes is None
    assert TimelineEntry.objects.filter(event="crm.link_locked").count() == 1
    told = Mail.objects.get(kind="crm/mail/link_locked")
    assert (told.to, told.link, "Brandt" in told.text) == ("post@haselbach.example", None, True)


def test_a_right_answer_forgives_the_recent_ones_not_all(business):
    link = mint(asks_postcode=True)
    for _ in range(4):
        gates.answer_postcode(link, "00000")
    gates.answer_postcode(link, "22397")
    link.refresh_from_db()
    assert (link.recent_wrong_answers, link.wrong_answers) == (0, 4)

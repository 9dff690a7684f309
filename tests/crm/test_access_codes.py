"""Codes by mail: stored nowhere, one at a time, few tries (COD1 to COD3, P36)."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail as django_mail
from django.db import connection
from django.utils import timezone

from crm import access, access_codes, mail
from crm.access_codes import Answer
from crm.models import AccessCode, Mail
from tests import make


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-23T11:00:00+00:00", tick=False) as travel:
        yield travel


@pytest.fixture
def link(business):
    customer = make.make_customer()
    return access.mint(customer, purpose="quote", customer=customer, expires_at=timezone.now() + timedelta(days=30))


def wrong(code):
    return "000000" if access_codes.digits(code) != "000 000" else "000001"


def test_a_code_has_six_digits_and_is_another_one_each_time(link, clock):
    seen = set()
    for _ in range(5):
        seen.add(access_codes.digits(access_codes.issue(link)))
        clock.shift(timedelta(seconds=31))
    assert len(seen) == 5
    assert all(len(each) == 7 and each.replace(" ", "").isdecimal() for each in seen)


@pytest.mark.parametrize("form", ["{}", " {} ", "{}\n", "plain", "dashed", "wide"])
def test_it_opens_however_it_is_typed_or_pasted(link, form):
    shown = access_codes.digits(access_codes.issue(link))
    typed = {
        "plain": shown.replace(" ", ""),
        "dashed": shown.replace(" ", "-"),
        "wide": "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in shown),
    }.get(form, form.format(shown))
    assert access_codes.answer(link, typed) is Answer.RIGHT


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "12345x", "%", "1" * 500, "123456' or 1=1"])
def test_what_is_no_code_counts_as_a_wrong_one(link, typed):
    code = access_codes.issue(link)
    assert access_codes.answer(link, typed) is Answer.WRONG
    code.refresh_from_db()
    assert code.wrong_answers == 1


def test_it_opens_once(link):
    shown = access_codes.digits(access_codes.issue(link))
    assert access_codes.answer(link, shown) is Answer.RIGHT
    assert access_codes.answer(link, shown) is Answer.EXPIRED


def test_it_lives_ten_minutes(link, clock):
    shown = access_codes.digits(access_codes.issue(link))
    clock.shift(timedelta(minutes=10))
    assert access_codes.answer(link, shown) is Answer.EXPIRED


def test_after_five_wrong_ones_the_right_one_opens_nothing(link):
    code = access_codes.issue(link)
    answers = [access_codes.answer(link, wrong(code)) for _ in range(5)]
    assert answers == [Answer.WRONG] * 4 + [Answer.TRIED_OUT]
    assert access_codes.answer(link, access_codes.digits(code)) is Answer.TRIED_OUT


def test_a_new_code_ends_the_old_one(link, clock):
    old = access_codes.digits(access_codes.issue(link))
    clock.shift(timedelta(seconds=30))
    access_codes.issue(link)
    assert access_codes.answer(link, old) is Answer.WRONG


def test_the_code_of_one_link_opens_no_other(link):
    other = access.mint(
        link.customer, purpose="quote", customer=link.customer, expires_at=timezone.now() + timedelta(days=1)
    )
    access_codes.issue(other)
    assert access_codes.answer(other, access_codes.digits(access_codes.issue(link))) is Answer.WRONG


def test_the_next_one_goes_after_thirty_seconds_and_six_in_an_hour(link, clock):
    access_codes.issue(link)
    with pytest.raises(access_codes.TooSoon) as refusal:
        access_codes.issue(link)
    assert refusal.value.seconds == 30
    for _ in range(5):
        clock.shift(timedelta(minutes=1))
        access_codes.issue(link)
    clock.shift(timedelta(minutes=1))
    with pytest.raises(access_codes.TooSoon) as refusal:
        access_codes.issue(link)
    assert (refusal.value.seconds, refusal.value.message) == (54 * 60, "Zu viele Versuche. Bitte in 54 Minuten wieder.")
    clock.shift(timedelta(minutes=54, seconds=1))
    assert access_codes.issue(link)


def test_codes_survive_a_new_secret_key_while_the_old_one_is_known(link, settings):
    shown = access_codes.digits(access_codes.issue(link))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "neu", [settings.SECRET_KEY]
    assert access_codes.answer(link, shown) is Answer.RIGHT


def test_the_digits_stand_in_the_mail_that_leaves_and_in_no_table(link, monkeypatch):
    code = access_codes.issue(link)
    shown = access_codes.digits(code)
    row = mail.queue(
        "portal/mail/access_code", to="s@brandt.example", customer=link.customer, about=code, code_mark=Mail.CODE_MARK
    )
    assert mail.deliver(row.pk)
    sent = django_mail.outbox[0]
    assert shown in sent.body and shown in sent.alternatives[0].content
    assert Mail.CODE_MARK not in sent.body + sent.alternatives[0].content
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of tables
            rows = str(cursor.fetchall())
            assert shown not in rows and f"'{shown.replace(' ', '')}'" not in rows


def test_every_code_is_as_likely_as_any_other(business):
    """Leading zeros are kept, and no digit is preferred."""
    shown = [access_codes.digits(AccessCode(nonce=str(n))).replace(" ", "") for n in range(2000)]
    assert {len(each) for each in shown} == {6}
    assert 120 < sum(each[0] == "0" for each in shown) < 280

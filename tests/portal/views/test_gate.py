"""The postcode (PLZ1 to PLZ5, P35 to P40)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from crm import access_codes
from crm.models import AccessCode, AccessLink, Mail, TimelineEntry
from tests import make


@pytest.fixture
def outside(gated):
    """A visitor that opened the link and has not said the postcode."""
    visitor = make.Browser()
    visitor.get(f"/l/{make.access.token(gated)}/")
    return visitor


def gate(link):
    return f"/k/{link.public_id}/plz/"


def say(visitor, link, answer):
    return visitor.post(gate(link), {"plz": answer})


def send(visitor, link):
    return visitor.post(f"/k/{link.public_id}/code/neu/")


def type_in(visitor, link, digits):
    return visitor.post(f"/k/{link.public_id}/code/", {"code": digits})


def newest(link):
    """The digits of the code that was mailed last."""
    return access_codes.digits(access_codes.newest(link))


def test_before_the_postcode_the_page_says_nothing_about_whom_or_what(outside, gated):
    page = outside.get(f"/k/{gated.public_id}/", follow=True)
    text = page.content.decode()
    assert page.redirect_chain[-1][0] == gate(gated)
    assert "Ihre Unterlagen liegen bereit." in text
    for secret in (
        "Brandt",
        "Sabine",
        "22397",
        "Rotdornweg",
        "Angebot",
        "AN-2026",
        "7.871,85",
        "Einbauschrank",
        "/bild/",
        ".pdf",
    ):
        assert secret not in text


@pytest.mark.parametrize(
    "page", ["angebot/", "angebot.pdf", "summe/", "pruefen/", "bild/1/", "auftrag/", "widerruf/", "agb/"]
)
def test_every_page_leads_to_the_gate_first(outside, gated, page):
    answer = outside.get(f"/k/{gated.public_id}/{page}")
    assert (answer.status_code, answer.headers["Location"], answer.content) == (302, gate(gated), b"")


@pytest.mark.parametrize("action", ["beauftragen/", "nachricht/", "gesehen/", "ablehnen/"])
def test_nothing_can_be_done_before_the_gate(outside, gated, action):
    answer = outside.post(f"/k/{gated.public_id}/{action}", {"name": "x", "text": "x"})
    assert (answer.status_code, answer.headers["Location"]) == (302, gate(gated))
    gated.refresh_from_db()
    assert gated.seen_count == 0


@pytest.mark.parametrize("answer", ["22397", " 22397 ", "D-22397", "２２３９７"])
def test_the_right_postcode_opens_for_twelve_hours_however_it_is_written(outside, gated, answer):
    answered = say(outside, gated, answer)
    assert answered.headers["Location"] == f"/k/{gated.public_id}/"
    assert outside.get(f"/k/{gated.public_id}/angebot/").status_code == 200
    # opened anew from the mail it does not ask again
    outside.get(f"/l/{make.access.token(gated)}/")
    assert outside.get(f"/k/{gated.public_id}/angebot/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=11, minutes=59)):
        outside.get(f"/l/{make.access.token(gated)}/")
        assert outside.get(f"/k/{gated.public_id}/angebot/").status_code == 200


def test_a_wrong_postcode_is_named_in_the_summary_and_at_the_field(outside, gated):
    answer = say(outside, gated, "22379")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("Das passt nicht zu diesem Link. Bitte prüfen Sie die fünf Ziffern.") == 2
    assert 'value="22379"' in page
    assert 'aria-invalid="true"' in page
    assert "<title>Fehler: Postleitzahl eingeben" in page
    assert "Noch 4 Versuche." in page


@pytest.mark.parametrize("answer", ["1067", "%", "01067' or 1=1", "abcde", "9" * 15])
def test_what_is_no_postcode_counts_as_wrong(outside, gated, answer):
    assert "Bitte geben Sie fünf Ziffern ein." in say(outside, gated, answer).content.decode()
    gated.refresh_from_db()
    assert gated.wrong_answers == 1


def test_after_five_wrong_ones_even_the_right_one_waits(outside, gated):
    for _ in range(5):
        page = say(outside, gated, "22379").content.decode()
        assert "Das passt nicht zu diesem Link." in page
    assert ("#id_plz" in page, "Noch" in page, "Code per E-Mail schicken" in page) == (False, False, True)
    answer = say(outside, gated, "22397")
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert "Bitte warten Sie 15 Minuten oder lassen Sie sich einen Code schicken." in page
    assert "Code per E-Mail schicken" in page
    assert 'name="plz"' not in page
    assert outside.get(gate(gated)).status_code == 429
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert say(outside, gated, "22397").status_code == 302


def lock(outside, gated):
    """Ten wrong postcodes, in two goes."""
    for hour in range(2):
        with time_machine.travel(timezone.now() + timedelta(hours=hour)):
            for _ in range(5):
                say(outside, gated, "22379")


def test_after_ten_wrong_ones_only_a_mailed_code_helps_and_the_business_is_told(outside, gated):
    lock(outside, gated)
    with time_machine.travel(timezone.now() + timedelta(hours=5)):
        answer = say(outside, gated, "22397")
        page = answer.content.decode()
        assert (answer.status_code, 'name="plz"' in page) == (429, False)
        assert "nur noch mit einem Code" in page
        assert TimelineEntry.objects.filter(event="crm.link_locked").count() == 1
        assert Mail.objects.get(kind="crm/mail/link_locked").to == "post@haselbach.example"
        send(outside, gated)
        assert type_in(outside, gated, newest(gated)).headers["Location"] == f"/k/{gated.public_id}/"
        assert outside.get(f"/k/{gated.public_id}/angebot/").status_code == 200
        # it stays shut for everybody else
        other = make.Browser()
        other.get(f"/l/{make.access.token(gated)}/")
        assert say(other, gated, "22397").status_code == 429


def test_wrong_answers_count_whatever_address_they_come_from(gated):
    for n in range(5):
        visitor = make.Browser(REMOTE_ADDR=f"192.0.2.{n}")
        visitor.get(f"/l/{make.access.token(gated)}/")
        say(visitor, gated, "22379")
    assert AccessLink.objects.get(pk=gated.pk).paused_until > timezone.now()


def test_the_gate_of_one_link_opens_no_other(outside, gated):
    say(outside, gated, "22397")
    other = make.link_to(make.make_sent_quote())
    outside.get(f"/l/{make.access.token(other)}/")
    outside.cookies[f"gate-{other.public_id}"] = outside.cookies[f"gate-{gated.public_id}"].value
    assert outside.get(f"/k/{other.public_id}/angebot/").headers["Location"] == gate(other)


def test_the_postcode_stands_in_no_address(outside, gated):
    assert "22397" not in say(outside, gated, "22397").headers["Location"]
    assert outside.get(gate(gated) + "?plz=22397").headers["Location"] == f"/k/{gated.public_id}/"


def test_without_a_postcode_there_is_no_gate(business):
    type(business).objects.filter(pk=business.pk).update(asks_postcode=True)
    business.refresh_from_db()
    link = make.link_to(make.make_sent_quote(make.make_customer(postcode="")))
    assert link.asks_postcode is False


def test_once_inside_the_gate_leads_on(visitor, link):
    assert visitor.get(gate(link)).headers["Location"] == f"/k/{link.public_id}/"


# --- the code by mail ---------------------------------------------------------------------------------------------------
def test_who_does_not_know_the_postcode_asks_for_a_code_in_two_taps(outside, gated):
    assert f'action="/k/{gated.public_id}/code/neu/"' in outside.get(gate(gated)).content.decode()
    assert send(outside, gated).headers["Location"] == f"/k/{gated.public_id}/code/"
    page = outside.get(f"/k/{gated.public_id}/code/").content.decode()
    assert "Wir haben einen Code an Ihre E-Mail-Adresse geschickt." in page
    assert "Neuen Code schicken" in page
    fields = re.findall(r'<input[^>]*type="text"[^>]*>', page)
    assert len(fields) == 1
    assert 'inputmode="numeric"' in fields[0] and 'autocomplete="one-time-code"' in fields[0]
    assert 'maxlength="30"' in fields[0]  # "123 456" is pasted whole
    mail = Mail.objects.get(kind="portal/mail/access_code")
    assert (mail.to, mail.link, Mail.CODE_MARK in mail.text) == (gated.sent_to, None, True)
    assert type_in(outside, gated, newest(gated)).headers["Location"] == f"/k/{gated.public_id}/"
    assert outside.get(f"/k/{gated.public_id}/angebot/").status_code == 200


def test_the_page_of_the_code_says_no_more_than_that_of_the_postcode(outside, gated):
    send(outside, gated)
    for page in (outside.get(f"/k/{gated.public_id}/code/"), type_in(outside, gated, "000000")):
        for secret in ("Brandt", "22397", "Angebot", "AN-2026", "7.871,85", "kunde.example", ".pdf"):
            assert secret not in page.content.decode()


def test_without_an_address_everything_looks_the_same(outside, gated):
    """What could tell whether we know an address: statuses, words, the tries left, the pause."""

    def told():
        AccessCode.objects.all().delete()
        answers = [send(outside, gated), send(outside, gated), outside.get(f"/k/{gated.public_id}/code/")]
        answers += [type_in(outside, gated, "12345x") for _ in range(6)]
        text = re.compile(r'middlewaretoken" value="\w+')
        return [
            (each.status_code, each.headers.get("Location"), text.sub("", each.content.decode())) for each in answers
        ]

    with time_machine.travel(timezone.now(), tick=False):
        known = told()
        AccessLink.objects.filter(pk=gated.pk).update(sent_to="")
        type(gated.customer).objects.filter(pk=gated.customer_id).update(email="")
        assert told() == known
    assert [status for status, _where, _text in known] == [302, 429, 200, 422, 422, 422, 422, 429, 429]
    assert Mail.objects.filter(kind="portal/mail/access_code").count() == 1


def test_a_wrong_code_is_named_in_the_summary_and_at_the_field(outside, gated):
    send(outside, gated)
    page = type_in(outside, gated, "12 34").content.decode()
    assert page.count("Der Code stimmt nicht. Bitte prüfen Sie die sechs Ziffern der neuesten E-Mail.") == 2
    assert 'value="12 34"' in page
    assert 'aria-invalid="true"' in page


def test_an_expired_code_is_followed_by_a_new_one(outside, gated):
    send(outside, gated)
    old = newest(gated)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        answer = type_in(outside, gated, old)
        assert "Der Code ist abgelaufen. Wir haben Ihnen einen neuen geschickt." in answer.content.decode()
        assert answer.status_code == 422
        assert type_in(outside, gated, newest(gated)).status_code == 302
    assert Mail.objects.filter(kind="portal/mail/access_code").count() == 2


def test_a_second_code_waits_half_a_minute(outside, gated):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        send(outside, gated)
        answer = send(outside, gated)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")
        assert 'name="code"' in answer.content.decode()
        clock.shift(timedelta(seconds=30))
        assert send(outside, gated).status_code == 302


def test_the_code_lets_in_for_twelve_hours_and_through_this_link_alone(outside, gated):
    send(outside, gated)
    cookie = type_in(outside, gated, newest(gated)).cookies[f"code-{gated.public_id}"]
    assert (cookie["path"], cookie["max-age"], cookie["httponly"]) == (f"/k/{gated.public_id}/", 12 * 60 * 60, True)
    other = make.link_to(make.make_sent_quote())
    outside.get(f"/l/{make.access.token(other)}/")
    outside.cookies[f"code-{other.public_id}"] = cookie.value
    assert outside.get(f"/k/{other.public_id}/angebot/").headers["Location"] == gate(other)


def test_a_code_needs_the_token_of_the_page(gated):
    strict = make.Browser(enforce_csrf_checks=True)
    strict.get(f"/l/{make.access.token(gated)}/")
    assert (send(strict, gated).status_code, type_in(strict, gated, "123456").status_code) == (403, 403)
    assert not AccessCode.objects.exists()


def test_without_a_code_on_its_way_there_is_nothing_to_type(outside, gated):
    assert outside.get(f"/k/{gated.public_id}/code/").headers["Location"] == gate(gated)


def test_once_inside_the_code_leads_on(visitor, link):
    assert send(visitor, link).headers["Location"] == f"/k/{link.public_id}/"
    assert visitor.get(f"/k/{link.public_id}/code/").headers["Location"] == f"/k/{link.public_id}/"
    assert not AccessCode.objects.exists()

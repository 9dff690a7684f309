"""The postcode (PLZ1 to PLZ5, P35 to P40)."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from crm.models import AccessLink, TimelineEntry
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
        assert "Das passt nicht zu diesem Link." in say(outside, gated, "22379").content.decode()
    answer = say(outside, gated, "22397")
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert "Zu viele Versuche. Bitte in 15 Minuten wieder." in page
    assert 'name="plz"' not in page
    assert outside.get(gate(gated)).status_code == 429
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert say(outside, gated, "22397").status_code == 302


def test_after_ten_wrong_ones_only_a_new_link_helps_and_the_business_is_told(outside, gated):
    for hour in range(2):
        with time_machine.travel(timezone.now() + timedelta(hours=hour)):
            for _ in range(5):
                say(outside, gated, "22379")
    with time_machine.travel(timezone.now() + timedelta(hours=5)):
        answer = say(outside, gated, "22397")
    assert answer.status_code == 429
    assert "Neuen Link schicken" in answer.content.decode()
    assert TimelineEntry.objects.filter(event="crm.link_locked").count() == 1


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

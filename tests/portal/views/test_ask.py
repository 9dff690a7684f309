"""Questions (FRA1, FRA2), looks that count, and new links (LNK1 to LNK3)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from crm import access, messages
from crm.models import AccessLink, Mail, Message, TimelineEntry
from tests import make


def ask(visitor, link, text, query=""):
    return visitor.post(f"/k/{link.public_id}/nachricht/{query}", {"text": text})


# --- questions ----------------------------------------------------------------------------------------------------------
def test_a_question_stands_on_the_page_and_with_the_business(visitor, link, quote):
    answer = ask(visitor, link, "Geht das auch in Messing?", "?wahl-3.1=3.2")
    assert answer.headers["Location"] == f"/k/{link.public_id}/angebot/?wahl-3.1=3.2#nachrichten"
    page = visitor.get(f"/k/{link.public_id}/angebot/").content.decode()
    assert "Geht das auch in Messing?<small>Sabine Brandt · <time" in page
    assert "gesendet</small>" in page
    assert [message.subject for message in messages.unread()] == [quote]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Bitte schreiben Sie Ihre Frage."),
        ("  ", "Bitte schreiben Sie Ihre Frage."),
        ("x" * 5001, "Bitte kürzen Sie"),
    ],
)
def test_a_question_that_is_none_comes_back_with_what_to_do(visitor, link, text, sentence):
    answer = ask(visitor, link, text, "?wahl-3.1=3.3")
    page = answer.content.decode()
    assert (answer.status_code, page.count(sentence)) == (422, 2)
    assert "<title>Fehler: Angebot" in page
    assert 'value="3.3" data-c="0"' in page  # the choice is kept
    assert not Message.objects.exists()


def test_the_way_back_leads_nowhere_else(visitor, link):
    answer = ask(visitor, link, "Hallo", "?next=https://evil.example&wahl-9=1")
    assert answer.headers["Location"] == f"/k/{link.public_id}/angebot/#nachrichten"


def test_a_question_about_a_row_takes_it_along_and_both_sides_see_it(visitor, link, owner):
    page = visitor.get(f"/k/{link.public_id}/angebot/?wahl-3.1=3.2").content.decode()
    assert 'href="?wahl-3.1=3.2&amp;zu=3.2#frage">Frage dazu<span class="vh">: 3.2 Salbei lackiert</span></a>' in page
    page = visitor.get(f"/k/{link.public_id}/angebot/?wahl-3.1=3.2&zu=3.2").content.decode()
    assert '<b data-out="about">3.2 Salbei lackiert</b>' in page
    position = re.search(r'name="position" value="([^"]*)"', page)[1]
    address = f"/k/{link.public_id}/nachricht/?wahl-3.1=3.2"
    again = visitor.post(address, {"text": "", "position": position}).content.decode()
    assert '<b data-out="about">3.2 Salbei lackiert</b>' in again  # as does what was chosen
    visitor.post(address, {"text": "Wie hell ist das?", "position": position})
    message = Message.objects.get()
    assert (message.position, message.about) == ("3.2", "3.2 Salbei lackiert")
    assert "Zu Position 3.2 Salbei lackiert" in visitor.get(f"/k/{link.public_id}/angebot/").content.decode()
    office = make.signed_in(owner)
    for address in ("/", link.subject.get_absolute_url(), link.customer.get_absolute_url(), f"/fragen/{message.pk}/"):
        assert "u Position 3.2 Salbei lackiert" in office.get(address).content.decode(), address
    assert "Zu Position 3.2 Salbei lackiert" in Mail.objects.get(kind="crm/mail/question_asked").text


@pytest.mark.parametrize("position", ["9.9", "<b>", "3.2' OR 1=1", ""])
def test_a_row_the_quote_does_not_have_is_no_reference(visitor, link, position):
    page = visitor.get(f"/k/{link.public_id}/angebot/", {"zu": position}).content.decode()
    assert '<div class="row about" data-about hidden>' in page
    visitor.post(f"/k/{link.public_id}/nachricht/", {"text": "Hallo", "position": position})
    assert Message.objects.get().about == ""


def test_ten_questions_in_ten_minutes_are_enough(visitor, link):
    with time_machine.travel(timezone.now(), tick=False):
        assert [ask(visitor, link, f"Frage {n}").status_code for n in range(11)] == [302] * 10 + [429]
    assert Message.objects.count() == 10


# --- looks --------------------------------------------------------------------------------------------------------------
def look(visitor, link, **headers):
    return visitor.post(f"/k/{link.public_id}/gesehen/", headers=headers)


def seen(link):
    link.refresh_from_db()
    return link.seen_count


def test_a_look_of_two_seconds_counts(visitor, link):
    assert look(visitor, link).status_code == 204
    assert seen(link) == 1
    assert TimelineEntry.objects.filter(event="crm.link_seen").count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"User-Agent": "facebookexternalhit/1.1"},
        {"User-Agent": "Microsoft-SafeLinks-Scanner"},
    ],
)
def test_machines_that_say_so_do_not_count(visitor, link, headers):
    assert look(visitor, link, **headers).status_code == 204
    assert seen(link) == 0


def test_a_look_needs_the_token_of_the_page(link):
    strict = make.let_in(link, make.Browser(enforce_csrf_checks=True))
    assert look(strict, link).status_code == 403
    assert seen(link) == 0


def test_what_is_done_on_purpose_is_a_look_once_per_visit(visitor, link):
    ask(visitor, link, "Geht das?")
    ask(visitor, link, "Und das?")
    assert seen(link) == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        ask(visitor, link, "Und das hier?")
    assert seen(link) == 2


def test_a_refused_form_is_no_look(visitor, link):
    ask(visitor, link, "")
    assert seen(link) == 0


def test_members_look_at_their_customers_page_without_counting(link, owner):
    preview = make.let_in(link, make.signed_in(owner))
    look(preview, link)
    assert seen(link) == 0


# --- new links ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def expired(link):
    AccessLink.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(days=1))
    link.refresh_from_db()
    return link


def renew(link):
    return make.let_in(link).post(f"/k/{link.public_id}/neuer-link/")


def test_a_new_link_goes_to_the_stored_address_and_the_page_shows_no_part_of_it(expired):
    page = renew(expired).content.decode()
    new = access.links_to(expired.subject).first()
    mail = Mail.objects.get(kind="portal/mail/link_renewed")
    assert (new.pk != expired.pk, new.is_open, mail.to, mail.link) == (True, True, expired.sent_to, new)
    assert expired.sent_to not in page
    assert expired.sent_to.split("@")[0] not in page
    assert Mail.LINK_MARK in mail.text


def test_the_old_link_stays_closed(expired):
    renew(expired)
    assert make.Browser().get(f"/l/{access.token(expired)}/").status_code == 410


def test_the_new_link_opens_for_thirty_days(expired):
    renew(expired)
    new = access.links_to(expired.subject).first()
    assert make.let_in(new).get(f"/k/{new.public_id}/angebot/").status_code == 200
    assert timedelta(days=29) < new.expires_at - timezone.now() <= timedelta(days=30)


def test_one_new_link_in_ten_minutes(expired):
    pages = [re.sub(r'middlewaretoken" value="\w+', "", renew(expired).content.decode()) for _ in range(3)]
    assert (len(set(pages)), Mail.objects.filter(kind="portal/mail/link_renewed").count()) == (1, 1)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        renew(expired)
    assert Mail.objects.filter(kind="portal/mail/link_renewed").count() == 2


@pytest.mark.parametrize("reason", ["no address", "retracted"])
def test_the_answer_is_the_same_when_nothing_is_sent(expired, owner, reason):
    if reason == "no address":
        AccessLink.objects.filter(pk=expired.pk).update(sent_to="")
        type(expired.customer).objects.filter(pk=expired.customer_id).update(email="")
    else:
        type(expired.subject).objects.filter(pk=expired.subject_id).update(state="retracted")
    page = renew(expired).content.decode()
    assert "Sehen Sie in Ihr Postfach." in page
    assert not Mail.objects.filter(kind="portal/mail/link_renewed").exists()


def test_a_new_link_asks_for_the_postcode_if_the_old_one_did(gated):
    AccessLink.objects.filter(pk=gated.pk).update(expires_at=timezone.now() - timedelta(days=1))
    renew(gated)
    assert access.links_to(gated.subject).first().asks_postcode

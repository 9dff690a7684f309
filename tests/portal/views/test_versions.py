"""Versions of a quote on the customer's pages: the old link shows the new one, nothing is ordered by mistake (DET3, P29)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing import quotes
from billing.models import Order, Quote
from crm.models import Message
from portal import nonces
from tests import make

LINES = [make.line("Schrankkorpus", "4", "500"), make.line("Montage", "10", "60"), make.line("Anfahrt", "1", "45")]
NEW = [make.line("Schrankkorpus", "5", "500"), make.line("Montage", "10", "60"), make.line("Beleuchtung", "1", "100")]


@pytest.fixture
def quote(business):
    return make.make_sent_quote(lines=LINES)


def revised(quote, lines=NEW, note="Ein Fach mehr, dafür ohne Anfahrt."):
    draft = quotes.revise(quote, by=None)
    quotes.change(draft, lines=lines)
    quotes.send(draft, by=None, version_note=note)
    return draft


def at(link, page=""):
    return f"/k/{link.public_id}/{page}"


def text_of(answer):
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


def ordering(link, quote):
    return {"nonce": nonces.make(link, quote.document_hash), "name": "Sabine Brandt", "email": "s@brandt.example"}


# --- the old link -----------------------------------------------------------------------------------------------------
def test_the_old_link_shows_the_new_version_and_says_so(visitor, link, quote):
    revised(quote)
    page = text_of(visitor.get(at(link, "angebot/")))
    assert "Fassung 2 vom" in page and "Ein Fach mehr, dafür ohne Anfahrt." in page and "Beleuchtung" in page
    assert f'href="{at(link, "angebot/aenderungen/")}"' in page


def test_the_first_version_says_nothing_about_versions(visitor, link):
    assert "Fassung" not in text_of(visitor.get(at(link, "angebot/")))
    assert visitor.get(at(link, "angebot/aenderungen/")).url == at(link, "angebot/")
    assert visitor.get(at(link, "angebot/fassung/1/")).url == at(link, "angebot/")


def test_a_draft_of_the_next_version_is_not_shown(visitor, link, quote):
    draft = quotes.revise(quote, by=None)
    quotes.change(draft, lines=NEW)
    assert "Beleuchtung" not in text_of(visitor.get(at(link, "angebot/")))
    assert visitor.get(at(link, "angebot/fassung/2/")).status_code == 404


def test_the_order_of_the_new_version_is_found_by_the_old_link(visitor, link, quote):
    version = revised(quote)
    assert visitor.post(at(link, "beauftragen/"), ordering(link, version)).url == at(link, "beauftragt/")
    assert Order.objects.get().quote == version
    assert visitor.get(at(link, "auftrag/")).status_code == 200
    assert visitor.get(at(link, "widerruf/")).status_code == 200


def test_a_retracted_version_closes_the_earlier_ones_too(visitor, link, quote):
    version = revised(quote)
    quotes.retract(version, by=None)
    for page in ("angebot/", "angebot/aenderungen/", "angebot/fassung/1/", "angebot/fassung/1.pdf"):
        assert visitor.get(at(link, page)).status_code == 410


# --- what is different ------------------------------------------------------------------------------------------------
def test_the_differences_stand_in_plain_words_and_gross_prices(visitor, link, quote):
    revised(quote)
    page = text_of(visitor.get(at(link, "angebot/aenderungen/")))
    # 2,645.00 net before, 3,200.00 after
    for words in (
        "3.808,00 €",
        "3.147,55 €",
        "+ 660,45 €",
        "Beleuchtung",
        "119,00 €",
        "Anfahrt",
        "vorher</span> 4 ",
        "jetzt</span> 5 ",
    ):
        assert words in page, words
    assert "Montage" not in page  # the same as before


def test_a_business_reads_net_prices(business):
    quote = make.make_sent_quote(make.make_company(), lines=LINES)
    link = make.link_to(quote)
    revised(quote)
    page = text_of(make.let_in(link).get(at(link, "angebot/aenderungen/")))
    assert "3.200,00 €" in page and "+ 555,00 €" in page and "3.808,00" not in page


def test_only_the_last_day_is_different(visitor, link, quote):
    quotes.extend(quote, by=None, valid_until=quote.valid_until.replace(year=quote.valid_until.year + 1))
    page = text_of(visitor.get(at(link, "angebot/aenderungen/")))
    assert "Leistungen und Preise sind dieselben." in page and "Der Preis ist gleich geblieben." in page


def test_any_earlier_version_can_be_compared(visitor, link, quote):
    third = revised(revised(quote), lines=[*NEW, make.line("Sockel", "1", "80")])
    assert third.version == 3
    page = text_of(visitor.get(at(link, "angebot/aenderungen/")))
    assert "Sockel" in page and "Beleuchtung" not in page
    assert "Beleuchtung" in text_of(visitor.get(at(link, "angebot/aenderungen/?seit=1")))


def test_an_earlier_version_can_be_read_but_not_ordered(visitor, link, quote):
    revised(quote)
    page = text_of(visitor.get(at(link, "angebot/fassung/1/")))
    assert "nur noch zum Nachlesen" in page and "3.147,55 €" in page and "Anfahrt" in page
    assert "beauftragen/" not in page and "pruefen/" not in page
    assert visitor.get(at(link, "angebot/fassung/1.pdf"))["Content-Type"] == "application/pdf"
    assert visitor.get(at(link, "angebot/fassung/7/")).status_code == 404


# --- late posts (P29) -------------------------------------------------------------------------------------------------
def test_an_order_from_the_old_page_orders_nothing_and_says_what_happened(visitor, link, quote):
    fields = ordering(link, quote)
    revised(quote)
    answer = visitor.post(at(link, "beauftragen/"), fields)
    page = text_of(answer)
    assert answer.status_code == 409
    for words in (
        "Das Angebot wurde inzwischen geändert. Bitte prüfen Sie es noch einmal.", "Nichts wurde bestellt",
        "3.147,55 €", "3.808,00 €", "+ 660,45 €", "Neue Fassung ansehen", "tel:",
    ):  # fmt: skip
        assert words in page, words
    assert not Order.objects.exists()
    assert visitor.post(at(link, "beauftragen/"), {**fields, "wahl-9": "9"}).status_code == 409


def test_a_no_to_the_old_version_is_not_one_to_the_new(visitor, link, quote):
    assert 'name="fassung" value="1"' in text_of(visitor.get(at(link, "ablehnen/")))
    version = revised(quote)
    answer = visitor.post(at(link, "ablehnen/"), {"fassung": "1", "reason": "price", "comment": "Zu <b>teuer</b>"})
    assert answer.status_code == 409 and "Zu &lt;b&gt;teuer&lt;/b&gt;" in text_of(answer)
    version.refresh_from_db()
    assert version.state == Quote.State.SENT


def test_a_question_about_the_old_version_is_not_lost(visitor, link, quote):
    revised(quote)
    answer = visitor.post(at(link, "nachricht/"), {"fassung": "1", "text": "Geht das auch früher?"})
    assert answer.status_code == 409 and ">Geht das auch früher?</textarea>" in text_of(answer)
    assert not Message.objects.exists()
    assert visitor.post(at(link, "nachricht/"), {"fassung": "2", "text": "Geht das auch früher?"}).status_code == 302


def test_a_wish_about_the_old_version_is_answered_with_the_new(visitor, link, quote):
    revised(quote)
    answer = visitor.post(at(link, "wunsch/"), {"fassung": "1", "text": "Ohne Anfahrt", "name": "Sabine"})
    assert answer.status_code == 409 and ">Ohne Anfahrt</textarea>" in text_of(answer)


@pytest.mark.parametrize("mark", ["", "7", "x", "-1", "²", "9" * 40])
def test_a_bent_mark_changes_nothing(visitor, link, quote, mark):
    revised(quote)
    assert visitor.post(at(link, "nachricht/"), {"fassung": mark, "text": "Hallo"}).status_code == 302


# --- walls and cost ---------------------------------------------------------------------------------------------------
def test_versions_of_another_quote_stay_closed(visitor, link, quote):
    other = make.make_sent_quote()
    revised(other, lines=[make.line("Geheim", "1", "5")])
    assert visitor.get(at(link, "angebot/fassung/2/")).status_code == 404
    assert "Geheim" not in text_of(visitor.get(at(link, "angebot/")))


@pytest.mark.parametrize("page", ["angebot/", "angebot/aenderungen/", "angebot/fassung/1/"])
def test_pages_cost_the_same_for_two_versions_and_for_four(visitor, link, quote, page):
    costs, newest = [], quote
    for _ in range(2):
        newest = revised(newest)
        visitor.get(at(link, page))
        with CaptureQueriesContext(connection) as found:
            assert visitor.get(at(link, page)).status_code == 200
        costs.append(len(found))
        newest = revised(newest)
    assert costs[0] == costs[1] <= 8

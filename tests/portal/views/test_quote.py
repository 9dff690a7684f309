"""The quote's page and its sum (ANG1 to ANG10)."""

import re
from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest
import time_machine
from django.utils import timezone

from billing import choices, quotes
from crm import access, attachments
from tests import make

NBSP = "\u00a0"


def page(visitor, link, query=""):
    return visitor.get(f"/k/{link.public_id}/angebot/{query}").content.decode()


def total(visitor, link, query=""):
    return visitor.get(f"/k/{link.public_id}/summe/{query}")


# --- what is shown ------------------------------------------------------------------------------------------------------
def test_the_page_begins_with_the_servers_total_for_the_default_choice(visitor, link):
    assert page(visitor, link).count(f'<output data-out="total">7.871,85{NBSP}€</output>') == 2


def test_nothing_that_costs_money_is_ticked_and_each_set_has_one_choice(visitor, link):
    inputs = re.findall(r'<input type="(radio|checkbox)" form="wahl"[^>]*>', page(visitor, link))
    checked = re.findall(r'<input type="(radio|checkbox)" form="wahl"[^>]* checked>', page(visitor, link))
    assert (inputs.count("radio"), inputs.count("checkbox"), checked) == (3, 2, ["radio"])


def test_a_consumer_sees_gross_prices_only(visitor, link):
    text = page(visitor, link)
    assert f"499,80{NBSP}€" in text  # 420 net
    assert not re.search(r"\b(420|485|465|240),00", text)
    assert "Alle Preise inklusive Mehrwertsteuer." in text


def test_a_business_sees_net_first(business):
    link = make.link_to(make.make_sent_quote(make.make_company()))
    text = page(make.let_in(link), link)
    assert f'<output data-out="total">6.615,00{NBSP}€</output>' in text
    assert f'data-out="gross">7.871,85{NBSP}€' in text
    assert "Vertrag widerrufen" not in text
    assert "Widerrufsbelehrung" not in text


def test_nothing_internal_is_on_the_page(business):
    lines = [make.line("Schrank", purchase_price=Decimal("61.37"))]
    quote = make.make_sent_quote(lines=lines, internal_note="Zahlt spät")
    link = make.link_to(quote)
    visitor = make.let_in(link)
    for text in (page(visitor, link), total(visitor, link).content.decode()):
        for secret in ("61,37", "61.37", "Zahlt spät", quote.document_hash, "purchase"):
            assert secret not in text


def test_texts_of_the_quote_are_only_text(business):
    nasty = "<script>alert(1)</script>"
    lines = [
        make.line(nasty, alternative_set=nasty, is_default=True), make.line("B", alternative_set=nasty),
        make.line("C", description=nasty, is_optional=True),
    ]  # fmt: skip
    link = make.link_to(make.make_sent_quote(title=nasty, intro=nasty, lines=lines))
    visitor = make.let_in(link)
    visitor.post(f"/k/{link.public_id}/nachricht/", {"text": nasty})
    for name in ("angebot/", "pruefen/"):
        assert nasty not in visitor.get(f"/k/{link.public_id}/{name}").content.decode()


def test_without_choices_the_groups_are_open_under_another_heading(business):
    link = make.link_to(make.make_sent_quote(lines=[{"kind": "section", "text": "Türen"}, make.line()]))
    text = page(make.let_in(link), link)
    assert "Was Sie bekommen" in text
    assert '<details class="fold" open>' in text
    assert "<figure" not in text  # no picture, no placeholder


def test_the_picture_follows_the_choice(business):
    customer = make.make_customer()
    pictures = [
        attachments.add(customer, make.upload(make.picture((900, 600), colour=colour)), is_told=False)
        for colour in ("#aa8855", "#88aa99")
    ]
    for each in pictures:
        attachments.make_preview(each.pk)
    lines = [
        make.line("Eiche", alternative_set="Fronten", is_default=True, picture=pictures[0]),
        make.line("Salbei", alternative_set="Fronten", picture=pictures[1]),
    ]  # fmt: skip
    link = make.link_to(make.make_sent_quote(customer, lines=lines))
    visitor = make.let_in(link)
    hero = r'<img src="([^"]+)" width="900" height="600" alt="([^"]+)" fetchpriority'
    address = f"/k/{link.public_id}/bild/%s/640/"
    assert re.findall(hero, page(visitor, link)) == [(address % pictures[0].pk, "Fronten: Eiche")]
    assert re.findall(hero, page(visitor, link, "?wahl-1=2")) == [(address % pictures[1].pk, "Fronten: Salbei")]


def test_the_choice_in_the_address_is_restored(visitor, link):
    text = page(visitor, link, "?wahl-3.1=3.2&wahl-5.1=1")
    assert re.findall(r'name="(wahl-[\d.]+)" value="([\d.]+)"[^>]* checked', text) == [
        ("wahl-3.1", "3.2"),
        ("wahl-5.1", "1"),
    ]
    assert f'<output data-out="total">7.824,25{NBSP}€</output>' in text


def test_a_choice_that_is_none_leads_to_the_page_as_sent(visitor, link):
    answer = visitor.get(f"/k/{link.public_id}/angebot/?wahl-3.1=99")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/k/{link.public_id}/angebot/")


# --- the sum ------------------------------------------------------------------------------------------------------------
def test_the_servers_sum_equals_the_choices_for_every_combination(visitor, link, quote):
    sent = quote.frozen_document
    for front, led, hinges in product(("3.1", "3.2", "3.3"), (False, True), (False, True)):
        fields = {"wahl-3.1": front} | ({"wahl-5.1": "1"} if led else {}) | ({"wahl-5.2": "1"} if hinges else {})
        said = total(visitor, link, "?" + "&".join(f"{name}={value}" for name, value in fields.items())).json()
        assert said["cents"] == choices.applied(sent, choices.parse(sent, fields)).totals.gross * 100


def test_the_sum_says_what_each_row_would_change_from_here(visitor, link):
    said = total(visitor, link, "?wahl-3.1=3.2&wahl-5.1=1").json()
    assert said["total"] == f"7.824,25{NBSP}€"
    assert said["said"] == f"Gesamtpreis inkl. MwSt.: 7.824,25{NBSP}€"
    assert said["sums"]["tax"] == f"1.249,25{NBSP}€"
    assert said["rows"]["3.1"] == {"cents": 33320, "price": f"+{NBSP}333,20{NBSP}€"}
    assert said["rows"]["3.2"] == {"cents": 0, "price": "im Preis"}
    assert said["rows"]["5.2"] == {"cents": 13328, "price": f"+{NBSP}133,28{NBSP}€"}
    assert said["chosen"] == [["Fronten", "Salbei lackiert"], ["", "LED-Lichtleiste"]]


@pytest.mark.parametrize("query", ["?wahl-3.1=2.1", "?wahl-9.9=1", "?wahl-3.1="])
def test_a_sum_of_rows_that_do_not_exist_is_refused(visitor, link, query):
    assert total(visitor, link, query).status_code == 400


def test_other_words_in_the_address_do_no_harm(visitor, link):
    assert total(visitor, link, "?utm_source=x&_connector=OR&quote__id=1").status_code == 200


# --- states -------------------------------------------------------------------------------------------------------------
def test_after_its_last_day_a_quote_can_be_read_and_asked_for_anew(visitor, link, quote):
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        visitor = make.let_in(link)
        text = page(visitor, link)
        assert "Dieses Angebot galt bis" in text
        assert text.count('<fieldset class="sec" disabled>') == 2
        assert "Prüfen und beauftragen" not in text
        anew = re.search(r'name="text" value="([^"]+)"', text)[1]
        visitor.post(f"/k/{link.public_id}/nachricht/", {"text": anew})
    message = quote.customer.messages.get()
    assert message.text == f"Bitte schicken Sie mir ein aktuelles Angebot: Einbauschrank im Flur ({quote.number})."


def test_an_accepted_quote_shows_what_was_chosen_and_leads_to_the_order(visitor, link, quote):
    make.make_order(quote, taken={"wahl-3.1": "3.3", "wahl-5.2": "1"})
    text = page(visitor, link)
    assert text.count("Beauftragt am") == 2
    assert f"/k/{link.public_id}/auftrag/" in text
    assert re.findall(r'value="([\d.]+)"[^>]* checked', text) == ["3.3", "1"]
    assert 'form="wahl" formaction' not in text
    assert "Prüfen und beauftragen" not in text


def test_a_declined_quote_can_still_be_ordered(visitor, link, quote):
    quotes.decline(quote, reason="price")
    text = page(visitor, link)
    assert "Sie haben abgelehnt." in text
    assert "Prüfen und beauftragen" in text


def test_a_retracted_quote_is_gone_even_with_a_new_link(visitor, link, quote, owner):
    quotes.retract(quote, by=owner)
    assert visitor.get(f"/k/{link.public_id}/angebot/").status_code == 410
    late = access.mint(quote, purpose="quote", customer=quote.customer, expires_at=timezone.now() + timedelta(days=1))
    assert make.let_in(late).get(f"/k/{late.public_id}/angebot/").status_code == 410


# --- language -----------------------------------------------------------------------------------------------------------
def test_the_page_speaks_the_customers_language_until_he_switches(business):
    link = make.link_to(make.make_sent_quote(make.make_customer(language="en")))
    visitor = make.let_in(link)
    answer = visitor.get(f"/k/{link.public_id}/angebot/")
    assert '<html lang="en">' in answer.content.decode()
    assert answer.headers["Content-Language"] == "en"
    visitor.cookies["django_language"] = "de"
    assert '<html lang="de">' in page(visitor, link)


def test_a_browser_set_to_english_changes_nothing(visitor, link):
    answer = visitor.get(f"/k/{link.public_id}/angebot/", headers={"Accept-Language": "en"})
    assert '<html lang="de">' in answer.content.decode()

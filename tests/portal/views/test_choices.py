"""Whole titles, numbers and groups of extras on the quote's page and the check page (ANG1 to ANG6, ANG8)."""

import re

import pytest

from billing.models import Order
from tests import make

NBSP = "\u00a0"
LARCH, ASH = "2", "3"  # titles of the set "Belag"
EVERYTHING = "?wahl-2=3&wahl-4.1=3&wahl-4.2=1&wahl-4.3=1&wahl-5=1"


@pytest.fixture
def quote(business):
    """The terrace, sent to a private customer."""
    return make.make_sent_quote(title="Terrasse", lines=make.terrace_lines())


def page(visitor, link, query="", name="angebot"):
    return visitor.get(f"/k/{link.public_id}/{name}/{query}").content.decode()


def card(text, name):
    """One card, as text."""
    found = next(each for each in re.split(r'<div class="pick', text)[1:] if f">{name}<" in each)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", "<div " + found.split("</fieldset>")[0])).strip()


def test_a_title_shows_what_it_changes_what_is_in_it_and_what_that_costs(visitor, link):
    text = page(visitor, link)
    assert text.count(f'<output data-out="total">4.331,60{NBSP}€</output>') == 2
    larch, ash = card(text, "Dielen Lärche"), card(text, "Dielen Thermoesche")
    assert "im Preis" in larch and "Vorschlag" in larch
    assert "+ 730,66 €" in ash and "Was dazugehört 2.748,90 €" in ash
    assert "Dielen Thermoesche, 20 × 130 mm 2.344,30 € 20 m² je 117,22 €" in ash


def test_an_option_in_a_number_is_a_number_field_that_begins_at_none(visitor, link):
    text = page(visitor, link)
    field = re.search(r'<input type="number"[^>]*>', text)[0]
    for words in ('name="wahl-4.1"', 'value="0"', 'min="0"', 'max="8"', 'inputmode="numeric"', 'form="wahl"'):
        assert words in field
    assert "bis zu 8 Stk. je 59,38 €" in card(text, "Bodenspot LED")
    spots = card(page(visitor, link, "?wahl-4.1=3"), "Bodenspot LED")
    assert "je 59,38 € + 178,14 €" in spots


def test_nothing_paid_is_preselected_and_each_set_has_one_choice(visitor, link):
    text = page(visitor, link)
    assert re.findall(r'type="(\w+)"[^>]* checked>', text) == ["radio"]
    assert re.findall(r'type="number"[^>]* value="(\d+)"', text) == ["0"]
    for query in ("?wahl-2=3", EVERYTHING):
        assert re.findall(r'type="radio"[^>]* checked>', page(visitor, link, query)).__len__() == 1


def test_extras_stand_under_their_own_words(visitor, link):
    text = page(visitor, link)
    assert re.findall(r"<h2>([^<]+)</h2>", text)[:4] == [
        "Belag",
        "Licht",
        "Auf Wunsch dazu",
        "Was im Preis enthalten ist",
    ]
    included = text[text.index("Was im Preis enthalten ist") : text.index("So geht es weiter")]
    assert "Unterbau aus Aluminium" in included
    for chosen in ("Dielen Lärche", "Dielen Thermoesche", "Sichtschutz", "Pfosten", "Bodenspot"):
        assert chosen not in included


def test_a_consumer_sees_no_net_price_of_anything(visitor, link):
    for text in (page(visitor, link, EVERYTHING), page(visitor, link, EVERYTHING, "pruefen")):
        assert not re.search(r"\b(49,90|69,80|98,50|128,00|1\.970,00|2\.310,00|1\.012,00|180,00)", text)


def test_the_server_says_what_one_costs_and_what_all_of_them_do(visitor, link):
    said = visitor.get(f"/k/{link.public_id}/summe/{EVERYTHING}").json()
    assert said["rows"]["4.1"] == {"cents": 5938, "price": f"+{NBSP}178,14{NBSP}€", "each": f"je 59,38{NBSP}€"}
    assert said["rows"]["2"] == {"cents": -73066, "price": f"−{NBSP}730,66{NBSP}€"}
    assert said["chosen"] == [
        ["Belag", "Dielen Thermoesche"], ["", "3 × Bodenspot LED"], ["", "Trafo und Dimmer"],
        ["", "Jährliches Ölen im ersten Jahr"], ["", "Sichtschutz"],
    ]  # fmt: skip


@pytest.mark.parametrize("number", ["9", "-1", "1.5", "viele"])
def test_a_number_that_is_not_offered_is_refused(visitor, link, number):
    assert visitor.get(f"/k/{link.public_id}/summe/", {"wahl-4.1": number}).status_code == 400
    assert visitor.get(f"/k/{link.public_id}/angebot/", {"wahl-4.1": number}).status_code == 302


def test_the_check_page_names_what_is_in_the_chosen_title_and_how_many(visitor, link):
    text = page(visitor, link, EVERYTHING, "pruefen")
    facts = dict(re.findall(r"<dt>([^<]+)</dt><dd[^>]*>([^<]+)</dd>", text.replace(NBSP, " ")))
    assert facts["Belag"] == "Dielen Thermoesche"
    assert facts["Licht"] == "3 Stk. Bodenspot LED · Trafo und Dimmer"
    assert facts["Extras"] == "Jährliches Ölen im ersten Jahr · Sichtschutz"
    assert facts["Enthalten"] == (
        "20 m² Unterbau aus Aluminium · 12 Stk. Montage durch zwei Personen · Dielen Thermoesche (20 m² Dielen Thermoesche,"
        " 20 × 130 mm + Verdeckte Befestigung) · Sichtschutz (4 Stk. Pfosten + 6 m Lamellenwand Lärche)"
    )
    assert "Dielen Lärche" not in text


def test_change_on_the_check_page_restores_all_choices(visitor, link):
    back = re.search(r'class="change" href="[^"?]*(\?[^"]+)"', page(visitor, link, EVERYTHING, "pruefen"))[1]
    text = page(visitor, link, back.replace("&amp;", "&"))
    assert re.findall(r'name="(wahl-[\d.]+)" value="([\d.]+)"[^>]* checked', text) == [
        ("wahl-2", "3"), ("wahl-4.2", "1"), ("wahl-4.3", "1"), ("wahl-5", "1"),
    ]  # fmt: skip
    assert re.search(r'name="wahl-4.1" value="(\d+)"', text)[1] == "3"


def test_what_was_taken_is_still_shown_when_it_is_ordered(visitor, link, quote):
    make.make_order(quote, taken={"wahl-2": "3", "wahl-4.1": "2", "wahl-5": "1"})
    text = page(visitor, link)
    assert re.search(r'name="wahl-4.1" value="(\d+)"', text)[1] == "2"
    assert re.findall(r'value="([\d.]+)"[^>]* checked', text) == ["3", "1"]
    rows = Order.objects.get().lines.exclude(kind="section")
    assert [row.text for row in rows] == [
        "Unterbau aus Aluminium", "Montage durch zwei Personen", "Dielen Thermoesche, 20 × 130 mm",
        "Verdeckte Befestigung", "Bodenspot LED", "Pfosten", "Lamellenwand Lärche",
    ]  # fmt: skip


def test_a_surcharge_is_one_in_words_and_a_sum_without_anything_fixed_says_so(business):
    lines = [make.line(text, alternative_set="Tisch", is_default=text == "Eiche") for text in ("Eiche", "Kirsche")]
    link = make.link_to(make.make_sent_quote(lines=lines, discount_percent=-15))
    text = page(make.let_in(link), link)
    assert "Enthalten ist, was Sie oben gewählt haben." in text
    assert f'Zuschlag 15{NBSP}%</span><span class="num" data-out="discount">+{NBSP}17,85{NBSP}€' in text
    said = make.let_in(link).get(f"/k/{link.public_id}/summe/").json()
    assert said["sums"]["discount"] == f"+{NBSP}17,85{NBSP}€"

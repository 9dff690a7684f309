"""The tablet in the customer's hand (R77, R81, R82, R84, R90)."""

import json

import pytest

from accounts.rights import Role
from billing.models import Acceptance, Order
from tests import make

DRAWN = "M 10 20 L 40 60 L 80 20"


@pytest.fixture
def emre(business):
    return make.make_member(Role.FIELD_WORKER, name="Emre Yıldız")


@pytest.fixture
def tablet(emre, quote):
    """Emre's browser; he has an appointment with the customer."""
    make.make_appointment(quote.customer, assignee=emre)
    return make.signed_in(emre)


def address(quote, page=""):
    return f"/angebote/{quote.pk}/vor-ort/{page}"


def order(tablet, quote, **said):
    data = {"name": "Sabine Brandt", "email": "sabine@kunde.example", "seen_hash": quote.document_hash} | said
    return tablet.post(address(quote, "pruefen/"), data)


def test_the_customer_chooses_signs_and_orders_and_the_worker_stays_on_record(tablet, quote, emre):
    answer = order(tablet, quote, signature=DRAWN, paperless="on", **{"wahl-3.1": "3.2"})
    assert answer["Location"] == address(quote, "danke/")
    acceptance = Acceptance.objects.get()
    assert (acceptance.channel, acceptance.by, acceptance.signature) == ("on_site", emre, DRAWN)
    assert (acceptance.name, acceptance.email) == ("Sabine Brandt", "sabine@kunde.example")
    record = json.loads(acceptance.record)
    assert record["button"]["text"] == "Zahlungspflichtig bestellen"
    assert "Salbei lackiert" in record["summary"]
    assert record["withdrawal"]["regime"] == "off_premises"
    assert record["statements"]["paperless"]["ticked"] is True
    assert record["statements"]["early_start"]["ticked"] is False
    assert "auf Papier" not in tablet.get(answer["Location"]).content.decode()


def test_a_typed_name_is_a_signature_and_without_consent_there_is_paper(tablet, quote):
    page = tablet.get(order(tablet, quote)["Location"]).content.decode()
    assert Acceptance.objects.get().signature == ""
    assert "bekommen Sie auf Papier von Emre" in page


def test_pressed_twice_it_is_one_order(tablet, quote):
    first = order(tablet, quote)
    assert order(tablet, quote)["Location"] == first["Location"]
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": " "}, "Bitte tragen Sie Ihren Namen ein."),
        ({"email": "", "paperless": "on"}, "Für die Unterlagen per E-Mail brauchen wir Ihre E-Mail-Adresse."),
        ({"signature": "M 1 1 L 999 1"}, "Die Unterschrift ist nicht angekommen."),
        ({"seen_hash": "0" * 64}, "Das Angebot wurde inzwischen geändert."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_ordered(tablet, quote, said, sentence):
    answer = order(tablet, quote, **said)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Order.objects.exists()


def test_nothing_is_ticked_and_nothing_of_the_inside_is_shown(tablet, quote, business):
    type(quote).objects.filter(pk=quote.pk).update(internal_note="Zahlt spät")
    choosing = tablet.get(address(quote)).content.decode()
    checking = tablet.get(address(quote, "pruefen/")).content.decode()
    assert "checked" not in checking
    assert checking.count("<button") - checking.count('type="button"') == 1 + checking.count('name="language"')
    for page in (choosing, checking):
        assert "Frage dazu" not in page
        assert "Zahlt spät" not in page
        assert 'class="o-nav"' not in page
        assert "Deckungsbeitrag" not in page
        assert page.count(">Seite verlassen<") == 1  # behind the fold
    assert "Widerrufsbelehrung" in checking


def test_the_sum_is_the_servers(tablet, quote):
    found = tablet.get(address(quote, "summe/") + "?wahl-3.1=3.3").json()
    page = tablet.get(address(quote) + "?wahl-3.1=3.3").content.decode()
    assert found["total"] in page
    assert found["prices"]["3.3"] == "im Preis"
    assert tablet.get(address(quote, "summe/") + "?wahl-3.1=9.9").status_code == 400


def test_a_worker_finds_only_quotes_of_those_he_visits(tablet, emre):
    stranger = make.make_sent_quote(make.make_customer("Petersen"))
    assert [tablet.get(address(stranger, page)).status_code for page in ("", "summe/", "pruefen/", "danke/")] == [
        404
    ] * 4
    assert order(tablet, stranger).status_code == 404


def test_the_office_may_hand_over_every_open_quote(business, quote):
    office = make.signed_in_as(Role.OFFICE)
    assert order(office, quote).status_code == 302
    assert office.get(address(quote)).status_code == 404  # ordered: nothing to hand over any more


def test_the_tax_adviser_hands_over_nothing(business, quote):
    assert make.signed_in_as(Role.TAX_ADVISER).get(address(quote)).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_more_choices(tablet, emre, rows):
    lines = [make.line("Fest"), *(make.line(f"Extra {n}", is_optional=True) for n in range(rows))]
    quote = make.make_sent_quote(by=emre, lines=lines)
    assert make.count_queries(tablet, address(quote)) <= 12

"""The page on which the office takes down what a customer said (R74, R80)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from billing.models import Acceptance, Order
from billing.templatetags.billing_documents import chosen_words
from tests import make

EML = b"From: ada@kunde.example\nDate: Sat, 21 Nov 2026 10:00:00 +0100\n\nMachen wir so.\n"


@pytest.fixture
def quote(business):
    return make.make_sent_quote()


def address(quote):
    return reverse("billing:acceptance_create", args=[quote.pk])


def said(quote, **changes):
    moment = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    return {
        "channel": "phone", "name": "Sabine Brandt", "arrived_at": moment, "email": quote.customer.email, "note": "",
        "seen_hash": quote.document_hash,
    } | changes  # fmt: skip


def test_it_leads_to_the_order(office, quote):
    answer = office.post(address(quote), said(quote, **{"wahl-3.1": "3.3", "wahl-5.2": "1"}))
    order = Order.objects.get()
    assert answer["Location"] == order.get_absolute_url()
    assert [each["text"] for each in chosen_words(order.quote.acceptance)] == ["Weiß lackiert", "Türdämpfung"]
    page = office.get(quote.get_absolute_url()).content.decode()
    assert "vom Büro eingetragen" in page
    assert "am Telefon, Jana Haselbach" in page
    assert "vom Büro eingetragen: am Telefon" in office.get(reverse("billing:quote_list")).content.decode()


def test_the_mail_is_the_proof(office, quote):
    upload = make.upload(EML, "Zusage.eml", "message/rfc822")
    assert office.post(address(quote), said(quote, channel="email", proof=upload)).status_code == 302
    assert Acceptance.objects.get().proof.name == "Zusage.eml"
    assert "Zusage.eml" in office.get(quote.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"channel": ""}, "Bitte wählen Sie, auf welchem Weg der Kunde zugesagt hat."),
        ({"channel": "letter"}, "Bitte legen Sie den Brief als Foto oder Scan bei."),
        ({"name": ""}, "Bitte tragen Sie ein, wer zugesagt hat."),
        ({"arrived_at": "gestern"}, "Bitte tragen Sie Tag und Uhrzeit ein"),
        ({"arrived_at": "2999-01-01T10:00"}, "Das liegt in der Zukunft."),
        ({"wahl-3.1": "9.9"}, "Diese Auswahl gibt es in dem Angebot nicht."),
        ({"seen_hash": "x"}, "Das Angebot wurde inzwischen geändert."),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(office, quote, changes, sentence):
    answer = office.post(address(quote), said(quote, note="Im März", **changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "Im März" in page
    assert not Order.objects.exists()


def test_before_saving_it_says_what_it_takes_to_undo_it(office, quote):
    page = office.get(address(quote)).content.decode()
    assert "indem Sie den Auftrag stornieren" in page
    assert 'name="arrived_at"' in page


def test_the_sum_follows_without_a_script_too(office, quote):
    total = office.get(reverse("billing:acceptance_total", args=[quote.pk]) + "?wahl-3.1=3.3").json()["total"]
    answer = office.post(address(quote), said(quote, calculate="1", note="Im März", **{"wahl-3.1": "3.3"}))
    assert answer.status_code == 200
    assert total in answer.content.decode()
    assert "Im März" in answer.content.decode()
    assert not Order.objects.exists()


def test_without_an_address_the_office_is_told_to_hand_over_paper(office, quote):
    answer = office.post(address(quote), said(quote, email=""), follow=True)
    assert "auf Papier" in answer.content.decode()


def test_what_is_ordered_or_a_draft_is_not_taken_down(office, quote):
    make.make_order(quote)
    assert office.get(address(quote)).status_code == 409
    assert office.get(address(make.make_quote())).status_code == 409


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_the_same_for_more_choices(office, rows):
    lines = [make.line("Fest"), *(make.line(f"Extra {n}", is_optional=True) for n in range(rows))]
    assert make.count_queries(office, address(make.make_sent_quote(lines=lines))) <= 14

"""What the editor's script stores while a quote is written."""

from decimal import Decimal

import pytest
from django.urls import reverse

from billing import quotes
from billing.models import Quote
from crm.models import Attachment
from tests import make
from tests.billing.views.editing import quote_fields


@pytest.fixture
def quote(business):
    return make.make_quote(lines=[])


def save(browser, quote, *rows, **head):
    head.setdefault("seen_at", Quote.objects.get(pk=quote.pk).updated_at.isoformat())
    return browser.post(reverse("billing:quote_save", args=[quote.pk]), quote_fields(*rows, **head))


def test_what_is_right_is_stored_and_said_with_its_time(office, owner, quote):
    answer = save(office, quote, {"text": "A", "unit_price": "100"}, title="Neu")
    said = answer.json()
    quote.refresh_from_db()
    assert (answer.status_code, quote.title, quote.gross, quote.changed_by) == (200, "Neu", Decimal("119.00"), owner)
    assert said["seen_at"] == quote.updated_at.isoformat() and said["state"].startswith("gesichert um ")
    assert said["problems"] == []
    again = save(office, quote, {"text": "A", "unit_price": "", "choice": ""}, seen_at=said["seen_at"])
    assert "z1-unit_price" in again.json()["errors"]


def test_what_is_wrong_is_named_and_nothing_is_stored(office, quote):
    answer = save(office, quote, {"text": "A", "unit_price": "1"}, {"text": "", "unit_price": ""},
                  {"text": "B", "unit_price": "2", "quantity": "zwei"}, title="")  # fmt: skip
    assert answer.json() == {
        "errors": {
            "title": "Bitte geben Sie dem Angebot einen Titel.",
            "z3-quantity": "Bitte geben Sie eine Zahl ein, zum Beispiel 12,5.",
        },
        "state": "noch nicht gesichert: Menge in Zeile 3",
    }
    quote.refresh_from_db()
    assert (quote.title, quote.lines.count()) == ("Einbauschrank im Flur", 0)


def test_somebody_elses_save_is_named_and_then_replaced_on_purpose(office, quote):
    before = quote.updated_at.isoformat()
    quotes.change(quote, by=make.make_member(name="Lotte Weber"), title="Von Lotte")
    answer = save(office, quote, seen_at=before)
    said = answer.json()
    assert answer.status_code == 409
    assert said["conflict"].startswith("Lotte Weber hat dieses Angebot um ") and said["conflict"].endswith(" geändert.")
    assert save(office, quote, title="Meins", seen_at=said["seen_at"]).status_code == 200
    quote.refresh_from_db()
    assert quote.title == "Meins"


def test_what_is_missing_before_sending_is_said_with_every_save(office, quote):
    row = {"text": "A", "unit_price": "1", "choice": "alternative", "alternative_set": "Fronten"}
    assert save(office, quote, row).json()["problems"] == [
        "„Fronten“ hat nur eine Ausführung. Bitte fügen Sie eine zweite hinzu."
    ]


def test_a_picture_is_stored_once_and_its_row_is_told(office, quote):
    answer = save(office, quote, {"text": "A", "unit_price": "1", "picture_file": make.upload(name="eiche.jpg")})
    picture = Attachment.objects.get()
    assert answer.json()["pictures"] == {"z1": {"pk": picture.pk, "name": "eiche.jpg", "url": ""}}
    assert quote.lines.get().picture_id == picture.pk


def test_a_sent_quote_is_refused(office):
    sent = make.make_sent_quote()
    assert save(office, sent, {"text": "A", "unit_price": "1"}).status_code == 409


def test_a_sum_that_no_document_holds_is_refused_in_words(office, quote):
    answer = save(office, quote, {"text": "A", "unit_price": "9999999", "quantity": "9999"})
    assert (
        answer.status_code == 409
        and answer.json()["state"] == "Die Summe ist zu groß. Bitte prüfen Sie Mengen und Preise."
    )

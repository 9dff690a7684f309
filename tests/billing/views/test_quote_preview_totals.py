"""The sums while a document is being typed: those of the arithmetic, stored nowhere."""

import json
from datetime import date

import pytest
from django.urls import reverse

from accounts.models import SmallBusinessPeriod
from billing import quotes
from billing.models import Quote
from tests import make
from tests.billing.views.editing import fields_of

URL = reverse("billing:quote_preview_totals")


def ask(browser, *rows, document="quote", **head):
    data = fields_of(rows, **({"mode": "net", "discount_percent": ""} | head))
    keys = data.pop("rows")
    body = {"document": document, "rows": keys, "fields": data}
    answer = browser.post(URL, json.dumps(body), content_type="application/json")
    return json.loads(answer.content.decode().replace("\\u00a0", " "))


def test_the_sums_are_those_of_the_saved_quote(office):
    rows = [
        {"kind": "section", "text": "Fronten"},
        {"text": "Eiche", "quantity": "4", "unit_price": "465", "choice": "alternative", "alternative_set": "Fronten",
         "default_of": "fronten", "purchase_price": "200"},
        {"text": "Salbei", "quantity": "4", "unit_price": "395", "choice": "alternative", "alternative_set": "Fronten"},
        {"text": "LED", "unit_price": "240", "choice": "optional", "option_group": "Licht", "split_labour": "90"},
    ]  # fmt: skip
    sums = ask(office, *rows, discount_percent="10")
    assert sums == {
        "rows": {
            "z1": {"position": "1", "sum": "1.860,00 €", "counted": True, "marks": []},
            "z2": {"position": "1.1", "sum": "1.860,00 €", "counted": True,
                   "marks": [["badge brand", "aus „Fronten“"], ["in", "DB 57 %"]]},
            "z3": {"position": "1.2", "sum": "1.580,00 €", "counted": False, "marks": [["badge brand", "aus „Fronten“"]]},
            "z4": {"position": "1.3", "sum": "240,00 €", "counted": False, "rest": "150,00",
                   "marks": [["badge warn", "Licht: auf Wunsch"], ["badge", "aufgeteilt"]]},
        },
        "discount": "−186,00 €",
        "net": "1.674,00 €", "groups": [["19 % MwSt.", "318,06 €"]], "gross": "1.992,06 €",
        "most": "2.249,10 €", "least": "1.692,18 €", "margin": "874,00 €", "margin_percent": "52 %", "margin_width": 52,
    }  # fmt: skip
    assert not Quote.objects.exists()
    stored = quotes.create(
        make.make_customer(), by=None, title="X", discount_percent=10,
        lines=[{"kind": "section", "text": "Fronten"}, make.line("Eiche", "4", "465", alternative_set="Fronten", is_default=True),
               make.line("Salbei", "4", "395", alternative_set="Fronten"), make.line("LED", "1", "240", is_optional=True)],
    )  # fmt: skip
    assert str(stored.gross) == "1992.06"


def test_a_title_shows_what_is_below_it_whether_or_not_it_is_chosen(office):
    rows = [
        {"kind": "section", "text": "Fest"}, {"text": "A", "unit_price": "100"},
        {"text": "B", "unit_price": "50", "choice": "optional"},
        {"kind": "section", "text": "Licht", "choice": "optional"}, {"text": "C", "unit_price": "30", "discount_percent": "-10"},
    ]  # fmt: skip
    sums = ask(office, *rows)
    assert [(sums["rows"][key]["sum"], sums["rows"][key]["counted"]) for key in ("z1", "z4", "z5")] == [
        ("100,00 €", True), ("33,00 €", False), ("33,00 €", False),
    ]  # fmt: skip
    assert (sums["gross"], sums["most"], sums["rows"]["z5"]["marks"]) == (
        "119,00 €",
        "217,77 €",
        [["badge", "10 % Zuschlag"]],
    )


def test_a_row_that_cannot_be_read_yet_is_left_out(office):
    sums = ask(office, {"text": "A", "unit_price": "100"}, {"text": "B", "unit_price": "1o"})
    assert (sums["gross"], list(sums["rows"])) == ("119,00 €", ["z1"])


def test_gross_prices_stay_what_was_typed(office):
    sums = ask(office, *[{"text": "A", "unit_price": "9,99"}] * 3, mode="gross")
    assert (sums["net"], sums["groups"], sums["gross"]) == ("25,18 €", [["19 % MwSt.", "4,79 €"]], "29,97 €")


def test_the_tax_case_of_an_invoice_counts(office):
    row = {"text": "A", "unit_price": "100"}
    sums = ask(office, row, document="invoice", tax_case="reverse_charge")
    assert (sums["gross"], sums["groups"]) == ("100,00 €", [])
    assert ask(office, row, document="invoice", tax_case="domestic")["gross"] == "119,00 €"
    assert ask(office, row, document="invoice", tax_case="?")["gross"] == "119,00 €"


def test_a_small_business_charges_no_tax(office, business):
    SmallBusinessPeriod.objects.create(business=business, valid_from=date(2025, 1, 1))
    sums = ask(office, {"text": "A", "unit_price": "100", "vat": ""})
    assert (sums["gross"], sums["groups"]) == ("100,00 €", [])


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"rows": 1, "fields": {}}', '{"fields": {}}', '{"rows": [], "fields": []}']
)
def test_what_is_not_the_editors_form_is_refused(office, body):
    assert office.post(URL, body, content_type="application/json").status_code == 400

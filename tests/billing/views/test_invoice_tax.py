"""The tax of an invoice's draft on its page: asked, refused with the way to the field, kept, and shown when issued."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from billing import invoices, tax_decisions
from billing.tax_decisions import Decision
from tests import make
from tests.billing.views.editing import invoice_fields

ROW = {"text": "Wand gemauert", "unit_price": "1000"}
ANSWERS = {"tax_case": "reverse_charge", "work": "building", "builder": "certificate"}


@pytest.fixture
def draft(business):
    customer = make.make_company(
        vat_id="DE136695976",
        builder_certificate="TG-4711",
        builder_from=date(2025, 1, 1),
        builder_until=date(2027, 12, 31),
    )
    rows = [make.line("Wand gemauert", "1", "1000")]
    return invoices.create(customer, by=None, title="Rohbau", service_from=timezone.localdate(), lines=rows)


def url(name, invoice):
    return reverse(f"billing:{name}", args=[invoice.pk])


def test_answers_are_kept_and_the_sums_follow(office, draft):
    office.post(url("invoice_edit", draft), invoice_fields(ROW, **ANSWERS))
    draft.refresh_from_db()
    assert (draft.tax_case, draft.tax, draft.gross) == ("reverse_charge", 0, Decimal("1000.00"))
    assert tax_decisions.of(draft) == Decision(work="building", builder="certificate")
    page = office.get(url("invoice_edit", draft)).content.decode()
    assert '<option value="reverse_charge" selected>' in page and '<option value="building" selected>' in page


def test_what_would_owe_tax_without_right_is_refused_at_its_field(office, draft):
    """R20."""
    page = office.post(url("invoice_issue", draft), invoice_fields(ROW, **ANSWERS | {"tax_case": "domestic"}))
    assert page.status_code == 422
    assert 'href="#id_tax_case">Nach Ihren Antworten schuldet der Kunde die Steuer' in page.content.decode()
    draft.refresh_from_db()
    assert draft.is_draft


def test_unanswered_questions_lead_to_themselves(office, draft):
    page = office.get(url("invoice_edit", draft)).content.decode()
    assert 'href="#id_work">Der Kunde hat einen Nachweis USt 1 TG' in page
    assert '<details class="panel fold tax-case" id="steuer" open>' in page


def test_the_decision_stands_on_the_issued_invoice(office, draft):
    office.post(url("invoice_issue", draft), invoice_fields(ROW, service_from=f"{timezone.localdate()}", **ANSWERS))
    draft.refresh_from_db()
    page = office.get(draft.get_absolute_url()).content.decode()
    assert draft.state == "open" and "Der Kunde schuldet die Steuer (§ 13b UStG)." in page and "TG-4711" in page
    assert "MwSt. (" not in page  # no row for a tax that is not shown (R33)


def test_an_ordinary_invoice_has_no_decision_to_show(office):
    assert "Steuerfall" not in office.get(make.make_open_invoice().get_absolute_url()).content.decode()


def test_answers_to_another_case_are_not_kept(office, draft):
    typed = ANSWERS | {"tax_case": "exempt", "exemption": "12a", "kwp": "9,8"}
    office.post(url("invoice_edit", draft), invoice_fields(ROW, **typed))
    draft.refresh_from_db()
    assert tax_decisions.of(draft) == Decision(exemption="§ 4 Nr. 12 Buchst. a")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"tax_case": "margin"}, "tax_case"),
        ({"exemption": "7"}, "exemption"),
        ({"deliver_to": "Österreich"}, "deliver_to"),
        ({"property_country": "4T"}, "property_country"),
        ({"kwp": "viel"}, "kwp"),
        ({"agreed_on": "gestern"}, "agreed_on"),
    ],
)
def test_mistakes_are_said_at_their_field(office, draft, typed, field):
    answer = office.post(url("invoice_edit", draft), invoice_fields(ROW, **ANSWERS | typed))
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]


def test_a_page_that_does_not_ask_changes_nothing(office, draft):
    invoices.change(draft, tax_case="reverse_charge", tax_decision=tax_decisions.to_json(Decision(work="building")))
    office.post(url("invoice_edit", draft), invoice_fields(ROW))
    draft.refresh_from_db()
    assert (draft.tax_case, tax_decisions.of(draft).work) == ("reverse_charge", "building")


def test_adding_a_row_keeps_the_answers(office, draft):
    answer = office.post(url("invoice_edit", draft), invoice_fields(ROW, step="add:item", **ANSWERS, is_repair="on"))
    form = answer.context["form"]
    assert (form["tax_case"].value(), form["work"].value(), form["is_repair"].value()) == (
        "reverse_charge",
        "building",
        "on",
    )


def test_the_preview_is_taxed_as_typed(office, draft, monkeypatch):
    seen = []
    monkeypatch.setattr("billing.rendering.preview", lambda document, *_: seen.append(document) or b"%PDF")
    office.post(url("invoice_edit", draft), invoice_fields(ROW, **ANSWERS | {"do": "preview"}))
    assert (seen[0].tax_case, seen[0].totals.tax) == ("reverse_charge", 0)
    draft.refresh_from_db()
    assert draft.tax_case == "domestic"


def test_photovoltaics_asks_private_customers_too(office, business):
    rows = [make.line("PV-Anlage", "1", "14250", vat_rate=Decimal(0))]
    private = invoices.create(
        make.make_customer(), by=None, title="Dach", service_from=timezone.localdate(), lines=rows
    )
    page = office.get(url("invoice_edit", private)).content.decode()
    assert 'href="#id_is_operator">Der Nullsteuersatz gilt nur' in page and 'id="steuer" open>' in page
    fields = invoice_fields(
        {"text": "PV-Anlage", "unit_price": "14250", "vat": "0"}, tax_case="domestic", is_operator="on", kwp="9,8"
    )
    office.post(url("invoice_issue", private), fields)
    private.refresh_from_db()
    assert (private.state, private.gross) == ("open", Decimal("14250.00"))

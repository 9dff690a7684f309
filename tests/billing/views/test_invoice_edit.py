"""Writing and issuing an invoice."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from billing import invoices
from billing.models import Invoice
from tests import make
from tests.billing.views.costs import queries
from tests.billing.views.editing import invoice_fields

ROW = {"text": "Türschloss ersetzt", "unit_price": "400"}


@pytest.fixture
def draft(business):
    return make.make_draft_invoice()


def url(name, invoice):
    return reverse(f"billing:{name}", args=[invoice.pk])


def test_a_draft_leads_to_its_editor(office, draft):
    assert office.get(draft.get_absolute_url()).url == url("invoice_edit", draft)


def test_the_draft_is_saved(office, draft):
    response = office.post(
        url("invoice_edit", draft), invoice_fields(ROW, {"kind": "text", "text": "Danke"}, payment_days="7")
    )
    draft.refresh_from_db()
    assert response.url == url("invoice_edit", draft)
    assert (draft.gross, draft.payment_days, draft.service_from) == (Decimal("476.00"), 7, date(2026, 11, 20))
    assert [row.text for row in draft.lines.all()] == ["Türschloss ersetzt", "Danke"]


def test_a_mistake_keeps_what_is_typed(office, draft):
    response = office.post(url("invoice_edit", draft), invoice_fields(ROW | {"quantity": "viel"}, title="Neu"))
    page = response.content.decode()
    assert response.status_code == 422 and "Zeile 1:" in page and 'value="Neu"' in page and 'value="viel"' in page


def test_reverse_charge_is_offered_to_firms_only(office, draft):
    assert "§ 13b" not in office.get(url("invoice_edit", draft)).content.decode().split("<main")[1]
    firm = invoices.create(make.make_company(vat_id="DE811569869"), by=None, title="Ausbau")
    page = office.get(url("invoice_edit", firm)).content.decode()
    assert '<option value="reverse_charge">' in page and 'name="builder"' in page
    refused = office.post(url("invoice_edit", draft), invoice_fields(ROW, tax_case="reverse_charge"))
    assert refused.status_code == 422


def test_steps_without_script_keep_what_is_typed(office, draft):
    response = office.post(url("invoice_edit", draft), invoice_fields(ROW, step="add:item", title="Neu"))
    assert [row["text"].value() or "" for row in response.context["rows"]] == ["Türschloss ersetzt", ""]
    # also from the button that would have issued it
    response = office.post(url("invoice_issue", draft), invoice_fields(ROW, step="add:item"))
    draft.refresh_from_db()
    assert response.status_code == 200 and draft.is_draft


def test_what_is_missing_is_named_with_the_way_to_it(office):
    customer = make.make_customer(street="")
    draft = invoices.create(customer, by=None, title="Reparatur", lines=[make.line("Türschloss ersetzt", "1", "400")])
    page = office.get(url("invoice_edit", draft)).content.decode()
    assert 'href="#id_service_from">Für diese Rechnung fehlt noch: Leistungsdatum.' in page
    assert f'href="{reverse("crm:customer_edit", args=[customer.pk])}">Für diese Rechnung fehlt noch: Straße' in page
    response = office.post(url("invoice_issue", draft), {"send_to": "a@b.example"})
    assert response.status_code == 422 and 'role="alert"' in response.content.decode()
    assert Invoice.objects.get().number is None


def test_a_vague_word_is_doubted_and_not_refused(office):
    draft = invoices.create(
        make.make_customer(),
        by=None,
        title="X",
        service_from=date(2026, 11, 2),
        lines=[make.line("Diverses", "1", "400")],
    )
    assert "Bitte noch einmal ansehen:" in office.get(url("invoice_edit", draft)).content.decode()
    office.post(url("invoice_issue", draft))
    draft.refresh_from_db()
    assert draft.state == "open"


def test_issuing_saves_what_the_page_says(office, draft, owner, woken):
    response = office.post(url("invoice_issue", draft), invoice_fields(ROW, send_to="buch@haltung.example"))
    draft.refresh_from_db()
    assert response.url == draft.get_absolute_url()
    assert (draft.state, draft.gross, draft.send_to, draft.issued_by) == (
        "open",
        Decimal("476.00"),
        "buch@haltung.example",
        owner,
    )


def test_a_wrong_address_keeps_it_from_being_issued(office, draft):
    response = office.post(url("invoice_issue", draft), invoice_fields(ROW, send_to="buch@"))
    draft.refresh_from_db()
    assert response.status_code == 422 and draft.is_draft


def test_issuing_twice_is_refused(office, draft):
    office.post(url("invoice_issue", draft), {"send_to": ""})
    assert office.post(url("invoice_issue", draft), {"send_to": ""}).status_code == 409
    assert Invoice.objects.get().number.endswith("-0001")


def test_an_issued_invoice_has_no_edit_control(office):
    """IND1."""
    invoice = make.make_open_invoice()
    assert office.get(url("invoice_edit", invoice)).url == invoice.get_absolute_url()
    page = office.get(invoice.get_absolute_url()).content.decode()
    assert "invoice_edit" not in page and "/bearbeiten/" not in page and 'name="rows"' not in page
    assert office.post(url("invoice_edit", invoice), invoice_fields(ROW)).status_code == 302


def test_only_drafts_are_deleted(office, draft):
    order = draft.order
    assert office.post(url("invoice_delete", draft)).url == order.get_absolute_url()
    assert not Invoice.objects.exists()
    assert office.post(url("invoice_delete", make.make_open_invoice())).status_code == 409


def test_a_draft_is_previewed_as_typed(office, draft, monkeypatch):
    drawn = []
    monkeypatch.setattr("billing.documents.pdf.render_pdf", lambda document, **_: drawn.append(document) or b"%PDF")
    office.post(url("invoice_edit", draft), invoice_fields(ROW, do="preview", title="Nur getippt"))
    office.get(url("invoice_preview", draft))
    assert [(document.subject, document.is_draft) for document in drawn] == [
        ("Nur getippt", True), ("Einbauschrank im Flur", True),
    ]  # fmt: skip


def test_an_invoice_begins_without_an_order(office):
    customer = make.make_customer()
    page = reverse("billing:invoice_create")
    assert office.get(page, {"q": "brandt"}).url == f"{page}?kunde={customer.pk}"
    assert office.post(page, {"kunde": customer.pk, "title": ""}).status_code == 422
    response = office.post(page, {"kunde": customer.pk, "title": "Notdienst"})
    invoice = Invoice.objects.get()
    assert (response.url, invoice.title, invoice.order) == (url("invoice_edit", invoice), "Notdienst", None)


def test_the_editor_costs_the_same_for_any_number_of_rows(office):
    costs = []
    for count in (2, 12):
        rows = [make.line(f"Zeile {n}") for n in range(count)]
        draft = invoices.create(make.make_customer(), by=None, title="X", lines=rows, service_from=date(2026, 11, 2))
        costs.append(queries(office, url("invoice_edit", draft)))
    assert costs[0] == costs[1] <= 20

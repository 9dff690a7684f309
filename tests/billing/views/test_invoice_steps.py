"""Part payment, partial invoice, correction, reduction and rewriting, from the pages that begin them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from billing import corrections, invoices, orders, part_payments, payments
from billing.models import Invoice
from tests import make
from tests.billing.views.costs import queries
from tests.billing.views.editing import invoice_fields


@pytest.fixture
def order(business):
    return make.make_order()


def url(name, row):
    return reverse(f"billing:{name}", args=[row.pk])


def text_of(response):
    return response.content.decode().replace("\xa0", " ")


def page(browser, row):
    return text_of(browser.get(row.get_absolute_url()))


def part_of(order, value=2000):
    draft = part_payments.draft(order, by=None, basis="amount", value=Decimal(value), statement="Korpus gebaut")
    return invoices.issue(draft, by=None)


def completed(order):
    return orders.move(order, "completed", by=None)


# --- part payments ----------------------------------------------------------------------------------------------------
def test_a_part_payment_begins_on_the_order(office, order):
    assert url("order_part_payment", order) in page(office, order)
    shown = text_of(office.get(url("order_part_payment", order)))
    assert "vereinbart" in shown and "7.871,85 €" in shown and "fester Betrag in Euro, brutto" in shown
    response = office.post(url("order_part_payment", order), {"basis": "percent", "value": "30", "statement": "Korpus"})
    invoice = Invoice.objects.get()
    assert response.url == invoice.get_absolute_url()
    assert (invoice.kind, invoice.gross, invoice.intro) == ("part_payment", Decimal("2361.56"), "Korpus")
    editor = text_of(office.get(url("invoice_edit", invoice)))
    assert "Abschlagsrechnung, Entwurf" in editor


@pytest.mark.parametrize(
    ("value", "sentence"), [("", "Betrag oder Prozent"), ("0", "mehr als null"), ("101", "Mehr als der ganze Auftrag")]
)
def test_a_wrong_amount_is_said_at_its_field(office, order, value, sentence):
    response = office.post(url("order_part_payment", order), {"basis": "percent", "value": value})
    assert response.status_code == 422 and sentence in text_of(response).split('class="errs"')[1].split("</div>")[0]


def test_a_billed_order_says_why_there_is_no_part_payment(office, order):
    invoices.draft_from_order(completed(order), by=None)
    for name in ("order_part_payment", "order_partial_invoice"):
        shown = text_of(office.get(url(name, order)))
        assert "Abschläge kommen davor" in shown and 'name="value"' not in shown and 'name="rows"' not in shown


def test_the_order_offers_a_final_invoice_after_part_payments(office, order):
    part = part_of(order)
    completed(order)
    shown = page(office, order)
    assert "Schlussrechnung erstellen" in shown and part.number in shown
    final = Invoice.objects.get(pk=office.post(url("invoice_draft", order)).url.split("/")[2])
    payments.record(part, amount=Decimal(2000), received_on=timezone.localdate(), by=None)
    editor = text_of(office.get(url("invoice_edit", final)))
    assert "Erhaltene Abschläge" in editor and "− 2.000,00 €" in editor and "5.871,85 €" in editor
    office.post(url("invoice_issue", final), {"send_to": ""})
    shown = page(office, final)
    assert "Schlussrechnung" in shown and "5.871,85 €" in shown


def test_a_replaced_part_payment_names_its_final_invoice(office, order):
    part = part_of(order)
    final = invoices.issue(invoices.draft_from_order(completed(order), by=None), by=None)
    shown = page(office, part)
    assert f"Aufgegangen in der Schlussrechnung {final.number}" in shown
    assert "Bitte stornieren Sie zuerst diese" in text_of(office.get(url("invoice_cancel", part)))


# --- partial invoices -------------------------------------------------------------------------------------------------
def test_a_part_of_the_order_is_chosen(office, order):
    shown = text_of(office.get(url("order_partial_invoice", order)))
    row = order.lines.get(text="Nische mit Sitzbank")
    assert shown.count('type="checkbox" name="rows"') == order.lines.filter(kind="item").count()
    assert office.post(url("order_partial_invoice", order), {}).status_code == 422
    assert office.post(url("order_partial_invoice", order), {"rows": ["999999"]}).status_code == 422
    office.post(url("order_partial_invoice", order), {"rows": [str(row.pk)]})
    assert (Invoice.objects.get().kind, Invoice.objects.get().net) == ("partial", 890)


# --- terms in the editor ----------------------------------------------------------------------------------------------
def test_skonto_and_retention_are_typed_in_the_editor(office, business):
    draft = make.make_draft_invoice()
    fields = {"skonto_percent": "2", "skonto_days": "7", "retention_percent": "5", "retention_until": "2031-11-21"}
    row = {"text": "Türschloss ersetzt", "unit_price": "1000"}
    office.post(url("invoice_edit", draft), invoice_fields(row, **fields))
    invoice = invoices.issue(Invoice.objects.get(pk=draft.pk), by=None)
    document = invoice.frozen_document
    assert (invoice.gross, document.retention.amount, document.payable_now) == (
        1190,
        Decimal("59.50"),
        Decimal("1130.50"),
    )
    # 2 % of what is to be paid now
    assert (document.skonto.base, document.skonto_amount) == (Decimal("1130.50"), Decimal("22.61"))
    shown = page(office, invoice)
    assert "ziehen Sie 2 % Skonto ab (22,61 €) und überweisen 1.107,89 €." in shown
    assert (
        "Als Sicherheit behalten Sie 5 % (59,50 €) bis Freitag, 21. November 2031 ein; jetzt zu zahlen sind 1.130,50 €."
        in shown
    )


def test_paying_early_earns_the_skonto_and_leaves_the_retention_open(business):
    draft = make.make_draft_invoice()
    day = timezone.localdate() + timedelta(days=1500)
    terms = {"skonto_percent": 2, "skonto_days": 7, "retention_percent": 5, "retention_until": day}
    Invoice.objects.filter(pk=draft.pk).update(**terms)
    invoices.change(Invoice.objects.get(pk=draft.pk), lines=[make.line("Schloss", "1", "1000", vat_rate=Decimal(19))])
    invoice = invoices.issue(Invoice.objects.get(pk=draft.pk), by=None)
    payments.record(invoice, amount=Decimal("1107.89"), received_on=timezone.localdate(), by=None)
    invoice.refresh_from_db()
    assert [row.amount for row in invoice.payments.all()] == [Decimal("1107.89"), Decimal("22.61")]
    assert (invoice.state, invoice.open_amount) == ("open", Decimal("59.50"))


def test_terms_that_do_not_fit_are_named(office, business):
    draft = make.make_draft_invoice()
    Invoice.objects.filter(pk=draft.pk).update(skonto_percent=2, skonto_days=20, retention_percent=5)
    shown = text_of(office.get(url("invoice_edit", draft)))
    assert "Die Skontofrist ist länger als das Zahlungsziel." in shown
    assert "Beim Einbehalt steht nicht, bis wann." in shown


def test_the_terms_of_the_business_are_offered(office, business):
    business.skonto_percent, business.skonto_days = Decimal(3), 8
    business.save()
    draft = make.make_draft_invoice()
    assert (draft.skonto_percent, draft.skonto_days) == (3, 8)


# --- correcting and reducing ------------------------------------------------------------------------------------------
def test_a_correction_is_drafted_and_issued(office, business):
    invoice = make.make_open_invoice()
    assert url("invoice_correct", invoice) in page(office, invoice)
    assert office.post(url("invoice_correct", invoice), {"reason": ""}).status_code == 422
    office.post(url("invoice_correct", invoice), {"reason": "Leistungszeitraum"})
    draft = Invoice.objects.get(kind="correction")
    editor = text_of(office.get(url("invoice_edit", draft)))
    assert f"Berichtigt die Rechnung {invoice.number}." in editor and 'value="Leistungszeitraum"' in editor
    office.post(url("invoice_issue", draft), {"send_to": ""})
    draft.refresh_from_db()
    assert draft.state == "settled"
    assert f"Berichtigt durch {draft.number}." in page(office, invoice)
    assert f"Berichtigt die Rechnung {invoice.number}." in page(office, draft)


def test_a_reduction_says_what_follows_and_is_issued(office, business):
    invoice = make.make_open_invoice()
    shown = text_of(office.get(url("invoice_reduce", invoice)))
    assert f"der {invoice.number} um den Betrag mindert" in shown and "Möglich sind bis 7.871,85 €" in shown
    for data in ({"amount": "", "reason": "x"}, {"amount": "7871,86", "reason": "x"}, {"amount": "5", "reason": " "}):
        assert office.post(url("invoice_reduce", invoice), data).status_code == 422
    office.post(url("invoice_reduce", invoice), {"amount": "71,85", "reason": "Kratzer"})
    reduction = Invoice.objects.get(kind="reduction")
    shown = page(office, invoice)
    assert f"Preisnachlass {reduction.number} über −71,85 €." in shown and "7.800,00 €" in shown
    assert f"Mindert die Rechnung {invoice.number}." in page(office, reduction)
    assert "zuerst diesen" in text_of(office.get(url("invoice_cancel", invoice)))


def test_what_is_cancelled_is_neither_corrected_nor_reduced(office, business):
    invoice = make.make_open_invoice()
    invoices.cancel(invoice, by=None, reason="Falsch")
    for name, data in (("invoice_correct", {"reason": "x"}), ("invoice_reduce", {"amount": "1", "reason": "x"})):
        assert "nicht möglich" in text_of(office.get(url(name, invoice)))
        assert office.post(url(name, invoice), data).status_code == 409


def test_cancelling_can_begin_the_invoice_anew(office, business):
    invoice = make.make_open_invoice()
    response = office.post(url("invoice_cancel", invoice), {"reason": "Preis falsch", "send_to": "", "anew": "on"})
    draft = Invoice.objects.get(state="draft")
    assert response.url == draft.get_absolute_url()
    invoice.refresh_from_db()
    assert (invoice.state, draft.gross) == ("cancelled", invoice.gross)


def test_the_page_costs_the_same_for_any_number_of_reductions(office, business):
    invoice = make.make_open_invoice()
    corrections.reduce(invoice, amount=Decimal(1), reason="x", by=None)
    cost = queries(office, invoice.get_absolute_url())
    for _n in range(2):
        corrections.reduce(invoice, amount=Decimal(1), reason="x", by=None)
    assert queries(office, invoice.get_absolute_url()) == cost


def test_the_editor_of_a_final_invoice_costs_the_same_for_any_number_of_part_payments(office, order):
    part_of(order, 100)
    costs = []
    for more in (0, 2):
        for _n in range(more):
            part_of(order, 100)
        final = invoices.draft_from_order(order, by=None)
        costs.append(queries(office, url("invoice_edit", final)))
        invoices.delete_draft(final)
    assert costs[0] == costs[1]

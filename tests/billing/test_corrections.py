"""Putting right what was issued (R16, R22, R23; cases 15 and 16)."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Refusal
from billing import corrections, invoices, part_payments, payments
from billing.models import Invoice, InvoiceLine
from billing.money import VAT_7, VAT_19
from crm import customers, states
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(business):
    return make.make_open_invoice()


def fresh(invoice):
    return Invoice.objects.get(pk=invoice.pk)


def pay(invoice, amount=None):
    return payments.record(invoice, amount=amount or invoice.gross, received_on=timezone.localdate(), by=None)


# --- statements (§ 31 (5) UStDV) --------------------------------------------------------------------------------------
def test_a_correction_says_it_right_and_asks_for_nothing(invoice):
    before = invoice.document_hash
    customers.change(invoice.customer, street="Neuer Weg 1")
    draft = corrections.correct(invoice, reason="Anschrift", by=None)
    invoices.change(draft, buyer_reference="B-77")
    correction = invoices.issue(fresh(draft), by=None)
    document = correction.frozen_document
    assert (correction.kind, correction.state, correction.number) == (
        "correction",
        "settled",
        invoice.number[:-1] + "2",
    )
    assert (document.preceding.number, document.preceding.issued_on, document.reason) == (
        invoice.number, invoice.issued_on, "Anschrift",
    )  # fmt: skip
    assert (document.buyer.street, document.buyer_reference) == ("Neuer Weg 1", "B-77")
    assert document.totals == invoice.frozen_document.totals
    assert (correction.net, correction.tax, correction.gross, correction.open_amount) == (0, 0, 0, 0)
    original = fresh(invoice)
    assert (original.document_hash, original.state, original.open_amount) == (before, "open", invoice.gross)
    assert original.frozen_document.buyer.street == "Rotdornweg 8"


def test_a_correction_of_amounts_is_refused(invoice):
    draft = corrections.correct(invoice, reason="Preis", by=None)
    invoices.change(draft, lines=[make.line("Etwas anderes", "1", "1", vat_rate=Decimal(19))])
    with pytest.raises(invoices.NotReady, match="keine Beträge"):
        invoices.issue(fresh(draft), by=None)


def test_a_correction_is_begun_once_and_names_its_reason(invoice):
    with pytest.raises(Refusal) as refused:
        corrections.correct(invoice, reason=" ", by=None)
    assert refused.value.field == "reason"
    assert corrections.correct(invoice, reason="A", by=None) == corrections.correct(invoice, reason="B", by=None)
    with pytest.raises(Refusal, match="neue Korrektur"):
        invoices.cancel(invoices.issue(corrections.correct(invoice, reason="A", by=None), by=None), by=None, reason="x")


def test_the_correction_of_a_final_invoice_keeps_what_it_took_off(business):
    order = make.make_completed_order()
    part = invoices.issue(part_payments.draft(order, by=None, basis="amount", value=Decimal(2000)), by=None)
    pay(part)
    final = invoices.issue(invoices.draft_from_order(order, by=None), by=None)
    correction = invoices.issue(corrections.correct(final, reason="Zeitraum", by=None), by=None)
    assert correction.frozen_document.deductions == final.frozen_document.deductions
    assert correction.frozen_document.payable == final.gross


# --- amounts (R23b) ---------------------------------------------------------------------------------------------------
def test_other_amounts_are_a_cancellation_and_a_new_invoice(invoice):
    draft = corrections.rewrite(invoice, reason="Aufmaß falsch", by=None)
    assert (fresh(invoice).state, fresh(invoice).cancelled_by.gross) == ("cancelled", -invoice.gross)
    assert (draft.state, draft.kind, draft.order, draft.gross) == ("draft", "invoice", invoice.order, invoice.gross)
    assert [row.text for row in draft.lines.all()] == [row.text for row in invoice.lines.all()]


@pytest.mark.parametrize("step", [corrections.correct, corrections.rewrite])
def test_what_is_cancelled_is_not_corrected(invoice, step):
    invoices.cancel(invoice, by=None, reason="Falsch")
    with pytest.raises(states.NotAllowed):
        step(invoice, reason="Doch", by=None)


# --- reductions (§ 17 UStG) -------------------------------------------------------------------------------------------
def two_rates():
    """1,190 and 107 gross."""
    lines = [
        make.line("Montage", "1", "1000", vat_rate=Decimal(19)),
        make.line("Bücher", "1", "100", vat_rate=Decimal(7)),
    ]
    draft = invoices.create(
        make.make_company(), by=None, title="Ausbau", lines=lines, service_from=timezone.localdate()
    )
    return invoices.issue(draft, by=None)


def test_a_reduction_is_split_over_the_rates_and_leaves_the_invoice_alone(business):
    invoice = two_rates()
    before = invoice.document_hash
    reduction = corrections.reduce(invoice, amount=Decimal("129.70"), reason="Kratzer", by=None)
    assert {(group.vat, group.net, group.tax) for group in reduction.frozen_document.totals.groups} == {
        (VAT_19, Decimal("-100.00"), Decimal("-19.00")), (VAT_7, Decimal("-10.00"), Decimal("-0.70")),
    }  # fmt: skip
    assert (reduction.kind, reduction.state, reduction.gross) == ("reduction", "settled", Decimal("-129.70"))
    assert reduction.frozen_document.preceding.number == invoice.number
    assert all(row.quantity < 0 and row.unit_price > 0 for row in InvoiceLine.objects.filter(invoice=reduction))
    original = fresh(invoice)
    assert (original.document_hash, original.gross, original.open_amount) == (before, 1297, Decimal("1167.30"))
    pay(original, Decimal("1167.30"))
    assert fresh(invoice).state == "paid"


def test_a_reduction_of_what_is_paid_is_money_to_give_back(business):
    invoice = two_rates()
    pay(invoice)
    corrections.reduce(invoice, amount=Decimal(97), reason="Kratzer", by=None)
    assert (fresh(invoice).state, fresh(invoice).paid) == ("paid", 1394)


@pytest.mark.parametrize(
    ("amount", "reason", "field"), [("0", "Kratzer", "amount"), ("1297.01", "Kratzer", "amount"), ("5", " ", "reason")]
)
def test_a_wrong_reduction_is_refused_at_its_field(business, amount, reason, field):
    with pytest.raises(Refusal) as refused:
        corrections.reduce(two_rates(), amount=Decimal(amount), reason=reason, by=None)
    assert refused.value.field == field


def test_reductions_together_take_off_no_more_than_all(business):
    invoice = two_rates()
    corrections.reduce(invoice, amount=Decimal(1000), reason="Kratzer", by=None)
    with pytest.raises(Refusal, match="Höchstens 297,00"):
        corrections.reduce(invoice, amount=Decimal(298), reason="Noch einer", by=None)


def test_a_reduction_is_cancelled_before_its_invoice(business):
    invoice = two_rates()
    reduction = corrections.reduce(invoice, amount=Decimal(100), reason="Kratzer", by=None)
    with pytest.raises(Refusal, match=f"Preisnachlass {reduction.number}"):
        invoices.cancel(invoice, by=None, reason="Falsch")
    storno = invoices.cancel(reduction, by=None, reason="War doch keiner")
    assert (storno.gross, fresh(reduction).state, fresh(invoice).open_amount) == (100, "cancelled", 1297)
    assert storno.frozen_document.title == "Storno des Preisnachlasses"
    assert invoices.cancel(invoice, by=None, reason="Falsch").gross == -1297


def test_part_payments_are_not_reduced(business):
    order = make.make_order()
    part = invoices.issue(part_payments.draft(order, by=None, basis="amount", value=Decimal(2000)), by=None)
    with pytest.raises(Refusal, match="Schlussrechnung"):
        corrections.reduce(part, amount=Decimal(1), reason="Kratzer", by=None)


def test_nothing_we_write_is_called_gutschrift(business):
    """R22."""
    labels = {str(label) for label in Invoice.Kind.labels}
    assert not any("gutschrift" in label.lower() for label in labels)


def corrected(invoice, reference):
    draft = corrections.correct(invoice, reason="Bestellnummer", by=None)
    invoices.change(draft, buyer_reference=reference)
    return invoices.issue(fresh(draft), by=None)


def test_a_second_correction_goes_on_with_what_the_first_said(invoice):
    corrected(invoice, "B-77")
    assert corrections.correct(invoice, reason="Zeitraum", by=None).buyer_reference == "B-77"


def test_a_correction_is_taken_back_by_another_one(invoice):
    """§ 31 (5) UStDV: by a document that refers to the invoice, never by a Stornorechnung (R23)."""
    first, second = corrected(invoice, "B-77"), corrected(invoice, "B-78")
    with pytest.raises(Refusal, match="spätere Korrektur"):
        corrections.take_back(first, by=None)
    draft = corrections.take_back(second, by=None)
    assert corrections.take_back(second, by=None) == draft  # begun once
    assert (draft.kind, draft.corrects, draft.buyer_reference) == ("correction", invoice, "B-77")
    document = invoices.issue(fresh(draft), by=None).frozen_document
    assert document.preceding.number == invoice.number and second.number in document.reason
    assert (fresh(invoice).open_amount, fresh(second).state) == (invoice.gross, "settled")


def test_only_issued_corrections_are_taken_back(invoice):
    with pytest.raises(states.NotAllowed):
        corrections.take_back(invoice, by=None)
    with pytest.raises(states.NotAllowed):
        corrections.take_back(corrections.correct(invoice, reason="A", by=None), by=None)


def test_the_page_of_a_correction_takes_it_back(invoice, owner):
    browser, correction = make.signed_in(owner), corrected(invoice, "B-77")
    assert "Korrektur zurücknehmen" in browser.get(correction.get_absolute_url()).content.decode()
    page = browser.post(reverse("billing:correction_take_back", args=[correction.pk]), follow=True).content.decode()
    assert f"Die Rechnungskorrektur {correction.number}" in page

"""Open invoices of the program used before become open items: paid here, counted for tax once."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Refusal
from billing import (
    dunning,
    invoices,
    number_gaps,
    open_items,
    payments,
    rendering,
    vat_report,
    verification,
    vouchers,
)
from billing.datev import bookings
from billing.models import Invoice, JournalEntry, Payment
from crm import imports, states
from crm.models import NumberRange
from tests import make

HEADINGS = "Belegnummer;Kundennummer;Kunde;Belegdatum;Fällig am;Betrag;Offener Betrag;Steuersatz"
ROW = "R-4711;10001;;01.09.2026;15.09.2026;1.190,00;190,00;19\n"


@pytest.fixture
def brandt(business):
    return make.make_customer("Brandt")


def upload(rows, headings=HEADINGS, by=None):
    return imports.upload(ContentFile(f"{headings}\n{rows}".encode(), "offene.csv"), by=by, kind="open_items")


def take_over(rows=ROW, headings=HEADINGS, by=None):
    table = upload(rows, headings, by)
    imports.start(table, table.mapping)
    imports.run(table.pk)
    table.refresh_from_db()
    assert table.state in ("done", "failed"), table.errors
    return table


def said(rows, headings=HEADINGS):
    table = upload(rows, headings)
    return [error["message"] for error in imports.problems(table, table.mapping)]


def test_an_open_item_has_its_old_number_and_what_is_left_to_pay(brandt, owner):
    table = take_over(by=owner)
    assert (table.program, table.imported_count, table.errors) == ("lexware Office", 1, [])
    invoice = Invoice.objects.get()
    assert (invoice.number, invoice.state, invoice.gross, invoice.issued_on, invoice.due_on) == (
        "R-4711", "open", Decimal("190.00"), date(2026, 9, 1), date(2026, 9, 15)
    )  # fmt: skip
    assert invoice.title == "Rechnung R-4711 vom 1. September 2026, offener Betrag"
    assert invoice.is_taken_over and invoice.frozen_document.title == "Übernommener offener Posten"
    assert not NumberRange.objects.filter(kind="invoice", last__gt=0).exists() and number_gaps.report() == []
    assert verification.run().broken == []


def test_it_is_in_the_open_items_is_reminded_of_and_paid(brandt, owner):
    take_over()
    invoice = Invoice.objects.get()
    today = timezone.localdate()
    assert [(item.invoice.number, item.amount) for item in open_items.at(today).items] == [
        ("R-4711", Decimal("190.00"))
    ]
    assert [each.invoice.number for each in dunning.proposal_for(brandt, on=today).ready] == ["R-4711"]
    payments.record(invoice, amount=Decimal("190.00"), received_on=today, by=owner)
    invoice.refresh_from_db()
    assert invoice.state == "paid" and open_items.at(today).items == ()


@pytest.mark.parametrize(("taxation", "tax"), [("soll", []), ("ist", [Decimal("30.34")])])
def test_its_tax_is_counted_once(brandt, owner, taxation, tax):
    """Fees agreed were taxed in the books before; fees received are taxed when the money comes, and that is here."""
    take_over()
    today = timezone.localdate()
    payments.record(Invoice.objects.get(), amount=Decimal("190.00"), received_on=today, by=owner)
    (voucher,) = vouchers.of(vouchers.issued())
    found = vat_report.entries(voucher, vat_report.Rule(taxation))
    assert [(entry.on, entry.tax) for entry in found] == [(today, each) for each in tax]


def test_the_adviser_gets_the_money_but_not_the_turnover_again(brandt, owner):
    take_over()
    payments.record(Invoice.objects.get(), amount=Decimal("190.00"), received_on=timezone.localdate(), by=owner)
    (voucher,) = vouchers.of(vouchers.issued())
    assert bookings.of_document(voucher, None) == []
    assert len(voucher.receipts) == 1 and voucher.item == "R-4711"


def test_paid_ones_are_left_out(brandt):
    table = take_over(ROW + "R-4712;10001;;01.09.2026;;119,00;0,00;19\n")
    assert (table.imported_count, table.skipped_count) == (1, 1)
    assert table.errors[0]["message"] == "Rechnung R-4712 ist bezahlt."


def test_one_that_is_there_is_left_out(brandt):
    take_over()
    assert take_over().imported_count == 0


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("R-1;777;;01.09.2026;;1;1;19", "Den Kunden „777“ gibt es hier nicht. Bitte übernehmen Sie zuerst die Kontakte."),
        ("R-1;;Zwilling;01.09.2026;;1;1;19", "„Zwilling“ gibt es mehrmals. Bitte nehmen Sie die Kundennummer in die Datei auf."),
        ("R-1;10001;;31.02.2026;;1;1;19", "„31.02.2026“ ist kein Datum, das wir lesen können, zum Beispiel 31.12.2026."),
        ("R-1;10001;;01.09.2026;;1;1,234;19", "„1,234“ ist kein Betrag, zum Beispiel 1.234,56."),
        ("R-1;10001;;01.09.2026;;1;1;20", "Den Steuersatz „20“ kennen wir nicht: 19, 7 oder 0."),
        ("R-1;10001;;01.09.2026;01.08.2026;1;1;19", "Die Rechnung wäre fällig, bevor sie geschrieben ist."),
        ("R-1;10001;;01.09.2026;;1;-5;19", "Guthaben übernehmen wir nicht. Bitte zahlen Sie es im bisherigen Programm aus."),
        (";10001;;01.09.2026;;1;1;19", "Hier fehlt die Rechnungsnummer."),
    ],
)  # fmt: skip
def test_each_row_says_what_is_wrong(brandt, row, sentence):
    for _ in range(2):
        make.make_company("Zwilling")
    assert said(f"{row}\n") == [sentence]


def test_our_numbers_go_on_behind_old_ones_of_the_same_form(brandt, owner):
    year = timezone.localdate().year
    take_over(f"RE-{year}-0042;10001;;01.01.{year};;119;119;19\n")
    assert make.make_open_invoice().number == f"RE-{year}-0043"


def test_an_old_number_we_would_come_to_is_refused(brandt, owner):
    year = timezone.localdate().year
    make.make_open_invoice()
    assert said(f"RE-{year}-0042;10001;;01.01.{year};;119;119;19\n") == [
        f"RE-{year}-0042 wäre bald eine Nummer von uns. Geben Sie unseren Rechnungsnummern zuerst einen anderen Anfang."
    ]


def test_taken_back_but_for_what_was_paid(brandt, owner):
    table = take_over(ROW + "R-4712;;Sabine Brandt;01.09.2026;;119,00;119,00;7\n", by=owner)
    payments.record(Invoice.objects.get(number="R-4712"), amount=Decimal(1), received_on=timezone.localdate(), by=owner)
    imports.undo(table)
    imports.run(table.pk)
    table.refresh_from_db()
    assert (table.undone_count, table.kept) == (1, ["R-4712"])
    assert [invoice.number for invoice in Invoice.objects.all()] == ["R-4712"] and Payment.objects.count() == 1
    told = JournalEntry.objects.filter(number="R-4711").order_by("sequence").values_list("event", flat=True)
    assert list(told) == ["billing.invoice_taken_over", "billing.invoice_taken_back"]
    assert verification.run().broken == []
    with pytest.raises(states.NotAllowed):
        imports.undo(table)


def test_its_pages_offer_no_paper_of_ours(brandt, owner):
    take_over()
    invoice = Invoice.objects.get()
    page = make.signed_in(owner).get(invoice.get_absolute_url()).content.decode()
    assert "Offener Posten, übernommen aus: bisheriges Programm" in page
    assert reverse("billing:invoice_pdf", args=[invoice.pk]) not in page
    link = invoices.link_to(invoice, "sabine@brandt.example")
    shown = make.let_in(link).get(reverse("portal:invoice", args=[link.public_id])).content.decode()
    assert "mit unserem früheren Programm geschrieben" in shown and "rechnung.pdf" not in shown
    with pytest.raises(Refusal):
        invoices.send(invoice, to="sabine@brandt.example", by=owner)
    invoices.remind(invoice, by=owner, to="sabine@brandt.example")
    assert [kind for kind, _pk in rendering.missing()] == ["dunning_letter"]

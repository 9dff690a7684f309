"""The customer's page of each kind of invoice: what is to pay now comes first, what was paid before is named."""

from decimal import Decimal

import pytest
from django.utils import timezone

from billing import corrections, invoices, orders, part_payments, payments
from billing.models import Invoice
from tests import make


@pytest.fixture
def order(business):
    return make.make_order()  # 7,871.85 gross


@pytest.fixture
def browser():
    return make.Browser()


def page(visitor, invoice):
    link = make.link_to(invoice)
    make.let_in(link, visitor)
    return visitor.get(f"/k/{link.public_id}/rechnung/").content.decode().replace("\xa0", " ")


def headline(text):
    return text.split("<h1")[1].split(">", 1)[1].split("</h1>")[0]


def part_of(order, value=2000, **fields):
    draft = part_payments.draft(order, by=None, basis="amount", value=Decimal(value))
    Invoice.objects.filter(pk=draft.pk).update(**fields)
    return invoices.issue(Invoice.objects.get(pk=draft.pk), by=None)


def final_of(order, **fields):
    orders.move(order, "completed", by=None)
    draft = invoices.draft_from_order(order, by=None)
    Invoice.objects.filter(pk=draft.pk).update(**fields)
    return invoices.issue(Invoice.objects.get(pk=draft.pk), by=None)


def pay(invoice, amount=None):
    payments.record(invoice, amount=amount or invoice.gross, received_on=timezone.localdate(), by=None)


def test_a_part_payment_is_called_one(browser, order):
    text = page(browser, part_of(order))
    assert headline(text) == "2.000,00 €"
    assert "Abschlagsrechnung RE-" in text and "Abschlagsrechnung (PDF)" in text
    assert "wann sie abgeschlossen ist, steht noch nicht fest" in text


def test_a_final_invoice_names_what_was_paid_and_asks_for_the_rest(browser, order):
    part = part_of(order)
    pay(part)
    text = page(browser, final_of(order))
    assert headline(text) == "5.871,85 €"
    assert f"Abschlag {part.number}, bezahlt am" in text and "− 2.000,00 €" in text
    assert "Die ganze Leistung, mit den bezahlten Abschlägen, enthält" in text
    assert 'data-copy="5871,85"' in text


def test_a_part_payment_in_a_final_invoice_asks_for_nothing(browser, order):
    part = part_of(order)
    final_of(order)
    text = page(browser, part)
    assert (
        headline(text) == "Hier ist nichts mehr zu bezahlen."
        and "IBAN" not in text.split("<main")[1].split("<footer")[0]
    )


def test_who_paid_too_much_reads_what_comes_back(browser, order):
    pay(part_of(order, 7000))
    orders.move(order, "completed", by=None)
    draft = invoices.draft_from_order(order, by=None)
    invoices.change(draft, lines=[make.line("Weniger", "1", "5000", vat_rate=Decimal(19))])
    final = invoices.issue(Invoice.objects.get(pk=draft.pk), by=None)
    text = page(browser, final)
    assert headline(text) == "Sie bekommen 1.050,00 € zurück."
    assert "überfällig" not in text and "Überweisen</h2>" not in text
    payments.refund(final, amount=Decimal(1050), paid_on=timezone.localdate(), by=None)
    text = page(browser, final)
    assert headline(text) == "Sie haben 1.050,00 € zurückbekommen." and "Zahlungsbestätigung" not in text


def test_skonto_is_offered_while_it_can_be_earned(browser, order):
    part = part_of(order, skonto_percent=Decimal(2), skonto_days=7)
    text = page(browser, part)
    assert "ziehen Sie 2 % Skonto ab (40,00 €) und überweisen 1.960,00 €." in text
    pay(part, Decimal(10))
    assert "Skonto" not in page(browser, part)


def test_a_retention_is_not_asked_for_before_its_day(browser, order):
    day = timezone.localdate().replace(year=timezone.localdate().year + 4, day=1)
    text = page(browser, final_of(order, retention_percent=Decimal(5), retention_until=day))
    assert headline(text) == "7.478,26 €"  # 7,871.85 less 393.59
    assert "Als Sicherheit behalten Sie 393,59 €" in text and "− 393,59 €" in text
    assert 'data-copy="7478,26"' in text


def test_a_construction_contract_is_paid_after_the_sign_off(browser, order):
    text = page(browser, final_of(order, is_construction=True))
    assert "Zu zahlen erst nach der Abnahme." in text and "Überweisen</h2>" not in text


def test_a_reduction_lowers_the_headline_and_says_why(browser, order):
    invoice = final_of(order)
    reduction = corrections.reduce(invoice, amount=Decimal("71.85"), reason="Kratzer", by=None)
    invoice = Invoice.objects.get(pk=invoice.pk)
    text = page(browser, invoice)
    assert headline(text) == "7.800,00 €" and f"Preisnachlass {reduction.number}: 71,85 € weniger." in text
    text = page(browser, reduction)
    assert "Um diesen Betrag verringert sich die Rechnung" in text and "Grund: Kratzer" in text


def test_a_correction_says_what_it_puts_right(browser, order):
    invoice = final_of(order)
    correction = invoices.issue(corrections.correct(invoice, reason="Leistungszeitraum", by=None), by=None)
    text = page(browser, correction)
    assert headline(text) == "Angaben berichtigt" and "Berichtigt wird: Leistungszeitraum" in text
    assert "IBAN" not in text.split("<main")[1].split("<footer")[0]
    assert f"Angaben berichtigt durch {correction.number}." in page(browser, invoice)

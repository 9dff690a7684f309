"""The invoice's page (REC1 to REC8)."""

import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
import zxingcpp
from django.utils import timezone
from PIL import Image, ImageDraw
from pypdf import PdfReader

from accounts import formats
from billing import invoices, payments
from crm import files, messages
from tests import make

NBSP = "\u00a0"


@pytest.fixture
def invoice(business):
    """Issued, rendered, to be paid within 14 days."""
    return make.make_open_invoice(rendered=True)


@pytest.fixture
def link(invoice):
    return make.link_to(invoice)


def page(visitor, link):
    return visitor.get(f"/k/{link.public_id}/rechnung/").content.decode()


def plain(text):
    return text.replace(NBSP, " ")


def headline(text):
    return re.search(r"<h1[^>]*>([^<]+)</h1>", text)[1]


def scanned(text):
    """What a banking app reads from the code on the page."""
    svg = re.search(r'<div class="qr"[^>]*>(<svg.*?</svg>)', text, re.S)[1]
    size = int(re.search(r'viewBox="0 0 (\d+) ', svg)[1])
    picture = Image.new("L", (size * 8, size * 8), 255)
    draw = ImageDraw.Draw(picture)
    x = y = 0.0
    for command, values in re.findall(r"([Mmh])([-\d. ]+)", re.search(r'd="([^"]+)"', svg)[1]):
        numbers = [float(value) for value in values.split()]
        if command == "M":
            x, y = numbers
        elif command == "m":
            x, y = x + numbers[0], y + numbers[1]
        else:
            top = (y - 0.5) * 8
            draw.rectangle((x * 8, top, (x + numbers[0]) * 8 - 1, top + 7), fill=0)
            x += numbers[0]
    found = zxingcpp.read_barcode(picture)
    assert found.ec_level == "M"
    return found.text


def test_the_amount_to_pay_is_the_headline(visitor, link, invoice):
    text = page(visitor, link)
    assert headline(text) == f"7.871,85{NBSP}€"
    assert f"zahlbar bis {formats.day_long(invoice.due_on)}" in text
    assert f"offen, noch 14{NBSP}Tage" in text


def test_the_code_holds_the_transfer(visitor, link, invoice):
    assert scanned(page(visitor, link)).split("\n") == [
        "BCD", "002", "1", "SCT", "", "Jana Haselbach", "DE89370400440532013000", "EUR7871.85", "", "",
        f"{invoice.number} KD {invoice.customer.number}",
    ]  # fmt: skip


def test_the_code_can_be_saved_as_a_picture_for_the_app_on_the_same_phone(visitor, link, invoice, owner):
    payments.record(invoice, amount=Decimal("2000"), received_on=timezone.localdate(), by=owner)
    answer = visitor.get(f"/k/{link.public_id}/girocode.png")
    assert answer.headers["Content-Type"] == "image/png"
    read = zxingcpp.read_barcode(Image.open(io.BytesIO(answer.content)))
    assert read.text == scanned(page(visitor, link))
    assert "EUR5871.85" in read.text.split("\n")


def test_without_script_everything_to_type_stands_there_as_text(visitor, link, invoice):
    text = page(visitor, link)
    shown = [plain(words) for words in re.findall(r'<div class="copy"><small>[^<]+</small><b>([^<]+)</b>', text)]
    purpose = f"{invoice.number} KD {invoice.customer.number}"
    assert shown == ["Jana Haselbach", "DE89 3704 0044 0532 0130 00", "7.871,85 €", purpose]
    assert len(re.findall(r"<button[^>]* hidden data-copy=", text)) == 4  # shown by the script that makes them work


def test_copied_values_are_as_a_banking_app_wants_them(visitor, link, invoice):
    copied = re.findall(r'data-copy="([^"]*)"', page(visitor, link))
    assert copied == [
        "Jana Haselbach",
        "DE89370400440532013000",
        "7871,85",
        f"{invoice.number} KD {invoice.customer.number}",
    ]


def test_a_part_payment_changes_headline_code_and_rest_alike(visitor, link, invoice, owner):
    payments.record(invoice, amount=Decimal("2000"), received_on=timezone.localdate(), by=owner)
    text = page(visitor, link)
    assert headline(text) == f"5.871,85{NBSP}€"
    assert "EUR5871.85" in scanned(text)
    assert re.search(rf'<div class="tot"><dt>Noch zu zahlen</dt><dd class="num">5\.871,85{NBSP}€', text)
    assert f"−{NBSP}2.000,00{NBSP}€" in text


def test_a_paid_invoice_asks_for_nothing(visitor, link, invoice, owner):
    payments.record(invoice, amount=invoice.gross, received_on=timezone.localdate(), by=owner)
    text = page(visitor, link)
    assert f"bezahlt am {formats.day(timezone.localdate())}" in text
    assert "Überweisen" not in text
    assert "<svg" in text
    assert 'class="qr"' not in text
    assert f"/k/{link.public_id}/rechnung.pdf" in text
    assert visitor.get(f"/k/{link.public_id}/girocode.png").status_code == 404


@pytest.mark.paper
def test_a_paid_invoice_has_a_receipt_that_names_each_payment(visitor, link, invoice, owner):
    address, today = f"/k/{link.public_id}/zahlung.pdf", timezone.localdate()
    assert visitor.get(address).status_code == 404
    wrong = payments.record(invoice, amount=Decimal("100"), received_on=today, by=owner)
    payments.reverse(wrong, by=owner)
    payments.record(invoice, amount=Decimal("2000"), received_on=today, by=owner)
    payments.record(invoice, amount=Decimal("5871.85"), received_on=today, by=owner, method="online")
    assert address in page(visitor, link)
    answer = visitor.get(address)
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    text = " ".join(PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().replace(NBSP, " ").split())
    assert f"Rechnung {invoice.number} vom {formats.day(invoice.issued_on)}" in text
    assert f"2.000,00 € am {formats.day(today)} (Überweisung)" in text
    assert f"5.871,85 € am {formats.day(today)} (online)" in text
    assert "100,00" not in text and "MwSt" not in text
    assert "7.871,85 € ist damit vollständig bezahlt. Diese Bestätigung ist keine Rechnung." in text


def test_a_cancelled_invoice_leads_to_its_cancellation(visitor, link, invoice, owner):
    assert visitor.get(f"/k/{link.public_id}/storno.pdf").status_code == 404
    cancellation = invoices.cancel(invoice, by=owner, reason="Falscher Empfänger")
    invoices.deliver(cancellation)
    text = page(visitor, link)
    assert headline(text) == "Diese Rechnung wurde storniert."
    assert 'class="qr"' not in text
    assert f"Stornorechnung {cancellation.number} (PDF)" in text
    answer = visitor.get(f"/k/{link.public_id}/storno.pdf")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="Stornorechnung {cancellation.number}.pdf"'


def test_a_cancellation_has_a_page_of_its_own(invoice, owner):
    cancellation = invoices.cancel(invoice, by=owner, reason="Falscher Empfänger", send_to="s@brandt.example")
    link = make.link_to(cancellation)
    text = page(make.let_in(link), link)
    assert headline(text) == f"−7.871,85{NBSP}€"
    assert f"Damit ist die Rechnung {invoice.number}" in text
    assert 'class="qr"' not in text


def test_overdue_never_reads_as_a_threat(invoice):
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        link = make.link_to(invoice)
        text = page(make.let_in(link), link)
    assert f"Vielleicht übersehen? Fällig war der {formats.day(invoice.due_on)}." in text
    first_words = text[text.index("<main") : text.index("Überweisen")]
    assert not re.search("überfällig|Mahnung|Verzug", first_words)


def test_a_consumer_reads_gross_prices_and_his_labour_share(visitor, link):
    text = page(visitor, link)
    assert f"499,80{NBSP}€" in text
    assert "Für Ihre Steuererklärung:" in text
    assert "§ 35a EStG" in text
    # planning, fitting and travel with their VAT: (420 + 992 + 45 + 180) * 1.19
    assert f"1.948,03{NBSP}€ Arbeits-, Fahrt- und Maschinenkosten" in text
    assert "zwei Jahre" in text  # R17
    assert "30 Tage nach Fälligkeit" in text  # R64
    assert re.search(r"Gesamtpreis inkl\. MwSt\.</dt>.*Noch zu zahlen", text, re.S)


def test_a_business_reads_net_first_and_nothing_of_private_taxes(business):
    order = make.make_completed_order(make.make_sent_quote(make.make_company()))
    link = make.link_to(make.make_open_invoice(order))
    text = page(make.let_in(link), link)
    assert "35a" not in text
    assert re.search(r"Netto</dt>.*zzgl\. 19.*Gesamt brutto", text, re.S)
    assert "Vertrag widerrufen" not in text


def test_the_files_are_the_bytes_that_were_issued(visitor, link, invoice):
    pdf, xml = (visitor.get(f"/k/{link.public_id}/rechnung.{kind}") for kind in ("pdf", "xml"))
    assert pdf.content == files.read(invoice.pdf)
    assert xml.content == files.read(invoice.xml)
    assert pdf.headers["Content-Disposition"] == f'attachment; filename="Rechnung {invoice.number}.pdf"'
    assert xml.headers["Content-Type"] == "application/xml"


def test_without_an_account_there_is_no_transfer(business):
    link = make.link_to(make.make_open_invoice())
    type(business).objects.filter(pk=business.pk).update(iban="")
    assert "Überweisen" in page(make.let_in(link), link)  # what was issued keeps its account


def test_a_question_about_an_invoice_reaches_the_business(visitor, link, invoice):
    answer = visitor.post(f"/k/{link.public_id}/nachricht/", {"text": "Darf ich in zwei Raten zahlen?"})
    assert answer.headers["Location"] == f"/k/{link.public_id}/rechnung/#nachrichten"
    assert invoice.customer.messages.get().subject == invoice


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_payment_and_for_three(visitor, link, invoice, owner, count):
    for _ in range(count):
        payments.record(invoice, amount=Decimal("10"), received_on=timezone.localdate(), by=owner)
        messages.ask(link, "Frage", author_name="Ada")
    found = make.count_queries(visitor, f"/k/{link.public_id}/rechnung/")
    assert found <= 13  # two of them PostgreSQL's, to make a GET read-only

"""An issued invoice: payments, reminder, sending again, cancelling, files."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from billing import invoices, payments
from billing.models import Invoice, Payment
from crm import access
from crm.models import Mail
from tests import make
from tests.billing.views.costs import queries

TODAY = timezone.localdate()


@pytest.fixture
def invoice(business):
    return make.make_open_invoice(rendered=True)


def page_of(browser, invoice):
    return browser.get(invoice.get_absolute_url()).content.decode().replace("\xa0", " ")


def step(browser, name, row, **data):
    return browser.post(reverse(f"billing:{name}", args=[row.pk]), data)


def pay(browser, invoice, amount="7871,85", day=TODAY):
    return step(
        browser, "payment_record", invoice, amount=amount, received_on=f"{day:%Y-%m-%d}", method="transfer", note=""
    )


def overdue():
    with make.days_ago(40):
        return make.make_open_invoice(rendered=True)


def test_the_trail_says_what_happened(office, invoice):
    access.mark_seen(access.links_to(invoice).first())
    page = page_of(office, invoice)
    trail = page.split('class="trail"')[1].split("</ol>")[0]
    assert [word in trail for word in ("entworfen", "gestellt", "gesendet", "angesehen", "bis ")] == [True] * 5
    assert "E-Rechnung geprüft, keine Fehler." in page


def test_a_payment_is_booked_with_a_comma(office, invoice, owner):
    assert pay(office, invoice, "871,85").url == invoice.get_absolute_url()
    invoice.refresh_from_db()
    payment = Payment.objects.get()
    assert (payment.amount, payment.by, invoice.open_amount) == (Decimal("871.85"), owner, 7000)
    page = page_of(office, invoice)
    assert "+ 871,85 €" in page and "7.000,00 €" in page


@pytest.mark.parametrize(
    ("amount", "day", "sentence"),
    [
        ("", TODAY, "Bitte tragen Sie den Betrag ein."),
        ("0", TODAY, "Bitte geben Sie einen Betrag größer als null ein."),
        ("8000", TODAY, "Offen sind nur 7.871,85 €. Bitte prüfen Sie den Betrag."),
        ("100", TODAY + timedelta(days=1), "Das Datum des Zahlungseingangs liegt in der Zukunft."),
    ],
)
def test_a_wrong_booking_is_said_at_its_field(office, invoice, amount, day, sentence):
    response = pay(office, invoice, amount, day)
    assert response.status_code == 422
    assert response.content.decode().replace("\xa0", " ").count(sentence) == 2
    assert not Payment.objects.exists()


def test_paid_is_paid_and_a_mistake_is_taken_back(office, invoice):
    pay(office, invoice)
    assert "bezahlt am" in page_of(office, invoice)
    assert pay(office, invoice, "1").status_code == 409
    step(office, "payment_reverse", Payment.objects.get())
    invoice.refresh_from_db()
    page = page_of(office, invoice)
    assert invoice.state == "open" and "zurückgenommen" in page and "− 7.871,85 €" in page
    assert step(office, "payment_reverse", Payment.objects.order_by("pk")[0]).status_code == 409


def test_the_reminder_is_shown_before_it_is_sent(office):
    """IND4."""
    invoice = overdue()
    shown = page_of(office, invoice).split('class="mailtext"')[1].split("</pre>")[0]
    step(office, "invoice_remind", invoice, **{"erinnern-to": "neu@kunde.example"})
    mail = Mail.objects.get(kind="billing/mail/invoice_reminder")
    assert mail.to == "neu@kunde.example"
    first_sentence = "vielleicht übersehen? Die Rechnung"
    assert first_sentence in shown and first_sentence in mail.text
    plain = mail.text.replace("\xa0", " ").replace("[[Zugangslink]]", "(Link zur Rechnung)").strip()
    assert plain in shown


def test_nobody_is_reminded_before_the_time(office, invoice):
    assert "mailtext" not in page_of(office, invoice)
    assert step(office, "invoice_remind", invoice, **{"erinnern-to": "neu@kunde.example"}).status_code == 409
    assert step(office, "invoice_remind", overdue(), **{"erinnern-to": ""}).status_code == 422


def test_the_stored_bytes_are_sent_again(office, invoice):
    """R24."""
    step(office, "invoice_send", invoice, **{"senden-to": "neu@kunde.example"})
    invoices.deliver(Invoice.objects.get(pk=invoice.pk))
    first, second = Mail.objects.filter(kind="billing/mail/invoice_sent").order_by("pk")
    assert first.attachments.get().sha256 == second.attachments.get().sha256 == invoice.pdf_sha256
    assert second.to == "neu@kunde.example"
    assert step(office, "invoice_send", invoice, **{"senden-to": "neu"}).status_code == 422


def test_cancelling_names_the_consequence_and_the_new_document(office, invoice):
    """IND2."""
    url = reverse("billing:invoice_cancel", args=[invoice.pk])
    page = office.get(url).content.decode().replace("\xa0", " ")
    assert f"Zu {invoice.number} über 7.871,85 € entsteht eine Stornorechnung mit eigener Nummer" in page
    assert office.post(url, {"reason": " "}).status_code == 422
    office.post(url, {"reason": "Falscher Empfänger", "send_to": ""})
    invoice.refresh_from_db()
    cancellation = invoice.cancelled_by
    assert (invoice.state, cancellation.gross, cancellation.reason) == (
        "cancelled",
        -invoice.gross,
        "Falscher Empfänger",
    )
    assert f"storniert durch {cancellation.number}" in page_of(office, invoice)
    assert f"Storniert die Rechnung {invoice.number}." in page_of(office, cancellation)
    assert "Stornieren ist nicht möglich" in office.get(url).content.decode()
    assert office.post(url, {"reason": "Noch einmal"}).status_code == 409


def test_the_stored_files_are_handed_out(office, invoice):
    for name, start, kind in (
        ("invoice_pdf", b"%PDF", "application/pdf"),
        ("invoice_xml", b"<?xml", "application/xml"),
    ):
        response = office.get(reverse(f"billing:{name}", args=[invoice.pk]))
        assert b"".join(response.streaming_content).startswith(start)
        assert response["Content-Type"] == kind and invoice.number in response["Content-Disposition"]


def test_a_draft_has_no_files(office):
    draft = make.make_draft_invoice()
    assert office.get(reverse("billing:invoice_pdf", args=[draft.pk])).status_code == 404


def test_the_page_costs_the_same_for_any_number_of_payments(office):
    invoice = make.make_open_invoice()
    payments.record(invoice, amount=Decimal(10), received_on=TODAY, by=None)
    cost = queries(office, invoice.get_absolute_url())
    payments.record(invoice, amount=Decimal(10), received_on=TODAY, by=None)
    payments.record(invoice, amount=Decimal(10), received_on=TODAY, by=None)
    assert queries(office, invoice.get_absolute_url()) == cost <= 14


# --- too much, too little ---------------------------------------------------------------------------------------------
def forms_of(browser, invoice):
    page = page_of(browser, invoice)
    return {
        name for name in ("withholds_tax", "takes_skonto", "is_designated", "may_exceed") if f'name="{name}"' in page
    }


def test_the_form_asks_only_what_the_invoice_has_use_for(office, invoice):
    assert forms_of(office, invoice) == {"may_exceed"}
    draft = make.make_draft_invoice(make.make_completed_order(make.make_sent_quote(make.make_company())))
    invoices.change(draft, skonto_percent=2, skonto_days=14, is_construction=True)
    assert forms_of(office, invoices.issue(Invoice.objects.get(pk=draft.pk), by=None)) == {
        "withholds_tax",
        "takes_skonto",
        "may_exceed",
    }


def test_a_surplus_becomes_a_credit_when_that_is_ticked_and_goes_back(office, invoice):
    pay_more = {"amount": "7900", "received_on": f"{TODAY:%Y-%m-%d}", "method": "transfer", "note": ""}
    assert step(office, "payment_record", invoice, **pay_more).status_code == 422
    step(office, "payment_record", invoice, **pay_more, may_exceed="on")
    assert "Guthaben des Kunden: 28,15 €" in page_of(office, invoice)
    refund = {"erstatten-amount": "28,16", "erstatten-paid_on": f"{TODAY:%Y-%m-%d}"}
    assert step(office, "payment_refund", invoice, **refund).status_code == 422
    step(office, "payment_refund", invoice, **refund | {"erstatten-amount": "28,15"})
    page = page_of(office, invoice)
    assert "− 28,15 €" in page and "Guthaben des Kunden" not in page


def test_a_credit_pays_another_invoice_of_the_customer(office, invoice):
    payments.record(invoice, amount=invoice.gross + 100, received_on=TODAY, by=None, may_exceed=True)
    assert "Guthaben verrechnen" not in page_of(office, invoice)
    other = make.make_open_invoice(make.make_completed_order(make.make_sent_quote(invoice.customer)))
    assert "Guthaben verrechnen" in page_of(office, invoice)
    assert step(office, "payment_offset", invoice, **{"verrechnen-on": make.make_open_invoice().pk}).status_code == 422
    step(office, "payment_offset", invoice, **{"verrechnen-on": other.pk})
    other.refresh_from_db()
    assert other.paid == 100

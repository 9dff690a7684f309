"""From the order over a part payment to the final invoice, in Chromium: the way the office goes, at a desk and on a phone."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts import current
from billing import orders, payments
from billing.models import Invoice, Order
from crm import access
from tests import make
from tests.looks import violations

pytestmark = pytest.mark.journey
AUFMASS = {"name": "Aufmaß.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 Aufmass"}


@pytest.fixture
def jana(transactional_db):
    with current.working_for(make.make_business()):
        yield make.make_member(name="Jana")


def check(page):
    """Nobody is kept out, nothing is wider than a small phone."""
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 900})


def test_the_way_from_the_order_to_the_final_invoice(jana, open_page):
    page = open_page(jana, viewport={"width": 1280, "height": 900})
    order = make.make_order()
    page.goto(order.get_absolute_url())
    page.get_by_role("link", name="Abschlag stellen").click()
    page.get_by_label("Prozent der Auftragssumme").check()
    page.get_by_label("Betrag oder Prozent").fill("30")
    page.get_by_label("Was ist bisher geleistet?").fill("Korpus gebaut und geliefert")
    check(page)
    page.get_by_role("button", name="Entwurf schreiben").click()
    expect(page.get_by_text("Abschlagsrechnung, Entwurf")).to_be_visible()
    page.get_by_text("Skonto und Einbehalt").click()
    page.get_by_label("Skonto %").fill("2")
    page.get_by_label("bei Zahlung binnen (Tagen)").fill("7")
    check(page)
    page.get_by_role("button", name="Stellen und senden").click()
    part = Invoice.objects.get(kind="part_payment")
    expect(page.get_by_text("ziehen Sie 2 % Skonto ab")).to_be_visible()
    check(page)
    payments.record(part, amount=1000, received_on=timezone.localdate(), by=jana)
    orders.move(Order.objects.get(), Order.State.COMPLETED, by=jana)
    page.goto(order.get_absolute_url())
    page.get_by_role("button", name="Schlussrechnung erstellen").click()
    expect(page.get_by_role("heading", name="Erhaltene Abschläge")).to_be_visible()
    page.locator("#anlagen summary").press("Enter")
    page.get_by_label("Von diesem Gerät").set_input_files(AUFMASS)
    page.get_by_role("button", name="Anhängen").press("Enter")
    expect(page.get_by_role("link", name="Aufmaß.pdf")).to_be_visible()
    page.get_by_label("Als Endrechnung mit angehängter Liste").check()
    check(page)
    page.get_by_role("button", name="Stellen und senden").click()
    final = Invoice.objects.get(kind="final")
    expect(page.get_by_role("heading", name="Erhaltene Abschläge")).to_be_visible()
    part.refresh_from_db()
    assert (final.state, str(final.gross), part.state) == ("open", "6871.85", "replaced")
    expect(page.get_by_text("E-Rechnung geprüft, keine Fehler.")).to_be_visible()
    expect(page.get_by_role("link", name="Abschlagszahlungen.pdf")).to_be_visible()
    check(page)
    page.goto(f"/l/{access.token(make.link_to(final))}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("6.871,85")
    expect(page.get_by_text(f"Abschlag {part.number}, bezahlt am")).to_be_visible()
    expect(page.get_by_role("link", name="Aufmaß.pdf")).to_be_visible()
    check(page)


@pytest.mark.parametrize("name", ["order_partial_invoice", "invoice_correct", "invoice_reduce", "invoice_cancel"])
def test_other_beginnings_are_open_to_everybody(jana, open_page, name):
    page = open_page(jana, viewport={"width": 1280, "height": 900})
    row = make.make_order() if name.startswith("order") else make.make_open_invoice()
    page.goto(reverse(f"billing:{name}", args=[row.pk]))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    check(page)

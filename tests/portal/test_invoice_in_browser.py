"""The invoice in Chromium (REC1 to REC8): what a banking app scans, what stands in the first view of a phone, what is
copied, what payment and cancellation change, off to a provider and back.
"""

import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
import zxingcpp
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from accounts import current, formats
from accounts.models import Member
from billing import invoices, payments, tasks
from billing.models import Invoice, OnlinePayment
from billing.online import keys
from crm import access
from tests import make
from tests.billing.online.conftest import KEYS
from tests.billing.online.fake import Fake
from tests.looks import violations

pytestmark = pytest.mark.journey
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def fake(settings, live_server):
    fake = Fake()
    settings.ONLINE_PAYMENT, settings.PUBLIC_BASE_URL = fake.settings(), live_server.url
    yield fake
    fake.stop()


@pytest.fixture
def link(transactional_db, fake):
    """An invoice of a business that takes payments by both providers."""
    with current.working_for(make.make_business()):
        owner = make.make_member()
        for provider, typed in KEYS.items():
            keys.switch(keys.check(keys.keep(provider, typed, by=owner)), is_on=True, by=owner)
        yield make.link_to(make.make_open_invoice())


@pytest.fixture
def visit(open_page, link):
    def open_invoice(**options):
        page = open_page(**options)
        page.goto(f"/l/{access.token(link)}/")
        expect(page.get_by_role("heading", level=1)).to_contain_text("7.871,85")
        return page

    return open_invoice


def accessible(page):
    assert violations(page, rules=None) == []


def test_on_a_phone_the_pdf_is_in_the_first_view_and_numbers_are_copied_as_banks_want_them(visit):
    page = visit(**PHONE, permissions=["clipboard-read", "clipboard-write"])
    box = page.get_by_role("link", name="PDF", exact=True).bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= 844 and box["height"] >= 44  # REC7
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for field, value in (("IBAN", "DE89370400440532013000"), ("Betrag", "7871,85")):  # REC2
        page.get_by_role("button", name=field).click()
        expect(page.locator(".copy", has_text=field).get_by_text("Kopiert")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == value
    accessible(page)


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_from_the_button_to_the_providers_page_and_back(visit, link, fake, java_script_enabled):
    """Chromium holds the redirect of the form against the page's content security policy."""
    page = visit(java_script_enabled=java_script_enabled)
    page.get_by_role("button", name="Über Stripe bezahlen").click()
    expect(page).to_have_title("Fake")
    page.get_by_role("button", name="Pay").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wir fragen bei Stripe nach.")
    if java_script_enabled:
        accessible(page)
    if java_script_enabled:  # nobody presses: the page looks again after the task has asked
        tasks.settle_online_payment(OnlinePayment.objects.get().pk)
    else:
        page.get_by_role("button", name="Jetzt nachfragen").click()
    expect(page.get_by_text("bezahlt am")).to_be_visible(timeout=15_000)
    assert Invoice.objects.get().state == Invoice.State.PAID


def test_the_settings_fit_a_small_phone_and_are_accessible(open_page, link):
    page = open_page(Member.objects.get(), viewport={"width": 320, "height": 640})
    page.goto("/einstellungen/online-bezahlen/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Online bezahlen")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.get_by_text("Schlüssel ändern").first.click()
    accessible(page)


# --- without a provider -------------------------------------------------------------------------------------------------
@pytest.fixture
def business(transactional_db):
    with current.working_for(make.make_business()) as here:
        yield here


def scanned(page):
    """What a banking app reads from the screen."""
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.locator(".qr").screenshot())))
    assert found.ec_level == "M"
    return found.text


def opened(page, invoice):
    page.goto(f"/l/{access.token(make.link_to(invoice))}/")
    return page.get_by_role("heading", level=1)


def saved(page, link):
    """Name and first bytes of the file behind a link."""
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    return download.value.suggested_filename, download.value.path().read_bytes()[:5]


def test_the_code_on_the_screen_follows_a_part_payment_and_goes_with_the_rest(business, open_page):
    """REC1, REC3, REC4: what stands in the code is R122, line by line."""
    invoice, today = make.make_open_invoice(), timezone.localdate()
    page = open_page(viewport={"width": 1280, "height": 900})

    def code(amount):
        purpose = f"{invoice.number} KD {invoice.customer.number}"
        lines = [
            "BCD",
            "002",
            "1",
            "SCT",
            "",
            "Jana Haselbach",
            "DE89370400440532013000",
            f"EUR{amount}",
            "",
            "",
            purpose,
        ]
        return "\n".join(lines)

    headline, rest = opened(page, invoice), page.locator(".tot", has_text="Noch zu zahlen")
    for paid, shown, coded in ((0, "7.871,85", "7871.85"), ("2000", "5.871,85", "5871.85")):
        if paid:
            payments.record(invoice, amount=Decimal(paid), received_on=today, by=None)
            page.reload()
        expect(headline).to_have_text(f"{shown} €")
        expect(rest).to_contain_text(f"{shown} €")
        assert scanned(page) == code(coded)

    payments.record(invoice, amount=Decimal("5871.85"), received_on=today, by=None)
    page.reload()
    expect(page.locator(".badge.ok")).to_have_text(f"bezahlt am {formats.day(today)}")
    for gone in (page.get_by_role("heading", name="Überweisen"), page.locator(".qr"), page.locator(".copy"), rest):
        expect(gone).to_have_count(0)
    assert saved(page, "Zahlungsbestätigung (PDF)") == (f"Zahlungsbestätigung {invoice.number}.pdf", b"%PDF-")


def test_cancelled_overdue_and_to_a_business(business, open_page):
    """REC5, REC6, REC8"""
    page = open_page(**PHONE)
    cancelled = make.make_open_invoice()
    storno = invoices.cancel(cancelled, by=None, reason="Falscher Empfänger")
    invoices.deliver(storno)
    expect(opened(page, cancelled)).to_have_text("Diese Rechnung wurde storniert.")
    expect(page.locator(".qr, .copy")).to_have_count(0)
    name = f"Stornorechnung {storno.number}"
    assert saved(page, f"{name} (PDF)") == (f"{name}.pdf", b"%PDF-")

    with time_machine.travel(timezone.now() - timedelta(days=30)):
        late = make.make_open_invoice()
    expect(opened(page, late)).to_have_text("7.871,85 €")
    words = page.locator("section", has=page.get_by_role("heading", level=1))
    expect(words).to_contain_text(f"Vielleicht übersehen? Fällig war der {formats.day(late.due_on)}.")
    expect(words).not_to_contain_text(re.compile("überfällig|Mahnung|Verzug|Inkasso", re.IGNORECASE))
    expect(words.locator(".bad, .warn")).to_have_count(0)
    expect(page.get_by_text("Für Ihre Steuererklärung:")).to_be_visible()

    order = make.make_completed_order(make.make_sent_quote(make.make_company()))
    expect(opened(page, make.make_open_invoice(order))).to_have_text("7.871,85 €")
    expect(page.locator(".due dt")).to_have_text(["Netto", "zzgl. 19 % MwSt.", "Gesamt brutto", "Noch zu zahlen"])
    expect(page.get_by_text("35a")).to_have_count(0)

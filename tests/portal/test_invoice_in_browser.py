"""The invoice in Chromium: what stands in the first view of a phone, what is copied, off to a provider and back."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from accounts import current
from accounts.models import Member
from billing import tasks
from billing.models import Invoice, OnlinePayment
from billing.online import keys
from crm import access
from tests import make
from tests.billing.online.conftest import KEYS
from tests.billing.online.fake import Fake

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
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []


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

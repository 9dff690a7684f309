"""From one document to all of them and back, on a phone: the code comes by mail and is asked for once (KUN1, COD2)."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from accounts import current
from crm import access, access_codes
from crm.models import Mail
from tests import make
from tests.journeys.product import PHONE
from tests.journeys.test_every_customer_page import SMALL

pytestmark = pytest.mark.journey


@pytest.fixture
def phone(open_page):
    """A customer's phone."""
    return open_page(**PHONE)


def check(page):
    """Nothing for a screen reader to stumble over, and nothing to scroll sideways for."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate("document.getAnimations().forEach((each) => each.finish())")  # no colour half way to another
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate(SMALL) == []
    for width, text in ((320, "100%"), (640, "200%")):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(f"document.documentElement.style.fontSize = '{text}'")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (width, text)
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(PHONE["viewport"])


def test_from_a_quote_to_everything_to_an_invoice_and_back(transactional_db, phone):
    with current.working_for(make.make_business()):
        customer = make.make_customer()
        invoice = make.make_open_invoice(make.make_completed_order(make.make_sent_quote(customer)))
        make.make_appointment(customer)
        link = make.link_to(make.make_sent_quote(customer, title="Regal im Büro"))
        phone.goto(f"/l/{access.token(link)}/")
        phone.get_by_role("link", name="Ihre Unterlagen").click()
        check(phone)
        phone.get_by_role("button", name="Code schicken").click()
        phone.wait_for_url("**/code/")
        row = Mail.objects.get(kind="portal/mail/center_code")
        assert row.to == customer.email
        digits = access_codes.digits(row.about)
        phone.get_by_label("Code aus der E-Mail").fill(digits)
        phone.get_by_role("button", name="Öffnen").click()
        expect(phone.get_by_role("heading", level=1, name="Ihre Unterlagen")).to_be_visible()
        check(phone)
        phone.get_by_role("button", name="Ansehen und zahlen").click()
        phone.wait_for_url("**/rechnung/")
        assert invoice.number in phone.content()
        phone.get_by_role("link", name="Ihre Unterlagen").click()
        expect(phone.get_by_role("heading", level=1, name="Ihre Unterlagen")).to_be_visible()
        assert re.search(r"/k/[^/]+/unterlagen/$", phone.url)
        phone.get_by_role("link", name="Meine Daten ändern").click()
        expect(phone.get_by_role("heading", level=1, name="Meine Daten")).to_be_visible()
        check(phone)
        phone.get_by_label("Straße und Hausnummer").fill("Neuer Weg 3")
        phone.get_by_role("button", name="Änderung vorschlagen").click()
        expect(phone.get_by_text("wartet auf Bestätigung")).to_be_visible()
        assert Mail.objects.filter(kind="portal/mail/center_code").count() == 1

"""From one document to all of them and back, on a phone: the code comes by mail and is asked for once (KUN1, COD2); what
is on the page of all documents, and what matters now (KUN2 to KUN4).
"""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from accounts import current
from billing import quotes, sign_offs
from crm import access, access_codes, center_links
from crm.models import Mail
from tests import make
from tests.journeys.product import PHONE
from tests.journeys.test_every_customer_page import SMALL
from tests.looks import NOTHING_GLIDES, violations

pytestmark = pytest.mark.journey


@pytest.fixture
def phone(open_page):
    """A customer's phone."""
    return open_page(**PHONE)


def check(page):
    """Nothing for a screen reader to stumble over, and nothing to scroll sideways for."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate(NOTHING_GLIDES)
        assert (scheme, violations(page, rules=None)) == (scheme, [])
    assert page.evaluate(SMALL) == []
    for width, text in ((320, "100%"), (640, "200%")):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(f"document.documentElement.style.fontSize = '{text}'")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (width, text)
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(PHONE["viewport"])


def type_the_code(phone):
    """Have the code mailed, and type it; returns its mail."""
    phone.get_by_role("button", name="Code schicken").click()
    phone.wait_for_url("**/code/")
    row = Mail.objects.get(kind="portal/mail/center_code")
    phone.get_by_label("Code aus der E-Mail").fill(access_codes.digits(row.about))
    phone.get_by_role("button", name="Öffnen").click()
    return row


def test_from_a_quote_to_everything_to_an_invoice_and_back(transactional_db, phone):
    with current.working_for(make.make_business()):
        customer = make.make_customer()
        invoice = make.make_open_invoice(make.make_completed_order(make.make_sent_quote(customer)))
        refused = make.make_sign_off(invoice.order)
        sign_offs.refuse(refused, reason="Tür 2 klemmt", customer_name="Ada", channel="on_site")
        make.make_appointment(customer)
        link = make.link_to(make.make_sent_quote(customer, title="Regal im Büro"))
        phone.goto(f"/l/{access.token(link)}/")
        phone.get_by_role("link", name="Ihre Unterlagen").click()
        check(phone)
        row = type_the_code(phone)
        assert row.to == customer.email
        expect(phone.get_by_role("heading", level=1, name="Ihre Unterlagen")).to_be_visible()
        expect(phone.get_by_role("link", name="Abnahme zu Auftrag")).to_be_visible()
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


def test_it_needs_the_code_begins_empty_and_shows_first_what_matters_now(transactional_db, phone):
    """KUN1, KUN3, KUN4"""
    with current.working_for(make.make_business()):
        customer, now = make.make_customer(), timezone.now()
        link = center_links.obtain(customer)
        phone.goto(f"/l/{access.token(link)}/")
        phone.goto(f"/k/{link.public_id}/unterlagen/")
        expect(phone).to_have_url(re.compile("/code/$"))
        expect(phone.get_by_role("main")).not_to_contain_text(re.compile(customer.last_name))
        type_the_code(phone)
        expect(phone.get_by_text("Hier finden Sie ab jetzt alles zu Ihren Aufträgen.")).to_be_visible()
        urgent = phone.get_by_role("region", name="Gerade wichtig")
        expect(urgent).to_have_count(0)

        def comes_first(words):
            phone.reload()
            expect(urgent).to_have_count(1)
            expect(urgent).to_contain_text(words)

        def invoice():
            return make.make_open_invoice(make.make_completed_order(make.make_sent_quote(customer)))

        make.make_appointment(customer, "Aufmaß", starts_at=now + timedelta(days=8))  # not within seven days
        phone.reload()
        expect(phone.get_by_text("Aufmaß")).to_be_visible()
        expect(urgent).to_have_count(0)
        make.make_sent_quote(customer, title="Regal im Büro")
        comes_first("Regal im Büro")
        make.make_appointment(customer, "Lackmuster ansehen", starts_at=now + timedelta(days=6))
        comes_first("Lackmuster ansehen")
        comes_first(invoice().number)
        with time_machine.travel(now - timedelta(days=30)):
            late = invoice()
        comes_first(late.number)
        expect(urgent).to_contain_text("war zu zahlen bis")


def test_only_what_was_released_to_this_customer_is_listed(transactional_db, phone):
    """KUN2"""
    with current.working_for(make.make_business()):
        customer, other = make.make_customer(), make.make_customer("Fremd")
        make.make_quote(customer, title="Entwurf eines Angebots")
        quotes.retract(make.make_sent_quote(customer, title="Zurückgezogenes Regal"), by=None)
        draft = make.make_draft_invoice(make.make_completed_order(make.make_sent_quote(customer, title="Garderobe")))
        theirs = make.make_open_invoice(make.make_completed_order(make.make_sent_quote(other, title="Fremde Treppe")))
        make.make_appointment(other, "Fremder Termin")
        make.make_note(customer, "Interne Notiz", files=[make.upload()])
        link = center_links.obtain(customer)
        phone.goto(f"/l/{access.token(link)}/")
        type_the_code(phone)
        expect(phone.get_by_role("region", name="Laufende Vorgänge")).to_contain_text("Garderobe")
        rows = phone.get_by_role("region", name="Dokumente").locator(".doc")
        order = draft.order
        expect(rows.locator("b")).to_have_text([f"Auftragsbestätigung {order.number}", f"Angebot {order.quote.number}"])
        for kept in ("Entwurf", "Zurückgezogen", "Fremde", theirs.number, "Interne Notiz"):
            expect(phone.get_by_role("main").get_by_text(kept)).to_have_count(0)
        for section in ("Zu bezahlen", "Fotos", "Dateien", "Termine"):
            expect(phone.get_by_role("heading", name=section)).to_have_count(0)

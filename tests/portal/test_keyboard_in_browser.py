"""From the quote to the payment with the keyboard alone, on a narrow screen: the focus is never lost and always seen, as
WCAG 2.2 wants it (2.1.1, 2.4.3, 2.4.7, 2.4.11), and no bar lies over it (G4, G5, G6).
"""

import re

import pytest
from playwright.sync_api import expect

from accounts import current
from billing import orders
from billing.models import Order
from crm import access
from crm.models import Message
from tests import make
from tests.portal.keys import Keys

pytestmark = pytest.mark.journey

NARROW = {"viewport": {"width": 390, "height": 700}}  # the bar with the price is there


@pytest.fixture
def quote(transactional_db):
    with current.working_for(make.make_business()):
        yield make.make_sent_quote(title="Terrasse", lines=make.terrace_lines())


def test_from_the_link_to_the_payment(open_page, quote):
    page = open_page(**NARROW, permissions=["clipboard-read", "clipboard-write"])
    keys = Keys(page)
    page.goto(f"/l/{access.token(make.link_to(quote))}/")
    _choose(page, keys)
    _order(page, keys)
    order = Order.objects.get()
    assert (order.quote, order.gross, order.quote.acceptance.name) == (quote, make.Decimal("6385.30"), "Sabine Brandt")
    _follow(page, keys)
    assert Message.objects.get().text == "Wann kommen Sie?"
    orders.move(order, Order.State.COMPLETED, by=None)
    invoice = make.make_open_invoice(order)
    page.goto(f"/l/{access.token(make.link_to(invoice))}/")
    _pay(page, keys, invoice)


def _choose(page, keys):
    keys.skip()
    larch, ash = (
        page.get_by_role("radio", name=re.compile(name)) for name in ("^Dielen Lärche", "^Dielen Thermoesche")
    )
    keys.to(larch)
    keys.press("ArrowDown")
    expect(ash).to_be_focused()
    expect(ash).to_be_checked()
    spots = page.get_by_label("Bodenspot LED", exact=True)
    keys.to(spots)
    keys.press("ArrowUp", "ArrowUp")
    expect(spots).to_have_value("2")
    fence = page.get_by_role("checkbox", name=re.compile("^Sichtschutz"))
    keys.to(fence)
    keys.press("Space")
    expect(fence).to_be_checked()
    expect(page.locator("[role=status]")).to_have_text(re.compile(r"Gesamtpreis inkl\. MwSt\.: 6\.385,30"))
    keys.go(page.get_by_role("button", name="Prüfen und beauftragen"), "/pruefen/")
    expect(page.locator(".card.lift")).to_contain_text("Dielen Thermoesche")


def _order(page, keys):
    keys.skip()
    name, button = page.get_by_label("Ihr Name"), page.get_by_role("button", name="Zahlungspflichtig bestellen")
    keys.go(button, "/beauftragen/$")
    summary = page.get_by_role("alert")  # without a name: what is missing has the focus, and leads to the field
    expect(summary).to_be_focused()
    assert page.title().startswith("Fehler: ")
    keys.to(summary.get_by_role("link", name="Bitte tragen Sie Ihren Namen ein."), most=1)
    keys.press("Enter")
    expect(name).to_be_focused()
    page.keyboard.type("Sabine Brandt")
    keys.go(button, "/beauftragt/$")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_have_text("Danke, Sabine Brandt. Wir freuen uns.")


def _follow(page, keys):
    keys.go(page.get_by_role("link", name="Stand des Auftrags ansehen"), "/auftrag/$")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wir haben Ihren Auftrag.")
    keys.skip()
    keys.to(page.get_by_role("link", name="Schreiben"))
    keys.press("Enter")  # further up on the same page
    words = page.get_by_label("Ihre Nachricht")
    keys.to(words, most=1)
    page.keyboard.type("Wann kommen Sie?")
    keys.go(page.get_by_role("button", name="Nachricht senden"), "/auftrag/#nachrichten$")
    expect(page.locator(".msg.me")).to_contain_text("gesendet")
    keys.to(words, most=1)  # on it goes where the thread is, not at the top


def _pay(page, keys, invoice):
    keys.skip()
    purpose = f"{invoice.number} KD {invoice.customer.number}"
    for field, value in {
        "Empfänger": "Jana Haselbach",
        "IBAN": "DE89370400440532013000",
        "Betrag": "6385,30",
        "Verwendungszweck": purpose,
    }.items():
        keys.to(page.get_by_role("button", name=f"{field} Kopieren"))
        keys.press("Enter")
        expect(page.get_by_role("button", name=f"{field} Kopiert")).to_be_focused()
        assert page.evaluate("navigator.clipboard.readText()") == value

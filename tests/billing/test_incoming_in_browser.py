"""An invoice of a supplier from the upload to the decision, in Chromium: at a desk, on a small phone, in the dark."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts import current
from billing.documents.einvoice import EN16931, build_cii
from tests import make
from tests.billing.documents.cases import CASES
from tests.looks import NOTHING_GLIDES, violations

pytestmark = pytest.mark.journey


@pytest.fixture
def jana(transactional_db):
    with current.working_for(make.make_business()):
        yield make.make_member(name="Jana")


def check(page):
    """Nobody is kept out in either light, nothing is wider than a small phone."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(NOTHING_GLIDES)
        assert (scheme, violations(page)) == (scheme, [])
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 900})


def test_the_way_of_an_invoice_that_came_in(jana, open_page):
    page = open_page(jana, viewport={"width": 1280, "height": 900})
    page.goto(reverse("billing:incoming_invoices"))
    expect(page.get_by_text("Nichts zu prüfen.")).to_be_visible()
    check(page)
    xml = build_cii(CASES["final"], EN16931)
    rows = {"a.xml": xml.replace(b">3000.00<", b">3001.00<", 1), "b.xml": b"<a/>"}
    page.get_by_label("Rechnung (XML oder PDF)").set_input_files(
        {"name": "b.xml", "mimeType": "text/xml", "buffer": rows["b.xml"]}
    )
    page.get_by_role("button", name="Aufnehmen und prüfen").press("Enter")
    expect(page.get_by_text("Dieses XML ist keine Rechnung").first).to_be_visible()
    check(page)
    page.get_by_label("Rechnung (XML oder PDF)").set_input_files(
        {"name": "a.xml", "mimeType": "text/xml", "buffer": rows["a.xml"]}
    )
    page.get_by_role("button", name="Aufnehmen und prüfen").press("Enter")
    expect(page.get_by_role("heading", name="Tischlerei Haselbach")).to_be_visible()
    expect(page.get_by_text("Inhaltsfehler:").first).to_be_visible()
    check(page)
    page.get_by_role("textbox", name="Notiz").fill("an die falsche Firma")
    page.get_by_role("button", name="Zurückweisen").press("Enter")
    expect(page.get_by_text("Notiert.")).to_be_visible()
    page.goto(reverse("billing:incoming_invoices") + "?stand=zurueck")
    expect(page.get_by_role("link", name="RE-2026-0042")).to_be_visible()
    check(page)

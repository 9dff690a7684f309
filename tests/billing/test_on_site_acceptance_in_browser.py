"""The tablet in the customer's hand, in a real browser: choose, draw, sign, order (R77, R90)."""

import re

import pytest
from playwright.sync_api import expect

from accounts import current
from accounts.rights import Role
from billing import signatures
from billing.models import Acceptance
from tests import make

pytestmark = pytest.mark.journey


@pytest.fixture
def emre(transactional_db):
    with current.working_for(make.make_business()):
        yield make.make_member(Role.FIELD_WORKER, name="Emre Yıldız")


@pytest.fixture
def tablet(emre, open_page):
    """Emre's tablet, upright."""
    return open_page(emre, viewport={"width": 820, "height": 1180}, has_touch=True)


def test_the_customer_chooses_draws_and_orders(tablet, emre):
    quote = make.make_sent_quote()
    make.make_appointment(quote.customer, assignee=emre)
    tablet.goto(f"/angebote/{quote.pk}/vor-ort/")
    total = tablet.locator("[data-out=total]")
    expect(total).to_have_text(re.compile(r"7\.871,85"))
    tablet.get_by_label("Salbei lackiert").check()
    expect(total).to_have_text(re.compile(r"7\.538,65"))  # 4 × 70 less, and their tax
    expect(tablet.locator("nav")).to_have_count(0)
    tablet.get_by_role("button", name="Prüfen und beauftragen").click()

    tablet.get_by_label("Ihr Name").fill("Sabine Brandt")
    box = tablet.locator("canvas").bounding_box()
    tablet.locator("canvas").scroll_into_view_if_needed()
    box = tablet.locator("canvas").bounding_box()
    tablet.mouse.move(box["x"] + 40, box["y"] + 60)
    tablet.mouse.down()
    tablet.mouse.move(box["x"] + 200, box["y"] + 120, steps=5)
    tablet.mouse.move(box["x"] + 320, box["y"] + 40, steps=5)
    tablet.mouse.up()
    drawn = tablet.locator("input[name=signature]")
    assert signatures.clean(drawn.input_value()).count("L") > 5
    tablet.get_by_role("button", name="Löschen").click()
    assert drawn.input_value() == ""
    tablet.mouse.move(box["x"] + 40, box["y"] + 60)
    tablet.mouse.down()
    tablet.mouse.move(box["x"] + 200, box["y"] + 120, steps=3)
    tablet.mouse.up()

    expect(tablet.locator("input[type=checkbox]:checked")).to_have_count(0)
    tablet.get_by_role("button", name="Zahlungspflichtig bestellen").click()
    expect(tablet.get_by_role("heading", level=1)).to_have_text("Danke für Ihren Auftrag")
    acceptance = Acceptance.objects.get()
    assert (acceptance.channel, acceptance.by, acceptance.name) == ("on_site", emre, "Sabine Brandt")
    assert acceptance.signature.startswith("M ")

    # back to the office: two deliberate steps
    expect(tablet.get_by_role("link", name="Seite verlassen")).to_be_hidden()
    tablet.get_by_text("Tablet zurückgeben").click()
    expect(tablet.get_by_role("link", name="Seite verlassen")).to_be_visible()

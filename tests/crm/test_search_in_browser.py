"""The search field by keyboard, and a segment counted while it is put together: what only a browser shows."""

import pytest
from playwright.sync_api import expect

from accounts import current
from tests import make
from tests.looks import violations

pytestmark = pytest.mark.journey


@pytest.fixture
def page(transactional_db, open_page):
    """The office at a desk, with a few contacts."""
    with current.working_for(make.make_business()):
        jana = make.make_member(name="Jana")
        for name in ("Brandt", "Brandes", "Noll"):
            make.make_customer(name, first_name="Sabine")
        yield open_page(jana, viewport={"width": 1280, "height": 800})


def test_the_field_is_used_without_a_mouse(page):
    page.goto("/")
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Suchen")
    expect(field).to_be_focused()
    page.keyboard.type("brand")
    hits = page.locator("#treffer").get_by_role("option")
    expect(hits).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(hits.nth(1)).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", hits.nth(1).get_attribute("id"))
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("brand")
    page.keyboard.press("ArrowDown")  # opens it again
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("ArrowDown")
    name = hits.first.locator("b").inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    page.fill("#find", "Brnadt")
    expect(hits).to_have_count(1)
    page.keyboard.press("Enter")  # nothing was chosen: the page with all of them
    expect(page.get_by_role("heading", level=1)).to_have_text("Suche")
    assert violations(page) == []


def test_a_segment_is_counted_while_it_is_put_together(page):
    page.goto("/segmente/neu/")
    page.get_by_label("Privat").check()
    expect(page.get_by_text("3 Kontakte passen.")).to_be_visible()
    page.get_by_label("Postleitzahlen").fill("8")
    expect(page.get_by_text("0 Kontakte passen.")).to_be_visible()
    assert violations(page) == []

"""The tax case of a quote and the number series in a browser: sums that follow and are stored by themselves, room on a phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts import current
from billing.models import Quote
from tests import make

pytestmark = pytest.mark.journey


@pytest.fixture
def owner(transactional_db):
    with current.working_for(make.make_business()):
        yield make.make_member()


def test_the_sums_of_a_quote_follow_its_case_and_it_is_stored(open_page, owner):
    quote = make.make_quote(make.make_company(vat_id="DE136695976"), by=owner, lines=[make.line("Wand", "1", "1000")])
    page = open_page(owner)
    page.goto(reverse("billing:quote_edit", args=[quote.pk]))
    gross = page.locator("[data-out=gross]").first
    expect(gross).to_have_text("1.190,00\u00a0€")
    page.select_option("[name=tax_case]", "reverse_charge")
    page.select_option("[name=work]", "building")
    expect(gross).to_have_text("1.000,00\u00a0€")
    expect(page.locator("[data-state]")).to_contain_text("gesichert um")
    quote.refresh_from_db()
    assert (quote.tax_case, quote.gross, quote.state) == ("reverse_charge", 1000, Quote.State.DRAFT)


def test_the_number_series_fit_a_phone_and_can_be_set_by_keyboard(open_page, owner):
    page = open_page(owner, viewport={"width": 320, "height": 900})
    page.goto(reverse("billing:number_series_list"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.locator("[name=invoice-prefix]").fill("R")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Die nächste Nummer ist R-")).to_be_visible()

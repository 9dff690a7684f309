"""The questions about an invoice's tax in a browser: those of the chosen case alone, sums that follow, room on a phone."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts import current
from billing import invoices
from tests import make

pytestmark = pytest.mark.journey


@pytest.fixture
def office(transactional_db):
    with current.working_for(make.make_business()):
        yield make.make_member()


@pytest.fixture
def draft(office):
    customer = make.make_company(
        vat_id="DE136695976",
        builder_certificate="TG-4711",
        builder_from=date(2025, 1, 1),
        builder_until=date(2027, 12, 31),
    )
    rows = [make.line("Wand gemauert", "1", "1000")]
    return invoices.create(customer, by=office, title="Rohbau", service_from=timezone.localdate(), lines=rows)


def test_only_the_questions_of_the_case_are_asked(open_page, office, draft):
    page = open_page(office, viewport={"width": 320, "height": 900})
    page.goto(reverse("billing:invoice_edit", args=[draft.pk]))
    asked = {"domestic": ["work", "is_operator"], "reverse_charge": ["work"], "exempt": ["exemption"],
             "export": ["deliver_to", "proof"], "third_country_service": []}  # fmt: skip
    names = ["work", "is_operator", "exemption", "deliver_to", "proof"]
    for case, expected in asked.items():
        page.select_option("[name=tax_case]", case)
        assert [name for name in names if page.locator(f".tax-case [name={name}]").is_visible()] == expected
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_sums_follow_the_case(open_page, office, draft):
    page = open_page(office)
    page.goto(reverse("billing:invoice_edit", args=[draft.pk]))
    gross = page.locator("[data-out=gross]")
    expect(gross).to_have_text("1.190,00\u00a0€")
    page.select_option("[name=tax_case]", "reverse_charge")
    expect(gross).to_have_text("1.000,00\u00a0€")
    expect(page.locator("[data-group]")).to_have_count(0)


def test_the_way_to_a_question_leads_there(open_page, office, draft):
    page = open_page(office)
    page.goto(reverse("billing:invoice_edit", args=[draft.pk]))
    page.get_by_role("link", name="Der Kunde hat einen Nachweis USt 1 TG").click()
    assert page.locator("#id_work").is_visible()
    assert page.url.endswith("#id_work")

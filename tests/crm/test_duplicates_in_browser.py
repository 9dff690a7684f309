"""Contacts that are there twice, in Chromium: seen while typing, merged with the keyboard, read well in every light."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts import current
from crm.models import Customer, DuplicatePair
from tests import make
from tests.looks import in_every_light, violations

pytestmark = pytest.mark.journey
LIGHTS = [(320, "light"), (1280, "dark")]


@pytest.fixture
def jana(transactional_db):
    with current.working_for(make.make_business()):
        yield make.make_member(name="Jana")


def test_a_double_is_seen_while_typing_and_merged_without_a_mouse(open_page, jana):
    there = make.make_customer(by=jana)
    page = open_page(jana, viewport={"width": 1280, "height": 900})
    page.goto(reverse("crm:customer_create"))
    page.get_by_label("Vorname").press_sequentially("Sabine")
    page.get_by_label("Nachname").press_sequentially("Brnadt")
    expect(page.get_by_role("link", name="Sabine Brandt")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Nachname").press("Enter")
    page.get_by_role("button", name="Trotzdem anlegen").press("Enter")
    expect(page.get_by_role("heading", name="Sabine Brnadt")).to_be_visible()

    new = Customer.objects.get(last_name="Brnadt")
    in_every_light(page, reverse("crm:customer_merge", args=[there.pk, new.pk]), LIGHTS)
    name = page.get_by_role("group", name="Name").get_by_role("radio").first
    name.focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Zusammenführen").press("Enter")
    expect(page.get_by_role("heading", name="Sabine Brnadt")).to_be_visible()
    page.get_by_role("link", name="Wieder trennen").press("Enter")
    assert violations(page) == []
    page.get_by_role("button", name="Wieder trennen").press("Enter")
    expect(page.get_by_text("ist wieder ein eigener Kontakt")).to_be_visible()


def test_the_lists_read_well(open_page, jana):
    first, second = make.make_customer("Donaudampfschifffahrtsgesellschaftskapitän"), make.make_customer()
    DuplicatePair.objects.create(first=first, second=second, score=80, reasons=["email", "address"])
    page = open_page(jana, viewport={"width": 1280, "height": 900})
    for url in (
        reverse("crm:duplicate_list"), reverse("crm:merge_choose", args=[first.pk]), reverse("crm:vcard_upload"),
        reverse("crm:customer_edit", args=[second.pk]),
    ):  # fmt: skip
        in_every_light(page, url, LIGHTS)

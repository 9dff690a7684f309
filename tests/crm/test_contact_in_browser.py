"""What the script of the contacts' pages adds: steps in place, drafts, search while typing (ux.md KON1, KTK5, HEU2)."""

import re
import time

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts import current
from crm.models import Note, Todo
from tests import make

pytestmark = pytest.mark.journey


@pytest.fixture
def jana(transactional_db):
    with current.working_for(make.make_business()):
        yield make.make_member(name="Jana")


@pytest.fixture
def page(jana, open_page):
    """The office at a desk."""
    return open_page(jana, viewport={"width": 1280, "height": 800})


def test_a_tick_leaves_in_place_and_comes_back(page, jana):
    make.make_todo("Anrufen", by=jana, due_on=timezone.localdate())
    page.goto("/")
    page.evaluate("window.marker = true")
    page.get_by_role("button", name="„Anrufen“ erledigen").click()
    expect(page.get_by_text("Erledigt: Anrufen")).to_be_visible()
    expect(page.get_by_role("button", name="„Anrufen“ erledigen")).to_have_count(0)
    assert not Todo.objects.open().exists()
    page.get_by_role("button", name="Rückgängig").click()
    expect(page.get_by_role("button", name="„Anrufen“ erledigen")).to_be_visible()
    assert page.evaluate("window.marker") is True  # no page was loaded


def test_without_network_the_tick_is_not_lost_silently(page, jana):
    make.make_todo("Anrufen", by=jana, due_on=timezone.localdate())
    page.goto("/")
    page.context.set_offline(True)
    page.get_by_role("button", name="„Anrufen“ erledigen").click()
    page.wait_for_timeout(500)
    assert "Anrufen" not in page.content() or page.url.startswith("chrome-error")
    assert Todo.objects.open().exists()


def test_typing_filters_and_the_address_keeps_it(page):
    for name in ("Brandt", "Osterloh", "Noll"):
        make.make_customer(name)
    page.goto("/kontakte/")
    with page.expect_response(lambda answer: "q=ost" in answer.url, timeout=1_000):
        page.fill("#filter", "ost")
        started = time.perf_counter()
        page.wait_for_url("**/kontakte/?q=ost", timeout=1_000)
    assert time.perf_counter() - started < 1  # the script waits 150 ms; a busy machine needs the rest
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?q=ost$"))
    page.reload()
    expect(page).to_have_url(re.compile(r"/kontakte/\d+/$"))  # opened as the only hit


def test_a_draft_survives_and_goes_once_it_is_saved(page):
    customer = make.make_customer()
    page.goto(customer.get_absolute_url())
    page.fill("#id_text", "Flur 2,94 m\nDecke fällt")
    page.goto("/kontakte/")
    page.goto(customer.get_absolute_url())
    assert page.input_value("#id_text") == "Flur 2,94 m\nDecke fällt"
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator(".tl .text")).to_contain_text("Decke fällt")
    assert page.input_value("#id_text") == ""
    page.reload()
    assert page.input_value("#id_text") == "" and Note.objects.count() == 1

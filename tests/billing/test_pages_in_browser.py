"""What scripts and styles add to the board (ux.md BRD1) and to sending (DET2). The editor: test_quote_editor_in_browser.py."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts import current
from billing import order_news, orders
from billing.models import Order
from crm import access
from tests import make

pytestmark = pytest.mark.journey
WCAG = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]


@pytest.fixture
def jana(transactional_db):
    with current.working_for(make.make_business()):
        yield make.make_member(name="Jana")


@pytest.fixture
def page(jana, open_page):
    """The office at a desk, in a real browser."""
    return open_page(jana, viewport={"width": 1280, "height": 900})


def test_drag_keys_and_menu_take_the_same_step_and_ask_once_whom_to_tell(page, jana):
    """BRD1, BRD2: the first step asks in the card's menu, the next one is taken where the card is dropped."""
    order = make.make_order()
    orders.move(order, Order.State.SCHEDULED, by=jana, planned_on=timezone.localdate(), tell=False)
    page.goto(reverse("billing:order_list"))
    card, begin = page.locator(f"#auftrag-{order.pk}"), page.get_by_role("button", name="Arbeit beginnen")
    card.drag_to(page.locator("section[data-state=started]"))
    expect(begin).to_be_focused()
    expect(card.get_by_label("Kunde informieren?")).to_be_checked()
    page.keyboard.press("Escape")
    expect(begin).to_be_hidden()
    card.drag_to(page.locator("section[data-state=placed]"))  # not allowed: nothing happens
    expect(begin).to_be_hidden()
    card.get_by_role("link").focus()
    page.keyboard.press("v")
    expect(begin).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Als fertig melden")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator("section[data-state=started] .kc")).to_have_count(1)
    page.locator(f"#auftrag-{order.pk}").drag_to(page.locator("section[data-state=completed]"))
    expect(page.locator("section[data-state=completed] .kc")).to_have_count(1)
    order.refresh_from_db()
    assert (order.state, order.tells_stages) == (Order.State.COMPLETED, True)
    assert [news.state for news in order_news.waiting(order)] == ["started", "completed"]


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1280, "light")])
def test_board_calendar_and_order_page_are_accessible_and_fit(jana, open_page, width, theme):
    """G1, G2, and on a phone one column per view under its name (BRD5)."""
    order = make.make_order()
    orders.move(order, Order.State.SCHEDULED, by=jana, planned_on=timezone.localdate() - timedelta(days=3))
    for _ in range(4):
        orders.move(make.make_order(), Order.State.STARTED, by=jana)
    page = open_page(jana, viewport={"width": width, "height": 600}, color_scheme=theme)
    for address in ("", "?ansicht=kalender", f"{order.pk}/"):
        page.goto(reverse("billing:order_list") + address)
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        found = Axe().run(page, options={"runOnly": WCAG}).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
        assert page.evaluate("document.documentElement.scrollWidth === document.documentElement.clientWidth")
    if width == 390:
        page.goto(reverse("billing:order_list") + "#stufe-started")
        column = page.locator("section[data-state=started]")
        expect(column).to_be_in_viewport(ratio=0.5)
        board, box = page.locator(".board").bounding_box(), column.bounding_box()
        assert abs(box["x"] - board["x"]) < 2 and abs(box["width"] - board["width"]) < 2
        column.evaluate("each => { each.scrollTop = each.scrollHeight; }")
        assert column.evaluate("each => each.scrollTop") > 0
        name = column.get_by_role("heading", name="In Arbeit")
        assert abs(name.bounding_box()["y"] - column.bounding_box()["y"]) < 2


def test_copying_a_link_takes_the_whole_of_it_and_says_so(page, jana):
    quote = make.make_sent_quote()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(quote.get_absolute_url())
    button = page.locator("#links").get_by_role("button", name="Link kopieren")
    button.click()
    expect(button).to_contain_text("Link kopiert")
    assert page.evaluate("navigator.clipboard.readText()") == access.url(access.links_to(quote).get())


def test_only_what_belongs_to_the_chosen_way_is_shown(page, jana):
    page.goto(f"{make.make_quote().get_absolute_url()}?senden=1")
    expect(page.get_by_label("Persönlicher Text")).to_be_visible()
    page.get_by_label("PDF per Post").check()
    expect(page.get_by_label("Persönlicher Text")).to_be_hidden()
    expect(page.get_by_text("Sie drucken das PDF")).to_be_visible()

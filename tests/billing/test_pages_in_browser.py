"""The board (ux.md BRD1 to BRD5) and the page of an order (ODT1 to ODT4) in Chromium, and what scripts add to sending (DET2).
The editor: test_quote_editor_in_browser.py; the protocol of a sign-off: test_sign_off_in_browser.py.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts import current
from billing import order_news, orders, work_kinds
from billing.models import Invoice, Order, SignOff
from crm import access
from tests import make
from tests.looks import in_every_light

pytestmark = pytest.mark.journey


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


def test_dragging_keys_and_menu_do_the_same(page, jana):
    """BRD1: three orders take the same step, each another way; the question stands there preset, and is asked once."""
    found = {way: make.make_order() for way in ("drag", "keys", "menu")}
    page.goto(reverse("billing:order_list"))

    def begin(way):
        card = page.locator(f"#auftrag-{found[way].pk}")
        if way == "drag":
            card.drag_to(page.locator("section[data-state=started]"))
            page.keyboard.press("Enter")
        elif way == "keys":
            card.get_by_role("link").focus()
            page.keyboard.press("v")
            page.keyboard.press("ArrowRight")
            page.keyboard.press("Enter")
        else:
            card.get_by_text("Verschieben").click()
            card.get_by_role("button", name="Arbeit beginnen").click()

    for moved, way in enumerate(found, 1):
        begin(way)
        expect(page.locator("section[data-state=started] .kc")).to_have_count(moved)
        expect(page.locator(f"#auftrag-{found[way].pk}").get_by_text("Kunde informieren?")).to_have_count(0)
    for order in found.values():
        order.refresh_from_db()
        told = [(news.kind, news.state) for news in order_news.waiting(order)]
        assert (order.state, order.tells_stages, told) == (Order.State.STARTED, True, [("milestone", "started")])


def test_a_customer_who_is_not_to_know_is_not_asked_about_again(page, jana):
    """BRD2"""
    order = make.make_order()
    page.goto(reverse("billing:order_list"))
    card = page.locator(f"#auftrag-{order.pk}")
    card.get_by_text("Verschieben").click()
    card.get_by_label("Kunde informieren?").uncheck()
    card.get_by_role("button", name="Arbeit beginnen").click()
    expect(page.locator("section[data-state=started] .kc")).to_have_count(1)
    card.drag_to(page.locator("section[data-state=completed]"))  # nothing is asked, so the step is taken at once
    expect(page.locator("section[data-state=completed] .kc")).to_have_count(1)
    assert list(order_news.waiting(order)) == []


def test_sums_stand_there_on_demand_and_a_finished_order_offers_its_invoice(page, jana):
    """BRD3, BRD4"""
    order = make.make_completed_order()
    make.make_completed_order()
    page.goto(reverse("billing:order_list"))
    with_sum, without = (
        page.get_by_role("heading", name=name, exact=True) for name in ("Fertig 2 15.744 €", "Fertig 2")
    )
    expect(without).to_be_visible()
    page.get_by_role("link", name="Summen der Spalten zeigen").click()
    expect(with_sum).to_be_visible()
    page.get_by_role("link", name="Summen verbergen").click()
    expect(without).to_be_visible()
    page.locator(f"#auftrag-{order.pk}").get_by_role("button", name="Rechnung erstellen").click()
    expect(page.get_by_role("button", name="Stellen und senden")).to_be_visible()
    assert Invoice.objects.get().order == order


def test_on_a_phone_the_filled_button_leads_from_the_order_over_the_sign_off_to_the_invoice(jana, open_page):
    """ODT1, ODT3, ODT4: there is one filled button, and what it says is the next step on the order's own way."""
    order = orders.set_kind(make.make_order(), work_kinds.create_from_template("furniture"))
    phone = open_page(jana, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    filled, said = phone.locator(".btn.pri"), []

    def press():
        expect(filled).to_have_count(1)
        said.append(filled.inner_text().strip())
        filled.click()

    phone.goto(order.get_absolute_url())
    for _step in range(6):
        if filled.inner_text().strip() == "Termin eintragen":
            phone.get_by_role("region", name="Nächster Schritt").get_by_label("Termin").fill(
                f"{timezone.localdate():%Y-%m-%d}"
            )
        press()
    press()
    assert said == [
        "„Aufmaß“ abhaken", "„Material bestellt“ abhaken", "„In der Werkstatt“ abhaken", "Termin eintragen",
        "Arbeit beginnen", "Als fertig melden", "Abnahme aufnehmen",
    ]  # fmt: skip

    phone.get_by_label("Bauwerk", exact=True).check()
    phone.get_by_label("Welcher Mangel?").fill("Kratzer an Tür 2")
    phone.get_by_role("button", name="Mangel hinzufügen").click()
    expect(phone.get_by_role("listitem").filter(has_text="Kratzer an Tür 2")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    declare = phone.get_by_role("button", name="Abnahme erklären")
    declare.click()
    expect(phone.get_by_role("alert")).to_contain_text("Bitte beantworten Sie, ob Rechte")  # nothing is preselected
    phone.get_by_label("Ja, vorbehalten").check()
    phone.get_by_label("Name des Kunden").fill("Sabine Brandt")  # the typed alternative to a drawn signature
    declare.click()
    expect(phone.get_by_text("Gewährleistung bis")).to_be_visible()
    decided = SignOff.objects.get()
    assert (decided.state, decided.reserves_defects) == ("accepted", True)
    assert (decided.customer_name, decided.customer_signature) == ("Sabine Brandt", "")

    phone.goto(order.get_absolute_url())
    press()
    expect(phone.get_by_role("button", name="Stellen und senden")).to_be_visible()
    press()
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    assert said[-2:] == ["Rechnung erstellen", "Stellen und senden"]
    expect(phone.get_by_role("button", name="Stellen und senden")).to_have_count(0)
    invoice = Invoice.objects.get()
    assert (invoice.state, invoice.order, invoice.send_to) == ("open", order, order.customer.email)


def test_the_office_looks_at_the_customers_page_without_counting_as_seen(page, jana, open_page, settings, live_server):
    """ODT2: two seconds in front of somebody count as seen, but not in front of the business."""
    settings.PUBLIC_BASE_URL = live_server.url
    order = make.make_order()
    link = make.link_to(order)

    def look(tab):
        with tab.expect_response("**/gesehen/") as answer:
            tab.clock.fast_forward(2500)
        assert answer.value.status == 204
        link.refresh_from_db()
        return link.seen_count

    page.context.clock.install()
    page.goto(order.get_absolute_url())
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="So sieht es der Kunde").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Wir haben Ihren Auftrag.")
    assert look(opened.value) == 0
    customer = open_page()
    customer.clock.install()
    customer.goto(f"/l/{access.token(link)}/")
    assert look(customer) == 1


def test_board_calendar_and_order_page_are_accessible_and_fit(jana, open_page):
    """G1, G2, and on a phone one column per view under its name (BRD5)."""
    order = make.make_order()
    orders.move(order, Order.State.SCHEDULED, by=jana, planned_on=timezone.localdate() - timedelta(days=3))
    for _ in range(4):
        orders.move(make.make_order(), Order.State.STARTED, by=jana)
    make.make_completed_order()
    page = open_page(jana)
    for address in (f"{order.pk}/", "?ansicht=kalender", ""):
        lights = [(1280, "light"), (390, "dark")]
        in_every_light(page, reverse("billing:order_list") + address, lights, height=600)
    page.goto(reverse("billing:order_list") + "#stufe-started")
    column = page.locator("section[data-state=started]")
    expect(column).to_be_in_viewport(ratio=0.5)
    board, box = page.locator(".board").bounding_box(), column.bounding_box()
    assert abs(box["x"] - board["x"]) < 2 and abs(box["width"] - board["width"]) < 2
    column.evaluate("each => { each.scrollTop = each.scrollHeight; }")
    assert column.evaluate("each => each.scrollTop") > 0
    name = column.get_by_role("heading", name="In Arbeit")
    assert abs(name.bounding_box()["y"] - column.bounding_box()["y"]) < 2
    following = page.locator("section[data-state=completed]")
    page.locator(".board").evaluate("each => each.scrollBy(each.clientWidth * 0.7, 0)")  # it goes the rest by itself
    expect(following).to_be_in_viewport(ratio=0.9)
    expect(column).not_to_be_in_viewport()
    expect(following.get_by_role("heading", name="Fertig")).to_be_in_viewport()


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

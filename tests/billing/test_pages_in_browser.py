"""What scripts add to the editor and the board (ux.md EDI1, EDI3, EDI4, EDI9, BRD1)."""

import re
import shutil

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect, sync_playwright

from accounts import current
from billing import orders
from billing.models import Order
from tests import make

pytestmark = pytest.mark.journey


@pytest.fixture
def jana(transactional_db, monkeypatch):
    monkeypatch.setattr("billing.documents.pdf.render_pdf", lambda document, **_: b"%PDF-1.7")
    with current.working_for(make.make_business()):
        yield make.make_member(name="Jana")


@pytest.fixture
def page(jana, live_server, monkeypatch):
    """The office at a desk, in a real browser."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright runs a loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(base_url=live_server.url, locale="de-DE", viewport={"width": 1280, "height": 900})
        session = make.signed_in(jana).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        yield page
        browser.close()


@pytest.fixture
def editor(page, jana):
    """The cupboard's quote in the editor."""
    quote = make.make_quote(by=jana)
    page.goto(reverse("billing:quote_edit", args=[quote.pk]))
    page.quote = quote
    return page


def items(page):
    return page.locator("[data-row]:has([data-last])")


def texts(page):
    return page.eval_on_selector_all("tr[data-r] textarea", "all => all.map((each) => each.value)")


def sum_is(page, words):
    expect(page.locator("[data-out=gross]")).to_have_text(re.compile(words.replace(" ", r"\s")))


def test_sums_follow_what_is_typed_and_are_those_that_are_saved(editor):
    sum_is(editor, "7.871,85 €")
    korpus = items(editor).nth(1)
    korpus.get_by_label("Menge").fill("5,5")
    sum_is(editor, "8.737,58 €")
    korpus.get_by_label("Menge").fill("5.5")
    sum_is(editor, "8.737,58 €")
    expect(editor.locator("[data-state]")).to_have_text("ungespeichert")
    editor.get_by_role("button", name="Speichern", exact=True).last.click()
    expect(editor.get_by_text("Gespeichert um")).to_be_visible()
    sum_is(editor, "8.737,58 €")
    editor.quote.refresh_from_db()
    assert str(editor.quote.gross) == "8737.58"


def test_another_version_is_preselected_by_its_radio(editor):
    editor.get_by_role("radio", name="vorausgewählt").nth(1).check()
    sum_is(editor, "7.538,65 €")
    assert editor.get_by_role("radio", name="vorausgewählt", checked=True).count() == 1


def test_tab_goes_text_quantity_unit_price_and_enter_adds_a_row(editor):
    first = items(editor).first
    first.get_by_label("Leistung").focus()
    walked = []
    for _ in range(3):
        editor.keyboard.press("Tab")
        walked.append(editor.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert walked == ["Menge", "Einheit", "Einzelpreis"]
    before = items(editor).count()
    items(editor).last.get_by_label("Einzelpreis").press("Enter")
    editor.keyboard.type("Neue Zeile")
    assert items(editor).count() == before + 1 and texts(editor)[-1] == "Neue Zeile"
    assert "/bearbeiten/" in editor.url  # Enter sent nothing


def test_rows_move_by_keyboard_and_by_menu(editor):
    start = texts(editor)
    items(editor).nth(2).get_by_label("Leistung").focus()
    editor.keyboard.press("Alt+ArrowUp")
    assert texts(editor)[1:3] == [start[2], start[1]]
    assert editor.evaluate("document.activeElement.value") == start[2]
    row = items(editor).nth(1)
    row.locator("summary").click()
    row.get_by_role("button", name="Nach unten").click()
    assert texts(editor) == start
    row = items(editor).nth(0)
    row.locator("summary").click()
    row.get_by_role("button", name="Entfernen").click()
    assert texts(editor) == start[1:]


def test_one_click_makes_an_alternative(editor):
    row = items(editor).nth(1)  # the cupboard's body, below the heading "Schrank"
    row.locator("summary").click()
    row.get_by_role("button", name="Alternative dazu").click()
    editor.keyboard.type("Korpus weiß")
    other = items(editor).nth(2)
    assert other.locator("[data-alternative]").input_value() == "Schrank"
    assert other.get_by_label("Menge").input_value() == "4"
    assert row.get_by_role("radio").is_checked() and not other.get_by_role("radio").is_checked()
    sum_is(editor, "7.871,85 €")  # what is not preselected is not in the sum


def test_the_catalogue_is_searched_while_typing(editor):
    make.make_catalogue_item("Montage vor Ort", "62", unit="HUR")
    editor.get_by_label("Aus dem Katalog").fill("mont")
    expect(editor.locator("[data-found] button")).to_have_count(1)
    editor.keyboard.press("Enter")
    assert texts(editor)[-1] == "Montage vor Ort"
    assert editor.evaluate("document.activeElement.getAttribute('aria-label')") == "Menge"


def test_leaving_with_unsaved_words_asks(editor):
    asked = []
    editor.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    items(editor).first.get_by_label("Leistung").fill("Anders")
    editor.goto(reverse("billing:quote_list"))
    assert asked == ["beforeunload"]


def test_a_card_is_dragged_or_moved_by_keyboard_and_asks_whom_to_tell(page, jana):
    order = make.make_order()
    orders.move(order, Order.State.SCHEDULED, by=jana, planned_on=timezone.localdate(), tell=False)
    page.goto(reverse("billing:order_list"))
    card = page.locator(f"#auftrag-{order.pk}")
    card.drag_to(page.locator("section[data-state=started]"))
    expect(card.get_by_role("button", name="Arbeit beginnen")).to_be_focused()
    page.keyboard.press("Escape")
    expect(card.get_by_role("button", name="Arbeit beginnen")).to_be_hidden()
    card.get_by_role("link").focus()
    page.keyboard.press("v")
    expect(card.get_by_role("button", name="Arbeit beginnen")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("section[data-state=started] .kc")).to_have_count(1)
    order.refresh_from_db()
    assert order.state == Order.State.STARTED

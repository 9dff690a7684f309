"""The quote editor in a real browser: what its script adds to a form that works without (ux.md EDI1 to EDI10)."""

import re
import threading

import pytest
from django.core.signals import request_finished, request_started
from django.urls import reverse
from playwright.sync_api import expect

from accounts import current
from billing import building_blocks, quotes
from billing.models import Quote
from tests import make

pytestmark = pytest.mark.journey
SAVED = re.compile(r"^gesichert um \d\d:\d\d$")


@pytest.fixture
def jana(transactional_db):
    with current.working_for(make.make_business()):
        yield make.make_member(name="Jana")


class Serving:
    """The requests the server is at work on, also those whose browser no longer waits."""

    def __init__(self):
        self.count, self.changed = 0, threading.Condition()
        request_started.connect(self.begin)
        request_finished.connect(self.end)

    def begin(self, **_):
        self.add(1)

    def end(self, **_):
        self.add(-1)

    def add(self, n):
        with self.changed:
            self.count += n
            self.changed.notify_all()

    def wait(self):
        with self.changed:
            assert self.changed.wait_for(lambda: self.count == 0, timeout=15)


@pytest.fixture
def page(jana, open_page):
    """The office at a desk."""
    page, serving = open_page(jana, viewport={"width": 1280, "height": 900}), Serving()
    page.asked, page.serving = set(), serving
    page.on("request", lambda request: page.asked.add(request))
    page.on("requestfinished", lambda request: page.asked.discard(request))
    page.on("requestfailed", lambda request: page.asked.discard(request))
    yield page
    page.context.close()
    serving.wait()


def quiet(page):
    """Wait until the server has answered everything: a database in memory has one writer and no patience."""
    while page.asked:
        page.wait_for_timeout(20)
    page.serving.wait()


@pytest.fixture
def editor(page, jana):
    """The cupboard's quote in the editor."""
    page.quote = make.make_quote(by=jana)
    page.goto(edit(page.quote))
    return page


def edit(quote):
    return reverse("billing:quote_edit", args=[quote.pk])


def items(page):
    return page.locator("[data-row=item]")


def texts(page):
    return page.eval_on_selector_all("[data-row] [name$=-text]", "all => all.map((each) => each.value)")


def sum_is(page, words):
    expect(page.locator("[data-out=gross]")).to_have_text(re.compile(words.replace(" ", r"\s")))


def state_is(page, words):
    expect(page.locator("[data-state]:not(.busy)")).to_have_text(words)


def stored(page):
    quiet(page)
    page.quote.refresh_from_db()
    return page.quote


def unfold(row):
    row.locator("summary").click()
    return row.locator(".fields").first


def test_sums_follow_and_are_those_that_save_themselves(editor):
    sum_is(editor, "7.871,85 €")
    korpus = items(editor).nth(1)
    korpus.get_by_label("Menge").fill("5,5")
    sum_is(editor, "8.737,58 €")
    state_is(editor, SAVED)
    assert str(stored(editor).gross) == "8737.58"
    subtotal = editor.locator("[data-row=section]").nth(1).locator("[data-sum]")
    expect(subtotal).to_have_text(re.compile(r"3\.845,50\s€"))
    editor.get_by_label("Preise").select_option("gross")
    sum_is(editor, "7.342,50 €")
    expect(editor.get_by_role("columnheader", name="Einzel brutto")).to_be_visible()
    korpus.get_by_label("Menge").fill("5.5")
    editor.get_by_label("Rabatt auf alles %").fill("-10")
    sum_is(editor, "8.076,75 €")
    state_is(editor, SAVED)
    editor.reload()
    sum_is(editor, "8.076,75 €")
    assert (stored(editor).mode, str(editor.quote.gross)) == ("gross", "8076.75")


def test_what_is_wrong_is_named_waits_and_the_rest_is_saved(editor):
    items(editor).nth(1).get_by_label("Menge").fill("zwei")
    state_is(editor, "noch nicht gesichert: Menge in Zeile 4")
    expect(editor.get_by_text("Bitte geben Sie eine Zahl ein, zum Beispiel 12,5.")).to_be_visible()
    with editor.expect_response(re.compile(r"/sichern/")):
        editor.locator("#id_title").fill("Schrank im Flur")
    state_is(editor, "noch nicht gesichert: Menge in Zeile 4")
    assert (stored(editor).title, str(editor.quote.gross)) == ("Schrank im Flur", "7871.85")
    editor.on("dialog", lambda dialog: dialog.accept())
    editor.goto(edit(editor.quote))
    assert items(editor).nth(1).get_by_label("Menge").input_value() == "4"
    editor.get_by_role("button", name="Wiederherstellen").click()
    expect(items(editor).nth(1).get_by_label("Menge")).to_have_value("zwei")
    items(editor).nth(1).get_by_label("Menge").fill("2")
    state_is(editor, SAVED)
    assert stored(editor).lines.get(text__startswith="Schrankkorpus").quantity == 2
    editor.reload()
    expect(editor.get_by_role("button", name="Wiederherstellen")).to_be_hidden()


def test_somebody_elses_save_is_named_and_mine_can_be_kept(editor):
    quotes.change(editor.quote, by=make.make_member(name="Lotte Weber"), title="Von Lotte")
    items(editor).first.get_by_label("Leistung").fill("Von Jana")
    expect(editor.get_by_role("alert")).to_contain_text(
        re.compile(r"Lotte Weber hat dieses Angebot um \d\d:\d\d geändert\.")
    )
    editor.get_by_role("button", name="Meine Fassung behalten").click()
    state_is(editor, SAVED)
    assert stored(editor).title == "Einbauschrank im Flur"
    assert editor.quote.lines.filter(text="Von Jana").exists()


def test_without_network_everything_stays_and_is_saved_later(editor):
    editor.context.set_offline(True)
    items(editor).first.get_by_label("Leistung").fill("Offline")
    state_is(editor, re.compile(r"^Kein Netz\."))
    editor.context.set_offline(False)
    state_is(editor, SAVED)
    assert stored(editor).lines.filter(text="Offline").exists()


def test_leaving_at_once_loses_nothing(editor):
    items(editor).first.get_by_label("Leistung").fill("Gerade noch")
    editor.goto(reverse("billing:quote_list"))
    editor.goto(edit(editor.quote))
    # sent off while leaving; should that not have arrived yet, the copy on the device is offered
    if items(editor).first.get_by_label("Leistung").input_value() != "Gerade noch":
        editor.get_by_role("button", name="Wiederherstellen").click()
    expect(items(editor).first.get_by_label("Leistung")).to_have_value("Gerade noch")


def test_tab_goes_text_quantity_unit_price_and_enter_adds_a_row(editor):
    items(editor).first.get_by_label("Leistung").focus()
    walked = []
    for _ in range(3):
        editor.keyboard.press("Tab")
        walked.append(editor.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert walked == ["Menge", "Einheit", "Einzelpreis"]
    before = items(editor).count()
    items(editor).last.get_by_label("Einzelpreis").press("Enter")
    editor.keyboard.type("Neue Zeile")
    assert items(editor).count() == before + 1 and texts(editor)[-1] == "Neue Zeile"
    state_is(editor, "noch nicht gesichert: Einzelpreis in Zeile 18")
    items(editor).last.get_by_label("Einzelpreis").fill("9,99")
    state_is(editor, SAVED)
    assert stored(editor).lines.last().text == "Neue Zeile"


def test_the_catalogue_is_searched_in_the_row_itself(editor):
    make.make_catalogue_item("Montage vor Ort", "62", unit="HUR", purchase_price=30, cost_kind="labour",
                             cost_split={"labour": "50", "travel": "12"}, description="Zwei Personen")  # fmt: skip
    text = items(editor).nth(1).get_by_label("Leistung")
    text.fill("vor mont")
    expect(editor.get_by_role("listbox").get_by_role("option")).to_have_count(1)
    assert text.get_attribute("aria-expanded") == "true"
    text.press("ArrowDown")
    text.press("Enter")
    assert editor.evaluate("document.activeElement.getAttribute('aria-label')") == "Menge"
    state_is(editor, SAVED)
    row = stored(editor).lines.get(text="Montage vor Ort")
    assert (row.quantity, row.unit, row.unit_price, row.purchase_price, row.cost_kind, row.cost_split, row.description) == (
        4, "HUR", 62, 30, "labour", {"labour": "50", "travel": "12"}, "Zwei Personen",
    )  # fmt: skip
    text.fill("mont")
    expect(editor.get_by_role("listbox")).to_be_visible()
    text.press("Escape")
    expect(editor.get_by_role("listbox")).to_be_hidden()
    editor.get_by_label("Aus dem Katalog").fill("mont")
    expect(editor.get_by_role("listbox").get_by_role("option")).to_have_count(1)
    editor.keyboard.press("Enter")
    assert texts(editor)[-1] == "Montage vor Ort"


def test_rows_and_titles_move_by_keys_menu_and_mouse_and_come_back(editor):
    start = texts(editor)
    items(editor).nth(2).get_by_label("Leistung").focus()
    editor.keyboard.press("Alt+ArrowUp")
    assert texts(editor)[3:5] == [start[4], start[3]]
    assert editor.evaluate("document.activeElement.value") == start[4]
    unfold(items(editor).nth(1)).get_by_role("button", name="Nach unten").click()
    assert texts(editor) == start
    editor.locator("[data-row=section] [name$=-text]").nth(1).focus()  # "Schrank" with three rows
    editor.keyboard.press("Alt+ArrowUp")
    moved = start[2:6] + start[:2] + start[6:]
    assert texts(editor) == moved
    editor.set_viewport_size({"width": 1280, "height": 2000})  # or the page scrolls along
    grip, goal = editor.locator("[data-row=section] [data-grip]").nth(0), editor.locator("[data-row=section]").nth(2)
    grip.hover()
    editor.mouse.down()
    box = goal.bounding_box()
    editor.mouse.move(box["x"] + 20, box["y"] - 30, steps=8)
    editor.mouse.up()
    assert texts(editor) == start
    state_is(editor, SAVED)
    unfold(items(editor).first).get_by_role("button", name="Entfernen").click()
    assert texts(editor) == start[:1] + start[2:]
    editor.get_by_role("button", name="Rückgängig").click()
    assert texts(editor) == start
    state_is(editor, SAVED)
    assert [row.text for row in stored(editor).lines.all()] == start


def test_a_choice_is_made_in_few_clicks(editor):
    editor.get_by_role("radio", name="vorausgewählt").nth(1).check()
    sum_is(editor, "7.538,65 €")
    assert editor.get_by_role("radio", name="vorausgewählt", checked=True).count() == 1
    row = items(editor).nth(1)  # the cupboard's body, below the title "Schrank"
    unfold(row).get_by_role("button", name="Alternative dazu").click()
    editor.keyboard.type("Korpus weiß")
    other = items(editor).nth(2)
    assert other.get_by_label("Menge").input_value() == "4"
    other.get_by_label("Einzelpreis").fill("500")
    assert row.get_by_role("radio").is_checked() and not other.get_by_role("radio").is_checked()
    sum_is(editor, "7.538,65 €")  # what is not preselected is not in the sum
    shelves = items(editor).nth(4)
    folded = unfold(shelves)
    expect(folded.get_by_label("Kunde wählt die Menge bis")).to_be_hidden()
    folded.locator("[name$=-choice]").select_option("optional")
    folded.get_by_label("Kunde wählt die Menge bis").fill("8")
    folded.get_by_label("Gruppe der Extras").fill("Innen")
    expect(shelves.locator("summary")).to_contain_text("Innen: auf Wunsch, 0 bis 8")
    expect(shelves.get_by_label("Menge", exact=True)).to_have_value("1")
    title = editor.locator("[data-row=section]").last
    unfold(title).locator("[name$=-choice]").select_option("optional")
    state_is(editor, SAVED)
    lines = stored(editor).lines
    assert lines.get(text="Korpus weiß").alternative_set == "Schrank"
    row = lines.get(text="Einlegeböden")
    assert (row.max_quantity, row.option_group, row.quantity) == (8, "Innen", 1)
    assert lines.get(text="Auf Wunsch").is_optional
    # rows below a title that can be chosen cannot be chosen themselves: said while writing
    expect(editor.locator("[data-problems]")).to_contain_text("„Auf Wunsch“ kann der Kunde als Ganzes wählen.")


def test_a_template_is_with_the_customer_after_four_clicks(page, jana):
    building_blocks.save_as_template(make.make_quote(by=jana), name="Einbauschrank")
    make.make_customer("Osterloh", by=jana)
    clicks = 0

    def click(role, name):
        nonlocal clicks
        page.get_by_role(role, name=name, exact=True).click()
        clicks += 1

    page.goto(reverse("billing:quote_list"))
    click("link", "Neues Angebot")
    expect(page.get_by_label("Kunde suchen")).to_be_focused()
    page.keyboard.type("ost")
    page.keyboard.press("Enter")
    click("button", "Vorlage verwenden: Einbauschrank")
    items(page).nth(1).get_by_label("Menge").fill("5")
    click("button", "Senden")
    click("button", "Jetzt senden")
    expect(page.get_by_text("Angebot gesendet an")).to_be_visible()
    quote = Quote.objects.get(customer__last_name="Osterloh")
    assert (clicks, quote.state, str(quote.gross)) == (4, "sent", "8449.00")


@pytest.mark.parametrize(("width", "height"), [(390, 844), (820, 1180)])
def test_a_phone_shows_each_line_in_two_rows_and_nothing_scrolls_sideways(editor, width, height):
    editor.set_viewport_size({"width": width, "height": height})
    unfold(items(editor).nth(5))
    assert editor.evaluate("document.documentElement.scrollWidth") == width
    row = items(editor).first
    tops = [row.get_by_label(name).bounding_box()["y"] for name in ("Leistung", "Menge", "Einheit", "Einzelpreis")]
    assert len({round(top / 8) for top in tops}) == (2 if width == 390 else 1)

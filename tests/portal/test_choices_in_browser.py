"""Choosing on the quote's page, as a customer does it with thumb, mouse or keyboard (ANG2, ANG3, ANG7, ANG11, FRA3)."""

import re
from itertools import product

import pytest
from playwright.sync_api import expect

from accounts import current
from crm import access, attachments
from crm.models import Message
from tests import make
from tests.looks import NOTHING_GLIDES, violations

pytestmark = pytest.mark.journey
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def link(transactional_db):
    """The terrace: two titles with pictures, extras with and without a number, an optional title."""
    with current.working_for(make.make_business()):
        customer = make.make_customer()
        pictures = []
        for colour in ("#b08d5b", "#6d4c33"):
            content = make.picture((900, 600), colour=colour)
            pictures.append(attachments.add(customer, make.upload(content), is_told=False))
            attachments.make_preview(pictures[-1].pk)
        yield make.link_to(make.make_sent_quote(customer, title="Terrasse", lines=make.terrace_lines(*pictures)))


@pytest.fixture
def visit(open_page, link):
    """Open the quote in a browser of that kind; what the page complains about fails the test."""

    def open_quote(**options):
        page = open_page(**options)
        page.goto(f"/l/{access.token(link)}/")
        page.get_by_role("heading", level=1).wait_for()
        return page

    return open_quote


def plain(text):
    return text.replace("\xa0", " ").strip()


def total(page):
    return plain(page.locator("[data-out=total]:visible").inner_text())


def total_is(page, words):
    expect(page.locator("[data-out=total]:visible")).to_have_text(re.compile(re.escape(words).replace(r"\ ", r"\s")))


def card(page, text):
    return page.locator(".pick", has=page.get_by_text(text, exact=True).first)


def picked(page, text):
    return page.get_by_role("radio", name=re.compile(f"^{text}"))


def test_another_title_changes_sum_cards_and_picture_at_once_and_is_announced(visit):
    page = visit(**PHONE)
    total_is(page, "4.331,60 €")
    page.evaluate("() => { window.fetch = () => new Promise(() => {}) }")  # what the page knows without asking
    picked(page, "Dielen Thermoesche").check()
    within = page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => done("
        "document.querySelector('.bar [data-out=total]').textContent)))"
    )
    assert plain(within) == "5.062,26 €"
    assert plain(card(page, "Dielen Thermoesche").locator("[data-price]").inner_text()) == "im Preis"
    assert plain(card(page, "Dielen Lärche").locator("[data-price]").inner_text()) == "− 730,66 €"
    expect(page.locator(".hero figcaption")).to_have_text("Dielen Thermoesche")
    assert page.locator(".hero img").get_attribute("alt") == "Belag: Dielen Thermoesche"
    wish = page.get_by_role("link", name="Ich hätte es gern anders").get_attribute("href")
    assert "wahl-2=3" in wish  # what is said instead begins with what was chosen
    page.reload()  # the address holds the choice, and now the server is asked
    total_is(page, "5.062,26 €")
    picked(page, "Dielen Lärche").check()
    expect(page.locator("[role=status]")).to_have_text(re.compile(r"Gesamtpreis inkl\. MwSt\.: 4\.331,60"))


def test_a_number_is_stepped_and_stops_at_both_ends(visit):
    page = visit(**PHONE)
    spots = card(page, "Bodenspot LED")
    more = page.get_by_role("button", name="Bodenspot LED: eins mehr")
    less = page.get_by_role("button", name="Bodenspot LED: eins weniger")
    assert less.get_attribute("aria-disabled") == "true"
    for _ in range(3):
        more.tap()
    expect(page.get_by_label("Bodenspot LED", exact=True)).to_have_value("3")
    total_is(page, "4.509,74 €")
    expect(spots.locator("[data-price]")).to_have_text(re.compile(r"\+\s178,14\s€"))
    expect(spots.locator("[data-each]")).to_have_text(re.compile(r"je\s59,38\s€"))
    page.get_by_label("Bodenspot LED", exact=True).fill("12")
    expect(page.get_by_label("Bodenspot LED", exact=True)).to_have_value("8")
    assert more.get_attribute("aria-disabled") == "true"
    for _ in range(8):
        less.tap()
    expect(page.get_by_label("Bodenspot LED", exact=True)).to_have_value("0")
    total_is(page, "4.331,60 €")
    expect(spots.locator("[data-price]")).to_have_text("")


def test_what_is_shown_is_what_the_server_works_out(visit, link):
    page = visit(viewport={"width": 1280, "height": 800})
    for belag, spots, fence in product(("Dielen Lärche", "Dielen Thermoesche"), (0, 5), (False, True)):
        picked(page, belag).check()
        page.get_by_label("Bodenspot LED", exact=True).fill(str(spots))
        page.get_by_role("checkbox", name=re.compile("^Sichtschutz")).set_checked(fence)
        expect(page.locator("body.asking")).to_have_count(0)
        posted = page.evaluate(
            "async () => (await fetch(document.querySelector('[data-live]').dataset.live + location.search)).json()"
        )
        assert total(page) == plain(posted["total"])


def test_all_of_it_works_with_the_keyboard_alone(visit):
    page = visit(viewport={"width": 1280, "height": 800})
    picked(page, "Dielen Lärche").focus()
    page.keyboard.press("ArrowDown")
    assert picked(page, "Dielen Thermoesche").is_checked()
    page.keyboard.press("Tab")  # the question about it, or what is in it
    seen = [page.evaluate("document.activeElement.textContent.trim().slice(0, 10)")]
    while not page.evaluate("document.activeElement.matches('input[type=number]')") and len(seen) < 12:
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.textContent.trim().slice(0, 10)"))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")  # stays here
    expect(page.get_by_label("Bodenspot LED", exact=True)).to_have_value("2")
    page.get_by_role("checkbox", name=re.compile("^Sichtschutz")).focus()
    page.keyboard.press("Space")
    total_is(page, "6.385,30 €")
    page.get_by_role("button", name="Prüfen und beauftragen").locator("visible=true").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/pruefen/"))
    assert "Dielen Thermoesche" in page.inner_text(".card.lift")
    page.get_by_role("link", name=re.compile("^Ändern.*Belag")).click()
    assert picked(page, "Dielen Thermoesche").is_checked()
    assert page.get_by_label("Bodenspot LED", exact=True).input_value() == "2"


def test_nothing_is_wider_than_the_screen_and_the_bar_stays(visit):
    page = visit(viewport={"width": 1280, "height": 844})
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true })")
    page.get_by_label("Bodenspot LED", exact=True).fill("8")
    expect(page.locator("body.asking")).to_have_count(0)
    longest = (
        "document.querySelectorAll('[data-out=total]').forEach((each) => { each.textContent = '99.999,99\u00a0€' })"
    )
    page.evaluate(longest)
    for width in (1280, 390, 360, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        bar = page.locator(".bar" if width < 960 else ".p-side .card")
        for share in (0, 0.5, 1):
            page.evaluate(f"scrollTo(0, document.body.scrollHeight * {share})")
            expect(bar).to_be_in_viewport()
        box = page.locator("[data-out=total]:visible").bounding_box()
        assert box["height"] < 45 and box["x"] + box["width"] <= width


def test_the_cards_are_accessible_opened_and_chosen(visit):
    page = visit(**PHONE)
    page.get_by_label("Bodenspot LED", exact=True).fill("3")
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true })")
    expect(page.locator("body.asking")).to_have_count(0)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(NOTHING_GLIDES)
        assert (scheme, violations(page)) == (scheme, [])


def test_without_script_title_option_and_number_are_chosen_and_priced(visit):
    page = visit(java_script_enabled=False, viewport={"width": 390, "height": 844})
    expect(page.get_by_role("button", name="eins mehr")).to_have_count(0)
    picked(page, "Dielen Thermoesche").check()
    page.get_by_role("checkbox", name=re.compile("^Trafo")).check()
    page.get_by_label("Bodenspot LED", exact=True).fill("4")
    page.get_by_role("button", name="Preis neu berechnen").click()
    assert total(page) == "5.452,10 €"
    assert picked(page, "Dielen Thermoesche").is_checked()
    assert page.get_by_label("Bodenspot LED", exact=True).input_value() == "4"
    card(page, "Trafo und Dimmer").get_by_role("link", name="Frage dazu").click()
    assert total(page) == "5.452,10 €"  # the choice is kept
    page.get_by_label("Ihre Nachricht").fill("Reicht einer?")
    page.get_by_role("button", name="Nachricht senden").click()
    expect(page.locator(".msg")).to_contain_text(re.compile(r"Zu Position 4\.2 Trafo und Dimmer\s*Reicht einer\?"))
    assert total(page) == "5.452,10 €"


def test_a_question_about_a_row_keeps_choice_words_and_row_until_it_is_sent(visit):
    page = visit(**PHONE)
    picked(page, "Dielen Thermoesche").check()
    card(page, "Bodenspot LED").get_by_role("link", name="Frage dazu").tap()
    expect(page.get_by_label("Ihre Nachricht")).to_be_focused()
    page.keyboard.type("Sind die hell genug?")
    page.reload()
    assert page.get_by_label("Ihre Nachricht").input_value() == "Sind die hell genug?"
    expect(page.locator("[data-about]")).to_contain_text("Zu Position 4.1 Bodenspot LED")
    page.get_by_role("link", name="Bezug entfernen").tap()
    expect(page.locator("[data-about]")).to_be_hidden()
    card(page, "Bodenspot LED").get_by_role("link", name="Frage dazu").tap()
    page.get_by_role("button", name="Nachricht senden").tap()
    expect(page.locator(".msg")).to_contain_text("Zu Position 4.1 Bodenspot LED")
    assert page.get_by_label("Ihre Nachricht").input_value() == ""
    assert picked(page, "Dielen Thermoesche").is_checked()
    message = Message.unscoped.get()
    assert (message.position, message.text) == ("4.1", "Sind die hell genug?")


def test_while_the_server_is_out_of_reach_the_sum_says_that_it_is_a_guess(visit):
    page = visit(**PHONE)
    page.context.set_offline(True)
    picked(page, "Dielen Thermoesche").check()
    total_is(page, "≈ 5.062,26 €")

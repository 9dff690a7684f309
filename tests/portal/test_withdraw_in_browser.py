"""The withdrawal function of § 356a BGB in Chromium (WID1 to WID5): from every page, with the keyboard, without script."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail as outbox
from django.urls import get_resolver
from django.utils import timezone
from playwright.sync_api import expect

from accounts import current, formats
from billing import orders
from billing.models import Order, Withdrawal
from crm import access, mail
from crm.models import AccessLink, Mail
from tests import make
from tests.journeys.product import DESK, PHONE
from tests.portal.keys import Keys

pytestmark = pytest.mark.journey

LABEL, CONFIRM = "Vertrag widerrufen", "Widerruf bestätigen"
PUBLIC = ("impressum", "datenschutz", "barrierefreiheit", "kundencenter", "anfrage", "widerruf")
# of each address that is a page: where it led, its headline, and where the label in its footer leads
LOOK = """(addresses) => Promise.all(addresses.map(async (address) => {
  const answer = await fetch(address);
  if (!answer.headers.get('content-type').startsWith('text/html') || [404, 405].includes(answer.status)) return null;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const ways = [...page.querySelectorAll('footer a')].filter((each) => each.textContent === 'Vertrag widerrufen');
  return [new URL(answer.url).pathname, page.querySelector('h1').textContent, ways.map((each) => each.getAttribute('href'))];
})).then((found) => found.filter(Boolean))"""


@pytest.fixture
def business(transactional_db):
    with current.working_for(make.make_business(takes_requests=True)) as here:
        yield here


@pytest.fixture
def order(business):
    """An order of today, to be withdrawn from for a fortnight."""
    return make.make_order(email="sabine@brandt.example", feedback_notice=True)


def door(link):
    return f"/l/{access.token(link)}/"


def pages_of(link):
    """What may stand behind "/k/<id>/" without another id, by the patterns of the addresses; files and buttons aside."""
    starts = "k/<str:public_id>/"
    patterns = [each for app in get_resolver().url_patterns for each in getattr(app, "url_patterns", [])]
    looked_at = [str(each.pattern) for each in patterns if "GET" in getattr(each.callback, "link_methods", ())]
    return [
        f"/k/{link.public_id}/{route.removeprefix(starts)}"
        for route in looked_at
        if route.startswith(starts) and route.count("<") == 1 and route.endswith("/")
    ]


def receipt(page):
    """What was declared and when, as page and mail say (WID3)."""
    withdrawal = Withdrawal.objects.get()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Widerruf ist eingegangen.")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    row = Mail.objects.get(kind="billing/mail/withdrawal_received")
    assert mail.deliver(row.pk)
    sent = outbox.outbox[-1]
    assert sent.to == ["sabine@brandt.example"]
    for text in (page.locator("main").inner_text(), sent.body):
        for words in (withdrawal.declaration, "Sabine Brandt", formats.moment_long(withdrawal.received_at)):
            assert words.replace("\xa0", " ") in text.replace("\xa0", " ")
    return withdrawal, row


def test_wid1_every_customer_page_and_every_public_one_lead_there_in_one_tap(open_page, business, order):
    """WID1. Without the gate's answer, and from the page of all documents, it is the firm's public address."""
    orders.move(order, Order.State.COMPLETED, by=None)
    links = [make.link_to(each) for each in (order.quote, order, make.make_open_invoice(order), make.make_asked(order))]
    links.append(make.link_to(make.make_sent_quote()))  # not decided
    gated, expired = make.link_to(make.make_sent_quote()), make.link_to(make.make_sent_quote())
    browser, center = make.in_center(order.customer)
    for link in (*links, gated):
        make.let_in(link, browser)
    AccessLink.objects.filter(pk=gated.pk).update(asks_postcode=True)
    AccessLink.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    page = open_page(**PHONE)
    page.goto(f"/impressum/{business.slug}/")
    for each in browser.cookies.values():
        page.context.add_cookies([{"name": each.key, "value": each.value, "domain": "localhost", "path": each["path"]}])

    openly = f"/widerruf/{business.slug}/"
    seen = set()
    for link in (*links, center, gated):
        start = f"/k/{link.public_id}/"
        for path, title, ways in page.evaluate(LOOK, [start] if link == gated else pages_of(link)):
            if not path.startswith(start):  # to the page of all documents, which has its turn
                continue
            assert ways == [openly if link in (center, gated) else f"{start}widerruf/"], path
            assert path != ways[0] or title in (LABEL, "Sie haben noch nichts beauftragt.")
            seen.add(path.removeprefix(start))
    assert seen >= {
        "angebot/", "beauftragt/", "pruefen/", "ablehnen/", "wunsch/", "auftrag/", "rechnung/", "meinung/", "unterlagen/",
        "meine-daten/", "anfrage/", "nachrichten/", "plz/", "widerruf/", "widerrufsbelehrung/", "informationen/",
    }  # fmt: skip
    public = page.evaluate(LOOK, [door(expired), *(f"/{name}/{business.slug}/" for name in PUBLIC)])
    assert [ways for _path, _title, ways in public] == [[openly]] * (1 + len(PUBLIC))


def test_wid1_wid3_from_the_firms_public_address_the_fields_are_empty_and_number_and_address_suffice(
    open_page, business, order
):
    """WID1, WID3, WID4."""
    page = open_page(**PHONE, java_script_enabled=False)
    page.goto(f"/impressum/{business.slug}/")
    page.get_by_role("link", name=LABEL, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(LABEL)
    fields = page.locator("main").get_by_role("textbox")
    assert [each.input_value() for each in fields.all()] == ["", "", "", ""]
    page.get_by_label("Auftrags- oder Angebotsnummer").fill(order.number)
    page.get_by_label("Ihr Name").fill("Sabine Brandt")
    page.get_by_label("E-Mail für die Eingangsbestätigung").fill("sabine@brandt.example")
    page.get_by_role("button", name=CONFIRM, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Widerruf ist eingegangen.")
    withdrawal = Withdrawal.objects.get()
    shown = page.locator("main").inner_text().replace("\xa0", " ")
    for words in (order.number, "Sabine Brandt", formats.moment_long(withdrawal.received_at).replace("\xa0", " ")):
        assert words in shown
    order.refresh_from_db()
    assert (withdrawal.order, order.state) == (order, "withdrawn")
    assert Mail.objects.get(kind="billing/mail/withdrawal_received").to == "sabine@brandt.example"


@pytest.mark.parametrize("script", [True, False])
def test_wid_2_3_4_two_steps_with_the_keyboard_alone_also_without_script(open_page, order, woken, script):
    """WID2, WID3, WID4."""
    page = open_page(**DESK, java_script_enabled=script)
    keys = Keys(page)
    page.goto(door(make.link_to(order)))
    # nothing between the two labels has to be typed, and nobody asks why
    keys.go(page.get_by_role("link", name=LABEL, exact=True), "/widerruf/$")
    form = page.locator("main form")
    expect(form.get_by_role("button")).to_have_text([CONFIRM])
    asked = form.locator("input:not([type=hidden]), select, textarea")
    assert [(each.get_attribute("name"), each.input_value()) for each in asked.all()] == [
        ("name", "Sabine Brandt"), ("email", "sabine@brandt.example"), ("part", ""),
    ]  # fmt: skip
    keys.to(form.get_by_role("button"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    withdrawal, row = receipt(page)
    order.refresh_from_db()
    assert (withdrawal.order, withdrawal.is_late, order.state) == (order, False, "withdrawn")
    assert ("crm.tasks.deliver", row.pk) in woken  # leaves at once


def test_wid5_after_the_period_it_is_taken_marked_late_and_answered_by_a_person(open_page, business):
    """WID5, WID3."""
    with time_machine.travel(timezone.now() - timedelta(days=30)):
        order = make.make_order(email="sabine@brandt.example")
    until = formats.day(order.quote.acceptance.withdrawal_until)
    page = open_page(**PHONE)
    page.goto(door(make.link_to(order)))
    page.get_by_role("link", name=LABEL, exact=True).click()
    expect(page.get_by_text(f"Die Frist ist am {until} abgelaufen. Sie können trotzdem widerrufen")).to_be_visible()
    page.get_by_role("button", name=CONFIRM, exact=True).click()
    sentence = f"Die Frist ist am {until} abgelaufen. Wir prüfen Ihren Widerruf und melden uns."
    expect(page.get_by_text(sentence)).to_be_visible()
    withdrawal, _row = receipt(page)
    order.refresh_from_db()
    assert (withdrawal.is_late, order.state) == (True, "placed")

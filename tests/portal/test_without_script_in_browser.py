"""The main journey with script switched off (G3), and what the database says after each step: view, choose, accept,
follow, pay, say how it was; decline; withdraw.
"""

import io
import re
from decimal import Decimal

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from accounts import current
from billing import orders
from billing.models import Order, Withdrawal
from crm import access
from crm.models import AccessLink
from feedback.models import FeedbackAnswer
from tests import make
from tests.journeys.product import PHONE

pytestmark = pytest.mark.journey


@pytest.fixture
def phone(open_page, transactional_db):
    """A phone on which no script runs."""
    with current.working_for(make.make_business()):
        yield open_page(**PHONE, java_script_enabled=False)


def visit(phone, document):
    """Open the newest link to it."""
    phone.goto(f"/l/{access.token(make.link_to(document))}/")


def reads(phone, headline):
    expect(phone.get_by_role("heading", level=1)).to_have_text(headline)


def press(phone, button):
    phone.get_by_role("button", name=button, exact=True).click()


def euro(amount):
    return re.compile(re.escape(amount) + r"\s€")


def test_from_the_quote_to_the_payment_and_what_one_thinks_of_it(phone):
    quote = make.make_sent_quote(title="Terrasse", lines=make.terrace_lines())
    _choose(phone, quote)
    order = _accept(phone, quote)
    _follow(phone, order)
    _pay(phone, make.make_open_invoice(order))
    _answer(phone, order)


def _choose(phone, quote):
    visit(phone, quote)
    reads(phone, "Terrasse")
    total = phone.locator(".bar output")
    expect(total).to_have_text(euro("4.331,60"))
    phone.get_by_role("radio", name=re.compile("^Dielen Thermoesche")).check()
    phone.get_by_role("checkbox", name=re.compile("^Sichtschutz")).check()
    phone.get_by_label("Bodenspot LED", exact=True).fill("2")
    expect(total).to_have_text(euro("4.331,60"))  # nobody works it out before the button is pressed
    press(phone, "Preis neu berechnen")
    expect(total).to_have_text(euro("6.385,30"))
    # looking and working out leave no trace
    quote.refresh_from_db()
    assert (quote.state, Order.objects.count()) == ("sent", 0)
    assert list(AccessLink.objects.values_list("seen_count", flat=True)) == [0]


def _accept(phone, quote):
    press(phone, "Prüfen und beauftragen")
    reads(phone, "Prüfen und beauftragen")
    expect(phone.locator(".card.lift .price")).to_have_text(euro("6.385,30"))
    phone.get_by_label("Ihr Name").fill("Sabine Brandt")
    press(phone, "Zahlungspflichtig bestellen")
    reads(phone, "Danke, Sabine Brandt. Wir freuen uns.")
    order = Order.objects.get()
    quote.refresh_from_db()
    assert (order.quote, order.gross, order.state) == (quote, Decimal("6385.30"), "placed")
    said = quote.acceptance
    assert (quote.state, said.name, said.email, said.channel) == (
        "accepted", "Sabine Brandt", quote.customer.email, "portal",
    )  # fmt: skip
    rows = [(line.text, line.quantity) for line in order.lines.all()]
    assert ("Bodenspot LED", 2) in rows and "Dielen Lärche, 26 × 145 mm" not in dict(rows)
    return order


def _follow(phone, order):
    phone.get_by_role("link", name="Stand des Auftrags ansehen").click()
    reads(phone, "Wir haben Ihren Auftrag.")
    expect(phone.locator("[aria-current=step]")).to_have_count(1)
    orders.move(order, Order.State.COMPLETED, by=None)
    phone.reload()
    reads(phone, "Ihr Auftrag ist fertig.")


def _pay(phone, invoice):
    visit(phone, invoice)
    reads(phone, euro("6.385,30"))
    purpose = f"{invoice.number} KD {invoice.customer.number}"
    shown = [each.replace("\xa0", " ") for each in phone.locator(".copy b").all_inner_texts()]
    assert shown == ["Jana Haselbach", "DE89 3704 0044 0532 0130 00", "6.385,30 €", purpose]
    expect(phone.get_by_role("button", name="Kopieren")).to_have_count(0)  # it would do nothing
    code = phone.get_by_role("img", name="GiroCode")
    seen = zxingcpp.read_barcode(Image.open(io.BytesIO(code.screenshot())))
    assert seen.text.split("\n")[5:8] == ["Jana Haselbach", "DE89370400440532013000", "EUR6385.30"]
    assert seen.text.split("\n")[-1] == purpose
    with phone.expect_download() as download:  # a phone cannot scan its own screen
        phone.get_by_role("link", name="QR-Code als Bild sichern").click()
    assert zxingcpp.read_barcode(Image.open(download.value.path())).text == seen.text
    invoice.refresh_from_db()
    assert (invoice.state, invoice.open_amount) == ("open", Decimal("6385.30"))


def _answer(phone, order):
    visit(phone, make.make_asked(order))
    reads(phone, "Wie war es mit uns?")
    press(phone, "Antworten senden")
    phone.get_by_role("alert").get_by_role("link", name="Bitte beantworten Sie mindestens eine Frage.").click()
    score = phone.get_by_role("group", name="Würden Sie uns Freunden oder Nachbarn empfehlen?")
    expect(score.get_by_role("radio").first).to_be_focused()
    assert not FeedbackAnswer.objects.exists()
    score.get_by_role("radio", name="9 von 10", exact=True).check()
    phone.get_by_role("group", name="Kamen wir zur vereinbarten Zeit?").get_by_role("radio", name="4 von 5").check()
    phone.get_by_label("Was hätten wir besser machen können?").fill("Nichts.")
    phone.get_by_label("Bitte rufen Sie mich dazu an.").check()
    press(phone, "Antworten senden")
    reads(phone, "Danke für Ihre Antwort.")
    said = FeedbackAnswer.objects.get()
    assert (said.request.order, said.recommendation, said.punctuality, said.quality) == (order, 9, 4, None)
    assert (said.comment, said.wants_call, said.may_publish) == ("Nichts.", True, False)


def test_no_to_a_quote_and_back_from_an_order(phone):
    quote, order = make.make_sent_quote(), make.make_order()
    visit(phone, quote)
    phone.get_by_role("link", name="Angebot ablehnen").click()
    phone.get_by_role("radio", name="Der Preis passt nicht").check()
    phone.get_by_label("Möchten Sie etwas dazu sagen?").fill("Leider über dem, was wir ausgeben wollten.")
    press(phone, "Angebot ablehnen")
    reads(phone, "Danke für Ihre Rückmeldung.")
    quote.refresh_from_db()
    assert (quote.state, quote.decline_reason, quote.decline_comment) == (
        "declined", "price", "Leider über dem, was wir ausgeben wollten.",
    )  # fmt: skip

    visit(phone, order)
    phone.get_by_role("link", name="Vertrag widerrufen", exact=True).click()
    press(phone, "Widerruf bestätigen")
    reads(phone, "Ihr Widerruf ist eingegangen.")
    order.refresh_from_db()
    assert (order.state, Withdrawal.objects.get().order) == ("withdrawn", order)

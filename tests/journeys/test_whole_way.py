"""The whole way, as three people walk it: the office at a desk, the customer on a phone, and what lands in the mailbox.

Nothing is prepared behind the scenes: the product runs as `bin/demo` starts it, with its own worker, and the journey
uses only pages and mails.
"""

import io
import re
from datetime import date, timedelta

import pypdf
import pytest
from facturx import xml_check_xsd

from config.demo.people import PASSWORD
from tests.journeys.product import DESK, PHONE, Person, link_in, plain, text_of

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("product")]

CUSTOMER = "erika.muster@kundin.example"


@pytest.fixture(scope="module")
def office(product, browser, shots):
    """Jana at her desk."""
    person = Person(browser, product.base_url, device=DESK, shots=shots)
    person.sign_in("jana@haselbach.example", PASSWORD)
    yield person
    person.context.close()


@pytest.fixture(scope="module")
def customer(product, browser, shots):
    """Erika on her phone."""
    person = Person(browser, product.base_url, device=PHONE, shots=shots)
    yield person
    person.context.close()


def fill_row(page, place, text, quantity, price):
    """Fill the row at that place of the editor (items only, from 0)."""
    row = page.locator("[data-row]:has([data-last])").nth(place)
    row.get_by_label("Leistung").fill(text)
    row.get_by_label("Menge").fill(quantity)
    row.get_by_label("Einzelpreis").fill(price)
    return row


def add_item(page):
    """One more row, by the button below the table."""
    before = page.locator("[data-row]:has([data-last])").count()
    page.get_by_role("button", name="Position", exact=True).click()
    page.locator("[data-row]:has([data-last])").nth(before).wait_for()


def test_from_the_first_contact_to_the_feedback(product, office, customer, pdf_text):
    _contact(office)
    quote_mail = _quote(office, product)
    _choose_and_order(customer, product, link_in(quote_mail))
    order_address, tracking = _see_that_it_was_ordered(office, product)
    _work(office, customer, product, order_address, tracking)
    invoice_mail = _bill(office, product, order_address)
    _look_at_the_invoice(customer, invoice_mail, pdf_text)
    _pay(office, customer, invoice_mail)
    _feedback(office, customer, product)


def test_the_printed_link_opens_the_cupboard_and_its_total_follows(product, customer):
    link = re.search(r"quote_consumer\s+(http\S+)", product.log.read_text()).group(1)
    customer.go(link)
    customer.look("kunde-auswahl")
    assert customer.reads(".bar output") == "7.871,85 €"
    for choice, total in (("Salbei, matt lackiert", "7.538,65"), ("Weiß, matt lackiert", "7.300,65")):
        customer.page.get_by_text(choice).first.click()
        customer.page.locator(".bar output").filter(has_text=total).wait_for()


def _contact(office):
    office.go("/kontakte/neu/")
    page = office.page
    page.get_by_label("Vorname").fill("Erika")
    page.get_by_label("Nachname").fill("Muster")
    page.get_by_label("E-Mail-Adresse").fill(CUSTOMER)
    page.get_by_label("Straße und Hausnummer").fill("Heidestraße 17")
    page.get_by_label("Postleitzahl").fill("22145")
    page.get_by_label("Ort", exact=True).fill("Hamburg")
    office.press("Speichern")
    assert office.reads("h1") == "Erika Muster"
    assert "Kontakt angelegt" in office.reads()


def _quote(office, product):
    page = office.page
    customer_id = re.search(r"/kontakte/(\d+)/", page.url).group(1)
    office.go(f"/angebote/neu/?kunde={customer_id}")
    page.get_by_label("Titel").fill("Fensterbänke im Wohnzimmer")
    office.press("Leeres Angebot")
    fill_row(page, 0, "Aufmaß vor Ort", "1", "80,00")
    for place, (text, price) in enumerate([("Fensterbank Eiche", "140,00"), ("Fensterbank Kirsche", "165,00")], 1):
        add_item(page)
        row = fill_row(page, place, text, "3,6", price)
        row.locator("summary").click()
        row.locator("[name$=-choice]").select_option("alternative")
        row.locator("[name$=-alternative_set]").fill("Holz")
    add_item(page)
    row = fill_row(page, 3, "Alte Bänke entsorgen", "1", "60,00")
    row.locator("summary").click()
    row.locator("[name$=-choice]").select_option("optional")
    # 80 + 3.6 × 140 = 584 net
    page.locator("[data-out=gross]").filter(has_text="694,96").wait_for()
    office.look("angebot-bearbeiten")
    office.press("Senden")
    return _send(office, product)


def _send(office, product):
    page = office.page
    page.get_by_role("button", name="Jetzt senden").click()
    page.wait_for_url(re.compile(r"/angebote/\d+/$"))
    office.look("angebot-gesendet")
    mail = product.wait_for_mail(CUSTOMER, "Ihr Angebot: Fensterbänke im Wohnzimmer")
    assert mail["From"] == "Tischlerei Haselbach <post@handschlag.example>"
    assert mail["Reply-To"] == "werkstatt@haselbach.example"
    assert "694,96" in text_of(mail)
    return mail


def _choose_and_order(customer, product, link):
    customer.go(link)
    page = customer.page
    assert "/l/" not in page.url
    assert customer.reads("h1") == "Fensterbänke im Wohnzimmer"
    assert customer.reads(".bar output") == "694,96 €"
    assert page.locator("input[type=checkbox]:checked").count() == 0
    customer.look("kunde-angebot")
    page.get_by_text("Fensterbank Kirsche", exact=True).click()
    page.get_by_text("Alte Bänke entsorgen").first.click()
    # 80 + 3.6 × 165 + 60 = 734 net
    page.locator(".bar output").filter(has_text="873,46").wait_for()
    customer.press("Prüfen und beauftragen")
    assert "873,46 €" in customer.reads()
    page.locator("input[name=name]").fill("")
    customer.press("Zahlungspflichtig bestellen", refused=True)
    assert "Bitte tragen Sie Ihren Namen ein." in customer.reads()
    page.locator("input[name=name]").fill("Erika Muster")
    customer.look("kunde-pruefen")
    customer.press("Zahlungspflichtig bestellen")
    customer.look("kunde-beauftragt")
    assert "Danke" in customer.reads("h1")
    page.reload()  # does not order again
    assert "Danke" in customer.reads("h1")


def _see_that_it_was_ordered(office, product):
    notice = product.wait_for_mail("werkstatt@haselbach.example", "Beauftragt: Erika Muster")
    assert "873,46" in text_of(notice)
    confirmation = product.wait_for_mail(CUSTOMER, "Ihr Auftrag: Fensterbänke im Wohnzimmer")
    assert "Widerrufsbelehrung" in text_of(confirmation)
    names = [part.get_filename() for part in confirmation.iter_attachments()]
    assert [name.split("-")[0] for name in names] == [
        "AU", "AN", "Informationen zum Vertrag.pdf", "Widerrufsbelehrung.pdf", "Allgemeine Geschäftsbedingungen.pdf",
    ]  # fmt: skip
    office.go("/")
    office.look("heute")
    office.go("/auftraege/")
    office.follow("Fensterbänke im Wohnzimmer")
    page = office.page
    shown = office.reads()
    assert "Fensterbank Kirsche" in shown
    assert "Fensterbank Eiche" not in shown
    assert "873,46" in shown
    address = page.url
    office.follow("Erika Muster")
    timeline = office.reads()
    for event in ("Angebot gesendet", "Angebot angenommen", "Auftrag erteilt"):
        assert event in timeline
    office.look("kontakt")
    return address, link_in(confirmation)


def _work(office, customer, product, order_address, tracking):
    planned = date.today() + timedelta(days=12)
    office.go(order_address)
    office.page.locator("summary", has_text="Termin eintragen").click()  # before that the measure would be taken
    office.page.locator("input[name=planned_on]").locator("visible=true").first.fill(planned.isoformat())
    office.press("Termin speichern")
    office.look("auftrag")
    mail = product.wait_for_mail(CUSTOMER, "Ihr Auftrag: Termin am")
    assert f"{planned.day}. " in text_of(mail)
    customer.go(tracking)
    customer.look("kunde-auftrag")
    assert "Termin steht" in customer.reads("[aria-current=step]")
    office.press("Arbeit beginnen")
    office.press("Als fertig melden")
    product.wait_for_mail(CUSTOMER, "Ihr Auftrag: Fertig")
    customer.go(tracking)
    assert "Fertig" in customer.reads("[aria-current=step]")


def _bill(office, product, order_address):
    office.go(order_address)
    # two clicks
    office.press("Rechnung erstellen")
    office.look("rechnung-entwurf")
    office.press("Stellen und senden")
    office.look("rechnung-gestellt")
    return product.wait_for_mail(CUSTOMER, "Rechnung RE-")


def _look_at_the_invoice(customer, mail, pdf_text):
    (attachment,) = mail.iter_attachments()
    number = attachment.get_filename().removesuffix(".pdf")
    attached = attachment.get_content()
    words = plain(pdf_text(attached))
    for expected in (number, "Erika Muster", "Fensterbank Kirsche", "873,46", "§ 35a", "DE02 1203 0000 0000 2020 51"):
        assert expected in words
    customer.go(link_in(mail))
    page = customer.page
    assert customer.reads("h1") == "873,46 €"
    customer.look("kunde-rechnung")
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").locator("visible=true").first.click()
    assert download.value.path().read_bytes() == attached
    reader = pypdf.PdfReader(io.BytesIO(attached))
    ((name, (xml,)),) = reader.attachments.items()
    assert name == "factur-x.xml"
    assert xml_check_xsd(xml, flavor="factur-x", level="en16931")
    assert b"873.46" in xml


def _pay(office, customer, mail):
    _book(office, "400")
    customer.go(link_in(mail))
    assert customer.reads("h1") == "473,46 €"
    _book(office, "473,46")
    assert "bezahlt" in office.reads()
    customer.go(link_in(mail))
    assert "bezahlt" in customer.reads()


def _book(office, amount):
    field = office.page.get_by_label("Betrag")
    if not field.is_visible():
        office.page.locator("summary").filter(has_text="Zahlung").first.click()
    field.fill(amount)
    office.press("Zahlung buchen")


def _feedback(office, customer, product):
    office.go("/feedback/")
    office.press("Jetzt fragen: Erika Muster, Fensterbänke im Wohnzimmer")
    mail = product.wait_for_mail(CUSTOMER, "Wie war es? Fensterbänke im Wohnzimmer")
    assert mail["List-Unsubscribe"].strip().startswith("<http://127.0.0.1")
    customer.go(link_in(mail))
    page = customer.page
    assert page.locator("input:checked").count() == 0
    customer.look("kunde-feedback")
    for group in page.locator("fieldset").all():
        group.locator("label").last.click()
    page.locator("textarea").fill("Sauber gearbeitet, gern wieder.")
    customer.press("Antworten senden")
    assert "Danke" in customer.reads("h1")
    office.go("/feedback/")
    assert "Sauber gearbeitet, gern wieder." in office.reads()
    office.look("feedback")

"""The customer's side after the order, against the running product: change order, all documents, a wish, the sign-off."""

import re

import pytest

from config.demo.files import PICTURES
from config.demo.people import PASSWORD
from tests.journeys.product import DESK, PHONE, Person, link_in, plain, text_of

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("product")]

YILDIZ, BRANDT = "familie@yildiz.example", "sabine@brandt-familie.example"


@pytest.fixture(scope="module")
def office(product, browser, shots):
    """Jana at her desk."""
    person = Person(browser, product.base_url, device=DESK, shots=shots)
    person.sign_in("jana@haselbach.example", PASSWORD)
    yield person
    person.context.close()


@pytest.fixture
def customer(product, browser, shots):
    """Somebody on a phone who was never here before."""
    person = Person(browser, product.base_url, device=PHONE, shots=shots)
    yield person
    person.context.close()


def order_link(product, to, title):
    """The link in the mail that confirmed an order of the demo."""
    return link_in(product.wait_for_mail(to, f"Ihr Auftrag: {title}"))


def digits_in(mail):
    """The code in a mail."""
    return re.search(r"\b\d{3} \d{3}\b", plain(text_of(mail)))[0]


def test_a_change_order_is_decided_from_the_orders_page(product, customer, office):
    customer.go(order_link(product, YILDIZ, "Küchenfronten und Arbeitsplatte"))
    customer.look("kunde-verfolgung")
    page = customer.reads()
    for words in (
        "Wir arbeiten an Ihrem Auftrag",
        "Material bestellt",
        "Sendung verfolgen",
        "Emre Aydin",
        "+ 391,51 €",
    ):
        assert words in page, words
    assert customer.page.locator("[aria-current=step]").count() == 1
    customer.follow("Nachtrag ansehen")
    customer.press("Prüfen und beauftragen")
    customer.page.locator("input[name=name]").fill("Tarek Yildiz")
    customer.look("kunde-nachtrag")
    customer.press("Zahlungspflichtig bestellen")
    product.wait_for_mail(YILDIZ, "Nachtrag 1")
    customer.go(order_link(product, YILDIZ, "Küchenfronten und Arbeitsplatte"))
    assert "4.404,19 €" in customer.reads()  # 4,012.68 and 391.51
    office.go("/auftraege/")
    office.look("auftraege")
    office.follow("Küchenfronten und Arbeitsplatte")
    office.look("auftrag-unterwegs")
    assert "Steckdosenelement" in office.reads() and "4.404,19 €" in office.reads()


def test_a_code_by_mail_opens_all_documents_and_a_wish_reaches_the_office(product, customer, office):
    customer.go(order_link(product, YILDIZ, "Küchenfronten und Arbeitsplatte"))
    customer.follow("Ihre Unterlagen")
    customer.press("Code schicken")
    mail = product.wait_for_mail(YILDIZ, "Code")
    customer.page.get_by_label("Code aus der E-Mail").fill(digits_in(mail))  # pasted with its blank
    customer.press("Öffnen")
    assert customer.reads("h1") == "Ihre Unterlagen"
    customer.look("kunde-unterlagen")
    assert "Treppengeländer" not in customer.page.content()
    customer.follow("Anfrage senden")
    customer.page.get_by_label("Worum geht es?").fill("Ein Regal für die Speisekammer")
    customer.page.locator("input[type=file]").set_input_files(PICTURES / "montage.webp")
    customer.press("Anfrage senden")
    office.go("/anfragen/")
    office.follow("Tarek Yildiz")
    assert "Ein Regal für die Speisekammer" in office.reads()
    assert office.page.locator("main img").count() == 1


def test_the_work_is_accepted_on_the_customers_page_with_a_defect(product, customer, office):
    customer.go(order_link(product, BRANDT, "Fensterbank Küche"))
    customer.follow("Ansehen und abnehmen")
    customer.page.get_by_label("Welcher Mangel?").fill("Kratzer vorn links")
    customer.press("Mangel hinzufügen")
    customer.press("Abnahme erklären", refused=True)  # the reservation is asked, not guessed
    customer.page.get_by_label("Ja, vorbehalten").check()
    customer.look("kunde-abnahme")
    customer.press("Abnahme erklären")
    assert customer.reads("h1") == "Danke für die Abnahme."
    for to, subject in ((BRANDT, "Abnahmeprotokoll"), ("werkstatt@haselbach.example", "Abgenommen")):
        sent = product.wait_for_mail(to, subject)
        assert any((part.get_filename() or "").endswith(".pdf") for part in sent.iter_attachments())
    office.go("/auftraege/?ansicht=liste")
    office.follow("Fensterbank Küche")
    office.page.get_by_role("link", name="1 Mangel").click()
    office.look()
    assert "Kratzer vorn links" in office.reads()

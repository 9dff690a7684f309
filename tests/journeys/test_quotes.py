"""Quotes as customers and the office live with them: chosen, asked about, declined, replaced, expired, withdrawn.

The quotes are those of the demo; their links come out of the mails it sent.
"""

import re

import pytest

from config.demo.people import PASSWORD
from tests.journeys.product import DESK, PHONE, Person, link_in, plain, text_of

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("product")]


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


def quote_link(product, to, title):
    """The link in the mail that brought a quote of the demo."""
    return link_in(product.wait_for_mail(to, title))


def total(person):
    """The total in the bar at the bottom."""
    return person.reads(".bar output")


def wait_for_total(person, amount):
    person.page.locator(".bar output").filter(has_text=amount).wait_for()


def office_finds(office, title):
    """The office opens a quote from its list."""
    office.go("/angebote/?q=" + title.replace(" ", "+"))
    office.page.get_by_role("link", name=re.compile(re.escape(title))).locator("visible=true").first.click()
    office.page.wait_for_load_state("load")
    office.look()


def test_a_consumer_behind_the_postcode_orders_with_two_taps(product, customer):
    customer.go(quote_link(product, "noll@praxis-noll.example", "Bücherwand mit Leiter"))
    assert "Bücherwand" not in customer.page.content()
    customer.page.locator("input[inputmode=numeric]").fill("22393")
    customer.press("Öffnen")
    assert customer.page.locator("input:checked:not([type=radio])").count() == 0
    before = total(customer)
    # from here on two taps, nothing typed
    customer.press("Prüfen und beauftragen")
    assert customer.page.locator("main form button").count() == 1
    assert customer.page.locator("input[type=checkbox]:checked").count() == 0
    assert before in customer.reads(".lift")
    customer.press("Zahlungspflichtig bestellen")
    assert "Danke" in customer.reads("h1")
    confirmation = product.wait_for_mail("noll@praxis-noll.example", "Ihr Auftrag: Bücherwand mit Leiter")
    names = " ".join(part.get_filename() for part in confirmation.iter_attachments())
    for document in ("AU-", "AN-", "Informationen zum Vertrag", "Widerrufsbelehrung", "Geschäftsbedingungen"):
        assert document in names


def test_whole_titles_and_numbers_are_chosen_and_the_order_has_just_them(product, customer, office):
    customer.go(quote_link(product, "m.osterloh@post.example", "Terrassendeck am Gartenhaus"))
    assert total(customer) == "4.455,36 €"
    customer.page.get_by_text("Deck aus Thermoesche").first.click()
    wait_for_total(customer, "5.502,56")
    number = customer.page.get_by_role("spinbutton").first
    number.fill("3")
    number.press("Tab")
    wait_for_total(customer, "5.748,89")
    customer.look("kunde-titel")
    customer.press("Prüfen und beauftragen")
    customer.follow("Ändern")  # brings everything back
    assert total(customer) == "5.748,89 €"
    assert customer.page.get_by_role("spinbutton").first.input_value() == "3"
    customer.press("Prüfen und beauftragen")
    customer.page.locator("input[name=name]").fill("Martin Osterloh")
    customer.press("Zahlungspflichtig bestellen")
    product.wait_for_mail("m.osterloh@post.example", "Ihr Auftrag: Terrassendeck am Gartenhaus")
    office.go("/auftraege/")
    office.follow("Terrassendeck am Gartenhaus")
    ordered = office.reads()
    assert "Dielen Thermoesche" in ordered and "5.748,89" in ordered
    assert "Lärche" not in ordered and "Sichtschutz" not in ordered


def test_a_business_orders_bindingly_under_its_own_number(product, customer, office):
    customer.go(quote_link(product, "jonas@cafe-morgenrot.example", "Tresen mit Rückbuffet"))
    before = total(customer)
    customer.page.get_by_text("Arbeitsplatte Linoleum").first.click()
    customer.page.get_by_text("Beleuchtung der Borde").first.click()
    customer.page.locator(".bar output").filter(has_not_text=before).wait_for()
    chosen = total(customer)
    customer.press("Prüfen und beauftragen")
    assert "Widerruf" not in customer.reads()
    customer.page.locator("input[name=name]").fill("Jonas Lührs")
    customer.page.locator("input[name=buyer_reference]").fill("PO 4711")
    assert chosen in customer.reads(".lift")
    customer.press("Verbindlich beauftragen")
    customer.look("kunde-firma-beauftragt")
    mail = product.wait_for_mail("jonas@cafe-morgenrot.example", "Ihr Auftrag: Tresen mit Rückbuffet")
    assert not [part for part in mail.iter_attachments() if "Widerruf" in part.get_filename()]
    office.go("/auftraege/")
    office.follow("Tresen mit Rückbuffet")
    assert "PO 4711" in office.reads()


def test_a_question_about_a_row_reaches_the_office_with_the_row(product, customer, office):
    customer.go(quote_link(product, "sabine@brandt-familie.example", "Einbauschrank und Garderobe"))
    card = customer.page.locator("label, .choice").filter(has_text="Salbei, matt lackiert").first
    (
        card.locator("a", has_text="Frage dazu").or_(customer.page.get_by_role("link", name="Frage dazu").first)
    ).first.click()
    field = customer.page.locator("textarea").first
    field.fill("Gibt es ein Muster?")
    customer.press("Nachricht senden")
    assert "Gibt es ein Muster?" in customer.reads()
    assert "Zu Position" in customer.reads()
    office.go("/")
    assert "Gibt es ein Muster?" in office.reads()


def test_who_declines_can_still_order_and_withdraw(product, customer, office):
    customer.go(quote_link(product, "wiebke@jensen-hamburg.example", "Esstisch mit Auszug"))
    page = customer.page
    page.get_by_role("link", name=re.compile("ablehnen", re.I)).locator("visible=true").first.click()
    customer.look("kunde-ablehnen")
    page.get_by_text("Der Preis passt nicht").click()
    customer.press("Angebot ablehnen")
    assert "Das Angebot gilt bis" in customer.reads()
    office_finds(office, "Esstisch mit Auszug")
    assert "Der Preis passt nicht" in office.reads()
    customer.follow("Angebot noch einmal ansehen")
    customer.press("Prüfen und beauftragen")
    page.locator("input[name=name]").fill("Wiebke Jensen")
    customer.press("Zahlungspflichtig bestellen")
    assert "Danke" in customer.reads("h1")
    product.wait_for_mail("wiebke@jensen-hamburg.example", "Ihr Auftrag: Esstisch mit Auszug")
    customer.press("Vertrag widerrufen", role="link")
    assert page.locator("input[name=name]").input_value() == "Wiebke Jensen"
    customer.look("kunde-widerruf")
    customer.press("Widerruf bestätigen")
    assert "Ihr Widerruf ist eingegangen" in customer.reads("h1")
    receipt = text_of(product.wait_for_mail("wiebke@jensen-hamburg.example", "Widerruf"))
    assert "Esstisch mit Auszug" in receipt and re.search(r"\d{1,2}:\d{2} Uhr", plain(receipt))


def test_a_new_version_meets_the_customer_who_was_about_to_order_the_old_one(product, customer, office):
    link = quote_link(product, "familie@yildiz.example", "Ihr Angebot: Garderobe mit Schuhschrank")
    customer.go(link)  # that of version 1
    assert "Fassung 2" in customer.reads()
    customer.follow("Was hat sich geändert?")
    assert "Spiegel" in customer.reads()
    customer.look("kunde-aenderungen")
    customer.go(link)
    customer.press("Prüfen und beauftragen")
    customer.page.locator("input[name=name]").fill("Tarek Yildiz")
    office_finds(office, "Garderobe mit Schuhschrank")
    office.page.get_by_label("Weitere Schritte").click()
    office.press("Neue Fassung schreiben")
    row = office.page.locator("[data-row]:has([data-last])").nth(0)
    row.get_by_label("Einzelpreis").fill("480,00")
    office.press("Senden")
    office.page.get_by_role("button", name=re.compile("senden", re.I)).locator("visible=true").last.click()
    office.page.wait_for_url(re.compile(r"/angebote/\d+/$"))
    customer.page.get_by_role("button", name="Zahlungspflichtig bestellen").click()
    customer.page.wait_for_load_state("load")
    assert "geändert" in customer.reads()
    customer.complaints.clear()  # the browser notes the 409
    customer.look("kunde-konflikt")
    customer.page.get_by_role("link", name=re.compile("Fassung ansehen")).first.click()
    customer.look()
    assert "Fassung 3" in customer.reads()
    office.go("/auftraege/")
    assert "Garderobe mit Schuhschrank" not in office.reads()


def test_an_expired_quote_can_be_read_and_asked_for_anew(product, customer, office):
    link = quote_link(product, "wiebke@jensen-hamburg.example", "Zwei Nachttische")
    customer.go(link)
    assert "galt bis" in customer.reads(".bar")
    assert customer.page.get_by_role("radio", name=re.compile("Kirsche")).is_disabled()
    customer.look("kunde-abgelaufen")
    assert not customer.page.get_by_role("button", name="Prüfen und beauftragen").count()
    anew = customer.page.get_by_text("Aktuelles Angebot anfragen").locator("visible=true").first
    anew.click()
    customer.page.wait_for_load_state("load")
    customer.look("kunde-neu-angefragt")
    office_finds(office, "Zwei Nachttische")
    office.press("Gültigkeit verlängern")
    customer.go(link)
    assert "Fassung 2" in customer.reads()
    customer.press("Prüfen und beauftragen")


def test_without_script_one_chooses_sees_the_price_and_orders(product, browser):
    context = browser.new_context(
        base_url=product.base_url, locale="de-DE", java_script_enabled=False, reduced_motion="reduce", **PHONE
    )
    page = context.new_page()
    page.goto(quote_link(product, "gerd@ahlers.example", "Beete winterfest machen"))
    page.get_by_label("Rindenmulch").check()
    page.get_by_role("button", name="Preis neu berechnen").click()
    price = page.locator(".bar output").inner_text()
    assert plain(price) == "206,00 €"
    page.get_by_role("button", name="Prüfen und beauftragen").locator("visible=true").first.click()
    page.locator("input[name=name]").fill("Gerd Ahlers")
    page.get_by_role("button", name="Zahlungspflichtig bestellen").click()
    assert "Danke" in page.locator("h1").inner_text()
    context.close()

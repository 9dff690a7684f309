"""What a business says about itself (R94, R105, R114)."""

import pytest

from tests import make

PAGES = ["impressum", "datenschutz", "barrierefreiheit", "widerruf"]


@pytest.mark.parametrize("page", PAGES)
def test_every_customer_page_leads_to_it(visitor, link, business, page):
    text = visitor.get(f"/k/{link.public_id}/angebot/").content.decode()
    address = f"/k/{link.public_id}/widerruf/" if page == "widerruf" else f"/{page}/{business.slug}/"
    assert f'href="{address}"' in text
    answer = make.Browser().get(f"/{page}/{business.slug}/")
    assert (answer.status_code, answer.content.decode().count("<h1")) == (200, 1)


@pytest.mark.parametrize("page", PAGES)
def test_of_a_business_that_does_not_exist_there_is_none(client, db, page):
    assert client.get(f"/{page}/gibt-es-nicht/").status_code == 404


@pytest.mark.parametrize("page", PAGES[:3])
def test_it_is_only_read(client, business, page):
    assert client.post(f"/{page}/{business.slug}/").status_code == 405


def test_the_imprint_names_what_the_law_wants(client, db):
    business = make.make_business(
        "Elektro Nordlicht", legal_name="Elektro Nordlicht GmbH", legal_form="gmbh", owner_name="Inga Brodersen",
        register_court="Amtsgericht Flensburg", register_number="HRB 12345 FL", vat_id="DE811569869", employees=12,
        chamber="Handwerkskammer Flensburg", liability_insurer="Nord Versicherung, gilt in Deutschland", is_regulated_trade=True,
    )  # fmt: skip
    page = client.get(f"/impressum/{business.slug}/").content.decode()
    for words in (
        "Elektro Nordlicht GmbH", "Werkhof 3", "22145 Hamburg", "Vertreten durch: Inga Brodersen", "040 66969120",
        "post@haselbach.example", "Amtsgericht Flensburg, HRB 12345 FL", "DE811569869", "Handwerkskammer Flensburg",
        "Handwerksordnung", "Nord Versicherung", "Streitbeilegungsverfahren",
    ):  # fmt: skip
        assert words in page, words


def test_small_firms_need_not_speak_of_dispute_resolution(client, business):
    business.employees = 4
    business.save()
    assert "Streitbeilegung" not in client.get(f"/impressum/{business.slug}/").content.decode()


def test_the_privacy_notice_says_that_looks_are_counted(client, business):
    page = client.get(f"/datenschutz/{business.slug}/").content.decode()
    assert "Wir sehen, dass und wie oft Sie eine Seite geöffnet haben" in page


def test_a_signed_in_member_sees_the_business_the_address_names(business):
    other = make.make_business("Malerei Winter")
    page = make.signed_in_as().get(f"/impressum/{other.slug}/").content.decode()
    assert "Malerei Winter" in page
    assert business.name not in page


def test_the_imprint_says_all_that_services_must(client, db):
    """DL-InfoV § 2 (1): legal form, authority, title with its state, rules of the trade and where, terms, insurance."""
    business = make.make_business(
        "Elektro Nordlicht", legal_form="gbr", supervisory_authority="Kreis Schleswig-Flensburg", is_regulated_trade=True,
        professional_title="Elektrotechnikermeister, Deutschland", economic_id="DE123456789-00001",
        liability_insurer="Nord Versicherung, Hafenweg 1, Kiel\nDeutschland", terms="Es gilt deutsches Recht.",
    )  # fmt: skip
    page = client.get(f"/impressum/{business.slug}/").content.decode()
    for words in (
        "Rechtsform: GbR", "Vertreten durch: Jana Haselbach", "Aufsichtsbehörde: Kreis Schleswig-Flensburg",
        "Elektrotechnikermeister, Deutschland", "https://www.gesetze-im-internet.de/hwo/", "DE123456789-00001",
        "Hafenweg 1, Kiel", "Allgemeine Geschäftsbedingungen", "Es gilt deutsches Recht.",
    ):  # fmt: skip
        assert words in page, words


@pytest.mark.parametrize(("employees", "is_said"), [(None, True), (11, True), (10, False), (1, False)])
def test_dispute_resolution_is_spoken_of_above_ten_employees(client, db, employees, is_said):
    """VSBG § 36 (3); who did not say how many there are says it to be safe."""
    business = make.make_business(employees=employees)
    page = client.get(f"/impressum/{business.slug}/").content.decode()
    assert ("Streitbeilegung" in page) is is_said


def test_the_accessibility_page_has_the_parts_of_annex_3(client, business):
    page = client.get(f"/barrierefreiheit/{business.slug}/").content.decode()
    for words in (
        "Was Sie hier tun können", "Wie es funktioniert", "Wie die Seiten die Anforderungen erfüllen",
        "Marktüberwachungsstelle der Länder", business.email,
    ):  # fmt: skip
        assert words in page, words

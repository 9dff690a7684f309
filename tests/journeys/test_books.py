"""The books of the demo's firm, as its office walks them: every page fit for everybody, on a desk and a phone."""

import pytest

from config.demo.people import PASSWORD
from tests.journeys.product import DESK, PHONE, Person

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("device", [DESK, PHONE], ids=["desk", "phone"])
def test_from_the_bank_to_the_closed_month_everything_is_one_tap_away(product, browser, shots, device):
    kept = shots if device is DESK else None
    lotte = Person(browser, product.base_url, device=device, shots=kept)
    lotte.sign_in("lotte@haselbach.example", PASSWORD)
    lotte.go("/buchhaltung/")

    lotte.follow("Bank")
    assert "Rest Fensterbank Kueche" in lotte.reads()
    lotte.look("bank")
    lotte.follow("Offene Posten")
    assert "Martin Osterloh" in lotte.reads()

    lotte.go("/buchhaltung/mahnungen/")
    lotte.follow("Schreiben an Martin Osterloh ansehen")
    assert "Zahlungserinnerung" in lotte.reads() and "3.133,27 €" in lotte.reads()
    lotte.look("mahnung")

    lotte.go("/buchhaltung/wiederkehrend/")
    lotte.follow("Praxis am Stadtpark")
    assert lotte.page.locator("input[name=title]").input_value() == "Wartung der Schiebetüren"

    lotte.go("/buchhaltung/eingang/")
    lotte.follow("Holz Peters GmbH")
    assert "Holz Peters GmbH" in lotte.reads() and "735,18 €" in lotte.reads()
    lotte.look("eingang")

    for place, words in (
        ("/buchhaltung/umsatzsteuer/", "Umsätze zu 19 %"), ("/buchhaltung/datev/", "noch nicht übergeben"),
        ("/buchhaltung/abschluss/", "Noch ist kein Zeitraum abgeschlossen"), ("/buchhaltung/pruefung/", "Abschlagsrechnung"),
    ):  # fmt: skip
        lotte.go(place)
        assert words in lotte.reads(), place
    lotte.context.close()

"""Golden quotes, worked out by hand: the same cents in the quote's totals, on its paper, in the order and in the invoice."""

import itertools
from dataclasses import dataclass, replace
from decimal import Decimal as D

import pytest
from facturx import parse_xml

from accounts import formats
from billing import choices
from billing.documents import pdf
from billing.documents.einvoice import build_cii
from billing.documents.model import Document, Kind
from billing.money import VAT_7, VAT_EXEMPT, PriceMode

from . import samples
from .samples import item, piece
from .test_pdf import pages_of, quote_of_titles

pytestmark = pytest.mark.paper


@dataclass(frozen=True)
class Golden:
    document: Document
    net: str
    tax: str
    gross: str
    words: tuple[str, ...]  # on paper, in this order


def quote(lines, **changes):
    return replace(
        samples.invoice(lines, kind=Kind.QUOTE, service_from=None, service_until=None, due_on=None, **changes)
    )


MIXED = [
    item("1", "Garten anlegen", "12", "48.50"),  # 582.00
    item("2", "Rollrasen", "85.5", "4.2375", VAT_7, unit="m²", unit_code="MTK"),  # 362.30625
    piece("3", "Randsteine", "40", "7.95", discount_percent=D("12.5")),  # 318.00 - 39.75
]
NIGHT = [
    item("1", "Rohrbruch abdichten", "3.5", "68.00", discount_percent=D(-50)),
    piece("2", "Kugelhahn", "2", "24.85"),
]

GOLDEN = {
    # 3 x 3.35 = 10.05; line by line the tax would be 1.92
    "net": Golden(
        quote([piece(str(n), f"Griff {n}", "1", "3.35") for n in (1, 2, 3)]), "10.05", "1.91", "11.96",
        ("Nettobetrag 10,05 €", "zuzüglich MwSt. 19 % 1,91 €", "Gesamtbetrag inkl. MwSt. 11,96 €"),
    ),
    # 29.97 / 1.19 = 25.1848; 19 % of 25.18 would be 4.78
    "gross": Golden(
        quote([piece("1", "Griff", "3", "9.99")], mode=PriceMode.GROSS), "25.18", "4.79", "29.97",
        ("Gesamtbetrag inkl. MwSt. 29,97 €", "darin enthaltene MwSt. 19 % auf 25,18 € 4,79 €", "Nettobetrag 25,18 €"),
    ),
    # 19 %: 582.00 + 278.25 = 860.25; 7 %: 362.31; 1,222.56 less 10 % = 122.26, of it 86.03 and 36.23
    "mixed_rates_and_discounts": Golden(
        quote(MIXED, discount_percent=D(10)), "1100.30", "169.93", "1270.23",
        ("abzüglich 12,5 % Rabatt", "Summe der Positionen 1.222,56 €", "Rabatt 10 % −122,26 €", "Nettobetrag 1.100,30 €",
         "zuzüglich MwSt. 19 % auf 774,22 € 147,10 €", "zuzüglich MwSt. 7 % auf 326,08 € 22,83 €",
         "Gesamtbetrag inkl. MwSt. 1.270,23 €"),
    ),
    # the same figures agreed with VAT: 774.22 / 1.19 = 650.61, 326.08 / 1.07 = 304.75
    "mixed_gross_prices_and_discounts": Golden(
        quote(MIXED, discount_percent=D(10), mode=PriceMode.GROSS), "955.36", "144.94", "1100.30",
        ("Rabatt 10 % −122,26 €", "Gesamtbetrag inkl. MwSt. 1.100,30 €",
         "darin enthaltene MwSt. 19 % auf 650,61 € 123,61 €", "darin enthaltene MwSt. 7 % auf 304,75 € 21,33 €"),
    ),
    # 238.00 + 50 % = 357.00; 357.00 + 49.70 = 406.70; + 15 % = 61.01 (61.005)
    "surcharges": Golden(
        quote(NIGHT, discount_percent=D(-15)), "467.71", "88.86", "556.57",
        ("zuzüglich 50 % Zuschlag", "357,00 €", "Summe der Positionen 406,70 €", "Zuschlag 15 % 61,01 €",
         "Nettobetrag 467,71 €", "88,86 €", "556,57 €"),
    ),
    # 467.71 / 1.19 = 393.03
    "surcharges_on_gross_prices": Golden(
        quote(NIGHT, discount_percent=D(-15), mode=PriceMode.GROSS), "393.03", "74.68", "467.71",
        ("Zuschlag 15 % 61,01 €", "Gesamtbetrag inkl. MwSt. 467,71 €", "auf 393,03 € 74,68 €"),
    ),
    # 330.40 less 5 % = 16.52
    "small_business": Golden(
        quote(
            [item("1", "Fenster ausbessern", "6", "52.00", VAT_EXEMPT), piece("2", "Kitt", "1", "18.40", vat=VAT_EXEMPT)],
            seller=samples.SMALL_SELLER, discount_percent=D(5),
        ),
        "313.88", "0.00", "313.88", ("Summe der Positionen 330,40 €", "Rabatt 5 % −16,52 €", "Gesamtbetrag 313,88 €"),
    ),
    # 420 + 4 x 465 + 16 x 62; the other fronts and what is optional are outside
    "alternatives": Golden(
        samples.quote_with_choices(), "3272.00", "621.68", "3893.68",
        ("1.860,00 €", "(1.580,00 €)", "(1.380,00 €)", "(240,00 €)", "Nettobetrag 3.272,00 €", "3.893,68 €"),
    ),
    # 420 + 6 x 410 + 16 x 62; the lacquered kitchen and the light are whole titles outside
    "titles": Golden(
        quote_of_titles(), "3872.00", "735.68", "4607.68",
        ("Summe 1 Küche in Eiche 3.452,00 €", "Summe 2 Küche lackiert (2.998,00 €)", "(147,00 €)", "Nettobetrag 3.872,00 €"),
    ),
}  # fmt: skip
golden = pytest.mark.parametrize("name", GOLDEN)


@golden
def test_totals_are_as_worked_out(name):
    case = GOLDEN[name]
    totals = case.document.totals
    assert (totals.net, totals.tax, totals.gross) == (D(case.net), D(case.tax), D(case.gross))


@golden
def test_the_paper_says_the_same(name):
    case = GOLDEN[name]
    text, place = " ".join(pages_of(pdf.render_pdf(case.document))), 0
    for words in case.words:
        assert words in text[place:]
        place = text.index(words, place)


@golden
def test_order_and_invoice_say_the_same(name):
    case = GOLDEN[name]
    order = choices.only_chosen(case.document, choices.default(case.document))
    assert order.totals == replace(case.document.totals, amounts=order.totals.amounts)
    invoice = replace(order, kind=Kind.INVOICE, service_from=samples.TODAY, payment_terms="Zahlbar sofort.")
    found = parse_xml.parse_ubl_cii_xml(build_cii(invoice))
    assert [D(found[term]) for term in ("BT-109", "BT-110", "BT-112")] == [D(case.net), D(case.tax), D(case.gross)]
    assert len(found["BG-25"]) == len(order.items)


@pytest.mark.parametrize(
    "document", [quote_of_titles(), quote_of_titles(mode=PriceMode.GROSS, discount_percent=D(-15))]
)
def test_whatever_is_chosen_page_paper_and_invoice_have_one_total(document):
    for kitchen, light, shelves in itertools.product("12", ("", "1"), ("0", "1", "8")):
        choice = choices.parse(document, {"wahl-1": kitchen, "wahl-3": light, "wahl-4.1": shelves})
        page = choices.applied(document, choice).totals
        order = replace(choices.only_chosen(document, choice), kind=Kind.ORDER_CONFIRMATION, number="AU-2026-0031")
        text = " ".join(pages_of(pdf.render_pdf(order)))
        assert f"Gesamtbetrag inkl. MwSt. {formats.euro(page.gross)}".replace("\u00a0", " ") in text
        found = parse_xml.parse_ubl_cii_xml(build_cii(replace(order, kind=Kind.INVOICE, service_from=samples.TODAY)))
        assert (D(found["BT-109"]), D(found["BT-112"])) == (page.net, page.gross)
        assert ("lackiert" in text) is (kitchen == "2") and ("Unterschränke Eiche" in text) is (kitchen == "1")
        assert ("LED-Leiste" in text) is bool(light) and ("Einlegeboden" in text) is (shelves != "0")

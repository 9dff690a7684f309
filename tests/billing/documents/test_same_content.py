"""The structured part leads, so the paper says nothing else (R44, R45): what stands in one stands in the other."""

import re
from decimal import Decimal as D

import pytest
from lxml import etree

from accounts import formats
from billing.documents.einvoice import EN16931, build_cii, build_ubl, syntax_for
from billing.incoming import containers, reading
from billing.money import PriceMode

from .cases import CASES, CONTENTS
from .test_pdf import drawn, pages_of

pytestmark = pytest.mark.paper

NAMES = [
    "standard", "skonto", "mixed_rates_with_discount", "surcharges", "gross_prices", "small_business", "photovoltaics",
    "reverse_charge", "eu_goods", "export", "third_country_service", "part_payment", "final", "final_of_two_rates",
    "final_overpaid", "endrechnung", "endrechnung_of_two_rates",
    "final_with_retention", "cancellation", "correction", "reduction", "authority",
]  # fmt: skip
AMOUNT = re.compile(r"(?<![\d.,])-?\d{1,3}(?:\.\d{3})*,\d{2}(?=\s?€)")


def shown(amount):
    return squeezed(formats.euro(amount))


def squeezed(text):
    """Without blanks: lines break where they like, and the minus has several shapes."""
    return re.sub(r"\s", "", text.replace("−", "-").replace("\xad", ""))


@pytest.mark.parametrize("name", NAMES)
def test_paper_and_structure_say_the_same(name):
    document = CASES[name]
    write = build_ubl if syntax_for(document) == "ubl" else build_cii
    xml = write(document, EN16931, contents=CONTENTS)
    found = reading.read(containers.tree(xml))
    paper = squeezed(" ".join(pages_of(drawn(document))))
    sign = -1 if found.type_code == "381" else 1  # a credit note turns the signs of its amounts

    words = [
        found.number, formats.day(found.issued_on), formats.day(found.due_on) if found.due_on else "",
        found.seller.name, found.seller.street, found.seller.postcode, found.seller.city, found.seller.tax_number,
        found.seller.vat_id, found.buyer.name, found.buyer.street, found.buyer.postcode, found.buyer.city, found.iban,
        found.buyer_reference, found.order_number, *document.notes, *(row.name for row in found.rows[: len(document.items)]),
        *found.preceding,
    ]  # fmt: skip
    if name != "small_business":  # the note says it in the words of § 34a UStDV
        words += [rate.reason for rate in found.rates]
    assert [word for word in words if squeezed(word).rstrip(".") not in paper] == []
    assert [note for note in document.notes if note not in found.notes] == []

    amounts = [sign * found.payable, *(sign * rate.tax for rate in found.rates if rate.tax)]
    if any(rate.tax for rate in found.rates):
        amounts.append(sign * found.net)
    amounts += [amount for each in document.deductions for amount in (each.net, each.tax)]
    if document.mode == PriceMode.NET:
        amounts += [sign * row.amount for row in found.rows[: len(document.items)]]
    assert [str(amount) for amount in amounts if shown(abs(amount)).removesuffix("€") not in paper] == []


@pytest.mark.parametrize("name", [name for name in NAMES if CASES[name].mode == PriceMode.NET])
def test_no_amount_stands_on_the_paper_alone(name):
    document = CASES[name]
    structure = " ".join(etree.fromstring(build_cii(document, EN16931, contents=CONTENTS)).itertext())
    known = {abs(D(text)) for text in re.findall(r"\d+\.\d+", structure)}
    known |= {D(text.replace(",", ".")) for text in re.findall(r"\d+,\d\d", structure)}
    text = " ".join(pages_of(drawn(document))).replace("−", "-")
    on_paper = {abs(D(amount.replace(".", "").replace(",", "."))) for amount in AMOUNT.findall(text)}
    assert on_paper
    assert on_paper - known == set()

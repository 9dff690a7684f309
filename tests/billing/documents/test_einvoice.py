"""The structured invoice: official schema and rules, an independent reader, and arithmetic exact to the cent."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from facturx import parse_xml, xml_check_xsd
from hypothesis import given
from hypothesis import strategies as st

from billing.documents.einvoice import EN16931, XRECHNUNG, build_cii, profile_for
from billing.documents.model import Kind
from billing.money import VAT_0, VAT_7, VAT_19, VAT_REVERSE_CHARGE, PriceMode

from . import samples
from .samples import invoice, item, section, text_line

D = Decimal

GOLDEN = {
    "standard": invoice(labour=True),
    "period": invoice(service_from=date(2026, 11, 16), order_number="AU-2026-0031", site="Rotdornweg 8, 22397 Hamburg"),
    "mixed_rates_with_discount": samples.mixed_rates(),
    "gross_prices": samples.gross_prices(),
    "gross_prices_with_discounts": samples.mixed_rates(mode=PriceMode.GROSS),
    "surcharges": samples.surcharges(),
    "surcharges_on_gross_prices": samples.surcharges(mode=PriceMode.GROSS),
    "surcharge_of_small_business": samples.small_business(discount_percent=D("-7.5")),
    "cancellation_of_surcharges": samples.cancellation(samples.surcharges()),
    "cancellation_of_surcharges_on_gross_prices": samples.cancellation(samples.surcharges(mode=PriceMode.GROSS)),
    "small_business": samples.small_business(),
    "photovoltaics": samples.photovoltaics(),
    "reverse_charge": invoice([item(vat=VAT_REVERSE_CHARGE)], buyer=samples.BUSINESS),
    "cancellation": samples.cancellation(),
    "cancellation_of_gross_prices": samples.cancellation(samples.gross_prices()),
    "cancellation_of_small_business": samples.cancellation(samples.small_business()),
    "authority": invoice(buyer=samples.PUBLIC),
    "negative_price": invoice([item(), item("2", "Nachlass Anfahrt", "1", "-20.00")]),
    "large_quantity": invoice([item("1", "Kies", "12345.678", "0.17")], mode=PriceMode.GROSS),
    "headings_and_texts": invoice([section("1", "Montage"), text_line(), item("1.1"), text_line("Danach besenrein.")]),
}
golden = pytest.mark.parametrize("name", GOLDEN)


@pytest.fixture(scope="session")
def verdicts(tmp_path_factory):
    """What the official rules say about every golden case; one process for all."""
    folder = tmp_path_factory.mktemp("cii")
    for name, document in GOLDEN.items():
        (folder / f"{name}.xml").write_bytes(build_cii(document, EN16931))
    broken = build_cii(GOLDEN["standard"]).replace(b">523.60<", b">523.61<")
    (folder / "broken.xml").write_bytes(broken)
    judge = Path(__file__).with_name("schematron.py")
    done = subprocess.run([sys.executable, judge, folder], capture_output=True, check=True, text=True)
    return json.loads(done.stdout)


@golden
def test_schema_accepts(name):
    assert xml_check_xsd(build_cii(GOLDEN[name], EN16931), flavor="factur-x", level="en16931") is True


@golden
def test_official_rules_accept(name, verdicts):
    assert verdicts[name] == []


def test_official_rules_would_have_spoken(verdicts):
    assert verdicts["broken"]


def read(document, profile=EN16931):
    return parse_xml.parse_ubl_cii_xml(build_cii(document, profile))


@golden
def test_an_independent_reader_finds_what_was_written(name):
    document = GOLDEN[name]
    found = read(document)
    buyer, seller = document.buyer, document.seller
    totals = document.totals
    assert (found["BT-1"], found["BT-2"], found["BT-5"]) == (document.number, document.issued_on, "EUR")
    assert found["BT-3"] == ("384" if document.kind == Kind.CANCELLATION else "380")
    assert (found["BG-4"]["name"], found["BG-4"]["tax_identifier"]) == (seller.name, seller.tax_number)
    assert found["BG-4"].get("vat_identifier", "") == seller.vat_id
    assert (found["BG-7"]["name"], found["BG-7"]["postcode"], found["BG-7"]["city"]) == (
        buyer.name,
        buyer.postcode,
        buyer.city,
    )
    assert found["BT-72"] == document.service_until
    assert found.get("BT-9") == document.due_on
    assert [line["BT-153"] for line in found["BG-25"]] == [line.text for line in document.items]
    assert [D(found[term]) for term in ("BT-109", "BT-110", "BT-112", "BT-115")] == [
        totals.net,
        totals.tax,
        totals.gross,
        totals.gross,
    ]
    assert {note["BT-22"] for note in found["BG-1"]} >= set(document.notes)


def assert_exact(found, *, cent_of_tax=0):
    """The sums of the standard, to the cent. Its own rules let VAT be wrong by up to a euro."""
    groups = {}
    for line in found["BG-25"]:
        allowances = sum(D(each["amount"]) for each in line.get("BG-27", []))
        allowances -= sum(D(each["amount"]) for each in line.get("BG-28", []))
        assert D(line["BT-146"]) >= 0
        assert cents(D(line["BT-129"]) * D(line["BT-146"])) - allowances == D(line["BT-131"])
        key = (line["BT-151"], D(line["BT-152"]))
        groups[key] = groups.get(key, 0) + D(line["BT-131"])
    assert sum(groups.values()) == D(found["BT-106"])
    for kind, sign, total in (("BG-20", -1, "BT-107"), ("BG-21", 1, "BT-108")):
        for each in found.get(kind, []):
            groups[each["vat_category_code"], D(each["vat_rate"])] += sign * D(each["amount"])
            if "rate" in each:
                assert abs(D(each["base_amount"]) * D(each["rate"]) / 100 - D(each["amount"])) <= D("0.02")
        assert sum(D(each["amount"]) for each in found.get(kind, [])) == D(found.get(total, 0))
    assert D(found["BT-106"]) - D(found.get("BT-107", 0)) + D(found.get("BT-108", 0)) == D(found["BT-109"])
    assert groups == {(each["BT-118"], D(each["BT-119"])): D(each["BT-116"]) for each in found["BG-23"]}
    for each in found["BG-23"]:
        assert abs(cents(D(each["BT-116"]) * D(each["BT-119"]) / 100) - D(each["BT-117"])) <= cent_of_tax
    assert sum(D(each["BT-117"]) for each in found["BG-23"]) == D(found["BT-110"])
    assert D(found["BT-109"]) + D(found["BT-110"]) == D(found["BT-112"]) == D(found["BT-115"])


def cents(amount):
    return amount.quantize(D("0.01"), ROUND_HALF_UP)


@golden
def test_sums_are_exact(name):
    document = GOLDEN[name]
    assert_exact(read(document), cent_of_tax=D("0.01") if document.mode == PriceMode.GROSS else D(0))


any_items = st.lists(
    st.builds(
        item,
        quantity=st.decimals(D("0.001"), D("2000"), places=3),
        price=st.decimals(D(0), D("5000"), places=4),
        vat=st.sampled_from([VAT_19, VAT_7, VAT_0]),
        discount_percent=st.sampled_from([D(0), D("2.5"), D(10), D("33.33"), D("-0.5"), D(-25)]),
    ),
    min_size=1,
    max_size=6,
)


@given(any_items, st.sampled_from(PriceMode), st.sampled_from([D(0), D(3), D("12.5"), D("-7.5")]), st.booleans())
def test_sums_are_exact_whatever_is_sold(lines, mode, discount, cancelled):
    document = invoice(lines, mode=mode, discount_percent=discount)
    if cancelled:
        document = samples.cancellation(document)
    assert_exact(read(document), cent_of_tax=D("0.01") if mode == PriceMode.GROSS else D(0))


def test_gross_prices_keep_the_displayed_total():
    found = read(samples.gross_prices())
    assert (found["BT-109"], found["BT-110"], found["BT-112"]) == ("25.18", "4.79", "29.97")


def test_a_document_discount_is_one_allowance_per_rate():
    found = read(samples.mixed_rates())
    assert [(each["vat_rate"], each["base_amount"], each["rate"], each["amount"]) for each in found["BG-20"]] == [
        ("7", "362.31", "10", "36.23"),
        ("19", "860.25", "10", "86.03"),
    ]


def test_a_surcharge_is_a_charge_never_a_negative_allowance():
    found = read(samples.surcharges())
    assert "BG-20" not in found and "BT-107" not in found
    words = ("vat_rate", "base_amount", "rate", "amount", "reason", "reason_code")
    assert [tuple(each[word] for word in words) for each in found["BG-21"]] == [
        ("7", "362.31", "15", "54.35", "Zuschlag", "ABK"),
        ("19", "404.22", "15", "60.63", "Zuschlag", "ABK"),
    ]
    assert (found["BT-106"], found["BT-108"], found["BT-109"]) == ("766.53", "114.98", "881.51")
    night, _rain, valve = found["BG-25"]
    assert [(each["base_amount"], each["rate"], each["amount"]) for each in night["BG-28"]] == [
        ("238.00", "50", "119.00")
    ]
    assert "BG-27" not in night and "BG-28" not in valve
    assert [each["amount"] for each in valve["BG-27"]] == ["2.48"]


def test_a_cancelled_surcharge_is_taken_back_as_a_charge():
    found = read(samples.cancellation(samples.surcharges()))
    assert [each["amount"] for each in found["BG-21"]] == ["-54.35", "-60.63"]
    assert (found["BT-108"], found["BT-109"]) == ("-114.98", "-881.51")


def test_a_small_business_is_exempt_with_a_reason_and_an_identifier():
    found = read(samples.small_business())
    (group,) = found["BG-23"]
    assert (group["BT-118"], group["BT-119"], group["BT-117"]) == ("E", "0", "0.00")
    assert group["BT-120"] == "Umsatzsteuerfrei nach § 19 UStG (Kleinunternehmer)"
    assert "BT-121" not in group
    assert found["BG-4"]["identifiers"] == {None: samples.SMALL_SELLER.tax_number}


def test_photovoltaics_has_a_zero_rate_without_a_reason():
    found = read(samples.photovoltaics())
    zero = next(group for group in found["BG-23"] if group["BT-118"] == "Z")
    assert (zero["BT-119"], zero["BT-117"], "BT-120" in zero) == ("0", "0.00", False)
    assert any("§ 12 Abs. 3 UStG" in note["BT-22"] for note in found["BG-1"])


def test_reverse_charge_names_the_debtor():
    (group,) = read(GOLDEN["reverse_charge"])["BG-23"]
    assert (group["BT-118"], group["BT-121"]) == ("AE", "VATEX-EU-AE")
    assert group["BT-120"].startswith("Steuerschuldnerschaft des Leistungsempfängers")


def test_a_cancellation_points_at_its_invoice_and_asks_for_nothing():
    found = read(samples.cancellation())
    assert found["BG-3"] == [{"BT-25": "RE-2026-0042", "BT-26": samples.TODAY}]
    assert found["BT-81"] == "97"
    assert "BT-9" not in found and "BT-84" not in found


def test_payment_goes_to_the_account_holder():
    found = read(invoice())
    assert found["BT-81"] == "58"
    assert (found["BT-84"], found["BT-85"]) == ("DE89370400440532013000", "Jana Haselbach")
    assert found["BT-83"] == "RE-2026-0042"


def test_a_period_keeps_its_last_day_as_day_of_supply():
    found = read(GOLDEN["period"])
    assert (found["BT-73"], found["BT-74"], found["BT-72"]) == (
        date(2026, 11, 16),
        date(2026, 11, 18),
        date(2026, 11, 18),
    )
    assert found["BT-14"] == "AU-2026-0031"


def test_an_authority_gets_an_xrechnung_with_its_routing_number():
    assert profile_for(GOLDEN["authority"]) is XRECHNUNG
    assert profile_for(GOLDEN["standard"]) is EN16931
    assert build_cii(GOLDEN["authority"]) == build_cii(GOLDEN["authority"], XRECHNUNG)
    found = read(GOLDEN["authority"])
    assert found["BT-10"] == "991-33333TEST-33"
    assert (found["BG-7"]["einvoicing_addr"], found["BG-7"]["einvoicing_addr_schemeid"]) == ("991-33333TEST-33", "0204")
    plain, special = (build_cii(GOLDEN["authority"], profile) for profile in (EN16931, XRECHNUNG))
    assert special.replace(XRECHNUNG.guideline.encode(), EN16931.guideline.encode()) == plain


def test_headings_and_texts_go_with_their_line():
    found = read(GOLDEN["headings_and_texts"])
    (line,) = found["BG-25"]
    assert line["BT-127-00"] == [{"BT-127": "Montage\nDanach besenrein."}]
    assert {"BT-22": "Vor Beginn räumen Sie bitte den Flur frei."} in found["BG-1"]


def test_the_labour_share_is_in_the_structured_part_too():
    notes = [note["BT-22"] for note in read(invoice(labour=True))["BG-1"]]
    assert any("440,00 EUR netto + 83,60 EUR USt = 523,60 EUR" in note for note in notes)


def test_material_alone_has_no_labour_to_speak_of():
    lines = [samples.piece("1", "Möbelgriff Messing", "3", "9.99")]
    assert not any("§ 35a" in note["BT-22"] for note in read(invoice(lines, labour=True))["BG-1"])


def test_a_trading_name_stands_beside_the_legal_one():
    seller = replace(
        samples.SELLER,
        legal_name="Haselbach Möbelbau GmbH",
        register_court="Amtsgericht Hamburg",
        register_number="HRB 123456",
    )
    found = read(invoice(seller=seller))["BG-4"]
    assert (found["name"], found["biz_name"]) == ("Haselbach Möbelbau GmbH", "Tischlerei Haselbach")
    assert found["legal_info"] == "Inhaber: Jana Haselbach · Amtsgericht Hamburg, HRB 123456"


def test_markup_and_control_characters_are_text():
    hostile = "<img src=file:///etc/passwd> & \x00\x0b\x1b]]>"
    (line,) = read(invoice([item(text=hostile)]))["BG-25"]
    assert line["BT-153"] == "<img src=file:///etc/passwd> & ]]>"


def test_equal_positions_are_numbered_anew():
    found = read(invoice([item("1"), item("1"), item("")]))
    assert [line["BT-126"] for line in found["BG-25"]] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "document",
    [invoice(number=None), invoice(issued_on=None), samples.quote_with_choices()],
    ids=["draft", "undated", "quote"],
)
def test_only_issued_invoices_have_a_structured_form(document):
    with pytest.raises(ValueError, match="no structured form"):
        build_cii(document)


@golden
def test_no_element_is_empty(name):
    from lxml import etree

    for element in etree.fromstring(build_cii(GOLDEN[name])).iter():
        assert len(element) or (element.text and element.text.strip())

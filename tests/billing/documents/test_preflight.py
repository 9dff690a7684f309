"""What an invoice must say before it gets a number: each thing left out gives exactly one sentence."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing import tax_cases
from billing.documents.model import CostPart, calculated
from billing.documents.preflight import preflight
from billing.money import VAT_19, VAT_EXEMPT, VAT_REVERSE_CHARGE, CostKind, PriceMode, Vat

from . import samples
from .samples import invoice, item, piece

D = Decimal
DRAFT = {"number": None, "issued_on": None}
SMALL = {"street": "", "postcode": "", "city": ""}


def without(document, path):
    """The document with one field emptied; `path` names seller, buyer, the first line or the document itself."""
    where, _, name = path.rpartition(".")
    if where == "line":
        first, *others = document.lines
        return calculated(replace(document, lines=(emptied(first, name), *others)))
    if where:
        return replace(document, **{where: emptied(getattr(document, where), name)})
    return emptied(document, name)


def emptied(thing, *names):
    blank = {str: "", Decimal: D(0)}
    return replace(thing, **{name: blank.get(type(getattr(thing, name))) for name in names})


@pytest.mark.parametrize(
    "document",
    [
        invoice(**DRAFT),
        samples.mixed_rates(**DRAFT),
        samples.gross_prices(**DRAFT),
        samples.surcharges(**DRAFT),
        samples.small_business(**DRAFT),
        samples.photovoltaics(**DRAFT),
        samples.cancellation(),
        invoice(buyer=samples.PUBLIC, **DRAFT),
        invoice([item(vat=VAT_REVERSE_CHARGE)], buyer=samples.BUSINESS, tax_case="reverse_charge", **DRAFT),
    ],
)
def test_a_complete_document_may_be_issued(document):
    assert preflight(document) == []


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("seller.name", "seller.name"),
        ("seller.street", "seller.street"),
        ("seller.postcode", "seller.postcode"),
        ("seller.city", "seller.city"),
        ("seller.iban", "seller.iban"),
        ("seller.account_holder", "seller.account_holder"),
        ("buyer.name", "buyer.name"),
        ("buyer.street", "buyer.street"),
        ("buyer.postcode", "buyer.postcode"),
        ("buyer.city", "buyer.city"),
        ("buyer.country", "buyer.country"),
        ("line.text", "lines.1.text"),
        ("line.quantity", "lines.1.quantity"),
        ("line.unit_code", "lines.1.unit"),
    ],
)
def test_each_missing_field_is_named_once(path, field):
    assert [problem.field for problem in preflight(without(invoice(**DRAFT), path))] == [field]


def only(document):
    (problem,) = preflight(document)
    return problem


def test_the_sentence_names_what_is_missing_and_what_to_do():
    problem = only(invoice(service_from=None, service_until=None))
    assert problem.field == "service_from"
    assert problem.message == (
        "Für diese Rechnung fehlt noch: Leistungsdatum. "
        "Tragen Sie ein, wann die Arbeit ausgeführt wurde, auch wenn es heute war."
    )
    assert not problem.is_warning


def test_one_tax_number_is_enough_none_is_not():
    assert preflight(invoice(seller=replace(samples.SELLER, vat_id=""))) == []
    assert preflight(invoice(seller=replace(samples.SELLER, tax_number=""))) == []
    assert only(invoice(seller=replace(samples.SELLER, vat_id="", tax_number=""))).field == "seller.tax_number"


def test_one_day_of_supply_is_enough():
    assert preflight(invoice(service_from=None)) == []
    assert preflight(invoice(service_until=None)) == []


def test_a_payment_term_or_a_day_is_enough():
    assert preflight(invoice(due_on=None)) == []
    assert preflight(invoice(payment_terms="")) == []
    assert only(invoice(due_on=None, payment_terms="")).field == "due_on"


def test_an_invoice_without_positions_is_refused():
    assert [problem.field for problem in preflight(invoice([], service_from=None, service_until=None))] == ["lines"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"service_from": date(2026, 11, 19)}, "service_until"),
        ({"seller": replace(samples.SELLER, iban="DE89370400440532013001")}, "seller.iban"),
        ({"seller": replace(samples.SELLER, vat_id="DE123456789")}, "seller.vat_id"),
        ({"lines": [item(unit="pauschal", unit_code="PAU")]}, "lines.1.unit"),
        ({"lines": [item(unit="Stk.", unit_code="STK")]}, "lines.1.unit"),
        ({"lines": [item(vat=Vat("S", D(16)))]}, "lines.1.vat"),
        ({"lines": [item(vat=VAT_EXEMPT)], "notes": ()}, "lines.1.vat"),
        ({"seller": samples.SMALL_SELLER}, "lines.1.vat"),
        ({"buyer": replace(samples.PUBLIC, leitweg_id="04011000-12345-34")}, "buyer.leitweg_id"),
        ({"buyer": replace(samples.PUBLIC, leitweg_id="")}, "buyer.leitweg_id"),
    ],
)
def test_wrong_data_is_refused(changes, field):
    assert only(invoice(**changes)).field == field


def test_a_line_without_vat_is_refused():
    document = invoice()
    document = replace(document, lines=(replace(document.lines[0], vat=None),))
    assert only(document).field == "lines.1.vat"


@pytest.mark.parametrize(
    ("seller", "field"),
    [
        ({"contact_name": "", "owner": ""}, "seller.contact_name"),
        ({"phone": "04"}, "seller.phone"),
        ({"email": ""}, "seller.email"),
    ],
)
def test_an_authority_wants_a_contact(seller, field):
    seller = replace(samples.SELLER, **seller)
    assert only(invoice(seller=seller, buyer=samples.PUBLIC)).field == field
    assert preflight(invoice(seller=seller)) == []


def test_reverse_charge_wants_a_number_of_the_buyer():
    buyer = replace(samples.BUSINESS, vat_id="")
    assert only(cased("reverse_charge", buyer=buyer)).field == "buyer.vat_id"
    buyer = replace(buyer, registration_number="HRB 4711")
    assert preflight(cased("reverse_charge", buyer=buyer)) == []


VIENNA = replace(samples.BUSINESS, country="AT", vat_id="ATU13585627")
ZURICH = replace(samples.BUSINESS, country="CH", vat_id="")


def cased(case, *, vat=None, **changes):
    """A draft under a tax case, its one row taxed as the case says or with `vat`."""
    row = item(vat=vat or tax_cases.vat(case, samples.TODAY) or VAT_19)
    return invoice([row], tax_case=case, **{"buyer": samples.BUSINESS} | changes, **DRAFT)


@pytest.mark.parametrize(
    ("case", "consumer", "business", "vienna", "zurich"),
    [
        ("domestic", None, None, None, None),
        ("reverse_charge", "buyer.vat_id tax_case", None, None, "buyer.vat_id"),
        ("eu_service", "tax_case", "buyer.vat_id", None, "buyer.vat_id"),
        ("eu_goods", "tax_case deliver_to", "buyer.vat_id deliver_to", None, "buyer.vat_id deliver_to"),
        ("export", "deliver_to", "deliver_to", "deliver_to", None),
        ("third_country_service", "tax_case buyer.country", "buyer.country", "buyer.country", None),
        ("exempt", None, None, None, None),
    ],
)
def test_which_customer_may_have_which_tax_case(case, consumer, business, vienna, zurich):
    expected = [consumer, business, vienna, zurich]
    buyers = [samples.CONSUMER, samples.BUSINESS, VIENNA, ZURICH]
    exemption = "§ 4 Nr. 12 Buchst. a" if case == "exempt" else ""
    found = [preflight(cased(case, buyer=buyer, exemption=exemption)) for buyer in buyers]
    assert [" ".join(problem.field for problem in problems) or None for problems in found] == expected


@pytest.mark.parametrize("case", [each for each in tax_cases.TaxCase if each != "domestic"])
def test_tax_shown_without_right_is_refused_in_every_case(case):
    """§ 14c UStG, R20: in no case but the ordinary one may a row carry tax."""
    buyer = ZURICH if case in {"export", "third_country_service"} else VIENNA
    problem = only(cased(case, vat=VAT_19, buyer=buyer, exemption="§ 4 Nr. 12"))
    assert (problem.field, problem.is_warning) == ("lines.1.vat", False)


@pytest.mark.parametrize("case", [each for each in tax_cases.TaxCase if each != "domestic"])
def test_a_small_business_has_no_other_tax_case(case):
    """R31: its building work is exempt, so there is no reverse charge."""
    document = cased(case, vat=VAT_EXEMPT, seller=replace(samples.SELLER, small_business=True), buyer=VIENNA)
    assert only(document).field == "tax_case"


@pytest.mark.parametrize("vat", [VAT_REVERSE_CHARGE, Vat("K", D(0)), Vat("G", D(0)), Vat("O", D(0)), VAT_EXEMPT])
def test_a_row_cannot_leave_out_the_tax_by_itself(vat):
    assert only(invoice([item(vat=vat)], buyer=VIENNA, notes=(), **DRAFT)).field == "lines.1.vat"


@pytest.mark.parametrize(
    ("case", "changes", "fields"),
    [
        ("eu_service", {"seller": replace(samples.SELLER, vat_id="")}, ["seller.vat_id"]),
        ("eu_goods", {"buyer": replace(VIENNA, vat_id="")}, ["buyer.vat_id"]),
        ("eu_goods", {"deliver_to": "DE"}, ["deliver_to"]),
        ("eu_goods", {"deliver_to": "IT"}, []),
        ("export", {"seller": replace(samples.SELLER, vat_id=""), "buyer": ZURICH}, ["seller.vat_id"]),
        ("export", {"buyer": VIENNA, "deliver_to": "CH"}, []),
        ("export", {"buyer": replace(samples.CONSUMER, country="NO")}, []),
        ("exempt", {"exemption": ""}, ["exemption"]),
        ("reverse_charge", {"mode": PriceMode.GROSS}, ["mode"]),
    ],
)
def test_what_a_tax_case_needs_is_named(case, changes, fields):
    document = cased(case, **{"buyer": VIENNA} | changes)
    assert [problem.field for problem in preflight(document)] == fields


def test_reverse_charge_is_never_a_small_amount():
    """R33: full content even under 250 euros."""
    buyer = replace(samples.BUSINESS, **SMALL)
    document = cased("reverse_charge", buyer=buyer, service_from=None, service_until=None)
    assert document.totals.gross == D("440.00")
    small = calculated(replace(document, lines=(replace(document.lines[0], quantity=D(2)),)))
    assert small.totals.gross == D("110.00")
    assert [problem.field for problem in preflight(small)] == [
        "buyer.street", "buyer.postcode", "buyer.city", "service_from",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["Diverse Arbeiten", "reparatur laut absprache", "Sonstiges."])
def test_a_vague_name_is_a_warning(text):
    assert only(invoice([item(text=text)])).is_warning
    assert preflight(invoice([item(text=text, description="Scharniere ersetzt, Türen eingestellt")])) == []


@pytest.mark.parametrize(
    ("net", "fields"),
    [("210.08", []), ("210.09", ["buyer.street", "buyer.postcode", "buyer.city", "service_from"])],
)
def test_up_to_250_euros_the_buyer_needs_no_address(net, fields):
    document = invoice(
        [piece("1", "Schrank eingestellt", "1", net)],
        buyer=replace(samples.CONSUMER, **SMALL),
        service_from=None,
        service_until=None,
    )
    assert document.totals.gross == (D("250.00") if not fields else D("250.01"))
    assert [problem.field for problem in preflight(document)] == fields


def test_parts_that_do_not_make_up_their_price_are_refused():
    split = (CostPart(CostKind.LABOUR, D(35)), CostPart(CostKind.MATERIAL, D("19.50")))
    (problem,) = preflight(invoice([item(price="55.00", cost_split=split)], **DRAFT))
    assert (problem.field, problem.is_warning) == ("lines.1.cost_split", False)
    assert "ergeben 54,50\u00a0€, der Einzelpreis ist 55,00\u00a0€" in problem.message
    assert preflight(invoice([item(price="54.50", cost_split=split)], **DRAFT)) == []


def test_sums_that_do_not_fit_the_lines_are_refused():
    document = invoice()
    wrong = replace(document.totals, gross=document.totals.gross + D("0.01"))
    assert only(replace(document, totals=wrong)).field == "totals"


@pytest.mark.parametrize(("name", "field"), [("preceding", "preceding"), ("reason", "reason")])
def test_a_cancellation_names_its_invoice_and_its_reason(name, field):
    assert only(emptied(samples.cancellation(), name)).field == field


def test_a_cancellation_takes_back():
    assert only(samples.cancellation(lines=(item(),))).field == "totals"


def test_sixteen_percent_were_right_in_autumn_2020():
    day = {"service_from": date(2020, 10, 1), "service_until": date(2020, 10, 1)}
    assert preflight(invoice([item(vat=Vat("S", D(16)))], **day)) == []
    assert only(invoice([item(vat=VAT_19)], **day)).field == "lines.1.vat"

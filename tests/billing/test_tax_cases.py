"""Every tax case from the draft to the frozen invoice, to the cent: cases 1 to 11 and 18 of the test pack (legal-de.md,
section 12), worked out by hand; and what would owe tax without right is refused (R20).
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts import formats
from billing import corrections, invoices, part_payments, payments, standing_invoices, tax_cases, tax_decisions
from billing.documents.model import LabourShare
from billing.money import VAT_0, VAT_7, VAT_19, VAT_EXEMPT, Vat
from billing.tax_decisions import Decision
from crm import customers
from crm.models import Site, VatIdCheck
from tests import make

D = Decimal
DAY = date(2026, 11, 2)
REVERSE = Vat("AE", D(0))


@pytest.fixture(autouse=True)
def firm(business):
    """The business, with a VAT ID."""
    business.vat_id = "DE123456788"
    business.save()
    return business


def draft(customer, *lines, **fields):
    """A draft for work of 2 November 2026; `decision` as the answers of the page."""
    if decision := fields.pop("decision", None):
        fields["tax_decision"] = tax_decisions.to_json(decision)
    rows = list(lines) or [make.line("Wand gemauert", "1", "1000")]
    return invoices.create(customer, by=None, title="Arbeiten", lines=rows, **{"service_from": DAY} | fields)


def issued(*args, **fields):
    """What was issued, and its row."""
    invoice = draft(*args, **fields)
    invoices.issue(invoice, by=None)
    return invoice.frozen_document, invoice


def sums(document):
    totals = document.totals
    return totals.net, totals.tax, totals.gross


def groups(document):
    return [(group.vat, group.net, group.tax) for group in document.totals.groups]


def missing(invoice):
    return [field for field, _sentence in invoices.problems(invoice)]


def doubts(invoice):
    return [field for field, _sentence in invoices.warnings(invoice)]


def builder(**fields):
    """A building firm with a USt 1 TG."""
    facts = {
        "company_name": "Hansa Bau GmbH", "vat_id": "DE136695976", "builder_certificate": "TG-4711",
        "builder_from": date(2025, 1, 1), "builder_until": date(2027, 12, 31),
    }  # fmt: skip
    return make.make_company(**facts | fields)


def vienna(*, result="valid", days_ago=3, **fields):
    """A firm in Vienna whose VAT ID was asked about."""
    customer = make.make_company(
        "Wiener Möbelhaus GmbH",
        **{"country": "AT", "vat_id": "ATU13585627", "postcode": "1010", "city": "Wien", **fields},
    )
    if result:
        VatIdCheck.objects.create(
            customer=customer, vat_id="ATU13585627", result=result, request_id="V-77",
            checked_at=timezone.now() - timedelta(days=days_ago),
        )  # fmt: skip
    return customer


BUILT = Decision(work="building", builder="certificate")


def test_case_1_renovation_for_a_private_customer(business):
    """R18: 500 labour, 40 travel, 60 machine, 400 material, less 5 %."""
    document, _invoice = issued(
        make.make_customer(),
        make.line("Fenster ausgebaut und eingesetzt", "10", "50", cost_kind="labour"),
        make.line("Anfahrt", "1", "40", cost_kind="travel"),
        make.line("Hebegerät", "1", "60", cost_kind="machine"),
        make.line("Fenster", "2", "200"),
        discount_percent=D(5),
    )
    assert sums(document) == (D("950.00"), D("180.50"), D("1130.50"))
    assert document.labour == LabourShare(D("570.00"), D("108.30"))
    assert document.labour.gross == D("678.30")
    retention, default = document.notes
    assert "§ 14b Abs. 1 Satz 5 UStG" in retention and "§ 286 Abs. 3 BGB" in default


def test_no_favoured_labour_outside_of_the_household(business):
    document, _invoice = issued(make.make_customer(), is_property_work=False)
    assert document.labour is None
    (default,) = document.notes
    assert "§ 286 Abs. 3 BGB" in default


def test_case_2_a_firm_with_skonto(business):
    document, _invoice = issued(
        make.make_company(vat_id="DE811569869"),
        make.line("Theke gebaut", "1", "4200"),
        skonto_percent=D(2),
        skonto_days=14,
    )
    assert sums(document) == (D("4200.00"), D("798.00"), D("4998.00"))
    assert (document.skonto.percent, document.skonto.days) == (D(2), 14)
    assert (document.labour, document.notes) == (None, ())


def test_case_3_building_work_for_a_builder(business):
    document, invoice = issued(
        builder(),
        make.line("Trockenbau", "83.2", "150.0066", vat_rate=D(19)),
        tax_case="reverse_charge",
        decision=BUILT,
    )
    assert sums(document) == (D("12480.55"), D("0.00"), D("12480.55"))
    assert groups(document) == [(REVERSE, D("12480.55"), D("0.00"))]
    assert document.notes == ("Steuerschuldnerschaft des Leistungsempfängers (§ 13b UStG).",)
    assert (document.tax_case, document.is_construction, invoice.tax) == ("reverse_charge", True, 0)
    noted = tax_decisions.of(invoice)
    assert (noted.ground, noted.supplied_on, noted.net) == ("owed", DAY, D("12480.55"))
    assert noted.certificate == "TG-4711 (1. Januar 2025 – 31. Dezember 2027)"


def test_a_reduction_is_taxed_as_its_invoice(business):
    """R16: what was noted for the work is not judged anew by the small sum."""
    repair = Decision(work="building", builder="certificate", is_repair=True)
    _document, invoice = issued(
        builder(), make.line("Sockel erneuert", "1", "2000"), tax_case="reverse_charge", decision=repair
    )
    reduction = corrections.reduce(invoice, amount=D(100), reason="Kratzer", by=None)
    assert groups(reduction.frozen_document) == [(REVERSE, D("-100.00"), D("0.00"))]
    assert tax_decisions.of(reduction).ground == "owed"
    cancelled = invoices.cancel(reduction, by=None, reason="Irrtum").frozen_document
    assert (cancelled.tax_case, sums(cancelled)) == ("reverse_charge", (D("100.00"), D("0.00"), D("100.00")))


def test_parts_of_a_job_are_taxed_alike(business):
    """The final invoice follows its part payments; a small part of a large repair is judged by the whole."""
    repair = Decision(work="building", builder="certificate", is_repair=True)
    customer = builder(builder_from=None, builder_until=None)  # the days are told after the order
    order = make.make_order(make.make_sent_quote(customer, lines=[make.line("Fassade", "1", "10000")]))
    customers.change(customer, builder_from=date(2025, 1, 1), builder_until=date(2027, 12, 31))
    part = part_payments.draft(order, by=None, basis=part_payments.Basis.AMOUNT, value=D(400))
    assert part.tax == D("76.00")
    part = invoices.change(
        part, service_from=DAY, tax_case="reverse_charge", tax_decision=tax_decisions.to_json(repair)
    )
    invoices.issue(part, by=None)
    assert (part.gross, tax_decisions.of(part).net) == (D("400.00"), D("10000.00"))
    payments.record(part, amount=D(400), received_on=timezone.localdate(), by=None)
    last = invoices.change(invoices.draft_from_order(order, by=None), service_from=DAY)
    assert (last.tax_case, tax_decisions.of(last)) == ("reverse_charge", repair)
    invoices.issue(last, by=None)
    assert (last.net, last.tax, last.gross) == (D("9600.00"), D("0.00"), D("9600.00"))


def test_what_is_billed_again_and_again_keeps_its_answers(business):
    """A maintenance contract with a builder is judged anew for each period, by the same answers."""
    cleaning = Decision(work="cleaning", builder="known")
    row = make.line("Glasreinigung", "1", "800")
    _document, first = issued(builder(), row, tax_case="reverse_charge", decision=cleaning)
    standing = standing_invoices.create_from(first, by=None, starts_on=timezone.localdate(), every=1)
    assert tax_decisions.from_json(standing.tax_decision) == cleaning
    again = standing_invoices.bill(standing, by=None, until=timezone.localdate() + timedelta(days=40))
    assert (missing(again), again.tax, tax_decisions.of(again)) == ([], 0, cleaning)


def test_the_literal_words_stand_in_every_language(business):
    document, _invoice = issued(builder(language="en"), tax_case="reverse_charge", decision=BUILT)
    assert "Steuerschuldnerschaft des Leistungsempfängers" in document.notes[0]


def test_case_4_a_small_repair_for_a_builder(business):
    repair = Decision(work="building", builder="certificate", is_repair=True)
    lines = [make.line("Türzarge gerichtet", "6", "80")]
    assert missing(draft(builder(), *lines, tax_case="reverse_charge", decision=repair)) == ["is_repair"]
    document, invoice = issued(builder(), *lines, decision=repair)
    assert sums(document) == (D("480.00"), D("91.20"), D("571.20"))
    assert tax_decisions.of(invoice).ground == "small_repair"


def test_a_repair_above_500_euros_is_the_builders_to_tax(business):
    repair = Decision(work="building", builder="certificate", is_repair=True)
    lines = [make.line("Türzarge ersetzt", "6.5", "80")]
    assert missing(draft(builder(), *lines, decision=repair)) == ["tax_case"]
    document, _invoice = issued(builder(), *lines, tax_case="reverse_charge", decision=repair)
    assert sums(document) == (D("520.00"), D("0.00"), D("520.00"))


def test_case_5_photovoltaics(business):
    zero = {"vat_rate": D(0), "vat_category": "Z"}
    lines = [make.line("PV-Anlage 9,8 kWp montiert", "1", "14250", **zero), make.line("Wallbox", "1", "1180")]
    document, _invoice = issued(make.make_customer(), *lines, decision=Decision(is_operator=True, kwp=D("9.8")))
    assert sums(document) == (D("15430.00"), D("224.20"), D("15654.20"))
    assert groups(document) == [(VAT_19, D("1180.00"), D("224.20")), (VAT_0, D("14250.00"), D("0.00"))]
    assert document.notes[0].startswith("0 % USt (§ 12 Abs. 3 UStG)")


@pytest.mark.parametrize(
    ("decision", "field"),
    [
        (None, "is_operator"),
        (Decision(kwp=D("9.8"), pv_place="home"), "is_operator"),
        (Decision(is_operator=True), "kwp"),
        (Decision(is_operator=True, kwp=D("30.1")), "kwp"),
        (Decision(is_operator=True, kwp=D("30.1"), pv_place="other"), "kwp"),
        (Decision(is_operator=True, kwp=D("30")), None),
        (Decision(is_operator=True, kwp=D("99"), pv_place="home"), None),
        (Decision(is_operator=True, pv_place="public"), None),
    ],
)
def test_zero_percent_is_for_operators_of_small_or_homely_systems(business, decision, field):
    row = make.line("PV-Anlage", "1", "14250", vat_rate=D(0), vat_category="Z")
    assert missing(draft(make.make_customer(), row, decision=decision)) == ([field] if field else [])


def test_case_6_a_small_business(business):
    business.small_business_periods.create(valid_from=date(2025, 1, 1))
    document, _invoice = issued(
        make.make_customer(),
        make.line("Fenster ausgebessert", "6", "52", cost_kind="labour"),
        make.line("Leinöl", "1", "18.40"),
    )
    assert sums(document) == (D("330.40"), D("0.00"), D("330.40"))
    assert groups(document) == [(VAT_EXEMPT, D("330.40"), D("0.00"))]
    assert document.notes[0] == "Steuerfreier Umsatz – Kleinunternehmer (§ 19 UStG)."
    assert document.labour == LabourShare(D("312.00"), D("0.00"))


def test_the_status_at_the_time_of_supply_counts(business):
    """R30: switching does not alter what was done before."""
    business.small_business_periods.create(valid_from=date(2025, 1, 1), valid_until=date(2026, 10, 31))
    assert issued(make.make_customer(), service_from=date(2026, 10, 30))[0].totals.tax == 0
    assert issued(make.make_customer(), service_from=date(2026, 11, 1))[0].totals.tax == D("190.00")


@pytest.mark.parametrize(
    ("price", "tax", "gross", "fields"),
    [
        ("210.08", "39.92", "250.00", []),
        ("210.09", "39.92", "250.01", ["buyer.street", "buyer.postcode", "buyer.city", "service_from"]),
    ],
)
def test_case_7_a_small_amount(business, price, tax, gross, fields):
    nowhere = make.make_customer(street="", postcode="", city="")
    invoice = draft(nowhere, make.line("Schloss gängig gemacht", "1", price), service_from=None)
    assert (invoice.tax, invoice.gross) == (D(tax), D(gross))
    assert missing(invoice) == fields


def test_a_200_euro_invoice_under_13b_needs_everything(business):
    """R5, R33."""
    nowhere = builder(street="", postcode="", city="")
    row = make.line("Riss verschlossen", "1", "200")
    invoice = draft(nowhere, row, service_from=None, tax_case="reverse_charge", decision=BUILT)
    assert missing(invoice) == ["buyer.street", "buyer.postcode", "buyer.city", "service_from"]


def test_case_8_a_service_for_a_firm_in_the_eu(business):
    document, invoice = issued(
        vienna(), make.line("Werkplanung", "3", "85.50"), tax_case="eu_service", is_property_work=False
    )
    assert sums(document) == (D("256.50"), D("0.00"), D("256.50"))
    assert groups(document) == [(REVERSE, D("256.50"), D("0.00"))]
    assert document.notes == ("Steuerschuldnerschaft des Leistungsempfängers (§ 3a Abs. 2 UStG).",)
    assert (document.seller.vat_id, document.buyer.vat_id) == ("DE123456788", "ATU13585627")
    assert tax_decisions.of(invoice).vat_id_check.startswith("ATU13585627, gültig, ")


def test_case_9_goods_within_the_eu(business):
    document, _invoice = issued(vienna(), make.line("Tisch Eiche", "2", "1249.99"), tax_case="eu_goods")
    assert sums(document) == (D("2499.98"), D("0.00"), D("2499.98"))
    assert groups(document) == [(Vat("K", D(0)), D("2499.98"), D("0.00"))]
    assert document.notes == ("Steuerfreie innergemeinschaftliche Lieferung (§ 4 Nr. 1b, § 6a UStG).",)


@pytest.mark.parametrize("case", ["eu_service", "eu_goods"])
@pytest.mark.parametrize(
    ("check", "fields"),
    [
        ({}, []),
        ({"result": None}, ["buyer.vat_id_check"]),
        ({"result": "invalid"}, ["buyer.vat_id_check"]),
        ({"days_ago": 89}, []),
        ({"days_ago": 91}, ["buyer.vat_id_check"]),
    ],
)
def test_across_the_eu_the_vat_id_was_asked_about(business, case, check, fields):
    assert missing(draft(vienna(**check), tax_case=case, is_property_work=False)) == fields


def test_a_check_of_another_number_does_not_count(business):
    customer = vienna()
    customer.vat_id = "ATU62765626"
    customer.save()
    assert missing(draft(customer, tax_case="eu_goods")) == ["buyer.vat_id_check"]


def test_case_10_two_rates_and_a_discount(business):
    """R14: 860.25 at 19 % and 362.31 at 7 %; of the discount of 122.26 they bear 86.03 and 36.23."""
    document, _invoice = issued(
        make.make_company(vat_id="DE811569869"),
        make.line("Garten angelegt", "12", "48.50", unit="HUR"),
        make.line("Rollrasen", "85.5", "4.2375", unit="MTK", vat_rate=D(7)),
        make.line("Randsteine", "40", "7.95", discount_percent=D("12.5")),
        discount_percent=D(10),
    )
    assert (document.totals.line_sum, document.totals.discount) == (D("1222.56"), D("122.26"))
    assert groups(document) == [(VAT_7, D("326.08"), D("22.83")), (VAT_19, D("774.22"), D("147.10"))]
    assert sums(document) == (D("1100.30"), D("169.93"), D("1270.23"))


def test_case_11_prices_with_tax(business):
    """R13: 25.18 times 19 % would be 4.78 and change the price that was agreed."""
    document, _invoice = issued(make.make_customer(), make.line("Möbelgriff", "3", "9.99"), mode="gross")
    assert sums(document) == (D("25.18"), D("4.79"), D("29.97"))


def test_an_export(business):
    zurich = make.make_company("Zürcher Möbel AG", country="CH", postcode="8001", city="Zürich")
    document, _invoice = issued(zurich, make.line("Tisch", "1", "900"), tax_case="export")
    assert groups(document) == [(Vat("G", D(0)), D("900.00"), D("0.00"))]
    assert document.notes == ("Steuerfreie Ausfuhrlieferung (§ 4 Nr. 1a, § 6 UStG).",)


def test_a_service_for_a_firm_outside_of_the_eu(business):
    zurich = make.make_company("Zürcher Möbel AG", country="CH", postcode="8001", city="Zürich")
    document, _invoice = issued(zurich, tax_case="third_country_service", is_property_work=False)
    assert groups(document) == [(Vat("O", D(0)), D("1000.00"), D("0.00"))]
    assert document.notes == ("Nicht im Inland steuerbare Leistung (§ 3a Abs. 2 UStG).",)


def test_an_exemption_names_its_paragraph(business):
    decision = Decision(exemption=tax_cases.exemption("12 a"))
    document, _invoice = issued(
        make.make_company(), make.line("Werkstatt vermietet", "1", "300"), tax_case="exempt", decision=decision
    )
    assert groups(document) == [(VAT_EXEMPT, D("300.00"), D("0.00"))]
    assert document.notes == ("Umsatzsteuerfrei nach § 4 Nr. 12 Buchst. a UStG.",)
    assert tax_cases.reason("exempt", DAY, exemption=document.exemption) == (document.notes[0].rstrip("."), None)


@pytest.mark.parametrize(
    ("typed", "cited"),
    [("12 a", "§ 4 Nr. 12 Buchst. a"), ("§ 4 Nr. 21 Buchst. a UStG", "§ 4 Nr. 21 Buchst. a"), ("28", "§ 4 Nr. 28")],
)
def test_exemptions_are_cited_in_one_way(typed, cited):
    assert tax_cases.exemption(typed) == cited


@pytest.mark.parametrize("typed", ["", "1 b", "7", "30", "zwölf", "12 a und b"])
def test_what_is_no_exemption_is_refused(typed):
    with pytest.raises(ValueError, match="^" + typed):
        tax_cases.exemption(typed)


def test_the_rows_get_their_rates_back(business):
    """A case can be taken back: what the rows said stays."""
    invoice = draft(builder(), make.line("Trockenbau", "1", "100", vat_rate=D(7)), tax_case="reverse_charge")
    assert invoice.tax == 0
    assert invoices.change(invoice, tax_case="domestic").tax == D("7.00")


# --- what would owe tax without right (R20, R21) -----------------------------------------------------------------------
OTHER = Decision(work="other")


@pytest.mark.parametrize(
    ("decision", "domestic", "reverse_charge"),
    [
        (None, ["work"], ["work"]),
        (Decision(work="building"), ["builder"], ["builder"]),
        (BUILT, ["tax_case"], []),
        (OTHER, [], ["work"]),
        (Decision(work="building", builder="no"), [], ["builder"]),
        (Decision(work="doubtful", builder="known"), ["agreed_on"], ["agreed_on"]),
        (Decision(work="doubtful", builder="known", agreed_on=DAY), ["tax_case"], []),
    ],
)
def test_tax_and_answers_must_agree_for_a_certified_builder(business, decision, domestic, reverse_charge):
    assert missing(draft(builder(), decision=decision)) == domestic
    assert missing(draft(builder(), decision=decision, tax_case="reverse_charge")) == reverse_charge


def test_a_certificate_that_ran_out_before_the_work_does_not_count(business):
    late = builder(builder_until=DAY - timedelta(days=1))
    assert missing(draft(late, tax_case="reverse_charge", decision=BUILT)) == ["builder"]
    assert missing(draft(late, decision=BUILT)) == []


def test_building_work_for_any_firm_asks(business):
    firm = make.make_company(vat_id="DE811569869")
    assert (missing(draft(firm, is_construction=True)), doubts(draft(firm, is_construction=True))) == ([], ["work"])
    assert doubts(draft(firm)) == []


def test_an_authority_that_buys_for_itself_is_taxed(business):
    town = make.make_company("Stadt Musterhausen", kind="public", leitweg_id="991-33333TEST-33", email="a@b.example")
    decision = Decision(work="building", builder="known", is_private_sphere=True)
    assert missing(draft(town, tax_case="reverse_charge", decision=decision)) == ["buyer.vat_id", "is_private_sphere"]
    assert missing(draft(town, decision=decision)) == []


@pytest.mark.parametrize("case", ["domestic", "reverse_charge", "eu_service"])
def test_a_property_abroad_is_not_taxed_here(business, case):
    decision = Decision(work="building", builder="certificate", property_country="AT")
    assert "property_country" in missing(draft(vienna(), tax_case=case, decision=decision))


def test_without_an_answer_the_property_is_the_customers(business):
    assert missing(draft(vienna(), decision=OTHER)) == ["property_country"]
    assert missing(draft(vienna(), decision=Decision(property_country="DE"))) == []
    assert missing(draft(vienna(), is_property_work=False)) == []


def test_the_site_says_where_the_property_lies(business):
    customer = make.make_customer()
    site = Site.objects.create(
        customer=customer, label="Hütte", street="Alm 1", postcode="6020", city="Tirol", country="AT"
    )
    order = make.make_completed_order(make.make_sent_quote(customer, site=site))
    assert missing(make.make_draft_invoice(order)) == ["property_country"]


def test_work_on_a_property_here_is_no_service_abroad(business):
    decision = Decision(property_country="DE")
    assert missing(draft(vienna(), tax_case="eu_service", decision=decision)) == ["is_property_work"]


def test_german_tax_for_a_firm_abroad_is_doubted(business):
    assert doubts(draft(vienna(), is_property_work=False)) == ["tax_case"]
    assert doubts(draft(vienna(), is_property_work=False, tax_case="eu_service")) == []


# --- Kleinunternehmer (R27) ---------------------------------------------------------------------------------------------
def paid(amount):
    """An invoice of that sum, paid today."""
    row = make.line("Garten gepflegt", "1", amount)
    _document, invoice = issued(make.make_customer(), row, service_from=timezone.localdate())
    payments.record(invoice, amount=invoice.gross, received_on=timezone.localdate(), by=None)


def now(amount):
    return draft(make.make_customer(), make.line("Hecke", "1", amount), service_from=timezone.localdate())


def test_the_invoice_that_crosses_the_limit_must_be_taxed(business):
    business.small_business_periods.create(valid_from=date(2025, 1, 1))
    paid("95000")
    assert (missing(now("5000")), missing(now("5000.01")), missing(now("5500"))) == (
        [],
        *[["seller.small_business"]] * 2,
    )


def test_in_the_first_year_the_lower_limit_counts(business):
    business.small_business_periods.create(valid_from=timezone.localdate().replace(month=1, day=1))
    paid("24000")
    assert (missing(now("1000")), missing(now("2000"))) == ([], ["seller.small_business"])


def test_too_much_in_the_year_before_ends_it(business):
    business.small_business_periods.create(valid_from=date(2025, 1, 1))
    business.prior_year_turnover = D("25000.01")
    business.save()
    assert missing(now("10")) == ["seller.small_business"]


def test_what_is_still_open_is_doubted(business):
    business.small_business_periods.create(valid_from=date(2025, 1, 1))
    paid("95000")
    issued(make.make_customer(), make.line("Beet", "1", "3000"), service_from=timezone.localdate())
    assert (doubts(now("2000")), doubts(now("2000.01"))) == ([], ["seller.small_business"])


# --- Bauabzug (R19) -----------------------------------------------------------------------------------------------------
def building_work(price="10000", **fields):
    firm = make.make_company(vat_id="DE811569869")
    row = make.line("Dach gedeckt", "1", price)
    return draft(firm, row, is_construction=True, decision=Decision(work="building", builder="no"), **fields)


def test_case_18_without_a_certificate_15_percent_are_kept_back(business):
    ((field, sentence),) = invoices.warnings(building_work())
    assert field == "seller.exemption_certificate"
    assert "1.785,00\u00a0€" in sentence and "10.115,00\u00a0€" in sentence


def test_up_to_5000_euros_a_year_nothing_is_kept_back(business):
    assert doubts(building_work("4201.68")) == []  # 5,000.00 with VAT
    assert doubts(building_work("4201.69")) == ["seller.exemption_certificate"]


def test_a_certificate_is_named_on_the_invoice(business):
    today = timezone.localdate()
    business.exemption_certificate = "FB-2211"
    business.exemption_valid_until = today + timedelta(days=14)
    business.save()
    invoice = building_work()
    assert doubts(invoice) == []
    invoices.issue(invoice, by=None)
    (note,) = invoice.frozen_document.notes
    assert (
        f"§ 48b EStG liegt vor: Sicherheitsnummer FB-2211, gültig bis {formats.day(business.exemption_valid_until)}."
        in note
    )


def test_a_certificate_must_hold_when_the_customer_pays(business):
    business.exemption_certificate = "FB-2211"
    business.exemption_valid_until = timezone.localdate() + timedelta(days=13)
    business.save()
    assert doubts(building_work()) == ["seller.exemption_certificate"]
    assert doubts(building_work(payment_days=13)) == []

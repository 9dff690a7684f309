"""What belongs into a VAT return, by agreed and by received fees (R120)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing import vat_report
from billing.documents.model import Kind
from billing.ledger import Method, Receipt, Voucher, parts, shared_out
from billing.vat_report import IST, SOLL, Rule

from .documents.cases import CASES, final, part_payment
from .documents.samples import cancellation, invoice

D = Decimal
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def voucher(document, *receipts, about=None, supplied_on=None, pk=1) -> Voucher:
    """A document with money on it: (day, amount, method)."""
    rows = tuple(
        Receipt(pk * 100 + n, date.fromisoformat(day), D(amount), *method)
        for n, (day, amount, *method) in enumerate((*each, "transfer")[:3] for each in receipts)
    )
    supplied_on = supplied_on or document.service_until or document.issued_on
    number = document.preceding.number if document.preceding else document.number
    return Voucher(pk, document, 10042, number, about or document.kind, supplied_on, rows)


def by_month(vouchers, rule):
    """{(month, case): (net, tax)} of a year."""
    found = {}
    for each in (entry for one in vouchers for entry in vat_report.entries(one, rule)):
        net, tax = found.get((each.on.month, each.case), (D(0), D(0)))
        found[each.on.month, each.case] = (net + each.net, tax + each.tax)
    return {key: (str(net), str(tax)) for key, (net, tax) in found.items()}


def in_year(vouchers, rule):
    found = [entry for one in vouchers for entry in vat_report.entries(one, rule)]
    return {each.case: (each.net, each.tax) for each in vat_report.totals(found, first=YEAR[0], last=YEAR[1])}


def work(month="10", *receipts, **changes):
    """440.00 + 83.60, supplied on the 18th, invoiced in the month after."""
    day = date(2026, int(month), 18)
    document = invoice(service_from=day, service_until=day, issued_on=day.replace(month=day.month + 1), **changes)
    return voucher(document, *receipts)


def test_agreed_fees_are_taxed_in_the_month_of_supply_whenever_they_are_invoiced_or_paid():
    assert by_month([work("10", ("2026-12-20", "523.60"))], Rule(SOLL)) == {(10, "19"): ("440.00", "83.60")}


def test_received_fees_are_taxed_in_the_month_the_money_came_part_by_part():
    paid = work("09", ("2026-11-20", "300.00"), ("2026-12-20", "223.60"))
    assert by_month([paid], Rule(IST)) == {(11, "19"): ("252.10", "47.90"), (12, "19"): ("187.90", "35.70")}


@pytest.mark.parametrize("taxation", [SOLL, IST])
def test_part_payments_are_taxed_by_receipt_under_both_rules(taxation):
    asked = voucher(part_payment(), ("2026-09-10", "1785.00"))
    assert by_month([asked], Rule(taxation)) == {(9, "19"): ("1500.00", "285.00")}
    (sums,) = vat_report.totals(vat_report.entries(asked, Rule(taxation)), first=YEAR[0], last=YEAR[1])
    assert (sums.advance_net, sums.advance_tax) == (D("1500.00"), D("285.00"))


def test_part_payments_and_final_invoice_are_together_the_contract():
    """The example of R39c: 10,000 + 1,900."""
    whole = [
        voucher(part_payment("RE-2026-0051"), ("2026-09-10", "3570.00"), pk=1),
        voucher(part_payment("RE-2026-0059", "4000.00"), ("2026-10-12", "4760.00"), pk=2),
        voucher(final(), ("2026-12-05", "3570.00"), pk=3),
    ]
    assert by_month(whole, Rule(SOLL)) == {
        (9, "19"): ("3000.00", "570.00"),
        (10, "19"): ("4000.00", "760.00"),
        (11, "19"): ("3000.00", "570.00"),
    }
    assert in_year(whole, Rule(SOLL)) == in_year(whole, Rule(IST)) == {"19": (D("10000.00"), D("1900.00"))}


def test_a_cancellation_counts_on_its_own_day():
    original = invoice(service_from=None, service_until=date(2026, 10, 18), issued_on=date(2026, 10, 20))
    taken_back = replace(cancellation(original), issued_on=date(2026, 11, 24))
    both = [voucher(original), voucher(taken_back, about=Kind.INVOICE)]
    assert by_month(both, Rule(SOLL)) == {(10, "19"): ("440.00", "83.60"), (11, "19"): ("-440.00", "-83.60")}
    assert by_month(both, Rule(IST)) == {}  # nothing was received, nothing was owed


def test_skonto_lowers_the_tax_when_it_is_taken():
    taken = work("10", ("2026-11-24", "513.13"), ("2026-11-24", "10.47", Method.SKONTO))
    assert by_month([taken], Rule(SOLL)) == {(10, "19"): ("440.00", "83.60"), (11, "19"): ("-8.80", "-1.67")}
    assert in_year([taken], Rule(IST)) == {"19": (D("431.20"), D("81.93"))}


def test_skonto_on_a_part_payment_is_not_taxed_though_the_final_invoice_deducts_all_of_it():
    asked = voucher(part_payment(), ("2026-09-10", "3498.60"), ("2026-09-10", "71.40", Method.SKONTO))
    for taxation in (SOLL, IST):
        assert by_month([asked], Rule(taxation)) == {(9, "19"): ("2940.00", "558.60")}


def test_tax_the_customer_kept_back_counts_as_received_and_a_refund_as_given_back():
    paid = work(
        "09",
        ("2026-11-20", "445.06"),
        ("2026-11-20", "78.54", Method.WITHHELD),
        ("2026-12-01", "-523.60", Method.REFUND),
    )
    assert by_month([paid], Rule(IST)) == {(11, "19"): ("440.00", "83.60"), (12, "19"): ("-440.00", "-83.60")}


def test_supplies_to_the_eu_are_told_by_supply_or_invoice_under_both_rules():
    goods = replace(CASES["eu_goods"], service_until=date(2026, 9, 18), issued_on=date(2026, 11, 20))
    service = replace(CASES["eu_service"], service_until=date(2026, 9, 18), issued_on=date(2026, 11, 20))
    for taxation in (SOLL, IST):
        told = by_month([voucher(goods), voucher(service)], Rule(taxation))
        # § 18b UStG: goods with the invoice, but at the latest the month after the supply
        assert told == {(10, "eu_goods"): ("440.00", "0.00"), (9, "eu_service"): ("440.00", "0.00")}


def test_each_case_has_the_line_of_the_official_form():
    cases = ["standard", "mixed_rates_with_discount", "photovoltaics", "reverse_charge", "eu_service", "eu_goods",
             "export", "third_country_service", "exempt", "small_business"]  # fmt: skip
    found = [each for name in cases for each in vat_report.entries(voucher(CASES[name]), Rule())]
    told = vat_report.totals(found, first=YEAR[0], last=YEAR[1])
    assert [(each.case, each.line) for each in told] == [
        ("19", "81"), ("7", "86"), ("0", "87"), ("reverse_charge", "60"), ("eu_service", "21"), ("eu_goods", "41"),
        ("export", "43"), ("third_country_service", "45"), ("exempt", "48"), ("small_business", ""),
    ]  # fmt: skip
    assert vat_report.line_of("0", date(2022, 12, 31)) == ""


def test_only_the_period_counts():
    entries = vat_report.entries(work("10"), Rule(SOLL))
    inside = vat_report.totals(entries, first=date(2026, 10, 1), last=date(2026, 10, 31))
    outside = vat_report.totals(entries, first=date(2026, 11, 1), last=date(2026, 11, 30))
    assert ([each.case for each in inside], outside) == (["19"], [])


# --- changing the rule ------------------------------------------------------------------------------------------------
def a_year():
    """Every month work, half of it paid in the next month and the rest in December; each paid whole by then."""
    found = []
    for n, month in enumerate(range(1, 11), 1):
        paid = [(f"2026-{month + 1:02d}-20", "261.80"), ("2026-12-28", "261.80")]
        found.append(work(f"{month:02d}", *paid))
        found[-1] = replace(
            found[-1], pk=n, receipts=tuple(replace(each, pk=n * 100 + each.pk) for each in found[-1].receipts)
        )
    whole = [
        voucher(part_payment("RE-2026-0051"), ("2026-05-10", "3570.00"), pk=31),
        voucher(part_payment("RE-2026-0059", "4000.00"), ("2026-08-12", "4760.00"), pk=32),
        voucher(final(), ("2026-12-05", "3570.00"), pk=33),
    ]
    return found + whole


@pytest.mark.parametrize("since", [None, *(date(2026, month, 1) for month in range(1, 13))])
@pytest.mark.parametrize("taxation", [SOLL, IST])
def test_changing_the_rule_counts_nothing_twice_and_leaves_nothing_out(taxation, since):
    assert in_year(a_year(), Rule(taxation, since)) == {"19": (D("14400.00"), D("2736.00"))}


def test_what_was_taxed_when_supplied_is_not_taxed_again_when_it_is_paid():
    rule = Rule(IST, date(2026, 7, 1))
    before = work("06", ("2026-08-20", "523.60"))
    after = work("07", ("2026-09-20", "523.60"))
    assert by_month([before], rule) == {(6, "19"): ("440.00", "83.60")}
    assert by_month([after], rule) == {(9, "19"): ("440.00", "83.60")}


def test_what_was_not_yet_paid_is_still_taxed_when_it_is_after_the_change_to_agreed_fees():
    before = work("06", ("2026-08-20", "523.60"))
    assert by_month([before], Rule(SOLL, date(2026, 7, 1))) == {(8, "19"): ("440.00", "83.60")}


def test_what_cancels_follows_the_rule_of_what_it_cancels():
    original = invoice(service_from=None, service_until=None, issued_on=date(2026, 6, 20))
    taken_back = replace(cancellation(original), issued_on=date(2026, 8, 1))
    both = [voucher(original), voucher(taken_back, about=Kind.INVOICE, supplied_on=date(2026, 6, 20))]
    assert by_month(both, Rule(IST, date(2026, 7, 1))) == {
        (6, "19"): ("440.00", "83.60"),
        (8, "19"): ("-440.00", "-83.60"),
    }


# --- money in parts ---------------------------------------------------------------------------------------------------
def test_money_in_parts_has_exactly_the_tax_of_the_whole():
    document = CASES["mixed_rates_with_discount"]
    rows = [Receipt(n, date(2026, 11, n), amount, "transfer") for n, amount in enumerate([D("100.00")] * 12, 1)]
    rows.append(Receipt(13, date(2026, 11, 13), document.payable - D(1200), "transfer"))
    shares = shared_out(document, rows)
    for place, group in enumerate(document.payable_groups):
        assert sum(groups[place].net for _receipt, groups in shares) == group.net
        assert sum(groups[place].tax for _receipt, groups in shares) == group.tax
    for receipt, groups in shares:
        assert sum(each.gross for each in groups) == receipt.amount


def test_nothing_to_pay_has_no_parts():
    assert parts(D(0), CASES["zero"].payable_groups[:0]) == ()

"""Which bookings documents and money come to (R118)."""

from datetime import date
from decimal import Decimal

import pytest

from billing import vat_report
from billing.datev import bookings
from billing.datev.accounts import Chart, Unmapped
from billing.documents.model import Kind
from billing.ledger import Method
from billing.money import VAT_0, VAT_7, VAT_19, Vat, round_cents

from ..documents.cases import AUSTRIAN, CASES, final, part_payment
from ..documents.samples import invoice, item
from . import month
from .month import receipt, voucher

D = Decimal
SKR03 = Chart()


def short(rows):
    """(amount, side, account, contra) of each row."""
    return [(str(each.amount), each.side, each.account, each.contra) for each in rows]


def test_an_invoice_is_a_row_for_each_rate():
    rows = bookings.of_document(voucher(CASES["mixed_rates_with_discount"]), SKR03)
    assert short(rows) == [("348.91", "S", 10042, 8300), ("921.32", "S", 10042, 8400)]


def test_a_row_says_by_what_it_is_found_and_which_period_its_tax_belongs_to():
    (row,) = bookings.of_document(voucher(invoice()), SKR03, guid="5b5e6f9a-0c5e-5f0e-9a31-000000000001")
    cells = row.cells()
    assert [cells[n] for n in (10, 11, 12, 20, 114, 115, 116, 117)] == [
        "2011", "RE-2026-0042", "041226", 'BEDI "5b5e6f9a-0c5e-5f0e-9a31-000000000001"', 0, "18112026", "18112026",
        "04122026",
    ]  # fmt: skip
    assert cells.get(9) is None  # automatic accounts bear no key


def test_a_cancellation_is_its_invoice_with_h_and_closes_the_same_item():
    original = CASES["mixed_rates_with_discount"]
    first = bookings.of_document(voucher(original), SKR03)
    taken_back = bookings.of_document(voucher(CASES["cancellation"], about=Kind.INVOICE), SKR03)
    assert [(each.amount, each.account, each.contra, each.item) for each in taken_back] == [
        (each.amount, each.account, each.contra, each.item) for each in first
    ]
    assert {each.side for each in taken_back} == {"H"}
    assert {each.supplied_on for each in taken_back} == {None}  # it takes effect when it is issued


def test_a_reduction_lowers_revenue_of_each_rate():
    rows = bookings.of_document(voucher(CASES["reduction"], about=Kind.INVOICE), SKR03)
    assert short(rows) == [("13.20", "H", 10042, 8300), ("95.20", "H", 10042, 8400)]


def test_a_correction_of_statements_is_no_booking():
    assert bookings.of_document(voucher(CASES["correction"], about=Kind.INVOICE), SKR03) == []


def test_a_part_payment_is_booked_when_money_comes_and_only_as_far():
    asked = voucher(part_payment(), (10, "1190.00"))
    assert bookings.of_document(asked, SKR03) == []
    assert short(bookings.of_receipts(asked, SKR03)) == [
        ("1190.00", "S", 10042, 1718),
        ("1190.00", "H", 10042, 1200),
    ]


def test_a_final_invoice_books_all_revenue_and_takes_the_prepayments_back():
    """The example of R39c: 11,900 less 3,570 and 4,760."""
    rows = bookings.of_document(voucher(final()), SKR03)
    assert short(rows) == [
        ("11900.00", "S", 10042, 8400),
        ("3570.00", "H", 10042, 1718),
        ("4760.00", "H", 10042, 1718),
    ]


def test_prepayments_are_even_after_the_final_invoice():
    parts = [
        voucher(part_payment("RE-2026-0051"), (10, "3570.00"), pk=1),
        voucher(part_payment("RE-2026-0059", "4000.00"), (12, "4000.00"), (13, "760.00"), pk=2),
    ]
    rows = [row for each in parts for row in bookings.of_receipts(each, SKR03)]
    rows += bookings.of_document(voucher(final(), pk=3), SKR03)
    sums = month.balances(rows)
    assert (sums[1718], sums[1200], sums[8400], sums[10042]) == (0, D("8330.00"), D("-11900.00"), D("3570.00"))


def test_a_final_invoice_that_is_cancelled_gives_the_prepayments_back():
    rows = bookings.of_document(voucher(CASES["cancellation_of_final"], about=Kind.FINAL), SKR03)
    assert short(rows) == [
        ("11900.00", "H", 10042, 8400),
        ("3570.00", "S", 10042, 1718),
        ("4760.00", "S", 10042, 1718),
    ]


def test_skonto_is_booked_by_rate_on_its_own_accounts():
    paid = voucher(CASES["mixed_rates_with_discount"], (24, "1244.83"), (24, "25.40", Method.SKONTO))
    assert short(bookings.of_receipts(paid, SKR03)) == [
        ("1244.83", "H", 10042, 1200),
        ("6.98", "H", 10042, 8731),
        ("18.42", "H", 10042, 8736),
    ]


@pytest.mark.parametrize(
    ("vat", "tax_case", "account"),
    [(VAT_19, "domestic", 8736), (VAT_7, "domestic", 8731), (VAT_0, "domestic", 8734), (Vat("AE", D(0)), "reverse_charge", 8741)],
)  # fmt: skip
def test_skonto_of_each_case(vat, tax_case, account):
    paid = voucher(invoice([item(vat=vat)], tax_case=tax_case), (24, "8.80", Method.SKONTO))
    assert short(bookings.of_receipts(paid, SKR03)) == [("8.80", "H", 10042, account)]


def test_tax_kept_back_for_the_tax_office_is_our_claim_on_it():
    """11,900 with 15 %: 10,115 come in, 1,785 are kept back, nothing is open (R19)."""
    asked = voucher(invoice([item(quantity="1", price="10000")]), (24, "10115.00"), (24, "1785.00", Method.WITHHELD))
    rows = bookings.of_receipts(asked, SKR03)
    assert short(rows) == [("10115.00", "H", 10042, 1200), ("1785.00", "H", 10042, 1543)]
    assert month.balances([*bookings.of_document(asked, SKR03), *rows])[10042] == 0


def test_interest_and_costs_go_to_accounts_without_tax():
    paid = voucher(invoice(), receipt(1, 24, "523.60", interest=D("4.20"), costs=D("42.50")))
    rows = bookings.of_receipts(paid, SKR03)
    assert short(rows) == [
        ("4.20", "S", 10042, 2650),
        ("42.50", "S", 10042, 2700),
        ("570.30", "H", 10042, 1200),
    ]
    assert month.balances(rows)[10042] == D("-523.60")


@pytest.mark.parametrize(
    ("method", "account"), [("transfer", 1200), ("cash", 1000), ("card", 1360), ("online", 1360), ("other", 1360)]
)
def test_money_comes_in_where_it_does(method, account):
    assert short(bookings.of_receipts(voucher(invoice(), (24, "10.00", method)), SKR03)) == [
        ("10.00", "H", 10042, account)
    ]


def test_money_given_back_is_the_other_side():
    rows = bookings.of_receipts(voucher(invoice(), (24, "-10.00", Method.REFUND)), SKR03)
    assert short(rows) == [("10.00", "S", 10042, 1200)]


def test_what_is_set_off_moves_no_money_at_the_bank():
    given = voucher(invoice(), receipt(1, 24, "-10.00", Method.REFUND, is_offset=True))
    taken = voucher(invoice(), (24, "10.00", "other"), pk=2)
    rows = [*bookings.of_receipts(given, SKR03), *bookings.of_receipts(taken, SKR03)]
    assert (month.balances(rows)[1360], month.balances(rows)[1200]) == (0, 0)


def test_a_reduction_is_not_booked_a_second_time_as_money():
    assert bookings.of_receipts(voucher(invoice(), (24, "10.00", Method.REDUCTION)), SKR03) == []


def test_only_the_receipts_asked_for_are_booked_with_the_shares_they_have_among_all():
    asked = voucher(CASES["mixed_rates_with_discount"], (10, "100.00"), (20, "50.00"))
    (row,) = bookings.of_receipts(asked, SKR03, {11})
    assert (row.amount, row.on) == (D("50.00"), date(2026, 11, 20))


def test_supplies_within_the_eu_name_the_vat_id():
    rows = bookings.of_document(voucher(CASES["eu_goods"]), SKR03)
    assert [(row.contra, row.cells()[40]) for row in rows] == [(8125, AUSTRIAN.vat_id)]


def test_a_rate_nobody_knows_an_account_for_is_refused():
    with pytest.raises(Unmapped, match="revenue:16"):
        bookings.of_document(voucher(invoice([item(vat=Vat("S", D(16)))])), SKR03)


# --- what must agree --------------------------------------------------------------------------------------------------
REVENUE = {8400: "19", 8300: "7", 8290: "0", 8337: "reverse_charge", 8336: "eu_service", 8125: "eu_goods",
           8120: "export", 8338: "third_country_service", 8100: "exempt", 8192: "small_business", 8736: "19",
           8731: "7", 8741: "reverse_charge", 1718: "19", 1711: "7"}  # fmt: skip


def test_the_trial_balance_of_the_month_is_the_vat_report_to_the_cent():
    """Each row's tax is taken out of its gross sum, as DATEV does on automatic accounts."""
    booked = {}
    for row in month.rows(SKR03):
        for account, sign in ((row.account, 1), (row.contra, -1)):
            if account in REVENUE:
                gross = sign * (row.amount if row.side == "S" else -row.amount) * -1
                rate = D(REVENUE[account]) if REVENUE[account].isdecimal() else D(0)
                tax = round_cents(gross * rate / (100 + rate))
                net, so_far = booked.get(REVENUE[account], (D(0), D(0)))
                booked[REVENUE[account]] = (net + gross - tax, so_far + tax)
    found = [
        each
        for one in month.vouchers()
        for each in vat_report.entries(one, vat_report.Rule())
        if month.FIRST <= one.issued_on <= month.LAST or each.is_advance
    ]
    report = vat_report.totals(found, first=month.FIRST, last=month.LAST)
    assert booked == {each.case: (each.net, each.tax) for each in report}


def test_each_customers_account_is_what_he_owes():
    sums = month.balances(month.rows(SKR03))
    for each in month.vouchers():
        owed = D(0)
        if not each.is_part_payment and each.kind != Kind.CORRECTION:
            owed = each.document.payable - sum(row.amount for row in each.receipts)
        assert sums[SKR03.debitor(each.customer_number)] == owed, each.document.subject


def test_amounts_are_always_positive():
    rows = month.rows(SKR03)
    assert all(row.amount > 0 for row in rows)
    assert {row.side for row in rows} == {"S", "H"}

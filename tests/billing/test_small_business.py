"""The limits of § 19 UStG (R27): receipts per calendar year, steps at 80, 90 and 100 percent, the day of crossing."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from billing import corrections, invoices, payments, small_business
from billing.small_business import standing
from tests import make

D = Decimal
YEAR = 2026


def received(*amounts, **more):
    """The standing after so much came in, one amount a month."""
    days = [(date(YEAR, month, 15), D(amount)) for month, amount in enumerate(amounts, 1)]
    return standing(days, year=YEAR, **more)


@pytest.mark.parametrize(
    ("amount", "percent", "step", "is_over"),
    [
        ("79999.99", 79, 0, False),
        ("80000.00", 80, 80, False),
        ("89999.99", 89, 80, False),
        ("90000.00", 90, 90, False),
        ("100000.00", 100, 100, False),  # to reach it is still allowed
        ("100000.01", 100, 100, True),
    ],
)
def test_the_office_is_told_at_80_90_and_100_percent(amount, percent, step, is_over):
    found = received(amount)
    assert (found.percent, found.step, found.is_over) == (percent, step, is_over)


def test_the_day_of_crossing_is_that_of_the_payment_that_crosses():
    assert received("60000", "40000", "0.01", "5").crossed_on == date(YEAR, 3, 15)
    assert received("60000", "40000").crossed_on is None


@pytest.mark.parametrize(
    ("before", "next_one", "more", "crosses"),
    [
        ("95000", "5000", {}, False),
        ("95000", "5500", {}, True),
        ("24000", "1000", {"is_first_year": True}, False),
        ("24000", "2000", {"is_first_year": True}, True),
    ],
)
def test_which_invoice_must_carry_tax(before, next_one, more, crosses):
    assert received(before, **more).would_cross(D(next_one)) is crosses


@pytest.mark.parametrize(
    ("year", "previous", "too_much"),
    [(2026, "25000.00", False), (2026, "25000.01", True), (2024, "22000.01", True), (2024, "22000.00", False)],
)
def test_the_year_before_has_a_limit_of_its_time(year, previous, too_much):
    assert standing([], year=year, previous=D(previous)).had_too_much is too_much


def test_what_is_left():
    assert (received("81000").left, received("100001").left) == (D("19000.00"), D(0))


def pay(gross, *, method="transfer", amount=None, on=None):
    customer = make.make_customer()
    row = make.line("Hecke geschnitten", "1", gross)
    invoice = invoices.create(customer, by=None, title="Garten", lines=[row], service_from=timezone.localdate())
    invoices.issue(invoice, by=None)
    payments.record(invoice, amount=D(amount or gross), received_on=on or timezone.localdate(), by=None, method=method)
    return invoice


def test_a_business_with_tax_has_no_standing(business):
    assert small_business.of_business(business, on=timezone.localdate()) is None


def test_what_came_in_counts_on_its_day(business, django_assert_num_queries):
    business.small_business_periods.create(valid_from=date(2025, 1, 1))
    today = timezone.localdate()
    last_year = today.replace(year=today.year - 1, month=6, day=1)
    pay("300")
    pay("700", amount="200")
    pay("50", on=last_year)
    small = type(business).objects.get(pk=business.pk)
    with django_assert_num_queries(3):  # periods, receipts, periods for the first day
        found = small_business.of_business(small, on=today)
    assert (found.received, found.previous, found.is_first_year) == (D("500.00"), D("50.00"), False)
    assert small_business.awaited() == D("500.00")


def test_a_payment_taken_back_did_not_come_in(business):
    business.small_business_periods.create(valid_from=date(2025, 1, 1))
    invoice = pay("300")
    payments.reverse(invoice.payments.get(), by=None)
    assert small_business.of_business(business, on=timezone.localdate()).received == 0


def test_a_reduction_never_came_in(business):
    business.small_business_periods.create(valid_from=date(2025, 1, 1))
    invoice = pay("300", amount="200")
    corrections.reduce(invoice, amount=D(100), reason="Kratzer an der Tür", by=None)
    assert small_business.of_business(business, on=timezone.localdate()).received == D("200.00")


def test_a_year_with_tax_counts_net(business):
    pay("1000", amount="1190")
    business.small_business_periods.create(valid_from=timezone.localdate())
    found = small_business.of_business(business, on=timezone.localdate())
    assert found.received == D("1000.00")


def test_what_the_business_says_of_the_year_before_counts_if_it_is_more(business):
    business.small_business_periods.create(valid_from=timezone.localdate().replace(month=1, day=1))
    today = timezone.localdate()
    assert small_business.of_business(business, on=today).limit == D(25_000)  # its first year
    business.prior_year_turnover = D(20_000)
    found = small_business.of_business(business, on=today)
    assert (found.previous, found.limit) == (D(20_000), D(100_000))

"""How a claim is settled by less, or other, than one full payment; the cents are worked out by hand."""

from datetime import date
from decimal import Decimal

import pytest

from billing import settlement
from billing.money import VAT_7, VAT_19, VatGroup
from billing.settlement import Allocation


def euros(text):
    return Decimal(text)


def test_costs_come_first_then_interest_then_the_claim():
    """R70: 100 EUR on P 1,000 + I 20 + costs 5 leaves P 925."""
    found = settlement.allocate(euros("100"), principal=euros("1000"), interest=euros("20"), costs=euros("5"))
    assert found == Allocation(costs=euros("5"), interest=euros("20"), principal=euros("75"), rest=euros("0"))


@pytest.mark.parametrize(
    ("amount", "costs", "interest", "principal", "rest"),
    [
        ("3", "3", "0", "0", "0"),
        ("12", "5", "7", "0", "0"),
        ("1025", "5", "20", "1000", "0"),
        ("1030", "5", "20", "1000", "5"),
    ],
)
def test_every_cent_of_a_payment_goes_somewhere(amount, costs, interest, principal, rest):
    found = settlement.allocate(euros(amount), principal=euros("1000"), interest=euros("20"), costs=euros("5"))
    assert found == Allocation(euros(costs), euros(interest), euros(principal), euros(rest))


@pytest.mark.parametrize(
    ("gross", "percent", "to_pay", "skonto"),
    [("11900", "2", "11662.00", "238.00"), ("1190", "3", "1154.30", "35.70"), ("99.99", "2", "97.99", "2.00")],
)
def test_skonto_leaves_gross_times_one_minus_p(gross, percent, to_pay, skonto):
    """R15."""
    terms = settlement.skonto_terms(euros(gross), euros(percent), 14, date(2026, 11, 2))
    assert (euros(gross) - terms.amount, terms.amount) == (euros(to_pay), euros(skonto))


def test_a_last_day_of_skonto_without_banks_is_moved():
    """§ 193 BGB: 10 days after Wednesday 2026-12-16 are the Second Day of Christmas, a Saturday; banks open on Monday."""
    assert settlement.skonto_terms(euros("100"), euros("2"), 10, date(2026, 12, 16)).until == date(2026, 12, 28)


def test_without_percent_there_is_no_skonto():
    assert settlement.skonto_terms(euros("100"), euros("0"), 10, date(2026, 12, 16)) is None


def test_a_reduction_is_shared_over_the_rates_with_the_tax_in_it():
    """§ 17 (1) UStG: 22.60 off 1,190.00 at 19 % and 1,070.00 at 7 %: 11.90 with 1.90 tax, 10.70 with 0.70 tax."""
    groups = [VatGroup(VAT_19, euros("1000"), euros("190")), VatGroup(VAT_7, euros("1000"), euros("70"))]
    assert settlement.split(euros("22.60"), groups) == (
        VatGroup(VAT_19, euros("10.00"), euros("1.90")),
        VatGroup(VAT_7, euros("10.00"), euros("0.70")),
    )


def test_a_reduction_loses_no_cent():
    groups = [VatGroup(VAT_19, euros("33.61"), euros("6.39")), VatGroup(VAT_7, euros("18.69"), euros("1.31"))]
    parts = settlement.split(euros("0.05"), groups)
    assert sum(part.gross for part in parts) == euros("0.05")


def test_building_tax_is_fifteen_percent_of_the_gross_price():
    """R19: 1,785 of 11,900."""
    assert settlement.withholding_of(euros("11900"), date(2026, 11, 21)) == euros("1785.00")


def test_what_was_kept_back_meets_the_price_to_the_cent():
    """15 % of 33.33 are 5.00, so 28.33 arrive; 28.33 × 15 / 85 would be 5.00 too, of 100.03 it would be a cent off."""
    on = date(2026, 11, 21)
    assert settlement.withheld_beside(euros("10115"), on, euros("11900")) == euros("1785.00")
    assert settlement.withheld_beside(euros("85.03"), on, euros("100.03")) == euros("15.00")
    assert settlement.withheld_beside(euros("850"), on, euros("5000")) == euros("150.00")

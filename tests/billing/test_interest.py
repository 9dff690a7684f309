"""Interest in default, worked out by hand (R65, R66; legal-de.md section 12, case 20)."""

from datetime import date
from decimal import Decimal

import pytest

from billing import base_rates, interest
from billing.base_rates import UnknownRate


def owed(principal, first, last, *, is_consumer, payments=()):
    found = interest.segments(
        Decimal(principal), first=first, last=last, is_consumer=is_consumer, payments=payments
    )  # fmt: skip
    return found, interest.total(found)


@pytest.mark.parametrize(
    ("is_consumer", "rates", "euros"), [(True, ["6.27", "6.52"], "22.58"), (False, ["10.27", "10.52"], "36.67")]
)
def test_the_rate_changes_on_the_first_of_july(is_consumer, rates, euros):
    found, total = owed("1190.00", date(2026, 5, 16), date(2026, 8, 31), is_consumer=is_consumer)
    assert [(each.days, str(each.rate)) for each in found] == [(46, rates[0]), (62, rates[1])]
    assert total == Decimal(euros)


def test_the_rate_changes_at_new_year():
    found, total = owed("10000", date(2023, 12, 15), date(2024, 3, 15), is_consumer=False)
    assert [(each.days, str(each.rate)) for each in found] == [(17, "12.12"), (75, "12.62")]
    assert total == Decimal("315.76")


def test_a_part_payment_reduces_the_principal_from_the_day_after():
    found, total = owed(
        "1000", date(2026, 7, 1), date(2026, 7, 31), is_consumer=True, payments=[(date(2026, 7, 10), Decimal(400))]
    )
    assert [(each.first.day, each.last.day, each.principal) for each in found] == [(1, 10, 1000), (11, 31, 600)]
    # 1000 × 6.52 % × 10/365 + 600 × 6.52 % × 21/365 = 1.7863 + 2.2507
    assert total == Decimal("4.04")


def test_what_was_paid_before_default_bears_no_interest():
    assert owed("100", date(2026, 7, 1), date(2026, 7, 31), is_consumer=True, payments=[(date(2026, 6, 30), 100)]) == (
        (),
        Decimal("0.00"),
    )


def test_there_is_no_interest_before_the_first_day():
    assert owed("100", date(2026, 7, 2), date(2026, 7, 1), is_consumer=True) == ((), Decimal("0.00"))


def test_a_half_year_without_a_rate_is_refused():
    """The old rate is never used silently."""
    with pytest.raises(UnknownRate) as refused:
        owed("100", date(2026, 12, 31), date(2027, 1, 1), is_consumer=True)
    assert refused.value.day == date(2027, 1, 1)
    with pytest.raises(UnknownRate):
        base_rates.on(date(2016, 6, 30))


def test_the_table_has_no_gap():
    for before, after in zip(base_rates.RATES, base_rates.RATES[1:], strict=False):
        assert (after.valid_from - before.valid_until).days == 1


@pytest.mark.parametrize(
    ("day", "percent"), [(date(2022, 12, 31), "-0.88"), (date(2025, 12, 31), "1.27"), (date(2026, 7, 1), "1.52")]
)
def test_the_base_rate_of_a_day(day, percent):
    assert base_rates.on(day).percent == Decimal(percent)

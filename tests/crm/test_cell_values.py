"""Numbers and days as German programs write them."""

from datetime import date
from decimal import Decimal

import pytest

from crm import cell_values


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,56 €", "1234.56"), ("1,234.56", "1234.56"), ("12,5", "12.5"), ("12.5", "12.5"), ("1.250", "1250"),
        ("−3,10", "-3.10"), ("19 %", "19"), ("1 000 EUR", "1000"),
    ],
)  # fmt: skip
def test_numbers(text, number):
    assert cell_values.number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["zwölf", "1,2,3", "NaN", "1e9999999", "--1"])
def test_what_is_no_number(text):
    with pytest.raises(ValueError, match=r".+"):
        cell_values.number(text)


@pytest.mark.parametrize("text", ["31.12.2026", "31.12.26", "2026-12-31", "31.12.2026 08:00"])
def test_days(text):
    assert cell_values.day(text) == date(2026, 12, 31)


def test_nothing_is_nothing():
    assert cell_values.number(" ") is None and cell_values.day("") is None
    with pytest.raises(ValueError, match=r"31\.02"):
        cell_values.day("31.02.2026")

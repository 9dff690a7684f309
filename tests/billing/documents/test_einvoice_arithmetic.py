"""The structured invoice adds up to the cent, and one that does not is found by the rule it breaks."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.documents.einvoice import arithmetic
from billing.documents.einvoice.terms import terms
from billing.documents.preflight import preflight

from .cases import CASES, CONTENTS, final

CENT = Decimal("0.01")


def said(name):
    return terms(CASES[name], contents=CONTENTS)


@pytest.mark.parametrize("name", CASES)
def test_every_golden_case_adds_up(name):
    assert arithmetic.faults(said(name)) == []


def bent(found, where, by=CENT):
    if where == "item":
        return replace(found, items=(replace(found.items[0], amount=found.items[0].amount + by), *found.items[1:]))
    if where == "price":
        return replace(found, items=(replace(found.items[0], price=-found.items[0].price), *found.items[1:]))
    if where == "group":
        return replace(found, groups=(replace(found.groups[0], net=found.groups[0].net + by), *found.groups[1:]))
    if where == "group_tax":
        return replace(found, groups=(replace(found.groups[0], tax=found.groups[0].tax + by), *found.groups[1:]))
    return replace(found, **{where: getattr(found, where) + by})


@pytest.mark.parametrize(
    ("where", "rules"),
    [
        ("item", ["PEPPOL-EN16931-R120", "BR-CO-10", "BR-S-08"]),
        ("price", ["BR-27", "PEPPOL-EN16931-R120"]),
        ("line_total", ["BR-CO-10", "BR-CO-13"]),
        ("net", ["BR-CO-13", "BR-CO-15"]),
        ("group", ["BR-S-08"]),
        ("group_tax", ["BR-CO-14"]),
        ("tax", ["BR-CO-14", "BR-CO-15"]),
        ("gross", ["BR-CO-15"]),
    ],
)
def test_a_cent_too_much_is_found(where, rules):
    assert arithmetic.faults(bent(said("mixed_rates_with_discount"), where)) == rules


def test_tax_that_the_official_rules_would_let_pass_is_found():
    found = said("standard")
    wrong = replace(found.groups[0], tax=found.groups[0].tax + Decimal("0.50"))
    dear = replace(found, groups=(wrong,), tax=found.tax + Decimal("0.50"), gross=found.gross + Decimal("0.50"))
    assert arithmetic.faults(dear) == ["BR-CO-17"]


def test_a_document_that_would_not_add_up_gets_no_number():
    """A part payment whose tax is not that of its net amount."""
    first, second = final().deductions
    wrong = final(deductions=(replace(first, tax=first.tax + Decimal("0.50")), second))
    assert [(problem.field, "BR-CO-17" in problem.message) for problem in preflight(wrong)] == [("totals", True)]

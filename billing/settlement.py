"""How a claim is settled by less, or other, than one full payment: Skonto, Bauabzugsteuer, the order of §§ 366, 367 BGB.

Pure: values in, values out, euros as `Decimal`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from billing import tax
from billing.deadlines import next_working_day
from billing.money import HUNDRED, ZERO, Vat, VatGroup, distribute, round_cents


@dataclass(frozen=True)
class Allocation:
    """What a sum pays of a debt. `rest` is more than was owed."""

    costs: Decimal
    interest: Decimal
    principal: Decimal
    rest: Decimal


def allocate(amount: Decimal, *, principal: Decimal, interest: Decimal = ZERO, costs: Decimal = ZERO) -> Allocation:
    """Share out a payment without designation: costs, then interest, then the claim itself (§ 367 (1) BGB, R70)."""
    to_costs = min(amount, costs)
    to_interest = min(amount - to_costs, interest)
    to_principal = min(amount - to_costs - to_interest, max(principal, ZERO))
    return Allocation(to_costs, to_interest, to_principal, amount - to_costs - to_interest - to_principal)


# --- Skonto -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class SkontoTerms:
    """A discount that was agreed for paying until a day: the whole of it in euros, VAT included (R15)."""

    percent: Decimal
    until: date
    amount: Decimal


def skonto_terms(base: Decimal, percent: Decimal, days: int, issued_on: date) -> SkontoTerms | None:
    """What may be taken off `base`, the gross amount to be paid now, when it is paid in time; None without agreement.

    What is left to pay is base × (1 − p), rounded once. A last day without banks is moved (§ 193 BGB).
    """
    if percent <= 0 or not days or base <= 0:
        return None
    to_pay = round_cents(base * (HUNDRED - percent) / HUNDRED)
    return SkontoTerms(percent, next_working_day(issued_on + timedelta(days=days)), base - to_pay)


def split(amount: Decimal, groups: Sequence[VatGroup]) -> tuple[VatGroup, ...]:
    """A gross amount shared out over the VAT groups of an invoice, with the tax in it (§ 17 (1) UStG, R15, R16).

    Parts add up to the amount; below zero gives the mirrored parts. Groups without money are left out.
    """
    weights = [group.gross for group in groups]
    parts = distribute(amount, weights) if any(weights) else (ZERO,) * len(weights)
    found = []
    for group, part in zip(groups, parts, strict=True):
        net = round_cents(part / group.vat.factor)
        found.append(VatGroup(Vat(group.vat.category, group.vat.rate), net, part - net))
    return tuple(group for group in found if group.gross)


# --- Bauabzugsteuer ---------------------------------------------------------------------------------------------------
def withholding_percent(on: date) -> Decimal:
    """What is kept back of a price paid on that day (§ 48 (1) EStG); zero before the tax existed."""
    try:
        return tax.threshold("construction_withholding_percent", on)
    except KeyError:
        return ZERO


def withholding_of(gross: Decimal, on: date) -> Decimal:
    """The tax a customer keeps back of a gross price (§ 48 (1), (3) EStG): 1,785.00 of 11,900.00."""
    return round_cents(gross * withholding_percent(on) / HUNDRED)


def withheld_beside(paid: Decimal, on: date, *targets: Decimal) -> Decimal:
    """What was kept back when `paid` arrived after the deduction. One of the `targets` is met to the cent, if any fits."""
    for target in targets:
        if target > 0 and target - withholding_of(target, on) == paid:
            return target - paid
    percent = withholding_percent(on)
    return round_cents(paid * percent / (HUNDRED - percent))

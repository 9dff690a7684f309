"""The sums of a structured invoice, exact to the cent. The official rules let VAT be wrong by up to a euro (R46)."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from billing.documents.einvoice.terms import Terms
from billing.money import HUNDRED, Vat, round_cents

CENT = Decimal("0.01")
ZERO = Decimal(0)


def faults(terms: Terms) -> list[str]:
    """The rules of EN 16931 its sums break, by name; empty for one that adds up."""
    return list(dict.fromkeys(_faults(terms)))


def _faults(terms) -> Iterator[str]:
    sums: defaultdict[Vat, Decimal] = defaultdict(lambda: ZERO)
    for item in terms.items:
        sums[item.vat] += item.amount
        change = item.adjustment
        discount = ZERO if change is None else -change.amount if change.is_charge else change.amount
        if item.price < 0:
            yield "BR-27"
        if round_cents(item.quantity * item.price) - discount != item.amount:
            yield "PEPPOL-EN16931-R120"
    if sum(sums.values(), ZERO) != terms.line_total:
        yield "BR-CO-10"
    for change in terms.adjustments:
        if change.vat:
            sums[change.vat] += change.amount if change.is_charge else -change.amount
    if terms.line_total - terms.allowances + terms.charges != terms.net:
        yield "BR-CO-13"
    if {group.vat: group.net for group in terms.groups} != dict(sums):
        yield "BR-S-08"
    if sum((group.tax for group in terms.groups), ZERO) != terms.tax:
        yield "BR-CO-14"
    if terms.net + terms.tax != terms.gross:
        yield "BR-CO-15"
    # a total that was agreed with VAT, and each amount that was received and taxed before, may round by a cent
    most = CENT * (1 + len(terms.preceding))
    if any(abs(round_cents(group.net * group.vat.rate / HUNDRED) - group.tax) > most for group in terms.groups):
        yield "BR-CO-17"

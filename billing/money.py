"""What things cost: amounts, VAT and totals. Values in, values out; no framework, no database, no clock.

All money is `Decimal` euros. `round_cents` is the only place that rounds to cents.
The rules R12, R13, R14 and R18 are those of docs/money.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
HUNDRED = Decimal(100)


class PriceMode(StrEnum):
    """Whether the prices of a document are agreed without or with VAT."""

    NET = "net"
    GROSS = "gross"


class CostKind(StrEnum):
    """What a price pays for. § 35a EStG favours work, not the goods that stay with the customer."""

    LABOUR = "labour"
    TRAVEL = "travel"
    MACHINE = "machine"
    CONSUMABLES = "consumables"
    DISPOSAL = "disposal"
    MATERIAL = "material"


# § 35a (5) S. 2 EStG and the BMF letter of 2016-11-09, numbers 39 and 40: consumables (lubricant, cleaner, grit)
# and disposal as an ancillary service count as work, material never does.
FAVOURED = frozenset(CostKind) - {CostKind.MATERIAL}


@dataclass(frozen=True, order=True)
class Vat:
    """An EN 16931 category with its rate in percent: S standard, Z zero rate, E exempt, AE reverse charge."""

    category: str
    rate: Decimal

    @property
    def factor(self) -> Decimal:
        """Gross divided by net, 1.19 for 19 %."""
        return 1 + self.rate / HUNDRED


VAT_19 = Vat("S", Decimal(19))
VAT_7 = Vat("S", Decimal(7))
VAT_0 = Vat("Z", Decimal(0))  # § 12 (3) UStG, photovoltaics: a rate of zero, not an exemption
VAT_EXEMPT = Vat("E", Decimal(0))  # § 19 UStG, small business
VAT_REVERSE_CHARGE = Vat("AE", Decimal(0))  # § 13b UStG


def round_cents(amount: Decimal) -> Decimal:
    """Round to cents, half up (away from zero). Never returns a negative zero."""
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP) + 0


@dataclass(frozen=True)
class Line:
    """A priced line. `unit_price` is net or gross as the document's mode says; a discount below zero is a surcharge."""

    quantity: Decimal
    unit_price: Decimal
    vat: Vat
    discount_percent: Decimal = Decimal(0)

    @property
    def amount(self) -> Decimal:
        """What the line costs after its own discount, in cents."""
        return round_cents(self.quantity * self.unit_price * _remaining(self.discount_percent))


@dataclass(frozen=True)
class VatGroup:
    """Everything of one category and rate, after the document's discount."""

    vat: Vat
    net: Decimal
    tax: Decimal

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax


@dataclass(frozen=True)
class Totals:
    """The sums of a document. `line_sum`, `discount` and `amounts` are in the document's price mode.

    A discount below zero is a surcharge.
    """

    mode: PriceMode
    line_sum: Decimal
    discount: Decimal
    groups: tuple[VatGroup, ...]
    net: Decimal
    tax: Decimal
    gross: Decimal
    amounts: tuple[Decimal, ...]


@dataclass(frozen=True)
class NetLine:
    """A line as EN 16931 wants it: `base` is quantity times net price, `amount` is base less discount.

    The discount never runs against the line's percent: only a line with a surcharge is dearer than its base.
    """

    quantity: Decimal
    unit_price: Decimal
    base: Decimal
    discount: Decimal
    amount: Decimal


@dataclass(frozen=True)
class LabourShare:
    """The part of a total that § 35a EStG favours."""

    net: Decimal
    tax: Decimal

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax


def totals(lines: Iterable[Line], *, mode: PriceMode = PriceMode.NET, discount_percent: Decimal = Decimal(0)) -> Totals:
    """Add up, tax each VAT group once.

    Net prices: tax on the net sum of the group (R12). Gross prices: the displayed sum is the contract price,
    tax is what lies between it and its net (R13). A document discount is one amount, shared out over the groups (R14);
    below zero it is a surcharge, and mirrors the discount of that percent cent by cent.
    """
    lines = tuple(lines)
    amounts = tuple(line.amount for line in lines)
    sums: defaultdict[Vat, Decimal] = defaultdict(lambda: ZERO)
    for line, amount in zip(lines, amounts, strict=True):
        sums[line.vat] += amount
    vats = sorted(sums)
    line_sum = sum(amounts, ZERO)
    discount = round_cents(line_sum * discount_percent / HUNDRED)
    shares = _apportion(discount, [sums[vat] * discount_percent / HUNDRED for vat in vats])
    groups = tuple(_group(vat, sums[vat] - share, mode) for vat, share in zip(vats, shares, strict=True))
    net = sum((group.net for group in groups), ZERO)
    tax = sum((group.tax for group in groups), ZERO)
    return Totals(PriceMode(mode), line_sum, discount, groups, net, tax, net + tax, amounts)


def net_lines(lines: Iterable[Line], *, mode: PriceMode = PriceMode.NET) -> tuple[NetLine, ...]:
    """The lines with net prices and amounts, in order, for the structured invoice.

    With gross prices the net of each VAT group is shared out over its lines by largest remainder, so the line
    amounts add up to the group exactly (BT-106); unit prices then carry up to six decimals, more only for
    quantities so large that six would miss a cent.
    """
    lines = tuple(lines)
    if mode == PriceMode.NET:
        return tuple(_net_line(line, line.unit_price, line.amount) for line in lines)
    found = [ZERO] * len(lines)
    for vat in {line.vat for line in lines}:
        places = [place for place, line in enumerate(lines) if line.vat == vat]
        net = _group(vat, sum((lines[place].amount for place in places), ZERO), PriceMode.GROSS).net
        parts = _apportion(net, [lines[place].amount / vat.factor for place in places])
        for place, part in zip(places, parts, strict=True):
            found[place] = part
    return tuple(_net_line(line, _net_price(line, amount), amount) for line, amount in zip(lines, found, strict=True))


class WrongSplit(ValueError):
    """Parts of a price that do not make up the price; `missing` is what they fall short of it."""

    def __init__(self, missing: Decimal):
        super().__init__(f"the parts miss the price by {missing}")
        self.missing = missing


def check_split(unit_price: Decimal, split: Mapping[str, Decimal]) -> None:
    """Raise WrongSplit unless the parts of a unit price add up to it; no parts at all are right for every price.

    Raises ValueError for a kind nobody knows, and for a part that runs against the price.
    """
    if not split:
        return
    for kind, part in split.items():
        if part * unit_price < 0 or kind not in set(CostKind):
            raise ValueError(f"{part} for {kind} is no part of {unit_price}")
    if missing := unit_price - sum(split.values(), Decimal(0)):
        raise WrongSplit(missing)


def labour_share(
    lines: Iterable[Line],
    costs: Sequence[str | Mapping[str, Decimal]],
    *,
    mode: PriceMode = PriceMode.NET,
    discount_percent: Decimal = Decimal(0),
) -> LabourShare:
    """The work in a total, with its VAT, after all discounts and surcharges (§ 35a EStG, R18).

    `costs` runs along the lines: the kind of cost a line pays for, or the parts of its unit price by kind.
    Work and the rest of a VAT group add up to the group, in net and in tax.
    """
    lines = tuple(lines)
    favoured: defaultdict[Vat, Decimal] = defaultdict(lambda: ZERO)
    rest: defaultdict[Vat, Decimal] = defaultdict(lambda: ZERO)
    for line, cost in zip(lines, costs, strict=True):
        work = _work_in(line, cost)
        favoured[line.vat] += work
        rest[line.vat] += line.amount - work
    net = tax = ZERO
    for group in totals(lines, mode=mode, discount_percent=discount_percent).groups:
        to_net = _remaining(discount_percent) / (group.vat.factor if mode == PriceMode.GROSS else 1)
        shares = [favoured[group.vat] * to_net, rest[group.vat] * to_net]
        net += _apportion(group.net, shares)[0]
        tax += _apportion(group.tax, [share * group.vat.rate / HUNDRED for share in shares])[0]
    return LabourShare(net, tax)


def distribute(amount: Decimal, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Share out an amount in proportion to the weights, in cents that add up to it (largest remainder).

    Raises ValueError when there is something to share out and the weights add up to nothing.
    """
    total = sum(weights, Decimal(0))
    if total == 0:
        if amount:
            raise ValueError("nothing to distribute over")
        return (ZERO,) * len(weights)
    return _apportion(round_cents(amount), [amount * weight / total for weight in weights])


def _apportion(amount: Decimal, shares: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Round shares so that they add up to `amount`: cut all, then hand the missing cents to those cut most.

    Mirrored input gives mirrored output: a cancellation is its invoice times minus one in every part.
    What has no share gets no cent.
    """
    parts = [share.quantize(CENT, ROUND_DOWN) + 0 for share in shares]
    missing = int((amount - sum(parts, ZERO)) / CENT)
    sign = 1 if missing >= 0 else -1
    by_cut = sorted(range(len(parts)), key=lambda place: -sign * (shares[place] - parts[place]))
    by_cut = [place for place in by_cut if shares[place]] or by_cut
    for step in range(abs(missing)):
        parts[by_cut[step % len(by_cut)]] += sign * CENT
    return tuple(parts)


def _work_in(line: Line, cost: str | Mapping[str, Decimal]) -> Decimal:
    """The favoured part of a line's amount, not rounded."""
    if isinstance(cost, str):
        return line.amount if cost in FAVOURED else ZERO
    work = sum((part for kind, part in cost.items() if kind in FAVOURED), Decimal(0))
    return line.amount * work / line.unit_price if line.amount else ZERO


def _group(vat: Vat, amount: Decimal, mode: PriceMode) -> VatGroup:
    if mode == PriceMode.GROSS:
        net = round_cents(amount / vat.factor)
        return VatGroup(vat, net, amount - net)
    return VatGroup(vat, amount, round_cents(amount * vat.rate / HUNDRED))


def _net_line(line: Line, unit_price: Decimal, amount: Decimal) -> NetLine:
    base = round_cents(line.quantity * unit_price)
    return NetLine(line.quantity, unit_price, base, base - amount, amount)


def _net_price(line: Line, amount: Decimal) -> Decimal:
    """The net unit price: the plain one where it fits, else the one that leads back to the amount."""
    price = _decimals(line.unit_price / line.vat.factor, 6)
    taken_off = round_cents(line.quantity * price) - amount
    if not taken_off or not line.quantity or taken_off * line.quantity * price * line.discount_percent > 0:
        return price
    for places in (6, 10, 14):
        price = _decimals(amount / line.quantity, places)
        if round_cents(line.quantity * price) == amount:
            break
    return price


def _decimals(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _remaining(discount_percent: Decimal) -> Decimal:
    return 1 - discount_percent / HUNDRED

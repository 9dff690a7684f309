"""What belongs into a Umsatzsteuer-Voranmeldung (R120): the tax of each case by the day it arose. Pure.

* Agreed fees (Soll, § 16 UStG): by the day of supply. Received fees (Ist, § 20 UStG): by the day the money came.
* Part payments always by receipt (§ 13 (1) Nr. 1a S. 4 UStG); a final invoice has what is left.
* Which rule holds for a document is decided once, by its day of supply. So a change of the rule counts nothing twice and
  leaves nothing out: money for what was taxed when supplied is never taxed again, money for the rest always is.
* What corrects (cancellation, reduction, Skonto) counts on its own day (§§ 14c (1) S. 2, 17 (1) S. 8 UStG).
* An open item of the books before these is taxed there where fees are agreed, and here with the money where they are received.
* Supplies to the EU are told by supply or invoice whatever the rule is (§ 18b UStG).
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.documents.model import Kind
from billing.ledger import SMALL_BUSINESS, Method, Voucher, case_of, shared_out
from billing.money import ZERO, VatGroup
from billing.settlement import split
from billing.tax_cases import WITHIN_EU, TaxCase

SOLL, IST = "soll", "ist"


@dataclass(frozen=True)
class Line:
    """A line of the official form: its number (Kennzahl) for a case from a day on."""

    case: str
    number: str
    valid_from: date


# ? numbers as of the forms since 2023; an exempt or § 19 turnover without input tax has no or another line
LINES = (
    Line("19", "81", date(2007, 1, 1)),
    Line("7", "86", date(1983, 7, 1)),
    Line("0", "87", date(2023, 1, 1)),
    Line(TaxCase.REVERSE_CHARGE, "60", date(2010, 1, 1)),
    Line(TaxCase.EU_SERVICE, "21", date(2010, 1, 1)),
    Line(TaxCase.EU_GOODS, "41", date(1993, 1, 1)),
    Line(TaxCase.EXPORT, "43", date(1980, 1, 1)),
    Line(TaxCase.THIRD_COUNTRY_SERVICE, "45", date(2010, 1, 1)),
    Line(TaxCase.EXEMPT, "48", date(1980, 1, 1)),
)
ORDER = (*(line.case for line in LINES), SMALL_BUSINESS)


@dataclass(frozen=True)
class Rule:
    """How a business is taxed: `taxation` ("soll" or "ist") since a day, the other one before; None: always."""

    taxation: str = SOLL
    since: date | None = None

    def on(self, day: date) -> str:
        if self.since is None or day >= self.since:
            return self.taxation
        return IST if self.taxation == SOLL else SOLL


@dataclass(frozen=True)
class Entry:
    """A sum that arose on a day, and the document it is of. `is_advance`: money before the supply."""

    on: date
    case: str
    net: Decimal
    tax: Decimal
    number: str
    is_advance: bool = False


@dataclass(frozen=True)
class Sum:
    """What a case comes to in a period, and how much of it was money before the supply."""

    case: str
    net: Decimal
    tax: Decimal
    advance_net: Decimal
    advance_tax: Decimal
    line: str


def entries(voucher: Voucher, rule: Rule) -> list[Entry]:
    """What a document and the money on it come to, each on its day."""
    if voucher.kind == Kind.CORRECTION:
        return []
    if voucher.is_part_payment:
        return _received(voucher)
    if rule.on(voucher.supplied_on) == IST and voucher.document.tax_case not in WITHIN_EU:
        return _received(voucher)
    if voucher.is_opening:  # taxed in the books before; Skonto on it lowers the tax here
        return _skonto(voucher)
    return [*_entries(voucher, _day_told(voucher), voucher.document.payable_groups), *_skonto(voucher)]


def totals(found: Iterable[Entry], *, first: date, last: date) -> list[Sum]:
    """The sums of each case of what arose from `first` to `last`, in the order of the form; cases without any are left out."""
    of_case: defaultdict[str, list[Entry]] = defaultdict(list)
    for each in found:
        if first <= each.on <= last:
            of_case[each.case].append(each)
    order = {case: place for place, case in enumerate(ORDER)}
    cases = sorted(of_case, key=lambda case: (order.get(case, len(order)), case))
    return [_sum(case, of_case[case], line_of(case, last)) for case in cases]


def _sum(case: str, found: list[Entry], line: str) -> Sum:
    advances = [each for each in found if each.is_advance]
    return Sum(
        case,
        sum((each.net for each in found), ZERO),
        sum((each.tax for each in found), ZERO),
        sum((each.net for each in advances), ZERO),
        sum((each.tax for each in advances), ZERO),
        line,
    )


def line_of(case: str, on: date) -> str:
    """The number of the form's line for a case; empty where there is none."""
    return next((line.number for line in LINES if line.case == case and line.valid_from <= on), "")


def _received(voucher: Voucher) -> list[Entry]:
    """By the money that came. Skonto counts as received for a part payment, as its final invoice takes it off whole, and
    lowers the price at once; for everything else it is simply not received.
    """
    document, is_advance = voucher.document, voucher.is_part_payment
    left_out = {Method.REDUCTION} if is_advance else {Method.REDUCTION, Method.SKONTO}
    receipts = [each for each in voucher.receipts if each.method not in left_out]
    found = [
        each
        for receipt, groups in shared_out(document, receipts)
        for each in _entries(voucher, receipt.on, groups, is_advance=is_advance)
    ]
    return found + (_skonto(voucher) if is_advance else [])


def _skonto(voucher: Voucher) -> list[Entry]:
    return [
        each
        for receipt in voucher.receipts
        if receipt.method == Method.SKONTO
        for each in _entries(
            voucher, receipt.on, split(-receipt.amount, voucher.document.payable_groups),
            is_advance=voucher.is_part_payment,
        )
    ]  # fmt: skip


def _entries(voucher: Voucher, on: date, groups: Iterable[VatGroup], *, is_advance: bool = False) -> list[Entry]:
    return [
        Entry(on, case_of(voucher.document, group.vat), group.net, group.tax, voucher.number, is_advance)
        for group in groups
        if group.net or group.tax
    ]


def _day_told(voucher: Voucher) -> date:
    if not voucher.document.is_demand:
        return voucher.issued_on
    if (
        voucher.document.tax_case == TaxCase.EU_GOODS
    ):  # § 18b S. 2 UStG: with the invoice, at the latest the month after
        year, month = divmod(voucher.supplied_on.year * 12 + voucher.supplied_on.month, 12)
        latest = date(year, month + 1, monthrange(year, month + 1)[1])
        return max(voucher.supplied_on, min(voucher.issued_on, latest))
    return voucher.supplied_on

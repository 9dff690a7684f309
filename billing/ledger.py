"""Issued documents and the payments on them, as books and VAT returns look at them. Pure: values in, values out.

A voucher (Beleg) is one issued document. What its tax is booked under is its `case`: a rate, or the reason why there is no
tax (R38). Euros as `Decimal`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from billing.documents.model import Document, Kind
from billing.money import HUNDRED, ZERO, Vat, VatGroup, distribute, round_cents
from billing.tax_cases import TaxCase

SMALL_BUSINESS = "small_business"  # § 19 UStG


class Method(StrEnum):
    """The methods of `models.Payment` that are booked differently."""

    TRANSFER = "transfer"
    CASH = "cash"
    SKONTO = "skonto"
    WITHHELD = "withheld"
    REDUCTION = "reduction"
    REFUND = "refund"


@dataclass(frozen=True)
class Receipt:
    """A row of money on a voucher: `amount` for the document itself, beside it interest and costs of reminders.

    Below zero: given back, or taken back as a mistake. `is_offset`: set against another document, no money moved.
    """

    pk: int
    on: date
    amount: Decimal
    method: str
    interest: Decimal = ZERO
    costs: Decimal = ZERO
    is_offset: bool = False


@dataclass(frozen=True)
class Voucher:
    """An issued document. `item` is the number its open item goes by, `about` the kind of that document, `supplied_on` its day
    of supply, or of issue where none was named: of what cancels or reduces, the original's.
    """

    pk: int
    document: Document
    customer_number: int
    item: str
    about: Kind
    supplied_on: date
    receipts: tuple[Receipt, ...] = ()
    is_opening: bool = False  # an open item of the books before these, which told its turnover (Saldovortrag)

    @property
    def kind(self) -> Kind:
        return self.document.kind

    @property
    def number(self) -> str:
        return self.document.number or ""

    @property
    def issued_on(self) -> date:
        if self.document.issued_on is None:
            raise ValueError("a draft is no voucher")
        return self.document.issued_on

    @property
    def is_part_payment(self) -> bool:
        """Asks for money before the supply: nothing is owed or taxed till it comes (§ 13 (1) Nr. 1a S. 4 UStG, R39a)."""
        return self.about == Kind.PART_PAYMENT


def case_of(document: Document, vat: Vat) -> str:
    """What a sum of that VAT is booked and reported under: "19", "7", "0" or the name of a tax case."""
    if vat.rate:
        return f"{vat.rate.normalize():f}"
    if document.seller.small_business or (vat.category == "E" and document.tax_case == TaxCase.DOMESTIC):
        return SMALL_BUSINESS
    if document.tax_case != TaxCase.DOMESTIC:
        return document.tax_case
    return "0"


def parts(amount: Decimal, groups: Sequence[VatGroup]) -> tuple[VatGroup, ...]:
    """A gross sum shared out over the rates of a document, with the tax in it: all of a rate has exactly its tax."""
    weights = [group.gross for group in groups]
    if not sum(weights, ZERO):
        return ()
    found = []
    for group, share in zip(groups, distribute(amount, weights), strict=True):
        tax = group.tax if share == group.gross else round_cents(share * group.vat.rate / (HUNDRED + group.vat.rate))
        found.append(VatGroup(group.vat, share - tax, tax))
    return tuple(found)


def shared_out(document: Document, receipts: Iterable[Receipt]) -> list[tuple[Receipt, tuple[VatGroup, ...]]]:
    """Each receipt with its part of every rate, in order of days. Together they never miss a cent of the whole, whatever
    the steps it came in: the same parts that a final invoice takes off (R39c).
    """
    groups, so_far = document.payable_groups, ZERO
    before = parts(ZERO, groups)
    found = []
    for receipt in sorted(receipts, key=lambda each: (each.on, each.pk)):
        so_far += receipt.amount
        now = parts(so_far, groups)
        found.append((receipt, tuple(_less(new, old) for new, old in zip(now, before, strict=True))))
        before = now
    return found


def _less(new: VatGroup, old: VatGroup) -> VatGroup:
    return VatGroup(new.vat, new.net - old.net, new.tax - old.tax)

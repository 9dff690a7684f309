"""An issued document, frozen: everything its page, PDF and XML need, and nothing else. Pure.

A document never changes after it is issued, so it holds its own copies of addresses, texts, lines and totals.
`to_json` is canonical: equal documents give equal bytes, and a field added later leaves the bytes (and hashes) of
older documents alone, because fields at their default are left out.
"""

import functools
import hashlib
import json
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from billing.money import (
    HUNDRED,
    ZERO,
    CostKind,
    LabourShare,
    Line,
    PriceMode,
    Totals,
    Vat,
    VatGroup,
    labour_share,
    round_cents,
    totals,
)

if typing.TYPE_CHECKING:
    from _typeshed import DataclassInstance

Frozen = typing.TypeVar("Frozen")
COMPANIES = frozenset({"gmbh", "ug", "ag", "gmbh_co_kg"})
NOTHING = Totals(PriceMode.NET, Decimal(0), Decimal(0), (), Decimal(0), Decimal(0), Decimal(0), ())


class Kind(StrEnum):
    QUOTE = "quote"
    ORDER_CONFIRMATION = "order_confirmation"
    INVOICE = "invoice"
    PART_PAYMENT = "part_payment"
    PARTIAL = "partial"
    FINAL = "final"
    CANCELLATION = "cancellation"
    CORRECTION = "correction"
    REDUCTION = "reduction"
    DELIVERY_NOTE = "delivery_note"


# what asks for money (R39a); cancellation, correction and reduction refer to one of these
DEMANDS = frozenset({Kind.INVOICE, Kind.PART_PAYMENT, Kind.PARTIAL, Kind.FINAL})
INVOICES = DEMANDS | {Kind.CANCELLATION, Kind.CORRECTION, Kind.REDUCTION}


class BuyerKind(StrEnum):
    CONSUMER = "consumer"
    BUSINESS = "business"
    PUBLIC = "public"


class LineKind(StrEnum):
    SECTION = "section"
    ITEM = "item"
    TEXT = "text"


@dataclass(frozen=True)
class Seller:
    """`name` is what customers call the firm, `legal_name` what the law calls it (empty: the same)."""

    name: str
    legal_name: str = ""
    owner: str = ""
    legal_form: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "DE"
    phone: str = ""
    email: str = ""
    website: str = ""
    contact_name: str = ""
    tax_number: str = ""
    vat_id: str = ""
    register_court: str = ""
    register_number: str = ""
    account_holder: str = ""  # as the bank knows it (R124)
    iban: str = ""
    bic: str = ""
    bank_name: str = ""
    small_business: bool = False
    brand: str = "#24594a"

    @property
    def official_name(self) -> str:
        return self.legal_name or self.name

    @property
    def is_company(self) -> bool:
        """Whether `owner` manages a company rather than owning the business."""
        return self.legal_form.lower() in COMPANIES


@dataclass(frozen=True)
class Buyer:
    """`name` is the party to the contract, `contact_name` a person there."""

    name: str
    kind: BuyerKind = BuyerKind.CONSUMER
    contact_name: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "DE"
    customer_number: str = ""
    vat_id: str = ""
    registration_number: str = ""
    leitweg_id: str = ""
    email: str = ""


@dataclass(frozen=True)
class CostPart:
    """The part of a unit price that pays for one kind of cost."""

    kind: CostKind
    price: Decimal


@dataclass(frozen=True)
class DocumentLine:
    """One row. Headings and texts have `text` and `description` only.

    `amount` is what the row costs after its discount, in the document's price mode. `is_counted` says whether it is
    in the total: alternatives not chosen and options not taken are not, nor is what stands below a heading that is
    itself one of these. `max_quantity` is not zero where the customer says how many of an option he takes.
    """

    position: str
    kind: LineKind
    text: str
    description: str = ""
    quantity: Decimal = Decimal(0)
    unit: str = ""
    unit_code: str = "C62"
    unit_price: Decimal = Decimal(0)
    discount_percent: Decimal = Decimal(0)
    vat: Vat | None = None
    amount: Decimal = Decimal(0)
    cost_kind: CostKind = CostKind.MATERIAL
    alternative_set: str = ""
    is_optional: bool = False
    is_counted: bool = True
    option_group: str = ""
    max_quantity: int = 0
    cost_split: tuple[CostPart, ...] = ()

    @property
    def is_item(self) -> bool:
        return self.kind == LineKind.ITEM

    @property
    def can_be_chosen(self) -> bool:
        """Whether the customer decides about this row."""
        return bool(self.alternative_set or self.is_optional)


@dataclass(frozen=True)
class Reference:
    number: str
    issued_on: date


@dataclass(frozen=True)
class Deduction:
    """What was received on a part payment of one VAT rate, taken off the final invoice (§ 14 (5) S. 2 UStG, R39c).

    `net` and `tax` in euros, `tax` being the part of the money received.
    """

    number: str
    issued_on: date
    received_on: date
    vat: Vat
    net: Decimal
    tax: Decimal

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax


@dataclass(frozen=True)
class Skonto:
    """A discount for paying early that was agreed (§ 14 (4) Nr. 7 UStG, R15); `base` only where not all is discounted."""

    percent: Decimal
    days: int
    until: date | None = None
    base: Decimal = Decimal(0)


@dataclass(frozen=True)
class Retention:
    """Part of the claim that is due later as a security (Sicherheitseinbehalt, R25)."""

    amount: Decimal
    percent: Decimal
    due_on: date | None = None


@dataclass(frozen=True)
class Attachment:
    """A file that travels inside the structured invoice (BG-24): its name, kind, stored name and SHA-256."""

    name: str
    mime_type: str
    stored: str
    sha256: str
    description: str = ""


@dataclass(frozen=True)
class Document:
    kind: Kind
    seller: Seller
    buyer: Buyer
    number: str | None = None  # None: a draft
    version: int = 1
    title: str = ""  # empty: the word for its kind, "Rechnung"
    issued_on: date | None = None
    language: str = "de"
    subject: str = ""
    site: str = ""  # where the work is done, one line
    intro: str = ""
    closing: str = ""
    mode: PriceMode = PriceMode.NET
    lines: tuple[DocumentLine, ...] = ()
    discount_percent: Decimal = Decimal(0)
    totals: Totals = NOTHING
    labour: LabourShare | None = None  # § 35a EStG, where it is to be shown
    service_from: date | None = None
    service_until: date | None = None
    due_on: date | None = None
    payment_terms: str = ""
    valid_until: date | None = None
    buyer_reference: str = ""
    preceding: Reference | None = None
    reason: str = ""
    notes: tuple[str, ...] = ()
    order_number: str = ""
    quote_number: str = ""
    tax_case: str = "domestic"  # billing.tax_cases.TaxCase
    exemption: str = ""  # the paragraph of § 4 UStG, where the case is an exemption
    is_construction: bool = False
    deductions: tuple[Deduction, ...] = ()
    skonto: Skonto | None = None
    retention: Retention | None = None
    attachments: tuple[Attachment, ...] = ()
    deliver_to: str = ""  # country the goods go to, where it is not the buyer's
    # what was received is stated as such, and a list of it goes along (Endrechnung), not as lines that take it off (R39d)
    prepaid_as_list: bool = False

    @property
    def is_demand(self) -> bool:
        """Whether it asks for money."""
        return self.kind in DEMANDS

    @property
    def is_untaxed(self) -> bool:
        """Whether it speaks of no VAT at all: of a small business (R28), or by its tax case (§ 14a (5) UStG, R33)."""
        return self.seller.small_business or self.tax_case != "domestic"

    @property
    def states_prepaid(self) -> bool:
        """Whether the structured part states the whole work and what was received of it (BT-113, R39d)."""
        return self.prepaid_as_list and bool(self.deductions)

    @property
    def payable_groups(self) -> tuple[VatGroup, ...]:
        """What is still to pay of each rate: the work less what was received (R39c). Without deductions the totals."""
        found = []
        groups = {group.vat: group for group in self.totals.groups}
        # a rate that is in no row (any more) has its share too: what was received of it is given back
        groups |= {each.vat: VatGroup(each.vat, ZERO, ZERO) for each in self.deductions if each.vat not in groups}
        for group in groups.values():
            taken = [each for each in self.deductions if each.vat == group.vat]
            net = group.net - sum((each.net for each in taken), Decimal(0))
            found.append(VatGroup(group.vat, net, group.tax - sum((each.tax for each in taken), Decimal(0))))
        return tuple(found)

    @property
    def payable_net(self) -> Decimal:
        return sum((group.net for group in self.payable_groups), Decimal("0.00"))

    @property
    def payable_tax(self) -> Decimal:
        return sum((group.tax for group in self.payable_groups), Decimal("0.00"))

    @property
    def payable(self) -> Decimal:
        """What the customer is to pay for this document in euros; below zero: what he gets back."""
        return self.payable_net + self.payable_tax

    @property
    def payable_now(self) -> Decimal:
        """What is to be paid first: all but the retention (R25)."""
        return self.payable - (self.retention.amount if self.retention else ZERO)

    @property
    def skonto_amount(self) -> Decimal:
        """The discount for paying early in euros, tax included; nothing where none was agreed. What is left is rounded."""
        if self.skonto is None:
            return ZERO
        base = self.skonto.base or self.payable
        return base - round_cents(base * (HUNDRED - self.skonto.percent) / HUNDRED)

    @property
    def is_draft(self) -> bool:
        return self.number is None

    @property
    def items(self) -> tuple[DocumentLine, ...]:
        """The rows with a price that are in the total."""
        return tuple(line for line in self.lines if line.is_item and line.is_counted)


@dataclass(frozen=True)
class Section:
    """A heading with the rows below it; `heading` is None for rows above the first one."""

    heading: DocumentLine | None
    lines: tuple[DocumentLine, ...] = field(default=())

    @property
    def sum(self) -> Decimal:
        """What its counted rows cost, in the document's price mode, before the document's discount."""
        return sum((line.amount for line in self.lines if line.is_item and line.is_counted), Decimal("0.00"))


def sections(document: Document) -> tuple[Section, ...]:
    """The rows grouped under their headings, in order."""
    found: list[tuple[DocumentLine | None, list[DocumentLine]]] = [(None, [])]
    for line in document.lines:
        if line.kind == LineKind.SECTION:
            found.append((line, []))
        else:
            found[-1][1].append(line)
    return tuple(Section(heading, tuple(lines)) for heading, lines in found if heading or lines)


def money_line(line: DocumentLine) -> Line:
    """The row as the arithmetic knows it. Raises ValueError for a row without VAT."""
    if line.vat is None:
        raise ValueError(f"position {line.position} has no VAT")
    return Line(line.quantity, line.unit_price, line.vat, line.discount_percent)


def calculated(document: Document, *, labour: bool = False) -> Document:
    """The document with line amounts, totals and (on request) labour share worked out anew from its rows."""
    lines = tuple(replace(line, amount=money_line(line).amount) if line.is_item else line for line in document.lines)
    document = replace(document, lines=lines)
    priced = [money_line(line) for line in document.items]
    mode, percent = document.mode, document.discount_percent
    costs: list[str | Mapping[str, Decimal]] = [
        {part.kind: part.price for part in line.cost_split} or line.cost_kind for line in document.items
    ]
    return replace(
        document,
        totals=totals(priced, mode=mode, discount_percent=percent),
        labour=labour_share(priced, costs, mode=mode, discount_percent=percent) if labour else None,
    )


def to_json(document: "DataclassInstance") -> str:
    """Canonical JSON: keys sorted, no spaces, decimals as plain strings, dates ISO, defaults left out."""
    return json.dumps(_dump(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str | bytes) -> Document:
    """The document of a `to_json`. Raises TypeError for a field it does not know."""
    return read_as(Document, text)


def read_as(kind: type[Frozen], text: str | bytes) -> Frozen:
    """Anything else that is issued and was written by `to_json`: a letter of reminder. Raises TypeError as `from_json`."""
    return _load(kind, json.loads(text))


def content_hash(document: "DataclassInstance") -> str:
    """SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(to_json(document).encode()).hexdigest()


def _dump(value):
    if is_dataclass(value):
        pairs = ((each, getattr(value, each.name)) for each in fields(value))
        return {each.name: _dump(found) for each, found in pairs if found != _default(each)}
    if isinstance(value, tuple):
        return [_dump(each) for each in value]
    if isinstance(value, Decimal):
        return f"{value.normalize() + 0:f}"
    return value.isoformat() if isinstance(value, date) else value


_hints = functools.cache(typing.get_type_hints)  # asked for each row of each document


def _load(kind, value):
    if isinstance(kind, types.UnionType):
        return None if value is None else _load(typing.get_args(kind)[0], value)
    if typing.get_origin(kind) is tuple:
        return tuple(_load(typing.get_args(kind)[0], each) for each in value)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _load(hints.get(name, str), each) for name, each in value.items()})
    return date.fromisoformat(value) if kind is date else kind(value)


def _default(each):
    return None if each.default is MISSING else each.default

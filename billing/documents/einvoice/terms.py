"""The business terms of EN 16931 of a frozen document: what both syntaxes say, before either says it. Pure.

The numbers beside the fields are those of the standard (BT-1 is the invoice number). Amounts are those of the frozen
document, so page, PDF and XML show the same cents. Run `preflight` before a number is taken; `terms` trusts its document.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from billing.documents.einvoice.profiles import Profile, profile_for
from billing.documents.model import (
    INVOICES,
    Attachment,
    Deduction,
    Document,
    DocumentLine,
    Kind,
    LineKind,
    Reference,
    money_line,
)
from billing.money import HUNDRED, NetLine, Totals, Vat, VatGroup, net_lines
from billing.tax import EXEMPTION_REASONS
from billing.tax_cases import TaxCase, reason, treatment

SEPA_TRANSFER, CLEARING = "58", "97"  # UNTDID 4461
DISCOUNT = ("95", "Rabatt")  # UNTDID 5189
SURCHARGE = ("ABK", "Zuschlag")  # UNTDID 7161, miscellaneous services
TOLERANCE = Decimal("0.02")  # how far an allowance or charge may lie from base times percent (PEPPOL-EN16931-R040)
CREDIT_NOTE = "381"

# BT-3 of UNTDID 1001: as it is called elsewhere, and for building work (R39b); BR-DE-17 knows no others
_TYPE_CODES = {
    Kind.INVOICE: ("380", "380"),
    Kind.PART_PAYMENT: ("326", "875"),
    Kind.PARTIAL: ("326", "876"),
    Kind.FINAL: ("380", "877"),
    Kind.CANCELLATION: ("384", "384"),
    Kind.CORRECTION: ("384", "384"),
    Kind.REDUCTION: (CREDIT_NOTE, CREDIT_NOTE),
}
# what the code does not say in words, or not unmistakably
_KIND_WORDS = {Kind.PART_PAYMENT: "Abschlagsrechnung", Kind.PARTIAL: "Teilrechnung", Kind.FINAL: "Schlussrechnung"}
_ABOUT = {
    Kind.CANCELLATION: "Storno der Rechnung {number} vom {day:%d.%m.%Y}.",
    Kind.CORRECTION: "Berichtigung der Rechnung {number} vom {day:%d.%m.%Y}.",
    Kind.REDUCTION: "Preisnachlass auf die Rechnung {number} vom {day:%d.%m.%Y}.",
}
# What XML 1.0 cannot hold; people paste such characters from other programs
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Party:
    """BG-4 seller or BG-7 buyer."""

    name: str  # BT-27, BT-44
    trading_name: str = ""  # BT-28
    identifier: str = ""  # BT-29, BT-46
    register_number: str = ""  # BT-30, BT-47
    vat_id: str = ""  # BT-31, BT-48
    tax_number: str = ""  # BT-32
    legal_facts: str = ""  # BT-33
    street: str = ""  # BT-35, BT-50
    city: str = ""  # BT-37, BT-52
    postcode: str = ""  # BT-38, BT-53
    country: str = ""  # BT-40, BT-55
    contact: str = ""  # BT-41, BT-56
    phone: str = ""  # BT-42
    email: str = ""  # BT-43
    endpoint: tuple[str, str] | None = None  # BT-34, BT-49: scheme and address


@dataclass(frozen=True)
class Account:
    """BG-17: where the money is to go."""

    iban: str  # BT-84
    holder: str = ""  # BT-85
    bic: str = ""  # BT-86


@dataclass(frozen=True)
class Adjustment:
    """BG-20 and BG-27, or with `is_charge` BG-21 and BG-28. Percent and base only together (R041, R042)."""

    is_charge: bool
    amount: Decimal  # BT-92, BT-99, BT-136, BT-141
    base: Decimal | None = None  # BT-93, BT-100, BT-137, BT-142
    percent: Decimal | None = None  # BT-94, BT-101, BT-138, BT-143
    vat: Vat | None = None  # BT-95 and BT-96, BT-102 and BT-103; of the whole document only

    @property
    def code(self) -> str:
        """BT-98, BT-105, BT-140, BT-145."""
        return (SURCHARGE if self.is_charge else DISCOUNT)[0]

    @property
    def reason(self) -> str:
        """BT-97, BT-104, BT-139, BT-144."""
        return (SURCHARGE if self.is_charge else DISCOUNT)[1]


@dataclass(frozen=True)
class Group:
    """BG-23: what is taxed alike."""

    vat: Vat  # BT-118, BT-119
    net: Decimal  # BT-116
    tax: Decimal  # BT-117
    reason: str = ""  # BT-120
    code: str | None = None  # BT-121


@dataclass(frozen=True)
class Item:
    """BG-25: an invoice line. The price is never negative (BR-27), the quantity may be."""

    id: str  # BT-126
    name: str  # BT-153
    quantity: Decimal  # BT-129
    unit_code: str  # BT-130
    price: Decimal  # BT-146
    amount: Decimal  # BT-131
    vat: Vat  # BT-151, BT-152
    note: str = ""  # BT-127
    description: str = ""  # BT-154
    adjustment: Adjustment | None = None


@dataclass(frozen=True)
class Supporting:
    """BG-24: a file that travels inside."""

    id: str  # BT-122
    description: str  # BT-123
    name: str
    mime_type: str
    content: bytes  # BT-125


@dataclass(frozen=True)
class Terms:
    """Everything a structured invoice says."""

    profile: Profile
    number: str  # BT-1
    issued_on: date  # BT-2
    type_code: str  # BT-3
    seller: Party
    buyer: Party
    means: str  # BT-81
    groups: tuple[Group, ...]
    items: tuple[Item, ...]
    line_total: Decimal  # BT-106
    net: Decimal  # BT-109
    tax: Decimal  # BT-110
    gross: Decimal  # BT-112
    prepaid: Decimal | None = None  # BT-113: of an Endrechnung only, else deductions are lines (R39d)
    tax_on_payment: bool = False  # BT-8
    due_on: date | None = None  # BT-9
    buyer_reference: str = ""  # BT-10
    purchase_order: str = ""  # BT-13
    sales_order: str = ""  # BT-14
    payment_terms: str = ""  # BT-20
    notes: tuple[str, ...] = ()  # BT-22
    preceding: tuple[Reference, ...] = ()  # BG-3
    supplied_on: date | None = None  # BT-72
    period: tuple[date, date] | None = None  # BG-14
    deliver_to: str = ""  # BT-80
    payment_reference: str = ""  # BT-83
    account: Account | None = None
    adjustments: tuple[Adjustment, ...] = ()
    attachments: tuple[Supporting, ...] = ()

    @property
    def payable(self) -> Decimal:
        """BT-115."""
        return self.gross - (self.prepaid or Decimal(0))

    @property
    def is_credit_note(self) -> bool:
        return self.type_code == CREDIT_NOTE

    @property
    def allowances(self) -> Decimal:
        """BT-107."""
        return sum((each.amount for each in self.adjustments if not each.is_charge), Decimal(0))

    @property
    def charges(self) -> Decimal:
        """BT-108."""
        return sum((each.amount for each in self.adjustments if each.is_charge), Decimal(0))


def terms(document: Document, profile: Profile | None = None, *, contents: Mapping[str, bytes] | None = None) -> Terms:
    """What the document says, in the profile of its buyer unless another is given.

    `contents` has the bytes of each attachment by its stored name. Raises ValueError for a draft and for anything that
    is no invoice, and for an Endrechnung without the list of what was received; KeyError for an attachment whose bytes are
    not given.
    """
    if document.kind not in INVOICES:
        raise ValueError(f"{document.kind} has no structured form")
    if document.number is None or document.issued_on is None:
        raise ValueError("a draft has no structured form")
    if document.states_prepaid and not document.attachments:
        raise ValueError("the list of part payments is missing")
    notes = tuple(filter(None, _notes(document)))
    code = _TYPE_CODES[document.kind][document.is_construction]
    if code == CREDIT_NOTE:  # a credit note says with positive amounts what is taken back
        document = _mirrored(document)
    items = document.items
    nets = net_lines([money_line(line) for line in items], mode=document.mode)
    sums = _net_sums(document, nets)
    # an Endrechnung states the whole work; never both, or it would be deducted twice (R39d)
    is_whole = document.states_prepaid
    groups = document.totals.groups if is_whole else document.payable_groups
    taken = () if is_whole else document.deductions
    is_abroad_untaxed = any(group.vat.category in "KG" for group in groups)
    start, end = document.service_from, document.service_until
    return Terms(
        profile=profile or profile_for(document),
        number=_clean(document.number or ""),
        issued_on=document.issued_on or date.max,
        type_code=code,
        seller=_seller(document),
        buyer=_buyer(document),
        means=SEPA_TRANSFER if _wants_money(document) else CLEARING,
        groups=tuple(_group(document, group) for group in groups),
        items=(*_items(document, nets), *_deductions(taken, len(items))),
        line_total=sum(sums.values(), Decimal(0)) - sum((each.net for each in taken), Decimal(0)),
        net=sum((group.net for group in groups), Decimal(0)),
        tax=sum((group.tax for group in groups), Decimal(0)),
        gross=sum((group.gross for group in groups), Decimal(0)),
        prepaid=sum((each.gross for each in document.deductions), Decimal(0)) if is_whole else None,
        # the tax of a part payment is due when it is received, however the business is taxed (§ 13 (1) Nr. 1a S. 4 UStG)
        tax_on_payment=document.kind == Kind.PART_PAYMENT,
        due_on=document.due_on,
        buyer_reference=_clean(document.buyer.leitweg_id or document.buyer_reference),
        purchase_order=_purchase_order(document),
        sales_order=_clean(document.order_number),
        payment_terms=_payment_terms(document),
        notes=notes,
        preceding=_preceding(document),
        supplied_on=end or start,
        period=(start, end) if start and end and start != end else None,
        deliver_to=document.deliver_to or (document.buyer.country if is_abroad_untaxed else ""),
        payment_reference=_clean(document.number or "") if document.is_demand else "",
        account=_account(document) if _wants_money(document) else None,
        adjustments=tuple(
            _adjustment(discount, sums[group.vat], document.discount_percent, group.vat)
            for group in document.totals.groups  # one for each category and rate (R14)
            if (discount := sums[group.vat] - group.net)
        ),
        attachments=tuple(
            _supporting(number, each, (contents or {})[each.stored])
            for number, each in enumerate(document.attachments, 1)
        ),
    )


def xml_text(text: str) -> str:
    """The text without the characters XML cannot hold."""
    return _FORBIDDEN.sub("", text)


def _purchase_order(document) -> str:
    """The buyer's order number; without a Leitweg-ID it is the reference (BT-10) itself."""
    number, leitweg_id = document.buyer_reference, document.buyer.leitweg_id
    return _clean(number) if leitweg_id and number != leitweg_id else ""


# --- who ----------------------------------------------------------------------------------------------------------------
def _seller(document) -> Party:
    seller = document.seller
    # § 3a (2) UStG abroad: with the category O no VAT ID may stand there (BR-O-02)
    vat_id = "" if _is_outside(document) else _compact(seller.vat_id)
    return Party(
        name=_clean(seller.official_name),
        trading_name=_clean(seller.name if seller.name != seller.official_name else ""),
        # without any of the three: BR-CO-26
        identifier="" if vat_id or seller.register_number else _clean(seller.tax_number or seller.vat_id),
        register_number=_clean(seller.register_number),
        vat_id=vat_id,
        tax_number=_clean(seller.tax_number),
        legal_facts=_clean(_legal_line(seller)),
        street=_clean(seller.street),
        city=_clean(seller.city),
        postcode=_clean(seller.postcode),
        country=seller.country,
        contact=_clean(seller.contact_name or seller.owner),
        phone=_clean(seller.phone),
        email=_clean(seller.email),
        endpoint=("EM", _clean(seller.email)) if seller.email else None,
    )


def _buyer(document) -> Party:
    buyer = document.buyer
    endpoint = ("EM", _clean(buyer.email)) if buyer.email else None
    return Party(
        name=_clean(buyer.name),
        identifier=_clean(buyer.customer_number),
        register_number=_clean(buyer.registration_number),
        vat_id="" if _is_outside(document) else _compact(buyer.vat_id),
        street=_clean(buyer.street),
        city=_clean(buyer.city),
        postcode=_clean(buyer.postcode),
        country=buyer.country,
        contact=_clean(buyer.contact_name),
        endpoint=("0204", _clean(buyer.leitweg_id)) if buyer.leitweg_id else endpoint,
    )


def _legal_line(seller):
    role = "Geschäftsführung" if seller.is_company else "Inhaber"
    facts = (
        f"{role}: {seller.owner}" if seller.owner and seller.owner != seller.legal_name else "",
        ", ".join(filter(None, (seller.register_court, seller.register_number))),
    )
    return " · ".join(filter(None, facts))


def _is_outside(document) -> bool:
    return any(line.vat and line.vat.category == "O" for line in document.items)


# --- what is to pay -----------------------------------------------------------------------------------------------------
def _wants_money(document) -> bool:
    """Whether money is to go to the seller's account. A correction repeats what its invoice asks for already."""
    return document.is_demand and bool(document.seller.iban) and document.payable > 0


def _account(document) -> Account:
    seller = document.seller
    return Account(_compact(seller.iban), _clean(seller.account_holder), _compact(seller.bic))


def _group(document, group: VatGroup) -> Group:
    text, code = _reason(document, group.vat.category)
    return Group(group.vat, group.net, group.tax, _clean(text), code)


def _reason(document, category) -> tuple[str, str | None]:
    """BT-120 and BT-121: forbidden for S and Z, else what the tax case says."""
    if category in "SZ":
        return "", None
    day = document.service_until or document.service_from or document.issued_on
    if document.tax_case != TaxCase.DOMESTIC and not (document.seller.small_business and category == "E"):
        found = treatment(document.tax_case, day)
        if found and found.category == category:
            return reason(document.tax_case, day, exemption=document.exemption)
    return EXEMPTION_REASONS[category]


def _payment_terms(document) -> str:
    """BT-20: the lines a machine reads for Skonto come first, each with its line break (BR-DE-18)."""
    words = [document.payment_terms]
    if document.retention:
        kept = document.retention
        until = f"fällig am {kept.due_on:%d.%m.%Y}" if kept.due_on else "fällig nach Ablauf der Gewährleistung"
        words.append(
            f"Davon Sicherheitseinbehalt {_comma(kept.percent)} %: {_comma(kept.amount)} EUR, {until}; "
            f"jetzt zu zahlen: {_comma(document.payable_now)} EUR."
        )
    text = _clean(_joined(*words))
    if not document.skonto:
        return text
    skonto = document.skonto
    base = f"BASISBETRAG={skonto.base:.2f}#" if skonto.base else ""
    return f"#SKONTO#TAGE={skonto.days}#PROZENT={skonto.percent:.2f}#{base}\n{text}"


def _net_sums(document, nets: tuple[NetLine, ...]) -> dict[Vat, Decimal]:
    """Net line amounts per category and rate, before the document's discount and without deductions."""
    sums = {group.vat: Decimal(0) for group in document.totals.groups}
    for line, net in zip(document.items, nets, strict=True):
        sums[line.vat] += net.amount
    return sums


def _adjustment(discount, base, percent, vat=None) -> Adjustment:
    """An allowance, or with a percent below zero a charge. The percent decides, not the amount: what a cancellation
    takes back of a discount is an allowance with a negative amount.
    """
    is_charge = percent < 0
    amount, percent = (-discount, -percent) if is_charge else (discount, percent)
    if abs(base * percent / HUNDRED - amount) <= TOLERANCE:
        return Adjustment(is_charge, amount, base, percent, vat)
    return Adjustment(is_charge, amount, vat=vat)


# --- what was done ------------------------------------------------------------------------------------------------------
def _items(document, nets):
    for line, net, line_id, note in zip(
        document.items, nets, _line_ids(document.items), _line_notes(document), strict=True
    ):
        sign = -1 if net.unit_price < 0 else 1
        yield Item(
            id=line_id,
            name=_clean(line.text),
            quantity=sign * net.quantity,
            unit_code=line.unit_code,
            price=sign * net.unit_price,
            amount=net.amount,
            vat=line.vat,
            note=_clean(note),
            description=_clean(line.description),
            adjustment=_adjustment(net.discount, net.base, line.discount_percent) if net.discount else None,
        )


def _deductions(deductions, count):
    """What was received before, as lines that take it off: the invoice asks for the rest only (R39d, Restrechnung)."""
    for number, taken in enumerate(deductions, 1):
        sign = -1 if taken.net >= 0 else 1
        yield Item(
            id=f"A{number}" if count else str(number),
            name=_deduction_name(taken),
            quantity=Decimal(sign),
            unit_code="C62",
            price=abs(taken.net),
            amount=-taken.net,
            vat=taken.vat,
            description=f"Erhalten: {_comma(taken.net)} EUR netto + {_comma(taken.tax)} EUR USt "
            f"= {_comma(taken.gross)} EUR.",
        )


def _deduction_name(taken: Deduction) -> str:
    return _clean(
        f"Abzüglich Abschlagsrechnung {taken.number} vom {taken.issued_on:%d.%m.%Y}, "
        f"erhalten am {taken.received_on:%d.%m.%Y}"
    )


def _prepaid(taken: Deduction) -> str:
    return _clean(
        f"Abschlagsrechnung {taken.number} vom {taken.issued_on:%d.%m.%Y}, erhalten am {taken.received_on:%d.%m.%Y}: "
        f"{_comma(taken.net)} EUR netto + {_comma(taken.tax)} EUR USt = {_comma(taken.gross)} EUR."
    )


def _line_ids(items: tuple[DocumentLine, ...]) -> list[str]:
    """BT-126: the positions people see, if they are there and differ, else 1, 2, 3."""
    positions = [_clean(line.position) for line in items]
    if all(positions) and len(set(positions)) == len(positions):
        return positions
    return [str(number) for number in range(1, len(positions) + 1)]


def _line_notes(document) -> list[str]:
    """BT-127 of each item: the heading it stands under, and texts that follow it."""
    notes: list[list[str]] = []
    heading = ""
    for line in document.lines:
        if line.kind == LineKind.SECTION:
            heading = line.text
        elif line.kind == LineKind.TEXT and notes:
            notes[-1].append(_joined(line.text, line.description))
        elif line.is_item and line.is_counted:
            notes.append([heading] if heading else [])
            heading = ""
    return ["\n".join(each) for each in notes]


# --- what else the paper says ---------------------------------------------------------------------------------------------
def _notes(document):
    """Everything the PDF says beside lines and sums: the structured part must say it too (R44)."""
    yield _KIND_WORDS.get(document.kind, "")
    yield _clean(document.subject)
    if document.site:
        yield f"Ausführungsort: {_clean(document.site)}"
    if document.kind == Kind.PART_PAYMENT and not (document.service_from or document.service_until):
        yield "Der Zeitpunkt der Leistung steht noch nicht fest."  # § 14 (4) Nr. 6 UStG, R39b
    if document.preceding and document.kind in _ABOUT:
        yield _clean(_ABOUT[document.kind].format(number=document.preceding.number, day=document.preceding.issued_on))
    yield _clean(document.reason)
    for line in document.lines:  # texts above the first position belong to the document
        if line.is_item:
            break
        if line.kind == LineKind.TEXT:
            yield _clean(_joined(line.text, line.description))
    if document.deductions:
        work = document.totals
        net = sum((each.net for each in document.deductions), Decimal(0))
        tax = sum((each.tax for each in document.deductions), Decimal(0))
        how = "siehe die Liste in der Anlage" if document.states_prepaid else "als Positionen abgezogen"
        yield (
            f"Gesamtleistung: {_comma(work.net)} EUR netto + {_comma(work.tax)} EUR USt = {_comma(work.gross)} EUR. "
            f"Erhaltene Abschläge, {how}: {_comma(net)} EUR netto + {_comma(tax)} EUR USt "
            f"= {_comma(net + tax)} EUR."
        )
        if document.states_prepaid:
            yield from map(_prepaid, document.deductions)
            yield (
                f"Restbetrag: {_comma(document.payable_net)} EUR netto + {_comma(document.payable_tax)} EUR USt "
                f"= {_comma(document.payable)} EUR."
            )
    if document.labour and document.labour.net > 0:
        share = document.labour
        tax = f" + {_comma(share.tax)} EUR USt" if share.tax else ""
        total = f" = {_comma(share.gross)} EUR" if share.tax else ""
        yield (
            f"Darin enthaltene Arbeits-, Fahrt- und Maschinenkosten (§ 35a EStG): "
            f"{_comma(share.net)} EUR netto{tax}{total}. Begünstigt nur bei unbarer Zahlung."
        )
    yield from map(_clean, document.notes)


def _preceding(document) -> tuple[Reference, ...]:
    """BG-3: what is corrected or taken back, else the part payments that are deducted, in order."""
    found = [document.preceding] if document.preceding else []
    found += [Reference(each.number, each.issued_on) for each in document.deductions]
    return tuple(dict.fromkeys(Reference(_clean(each.number), each.issued_on) for each in found))


def _supporting(number, attachment: Attachment, content: bytes) -> Supporting:
    return Supporting(
        str(number),
        _clean(attachment.description or attachment.name),
        _clean(attachment.name),
        attachment.mime_type,
        content,
    )


def _mirrored(document: Document) -> Document:
    """The same with every amount's sign turned; halves are rounded away from zero, so no cent moves."""
    old = document.totals
    return replace(
        document,
        lines=tuple(replace(line, quantity=-line.quantity, amount=-line.amount) for line in document.lines),
        totals=Totals(
            old.mode,
            -old.line_sum,
            -old.discount,
            tuple(VatGroup(group.vat, -group.net, -group.tax) for group in old.groups),
            -old.net,
            -old.tax,
            -old.gross,
            tuple(-amount for amount in old.amounts),
        ),
        deductions=tuple(replace(each, net=-each.net, tax=-each.tax) for each in document.deductions),
    )


def _clean(text: str) -> str:
    """An empty text makes no element: empty elements are errors."""
    return xml_text(text).strip()


def _joined(*texts):
    return "\n".join(filter(None, texts))


def _compact(number):
    return re.sub(r"\s", "", xml_text(number))


def _comma(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")

"""Which bookings an issued document and the money on it come to (R118). Pure.

* An invoice: the customer's account against revenue, a row for each account and rate, always with a positive amount; what
  cancels or reduces is the same with H in place of S.
* A part payment is nothing until money comes: then the customer's account against prepayments, and the money. A final
  invoice books all revenue and takes the prepayments back.
* Skonto is booked against the account of its rate, so the tax falls with it; tax that the customer kept back for the tax
  office against our claim on it; interest and costs of reminders against accounts without VAT.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.datev import extf
from billing.datev.accounts import Chart
from billing.documents.model import Document, Kind
from billing.ledger import Method, Receipt, Voucher, case_of, shared_out
from billing.money import ZERO, VatGroup
from billing.settlement import split
from billing.tax_cases import WITHIN_EU

MONEY_ACCOUNTS: dict[str, str] = {
    Method.TRANSFER: "bank",
    Method.REFUND: "bank",
    Method.CASH: "cash",
    Method.WITHHELD: "withheld",
}
LONGEST_TEXT = 60


@dataclass(frozen=True)
class Booking:
    """One row: `amount` above zero, `side` S or H as seen from `account`. `item` is what open items are matched by."""

    amount: Decimal
    side: str
    account: int
    contra: int
    on: date
    item: str
    text: str
    guid: str = ""
    due_on: date | None = None
    supplied_on: date | None = None
    eu_vat_id: str = ""

    def cells(self) -> dict[int, object]:
        """The values by number of column (R116)."""
        return {
            1: self.amount, 2: self.side, 3: "EUR", 7: self.account, 8: self.contra, 10: extf.day_month(self.on),
            11: self.item, 12: f"{self.due_on:%d%m%y}" if self.due_on else "", 14: self.text[:LONGEST_TEXT],
            20: f'BEDI "{self.guid}"' if self.guid else "", 40: self.eu_vat_id, 114: 0,
            115: extf.whole_day(self.supplied_on) or None, 116: extf.whole_day(self.supplied_on) or None,
            117: extf.whole_day(self.due_on) or None,
        }  # fmt: skip


def of_document(voucher: Voucher, chart: Chart, *, guid: str = "") -> list[Booking]:
    """The bookings of issuing a document. Raises Unmapped and NoDebitor.

    A part payment and its cancellation are none, and neither is a correction of statements, nor an open item of the books
    before: that is in the opening balances of the tax adviser.
    """
    document = voucher.document
    if voucher.is_part_payment or voucher.is_opening or voucher.kind == Kind.CORRECTION:
        return []
    # what corrects takes effect when it is issued (§§ 14c (1) S. 2, 17 (1) S. 8 UStG), so it has no day of supply
    is_demand = document.is_demand
    shared = {
        "on": voucher.issued_on, "item": voucher.item, "text": _text(voucher), "guid": guid,
        "due_on": document.due_on if is_demand else None, "supplied_on": voucher.supplied_on if is_demand else None,
        "eu_vat_id": _eu_vat_id(document),
    }  # fmt: skip
    debitor = chart.debitor(voucher.customer_number)
    rows = [
        _row(group.gross, debitor, chart.account(_key("revenue", document, group), voucher.issued_on), **shared)
        for group in document.totals.groups
        if group.gross
    ]
    taken: defaultdict[tuple[str, int], Decimal] = defaultdict(lambda: ZERO)
    for each in document.deductions:
        group = VatGroup(each.vat, each.net, each.tax)
        taken[each.number, chart.account(_key("prepayment", document, group), voucher.issued_on)] += each.gross
    shared["supplied_on"] = None  # the tax on it arose with the receipt
    return rows + [
        _row(-amount, debitor, account, **{**shared, "text": f"Anzahlung {number} verrechnet"})
        for (number, account), amount in taken.items()
        if amount
    ]


def of_receipts(voucher: Voucher, chart: Chart, receipts: Iterable[int] | None = None) -> list[Booking]:
    """The bookings of the money on a document, of those receipts or of all. Raises Unmapped and NoDebitor.

    A reduction is booked by its own document.
    """
    wanted = None if receipts is None else set(receipts)
    counted = [each for each in voucher.receipts if each.method != Method.REDUCTION]
    shares = shared_out(voucher.document, counted)
    found = []
    for receipt, groups in shares:
        if wanted is None or receipt.pk in wanted:
            found += _of_receipt(voucher, chart, receipt, groups)
    return found


def _of_receipt(voucher: Voucher, chart: Chart, receipt: Receipt, groups: Sequence[VatGroup]) -> list[Booking]:
    debitor = chart.debitor(voucher.customer_number)
    document, on = voucher.document, receipt.on
    shared = {"on": on, "item": voucher.item}
    rows = []
    if voucher.is_part_payment:
        rows += [
            _row(group.gross, debitor, chart.account(_key("prepayment", document, group), on), **shared,
                 text=_words("Anzahlung", voucher), eu_vat_id=_eu_vat_id(document))
            for group in groups
            if group.gross
        ]  # fmt: skip
    if receipt.method == Method.SKONTO:
        rows += [
            _row(-group.gross, debitor, chart.account(_key("skonto", document, group), on), **shared,
                 text=_words("Skonto", voucher), eu_vat_id=_eu_vat_id(document))
            for group in split(receipt.amount, document.payable_groups)
        ]  # fmt: skip
        return rows
    for key, amount, word in (("interest", receipt.interest, "Zinsen"), ("costs", receipt.costs, "Mahnkosten")):
        if amount:
            rows.append(_row(amount, debitor, chart.account(key, on), **shared, text=_words(word, voucher)))
    total = receipt.amount + receipt.interest + receipt.costs
    account = chart.account("transit" if receipt.is_offset else MONEY_ACCOUNTS.get(receipt.method, "transit"), on)
    if total:
        rows.append(_row(-total, debitor, account, **shared, text=_words(_word(receipt), voucher)))
    return rows


def _row(amount: Decimal, account: int, contra: int, **fields) -> Booking:
    """A booking of `amount` in debit of `account`; below zero it is in credit."""
    return Booking(amount=abs(amount), side="S" if amount > 0 else "H", account=account, contra=contra, **fields)


def _key(what: str, document: Document, group: VatGroup) -> str:
    return f"{what}:{case_of(document, group.vat)}"


def _eu_vat_id(document: Document) -> str:
    return document.buyer.vat_id if document.tax_case in WITHIN_EU else ""


def _text(voucher: Voucher) -> str:
    if voucher.kind == Kind.CANCELLATION:
        return f"Storno {voucher.number} {voucher.document.buyer.name}"
    if voucher.kind == Kind.REDUCTION:
        return f"Nachlass {voucher.number} {voucher.document.buyer.name}"
    return f"{voucher.document.buyer.name} {voucher.document.subject}"


def _words(word: str, voucher: Voucher) -> str:
    return f"{word} {voucher.document.buyer.name}"


def _word(receipt: Receipt) -> str:
    if receipt.is_offset:
        return "Verrechnung"
    if receipt.method == Method.WITHHELD:
        return "Bauabzugsteuer"
    if receipt.method == Method.REFUND:
        return "Erstattung"
    return "Zahlung" if receipt.amount + receipt.interest + receipt.costs > 0 else "Rückbuchung"

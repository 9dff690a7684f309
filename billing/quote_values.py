"""What a quote is worth, kept beside it for lists and figures. Pure: a document in, values out."""

from decimal import Decimal

from billing.documents.model import Document, money_line
from billing.money import PriceMode, round_cents


def of(document: Document) -> dict[str, Decimal]:
    """`gross` and `net` of what is counted, and `list_net`: the net it would be without any discount or surcharge."""
    full = sum((_full_net(line, document.mode) for line in map(money_line, document.items)), Decimal(0))
    return {"gross": document.totals.gross, "net": document.totals.net, "list_net": round_cents(full)}


def _full_net(line, mode):
    amount = line.quantity * line.unit_price
    return amount / line.vat.factor if mode == PriceMode.GROSS else amount

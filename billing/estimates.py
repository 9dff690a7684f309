"""What a draft costs while it is written: sums, the range of choices, and the margin that only the business sees."""

from dataclasses import dataclass
from decimal import Decimal

from billing import choices, drafting
from billing.documents.model import Buyer, Document, DocumentLine, Kind, Seller, calculated
from billing.money import PriceMode, Vat, round_cents


@dataclass(frozen=True)
class Margin:
    """Deckungsbeitrag: what remains of the net price after buying in. `percent` of the net price, whole."""

    amount: Decimal
    percent: Decimal


@dataclass(frozen=True)
class Estimate:
    """The draft as a document with the preselected rows counted; gross totals of the cheapest and dearest choice.

    `margins` runs along the document's rows.
    """

    document: Document
    least: Decimal
    most: Decimal
    margin: Margin | None
    margins: tuple[Margin | None, ...] = ()

    @property
    def has_choices(self):
        return self.least != self.most


def of_rows(rows, *, mode: str, discount_percent: Decimal, small_business: bool, vat: Vat | None = None) -> Estimate:
    """The estimate of rows that need not be stored; `vat` where the tax case fixes it for all of them."""
    rows = list(rows)
    document = Document(
        kind=Kind.QUOTE, seller=Seller(name=""), buyer=Buyer(name=""), mode=PriceMode(mode),
        discount_percent=discount_percent, lines=drafting.lines(rows, small_business=small_business, vat=vat),
    )  # fmt: skip
    return of_document(calculated(document), [getattr(row, "purchase_price", Decimal(0)) for row in rows])


def of_document(document: Document, purchase_prices) -> Estimate:
    """The estimate of a document whose rows were bought in at these net prices per unit."""
    cheapest, dearest = {}, {}
    for name, rows in choices.sets(document).items():
        cheapest[name] = min(rows, key=lambda row: choices.price(document, row)).position
        dearest[name] = max(rows, key=lambda row: choices.price(document, row)).position
    everything = choices.Choice(tuple(dearest.items()))
    for line in choices.options(document):
        everything = everything.with_option(line, line.max_quantity or 1)
    least = choices.applied(document, choices.Choice(tuple(cheapest.items()))).totals.gross
    most = choices.applied(document, everything).totals.gross
    prices = list(purchase_prices)
    per_row = tuple(row_margin(document, line, price) for line, price in zip(document.lines, prices, strict=True))
    return Estimate(document, least, most, margin(document, prices), per_row)


def margin(document: Document, purchase_prices) -> Margin | None:
    """The margin of the counted rows; None while no purchase price is known, which would read as 100 percent."""
    cost = sum(
        (
            price * line.quantity
            for line, price in zip(document.lines, purchase_prices, strict=True)
            if line.is_item and line.is_counted
        ),
        Decimal(0),
    )
    return _margin(document.totals.net, cost)


def row_margin(document: Document, line: DocumentLine, purchase_price: Decimal) -> Margin | None:
    """The margin of one position after its own discount, before the document's."""
    if not line.is_item or line.vat is None:
        return None
    net = line.amount / line.vat.factor if document.mode == PriceMode.GROSS else line.amount
    return _margin(net, purchase_price * line.quantity)


def _margin(net: Decimal, cost: Decimal) -> Margin | None:
    if not cost or not net:
        return None
    amount = round_cents(net - cost)
    return Margin(amount, (amount * 100 / net).quantize(Decimal(1)))

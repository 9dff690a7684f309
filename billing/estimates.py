"""What a draft costs while it is written: sums, the range of choices, and the margin that only the business sees."""

from dataclasses import dataclass
from decimal import Decimal

from billing import choices, drafting
from billing.documents.model import Buyer, Document, Kind, Seller, calculated
from billing.money import PriceMode, round_cents


@dataclass(frozen=True)
class Margin:
    """Deckungsbeitrag: what remains of the net price after buying in. `percent` of the net price, whole."""

    amount: Decimal
    percent: Decimal


@dataclass(frozen=True)
class Estimate:
    """The draft as a document with the preselected rows counted; gross totals of the cheapest and dearest choice."""

    document: Document
    least: Decimal
    most: Decimal
    margin: Margin | None

    @property
    def has_choices(self):
        return self.least != self.most


def of_rows(rows, *, mode: str, discount_percent: Decimal, small_business: bool) -> Estimate:
    """The estimate of rows that need not be stored."""
    rows = list(rows)
    document = Document(
        kind=Kind.QUOTE, seller=Seller(name=""), buyer=Buyer(name=""), mode=PriceMode(mode),
        discount_percent=discount_percent, lines=drafting.lines(rows, small_business=small_business),
    )  # fmt: skip
    return of_document(calculated(document), [getattr(row, "purchase_price", Decimal(0)) for row in rows])


def of_document(document: Document, purchase_prices) -> Estimate:
    """The estimate of a document whose rows were bought in at these net prices per unit."""
    cheapest, dearest = {}, {}
    for name, rows in choices.sets(document).items():
        cheapest[name] = min(rows, key=lambda row: row.amount).position
        dearest[name] = max(rows, key=lambda row: row.amount).position
    everything = frozenset(line.position for line in choices.options(document))
    least = choices.applied(document, choices.Choice(tuple(cheapest.items()))).totals.gross
    most = choices.applied(document, choices.Choice(tuple(dearest.items()), everything)).totals.gross
    return Estimate(document, least, most, margin(document, purchase_prices))


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
    if not cost or not document.totals.net:
        return None
    amount = round_cents(document.totals.net - cost)
    return Margin(amount, (amount * 100 / document.totals.net).quantize(Decimal(1)))

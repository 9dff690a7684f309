"""The prices of a document as its reader is shown them: consumers gross only, everybody else net (ANG8, R76). Pure."""

from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts import formats
from billing import choices
from billing.documents.model import BuyerKind, Document, DocumentLine, sections
from billing.money import ZERO, PriceMode, round_cents

MOST_LINES = 20  # of a group; the others unfold


@dataclass(frozen=True)
class Row:
    """A line in words: what, how much of it, what it costs."""

    text: str
    note: str
    amount: Decimal | None  # None: a text
    position: str = ""


@dataclass(frozen=True)
class Group:
    """A heading with its rows; `waits` when part of it follows from the customer's choice."""

    heading: str
    rows: tuple[Row, ...]
    amount: Decimal
    waits: bool = False

    @property
    def first(self):
        return self.rows[:MOST_LINES]

    @property
    def further(self):
        return self.rows[MOST_LINES:]


def is_gross(document: Document) -> bool:
    """Whether its reader thinks in prices with VAT in them. Without any VAT there is only one price."""
    return document.buyer.kind == BuyerKind.CONSUMER or document.is_untaxed


def main_amount(document: Document) -> Decimal:
    """The total as its reader thinks of it."""
    return document.totals.gross if is_gross(document) else document.totals.net


def differences(document: Document, choice: choices.Choice) -> dict[str, Decimal]:
    """For each choosable row: by how much the total its reader thinks of changes with it."""
    return choices.differences(document, choice, of=main_amount)


def each(document: Document, choice: choices.Choice, line: DocumentLine) -> Decimal:
    """By how much the first one of an option that comes in a number changes the total."""
    one, none = (main_amount(choices.applied(document, choice.with_option(line, n))) for n in (1, 0))
    return one - none


def amount(document: Document, line: DocumentLine) -> Decimal:
    """What a row costs, for its reader."""
    return _shown(document, line, line.amount)


def unit_price(document: Document, line: DocumentLine) -> Decimal:
    """What one of a row costs, for its reader."""
    return _shown(document, line, line.unit_price)


def groups(document: Document, *, with_choices=False) -> list[Group]:
    """The rows under their headings. What can be chosen stands elsewhere, unless `with_choices` (then it is settled):
    single rows, and titles with all that is below them.
    """
    found = []
    for section in sections(document):
        if section.heading and section.heading.can_be_chosen and not with_choices:
            continue
        lines = [line for line in section.lines if with_choices or not line.can_be_chosen]
        rows = [row(document, line) for line in lines if line.is_counted]
        waits = not with_choices and any(line.alternative_set for line in section.lines)
        if rows or waits:
            heading = section.heading.text if section.heading else ""
            found.append(_group(heading, rows, waits=waits))
    return found


def below(document: Document, heading: DocumentLine) -> Group:
    """What a title brings when it is chosen."""
    return _group(heading.text, [row(document, line) for line in choices.below(document, heading)])


def _group(heading, rows, *, waits=False):
    return Group(heading, tuple(rows), sum((row.amount or ZERO for row in rows), ZERO), waits)


def row(document: Document, line: DocumentLine) -> Row:
    """A line in words, for its reader."""
    if not line.is_item:
        return Row(line.text, line.description, None)
    return Row(line.text, note(document, line), amount(document, line), line.position)


def note(document: Document, line: DocumentLine) -> str:
    """How much of it at what price, and what the firm says about it."""
    words = []
    if line.unit_code == "LS" and line.quantity == 1:
        words.append(_("pauschal"))
    elif line.quantity != 1 or line.unit_code != "H87":
        price = formats.euro(unit_price(document, line))
        words.append(
            _("%(quantity)s je %(price)s") % {"quantity": formats.quantity(line.quantity, line.unit), "price": price}
        )
    if line.discount_percent:
        words.append(_adjusted(_("%(percent)s Rabatt"), _("Zuschlag %(percent)s"), line.discount_percent))
    if line.description:
        words.append(line.description)
    return " · ".join(words)


def sums(document: Document) -> list[tuple[str, Decimal, str]]:
    """From the rows to the total: (label, amount, name), the total last for consumers, gross last for businesses."""
    totals, rows = document.totals, []
    if totals.discount:
        rows.append(
            (
                _adjusted(_("Nachlass %(percent)s"), _("Zuschlag %(percent)s"), document.discount_percent),
                -_discount(document),
                "",
            )
        )
    if document.is_untaxed:
        return [*rows, (_("Gesamtpreis"), totals.gross, "total")]
    if is_gross(document):
        return [*rows, (_("Gesamtpreis inkl. MwSt."), totals.gross, "total"), (tax_label(document), totals.tax, "tax")]
    return [
        *rows,
        (_("Netto"), totals.net, "net"),
        (tax_label(document), totals.tax, "tax"),
        (_("Gesamt brutto"), totals.gross, "gross"),
    ]


def tax_label(document: Document) -> str:
    """What the tax is called beside its amount. The rate stands in it while there is only one."""
    rates = {line.vat for line in document.lines if line.is_item and line.vat}
    rate = next(iter(rates)) if len(rates) == 1 else None
    if is_gross(document):
        return _("darin %(rate)s MwSt.") % {"rate": formats.percent(rate.rate)} if rate else _("darin MwSt.")
    return _("zzgl. %(rate)s MwSt.") % {"rate": formats.percent(rate.rate)} if rate else _("zzgl. MwSt.")


def _adjusted(less, more, percent):
    """A discount in words, or the surcharge that a negative one is."""
    return (less if percent > 0 else more) % {"percent": formats.percent(abs(percent))}


def _discount(document):
    """The document's discount as its reader sees it: what the total would be more without."""
    without = choices.calculated(replace(document, discount_percent=Decimal(0)))
    return main_amount(without) - main_amount(document)


def _shown(document, line, value):
    if not line.vat or is_gross(document) == (document.mode == PriceMode.GROSS):
        return value
    # the one place where a price changes its mode: for eyes only, the totals are the document's own
    return round_cents(value * line.vat.factor if is_gross(document) else value / line.vat.factor)

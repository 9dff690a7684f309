"""The choices of a quote as fields of a form, for pages where somebody else than the customer's own browser asks for them:
taking down what he said, the tablet on site, his wishes. Pure: a frozen document and a choice in, words out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts import formats
from billing import choices
from billing.documents.model import Document, DocumentLine


@dataclass(frozen=True)
class Field:
    """One row that can be chosen; `most` is not zero where somebody says how many."""

    name: str
    position: str
    text: str
    description: str
    is_radio: bool
    is_taken: bool
    taken: int
    most: int
    price: str

    @property
    def value(self) -> str:
        """What the form posts when it is taken."""
        return self.position if self.is_radio else "1"


@dataclass(frozen=True)
class Group:
    """A set of alternatives, or extras that stand together."""

    label: str
    is_set: bool
    fields: tuple[Field, ...]


def gross(document: Document) -> Decimal:
    """The total the office thinks of."""
    return document.totals.gross


def groups(document: Document, choice: choices.Choice, of: Callable[[Document], Decimal] = gross) -> list[Group]:
    """The sets first, then the extras, each with what it does to the total that `of` names."""
    changes = choices.differences(document, choice, of=of)
    chosen = choice.positions()

    def field(line: DocumentLine, name: str) -> Field:
        return Field(
            name, line.position, line.text, line.description, bool(line.alternative_set), line.position in chosen,
            choice.quantity(line), line.max_quantity, _price(line, changes[line.position], line.position in chosen),
        )  # fmt: skip

    found = [
        Group(label, True, tuple(field(line, choices.field_name(rows[0].position)) for line in rows))
        for label, rows in choices.sets(document).items()
    ]
    for label, rows in choices.option_groups(document).items():
        fields = tuple(field(line, choices.field_name(line.position)) for line in rows)
        found.append(Group(label or _("Auf Wunsch dazu"), False, fields))
    return found


def answer(document: Document, choice: choices.Choice, of: Callable[[Document], Decimal] = gross) -> dict:
    """The sum and the differences of a choice, in words, for static/js/choice_total.js."""
    fields = [field for group in groups(document, choice, of) for field in group.fields]
    return {
        "total": formats.euro(of(choices.applied(document, choice))),
        "prices": {field.position: field.price for field in fields},
    }


def alternative_words(change: Decimal, *, is_taken: bool) -> str:
    """What another one of a set changes, as it stands beside it."""
    if is_taken:
        return _("im Preis")
    return formats.signed_euro(change) if change else _("gleicher Preis")


def _price(line: DocumentLine, change: Decimal, is_taken: bool) -> str:
    if line.alternative_set:
        return alternative_words(change, is_taken=is_taken)
    words = formats.signed_euro(change) if change else _("gleicher Preis")
    if line.max_quantity and not is_taken:
        return _("je %(price)s") % {"price": words}
    return words

"""A quote as its customer is shown it: what there is to choose, with pictures, what is included, what it costs."""

import json
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts import formats
from billing import choice_fields, choices
from billing.documents.model import DocumentLine, LineKind
from billing.models import Quote
from crm import attachments
from portal import prices

CENTS = 100


@dataclass(frozen=True)
class Picture:
    """A row's picture in the sizes it is shown in."""

    pk: int
    url: str
    thumb: str
    full: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class Card:
    """A row that can be chosen: a position, or a whole title with what is in it. `cents` is what taking it changes,
    of an option that comes in a number: taking one of it.
    """

    field: str
    line: DocumentLine
    quantity: int
    is_recommended: bool
    cents: int
    price: str
    each: str
    note: str
    picture: Picture | None
    contents: prices.Group | None

    @property
    def is_taken(self):
        return self.quantity > 0

    @property
    def words(self):
        """What was taken, in a few words."""
        return f"{self.quantity} × {self.line.text}" if self.line.max_quantity else self.line.text


class Offer:
    """A quote with one choice made. Raises choices.NotAChoice for a choice that is not in it."""

    def __init__(self, quote: Quote, data=None, *, public_id=""):
        self.quote, self.public_id = quote, public_id
        self.sent = quote.frozen_document
        if quote.state == Quote.State.ACCEPTED:
            self.choice = choices.from_record(json.loads(quote.acceptance.record)["choice"])
        else:
            self.choice = choices.parse(self.sent, data or {})
        self.document = choices.applied(self.sent, self.choice)

    # --- what it costs
    @property
    def is_gross(self):
        return prices.is_gross(self.sent)

    @property
    def total(self):
        return prices.main_amount(self.document)

    @property
    def cents(self):
        return int(self.total * CENTS)

    @property
    def total_label(self):
        if self.sent.is_untaxed:
            return _("Gesamtpreis")
        return _("Gesamtpreis inkl. MwSt.") if self.is_gross else _("Gesamt netto")

    @property
    def bar_label(self):
        """The same in the words of a narrow bar."""
        if self.sent.is_untaxed:
            return _("Gesamt")
        return _("Gesamt inkl. MwSt.") if self.is_gross else _("Gesamt netto")

    @cached_property
    def sums(self):
        return prices.sums(self.document)

    @cached_property
    def side_sums(self):
        """What stands below the total: tax, and for businesses the whole."""
        return [row for row in self.sums if row[2] in {"tax", "gross"}]

    # --- what there is to choose
    @cached_property
    def differences(self):
        return prices.differences(self.sent, self.choice)

    @cached_property
    def sets(self):
        """The sets of alternatives: (name, chosen row, cards)."""
        found = []
        for name, rows in choices.sets(self.sent).items():
            field = choices.field_name(rows[0].position)
            cards = [self._card(row, field) for row in rows]
            found.append((name, next(card.line for card in cards if card.is_taken), cards))
        return found

    @cached_property
    def chosen(self):
        """Of each set of alternatives the row that is taken: (set, row)."""
        taken = dict(self.choice.alternatives)
        return [
            (name, next(line for line in self.document.lines if line.position == taken[name]))
            for name in choices.sets(self.sent)
        ]

    @cached_property
    def option_groups(self):
        """What may be added: (words over it or "", cards)."""
        return [
            (heading, [self._card(line, choices.field_name(line.position)) for line in lines])
            for heading, lines in choices.option_groups(self.sent).items()
        ]

    @cached_property
    def options(self):
        return [card for _heading, cards in self.option_groups for card in cards]

    @property
    def has_choices(self):
        return bool(self.sets or self.options)

    @property
    def extras(self):
        """The options taken, in words."""
        return ", ".join(card.words for card in self.options if card.is_taken)

    @property
    def fields(self):
        return choices.as_query(self.sent, self.choice)

    @property
    def query(self):
        """The choice as the end of an address."""
        return f"?{urlencode(self.fields)}" if self.has_choices else ""

    def line_at(self, position):
        """The row at a position, for a question about it; None without one."""
        return next((line for line in self.sent.lines if position and line.position == position), None)

    # --- what is included
    @cached_property
    def groups(self):
        found = prices.groups(self.sent)
        return found if any(group.rows for group in found) else []

    @property
    def hero(self):
        """The picture on top: of what is chosen, or of the first row that has one."""
        cards = [card for _name, _line, cards in self.sets for card in cards if card.is_taken]
        cards += [card for card in self.options if card.is_taken]
        chosen = next(((card.line, card.picture) for card in cards if card.picture), None)
        return chosen or next(
            ((line, self.pictures[line.position]) for line in self.document.items if line.position in self.pictures),
            None,
        )

    @cached_property
    def pictures(self) -> dict[str, Picture]:
        """Position -> picture. The rows of a frozen document stand in the order of the quote's."""
        rows = self.quote.lines.select_related("picture")
        return {
            line.position: self._picture(row.picture, line)
            for row, line in zip(rows, self.sent.lines, strict=True)
            if row.picture and attachments.is_shown(row.picture)
        }

    def _picture(self, attachment, line):
        address = reverse("portal:picture", args=[self.public_id, attachment.pk])
        return Picture(
            attachment.pk,
            f"{address}{attachments.SMALL}/",
            f"{address}{attachments.THUMB}/",
            address,
            attachment.width,
            attachment.height,
            f"{line.alternative_set}: {line.text}" if line.alternative_set else line.text,
        )

    def _card(self, line, field):
        difference = self.differences[line.position]
        is_title = line.kind == LineKind.SECTION
        if line.alternative_set:
            quantity = int(line.position in self.choice.positions())
            price = choice_fields.alternative_words(difference, is_taken=bool(quantity))
        else:
            quantity = self.choice.quantity(line)
            price = formats.signed_euro(difference) if difference else _("ohne Aufpreis")
        each = ""
        if line.max_quantity:
            price = price if quantity else ""
            difference = prices.each(self.sent, self.choice, line)
            each = _("je %(price)s") % {"price": formats.euro(difference)}
        return Card(
            field=field,
            line=line,
            quantity=quantity,
            is_recommended=bool(line.alternative_set) and line.is_counted,
            cents=int(difference * CENTS),
            price=price,
            each=each,
            note=_note(line),
            picture=self._picture_of(line),
            contents=prices.below(self.sent, line) if is_title else None,
        )

    def _picture_of(self, line):
        """A row's own, or the first one among what is below a title."""
        rows = [line, *choices.below(self.sent, line)] if line.kind == LineKind.SECTION else [line]
        return next((self.pictures[row.position] for row in rows if row.position in self.pictures), None)


def _note(line):
    """How much of it, and what the firm says about it."""
    words = [line.description]
    if line.max_quantity:
        most = formats.quantity(line.max_quantity, line.unit)
        words = [_("bis zu %(most)s") % {"most": most}, line.description]
    elif line.is_item and line.quantity != 1:
        words = [formats.quantity(line.quantity, line.unit), line.description]
    return " · ".join(word for word in words if word)

"""A quote as its customer is shown it: what there is to choose, with pictures, what is included, what it costs."""

import json
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts import formats
from billing import choices
from billing.documents.model import DocumentLine
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
    """A row that can be chosen."""

    field: str
    line: DocumentLine
    is_taken: bool
    is_recommended: bool
    cents: int
    price: str
    note: str
    picture: Picture | None


class Offer:
    """A quote with one choice made. Raises choices.NotAChoice for a choice that is not in it."""

    def __init__(self, quote: Quote, data=None, *, public_id=""):
        self.quote, self.public_id = quote, public_id
        self.sent = quote.frozen_document
        if quote.state == Quote.State.ACCEPTED:
            made = json.loads(quote.acceptance.record)["choice"]
            self.choice = choices.Choice(tuple(made["alternatives"].items()), frozenset(made["options"]))
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
        if self.sent.seller.small_business:
            return _("Gesamtpreis")
        return _("Gesamtpreis inkl. MwSt.") if self.is_gross else _("Gesamt netto")

    @property
    def bar_label(self):
        """The same in the words of a narrow bar."""
        if self.sent.seller.small_business:
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
    def options(self):
        return [self._card(line, choices.field_name(line.position)) for line in choices.options(self.sent)]

    @property
    def has_choices(self):
        return bool(self.sets or self.options)

    @property
    def extras(self):
        """The options taken, in words."""
        return ", ".join(card.line.text for card in self.options if card.is_taken)

    @property
    def fields(self):
        return choices.as_query(self.sent, self.choice)

    @property
    def query(self):
        """The choice as the end of an address."""
        return f"?{urlencode(self.fields)}" if self.has_choices else ""

    # --- what is included
    @cached_property
    def groups(self):
        return prices.groups(self.sent)

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
        taken = line.position in self.choice.positions()
        difference = self.differences[line.position]
        return Card(
            field=field,
            line=line,
            is_taken=taken,
            is_recommended=bool(line.alternative_set) and line.is_counted,
            cents=int(difference * CENTS),
            price=price_words(difference, is_taken=taken and bool(line.alternative_set)),
            note=line.description,
            picture=self.pictures.get(line.position),
        )


def price_words(difference, *, is_taken) -> str:
    """A difference as it stands on a card."""
    if is_taken:
        return _("im Preis")
    return formats.signed_euro(difference) if difference else _("gleicher Preis")

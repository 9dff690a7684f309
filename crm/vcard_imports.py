"""Visiting cards on their way in: each beside who is there already, then those somebody ticked become contacts."""

from dataclasses import dataclass

from django.db import transaction

from crm import customers, duplicates, notes
from crm.duplicates import Double
from crm.models import Customer
from crm.vcards import Card


@dataclass(frozen=True)
class Row:
    """A card and who looks like it; `is_twin` when it stands in the file twice."""

    card: Card
    doubles: list[Double]
    is_twin: bool

    @property
    def is_new(self) -> bool:
        """Whether it is proposed to be taken over."""
        return not self.doubles and not self.is_twin


def preview(cards: list[Card]) -> list[Row]:
    """Every card with the contacts it may be."""
    rows, seen = [], set()
    for card in cards:
        mark = (card.name.casefold(), card.values["email"].casefold(), card.values["phone"], card.values["mobile"])
        rows.append(Row(card, duplicates.likely(duplicates.traits_of(card.values), limit=2), mark in seen))
        seen.add(mark)
    return rows


@transaction.atomic
def take_over(cards: list[Card], *, by) -> list[Customer]:
    """A contact of each card, with its tags and its note."""
    made = []
    for card in cards:
        customer = customers.create(by=by, tags=card.tags, **card.values)
        if card.note:
            notes.add(customer, card.note, by=by)
        made.append(customer)
    return made

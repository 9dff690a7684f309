"""What a new version of a quote changes, in its reader's words and prices: consumers gross, everybody else net. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts import formats
from billing import versions
from billing.documents.model import Document, DocumentLine
from portal import prices


@dataclass(frozen=True)
class Totals:
    """What it cost and what it costs, as preselected."""

    label: str
    before: Decimal
    after: Decimal

    @property
    def difference(self):
        return self.after - self.before


@dataclass(frozen=True)
class Fact:
    """One thing that is different: what it was (empty: nothing) and what it is."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Changed:
    """A row that stayed, with what is different about it."""

    text: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Changes:
    """Everything that is different between two versions."""

    totals: Totals
    added: tuple[prices.Row, ...]
    removed: tuple[prices.Row, ...]
    changed: tuple[Changed, ...]
    around: tuple[Fact, ...]
    has_new_texts: bool

    @property
    def is_only_time(self):
        """Whether nothing but the last day is different."""
        return not (self.added or self.removed or self.changed or self.has_new_texts) and len(self.around) < 2


def totals(before: Document, after: Document) -> Totals:
    """The totals of two versions, as their reader thinks of them."""
    label = next(label for label, _amount, name in prices.sums(after) if name in {"total", "net"})
    return Totals(label, prices.main_amount(before), prices.main_amount(after))


def between(before: Document, after: Document) -> Changes:
    """The differences in words."""
    found = versions.between(before, after, prices=_shown)
    return Changes(
        totals=totals(before, after),
        added=tuple(prices.row(after, line) for line in found.added),
        removed=tuple(prices.row(before, line) for line in found.removed),
        changed=tuple(
            Changed(pair.after.text, facts) for pair in found.changed if (facts := _facts(before, after, pair))
        ),
        around=tuple(_around(before, after, found.around)),
        has_new_texts="texts" in found.around,
    )


def _shown(document: Document, line: DocumentLine) -> tuple[Decimal, Decimal]:
    return prices.unit_price(document, line), prices.amount(document, line)


def _facts(before, after, pair) -> tuple[Fact, ...]:
    old, new, what = pair.before, pair.after, pair.what
    (old_price, old_amount), (new_price, new_amount) = _shown(before, old), _shown(after, new)
    euro, percent = formats.euro, formats.percent
    facts = [
        ("text", _("Bisher"), old.text, ""),  # what it is called now stands above
        ("description", _("Beschreibung"), old.description, new.description or "–"),
        ("choice", _("Ihre Wahl"), _role(old), _role(new)),
        ("quantity", _("Menge"), formats.quantity(old.quantity, old.unit), formats.quantity(new.quantity, new.unit)),
        ("most", _("Sie wählen bis"), str(old.max_quantity or "–"), str(new.max_quantity or "–")),
        ("unit_price", _("Einzelpreis"), euro(old_price), euro(new_price)),
        ("discount", _("Rabatt"), percent(old.discount_percent), percent(new.discount_percent)),
        ("amount", _("Betrag"), euro(old_amount), euro(new_amount)),
    ]
    # the unit price of one piece is its amount: once is enough
    is_same = "unit_price" in what and (old_price, new_price) == (old_amount, new_amount)
    return tuple(
        Fact(label, was, now)
        for name, label, was, now in facts
        if name in what and not (name == "unit_price" and is_same)
    )


def _role(line) -> str:
    role, name = versions.role(line)
    return {
        "fixed": _("fest dabei"),
        "extra": _("auf Wunsch"),
        "suggested": _("Vorschlag bei „%(name)s“") % {"name": name},
        "alternative": _("Alternative bei „%(name)s“") % {"name": name},
    }[role]


def _around(before, after, what):
    day = formats.day
    facts = [
        ("valid_until", _("Gültig bis"), day(before.valid_until), day(after.valid_until)),
        ("discount", _("Nachlass auf alles"), formats.percent(before.discount_percent), formats.percent(after.discount_percent)),
        ("payment_terms", _("Zahlung"), before.payment_terms or "–", after.payment_terms or "–"),
        ("site", _("Ausführung"), before.site or "–", after.site or "–"),
        ("subject", _("Titel"), before.subject, after.subject),
    ]  # fmt: skip
    return [Fact(label, was, now) for name, label, was, now in facts if name in what]

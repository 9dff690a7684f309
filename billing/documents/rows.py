"""The table of positions as it is printed: what is marked, what stands in brackets, and the sum carried over pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts import formats
from billing.documents.model import Document, DocumentLine, Kind, Section, sections

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Entry:
    """A row. `carried` is what all rows in the total cost up to here, in words; only such rows have one."""

    line: DocumentLine
    amount: str = ""
    tag: str = ""  # what may be chosen here: „Alternative Fronten"
    facts: str = ""  # and what that means: „nicht im Gesamtpreis"
    adjustment: str = ""
    carried: str = ""


@dataclass(frozen=True)
class Block:
    """A title with its rows and, where there is something to add up, its sum."""

    heading: Entry | None
    entries: tuple[Entry, ...]
    sum: str = ""

    @property
    def is_out(self) -> bool:
        """Whether the title as a whole is outside the total."""
        return self.heading is not None and not self.heading.line.is_counted


def blocks(document: Document) -> list[Block]:
    """The rows under their titles. A quote shows all that could be chosen, everything later what was."""
    shows_all = document.kind == Kind.QUOTE
    found, total = [], ZERO
    for section in sections(document):
        lines = [line for line in section.lines if shows_all or not line.is_item or line.is_counted]
        heading = section.heading
        is_empty = bool(section.lines) and not lines
        if heading and (is_empty or not (shows_all or heading.is_counted)):
            continue  # nothing of it was chosen
        entries = []
        for line in lines:
            total += line.amount if line.is_item and line.is_counted else ZERO
            entries.append(_entry(document, line, total))
        title = Entry(heading, **_mark(document, heading)) if heading else None
        found.append(Block(title, tuple(entries), _sum(section, lines)))
    return found


def _entry(document, line, total):
    if not line.is_item:
        return Entry(line)
    amount = formats.euro(line.amount)
    return Entry(
        line,
        amount=amount if line.is_counted else f"({amount})",
        adjustment=_adjustment(line.discount_percent),
        carried=_("Übertrag %s") % formats.euro(total)
        if line.is_counted and document.kind != Kind.DELIVERY_NOTE
        else "",
        **_mark(document, line),
    )


def _sum(section: Section, lines) -> str:
    """What stands at the end of a title with several positions; in brackets where all of it is outside the total."""
    heading = section.heading
    items = [line for line in lines if line.is_item]
    if heading is None or len(items) < 2:
        return ""
    if not heading.is_counted:
        return f"({formats.euro(sum((line.amount for line in items), ZERO))})"
    return formats.euro(section.sum) if any(line.is_counted for line in items) else ""


def _mark(document, line: DocumentLine) -> dict[str, str]:
    """Tag and facts of what may be chosen in a quote; nothing is chosen in what follows it."""
    if document.kind != Kind.QUOTE or not line.can_be_chosen:
        return {}
    facts = (fact.replace(" ", "\u00a0") for fact in _facts(line))  # lines break between them only
    return {"tag": _tag(line), "facts": "".join(f" · {fact}" for fact in facts)}


def _tag(line):
    if line.is_optional:
        return _("Auf Wunsch")
    words = _("Auswahl %s") if line.is_counted else _("Alternative %s")
    return words % line.alternative_set


def _facts(line) -> Iterator[str]:
    if line.option_group:
        yield line.option_group
    if line.max_quantity:
        yield _("Menge nach Wahl bis %s") % line.max_quantity
    yield _("im Gesamtpreis") if line.is_counted else _("nicht im Gesamtpreis")


def _adjustment(percent):
    if percent > 0:
        return _("abzüglich %s Rabatt") % formats.percent(percent)
    return _("zuzüglich %s Zuschlag") % formats.percent(-percent) if percent else ""

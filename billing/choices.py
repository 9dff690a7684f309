"""What a customer may choose in a quote, and what it then costs. Pure: a frozen document in, a document out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from billing.documents.model import Document, DocumentLine, LineKind, calculated, sections


class NotAChoice(ValueError):
    """The posted choice does not belong to this quote."""


@dataclass(frozen=True)
class Choice:
    """One row per set of alternatives (by its position), the optional rows that were taken, and how many of those
    that come in a number.
    """

    alternatives: tuple[tuple[str, str], ...]  # (set, position), in the order of the document
    options: frozenset[str] = frozenset()
    quantities: tuple[tuple[str, int], ...] = ()  # (position, 1 or more), sorted by position

    def positions(self) -> set[str]:
        """The positions of all chosen rows."""
        return {position for _, position in self.alternatives} | self.options

    def with_option(self, line: DocumentLine, quantity: int) -> "Choice":
        """The same with an option in that quantity, 0 for without it."""
        quantities = {position: n for position, n in self.quantities if position != line.position}
        if quantity and line.max_quantity:
            quantities[line.position] = quantity
        options = self.options | {line.position} if quantity else self.options - {line.position}
        return replace(self, options=options, quantities=tuple(sorted(quantities.items())))

    def quantity(self, line: DocumentLine) -> int:
        """How many of an option were taken: 0 or 1, or the number that was said."""
        return dict(self.quantities).get(line.position, 1) if line.position in self.options else 0


def sets(document: Document) -> dict[str, list[DocumentLine]]:
    """The sets of alternatives, each with its rows (positions or whole titles), in the order of the document."""
    found: dict[str, list[DocumentLine]] = {}
    for line in document.lines:
        if line.alternative_set:
            found.setdefault(line.alternative_set, []).append(line)
    return found


def options(document: Document) -> list[DocumentLine]:
    """The optional rows: positions and whole titles."""
    return [line for line in document.lines if line.is_optional]


def option_groups(document: Document) -> dict[str, list[DocumentLine]]:
    """The optional rows under the words they stand together under; those without any under ""."""
    found: dict[str, list[DocumentLine]] = {}
    for line in options(document):
        found.setdefault(line.option_group, []).append(line)
    return found


def below(document: Document, heading: DocumentLine) -> tuple[DocumentLine, ...]:
    """The rows under a heading, up to the next one."""
    return next(section.lines for section in sections(document) if section.heading == heading)


def default(document: Document) -> Choice:
    """What is preselected: one of each set, no option (paid extras are never preselected, R89)."""
    return Choice(
        tuple((name, next(line.position for line in rows if line.is_counted)) for name, rows in sets(document).items())
    )


def field_name(position: str) -> str:
    """The form field of a set's first row or of an option: positions are unique in a frozen document."""
    return f"wahl-{position}"


def parse(document: Document, data: Mapping[str, str]) -> Choice:
    """The choice in a posted form; what is missing keeps its default.

    Raises NotAChoice for a position that is not in the set, an option that does not exist, or a number of it that is
    not offered.
    """
    choice = default(document)
    chosen = dict(choice.alternatives)
    for name, rows in sets(document).items():
        wanted = data.get(field_name(rows[0].position))
        if wanted is not None:
            if wanted not in {row.position for row in rows}:
                raise NotAChoice(f"{wanted!r} is not one of {name!r}")
            chosen[name] = wanted
    choice = replace(choice, alternatives=tuple(chosen.items()))
    for line in options(document):
        choice = choice.with_option(line, _quantity(line, data.get(field_name(line.position), "")))
    known = {field_name(rows[0].position) for rows in sets(document).values()}
    known |= {field_name(line.position) for line in options(document)}
    unknown = {key for key in data if key.startswith("wahl-")} - known
    if unknown:
        raise NotAChoice(f"unknown rows: {', '.join(sorted(unknown))}")
    return choice


def _quantity(line: DocumentLine, said: str) -> int:
    if not line.max_quantity:
        return 1 if said else 0
    said = said.strip() or "0"
    if not (said.isascii() and said.isdecimal() and len(said) < 6 and int(said) <= line.max_quantity):
        raise NotAChoice(f"{said!r} of {line.position} is not offered")
    return int(said)


def as_query(document: Document, choice: Choice) -> dict[str, str]:
    """The choice as form fields, to carry it from page to page."""
    chosen = dict(choice.alternatives)
    fields = {field_name(rows[0].position): chosen[name] for name, rows in sets(document).items()}
    taken = [line for line in options(document) if line.position in choice.options]
    return fields | {field_name(line.position): str(choice.quantity(line)) for line in taken}


def as_record(choice: Choice) -> dict:
    """The choice as evidence keeps it (R87)."""
    return {
        "alternatives": dict(choice.alternatives),
        "options": sorted(choice.options),
        "quantities": dict(choice.quantities),
    }


def from_record(record: Mapping) -> Choice:
    """The choice that evidence keeps; older evidence knows no quantities."""
    return Choice(
        tuple(record["alternatives"].items()),
        frozenset(record["options"]),
        tuple(sorted(record.get("quantities", {}).items())),
    )


def applied(document: Document, choice: Choice) -> Document:
    """The document with exactly the chosen rows counted, and its totals worked out for them."""
    chosen = choice.positions()
    lines, is_title_chosen = [], True
    for line in document.lines:
        is_chosen = line.position in chosen if line.can_be_chosen else True
        if line.kind == LineKind.SECTION:
            is_title_chosen = is_chosen
        if line.max_quantity:
            line = replace(line, quantity=Decimal(choice.quantity(line) or 1))
        lines.append(replace(line, is_counted=is_chosen and is_title_chosen))
    return calculated(replace(document, lines=tuple(lines)))


def price(document: Document, line: DocumentLine) -> Decimal:
    """What a row costs by itself, in the document's price mode and before its discount; a title with all below it."""
    if line.kind == LineKind.SECTION:
        return sum((row.amount for row in below(document, line)), Decimal("0.00"))
    return line.amount


def kept_rows(document: Document, choice: Choice) -> tuple[int, ...]:
    """The indexes of the rows that remain when what was not chosen goes, and headings without rows with it."""
    kept: list[int] = []
    lines = applied(document, choice).lines
    for index, line in enumerate(lines):
        if not line.is_counted:
            continue
        if line.kind == LineKind.SECTION and kept and lines[kept[-1]].kind == LineKind.SECTION:
            kept.pop()
        kept.append(index)
    if kept and lines[kept[-1]].kind == LineKind.SECTION:
        kept.pop()
    return tuple(kept)


def only_chosen(document: Document, choice: Choice) -> Document:
    """The document with exactly the chosen rows, positions unchanged. This is what an order is made of."""
    counted = applied(document, choice)
    return replace(counted, lines=tuple(counted.lines[index] for index in kept_rows(document, choice)))


def differences(document: Document, choice: Choice, of=lambda document: document.totals.gross) -> dict[str, Decimal]:
    """For each choosable row: by how much the total changes when it is taken instead, or at all; of a row that was
    taken, how much of the total it is (zero for the chosen one of a set). `of` says which total its reader thinks of.

    Computed from whole totals, so discounts and rounding are in it to the cent. Options that come in a number: one
    of them, or as many as were taken.
    """

    def total(other):
        return of(applied(document, other))

    now, found = total(choice), {}
    for name, rows in sets(document).items():
        for row in rows:
            chosen = tuple((each, row.position if each == name else place) for each, place in choice.alternatives)
            found[row.position] = total(replace(choice, alternatives=chosen)) - now
    for line in options(document):
        taken = choice.quantity(line)
        without = total(choice.with_option(line, 0)) if taken else now
        found[line.position] = (now if taken else total(choice.with_option(line, 1))) - without
    return found


def words(document: Document, choice: Choice) -> list[tuple[str, str]]:
    """The choice in words: (set or "", text of the row), in the order of the document."""
    chosen = choice.positions()
    return [
        (line.alternative_set, f"{choice.quantity(line)} × {line.text}" if line.max_quantity else line.text)
        for line in document.lines
        if line.can_be_chosen and line.position in chosen
    ]

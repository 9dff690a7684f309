"""What a customer may choose in a quote, and what it then costs. Pure: a frozen document in, a document out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from billing.documents.model import Document, DocumentLine, LineKind, calculated


class NotAChoice(ValueError):
    """The posted choice does not belong to this quote."""


@dataclass(frozen=True)
class Choice:
    """One row per set of alternatives (by its position), and the optional rows that were taken."""

    alternatives: tuple[tuple[str, str], ...]  # (set, position), in the order of the document
    options: frozenset[str] = frozenset()

    def positions(self) -> set[str]:
        """The positions of all chosen rows."""
        return {position for _, position in self.alternatives} | self.options


def sets(document: Document) -> dict[str, list[DocumentLine]]:
    """The sets of alternatives, each with its rows, in the order of the document."""
    found: dict[str, list[DocumentLine]] = {}
    for line in document.lines:
        if line.is_item and line.alternative_set:
            found.setdefault(line.alternative_set, []).append(line)
    return found


def options(document: Document) -> list[DocumentLine]:
    """The optional rows."""
    return [line for line in document.lines if line.is_item and line.is_optional]


def default(document: Document) -> Choice:
    """What is preselected: one of each set, no option (paid extras are never preselected, R89)."""
    return Choice(
        tuple((name, next(line.position for line in rows if line.is_counted)) for name, rows in sets(document).items())
    )


def field_name(position: str) -> str:
    """The form field of a set's first row or of an option: positions are unique in a frozen document."""
    return f"wahl-{position}"


def parse(document: Document, data: Mapping[str, str]) -> Choice:
    """The choice in a posted (or queried) form; what is not named stays as preselected.

    Raises NotAChoice for a position that is not in the set, or an option that does not exist.
    """
    chosen = dict(default(document).alternatives)
    for name, rows in sets(document).items():
        wanted = data.get(field_name(rows[0].position))
        if wanted is not None:
            if wanted not in {row.position for row in rows}:
                raise NotAChoice(f"{wanted!r} is not one of {name!r}")
            chosen[name] = wanted
    taken = frozenset(line.position for line in options(document) if data.get(field_name(line.position)))
    known = {field_name(rows[0].position) for rows in sets(document).values()}
    known |= {field_name(line.position) for line in options(document)}
    unknown = {key for key in data if key.startswith("wahl-")} - known
    if unknown:
        raise NotAChoice(f"unknown rows: {', '.join(sorted(unknown))}")
    return Choice(tuple(chosen.items()), taken)


def as_query(document: Document, choice: Choice) -> dict[str, str]:
    """The choice as form fields, to carry it from page to page."""
    chosen = dict(choice.alternatives)
    fields = {field_name(rows[0].position): chosen[name] for name, rows in sets(document).items()}
    return fields | {field_name(position): "1" for position in sorted(choice.options)}


def applied(document: Document, choice: Choice) -> Document:
    """The document with exactly the chosen rows counted, and its totals worked out for them."""
    chosen = choice.positions()
    lines = tuple(
        replace(line, is_counted=line.position in chosen)
        if line.is_item and (line.alternative_set or line.is_optional)
        else line
        for line in document.lines
    )
    return calculated(replace(document, lines=lines))


def kept_rows(document: Document, choice: Choice) -> tuple[int, ...]:
    """The indexes of the rows that remain when what was not chosen goes, and headings without rows with it."""
    kept: list[int] = []
    lines = applied(document, choice).lines
    for index, line in enumerate(lines):
        if line.is_item and not line.is_counted:
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


def differences(document: Document, choice: Choice) -> dict[str, Decimal]:
    """For each choosable row: by how much the gross total changes when it is taken (or, if taken, zero).

    Computed from whole totals, so discounts and rounding are in it to the cent.
    """
    now = applied(document, choice).totals.gross
    found = {}
    for name, rows in sets(document).items():
        for row in rows:
            other = Choice(
                tuple((each, row.position if each == name else position) for each, position in choice.alternatives),
                choice.options,
            )
            found[row.position] = applied(document, other).totals.gross - now
    for line in options(document):
        with_it = applied(document, replace(choice, options=choice.options | {line.position})).totals.gross
        without = applied(document, replace(choice, options=choice.options - {line.position})).totals.gross
        found[line.position] = with_it - without
    return found


def words(document: Document, choice: Choice) -> list[tuple[str, str]]:
    """The choice in words: (set or "", text of the row), in the order of the document."""
    chosen = choice.positions()
    return [
        (line.alternative_set, line.text)
        for line in document.lines
        if line.is_item and (line.alternative_set or line.is_optional) and line.position in chosen
    ]

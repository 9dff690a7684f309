"""What is different between two versions of a document. Pure: two frozen documents in, differences out.

Rows have no identity across versions (a draft's rows are written anew with each save), so they are paired by what they
say: the same words under the same heading, then the same words anywhere, then the most similar words.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher

from billing.documents.model import Document, DocumentLine, LineKind

SIMILAR = 0.5  # share of common words and signs from which two texts are the same row, reworded
MOST_PAIRS = 2_500  # beyond it comparing every row with every other takes too long: then the place decides

Prices = Callable[[Document, DocumentLine], tuple[Decimal, Decimal]]


@dataclass(frozen=True)
class Pair:
    """A row that is in both versions and says or costs something else now.

    `what` of: text, description, quantity, unit_price, discount, amount, choice, most.
    """

    before: DocumentLine
    after: DocumentLine
    what: frozenset[str]


@dataclass(frozen=True)
class Differences:
    """Rows added, removed and changed, in the order they are read; `around` names what else is different, of: subject,
    site, discount, payment_terms, valid_until, texts.
    """

    added: tuple[DocumentLine, ...]
    removed: tuple[DocumentLine, ...]
    changed: tuple[Pair, ...]
    around: frozenset[str]

    def __bool__(self):
        return bool(self.added or self.removed or self.changed or self.around)


def as_written(document: Document, line: DocumentLine) -> tuple[Decimal, Decimal]:
    """Unit price and amount in the document's own price mode."""
    return line.unit_price, line.amount


def between(before: Document, after: Document, *, prices: Prices = as_written) -> Differences:
    """What became of the rows. `prices` says what a row costs its reader: (unit price, amount)."""
    old, new = _rows(before), _rows(after)
    partner = _paired(old, new)
    taken = set(partner.values())
    changed = []
    for index, (_heading, line) in enumerate(new):
        if index in partner:
            was = old[partner[index]][1]
            what = _what(was, line, prices(before, was), prices(after, line))
            if what:
                changed.append(Pair(was, line, what))
    return Differences(
        added=tuple(line for index, (_heading, line) in enumerate(new) if index not in partner),
        removed=tuple(line for index, (_heading, line) in enumerate(old) if index not in taken),
        changed=tuple(changed),
        around=_around(before, after),
    )


def _rows(document) -> list[tuple[str, DocumentLine]]:
    """(text of the heading it stands under, row)."""
    found, heading = [], ""
    for line in document.lines:
        found.append((heading, line))
        if line.kind == LineKind.SECTION:
            heading = line.text
    return found


def _paired(old, new) -> dict[int, int]:
    """Index of a new row -> index of the old row it was."""
    partner: dict[int, int] = {}
    left = set(range(len(old)))
    for key in (
        lambda heading, line: (line.kind, heading, line.text, line.description, line.quantity, line.unit_price),
        lambda heading, line: (line.kind, heading if line.is_item else "", line.text),
        lambda heading, line: (line.kind, line.text),
    ):
        waiting = defaultdict(list)
        for index in sorted(left):
            waiting[key(*old[index])].append(index)
        for index in _open(new, partner):
            if candidates := waiting[key(*new[index])]:
                partner[index] = candidates.pop(0)
                left.discard(partner[index])
    _pair_reworded(old, new, partner, left)
    return partner


def _pair_reworded(old, new, partner, left):
    """Of what is left the most similar rows first; the same kind only."""
    rest = _open(new, partner)
    if len(rest) * len(left) > MOST_PAIRS:
        scored = [(1.0, index, index) for index in rest if index in left and old[index][1].kind == new[index][1].kind]
    else:
        scored = [
            (score, index, place)
            for index in rest
            for place in sorted(left)
            if old[place][1].kind == new[index][1].kind
            and (score := _likeness(*old[place], *new[index])) >= SIMILAR
        ]  # fmt: skip
    for _score, index, place in sorted(scored, key=lambda each: (-each[0], each[1], each[2])):
        if index not in partner and place in left:
            partner[index] = place
            left.discard(place)


def _likeness(old_heading, old, new_heading, new) -> float:
    """How much two rows are the same: their words, and a little for the same heading, set and price."""
    words = SequenceMatcher(None, old.text.lower(), new.text.lower(), autojunk=False).ratio()
    if words < SIMILAR - 0.2:
        return 0.0
    same = [
        old_heading == new_heading, old.alternative_set == new.alternative_set and bool(old.alternative_set),
        old.is_item and old.unit_price == new.unit_price and old.unit_price != 0,
    ]  # fmt: skip
    return words + 0.1 * sum(same)


def _open(new, partner) -> list[int]:
    return [index for index in range(len(new)) if index not in partner]


def _what(old: DocumentLine, new: DocumentLine, was, now) -> frozenset[str]:
    pairs: Iterable[tuple[str, object, object]] = [
        ("text", old.text, new.text),
        ("description", old.description, new.description),
        ("choice", role(old), role(new)),
    ]
    found = {name for name, before, after in pairs if before != after}
    if old.is_item and new.is_item:
        pairs = [
            ("quantity", (old.quantity, old.unit), (new.quantity, new.unit)),
            ("unit_price", was[0], now[0]),
            ("discount", old.discount_percent, new.discount_percent),
            ("amount", was[1], now[1]),
            ("most", old.max_quantity, new.max_quantity),
        ]
        found |= {name for name, before, after in pairs if before != after}
    return frozenset(found)


def role(line: DocumentLine) -> tuple[str, str]:
    """How a row stands in the quote: fixed, extra, or an alternative (the suggested one or another) of a set."""
    if line.alternative_set:
        return ("suggested" if line.is_counted else "alternative", line.alternative_set)
    return ("extra", "") if line.is_optional else ("fixed", "")


def _around(before: Document, after: Document) -> frozenset[str]:
    pairs = {
        "subject": (before.subject, after.subject),
        "site": (before.site, after.site),
        "discount": (before.discount_percent, after.discount_percent),
        "payment_terms": (before.payment_terms, after.payment_terms),
        "valid_until": (before.valid_until, after.valid_until),
        "texts": ((before.intro, before.closing, before.notes), (after.intro, after.closing, after.notes)),
    }
    return frozenset(name for name, (was, now) in pairs.items() if was != now)

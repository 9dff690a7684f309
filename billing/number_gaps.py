"""Whether every number of a series is there, and why one is not (R6, R7, R54)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from billing import number_series
from billing.events import Event
from billing.models import DeliveryNote, Invoice, JournalEntry, Order, Quote
from crm.models import NumberRange

COUNTED = re.compile(r"-(\d{4})-(\d+)$")
KINDS = {
    NumberRange.Kind.INVOICE: Invoice,
    NumberRange.Kind.ORDER: Order,
    NumberRange.Kind.QUOTE: Quote,
    NumberRange.Kind.DELIVERY: DeliveryNote,
}


@dataclass(frozen=True)
class Gap:
    """Numbers in a row that no document has, and why."""

    first: int
    last: int
    reason: str


@dataclass(frozen=True)
class Series:
    """One series in one year: how many numbers were taken, how many documents there are, what is missing."""

    range: NumberRange
    first: int
    count: int
    gaps: tuple[Gap, ...]

    @property
    def is_whole(self) -> bool:
        return not self.gaps


def report(*, years: range | None = None, kinds=tuple(KINDS)) -> list[Series]:
    """Every yearly series of the current business, newest year first; `years` leaves others out."""
    rows = NumberRange.objects.filter(kind__in=kinds, year__gt=0).order_by("-year", "kind")
    return [_series(row) for row in rows if years is None or row.year in years]


def _series(row):
    there = sorted(set(_numbers(row, KINDS[row.kind].objects)))
    missing = list(_missing(there, row.last))
    return Series(row, there[0] if there else 0, len(there), tuple(_gaps(row, missing, there)) if missing else ())


def _numbers(row, rows: Any) -> Iterator[int]:
    """The running numbers of a year's documents. Versions of a quote share theirs; open items of the books before have none
    of ours.
    """
    if getattr(rows, "model", None) is Invoice:
        rows = rows.filter(taken_over_from="")
    found = rows.filter(number__contains=f"-{row.year}-").values_list("number", flat=True)
    for number in found.iterator(chunk_size=2000):
        if (match := COUNTED.search(number)) and int(match[1]) == row.year:
            yield int(match[2])


def _missing(there: list[int], last: int) -> Iterator[tuple[int, int]]:
    """(first, last) of each stretch without a document."""
    before = 0
    for number in [*there, last + 1]:
        if number > before + 1:
            yield before + 1, number - 1
        before = max(before, number)


def _gaps(row, missing, there) -> Iterator[Gap]:
    """What the books know of the missing numbers: taken over from elsewhere, told in the journal, or nothing."""
    entries = JournalEntry.objects.filter(subject__startswith=f"{KINDS[row.kind]._meta.label} ")
    told = set(_numbers(row, entries.exclude(event__in=[Event.INVOICE_TAKEN_OVER, Event.INVOICE_TAKEN_BACK])))
    skipped = list(number_series.passed_over(row))
    for first, last in missing:
        named = sorted(number for number in told if first <= number <= last)
        if not named and (why := next((why for start, end, why in skipped if start <= first and last <= end), "")):
            yield Gap(first, last, _("Übersprungen: %(reason)s") % {"reason": why})
            continue
        if first == 1 and there and not named:
            reason = _("Die Reihe wurde nach einer anderen fortgesetzt und beginnt hier mit %(first)s.")
            yield Gap(first, last, reason % {"first": last + 1})
            continue
        begin = first
        for number in [*named, last + 1]:
            if number > begin:
                yield Gap(begin, number - 1, _("Kein Grund bekannt. Bitte prüfen."))
            if number <= last:
                yield Gap(number, number, _("Der Beleg fehlt. Das Journal nennt ihn."))
            begin = number + 1

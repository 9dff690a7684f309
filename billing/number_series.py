"""What can be done with the number series of a business (R6, R7): how their numbers begin, and with which they go on.

A series only ever goes forward: what was given is not given again, whatever it began with then. Which numbers were passed over,
by whom and why stands in the journal, where the list of gaps finds it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from billing import journal
from billing.journal_events import JournalEvent
from billing.models import DeliveryNote, Invoice, JournalEntry, Order, Quote
from crm import numbering
from crm.models import NumberRange

Kind = NumberRange.Kind
DOCUMENTS = {Kind.INVOICE: Invoice, Kind.QUOTE: Quote, Kind.ORDER: Order, Kind.DELIVERY: DeliveryNote}
MOST = 9_999_999  # what still fits beside the longest beginning


@dataclass(frozen=True)
class Series:
    """A yearly series: what its numbers begin with, and the next of them."""

    kind: Kind
    year: int
    prefix: str
    next: int

    @property
    def label(self) -> str:
        return str(self.kind.label)

    @property
    def example(self) -> str:
        """The next number as it will be written."""
        return numbering.written(self.prefix, self.year, self.next)


def of_year(year: int) -> list[Series]:
    """The series of documents as they stand; five queries at most."""
    found = numbering.series_of(year)
    return [Series(kind, year, *found[kind]) for kind in DOCUMENTS]


@transaction.atomic
def change(kind: Kind, year: int, *, prefix: str, next_number: int, reason: str = "", by) -> Series:
    """Let a series go on with another beginning, or with a later number.

    Raises Refusal for a beginning that another series has or that DATEV does not take (field "prefix"), for a number that was
    given or would go back (field "next_number"), and for passing numbers over without a reason (field "reason").
    """
    prefix, reason = prefix.strip(), " ".join(reason.split())
    row = numbering.locked(kind, year)
    _refuse_prefix(kind, year, prefix)
    if not row.last < next_number <= MOST:
        sentence = _("Die nächste Nummer ist %(next)s. Zurück geht es nicht, sonst gäbe es eine Nummer zweimal.")
        raise Refusal(sentence % {"next": row.last + 1}, field="next_number")
    if (highest := _highest(prefix, year)) >= next_number:
        sentence = _("Die Nummer %(number)s gibt es schon. Bitte geben Sie mindestens %(next)s ein.")
        words = {"number": numbering.written(prefix, year, highest), "next": highest + 1}
        raise Refusal(sentence % words, field="next_number")
    passed = range(row.last + 1, next_number)
    if passed and not reason:
        raise Refusal(_("Bitte schreiben Sie, warum Nummern übersprungen werden."), field="reason")
    if passed:
        facts = {"kind": kind, "year": year, "first": passed.start, "last": passed.stop - 1, "reason": reason[:200]}
        journal.write(JournalEvent.NUMBERS_PASSED_OVER, row, by=by, **facts)
    row.last = next_number - 1
    row.prefix = "" if prefix == numbering.PREFIXES[kind] else prefix
    row.save()
    return Series(kind, year, prefix, next_number)


def passed_over(row: NumberRange) -> Iterator[tuple[int, int, str]]:
    """(first, last, why) of each stretch of a series that was passed over on purpose."""
    entries = JournalEntry.objects.filter(
        event=JournalEvent.NUMBERS_PASSED_OVER, subject=f"{row._meta.label} {row.pk}"
    ).order_by("sequence")
    for facts in entries.values_list("facts", flat=True):
        said = json.loads(facts)
        yield int(said["first"]), int(said["last"]), said["reason"]


def _refuse_prefix(kind, year, prefix):
    if not prefix:
        raise Refusal(_("Bitte geben Sie ein, womit die Nummern beginnen, zum Beispiel RE."), field="prefix")
    others = {each.prefix.upper(): each for each in of_year(year) if each.kind != kind}
    if other := others.get(prefix.upper()):
        sentence = _("So beginnen schon die Nummern der Reihe „%(label)s“. Bitte nehmen Sie einen anderen Anfang.")
        raise Refusal(sentence % {"label": other.label}, field="prefix")


def _highest(prefix, year) -> int:
    """The highest running number that a document has with that beginning; 0 for none."""
    start, highest = numbering.written(prefix, year, 0).rpartition("-")[0] + "-", 0
    models: list[Any] = list(DOCUMENTS.values())
    for model in models:
        for number in model.objects.filter(number__startswith=start).values_list("number", flat=True).iterator():
            counted = number.removeprefix(start)
            if counted.isdecimal():
                highest = max(highest, int(counted))
    return highest

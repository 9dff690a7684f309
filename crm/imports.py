"""Taking tables over: read, mapped in a preview, tried, then all rows or none, and taken back whole.

What a row becomes is said by the kind of the import: a subclass of Kind, named in settings.TABLE_IMPORTS. However long the
file, memory stays the same: rows are checked one by one and laid aside in a temporary file, then written in portions inside
one transaction. So an import that is killed has written nothing, and is begun again.
"""

import logging
import pickle
import re
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import current
from accounts.refusals import Refusal
from accounts.wakeup import kick
from crm import folding, spreadsheets, states
from crm.models import ImportedRow, TableImport

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

logger = logging.getLogger(__name__)

State = TableImport.State
SHOWN = 100  # errors and names on the page; the whole list is in the report
CHECKED_IN_PREVIEW = 1000  # rows; trying and taking over check all
PORTION = 1000
FORGET_AFTER = timedelta(days=1)  # previews nobody finished
REPORTS_LIVE = timedelta(days=30)
STOOD_STILL = timedelta(minutes=5)  # after that a task is taken for dead
DUPLICATES = "duplicates"  # option of every kind: "skip" or "keep"


@dataclass(frozen=True)
class Column:
    """One column. `known_as`: folded headings of other programs, without digits."""

    field: str
    heading: "StrPromise"
    known_as: tuple[str, ...] = ()


@dataclass(frozen=True)
class Program:
    """Another program, recognised by folded headings that only its own tables have together."""

    name: str
    headings: frozenset[str]


@dataclass
class Row:
    """A row on its way: its number in the file, its values, and what tells it from others (hashes)."""

    number: int
    values: dict
    keys: frozenset[int] = field(default_factory=frozenset)


class Kind:
    """What rows become. One object for one pass over a file."""

    name: ClassVar[str]
    title: ClassVar["StrPromise"]
    things: ClassVar["StrPromise"]  # what they are called, many of them
    what_is_the_same: ClassVar["StrPromise | str"]  # when a row is taken for something that is there already
    model: ClassVar[type[models.Model]]
    right: ClassVar[str]
    url: ClassVar[str]  # where they are afterwards
    columns: ClassVar[tuple[Column, ...]]
    programs: ClassVar[tuple[Program, ...]] = ()
    can_keep_doubles: ClassVar[bool] = True

    def __init__(self, by=None):
        self.by = by

    @classmethod
    def guess(cls, headings: list[str]) -> dict[int, str]:
        """Which column of a file is which field, by its heading; a field is given once, to the first that fits."""
        wanted = {folded(str(column.heading)): column.field for column in cls.columns}
        wanted |= {name: column.field for column in cls.columns for name in column.known_as}
        guessed: dict[int, str] = {}
        for index, heading in enumerate(headings):
            found = wanted.get(folded(heading))
            if found and found not in guessed.values():
                guessed[index] = found
        return guessed

    @classmethod
    def missing(cls, fields: set[str]) -> str:
        """Which column is needed and not mapped, in words; "" if none is."""
        return ""

    def read(self, cells: dict[str, str]) -> tuple[dict, list[tuple[str, str]]]:
        """The values of a row from its texts, and what is wrong with them as (field, sentence)."""
        raise NotImplementedError

    def keys(self, values: dict) -> frozenset[int]:
        """What tells it from others: two rows that share one are the same."""
        return frozenset()

    def known(self, keys: set[int]) -> set[int]:
        """Those keys that something in the database has already."""
        return set()

    def problems(self, rows: list[Row]) -> Iterator[tuple[int, str, str]]:
        """What is wrong with rows that only the database knows: (number, field, sentence)."""
        return iter(())

    def why_not(self, values: dict) -> str:
        """Why a row that is right is left out all the same, in words; "" if it is not."""
        return ""

    def label(self, values: dict) -> str:
        """What a row is called in lists."""
        raise NotImplementedError

    def shown(self, values: dict) -> list[tuple[str, str]]:
        """A row as it will be, for the preview: (what, text)."""
        raise NotImplementedError

    def write(self, rows: list[Row]) -> list:
        """Write a portion; returns what came of it."""
        raise NotImplementedError

    def touched(self, ids: list[int], since) -> dict[int, str]:
        """{id: name} of what something happened to since an instant."""
        raise NotImplementedError

    def remove(self, ids: list[int]) -> None:
        """Take back what nothing happened to, with all that was written beside it."""
        raise NotImplementedError


def folded(heading: str) -> str:
    """A heading as Column.known_as has it."""
    return " ".join(re.sub(r"[^a-z ]+", " ", folding.fold(heading)).split())


def kinds() -> dict[str, type[Kind]]:
    """Every kind of import, in the order of settings.TABLE_IMPORTS."""
    return {name: import_string(path) for name, path in settings.TABLE_IMPORTS.items()}


def kind_of(table_import: TableImport) -> type[Kind]:
    """What the rows of an import become."""
    return kinds()[table_import.kind]


# --- preview ----------------------------------------------------------------------------------------------------------
def upload(file, *, by, kind: str = "contacts") -> TableImport:
    """Keep a file for its preview, with its columns guessed. Raises Refusal (field "file"); then nothing is kept."""
    table = spreadsheets.rows(file)
    _number, headings = next(table, (0, []))
    row_count = sum(1 for _row in table)
    if not row_count:
        raise Refusal(_("In der Datei stehen keine Zeilen, höchstens Überschriften."), field="file")
    _forget_old()
    cls = kinds()[kind]
    table_import = TableImport(
        kind=kind,
        name=(file.name or "")[:160],
        program=_program(cls, headings),
        columns=[heading[:80] for heading in headings],
        mapping={str(index): found for index, found in cls.guess(headings).items()} | {DUPLICATES: "skip"},
        row_count=row_count,
        by=by,
    )
    file.seek(0)
    table_import.file = File(file, name=f"{uuid.uuid4().hex}.table")
    table_import.save()
    return table_import


def _program(cls, headings):
    there = {folded(heading) for heading in headings}
    return next((program.name for program in cls.programs if program.headings <= there), "")


def sample(table_import: TableImport, count: int = 5) -> list[tuple[int, list[str]]]:
    """The first rows below the headings, with their numbers, each as wide as the headings."""
    width = len(table_import.columns)
    with table_import.file.open() as file:
        rows = islice(spreadsheets.rows(file), 1, count + 1)
        return [(number, (cells + [""] * width)[:width]) for number, cells in rows]


def first_rows(table_import: TableImport, mapping: dict, count: int = 5) -> list[dict]:
    """The first rows as they will be: number, [(what, text)], and what is wrong with them."""
    kind = kind_of(table_import)(table_import.by)
    with table_import.file.open() as file:
        rows = list(islice(_read(kind, file, mapping), count))
    return [
        {"number": row.number, "values": kind.shown(row.values), "errors": [message for _name, message in found]}
        for row, found in rows
    ]


def problems(table_import: TableImport, mapping: dict) -> list[dict]:
    """What is wrong with the first thousand rows under a mapping, at most a hundred entries."""
    kind = kind_of(table_import)(table_import.by)
    errors: list[dict] = []
    with table_import.file.open() as file:
        for portion in portions_of(islice(_read(kind, file, mapping), CHECKED_IN_PREVIEW), 200):
            errors += [_error(row.number, name, message) for row, found in portion for name, message in found]
            errors += [_error(*each) for each in kind.problems([row for row, found in portion if not found])]
            if len(errors) >= SHOWN:
                break
    return sorted(errors, key=lambda each: each["row"])[:SHOWN]


def check_mapping(kind: type[Kind], mapping: dict) -> None:
    """Raises Refusal (field "mapping") when two columns go to one field, or one that is needed has none."""
    fields = [name for key, name in mapping.items() if key != DUPLICATES]
    twice = next((name for name in fields if fields.count(name) > 1), None)
    if twice:
        heading = next(column.heading for column in kind.columns if column.field == twice)
        sentence = _("„%(field)s“ ist zweimal zugeordnet. Bitte wählen Sie eine Spalte.")
        raise Refusal(sentence % {"field": heading}, field="mapping")
    if sentence := kind.missing(set(fields)):
        raise Refusal(sentence, field="mapping")


# --- trying, taking over, taking back: started here, done by a task ---------------------------------------------------
def try_out(table_import: TableImport, mapping: dict) -> None:
    """Go through all rows as taking them over would, and write nothing: its report says what would become of each."""
    _begin(table_import, State.CHECKING, State.PREVIEW, mapping)


def start(table_import: TableImport, mapping: dict) -> None:
    """Take the table over with this mapping; the work is done by a task, its state is on the page.

    `mapping`: column index as text -> field of the kind; besides DUPLICATES -> "skip" or "keep".
    """
    _begin(table_import, State.RUNNING, State.PREVIEW, mapping)


def undo(table_import: TableImport) -> None:
    """Take an import back: what nothing happened to since goes, the rest stays and is named."""
    _move(table_import, State.UNDOING, State.DONE)


def _begin(table_import, to, come_from, mapping):
    check_mapping(kind_of(table_import), mapping)
    _move(table_import, to, come_from, mapping=mapping, errors=[], done_count=0)


@transaction.atomic
def _move(table_import, to, come_from, **changes):
    rows = TableImport.objects.filter(pk=table_import.pk, state=come_from)
    moved = rows.update(state=to, touched_at=timezone.now(), **changes)
    table_import.refresh_from_db()
    if not moved:
        raise states.NotAllowed(table_import)
    kick("crm.tasks.run_import", table_import.pk)


def run(import_id: int) -> None:
    """Do what an import was started for. Safe to run twice."""
    table_import = (
        TableImport.unscoped.select_related("business", "by__user")
        .filter(pk=import_id, state__in=TableImport.AT_WORK)
        .first()
    )
    if table_import is None:
        return
    language = table_import.by.user.language if table_import.by else ""
    with current.working_for(table_import.business), translation.override(language or "de"):
        try:
            {State.CHECKING: _try, State.RUNNING: _take_over, State.UNDOING: _take_back}[State(table_import.state)](
                table_import
            )
        except Refusal as refusal:
            _fail(table_import, refusal.message)
        except Exception:  # whatever it is: the person waits for an answer, and nothing was written
            logger.exception("import %s failed", import_id)
            _fail(table_import, _("Das hat nicht geklappt. Es liegt an uns, nicht an Ihrer Datei."))


def started() -> list[int]:
    """Imports of all businesses that a task works at and that stood still: their wake-up got lost, or it was killed."""
    rows = TableImport.unscoped.filter(state__in=TableImport.AT_WORK)
    still = rows.annotate(last=Coalesce("touched_at", "created_at")).filter(last__lt=timezone.now() - STOOD_STILL)
    return list(still.values_list("pk", flat=True))


class _Pass:
    """One pass over a file: rows that are right are laid aside, and what is said about each goes into the report."""

    def __init__(self, table_import, kind):
        self.table_import, self.kind = table_import, kind
        self.rows = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `close`
        # what is said of wrong rows and of the others, each in order
        self.wrong_lines, self.lines = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115
        self.keys: set[int] = set()
        self.errors: list[dict] = []
        self.wrong = self.right = self.skipped = 0

    def close(self):
        for file in (self.rows, self.wrong_lines, self.lines):
            file.close()

    def check(self):
        """Read and check every row; a short note on the import's own row tells how far this is."""
        done = 0
        with self.table_import.file.open() as file:
            for portion in portions_of(_read(self.kind, file, self.table_import.mapping), PORTION):
                self._check(portion)
                done += len(portion)
                TableImport.objects.filter(pk=self.table_import.pk).update(done_count=done, touched_at=timezone.now())

    def _check(self, portion):
        wrong = {row.number: found for row, found in portion if found}
        for number, name, message in self.kind.problems([row for row, found in portion if not found]):
            wrong.setdefault(number, []).append((name, message))
        fine = []
        for row, _found in portion:
            if row.number not in wrong:
                self.keys |= row.keys
                fine.append(row)
                continue
            self.wrong += 1
            for name, message in wrong[row.number]:
                self._say(self.wrong_lines, row, _("falsch"), name, message)
        if fine:
            pickle.dump([(row.number, row.values, row.keys) for row in fine], self.rows)
            self.right += len(fine)

    def portions(self) -> Iterator[list[Row]]:
        """What was laid aside, without what is there already."""
        skips = self.table_import.mapping.get(DUPLICATES) != "keep" or not self.kind.can_keep_doubles
        seen = self.kind.known(self.keys) if skips else set()
        self.keys.clear()
        for portion in _unpickled(self.rows):
            kept = []
            for number, values, keys in portion:
                row = Row(number, values, keys)
                sentence = self.kind.why_not(values)
                if skips and not seen.isdisjoint(keys):
                    sentence = _("%(name)s gibt es schon.") % {"name": self.kind.label(values)}
                if sentence:
                    self.skipped += 1
                    self._say(self.lines, row, _("ausgelassen"), "", sentence)
                    continue
                seen |= keys if skips else frozenset()
                kept.append(row)
            if kept:
                yield kept

    def would_write(self, row):
        """Say in the report that a row would be taken over."""
        pickle.dump([row.number, _("wird angelegt"), self.kind.label(row.values), "", ""], self.lines)

    def _say(self, file, row, what, name, message):
        pickle.dump([row.number, what, self.kind.label(row.values), self._heading(name), message], file)
        if len(self.errors) < SHOWN:
            self.errors.append(_error(row.number, name, message))

    def _heading(self, name):
        return next((str(column.heading) for column in self.kind.columns if column.field == name), "")

    def report(self) -> str:
        """Write what was said about the rows as XLSX; returns its storage name, "" when nothing was said."""
        if not self.lines.tell() and not self.wrong_lines.tell():
            return ""
        headings = [_("Zeile"), _("Ergebnis"), _("Name"), _("Feld"), _("Grund")]
        lines = merge(_unpickled(self.wrong_lines), _unpickled(self.lines), key=lambda line: line[0])
        with spreadsheets.write_xlsx(headings, lines) as table:
            return default_storage.save(f"imports/{uuid.uuid4().hex}.xlsx", File(table))


def _unpickled(file) -> Iterator[Any]:
    file.flush()
    file.seek(0)
    while True:
        try:
            yield pickle.load(file)  # noqa: S301 - a temporary file this process has just written
        except EOFError:
            return


def _try(table_import):
    done = _Pass(table_import, kind_of(table_import)(table_import.by))
    try:
        done.check()
        would = 0
        for portion in done.portions():
            would += len(portion)
            for row in portion:
                done.would_write(row)
        changes = {"errors": done.errors, "wrong_count": done.wrong, "skipped_count": done.skipped}
        _end(
            table_import, State.CHECKING, State.PREVIEW, report=done.report(), imported_count=would,
            checked_at=timezone.now(), **changes,
        )  # fmt: skip
    finally:
        done.close()


def _take_over(table_import):
    done = _Pass(table_import, kind_of(table_import)(table_import.by))
    try:
        done.check()
        if done.wrong:
            _end(
                table_import, State.RUNNING, State.FAILED, errors=done.errors, wrong_count=done.wrong,
                report=done.report(), is_over=True,
            )  # fmt: skip
            return
        _write(table_import, done)
    finally:
        done.close()


@transaction.atomic
def _write(table_import, done):
    if not _hold(table_import, State.RUNNING):
        return  # another run was faster
    subject = ContentType.objects.get_for_model(done.kind.model)
    count = 0
    for portion in done.portions():
        written = done.kind.write(portion)
        count += len(written)
        ImportedRow.objects.bulk_create(
            [ImportedRow(source=table_import, subject_type=subject, subject_id=row.pk) for row in written]
        )
    _end(
        table_import, State.RUNNING, State.DONE, errors=done.errors, imported_count=count, wrong_count=0,
        skipped_count=done.skipped, report=done.report(), is_over=True,
    )  # fmt: skip


@transaction.atomic
def _take_back(table_import):
    if not _hold(table_import, State.UNDOING):
        return
    kind, rows = kind_of(table_import)(table_import.by), ImportedRow.objects.filter(source=table_import)
    kept: list[str] = []
    gone = kept_count = 0
    last = 0
    while portion := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", "subject_id")[:PORTION]):
        last = portion[-1][0]
        ids = [subject for _pk, subject in portion]
        touched = kind.touched(ids, table_import.finished_at)
        there = set(kind.model._base_manager.filter(pk__in=ids).values_list("pk", flat=True))
        untouched = [pk for pk in ids if pk in there and pk not in touched]
        kind.remove(untouched)
        gone += len(untouched)
        kept_count += len(touched)
        kept += list(touched.values())[: SHOWN - len(kept)]
        rows.filter(subject_id__in=set(ids) - touched.keys()).delete()
    _end(
        table_import, State.UNDOING, State.UNDONE, undone_at=timezone.now(), undone_count=gone, kept=kept,
        kept_count=kept_count,
    )  # fmt: skip


def _hold(table_import, state):
    """Whether the import is still in that state; nobody else works at it till the end of the transaction."""
    return TableImport.objects.select_for_update().get(pk=table_import.pk).state == state


def _end(table_import, come_from, to, *, is_over=False, **changes):
    if is_over:  # the rows are here now, or are corrected in the file at home: no copy stays
        changes |= {"file": "", "finished_at": timezone.now()}
        name = table_import.file.name
        transaction.on_commit(lambda: table_import.file.storage.delete(name))
    old = table_import.report
    if "report" in changes and old:
        transaction.on_commit(lambda: default_storage.delete(old))
    TableImport.objects.filter(pk=table_import.pk, state=come_from).update(state=to, **changes)


def _fail(table_import, sentence):
    errors = [_error(0, "", sentence)]
    state = State(table_import.state)
    if state == State.RUNNING:
        _end(table_import, state, State.FAILED, errors=errors, is_over=True)
    else:
        _end(table_import, state, State.PREVIEW if state == State.CHECKING else State.DONE, errors=errors)


def _read(kind, file, mapping) -> Iterator[tuple[Row, list[tuple[str, str]]]]:
    """Every row below the headings, and what is wrong with it by itself."""
    places = [(int(key), name) for key, name in mapping.items() if key != DUPLICATES]
    for number, cells in islice(spreadsheets.rows(file), 1, None):
        picked = {name: cells[index] for index, name in places if index < len(cells)}
        if any(picked.values()):
            values, errors = kind.read(picked)
            yield Row(number, values, frozenset() if errors else kind.keys(values)), errors


def _forget_old():
    now = timezone.now()
    for table_import in TableImport.objects.filter(state=State.PREVIEW, created_at__lt=now - FORGET_AFTER):
        table_import.file.delete(save=False)
        if table_import.report:
            default_storage.delete(table_import.report)
        table_import.delete()
    for table_import in TableImport.objects.filter(~Q(report=""), created_at__lt=now - REPORTS_LIVE):
        default_storage.delete(table_import.report)
        TableImport.objects.filter(pk=table_import.pk).update(report="")


def _error(row, name, message):
    return {"row": row, "field": name, "message": message}


# --- in words ---------------------------------------------------------------------------------------------------------
def result(table_import: TableImport) -> str:
    """How it went, in one sentence."""
    n = table_import.imported_count
    sentence = ngettext("%(n)s Zeile ist übernommen.", "%(n)s Zeilen sind übernommen.", n) % {"n": n}
    return _with_skipped(sentence, table_import.skipped_count)


def forecast(table_import: TableImport) -> str:
    """What trying it found, in one sentence."""
    n, wrong = table_import.imported_count, table_import.wrong_count
    sentence = ngettext("%(n)s Zeile würde angelegt.", "%(n)s Zeilen würden angelegt.", n) % {"n": n}
    sentence = _with_skipped(sentence, table_import.skipped_count)
    if wrong:
        sentence += " " + ngettext(
            "%(n)s ist falsch: So wird nichts übernommen.", "%(n)s sind falsch: So wird nichts übernommen.", wrong
        ) % {"n": wrong}
    return sentence


def undone(table_import: TableImport) -> str:
    """What taking it back came to, in one sentence."""
    n, kept = table_import.undone_count, table_import.kept_count
    sentence = ngettext("%(n)s Zeile ist wieder weg.", "%(n)s Zeilen sind wieder weg.", n) % {"n": n}
    if kept:
        sentence += " " + ngettext(
            "%(n)s wurde seitdem benutzt und bleibt.", "%(n)s wurden seitdem benutzt und bleiben.", kept
        ) % {"n": kept}
    return sentence


def _with_skipped(sentence, skipped):
    if not skipped:
        return sentence
    return sentence + " " + ngettext("%(n)s wurde ausgelassen.", "%(n)s wurden ausgelassen.", skipped) % {"n": skipped}


def portions_of(rows: Iterable, count: int) -> Iterator[list]:
    """The rows in lists of so many."""
    rows = iter(rows)
    while portion := list(islice(rows, count)):
        yield portion


def distinct(texts: Iterable[str]) -> frozenset[int]:
    """Keys from texts; empty ones are none."""
    return frozenset(hash(text) for text in texts if text)

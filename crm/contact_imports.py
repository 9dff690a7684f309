"""Taking a file of contacts over: read, shown with a guess of its columns, then all rows or none."""

import logging
import uuid
from datetime import timedelta
from itertools import islice

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import current
from accounts.refusals import Refusal
from accounts.wakeup import kick
from crm import contact_columns, folding, numbering, spreadsheets, states, timeline
from crm.models import TableImport, Customer, CustomerTag, Note, Tag, TimelineEntry

logger = logging.getLogger(__name__)

SHOWN_ERRORS = 100
CHECKED_IN_PREVIEW = 1000  # rows; the run checks all
BATCH = 500
FORGET_AFTER = timedelta(days=1)  # previews nobody finished
DUPLICATES = "duplicates"  # key of the mapping: "skip" or "keep"


def upload(file, *, by) -> TableImport:
    """Keep a file for its preview, with its columns guessed. Raises Refusal (field "file"); then nothing is kept."""
    table = spreadsheets.rows(file)
    _number, headings = next(table, (0, []))
    row_count = sum(1 for _row in table)
    if not row_count:
        raise Refusal(_("In der Datei stehen keine Kontakte, höchstens Überschriften."), field="file")
    _forget_old()
    contact_import = TableImport(
        name=(file.name or "")[:160],
        columns=[heading[:80] for heading in headings],
        mapping={str(index): field for index, field in contact_columns.guess(headings).items()} | {DUPLICATES: "skip"},
        row_count=row_count,
        by=by,
    )
    file.seek(0)
    contact_import.file = File(file, name=f"{uuid.uuid4().hex}.table")
    contact_import.save()
    return contact_import


def sample(contact_import: TableImport, count: int = 5) -> list[tuple[int, list[str]]]:
    """The first rows below the headings, with their numbers, each as wide as the headings."""
    width = len(contact_import.columns)
    with contact_import.file.open() as file:
        rows = islice(spreadsheets.rows(file), 1, count + 1)
        return [(number, (cells + [""] * width)[:width]) for number, cells in rows]


def problems(contact_import: TableImport, mapping: dict) -> list[dict]:
    """What is wrong with the first thousand rows under a mapping, at most a hundred entries."""
    errors: list[dict] = []
    with contact_import.file.open() as file:
        for number, _values, found in islice(_read(file, mapping), CHECKED_IN_PREVIEW):
            errors += _as_errors(number, found)
            if len(errors) >= SHOWN_ERRORS:
                break
    return errors[:SHOWN_ERRORS]


def check_mapping(mapping: dict) -> None:
    """Raises Refusal (field "mapping") when two columns go to one field, or none gives a name."""
    fields = [field for key, field in mapping.items() if key != DUPLICATES]
    twice = next((field for field in fields if fields.count(field) > 1), None)
    if twice:
        raise Refusal(
            _("„%(field)s“ ist zweimal zugeordnet. Bitte wählen Sie eine Spalte.")
            % {"field": contact_columns.FIELDS[twice].heading},
            field="mapping",
        )
    if not set(fields) & set(contact_columns.NAMES):
        raise Refusal(_("Bitte ordnen Sie eine Spalte mit dem Namen zu."), field="mapping")


@transaction.atomic
def start(contact_import: TableImport, mapping: dict) -> None:
    """Take the file over with this mapping; the work is done by a task, its state is on the page.

    `mapping`: column index as text -> field of contact_columns; besides DUPLICATES -> "skip" or "keep".
    """
    check_mapping(mapping)
    rows = TableImport.objects.filter(pk=contact_import.pk, state=TableImport.State.PREVIEW)
    moved = rows.update(state=TableImport.State.RUNNING, mapping=mapping, errors=[])
    contact_import.refresh_from_db()
    if not moved:
        raise states.NotAllowed(contact_import)
    kick("crm.tasks.run_import", contact_import.pk)


def run(import_id: int) -> None:
    """Do a started import: check every row, then write all or nothing. Safe to run twice."""
    contact_import = (
        TableImport.unscoped.select_related("business", "by__user")
        .filter(pk=import_id, state=TableImport.State.RUNNING)
        .first()
    )
    if contact_import is None:
        return
    language = contact_import.by.user.language if contact_import.by else ""
    with current.working_for(contact_import.business), translation.override(language or "de"):
        try:
            with contact_import.file.open() as file:
                contacts, errors = _prepare(file, contact_import.mapping)
            if errors:
                _end(contact_import, TableImport.State.FAILED, errors=errors)
            else:
                _take_over(contact_import, contacts)
        except Refusal as refusal:
            _end(contact_import, TableImport.State.FAILED, errors=[_error(0, "", refusal.message)])
        except Exception:  # whatever it is: the person waits for an answer, and nothing was written
            logger.exception("import %s failed", import_id)
            sentence = _("Das hat nicht geklappt. Es liegt an uns, nicht an Ihrer Datei.")
            _end(contact_import, TableImport.State.FAILED, errors=[_error(0, "", sentence)])


def started() -> list[int]:
    """Imports of all businesses that began over ten minutes ago and have not ended: their wake-up got lost."""
    long_ago = timezone.now() - timedelta(minutes=10)
    return list(
        TableImport.unscoped.filter(state=TableImport.State.RUNNING, created_at__lt=long_ago).values_list(
            "pk", flat=True
        )
    )


def _read(file, mapping):
    """(row number, values, errors) of every row below the headings."""
    places = [(int(key), field) for key, field in mapping.items() if key != DUPLICATES]
    for number, cells in islice(spreadsheets.rows(file), 1, None):
        picked = {field: cells[index] for index, field in places if index < len(cells)}
        if any(picked.values()):
            yield number, *contact_columns.read(picked)


def _prepare(file, mapping):
    """Every row as (number, unsaved Customer, tags, note), outside any transaction: folding phones takes its time."""
    contacts, errors = [], []
    for number, values, found in _read(file, mapping):
        errors += _as_errors(number, found)
        if len(errors) >= SHOWN_ERRORS:
            break
        if not errors:
            tags, note = values.pop("tags"), values.pop("note")
            customer = Customer(**values)
            customer.fill_derived()
            contacts.append((number, customer, tags, note))
    return contacts, errors[:SHOWN_ERRORS]


@transaction.atomic
def _take_over(contact_import, contacts):
    locked = TableImport.objects.select_for_update().get(pk=contact_import.pk)
    if locked.state != TableImport.State.RUNNING:
        return  # another run was faster
    skipped: list[dict] = []
    if contact_import.mapping.get(DUPLICATES) != "keep":
        contacts = _without_known(contacts, skipped)
    customers = [customer for _number, customer, _tags, _note in contacts]
    if customers:
        first = numbering.take_customer_number(len(customers))
        for number, customer in enumerate(customers, start=first):
            customer.number = number
            customer.search_text = f" {number}{customer.search_text}"
        Customer.objects.bulk_create(customers, batch_size=BATCH)
        _add_tags(contacts)
        _add_notes(contacts, contact_import.by)
        _tell(timeline.Event.CUSTOMER_CREATED, customers, contact_import.by, lambda c: {"number": str(c.number)})
    _end(contact_import, TableImport.State.DONE, errors=skipped[:SHOWN_ERRORS], imported_count=len(customers))


def _without_known(contacts, skipped):
    """Leave out who is there already, by e-mail address or by name and postcode; also within the file."""
    emails: set[str] = set()
    names: set[tuple[str, str]] = set()
    for email, name, postcode in Customer.objects.values_list("email", "name", "postcode").iterator():
        emails.add(email.lower())
        names.add((folding.fold(name), postcode))
    emails.discard("")
    kept = []
    for number, customer, tags, note in contacts:
        email, known_as = customer.email.lower(), (folding.fold(customer.name), customer.postcode)
        if email in emails or (customer.postcode and known_as in names):
            skipped.append(_error(number, "", _("%(name)s gibt es schon.") % {"name": customer.name}))
            continue
        emails |= {email} - {""}
        names.add(known_as)
        kept.append((number, customer, tags, note))
    return kept


def _add_tags(contacts):
    by_name = {tag.name: tag for tag in Tag.objects.all()}
    wanted = [(customer, {" ".join(tag.split())[:40] for tag in tags}) for _number, customer, tags, _note in contacts]
    new = sorted({name for _customer, names in wanted for name in names} - by_name.keys())
    by_name |= {tag.name: tag for tag in Tag.objects.bulk_create([Tag(name=name) for name in new])}
    CustomerTag.objects.bulk_create(
        [CustomerTag(customer=customer, tag=by_name[name]) for customer, names in wanted for name in sorted(names)],
        batch_size=BATCH,
    )


def _add_notes(contacts, by):
    notes = Note.objects.bulk_create(
        [Note(customer=customer, text=note, by=by) for _number, customer, _tags, note in contacts if note],
        batch_size=BATCH,
    )
    _tell(timeline.Event.NOTE_ADDED, notes, by, lambda _note: {"files": "0"})


def _tell(event, subjects, by, facts):
    """One line on the timeline for each contact or note, as timeline.record writes them."""
    now = timezone.now()
    lines = [
        TimelineEntry(
            customer_id=getattr(subject, "customer_id", None) or subject.pk,
            event=str(event),
            subject_type=ContentType.objects.get_for_model(subject),
            subject_id=subject.pk,
            by=by,
            facts=facts(subject),
            at=now,
        )
        for subject in subjects
    ]
    TimelineEntry.objects.bulk_create(lines, batch_size=BATCH)


def _end(contact_import, state, *, errors, imported_count=0):
    TableImport.objects.filter(pk=contact_import.pk, state=TableImport.State.RUNNING).update(
        state=state, errors=errors, imported_count=imported_count, finished_at=timezone.now(), file=""
    )
    # the rows are contacts now, or are corrected in the file at home: no copy stays here
    transaction.on_commit(lambda: contact_import.file.storage.delete(contact_import.file.name))


def _forget_old():
    old = TableImport.objects.filter(state=TableImport.State.PREVIEW, created_at__lt=timezone.now() - FORGET_AFTER)
    for contact_import in old:
        contact_import.file.delete(save=False)
        contact_import.delete()


def _as_errors(number, found):
    return [_error(number, field, message) for field, message in found]


def _error(row, field, message):
    return {"row": row, "field": field, "message": message}


def result(contact_import: TableImport) -> str:
    """How it went, in one sentence."""
    skipped = contact_import.row_count - contact_import.imported_count
    sentence = ngettext(
        "%(n)s Kontakt ist übernommen.", "%(n)s Kontakte sind übernommen.", contact_import.imported_count
    ) % {"n": contact_import.imported_count}
    if skipped:
        sentence += " " + ngettext(
            "%(n)s gab es schon und wurde ausgelassen.", "%(n)s gab es schon und wurden ausgelassen.", skipped
        ) % {"n": skipped}
    return sentence

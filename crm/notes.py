"""What can be done with a note, and with what was said in a call."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from crm import attachments, timeline
from crm.models import Note, NoteVersion


@transaction.atomic
def add(customer, text="", *, by, files=(), is_from_site=False, is_shared=False, client_id=None) -> Note:
    """Write a note, with photos or files. Sent again with the same `client_id` it is found, not written twice (P74).

    `is_shared` lets the customer read it and see what is with it. Raises Refusal for a note with neither text nor file,
    for a file that is not accepted, and for a `client_id` that belongs to another note; then nothing is kept.
    """
    text = text.strip()
    if client_id and (known := Note.objects.filter(client_id=client_id).first()):
        return _the_same(known, customer, text)
    if not text and not files:
        raise Refusal(_("Bitte schreiben Sie etwas oder fügen Sie ein Foto hinzu."), field="text")
    for file in files:
        attachments.check(file)  # all of them before the first is stored: a rollback does not take files back
    try:
        with transaction.atomic():
            note = Note.objects.create(
                customer=customer, text=text, by=by, is_from_site=is_from_site, client_id=client_id,
                shared_at=timezone.now() if is_shared else None,
            )  # fmt: skip
    except IntegrityError:  # the same note came in twice at the same moment
        return _the_same(Note.objects.get(client_id=client_id), customer, text)
    for file in files:
        attachments.add(customer, file, by=by, note=note, is_shared=is_shared, is_told=False)
    timeline.record(timeline.Event.NOTE_ADDED, customer=customer, subject=note, by=by, files=len(files))
    return note


@transaction.atomic
def add_call(customer, text="", *, by, direction, phone="") -> Note:
    """Write down a call: who called whom, and what was said. A call nobody took needs no words.

    Raises Refusal for a call without words that somebody took.
    """
    text = text.strip()
    if not text and direction != Note.Direction.MISSED:
        raise Refusal(_("Bitte schreiben Sie kurz, worum es ging."), field="text")
    note = Note.objects.create(
        customer=customer, kind=Note.Kind.CALL, text=text, by=by, direction=direction, phone=phone.strip()[:40]
    )
    timeline.record(timeline.Event.CALL_NOTED, customer=customer, subject=note, by=by, direction=direction)
    return note


@transaction.atomic
def correct(note: Note, text: str, *, by, seen: str | None = None) -> Note:
    """Write a note anew; what it said before stays readable (`versions`).

    `seen` is what it said when the writing began. Raises Refusal when somebody else corrected it meanwhile, when it is
    deleted, and for no words where nothing else is left of the note.
    """
    locked = Note.objects.select_for_update(of=("self",)).get(pk=note.pk)
    text = text.strip()
    if locked.deleted_at:
        raise Refusal(_("Diese Notiz ist gelöscht. Holen Sie sie zuerst zurück."))
    if seen is not None and _lines(seen) != _lines(locked.text):
        raise Refusal(
            _("Jemand hat diese Notiz inzwischen geändert. Bitte sehen Sie sich die neue Fassung an."), field="text"
        )
    if not text and not locked.attachments.filter(deleted_at=None).exists():
        raise Refusal(_("Bitte schreiben Sie etwas, oder löschen Sie die Notiz."), field="text")
    if _lines(text) == _lines(locked.text):
        return locked
    NoteVersion.objects.create(
        note=locked, text=locked.text, by=locked.corrected_by if locked.corrected_at else locked.by,
        written_at=locked.corrected_at or locked.created_at,
    )  # fmt: skip
    Note.objects.filter(pk=locked.pk).update(text=text, corrected_at=timezone.now(), corrected_by=by)
    locked.refresh_from_db()
    return locked


def _the_same(known, customer, text):
    if known.customer_id != customer.pk or (
        known.text != text and not known.versions.filter(text=text).exists()  # corrected since it came
    ):
        raise Refusal(_("Diese Notiz ist schon mit anderem Text gesichert. Bitte sichern Sie sie als neue Notiz."))
    return known


@transaction.atomic
def set_shared(note: Note, is_shared: bool, *, by=None) -> None:
    """Let the customer read a note and see what is with it, or no longer."""
    Note.objects.filter(pk=note.pk).update(shared_at=(note.shared_at or timezone.now()) if is_shared else None)
    note.refresh_from_db()
    for file in note.attachments.filter(deleted_at=None).exclude(is_shared=is_shared):
        attachments.set_shared(file, is_shared, by=by)


def delete(note: Note) -> None:
    """Take a note out of sight; `restore` brings it back."""
    Note.objects.filter(pk=note.pk).update(deleted_at=timezone.now())


def restore(note: Note) -> None:
    """Undo `delete`."""
    Note.objects.filter(pk=note.pk).update(deleted_at=None)


def _lines(text):
    """A text as a form sends it back: with its own line ends, without what stands around it."""
    return text.replace("\r\n", "\n").strip()

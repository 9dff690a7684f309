"""What can be done with a note."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from crm import attachments, timeline
from crm.models import Note


@transaction.atomic
def add(customer, text="", *, by, files=(), is_from_site=False, is_shared=False, client_id=None) -> Note:
    """Write a note, with photos or files. Sent again with the same `client_id` it is found, not written twice (P74).

    Raises Refusal for a note with neither text nor file, for a file that is not accepted, and for a `client_id` that
    belongs to another note; then nothing is kept.
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
                customer=customer, text=text, by=by, is_from_site=is_from_site, client_id=client_id
            )
    except IntegrityError:  # the same note came in twice at the same moment
        return _the_same(Note.objects.get(client_id=client_id), customer, text)
    for file in files:
        attachments.add(customer, file, by=by, note=note, is_shared=is_shared, is_told=False)
    timeline.record(timeline.Event.NOTE_ADDED, customer=customer, subject=note, by=by, files=len(files))
    return note


def _the_same(known, customer, text):
    if (known.customer_id, known.text) != (customer.pk, text):
        raise Refusal(_("Diese Notiz ist schon mit anderem Text gesichert. Bitte sichern Sie sie als neue Notiz."))
    return known


def delete(note: Note) -> None:
    """Take a note out of sight; `restore` brings it back."""
    Note.objects.filter(pk=note.pk).update(deleted_at=timezone.now())


def restore(note: Note) -> None:
    """Undo `delete`."""
    Note.objects.filter(pk=note.pk).update(deleted_at=None)

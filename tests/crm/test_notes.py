"""What can be done with a note (security.md P74)."""

import uuid

import pytest

from accounts.refusals import Refusal
from crm import notes
from crm.models import Attachment, Note, TimelineEntry
from tests import make


def test_a_note_with_photos_is_one_line_of_the_timeline(business, owner):
    customer = make.make_customer()
    note = notes.add(customer, "  Flur  ", by=owner, files=[make.upload(), make.upload()], is_shared=True)
    assert (note.text, note.by, note.attachments.count()) == ("Flur", owner, 2)
    assert all(attachment.is_shared for attachment in note.attachments.all())
    entry = TimelineEntry.objects.get(event="crm.note_added")
    assert (entry.subject, entry.facts) == (note, {"files": "2"})
    assert not TimelineEntry.objects.filter(event="crm.file_added").exists()


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_note_is_refused(business, text):
    with pytest.raises(Refusal) as refused:
        notes.add(make.make_customer(), text, by=None)
    assert refused.value.field == "text"


def test_a_photo_needs_no_text(business):
    assert notes.add(make.make_customer(), by=None, files=[make.upload()]).text == ""


def test_a_note_sent_five_times_exists_once(business):
    customer, key = make.make_customer(), uuid.uuid4()
    sent = {notes.add(customer, "Flur", by=None, files=[make.upload()], client_id=key).pk for _ in range(5)}
    assert len(sent) == 1
    assert (Note.objects.count(), Attachment.objects.count()) == (1, 1)
    assert TimelineEntry.objects.filter(event="crm.note_added").count() == 1


def test_the_same_key_with_another_text_is_refused(business):
    customer, key = make.make_customer(), uuid.uuid4()
    notes.add(customer, "Flur", by=None, client_id=key)
    with pytest.raises(Refusal):
        notes.add(customer, "Küche", by=None, client_id=key)
    assert Note.objects.get().text == "Flur"


def test_the_same_note_at_the_same_moment_exists_once(business, monkeypatch):
    """Two requests pass the first look together; the database lets one in, the other finds it."""
    customer, key = make.make_customer(), uuid.uuid4()
    known = notes.add(customer, "Flur", by=None, client_id=key)
    selections = iter([Note.objects.none(), Note.objects.all()])
    monkeypatch.setattr(Note.objects, "filter", lambda **_: next(selections).filter())
    assert notes.add(customer, "Flur", by=None, client_id=key) == known


def test_a_deleted_note_comes_back(business):
    note = make.make_note()
    notes.delete(note)
    note.refresh_from_db()
    assert note.deleted_at is not None
    notes.restore(note)
    note.refresh_from_db()
    assert note.deleted_at is None

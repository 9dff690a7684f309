"""What can be done with a note (security.md P74)."""

import uuid

import pytest
import time_machine
from django.db import IntegrityError, transaction

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


# --- calls ----------------------------------------------------------------------------------------------------------------
def test_a_call_says_which_way_and_what_about(business, owner):
    customer = make.make_customer()
    call = notes.add_call(customer, " Wann kommt ihr? ", by=owner, direction="in", phone="0171/3920011")
    entry = TimelineEntry.objects.get(event="crm.call_noted")
    assert (entry.subject, call.text, call.is_call, entry.facts) == (call, "Wann kommt ihr?", True, {"direction": "in"})
    assert notes.add_call(customer, by=owner, direction="missed").text == ""
    with pytest.raises(Refusal):
        notes.add_call(customer, by=owner, direction="out")
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.create(customer=customer, kind="call", text="ohne Richtung")


# --- corrections ----------------------------------------------------------------------------------------------------------
def test_a_corrected_note_keeps_what_it_said_who_said_it_and_when(business, owner):
    lotte = make.make_member(name="Lotte")
    with time_machine.travel("2026-11-20T08:00:00+00:00", tick=False):
        note = make.make_note(text="2,94 m", by=owner)
    with time_machine.travel("2026-11-21T09:00:00+00:00", tick=False):
        notes.correct(note, "2,95 m", by=lotte, seen="2,94 m")
    notes.correct(note, "2,96 m\r\n", by=owner, seen="2,95 m")
    notes.correct(note, "2,96 m", by=lotte)  # nothing new
    note.refresh_from_db()
    versions = [(version.text, version.by, version.written_at.day) for version in note.versions.all()]
    assert versions == [("2,95 m", lotte, 21), ("2,94 m", owner, 20)]
    assert (note.text, note.corrected_by, note.by) == ("2,96 m", owner, owner)


def test_who_did_not_see_the_newest_words_does_not_write_over_them(business, owner):
    note = make.make_note(text="2,94 m")
    notes.correct(note, "2,95 m", by=owner, seen="2,94 m")
    with pytest.raises(Refusal, match="inzwischen"):
        notes.correct(note, "3,00 m", by=owner, seen="2,94 m")
    with pytest.raises(Refusal):
        notes.correct(note, " ", by=owner)
    notes.delete(note)
    with pytest.raises(Refusal):
        notes.correct(note, "3,00 m", by=owner)
    assert Note.objects.get().text == "2,95 m"


def test_a_note_that_comes_again_after_it_was_corrected_is_still_the_same(business, owner):
    customer, key = make.make_customer(), uuid.uuid4()
    note = notes.add(customer, "Flur", by=owner, client_id=key)
    notes.correct(note, "Flur oben", by=owner)
    assert notes.add(customer, "Flur", by=owner, client_id=key) == note


# --- what customers see ---------------------------------------------------------------------------------------------------
def test_a_shared_note_takes_its_photos_along_both_ways(business, owner):
    note = make.make_note(files=[make.upload()], by=owner)
    assert not Note.objects.shared().exists()
    notes.set_shared(note, True, by=owner)
    assert Note.objects.shared().get() == note and Attachment.objects.shared().count() == 1
    notes.set_shared(note, False, by=owner)
    assert not Note.objects.shared().exists() and not Attachment.objects.shared().exists()
    notes.set_shared(note, True, by=owner)
    notes.delete(note)
    assert not Note.objects.shared().exists() and not Attachment.objects.shared().exists()

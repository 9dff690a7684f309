"""The timeline: written once, never changed, shown with few queries."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.template.loader import get_template
from django.utils import timezone

from accounts.refusals import Refusal
from crm import attachments, comments, letters, notes, tags, timeline
from crm.models import Note, Tag, TimelineEntry
from tests import make


@pytest.mark.parametrize("event", timeline.Event.values)
def test_every_event_has_its_template(event):
    get_template(TimelineEntry(event=event).template)


def test_facts_are_text(business):
    entry = timeline.record("crm.note_added", customer=make.make_customer(), amount=12.5, files=2)
    assert entry.facts == {"amount": "12.5", "files": "2"}


@pytest.mark.parametrize("change", [{"event": "crm.x"}, {"facts": {}}, {"at": timezone.now()}])
def test_a_line_never_changes(business, change):
    make.make_customer()
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        TimelineEntry.objects.update(**change)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        TimelineEntry.objects.all().delete()


def test_newest_first_and_only_what_is_asked(business):
    customer = make.make_customer()
    make.make_note(customer, "erste")
    make.make_note(customer, "mit Foto", files=[make.upload()])
    attachments.add(customer, make.upload())
    make.make_todo(by=make.make_member(), customer=customer)
    events = [entry.event for entry in timeline.of(customer)]
    assert events == ["crm.todo_added", "crm.file_added", "crm.note_added", "crm.note_added", "crm.customer_created"]
    assert [entry.event for entry in timeline.of(customer, timeline.Wanted(only=("crm.todo", "crm.customer")))] == [
        "crm.todo_added",
        "crm.customer_created",
    ]
    with_files = timeline.of(customer, timeline.Wanted(only=("crm.file",)))
    assert [getattr(entry.subject, "text", "Datei") for entry in with_files] == ["Datei", "mit Foto"]


def test_pages_follow_each_other_without_gap(business):
    customer = make.make_customer()
    for number in range(5):
        make.make_note(customer, str(number))
    entries = list(timeline.of(customer))
    assert list(timeline.older_than(timeline.of(customer), entries[2].pk)) == entries[3:]
    assert list(timeline.older_than(timeline.of(customer), 0)) == entries


def test_a_deleted_note_is_shown_as_deleted_for_an_hour(business):
    customer = make.make_customer()
    note = make.make_note(customer)
    notes.delete(note)
    assert timeline.of(customer, timeline.Wanted(only=("crm.note",))).count() == 1
    Note.objects.filter(pk=note.pk).update(deleted_at=timezone.now() - timedelta(hours=2))
    assert timeline.of(customer, timeline.Wanted(only=("crm.note",))).count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_subjects_cost_the_same_for_any_number(business, django_assert_num_queries, count):
    customer, member = make.make_customer(), make.make_member()
    for _ in range(count):
        make.make_note(customer, files=[make.upload()])
        make.make_todo(by=member, customer=customer)
        make.make_appointment(customer, by=member, assignee=member)
    ContentType.objects.clear_cache()
    with django_assert_num_queries(19):
        for entry in timeline.of(customer):
            if entry.event == "crm.note_added":
                assert len(entry.subject.attachments.all()) == 1
            elif entry.event != "crm.customer_created":
                assert str(entry.subject.assignee)


# --- filters --------------------------------------------------------------------------------------------------------------
def found(customer, **wanted):
    return [getattr(entry.subject, "text", entry.event) for entry in timeline.of(customer, timeline.Wanted(**wanted))]


def test_kind_tag_person_and_text_combine(business, owner):
    customer, lotte = make.make_customer(by=owner), make.make_member(name="Lotte")
    for text, by in (("Tür klemmt", owner), ("Tür gestrichen", lotte), ("Fenster", lotte)):
        make.make_note(customer, text, by=by)
    make.make_todo("Tür abholen", by=lotte, customer=customer)
    for entry in timeline.of(customer, timeline.Wanted(text="tuer", by=lotte.pk)):
        tags.add_to_entry(entry, ["Tischler"])
    tag = Tag.objects.get().pk
    assert found(customer, text="tür") == ["Tür abholen", "Tür gestrichen", "Tür klemmt"]
    assert found(customer, text="TUER", by=lotte.pk) == ["Tür abholen", "Tür gestrichen"]
    assert found(customer, tag=tag, only=("crm.note",), by=lotte.pk, text="tür") == ["Tür gestrichen"]
    assert found(customer, tag=tag, by=owner.pk) == []
    assert found(customer, text="klemmt tür") == ["Tür klemmt"] and found(customer, text="klemmt fenster") == []


def test_words_are_found_wherever_they_stand(business, owner):
    customer = make.make_customer()
    photo = attachments.add(customer, make.upload(name="Wendeltreppe.jpg"))
    note = make.make_note(customer, "Flur", files=[make.upload(name="Geländer.jpg")])
    comments.on_file(note.attachments.get(), "Handlauf zu niedrig", by=owner)
    comments.on_entry(timeline.of(customer)[0], "Rückruf erbeten", by=owner)
    letters.send(customer, to="x@architekt.example", subject_line="Muster", text="Eiche liegt bereit", by=owner)
    timeline.record("billing.invoice_issued", customer=customer, number="RE-2026-0099")
    elsewhere = make.make_note(text="Flur Handlauf Eiche Geländer")
    for text in ("wendeltreppe", "gelaender", "handlauf", "rückruf", "eiche", "datei"):
        assert len(found(customer, text=text)) == 1, text
    assert found(customer, text="handlauf") == ["Flur"] and found(customer, text="wendel") == ["crm.file_added"]
    assert found(customer, text="re-2026-0099", sees_money=True) == ["billing.invoice_issued"]
    assert found(customer, text="re-2026-0099") == [] == found(customer, text="Muster 100%")  # no amounts for workers
    assert found(customer, text="'\x00%_") == [] and elsewhere.customer != photo.customer


def test_what_nobody_of_the_business_did(business, owner):
    customer = make.make_customer()
    make.make_note(customer, by=owner)
    assert found(customer, is_without_member=True) == ["crm.customer_created"]


# --- pages ----------------------------------------------------------------------------------------------------------------
def test_pages_have_no_gaps_and_no_doubles_while_new_lines_arrive(business, owner):
    """Also among lines of the very same moment, and when one is pinned or deleted between two pages."""
    customer = make.make_customer()
    with time_machine.travel("2026-11-21T10:00:00+00:00", tick=False):
        for number in range(7):
            make.make_note(customer, str(number))
    there = list(timeline.of(customer))
    seen, last = [], None
    while True:
        entries = timeline.unpinned(timeline.of(customer))
        page = list((timeline.older_than(entries, last) if last else entries)[:3])
        if not page:
            break
        seen, last = seen + page, page[-1].pk
        make.make_note(customer, "kam gerade")
        timeline.pin(page[-1], by=owner)  # where the next page begins
    assert seen == there


# --- pins -----------------------------------------------------------------------------------------------------------------
def test_what_is_pinned_stays_on_top_once(business, owner):
    customer = make.make_customer()
    note = make.make_note(customer, "Schlüssel beim Nachbarn", by=owner)
    entry = timeline.of(customer)[0]
    make.make_note(customer, "neuer")
    for _ in range(2):
        timeline.pin(entry, by=owner)
    everything = timeline.of(customer)
    assert [each.subject for each in timeline.pinned(everything)] == [note]
    assert entry not in timeline.unpinned(everything)
    timeline.unpin(entry)
    assert not timeline.pinned(everything).exists() and entry in timeline.unpinned(everything)


def test_ten_pins_are_enough(business, owner):
    customer = make.make_customer()
    for number in range(11):
        make.make_note(customer, str(number))
    *ten, last = list(timeline.of(customer, timeline.Wanted(only=("crm.note",))))
    for entry in ten:
        timeline.pin(entry, by=owner)
    with pytest.raises(Refusal):
        timeline.pin(last, by=owner)

"""The timeline: written once, never changed, shown with few queries."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.template.loader import get_template
from django.utils import timezone

from crm import attachments, notes, timeline
from crm.models import Note, TimelineEntry
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

"""The hash chain of what was done."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts import current, guards
from billing import journal
from billing.models import JournalEntry
from tests import make

pytestmark = pytest.mark.django_db


def test_each_business_has_a_chain_of_its_own(business):
    make.make_open_invoice()
    with current.working_for(make.make_business("Elektro Nordlicht")):
        make.make_sent_quote()
        assert [entry.sequence for entry in JournalEntry.objects.all()] == [1]
        assert journal.first_broken() is None
    assert journal.first_broken() is None


def test_an_entry_cannot_be_changed_or_deleted(business):
    make.make_sent_quote()
    for attack in (lambda: JournalEntry.objects.update(facts="{}"), lambda: JournalEntry.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            attack()


@pytest.mark.parametrize("change", ["facts = '{}'", "content_hash = 'x'", "event = 'y'", "previous_hash = 'z'"])
def test_tampering_past_the_guards_is_found_at_its_link(business, change):
    make.make_open_invoice()
    second = JournalEntry.objects.get(sequence=2)
    guards.lift(plan=["a change behind the guards' back"])
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE billing_journalentry SET {change} WHERE id = %s", [second.pk])  # noqa: S608
    assert journal.first_broken() == second


def test_a_missing_link_is_found(business):
    make.make_open_invoice()
    guards.lift(plan=["a change behind the guards' back"])
    JournalEntry.objects.get(sequence=2).delete()
    assert journal.first_broken().sequence == 3

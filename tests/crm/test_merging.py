"""Two contacts become one and two again: nothing is lost, nothing that was issued changes (GoBD)."""

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts import current, guards
from accounts.refusals import Refusal
from accounts.scoping import ScopedModel
from billing import verification
from billing.models import Invoice, JournalEntry, Quote
from crm import customers, merging
from crm.models import ContactMerge, ContactPerson, Customer, Site, TimelineEntry
from tests import make, routes


@pytest.fixture
def world(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    found = routes.World("Haselbach")
    with current.working_for(found.business):
        yield found


def rows_of(customer):
    """{"app.Model.field": ids} of whatever names a contact, but for what is about the two as two."""
    found = {}
    for model in apps.get_models():
        if issubclass(model, ScopedModel) and model not in merging.STAYS:
            for field in model._meta.concrete_fields:
                if field.is_relation and field.related_model is Customer:
                    ids = set(model.objects.filter(**{field.name: customer}).values_list("pk", flat=True))
                    if ids:
                        found[f"{model._meta.label}.{field.name}"] = ids
    return found


def issued():
    """What documents say, with their hashes, and the journal."""
    return [
        list(
            Invoice.objects.exclude(state="draft").order_by("pk").values_list("pk", "number", "document", "pdf_sha256")
        ),
        list(Quote.objects.exclude(state="draft").order_by("pk").values_list("pk", "number", "document_hash")),
        list(JournalEntry.objects.order_by("sequence").values_list("entry_hash", flat=True)),
    ]


def test_everything_goes_over_and_comes_back(world):
    old = world.rows["customer"]
    keeper = make.make_customer("Brant", tags=["Tag Haselbach"], by=world.owner)
    customers.change(keeper, by=world.owner, postcode="22397")
    before, mine, papers, broken = rows_of(old), rows_of(keeper), issued(), verification.run().broken
    assert len(before) > 15  # a contact on whom one row of nearly everything hangs

    merge = merging.merge(keeper, old, by=world.owner)

    # the tag both had stays where it is; everything else is with the one that stays
    assert set(rows_of(old)) == {"crm.CustomerTag.customer"}
    after = rows_of(keeper)
    told = TimelineEntry.objects.get(event="crm.customer_merged", customer=keeper)
    for name, ids in before.items():
        assert name == "crm.CustomerTag.customer" or ids <= after[name], name
    assert (told.customer, told.subject, told.facts["number"]) == (keeper, merge, str(old.number))
    old.refresh_from_db()
    assert (old.merged_into, old.archived_at is not None) == (keeper, True)
    # the journal says that the contact lives on in another, and nothing of what was issued changed
    now = issued()
    assert (now[0], now[1], now[2][: len(papers[2])]) == (papers[0], papers[1], papers[2])
    assert JournalEntry.objects.order_by("-sequence").first().subject == f"crm.Customer {old.pk}"
    assert verification.run().broken == broken

    merging.undo(merge, by=world.owner)

    assert rows_of(old) == before
    two_lines = TimelineEntry.objects.filter(customer=keeper, event__contains="merged").values_list("pk", flat=True)
    mine["crm.TimelineEntry.customer"] |= set(two_lines)
    assert rows_of(keeper) == mine
    old.refresh_from_db()
    assert (old.merged_into, old.archived_at) == (None, None)
    assert verification.run().broken == broken


def test_a_new_model_of_a_contact_moves_or_is_named_with_its_reason():
    """Whoever adds a foreign key to a contact gets the move for nothing; a frozen one must say that it follows."""
    frozen = [
        f"{model._meta.label}.{field}"
        for model, field in merging.hanging()
        if getattr(model, "frozen", None) and field not in {*model.frozen.follows, *model.frozen.free}
    ]
    assert frozen == []
    unscoped = [
        model._meta.label
        for model in apps.get_models()
        if any(field.is_relation and field.related_model is Customer for field in model._meta.concrete_fields)
        and not issubclass(model, ScopedModel)
    ]
    assert unscoped == []
    assert all(merging.STAYS.values())


def test_an_issued_document_is_filed_with_nobody_else(world):
    """The database lets the pointer go along a merge and nowhere else, also for raw SQL."""
    invoice, stranger, walked = world.rows["invoice"], make.make_customer("Fremd", by=world.owner), 0
    for model in (row for row in guards.frozen_models() if row.frozen.follows):
        row = model.objects.filter(customer=invoice.customer).exclude(
            **({"state": "draft"} if model in (Invoice, Quote) else {})
        )
        if not row.exists():
            continue
        walked += 1
        with pytest.raises(DatabaseError, match="stays where it is filed"), transaction.atomic():
            row.update(customer=stranger)
    assert walked >= 7


def test_what_is_taken_is_taken_and_the_rest_kept_beside_it(db):
    with current.working_for(make.make_business()):
        by = make.make_member()
        keeper = make.make_customer("Brandt", by=by, mobile="0171 3920011", phone="")
        other = make.make_customer(
            "Brand", by=by, mobile="0172 555666", phone="040 777", street="Am Deich 3", postcode="21129",
        )  # fmt: skip
        wanted = (other.email, keeper.email)
        assert [(each.part.name, each.proposed) for each in merging.choices(keeper, other)] == [
            ("person", "mine"), ("email", "mine"), ("phone", "other"), ("mobile", "mine"), ("address", "mine"),
        ]  # fmt: skip
        merge = merging.merge(keeper, other, by=by, take={"email", "phone"})
        keeper.refresh_from_db()
        assert (keeper.email, keeper.phone, keeper.mobile, keeper.street) == (
            wanted[0], "040 777", "0171 3920011", "Rotdornweg 8",
        )  # fmt: skip
        persons = ContactPerson.objects.filter(customer=keeper).values_list("name", "email", "mobile")
        assert set(persons) == {("Sabine Brandt", wanted[1], ""), ("Sabine Brand", "", "0172 555666")}
        assert [site.street for site in keeper.sites.all()] == ["Am Deich 3"]

        Customer.objects.filter(pk=keeper.pk).update(phone="040 888")  # changed since: stays
        merging.undo(merge, by=by)
        keeper.refresh_from_db()
        assert (keeper.email, keeper.phone) == (wanted[1], "040 888")
        assert (keeper.contact_persons.count(), keeper.sites.count()) == (0, 0)


def test_two_addresses_for_invoices_become_one_and_a_place(db):
    with current.working_for(make.make_business()):
        by = make.make_member()
        keeper, other = make.make_customer("Brandt", by=by), make.make_customer("Brand", by=by)
        for side in (keeper, other):
            Site.objects.create(
                customer=side, kind="billing", label="Verwaltung", street=f"Weg {side.pk}", postcode="20095", city="HH"
            )
        merge = merging.merge(keeper, other, by=by)
        assert [(site.kind, site.street) for site in keeper.sites.order_by("pk")] == [
            ("billing", f"Weg {keeper.pk}"), ("site", f"Weg {other.pk}"),
        ]  # fmt: skip
        merging.undo(merge, by=by)
        assert [site.kind for site in other.sites.all()] == ["billing"]
        assert keeper.sites.count() == 1


def test_who_objected_to_feedback_stays_objecting(db):
    with current.working_for(make.make_business()):
        keeper, other = make.make_customer("Brandt"), make.make_customer("Brand")
        Customer.objects.filter(pk=other.pk).update(feedback_opt_out_at=timezone.now(), is_prospect=False)
        merging.merge(keeper, other, by=None)
        keeper.refresh_from_db()
        assert keeper.feedback_opt_out_at is not None
        assert keeper.is_prospect is False


def test_merges_in_a_row_are_undone_from_the_last(db):
    with current.working_for(make.make_business()):
        a, b, c = (make.make_customer(name) for name in ("Alt", "Mitte", "Neu"))
        note = make.make_note(a, by=make.make_member())
        first = merging.merge(b, a, by=None)
        second = merging.merge(c, b, by=None)
        for row in (note, a):
            row.refresh_from_db()
        assert (note.customer, customers.living(a)) == (c, c)
        with pytest.raises(Refusal, match="inzwischen selbst zusammengeführt"):
            merging.undo(first, by=None)
        merging.undo(second, by=None)
        merging.undo(first, by=None)
        note.refresh_from_db()
        assert note.customer == a
        with pytest.raises(Refusal, match="schon wieder getrennt"):
            merging.undo(ContactMerge.objects.get(pk=first.pk), by=None)


def test_what_cannot_be_merged_is_said(db):
    with current.working_for(make.make_business()):
        a, b, c = (make.make_customer(name) for name in ("Alt", "Mitte", "Neu"))
        with pytest.raises(Refusal, match="derselbe Kontakt"):
            merging.merge(a, a, by=None)
        customers.archive(a)
        with pytest.raises(Refusal, match="archiviert"):
            merging.merge(a, b, by=None)
        merging.merge(b, a, by=None)  # the one that goes may be put away
        with pytest.raises(Refusal, match="schon zusammengeführt"):
            merging.merge(c, a, by=None)
        with pytest.raises(Refusal, match="zusammengeführt"):
            customers.unarchive(Customer.objects.get(pk=a.pk))

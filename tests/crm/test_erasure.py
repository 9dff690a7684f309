"""Forgetting a contact: what the law demands stays until its day, all else goes at once (R105, R106)."""

import json
import zipfile
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts import current, guards
from accounts.refusals import Refusal
from accounts.scoping import ScopedModel
from billing import payments, verification
from billing.models import Invoice, JournalEntry, Order, Quote
from crm import access, consents, disclosures, dossiers, due, erasure, notes, privacy
from crm.models import (
    AccessLink,
    Attachment,
    Customer,
    DueAction,
    Mail,
    Note,
    PrivacyRequest,
    Restriction,
    Suppression,
    TimelineEntry,
    Todo,
)
from tests import make, routes

Kind, Identity = PrivacyRequest.Kind, PrivacyRequest.Identity


def asked(customer, by, kind=Kind.ERASURE, on=None):
    return privacy.receive(
        customer, kind=kind, received_on=on or timezone.localdate(), identity=Identity.KNOWN, by=by
    )  # fmt: skip


@pytest.fixture
def billed(business, owner):
    """A customer with an order that was billed and paid, and with a note and a photo."""
    order = make.make_completed_order()
    invoice = make.make_open_invoice(order, rendered=True)
    payments.record(invoice, amount=invoice.gross, received_on=timezone.localdate(), by=owner)
    notes.add(order.customer, "mag Salbei", by=owner, files=[make.upload()])
    return order.customer


@pytest.mark.parametrize(
    ("received", "until"),
    [((2026, 11, 20), (2026, 12, 20)), ((2027, 1, 31), (2027, 2, 28)), ((2026, 12, 5), (2027, 1, 5))],
)
def test_a_request_is_answered_within_a_month(received, until):
    assert privacy.answer_until(date(*received)) == date(*until)


def test_a_request_leaves_a_task_and_a_line(business, owner):
    customer = make.make_customer()
    request = asked(customer, owner, Kind.INFORMATION)
    assert Todo.objects.get().due_on == request.due_on
    privacy.answer(request, by=owner)
    assert Todo.objects.get().done_at is not None
    told = set(TimelineEntry.objects.filter(customer=customer).values_list("event", flat=True))
    assert told >= {"crm.privacy_asked", "crm.privacy_answered"}
    with pytest.raises(Refusal):
        privacy.answer(request, by=owner)


def test_somebody_without_papers_is_gone_altogether(business, owner, files, django_capture_on_commit_callbacks):
    customer = make.make_customer("Brandt", email="sabine@brandt.example", by=owner, tags=["Flur"])
    other = make.make_customer("Noll", email="noll@noll.example", by=owner)
    notes.add(customer, "mag Salbei", by=owner, files=[make.upload()])
    stored = Attachment.objects.get().file.name
    make.make_sent_quote(customer, by=owner)
    consents.give(customer, consents.Purpose.PHOTOS, source="talk", by=owner)
    request = asked(customer, owner)
    assert erasure.look(customer).kept == ()
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase(customer, request, by=owner)
    assert [each.name for each in Customer.objects.all()] == [other.name]
    for model in guards.business_models():
        if issubclass(model, ScopedModel) and any(field.name == "customer" for field in model._meta.concrete_fields):
            assert not model.objects.filter(customer=customer.pk).exists(), model._meta.label
    assert not default_storage.exists(stored)
    request.refresh_from_db()
    assert (request.customer, request.customer_number, request.answered_on) == (None, 10001, timezone.localdate())
    assert "Brandt" not in json.dumps(request.outcome) and request.outcome["kept"] == []
    assert consents.is_suppressed("Sabine@Brandt.example") and not consents.is_suppressed("noll@noll.example")
    assert verification.run().broken == []


def test_it_is_said_beforehand_what_must_stay_and_until_when(billed):
    plan = erasure.look(billed)
    year = timezone.localdate().year
    assert [(each.what, each.count, each.until, each.law) for each in plan.kept] == [
        ("Rechnungen und Zahlungen", 1, date(year + 8, 12, 31), "§ 147 (1) Nr. 4, (3) AO, § 14b UStG"),
        ("Aufträge und Abnahmen", 1, date(year + 6, 12, 31), "§ 147 (1) Nr. 2 und 3, (3) AO, § 257 HGB"),
        ("Angenommene Angebote", 1, date(year + 6, 12, 31), "§ 147 (1) Nr. 2 und 3, (3) AO, § 257 HGB"),
    ]
    assert plan.until == date(year + 8, 12, 31)
    assert Note.objects.count() == 1


def test_papers_stay_restricted_and_the_rest_goes_at_once(billed, owner, files, django_capture_on_commit_callbacks):
    invoice = Invoice.objects.get()
    document, pdf = invoice.document, invoice.pdf
    photo = Attachment.objects.get().file.name
    link = AccessLink.objects.filter(customer=billed).first()
    raw = access.token(link)
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase(billed, asked(billed, owner), by=owner)
    billed.refresh_from_db()
    assert billed.name == f"Gelöschter Kontakt {billed.number}"
    assert (billed.email, billed.phone, billed.street, billed.search_text, billed.search_name) == ("", "", "", "", "")
    assert billed.archived_at is not None
    assert not Note.objects.exists() and not Attachment.objects.exists() and not default_storage.exists(photo)
    assert not AccessLink.objects.filter(customer=billed).exists() and access.resolve(raw) is None
    assert not Mail.objects.filter(customer=billed).exists()
    invoice.refresh_from_db()
    assert invoice.document == document and default_storage.exists(pdf)
    assert invoice.payments.count() == 1 and Order.objects.count() == Quote.objects.count() == 1
    restriction = Restriction.objects.get()
    assert restriction.until == date(timezone.localdate().year + 8, 12, 31)
    assert DueAction.objects.get(kind=erasure.FINISH).due_on == restriction.until + timedelta(days=1)
    assert verification.run().broken == []
    with pytest.raises(Refusal):
        erasure.erase(billed, PrivacyRequest.objects.get(), by=owner)


def test_the_rest_goes_when_its_time_has_passed(billed, owner, files, django_capture_on_commit_callbacks):
    erasure.erase(billed, asked(billed, owner), by=owner)
    pdf = Invoice.objects.get().pdf
    restriction = Restriction.objects.get()
    action = DueAction.objects.get(kind=erasure.FINISH)
    with time_machine.travel(restriction.until, tick=False):
        assert not due.work_off(action.pk) and Invoice.objects.exists()
    with (
        time_machine.travel(restriction.until + timedelta(days=2), tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert due.work_off(action.pk)
        assert not Invoice.objects.exists() and not Customer.objects.exists()
        assert JournalEntry.objects.filter(event="billing.retention_ended").count() == 1
        assert verification.run().broken == []
    assert not default_storage.exists(pdf)


def test_what_was_added_since_is_waited_for(billed, owner):
    """Books that are held for an audit hold on to what is in them (§ 147 (3) S. 5 AO)."""
    erasure.erase(billed, asked(billed, owner), by=owner)
    restriction = Restriction.objects.get()
    current.business().books_held_until = restriction.until + timedelta(days=400)
    with time_machine.travel(restriction.until + timedelta(days=2), tick=False), pytest.raises(due.Later):
        erasure.finish(restriction)
    restriction.refresh_from_db()
    assert restriction.until == current.business().books_held_until


def test_an_information_holds_all_that_is_stored(files, db):
    """Of every table that points at a contact, whatever app it is of."""
    world, other = routes.World("Haselbach"), routes.World("Schulz")
    with current.working_for(world.business):
        customer = Customer.objects.get(pk=world["customer"])
        request = asked(customer, world.owner, Kind.INFORMATION)
        disclosures.build(PrivacyRequest.objects.get(pk=request.pk))
        request.refresh_from_db()
        dossier = dossiers.of(customer)
        with default_storage.open(request.file) as file, zipfile.ZipFile(file) as archive:
            told = json.loads(archive.read("daten.json"))
            page = archive.read("auskunft.html").decode()
            names = set(archive.namelist())
    for model in dossier.keys() - disclosures.LEFT_OUT:
        assert {row["id"] for row in told["records"][model._meta.label]} == dossier[model], model._meta.label
    assert told["records"]["Journal der Bücher"] and len(dossier) > 40
    assert "Steuerberatung: Rechnungen, Zahlungen, Anschrift" in told["recipients"]
    assert "Haselbach" in page and "Schulz" not in page and "token_hash" not in json.dumps(told)
    assert any(name.endswith(".pdf") for name in names)
    assert other.business.name not in json.dumps(told)
    assert request.is_ready and DueAction.unscoped.filter(kind=disclosures.FORGET).exists()


def test_other_contacts_are_in_nobody_elses_dossier(business, owner, billed):
    other = make.make_customer("Noll", by=owner)
    make.make_sent_quote(other, by=owner)
    assert not set(dossiers.of(other)[Quote]) & set(dossiers.of(billed)[Quote])
    assert dossiers.of(other)[Customer] == {other.pk}


def test_suppressed_addresses_are_kept_as_hashes_only(business, owner):
    customer = make.make_customer(email="sabine@brandt.example")
    erasure.erase(customer, asked(customer, owner), by=owner)
    assert "brandt" not in Suppression.objects.get().address_hash
    again = make.make_customer(email="sabine@brandt.example")
    consents.give(again, consents.Purpose.MARKETING, source="paper", by=owner)
    assert not consents.allows(again, consents.Purpose.MARKETING)
    assert Suppression.objects.count() == 1

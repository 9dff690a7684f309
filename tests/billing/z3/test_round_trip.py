"""A year's export holds all, says what is in it, and comes back without loss (R58, R59; test cases 28 and 30)."""

import hashlib
import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone
from lxml import etree

from accounts import current
from billing import (
    books,
    delivery_notes,
    dunning,
    dunning_letters,
    invoice_attachments,
    invoices,
    journal,
    payments,
    verification,
)
from billing.models import (
    BankEntry,
    BankStatement,
    DeliveryNote,
    DunningLetter,
    IncomingInvoice,
    Invoice,
    JournalEntry,
    Payment,
)
from billing.z3 import description, export, take_over
from billing.z3 import tables as t
from crm import files
from crm.models import Customer, NumberRange
from tests import make
from tests.billing.banking import samples


def exported(year=2026):
    out = io.BytesIO()
    export.write(year, out)
    return out


def opened(out):
    """{name: bytes} of an archive."""
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def table(found, which):
    return list(t.rows(which, io.BytesIO(found[which.file])))


@pytest.fixture
def shop(business, owner):
    """Two years of books: a payment of this year for an invoice of the last, reversed money, a cancellation, a lock; a bank
    statement that paid, a reminder of an invoice of the last year, a delivery note, an invoice that came in.
    """
    with time_machine.travel("2025-12-10 10:00+01:00", tick=False):
        old = make.make_open_invoice(by=owner, rendered=True)
        late = make.make_open_invoice(by=owner)
        make.make_open_invoice(by=owner)
    with time_machine.travel("2026-11-20 10:00+01:00", tick=False):
        payments.record(old, amount=Decimal("871.85"), received_on=date(2026, 1, 5), by=owner, note='per Hand; "bar"')
        first = make.make_draft_invoice(by=owner)
        invoice_attachments.add(first, make.upload(), description="Foto vom Flur")
        invoices.issue(first, by=owner, send_to=first.customer.email)
        invoices.deliver(first)
        first.refresh_from_db()
        wrong = payments.record(first, amount=Decimal(100), received_on=date(2026, 11, 20), by=owner)
        payments.reverse(wrong, by=owner, note="falscher Kunde\nzurück")
        invoices.cancel(make.make_open_invoice(by=owner), by=owner, reason="Adresse falsch")
        name, digest = files.store("incoming/a.xml", b"<Invoice/>")
        IncomingInvoice.objects.create(
            name="a.xml",
            file=name,
            sha256=digest,
            syntax="ubl",
            seller="Holz & Söhne",
            gross=Decimal("119.00"),
            by=owner,
        )
        credit = samples.camt_entry("7871.85", party="Sabine Brandt", purpose="RE-2026-0001", day="2026-11-18")
        make.make_bank_statement(credit, samples.camt_entry("50.00", "DBIT", party="Stadtwerke"), by=owner)
        wish = dunning.wish_for(dunning.proposal_for(late.customer, on=timezone.localdate()))
        letter = dunning.send(late.customer, wish, by=owner, to=late.customer.email)
        dunning.deliver(letter)
        note = make.make_delivery_note(by=owner, received_by="Sabine Brandt")
        delivery_notes.draw(note)
        books.lock(date(2025, 12, 31), owner)
        yield business


@pytest.fixture
def again(shop):
    """The export read into a new business, and its own export of the same year."""
    first = exported()
    with current.working_for(make.make_business("Leer")):
        counts = take_over.read(first)
        yield opened(first), counts, opened(exported())


def test_nothing_is_lost_on_the_way_out_and_in(again):
    first, _counts, second = again
    differ = [name for name in first if second.get(name) != first[name]]
    assert differ == [] and set(second) == set(first)
    assert all(table(first, each) for each in t.TABLES if each not in (t.DEDUCTIONS, t.GAPS))


def test_the_year_holds_what_belongs_to_it_and_what_that_refers_to(again):
    first, counts, _second = again
    numbers = {row["Rechnungsnummer"]: row["Stand"] for row in table(first, t.INVOICES)}
    assert numbers == {
        "RE-2025-0001": "open", "RE-2025-0002": "open", "RE-2026-0001": "paid", "RE-2026-0002": "cancelled",
        "RE-2026-0003": "settled",
    }  # fmt: skip
    assert [(row["Schlüssel"], row["Betrag"], row["Nimmt zurück"]) for row in table(first, t.PAYMENTS)] == [
        ("RE-2025-0001/1", Decimal("871.85"), ""),
        ("RE-2026-0001/1", Decimal(100), ""),
        ("RE-2026-0001/2", Decimal(-100), "RE-2026-0001/1"),
        ("RE-2026-0001/3", Decimal("7871.85"), ""),
    ]
    assert counts["rechnungen.csv"] == 5
    taxes = [(row["Netto"], row["Steuer"]) for row in table(first, t.TAXES) if row["Rechnungsnummer"] == "RE-2026-0001"]
    assert taxes == [(Decimal("6615.00"), Decimal("1256.85"))]


def test_bank_statements_come_as_the_bank_wrote_them_and_their_bookings_know_what_they_paid(again):
    first, counts, _second = again
    (statement,) = table(first, t.STATEMENTS)
    read = BankStatement.objects.get()
    assert first[statement["Datei"]] == files.read(read.file)
    assert hashlib.sha256(first[statement["Datei"]]).hexdigest() == statement["Prüfsumme"] == read.sha256
    assert [(row["Betrag"], row["Stand"]) for row in table(first, t.ENTRIES)] == [
        (Decimal("-50.00"), "ignored"), (Decimal("7871.85"), "booked")
    ]  # fmt: skip
    assert counts["kontobuchungen.csv"] == 2
    payment = BankEntry.objects.get(state="booked").payments.get()
    assert (payment.invoice.number, payment.amount) == ("RE-2026-0001", Decimal("7871.85"))


def test_reminders_and_delivery_notes_come_with_what_they_say_and_their_paper(again):
    first, _counts, _second = again
    letter, note = DunningLetter.objects.get(), DeliveryNote.objects.select_related("order__customer").get()
    assert [item.invoice.number for item in letter.items.all()] == ["RE-2025-0002"]
    assert letter.customer == letter.items.get().invoice.customer
    assert dunning_letters.read(letter).total == letter.total
    assert files.read(letter.pdf) == first["belege/mahnungen/2026-1.pdf"]
    assert (note.number, note.received_by) == ("LS-2026-0001", "Sabine Brandt")
    assert files.read(note.pdf) == first["belege/lieferscheine/LS-2026-0001.pdf"]
    assert note.order.frozen_document.number == note.order.number
    assert Invoice.objects.get(
        number="RE-2026-0001"
    ).order.frozen_document.subject  # from the money back to the job (R54)
    assert make.make_delivery_note().number == "LS-2026-0002"


def test_what_was_read_is_whole_and_goes_on(again):
    assert journal.first_broken() is None
    assert verification.run().broken == []
    assert Invoice.objects.get(number="RE-2026-0003").cancels == Invoice.objects.get(number="RE-2026-0002")
    assert books.locked_until() == date(2025, 12, 31)
    before = JournalEntry.objects.latest("sequence").sequence
    payments.record(
        Invoice.objects.get(number="RE-2025-0002"), amount=Decimal(10), received_on=timezone.localdate(), by=None
    )
    make.make_open_invoice()
    assert Invoice.objects.latest("pk").number == "RE-2026-0004"
    assert JournalEntry.objects.filter(sequence__gt=before).exists()
    assert journal.first_broken() is None


def test_a_changed_entry_of_books_that_were_read_is_named_too(again):
    """Test case 30: the chain holds over what was taken over and what came after it."""
    entry = JournalEntry.objects.order_by("sequence")[2]
    assert journal.entry_hash(entry) == entry.entry_hash
    for name, value in (("facts", "{}"), ("origin_by", 10**6), ("origin_business", 10**6), ("number", "RE-2026-0009")):
        changed = JournalEntry.objects.get(pk=entry.pk)
        setattr(changed, name, value)
        assert journal.entry_hash(changed) != entry.entry_hash, name


def test_index_xml_follows_the_grammar_beside_it_and_names_every_column(shop):
    found = opened(exported())
    root = etree.fromstring(found["index.xml"])
    dtd = etree.DTD(io.BytesIO(found[description.DTD_NAME]))
    assert dtd.validate(root), dtd.error_log
    said = {
        each.findtext("URL"): {column.findtext("Name") for column in each.iter("VariablePrimaryKey", "VariableColumn")}
        for each in root.iter("Table")
    }
    assert said == {each.file: {column.name for column in each.columns} for each in t.TABLES}
    for each in t.TABLES:
        assert found[each.file].decode().split("\r\n")[0] == ";".join(t.head(each))


def test_files_are_the_stored_ones_and_stand_in_the_sums(shop):
    found = opened(exported())
    invoice = Invoice.objects.get(number="RE-2026-0001")
    assert found["belege/RE-2026-0001.pdf"] == files.read(invoice.pdf)
    assert found["belege/RE-2026-0001.xml"] == files.read(invoice.xml)
    assert found["belege/RE-2026-0001.json"].decode() == invoice.document
    assert found["SHA256SUMS"].decode().count("\n") == len(found) - 1


def test_gaps_in_the_numbers_are_in_it_with_a_reason(shop):
    NumberRange.objects.filter(kind="invoice", year=2026).update(last=5)
    (row,) = table(opened(exported()), t.GAPS)
    assert (row["Jahr"], row["Von"], row["Bis"], row["Grund"]) == (2026, 4, 5, "Kein Grund bekannt. Bitte prüfen.")


@pytest.mark.parametrize("name", ["zahlungen.csv", "belege/RE-2026-0001.json"])
def test_a_changed_archive_is_not_read(shop, name):
    found = opened(exported())
    found[name] = found[name].replace(b"2026", b"2027")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for each, content in found.items():
            archive.writestr(each, content)
    with current.working_for(make.make_business("Leer")), pytest.raises(ValueError, match="was changed"):
        take_over.read(out)


def test_only_a_business_without_books_takes_them_over(shop):
    out = exported()
    with pytest.raises(take_over.NotBlank):
        take_over.read(out)
    with current.working_for(make.make_business("Leer")):
        make.make_customer()
        with pytest.raises(take_over.NotBlank):
            take_over.read(out)
        assert Customer.objects.count() == 1 and not Payment.objects.exists()


def test_a_year_without_anything_is_empty_and_whole(shop):
    found = opened(exported(2019))
    assert [each.file for each in t.TABLES if table(found, each)] == ["unternehmen.csv"]

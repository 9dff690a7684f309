"""`manage.py verify`: everything holds, or the first broken thing is named (R53, R87; test case 30 of legal-de.md)."""

import io
import json
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from accounts import businesses, guards
from billing import books, orders, payments, procedure, rendering
from billing.documents import evidence
from billing.models import Acceptance, DatevExport, DeliveryNote, DunningLetter, IncomingInvoice
from crm import files
from tests import make

DRAWN = "M 100 100 L 200 150 L 300 50"


@pytest.fixture(autouse=True)
def drawn(monkeypatch):
    """What stands in the files is no matter here."""
    for name in ("render_pdf", "render_text_pdf", "render_protocol_pdf"):
        monkeypatch.setattr(f"billing.documents.pdf.{name}", lambda *args, **kwargs: b"%PDF drawn for a test")


@pytest.fixture
def order(business):
    """An order with everything rendered, an invoice beside it."""
    business.terms = "Es gilt das Übliche."
    business.save()
    order = make.make_order(signature=DRAWN)
    orders.confirm(order)
    rendering.acceptance(Acceptance.objects.get())
    make.make_open_invoice(make.make_completed_order(make.make_sent_quote()), rendered=True)
    order.refresh_from_db()
    return order


def verified(**options):
    out = io.StringIO()
    call_command("verify", stdout=out, **options)
    return out.getvalue()


def without_guards(sql, *values):
    """What somebody with the keys of the database could do."""
    guards.lift(plan=[1])
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            assert cursor.rowcount >= 1
    finally:
        guards.install()


def test_everything_holds_and_is_counted(business, order):
    assert f"{business.slug}: ok (" in verified()
    report = json.loads(verified(json=True, business=business.slug))[business.slug]
    assert report["broken"] == []
    counts = report["counts"]
    assert (counts["quotes"], counts["acceptances"], counts["orders"], counts["invoices"]) == (2, 2, 2, 1)
    assert counts["contract texts"] == 6 and counts["terms"] == 1 and counts["files"] > 8


def test_sums_without_cents_hold_too(business):
    business.small_business_periods.create(valid_from=date(2025, 1, 1))
    make.make_order(make.make_sent_quote(lines=[make.line("Hecke schneiden", "5", "40")]))
    assert f"{business.slug}: ok (" in verified()


def test_an_unknown_business_is_said(db):
    with pytest.raises(CommandError, match="no business gibt-es-nicht"):
        verified(business="gibt-es-nicht")


BREAKS = {
    "journal": ("UPDATE billing_journalentry SET facts = '{}' WHERE sequence = 2", "Journal entry 2"),
    "a missing entry": ("DELETE FROM billing_journalentry WHERE sequence = 1", "Journal entry"),
    "quote": (
        "UPDATE billing_quote SET document = replace(document, 'Eiche', 'Esche') WHERE number LIKE '%%-0001'",
        "Quote AN-",
    ),
    "order": ("UPDATE billing_order SET document = replace(document, 'Eiche', 'Esche')", "Order AU-"),
    "invoice": ("UPDATE billing_invoice SET document = replace(document, 'Eiche', 'Esche')", "Invoice RE-"),
    "record": ("UPDATE billing_acceptance SET record = replace(record, 'Sabine', 'Sabina')", "the record does not match its"),
    "record and hash": (
        "UPDATE billing_acceptance SET record = '{}', record_hash = "
        "'44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'",
        "the record does not match the journal",
    ),
    "signature": ("UPDATE billing_acceptance SET signature = 'M 1 1 L 2 2'", "the signature is not the one that was drawn"),
    "last day": ("UPDATE billing_acceptance SET withdrawal_until = '2020-01-01'", "the last day to withdraw is another one"),
    "text": ("UPDATE billing_contracttext SET text = 'Kein Widerruf' WHERE kind = 'instruction'", "the text was changed"),
    "text and hash": (
        "UPDATE billing_contracttext SET sha256 = 'x' WHERE kind = 'information'",
        "the text “information” is not the one that was handed over",
    ),
    "terms": ("UPDATE accounts_termsversion SET text = 'Anderes'", "TermsVersion"),
    "PDF's hash": ("UPDATE billing_quote SET pdf_sha256 = 'x'", "the PDF is not the one that was accepted"),
}  # fmt: skip


@pytest.mark.parametrize("what", BREAKS)
def test_what_was_changed_past_the_guards_is_named(business, order, what):
    sql, named = BREAKS[what]
    without_guards(sql)
    with pytest.raises(CommandError) as failure:
        verified()
    broken = json.loads(_json_of(business))["broken"]
    assert failure.value.returncode == 1
    assert str(failure.value) == f"{business.slug}: {broken[0]}"
    assert any(named in sentence for sentence in broken), broken


def _json_of(business):
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("verify", json=True, stdout=out)
    return json.dumps(json.loads(out.getvalue())[business.slug])


@pytest.fixture
def shop(business, owner):
    """Books with one of each paper that is written beside quotes, orders and invoices."""
    invoice = make.make_open_invoice()
    payment = payments.record(invoice, amount=Decimal(10), received_on=date(2026, 1, 5), by=owner)
    payments.reverse(payment, by=owner)
    books.lock(date(2025, 12, 31), owner)
    procedure.write(owner)
    said = {"content": '{"a":1}', "content_hash": evidence.digest('{"a":1}')}
    today = date(2026, 1, 5)
    DunningLetter.objects.create(customer=invoice.customer, level=0, issued_on=today, pay_until=today, total=1, **said)
    DeliveryNote.objects.create(
        order=invoice.order, number="LS-1", delivered_on=today, document="{}", document_hash=evidence.digest("{}")
    )
    for model, facts in (
        (IncomingInvoice, {"name": "a.xml", "syntax": "ubl"}),
        (DatevExport, {"first_on": today, "last_on": today}),
    ):
        name, digest = files.store(f"{model.__name__}.xml", model.__name__.encode())
        model.objects.create(file=name, sha256=digest, **facts)
    return business


LATER_BREAKS = {
    "payment": ("UPDATE billing_payment SET amount = 9 WHERE amount = 10", "is not what journal entry"),
    "a missing payment": ("DELETE FROM billing_payment WHERE amount < 0", "is gone"),
    "period": ("DELETE FROM billing_periodlock", "The period until 2025-12-31 (journal entry"),
    "master data": ("UPDATE accounts_business SET iban = 'DE1'", "iban is not what the journal said last"),
    "letter": ("UPDATE billing_dunningletter SET content = '{}'", "the content does not match its hash"),
    "delivery note": ("UPDATE billing_deliverynote SET document = '[]'", "the document does not match its hash"),
    "procedure": ("UPDATE billing_procedureversion SET text = 'a'", "the text does not match its hash"),
    "procedure and hash": (
        "UPDATE billing_procedureversion SET text = 'a', "
        "sha256 = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'",
        "the text does not match the journal",
    ),
    "incoming": ("UPDATE billing_incominginvoice SET sha256 = 'x'", "was changed"),
    "DATEV": ("UPDATE billing_datevexport SET file = 'weg.zip'", "File weg.zip is gone"),
}


def test_papers_of_all_kinds_hold(shop):
    counts = json.loads(verified(json=True))[shop.slug]["counts"]
    papers = ("payments", "closed periods", "reminders", "delivery notes", "procedures")
    assert {name: counts[name] for name in papers} == {
        "payments": 2, "closed periods": 1, "reminders": 1, "delivery notes": 1, "procedures": 1
    }  # fmt: skip


@pytest.mark.parametrize("what", LATER_BREAKS)
def test_what_was_changed_in_the_books_past_the_guards_is_named(shop, owner, what):
    businesses.change(shop, by=owner, iban="DE02120300000000202051")
    sql, named = LATER_BREAKS[what]
    without_guards(sql)
    with pytest.raises(CommandError, match=re.escape(named)):
        verified()


def test_a_changed_or_lost_file_is_named(business, order):
    path = default_storage.path(order.pdf)
    with open(path, "ab") as file:
        file.write(b"\n% changed")
    with pytest.raises(CommandError, match=f"File {order.pdf} was changed"):
        verified()
    default_storage.delete(order.pdf)
    with pytest.raises(CommandError, match=f"File {order.pdf} is gone"):
        verified()

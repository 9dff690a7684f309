"""The structured part is judged by the official rules before a number is used, and the report is kept (R42, R46)."""

import hashlib
import json
from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from billing import einvoice_checks, invoices, rendering, verification
from billing.documents import einvoice
from billing.documents.einvoice import validation
from billing.models import EinvoiceCheck, JournalEntry
from billing.quotes import NotReady
from crm import files
from crm.models import NumberRange, Todo
from tests import make
from tests.billing.documents import samples
from tests.billing.documents.cases import CASES, CONTENTS

pytestmark = pytest.mark.django_db


def test_an_issued_invoice_has_a_report_that_names_the_rules(business):
    invoice = make.make_open_invoice(rendered=True)
    check = einvoice_checks.latest(invoice)
    report = einvoice_checks.read(check)
    assert (check.is_valid, report.findings, report.number) == (True, (), invoice.number)
    assert [(each.name, each.version, each.rules) for each in report.rule_sets] == [
        ("UN/CEFACT CII D22B (Factur-X EN 16931)", "1.09.2", 0),
        ("Factur-X / ZUGFeRD EN 16931", "1.09.2", 627),
    ]
    assert check.xml_sha256 == invoice.xml_sha256 == hashlib.sha256(files.read(invoice.xml)).hexdigest()
    entry = JournalEntry.objects.get(event="billing.invoice_issued")
    assert json.loads(entry.facts)["check"] == check.report_sha256
    assert invoice.einvoice_checks.count() == 1


def test_an_authority_gets_what_xrechnung_adds(business):
    report = validation.validate(einvoice.build(CASES["authority"]), number="RE-1", at=timezone.now())
    assert [(each.name, each.version) for each in report.rule_sets] == [
        ("OASIS UBL 2.1", "2.1"), ("CEN EN 16931 UBL", "1.3.16"), ("XRechnung", "3.0"),
    ]  # fmt: skip
    without_phone = replace(samples.SELLER, phone="12")
    document = replace(CASES["authority"], seller=without_phone)
    report = validation.validate(einvoice.build(document), number="RE-1", at=timezone.now())
    assert ([each.rule for each in report.faults], report.is_valid) == (["BR-DE-27"], False)


def test_what_the_schema_refuses_is_not_asked_further(business):
    xml = einvoice.build(CASES["standard"]).replace(b"<ram:TypeCode>380</ram:TypeCode>", b"<ram:Sum>1</ram:Sum>")
    report = validation.validate(xml, number="RE-1", at=timezone.now())
    assert {each.rule for each in report.findings} == {"XSD"}


def test_embedded_files_do_not_slow_it_down(business):
    contents = CONTENTS | {"attachments/aufmass.pdf": b"%PDF-1.7" + b"x" * 6_000_000}
    xml = einvoice.build(CASES["attachment"], contents=contents)
    assert validation.validate(xml, number="RE-1", at=timezone.now()).is_valid


def test_an_invoice_a_receiver_would_refuse_takes_no_number(business, monkeypatch):
    make.make_open_invoice()
    draft = make.make_draft_invoice()
    real = einvoice.build
    monkeypatch.setattr(
        einvoice,
        "build",
        lambda *args, **more: real(*args, **more).replace(b"<ram:CountryID>DE<", b"<ram:CountryID>ZZ<"),
    )
    with pytest.raises(NotReady, match="FX-SCH-A-000568"), transaction.atomic():
        invoices.issue(draft, by=None, send_to="a@b.example")
    draft.refresh_from_db()
    assert (draft.is_draft, draft.number) == (True, None)
    assert NumberRange.objects.get(kind=NumberRange.Kind.INVOICE).last == 1
    assert EinvoiceCheck.objects.count() == 1


def test_a_report_cannot_be_changed_and_what_was_changed_is_found(business):
    invoice = make.make_open_invoice()
    for attack in (
        lambda: EinvoiceCheck.objects.update(is_valid=False),
        lambda: EinvoiceCheck.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attack()
    assert verification.run().counts["e-invoice checks"] == 1
    check = einvoice_checks.latest(invoice)
    EinvoiceCheck.objects.create(
        invoice=invoice, is_valid=True, xml_sha256="a", report=check.report.replace('"number"', '"numbex"'),
        report_sha256=check.report_sha256,
    )  # fmt: skip
    (broken,) = verification.run().broken
    assert "the report does not match its hash" in broken


def test_written_otherwise_than_checked_it_is_checked_anew_and_the_office_is_told(business, monkeypatch):
    """The product was changed between issuing and rendering."""
    invoice = make.make_open_invoice()
    real = einvoice.build
    monkeypatch.setattr(
        einvoice,
        "build",
        lambda *args, **more: real(*args, **more).replace(b"<ram:CountryID>DE<", b"<ram:CountryID>ZZ<"),
    )
    rendering.invoice(invoice)
    rendering.invoice(invoice)
    assert [each.is_valid for each in invoice.einvoice_checks.all()] == [True, False]
    (todo,) = Todo.objects.all()
    assert invoice.number in todo.text

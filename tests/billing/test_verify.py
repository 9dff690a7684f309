"""`manage.py verify`: everything holds, or the first broken thing is named (R53, R87; test case 30 of legal-de.md)."""

import io
import json
from datetime import date

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from accounts import guards
from billing import orders, rendering
from billing.models import Acceptance
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


def test_a_changed_or_lost_file_is_named(business, order):
    path = default_storage.path(order.pdf)
    with open(path, "ab") as file:
        file.write(b"\n% changed")
    with pytest.raises(CommandError, match=f"File {order.pdf} was changed"):
        verified()
    default_storage.delete(order.pdf)
    with pytest.raises(CommandError, match=f"File {order.pdf} is gone"):
        verified()

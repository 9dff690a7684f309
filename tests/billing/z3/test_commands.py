"""`manage.py z3_export` and `z3_import`, and the export that is asked for on a page."""

import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Business
from accounts.refusals import Refusal
from billing import tasks, verification
from billing.models import AuditExport, Invoice, JournalEntry
from billing.z3 import export, handing_over
from crm import files
from tests import make


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-20 10:00+01:00", tick=False):
        yield


def said(*args, **options):
    out = io.StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue()


def test_a_year_goes_out_and_into_a_new_business(business, tmp_path):
    invoice = make.make_open_invoice(rendered=True)
    path = tmp_path / "Pruefung 2026.zip"
    assert said("z3_export", year=2026, to=path, business=business.slug) == f"{business.slug}: 2026 written to {path}\n"
    assert said("z3_import", str(path)).startswith(
        "pruefung-2026: 1 unternehmen.csv, 1 kontakte.csv, 1 auftraege.csv, 1 rechnungen.csv, "
    )
    copied = Invoice.unscoped.get(business__slug="pruefung-2026")
    assert (copied.number, copied.document_hash) == (invoice.number, invoice.document_hash)
    assert Business.objects.get(slug="pruefung-2026").name == business.name


def test_what_cannot_be_done_is_said(business, tmp_path):
    make.make_open_invoice()
    path = tmp_path / "a.zip"
    make.make_business("Andere")
    with pytest.raises(CommandError, match="--business SLUG"):
        said("z3_export", year=2026, to=path)
    with pytest.raises(CommandError, match="no business weg"):
        said("z3_export", year=2026, to=path, business="weg")
    said("z3_export", year=2026, to=path, business=business.slug)
    with pytest.raises(CommandError, match="has books already"):
        said("z3_import", str(path), business=business.slug)
    with pytest.raises(CommandError, match="no business weg"):
        said("z3_import", str(path), business="weg")
    assert Business.objects.count() == 2


def test_an_export_is_asked_for_made_by_a_task_and_told_to_the_journal(
    business, owner, woken, django_capture_on_commit_callbacks
):
    make.make_open_invoice()
    with django_capture_on_commit_callbacks(execute=True):
        row = handing_over.ask(2026, owner)
    assert ("billing.tasks.export_for_audit", row.pk) in woken
    assert handing_over.ask(2026, owner) == row
    assert row.get_state_display() == "wird erstellt"
    tasks.export_what_waits()
    row.refresh_from_db()
    content = files.read(row.file)
    assert (row.state, row.size) == (AuditExport.State.READY, len(content))
    assert "rechnungen.csv" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    entry = JournalEntry.objects.get(event="billing.books_handed_over")
    assert (entry.content_hash, entry.by) == (row.sha256, owner)
    tasks.export_for_audit(row.pk)
    assert JournalEntry.objects.filter(event="billing.books_handed_over").count() == 1
    assert verification.run().broken == []


def test_an_export_that_fails_says_so(business, owner, monkeypatch):
    make.make_open_invoice()
    row = handing_over.ask(2026, owner)

    def full(*_):
        raise OSError("disk full")

    monkeypatch.setattr(export, "write", full)
    tasks.export_for_audit(row.pk)
    row.refresh_from_db()
    assert (row.state, row.file) == (AuditExport.State.FAILED, "")
    assert not default_storage.exists(f"z3/{business.pk}")
    assert handing_over.ask(2026, owner) != row


def test_a_year_without_papers_is_refused(business, owner):
    make.make_open_invoice()
    with pytest.raises(Refusal) as refused:
        handing_over.ask(2025, owner)
    assert refused.value.field == "year"
    assert handing_over.years(on=make.timezone.localdate()) == [2026]


def test_an_export_says_how_far_it_is_and_is_taken_up_when_its_worker_is_gone(business, owner, monkeypatch):
    make.make_open_invoice(rendered=True)
    row = handing_over.ask(2026, owner)
    AuditExport.objects.update(lease_until=timezone.now() + timedelta(minutes=1))
    tasks.export_for_audit(row.pk)
    row.refresh_from_db()
    assert (row.state, handing_over.waiting()) == ("waiting", [])
    AuditExport.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert handing_over.waiting() == [row.pk]
    seen = []
    monkeypatch.setattr(handing_over, "EVERY", -1)
    tell = handing_over._Progress.__call__

    def look(self, done, total):
        tell(self, done, total)
        found = AuditExport.objects.get()
        seen.append((found.state, found.done, found.total, found.lease_until > timezone.now()))

    monkeypatch.setattr(handing_over._Progress, "__call__", look)
    tasks.export_what_waits()
    row.refresh_from_db()
    assert seen == [("waiting", 1, 2, True), ("waiting", 2, 2, True)]  # the PDF and its XML
    assert (row.state, row.done, row.total) == ("ready", 2, 2)

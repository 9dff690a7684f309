"""Files that go along with an invoice: what is accepted, what is kept of it, and where it arrives (BG-24)."""

import io
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from django.db import DatabaseError, transaction
from lxml import etree
from PIL import Image

from accounts.refusals import Refusal
from billing import corrections, drafting, invoice_attachments, invoices, part_payments, payments, verification
from billing.documents.model import Attachment as Named
from billing.documents.preflight_xrechnung import MIME_TYPES, structured
from billing.incoming import reading
from billing.models import Invoice, InvoiceAttachment
from crm import attachments, files
from crm.models import Mail
from tests import make

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


@pytest.fixture
def draft(business):
    return make.make_draft_invoice()


def pdf(name="Aufmaß Flur.pdf", content=PDF):
    return make.upload(content, name, "application/pdf")


def sheet(name="Stunden.xlsx", macro=False):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet()
    if macro:
        with zipfile.ZipFile(out, "a") as archive:
            archive.writestr("xl/vbaProject.bin", "x")
    return make.upload(out.getvalue(), name, "application/zip")


def names(invoice):
    return [each.name for each in invoice.attachments.all()]


def test_what_an_e_invoice_may_hold_is_accepted_by_what_it_is(draft):
    added = [
        invoice_attachments.add(draft, pdf(), description="Aufmaß"),
        invoice_attachments.add(draft, make.upload(make.picture(form="PNG"), "plan.jpg")),
        invoice_attachments.add(draft, make.upload(make.picture(form="WEBP"), "foto.webp")),
        invoice_attachments.add(draft, make.upload("Tag;Stunden\n1.;8\n2.;7,5\n".encode("cp1252"), "zeiten.csv")),
        invoice_attachments.add(draft, sheet()),
    ]
    assert [(each.name, each.content_type) for each in added] == [
        ("Aufmaß Flur.pdf", "application/pdf"), ("plan.png", "image/png"), ("foto.jpg", "image/jpeg"),
        ("zeiten.csv", "text/csv"),
        ("Stunden.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ]  # fmt: skip
    assert {each.content_type for each in added} <= MIME_TYPES == set(invoice_attachments.SUFFIXES)
    assert files.read(added[0].stored) == PDF


@pytest.mark.parametrize(
    "file",
    [
        make.upload(b"MZ\x90\x00", "rechnung.pdf"),
        make.upload(b"<html><script>", "tabelle.csv"),
        make.upload(b"a;b\n\x00\x01;2\n", "tabelle.csv"),
        make.upload(b"", "leer.pdf"),
        sheet(macro=True),
        make.upload(b"From: a@b.example\nDate: Fri, 20 Nov 2026 10:00:00 +0100\n\nx", "post.eml"),
    ],
    ids=["program", "page", "binary", "empty", "macros", "mail"],
)
def test_what_may_not_be_in_an_e_invoice_is_refused(draft, file):
    with pytest.raises(Refusal) as refusal:
        invoice_attachments.add(draft, file)
    assert refusal.value.field == "files" and names(draft) == []


def test_pictures_lose_place_and_camera(draft):
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Kamera", 6
    kept = invoice_attachments.add(draft, make.upload(make.picture((60, 40), exif=exif.tobytes()), "a.jpg"))
    content = files.read(kept.stored)
    with Image.open(io.BytesIO(content)) as picture:
        assert (picture.size, dict(picture.getexif())) == ((40, 60), {})
    assert b"Kamera" not in content


def test_one_file_once_and_each_name_once(draft):
    invoice_attachments.add(draft, pdf())
    with pytest.raises(Refusal, match="schon dabei"):
        invoice_attachments.add(draft, pdf())
    invoice_attachments.add(draft, pdf("AUFMASS flur.pdf".replace("SS", "ß"), PDF + b"2"))
    assert names(draft) == ["Aufmaß Flur.pdf", "AUFMAß flur-2.pdf"]


def test_not_too_many_and_not_too_much(draft, monkeypatch):
    monkeypatch.setattr(invoice_attachments, "MOST", 1)
    invoice_attachments.add(draft, pdf())
    with pytest.raises(Refusal, match="Mehr als 1 Anlagen"):
        invoice_attachments.add(draft, pdf(content=PDF + b"2"))
    monkeypatch.setattr(invoice_attachments, "MOST", 5)
    monkeypatch.setattr(invoice_attachments, "BIGGEST", len(PDF) + 10)
    with pytest.raises(Refusal, match="8 MB"):
        invoice_attachments.add(draft, pdf(content=PDF + b"2"))


def test_a_file_of_the_contact_is_copied(draft):
    known = attachments.add(draft.customer, pdf())
    assert invoice_attachments.of_contact(draft, list(draft.attachments.all())) == [known]
    invoice_attachments.add_known(draft, known)
    assert invoice_attachments.of_contact(draft, list(draft.attachments.all())) == []
    attachments.delete(known)
    assert files.read(draft.attachments.get().stored) == PDF
    other = attachments.add(make.make_customer("Anders"), pdf(content=PDF + b"2"))
    with pytest.raises(Refusal, match="nicht mehr"):
        invoice_attachments.add_known(draft, other)


def test_they_can_be_put_in_order_and_taken_out(draft):
    first, second = (invoice_attachments.add(draft, pdf(f"{n}.pdf", PDF + n.encode())) for n in "12")
    invoice_attachments.move(second, up=True)
    invoice_attachments.move(second, up=True)
    assert names(draft) == ["2.pdf", "1.pdf"]
    invoice_attachments.remove(first)
    assert names(draft) == ["2.pdf"]


def test_thrown_away_with_the_draft_the_file_is_gone(draft, django_capture_on_commit_callbacks):
    stored = invoice_attachments.add(draft, pdf()).stored
    with django_capture_on_commit_callbacks(execute=True):
        invoices.delete_draft(draft)
    with pytest.raises(FileNotFoundError):
        files.read(stored)


def test_issued_they_are_inside_both_parts_and_in_the_mail_for_good(draft):
    invoice_attachments.add(draft, pdf(), description="Aufmaß")
    invoices.issue(draft, by=None, send_to="a@b.example")
    kept = draft.attachments.get()
    assert draft.frozen_document.attachments == (
        Named("Aufmaß Flur.pdf", "application/pdf", kept.stored, kept.sha256, "Aufmaß"),
    )
    invoices.deliver(draft)
    draft.refresh_from_db()
    root = etree.fromstring(files.read(draft.xml))
    (inside,) = root.iter("{*}AttachmentBinaryObject")
    assert (inside.get("filename"), inside.get("mimeCode")) == ("Aufmaß Flur.pdf", "application/pdf")
    (mail,) = Mail.objects.filter(kind="billing/mail/invoice_sent")
    assert [each.name for each in mail.attachments.all()] == [f"{draft.number}.pdf", "Aufmaß Flur.pdf"]
    for attack in (
        lambda: InvoiceAttachment.objects.update(name="anders.pdf"),
        lambda: InvoiceAttachment.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attack()
    for refused in (lambda: invoice_attachments.add(draft, pdf()), lambda: invoice_attachments.remove(kept)):
        with pytest.raises(Refusal, match="ausgestellt"):
            refused()


def test_a_changed_file_is_found(draft, settings):
    kept = invoice_attachments.add(draft, pdf())
    assert verification.run().broken == []
    Path(settings.MEDIA_ROOT, kept.stored).write_bytes(b"%PDF-other")
    assert verification.run().broken == [f"File {kept.stored} was changed"]


def test_written_anew_the_files_come_along(draft):
    invoice_attachments.add(draft, pdf())
    invoices.issue(draft, by=None)
    again = corrections.rewrite(draft, reason="Falscher Empfänger", by=None)
    assert names(again) == ["Aufmaß Flur.pdf"]
    assert not Invoice.objects.get(cancels=draft).attachments.exists()
    invoice_attachments.remove(again.attachments.get())
    assert files.read(draft.attachments.get().stored) == PDF


# --- the Endrechnung (R39d) ------------------------------------------------------------------------------------------------
@pytest.fixture
def final(business):
    """The final invoice of 714.00 of which 238.00 were received."""
    order = make.make_completed_order(make.make_sent_quote(make.make_company()))
    part = part_payments.draft(order, by=None, basis="amount", value=Decimal("200.00"))
    invoices.issue(part, by=None)
    payments.record(part, amount=part.gross, received_on=part.issued_on, by=None)
    found = invoices.draft_from_order(order, by=None)
    invoices.change(found, prepaid_as_list=True)
    return Invoice.objects.get(pk=found.pk)


def test_an_endrechnung_draws_its_list_when_it_is_issued(final):
    invoices.issue(final, by=None)
    kept = final.attachments.get()
    assert (kept.name, kept.is_payment_list, kept.is_frozen) == ("Abschlagszahlungen.pdf", True, True)
    assert files.read(kept.stored).startswith(b"%PDF-1.7")
    invoices.deliver(final)
    final.refresh_from_db()
    found = reading.read(etree.fromstring(files.read(final.xml)))
    document = final.frozen_document
    assert (found.net, found.tax, found.gross) == (document.totals.net, document.totals.tax, document.totals.gross)
    assert (found.prepaid, found.payable) == (Decimal("238.00"), final.gross)
    assert final.gross == document.totals.gross - Decimal("238.00")


def test_cancelled_it_is_mirrored_whole_with_a_list_of_its_own(final):
    invoices.issue(final, by=None)
    cancellation = invoices.cancel(final, by=None, reason="Falscher Betrag")
    assert cancellation.gross == -final.gross
    assert cancellation.frozen_document.totals.net == -final.frozen_document.totals.net
    assert [each.is_payment_list for each in cancellation.attachments.all()] == [True]


def test_after_the_last_day_of_the_tolerance_it_is_refused(final):
    document = drafting.of_invoice(final, number="RE-1")
    said = [
        [problem.field for problem in structured(replace(document, issued_on=day, due_on=None))]
        for day in (date(2027, 12, 31), date(2028, 1, 1))
    ]
    assert said == [[], ["prepaid_as_list"]]

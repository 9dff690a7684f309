"""Files that go along with an invoice, inside its structured part (BG-24): measurements, work reports, the list of payments.

Each is a copy of its own, of one of the kinds EN 16931 allows (BT-125) and known by its first bytes, not its name. Pictures
are made anew, upright and without place and camera data. What an issued invoice has does not change any more.
"""

import csv
import hashlib
import io
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath
from typing import IO, cast

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from accounts.refusals import Refusal
from billing.documents import model as documents
from billing.documents import pdf, prepayments
from billing.documents.preflight_xrechnung import MIME_TYPES
from billing.models import Invoice, InvoiceAttachment
from crm import attachments as contact_files
from crm import files
from crm.models import Attachment

MOST = 20
BIGGEST = 8 * 1024 * 1024  # bytes of all together; a mail with the invoice around them still arrives
PICTURE_EDGE = 2400  # pixels
CSV = "text/csv"
SUFFIXES = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    CSV: ".csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
}
ACCEPT = ",".join(sorted({*SUFFIXES.values(), ".jpeg", ".heic", ".webp"}))  # what a page lets people choose


@transaction.atomic
def add(invoice: Invoice, file, *, description: str = "") -> InvoiceAttachment:
    """A copy of an uploaded file goes along with a draft.

    Raises Refusal (field "files") for a kind that may not be in an e-invoice, for what is too big or too much, and for the
    same file twice.
    """
    locked = _draft(invoice)
    content_type, content = _read(file)
    digest = hashlib.sha256(content).hexdigest()
    there = list(locked.attachments.all())
    if any(each.sha256 == digest for each in there):
        raise _refuse(_("Diese Datei ist schon dabei."))
    if len(there) >= MOST:
        raise _refuse(_("Mehr als %(most)s Anlagen gehen nicht. Fassen Sie einige zusammen.") % {"most": MOST})
    if sum(each.size for each in there) + len(content) > BIGGEST:
        raise _refuse(_("Alle Anlagen zusammen dürfen höchstens 8 MB groß sein. Bitte wählen Sie kleinere Dateien."))
    suffix = SUFFIXES[content_type]
    name = _free(contact_files.clean_name(file.name or "", suffix), suffix, {each.name.casefold() for each in there})
    stored, digest = files.store(f"invoices/{locked.business_id}/anlagen/{locked.pk}{suffix}", content)
    return InvoiceAttachment.objects.create(
        invoice=locked, sort=_next(there), name=name, description=" ".join(description.split())[:100],
        content_type=content_type, size=len(content), stored=stored, sha256=digest,
    )  # fmt: skip


def add_known(invoice: Invoice, attachment: Attachment, *, description: str = "") -> InvoiceAttachment:
    """A copy of a file of the contact goes along with a draft. Raises Refusal as `add`, and for a file of somebody else."""
    if attachment.customer_id != invoice.customer_id or attachment.deleted_at:
        raise _refuse(_("Diese Datei gibt es bei diesem Kontakt nicht mehr."))
    try:
        with attachment.file.open() as file:
            content = file.read()
    except FileNotFoundError:
        raise _refuse(_("Diese Datei gibt es bei diesem Kontakt nicht mehr.")) from None
    return add(invoice, ContentFile(content, name=attachment.name), description=description)


def of_contact(invoice: Invoice, attached: list[InvoiceAttachment], limit: int = 30) -> list[Attachment]:
    """The newest files of the contact that may go along, without what is `attached` already by its name."""
    kinds = [*SUFFIXES, "image/webp", "image/heic"]
    there = {PurePosixPath(each.name).stem.casefold() for each in attached}
    found = Attachment.objects.present().filter(customer=invoice.customer_id, content_type__in=kinds)
    newest = found.order_by("-created_at", "-pk")[: limit + len(there)]
    return [each for each in newest if PurePosixPath(each.name).stem.casefold() not in there][:limit]


@transaction.atomic
def remove(attachment: InvoiceAttachment) -> None:
    """Take a file out of a draft."""
    _draft(attachment.invoice)
    InvoiceAttachment.objects.filter(pk=attachment.pk).delete()
    _forget([attachment.stored])


@transaction.atomic
def move(attachment: InvoiceAttachment, *, up: bool) -> None:
    """One place up or down; at the end nothing happens."""
    locked = _draft(attachment.invoice)
    rows = list(locked.attachments.all())
    place = next(number for number, each in enumerate(rows) if each.pk == attachment.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
        for sort, each in enumerate(rows):
            each.sort = sort
        InvoiceAttachment.objects.bulk_update(rows, ["sort"])


def copy(original: Invoice, draft: Invoice) -> None:
    """A draft that is written anew has the same files. The list of payments is made anew when it is issued."""
    rows = original.attachments.filter(is_payment_list=False)
    InvoiceAttachment.objects.bulk_create(
        [
            InvoiceAttachment(
                invoice=draft, sort=each.sort, name=each.name, description=each.description,
                content_type=each.content_type, size=each.size, stored=each.stored, sha256=each.sha256,
            )
            for each in rows
        ]
    )  # fmt: skip


def delete_all(invoice: Invoice) -> None:
    """The files of a draft that is thrown away."""
    stored = list(invoice.attachments.values_list("stored", flat=True))
    invoice.attachments.all().delete()
    _forget(stored)


def of(invoice: Invoice) -> tuple[documents.Attachment, ...]:
    """What goes along with an invoice, as its document names it."""
    return tuple(
        documents.Attachment(each.name, each.content_type, each.stored, each.sha256, each.description)
        for each in invoice.attachments.all()
    )


def with_payment_list(invoice: Invoice, document: documents.Document) -> documents.Document:
    """The document with everything that goes along; for an Endrechnung the list of part payments is drawn and kept (R39d)."""
    if document.states_prepaid and not invoice.attachments.filter(is_payment_list=True).exists():
        content = pdf.render_prepayments_pdf(document)
        there = list(invoice.attachments.all())
        name = _free(prepayments.NAME, ".pdf", {each.name.casefold() for each in there})
        stored, digest = files.store(f"invoices/{invoice.business_id}/anlagen/{invoice.pk}.pdf", content)
        InvoiceAttachment.objects.create(
            invoice=invoice, sort=_next(there), name=name, description=prepayments.title(document),
            content_type="application/pdf", size=len(content), stored=stored, sha256=digest, is_payment_list=True,
        )  # fmt: skip
    return replace(document, attachments=of(invoice))


def freeze(invoice: Invoice) -> None:
    """The invoice is issued: its files stay as they are."""
    invoice.attachments.update(is_frozen=True)


def _draft(invoice) -> Invoice:
    locked = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if not locked.is_draft:
        raise Refusal(_("Dieser Beleg ist ausgestellt und kann nicht geändert werden. Bitte stornieren."))
    return locked


def _next(rows) -> int:
    return max((each.sort for each in rows), default=-1) + 1


def _forget(stored):
    """Delete files no other invoice has."""
    for name in stored:
        if not InvoiceAttachment.objects.filter(stored=name).exists():
            transaction.on_commit(partial(default_storage.delete, name))


def _read(file) -> tuple[str, bytes]:
    """The kind of a file and what is kept of it. Raises Refusal for what may not be in an e-invoice."""
    allowed = _("In eine E-Rechnung dürfen PDF, PNG, JPG, CSV, XLSX und ODS.")
    if not file.size:
        raise _refuse(_("Die Datei ist leer. Bitte wählen Sie sie noch einmal."))
    if (file.name or "").lower().endswith(".csv"):
        return CSV, _table(file, allowed)
    try:
        found = contact_files.check(file)
    except Refusal:
        raise _refuse(allowed) from None
    file.seek(0)
    if found.startswith("image/"):
        return _picture(file, found)
    if found not in MIME_TYPES:
        raise _refuse(allowed)
    return found, file.read()


def _table(file, allowed) -> bytes:
    """A CSV is a text with columns; it has no first bytes to know it by."""
    if file.size > BIGGEST:
        raise _refuse(_("Alle Anlagen zusammen dürfen höchstens 8 MB groß sein. Bitte wählen Sie kleinere Dateien."))
    file.seek(0)
    content = file.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if any(ord(sign) < 32 and sign not in "\t\r\n" for sign in text):
        raise _refuse(allowed)
    try:
        csv.Sniffer().sniff(text[:4096], delimiters=";,\t")
    except csv.Error:
        raise _refuse(_("In dieser CSV-Datei sind keine Spalten zu erkennen.") + " " + allowed) from None
    return content


def _picture(file, content_type) -> tuple[str, bytes]:
    """Upright, not larger than anybody can print, without place and camera data; drawings stay PNG."""
    kind = "image/png" if content_type == "image/png" else "image/jpeg"
    out = io.BytesIO()
    try:
        with Image.open(cast(IO[bytes], file)) as picture:
            picture.thumbnail((PICTURE_EDGE, PICTURE_EDGE))
            upright = ImageOps.exif_transpose(picture)
        if kind == "image/png":
            shown = upright if upright.mode in ("L", "RGB", "RGBA", "P") else upright.convert("RGB")
            shown.info.clear()
            shown.save(out, "PNG", optimize=True)
        else:
            upright.convert("RGB").save(out, "JPEG", quality=85, optimize=True)
    except Exception as error:  # decoders of foreign bytes raise all sorts
        raise _refuse(_("Das Foto lässt sich nicht lesen. Bitte nehmen Sie es noch einmal auf.")) from error
    return kind, out.getvalue()


def _free(name, suffix, taken) -> str:
    """The name, or with a number behind it where another file has it already [BR-DE-22]."""
    stem = name.removesuffix(suffix)[:100]
    names = (f"{stem}{suffix}", *(f"{stem}-{number}{suffix}" for number in range(2, MOST + 3)))
    return next(each for each in names if each.casefold() not in taken)


def _refuse(message):
    return Refusal(message, field="files")

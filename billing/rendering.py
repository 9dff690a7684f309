"""The stored files of documents: rendered once from the frozen content, kept with their hash, handed out as they are."""

import io
import json
import logging
from typing import Any

from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from billing import dunning_letters, einvoice_checks
from billing.documents import einvoice, pdf
from billing.documents import model as documents
from billing.models import Acceptance, ContractText, DeliveryNote, DunningLetter, Invoice, Order, Quote, SignOff
from crm import attachments, files

logger = logging.getLogger(__name__)

LINES_INLINE = 40  # longer documents are rendered by the worker, the page says so meanwhile


def quote(quote: Quote) -> None:
    """Store the PDF of a sent quote, once."""
    if not quote.pdf:
        content = pdf.render_pdf(quote.frozen_document, logo=_logo(quote.business))
        _keep(quote, "pdf", f"quotes/{quote.business_id}/{quote.number}.pdf", content)


def order(order: Order) -> None:
    """Store the order confirmation, once."""
    if not order.pdf:
        content = pdf.render_pdf(order.frozen_document, logo=_logo(order.business))
        _keep(order, "pdf", f"orders/{order.business_id}/{order.number}.pdf", content)


def invoice(invoice: Invoice) -> None:
    """Store XML and PDF/A-3 of an issued invoice, once; the XML in the PDF is the stored one (R45).

    An XRechnung travels by itself, its PDF is a picture beside it.
    """
    document = invoice.frozen_document
    if not invoice.xml:
        xml = einvoice_checks.written(document)
        einvoice_checks.confirm(invoice, xml)
        _keep(invoice, "xml", f"invoices/{invoice.business_id}/{invoice.number}.xml", xml)
    if not invoice.pdf:
        is_hybrid = einvoice.syntax_for(document) == einvoice.Syntax.CII
        inside = files.read(invoice.xml) if is_hybrid else None
        content = pdf.render_pdf(document, xml=inside, logo=_logo(invoice.business))
        _keep(invoice, "pdf", f"invoices/{invoice.business_id}/{invoice.number}.pdf", content)


def delivery_note(note: DeliveryNote) -> None:
    """Store the PDF of a delivery note, once."""
    if not note.pdf:
        content = pdf.render_pdf(documents.from_json(note.document), logo=_logo(note.business))
        _keep(note, "pdf", f"delivery_notes/{note.business_id}/{note.number}.pdf", content)


def acceptance(acceptance: Acceptance) -> None:
    """Store the acceptance protocol, once; it is made of the evidence record alone (R87)."""
    if not acceptance.pdf:
        content = pdf.render_protocol_pdf(json.loads(acceptance.record), signature=acceptance.signature)
        _keep(acceptance, "pdf", f"acceptances/{acceptance.business_id}/{acceptance.quote.number}.pdf", content)


def contract_text(text: ContractText) -> None:
    """Store the PDF of a text a contract was concluded with, once."""
    if not text.pdf:
        acceptance = text.acceptance
        content = pdf.render_text_pdf(
            text.text,
            plain=text.kind == ContractText.Kind.TERMS,
            heading=str(text.get_kind_display()),
            subtitle=f"{acceptance.quote.number}",
            author=text.business.legal_name or text.business.name,
            day=timezone.localdate(acceptance.accepted_at),
            language=text.language,
        )
        _keep(text, "pdf", f"contract-texts/{text.business_id}/{acceptance.quote.number}-{text.kind}.pdf", content)


def sign_off(sign_off: SignOff) -> None:
    """Store the protocol of a decided sign-off, once; it is made of its record alone, and of the files that names (R92)."""
    if not sign_off.pdf:
        record = json.loads(sign_off.record)
        with_photo = sign_off.defects.exclude(photo=None).select_related("photo")
        photos = {photo.pk: _small(photo) for photo in (defect.photo for defect in with_photo) if photo}
        content = pdf.render_sign_off_pdf(
            record, photos=photos, customer_signature=sign_off.customer_signature,
            business_signature=sign_off.business_signature, logo=_logo(sign_off.business), brand=sign_off.business.brand,
        )  # fmt: skip
        _keep(
            sign_off, "pdf", f"sign-offs/{sign_off.business_id}/{sign_off.order.number}-{sign_off.number}.pdf", content
        )


def sign_off_letter(sign_off: SignOff, document: documents.Document, words: dict) -> None:
    """Store the letter that asks for acceptance, once. `document` has the two addresses."""
    if not sign_off.letter:
        content = pdf.render_letter_pdf(document, **words, logo=_logo(sign_off.business))
        path = f"sign-offs/{sign_off.business_id}/{sign_off.order.number}-{sign_off.number}-letter.pdf"
        _keep(sign_off, "letter", path, content)


def dunning_letter(row: DunningLetter) -> None:
    """Store a letter of reminder, once; it is made of its frozen content alone."""
    if not row.pdf:
        content = dunning_preview(dunning_letters.read(row), row.business)
        _keep(row, "pdf", f"reminders/{row.business_id}/{row.issued_on}-{row.pk}.pdf", content)


def dunning_preview(letter: dunning_letters.Letter, business) -> bytes:
    """A letter of reminder as it is or would be, not stored."""
    return pdf.render_dunning_pdf(
        letter.head, words=dunning_letters.context(letter), amount=letter.total, purpose=letter.purpose,
        day=letter.issued_on, logo=_logo(business),
    )  # fmt: skip


def preview(document: documents.Document, business) -> bytes:
    """The PDF of a draft, marked as one and not stored."""
    return pdf.render_pdf(document, logo=_logo(business))


def letter(document: documents.Document, business, **words) -> bytes:
    """A letter of the business to the document's buyer, which is not kept (`pdf.render_letter_pdf`)."""
    return pdf.render_letter_pdf(document, **words, logo=_logo(business))


def is_long(document: documents.Document) -> bool:
    """Whether a document is left to the worker."""
    return len(document.lines) > LINES_INLINE


def missing() -> list[tuple[str, int]]:
    """What was issued and has no file yet, over all businesses: (kind, id), oldest first. The rows are the jobs."""
    issued: dict[str, Any] = {
        "invoice": Invoice.unscoped.exclude(state=Invoice.State.DRAFT).filter(taken_over_from=""),
        "quote": Quote.unscoped.exclude(state=Quote.State.DRAFT),
        "order": Order.unscoped.exclude(document=""),
        "acceptance": Acceptance.unscoped.all(),
        "sign_off": SignOff.unscoped.exclude(record=""),
        "dunning_letter": DunningLetter.unscoped.all(),
    }
    asked = SignOff.unscoped.filter(state=SignOff.State.REQUESTED, letter="").order_by("pk")
    return [
        (kind, pk)
        for kind, rows in issued.items()
        for pk in rows.filter(pdf="").order_by("pk").values_list("pk", flat=True)[:200]
    ] + [("sign_off_request", pk) for pk in asked.values_list("pk", flat=True)[:200]]


def _keep(row, field, path, content):
    """Write the file, then its name and hash; of two that render at once the first one's file stays."""
    name, digest = files.store(path, content)
    stored = {field: name, f"{field}_sha256": digest}
    if type(row).objects.filter(pk=row.pk, **{field: ""}).update(**stored):
        for key, value in stored.items():
            setattr(row, key, value)
    else:
        row.refresh_from_db()
        if getattr(row, field) != name:
            default_storage.delete(name)


def _small(photo) -> bytes | None:
    """A photo as people are shown it, upright and small enough for paper; None for one that cannot be read."""
    attachments.make_preview(photo.pk)
    photo.refresh_from_db()
    if not photo.preview:
        return None
    with photo.preview.open() as file, Image.open(file) as picture:
        picture.thumbnail((900, 900))
        out = io.BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


def _logo(business) -> bytes | None:
    """The bytes of the logo, as it was stored."""
    if not business.logo:
        return None
    with business.logo.open() as file:
        return file.read()

"""The stored files of documents: rendered once from the frozen content, kept with their hash, handed out as they are."""

import json
import logging
from typing import Any

from django.core.files.storage import default_storage

from billing.documents import einvoice, pdf
from billing.documents import model as documents
from billing.models import Acceptance, Invoice, Order, Quote
from crm import files

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
    """Store XML and PDF/A-3 of an issued invoice, once; the XML in the PDF is the stored one (R45)."""
    document = invoice.frozen_document
    if not invoice.xml:
        xml = einvoice.build_cii(document)
        _keep(invoice, "xml", f"invoices/{invoice.business_id}/{invoice.number}.xml", xml)
    if not invoice.pdf:
        content = pdf.render_pdf(document, xml=files.read(invoice.xml), logo=_logo(invoice.business))
        _keep(invoice, "pdf", f"invoices/{invoice.business_id}/{invoice.number}.pdf", content)


def acceptance(acceptance: Acceptance) -> None:
    """Store the acceptance protocol, once; it is made of the evidence record alone (R87)."""
    if not acceptance.pdf:
        content = pdf.render_protocol_pdf(json.loads(acceptance.record))
        _keep(acceptance, "pdf", f"acceptances/{acceptance.business_id}/{acceptance.quote.number}.pdf", content)


def preview(document: documents.Document, business) -> bytes:
    """The PDF of a draft, marked as one and not stored."""
    return pdf.render_pdf(document, logo=_logo(business))


def is_long(document: documents.Document) -> bool:
    """Whether a document is left to the worker."""
    return len(document.lines) > LINES_INLINE


def missing() -> list[tuple[str, int]]:
    """What was issued and has no file yet, over all businesses: (kind, id), oldest first. The rows are the jobs."""
    issued: dict[str, Any] = {
        "invoice": Invoice.unscoped.exclude(state=Invoice.State.DRAFT),
        "quote": Quote.unscoped.exclude(state=Quote.State.DRAFT),
        "order": Order.unscoped.exclude(document=""),
        "acceptance": Acceptance.unscoped.all(),
    }
    return [
        (kind, pk)
        for kind, rows in issued.items()
        for pk in rows.filter(pdf="").order_by("pk").values_list("pk", flat=True)[:200]
    ]


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


def _logo(business) -> bytes | None:
    """The bytes of the logo, as it was stored."""
    if not business.logo:
        return None
    with business.logo.open() as file:
        return file.read()

"""Stored bytes, handed out as they are: pictures, documents, shared files. Scoped to the link, never by path."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from billing.models import Invoice, OrderPhoto
from crm import attachments, files, link_pages
from crm.link_pages import customer_page
from crm.models import AccessLink, Attachment
from portal.subjects import invoice_of, order_of, quote_of

Purpose = AccessLink.Purpose
JAIL = "sandbox; default-src 'none'"
RETRY = 5  # seconds


@customer_page(Purpose.QUOTE)
def quote_pdf(request):
    """The quote as sent."""
    found = quote_of(request.link)
    return stored_document(request, found.pdf, f"{_('Angebot')} {found.number}.pdf")


@customer_page(Purpose.ORDER, Purpose.QUOTE)
def order_pdf(request):
    """The order confirmation."""
    found = order_of(request.link)
    return stored_document(request, found.pdf, f"{_('Auftragsbestätigung')} {found.number}.pdf")


@customer_page(Purpose.INVOICE)
def invoice_pdf(request):
    """The invoice, the bytes that were issued."""
    found = invoice_of(request.link)
    return stored_document(request, found.pdf, f"{found.get_kind_display()} {found.number}.pdf")


@customer_page(Purpose.INVOICE)
def invoice_xml(request):
    """The structured invoice, the same as in the PDF."""
    found = invoice_of(request.link)
    return stored_document(request, found.xml, f"{found.number}.xml", content_type="application/xml")


@customer_page(Purpose.INVOICE)
def invoice_attachment(request, pk):
    """A file that goes along with the invoice (BG-24), the same as inside the structured part."""
    found = invoice_of(request.link).attachments.filter(pk=pk).first()
    if found is None:
        raise Http404
    return as_stored(found.stored, content_type=found.content_type, filename=found.name)


@customer_page(Purpose.INVOICE)
def cancellation_pdf(request):
    """The cancellation of an invoice that was cancelled (REC5)."""
    found = getattr(invoice_of(request.link), "cancelled_by", None)
    if found is None or found.state == Invoice.State.DRAFT:
        raise Http404
    return stored_document(request, found.pdf, f"{found.get_kind_display()} {found.number}.pdf")


@customer_page(Purpose.ORDER, Purpose.QUOTE)
def shared_file(request, pk):
    """A file the business shared with the customer of this order (AUF4), as a download."""
    order_of(request.link)
    found = _shared(request).filter(pk=pk).exclude(kind=Attachment.Kind.PHOTO).first()
    if found is None:
        raise Http404
    try:
        stream = found.file.open()
    except FileNotFoundError:
        raise Http404 from None
    kind = {"content_type": found.content_type, "headers": {"Content-Security-Policy": JAIL}}
    return FileResponse(stream, as_attachment=True, filename=found.name, **kind)


@customer_page(Purpose.ORDER, Purpose.QUOTE)
def picture(request, pk, edge=None):
    """A picture of this link's quote, or a photo released on this order (AUF4); always the re-encoded preview."""
    if edge not in (None, attachments.SMALL, attachments.THUMB):
        raise Http404
    return picture_of(_picture(request, pk), edge)


def picture_of(found: Attachment | None, edge: int | None = None):
    """What people are shown of a photo, also in one of the smaller sizes. Raises Http404 while there is nothing to show."""
    if found is None or not attachments.is_shown(found):
        raise Http404
    name: str = attachments.smaller(found, edge) if edge else str(found.preview.name)
    if edge and not default_storage.exists(name):  # made before there were smaller ones
        name = str(found.preview.name)
    return as_stored(name, content_type="image/webp")


def _picture(request, pk):
    if request.link.purpose == Purpose.QUOTE:
        row = quote_of(request.link).lines.filter(picture_id=pk).select_related("picture").first()
        if row:
            return row.picture
    row = (
        OrderPhoto.objects.filter(order=order_of(request.link), attachment_id=pk)
        .select_related("attachment__note")
        .first()
    )
    return row.attachment if row and not (row.attachment.note and row.attachment.note.deleted_at) else None


def _shared(request):
    return Attachment.objects.shared().filter(customer=request.link.customer)


def stored_document(request, name, filename, *, content_type="application/pdf"):
    """A stored document; while it is still being made a page that says so and looks again."""
    if not name:
        page = link_pages.render(request, "portal/document_pending.html", {"seconds": RETRY}, status=503)
        page.headers["Retry-After"] = str(RETRY)
        return page
    return as_stored(name, content_type=content_type, filename=filename)


def as_stored(name, *, content_type, filename=""):
    """Stored bytes as they are. Raises Http404 for a file that is gone."""
    try:
        content = files.read(name)
    except FileNotFoundError:
        raise Http404 from None
    answer = HttpResponse(content, content_type=content_type, headers={"Content-Security-Policy": JAIL})
    if filename:
        answer.headers["Content-Disposition"] = content_disposition_header(True, filename)
    return answer

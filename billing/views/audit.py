"""Pages for tax audits: read the books by years, and hand them over (Z1 and Z3, § 147 (6) AO)."""

from functools import wraps

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import Right
from accounts.staff import staff
from billing import audit_trail, master_data
from billing.models import AuditExport, Invoice
from billing.views import documents, paging
from billing.z3 import handing_over

LONGEST_YEAR = 4  # digits


def _noted(view):
    """Opened by an auditor, the page stands in the log."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        audit_trail.note_reading(request.member, request.path)
        return response

    return wrapper


@require_safe
@staff(Right.AUDIT_BOOKS)
@_noted
def audit_books(request):
    """The documents of a year."""
    context = _years(request)
    rows = audit_trail.invoices(request.member, on=context["today"]).filter(issued_on__year=context["year"])
    page = paging.page(rows.select_related("customer", "order").defer("document"), request, by="issued_on")
    return render(request, "billing/audit_books.html", context | {"page": page})


@require_safe
@staff(Right.AUDIT_BOOKS)
@_noted
def audit_document(request, pk):
    """From a document to its order, quote, acceptance and payments, and back (R54)."""
    invoice = _document(request, pk)
    paid = audit_trail.payments(request.member, on=timezone.localdate()).filter(invoice=invoice)
    order = invoice.order
    context = {
        "invoice": invoice,
        "document": invoice.frozen_document,
        "payments": paid.select_related("by__user").order_by("received_on", "pk"),
        "order": order,
        "acceptance": getattr(order.quote, "acceptance", None) if order and order.quote else None,
        "entries": _entries(invoice, request.member),
    }
    return render(request, "billing/audit_document.html", context)


@require_safe
@staff(Right.AUDIT_BOOKS)
@_noted
def audit_pdf(request, pk):
    """The stored PDF."""
    invoice = _document(request, pk)
    return documents.stored_file(request, invoice, invoice.pdf, f"{invoice.number}.pdf")


@require_safe
@staff(Right.AUDIT_BOOKS)
@_noted
def audit_xml(request, pk):
    """The stored structured invoice."""
    invoice = _document(request, pk)
    return documents.stored_file(request, invoice, invoice.xml, f"{invoice.number}.xml", "application/xml")


@require_safe
@staff(Right.AUDIT_BOOKS)
@_noted
def audit_orders(request):
    """The orders of a year."""
    context = _years(request)
    rows = audit_trail.orders(request.member, on=context["today"]).filter(placed_at__year=context["year"])
    page = paging.page(rows.select_related("customer", "quote__acceptance").defer("document"), request, by="placed_at")
    return render(request, "billing/audit_orders.html", context | {"page": page})


@require_safe
@staff(Right.AUDIT_BOOKS)
@_noted
def audit_order_pdf(request, pk):
    """The stored confirmation of an order."""
    order = get_object_or_404(audit_trail.orders(request.member, on=timezone.localdate()), pk=pk)
    return documents.stored_file(request, order, order.pdf, f"{order.number}.pdf")


@require_safe
@staff(Right.AUDIT_BOOKS)
@_noted
def audit_acceptance_pdf(request, pk):
    """The stored protocol of how the order's quote was accepted."""
    orders = audit_trail.orders(request.member, on=timezone.localdate()).select_related("quote__acceptance")
    order = get_object_or_404(orders, pk=pk, quote__acceptance__isnull=False)
    if order.quote is None:
        raise Http404
    return documents.stored_file(request, order.quote, order.quote.acceptance.pdf, f"{order.quote.number}-Annahme.pdf")


@require_safe
@staff(Right.AUDIT_BOOKS)
@_noted
def audit_payments(request):
    """The payments of a year."""
    context = _years(request)
    rows = audit_trail.payments(request.member, on=context["today"]).filter(received_on__year=context["year"])
    page = paging.page(rows.select_related("invoice__customer").defer("invoice__document"), request, by="received_on")
    return render(request, "billing/audit_payments.html", context | {"page": page})


@require_safe
@staff(Right.AUDIT_BOOKS)
@_noted
def audit_journal(request):
    """The journal of a year."""
    context = _years(request)
    rows = audit_trail.journal(request.member, context["year"]).select_related("by__user")
    page = paging.page(rows, request, by="at")
    entries = [(entry, master_data.event_of(entry), master_data.said(entry)) for entry in page.rows]
    return render(request, "billing/audit_journal.html", context | {"page": page, "entries": entries})


@require_safe
@staff(Right.AUDIT_BOOKS)
@_noted
def audit_exports(request):
    """Data that were put together for the tax office (Z3)."""
    context = _years(request)
    rows = list(audit_trail.exports(request.member, on=context["today"]).select_related("by__user")[: paging.SIZE])
    is_coming = any(row.state == AuditExport.State.WAITING for row in rows)
    return render(request, "billing/audit_exports.html", context | {"exports": rows, "is_coming": is_coming})


@require_POST
@staff(Right.MANAGE_BUSINESS)
def audit_export_create(request):
    """Have a year put together."""
    text = request.POST.get("year", "")
    year = int(text) if text.isdecimal() and len(text) <= LONGEST_YEAR else 0
    handing_over.ask(year, request.member)
    messages.success(request, _("Die Daten für %(year)s werden zusammengestellt.") % {"year": year})
    return redirect("billing:audit_exports")


@require_safe
@staff(Right.AUDIT_BOOKS)
@_noted
def audit_export_file(request, pk):
    """The file, as it was made."""
    rows = audit_trail.exports(request.member, on=timezone.localdate())
    row = get_object_or_404(rows, pk=pk, state=AuditExport.State.READY)
    file = default_storage.open(row.file)
    return FileResponse(file, as_attachment=True, filename=f"Z3-{row.year}.zip", content_type="application/zip")


def _years(request):
    """Which years are open to the member, and which of them is shown."""
    today = timezone.localdate()
    years = audit_trail.years(request.member, on=today)
    wanted = request.GET.get("jahr", "")
    year = int(wanted) if wanted.isdecimal() and len(wanted) <= LONGEST_YEAR else None
    return {"years": years, "year": year if year in years else next(iter(years), 0), "today": today}


def _document(request, pk) -> Invoice:
    rows = audit_trail.invoices(request.member, on=timezone.localdate())
    rows = rows.select_related("customer", "order__quote__acceptance", "cancels", "corrects", "issued_by__user")
    return get_object_or_404(rows, pk=pk)


def _entries(invoice, member):
    """What the journal of the open years says of a document."""
    years = audit_trail.years(member, on=timezone.localdate())
    rows = audit_trail.entries_of(invoice, years).select_related("by__user")
    return [(entry, master_data.event_of(entry), master_data.said(entry)) for entry in rows[: paging.SIZE]]

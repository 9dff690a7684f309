"""Writing and issuing an invoice: from an order in two clicks, or on its own."""

from dataclasses import replace

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import current
from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing import drafting, invoice_attachments, invoices, rendering
from billing.documents.model import PriceMode
from billing.forms import StartForm
from billing.models import Invoice, InvoiceAttachment, InvoiceLine, Order
from billing.models.fields import Unit
from billing.quotes import NotReady
from billing.row_forms import RowForm
from billing.rows import Rows
from billing.tax_forms import TaxedInvoiceForm
from billing.views import editing, quote_editor
from crm import recipients
from crm.models import Attachment
from crm.states import NotAllowed


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def invoice_draft(request, pk):
    """The first of two clicks: a draft with the order's rows, or the one that is there already."""
    invoice = invoices.draft_from_order(get_object_or_404(Order, pk=pk), by=request.member)
    return redirect(invoice)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.WRITE_DOCUMENTS)
def invoice_create(request):
    """A draft without an order: choose the customer and say what for."""
    customer = quote_editor.chosen_customer(request)
    form = StartForm()
    if request.method == "POST" and customer:
        form = StartForm(request.POST)
        if form.is_valid():
            invoice = invoices.create(customer, by=request.member, title=form.cleaned_data["title"])
            return redirect("billing:invoice_edit", invoice.pk)
    search = request.GET.get("q", "").strip()
    found = quote_editor.customers_for(search) if not customer else []
    if not customer and search and len(found) == 1:
        return redirect(f"{reverse('billing:invoice_create')}?kunde={found[0].pk}")
    return render(
        request,
        "billing/invoice_create.html",
        {"form": form, "customer": customer, "search": search, "found": found},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.WRITE_DOCUMENTS)
def invoice_edit(request, pk):
    """The draft's page: rows, dates, what is still missing, and the button that issues."""
    invoice = _invoice(pk)
    if not invoice.is_draft:
        return redirect(invoice)
    if request.method != "POST":
        form = TaxedInvoiceForm(instance=invoice, initial={"send_to": _to(invoice)})
        return _page(request, invoice, form, _rows(invoice))
    saved, answer = _save(request, invoice)
    if saved:
        messages.success(request, _("Gespeichert."))
        return redirect("billing:invoice_edit", invoice.pk)
    return answer


@require_POST
@staff(Right.ISSUE_INVOICES)
def invoice_issue(request, pk):
    """The second click: save what the page says, then number it, freeze it and send it."""
    invoice = _invoice(pk)
    send_to = request.POST.get("send_to", "").strip()
    if invoice.is_draft and "rows" in request.POST:
        saved, answer = _save(request, invoice)
        if not saved:
            return answer
        invoice = _invoice(pk)
    try:
        invoices.issue(invoice, by=request.member, send_to=send_to)
    except NotReady as refusal:
        found = refusal.problems
        invoice = _invoice(pk)
        form = TaxedInvoiceForm(instance=invoice, initial={"send_to": send_to})
        return _page(request, invoice, form, _rows(invoice), found=found, is_issuing=True, status=422)
    if send_to:
        messages.success(
            request, _("%(number)s ist gestellt und geht an %(to)s.") % {"number": invoice.number, "to": send_to}
        )
    else:
        messages.success(request, _("%(number)s ist gestellt.") % {"number": invoice.number})
    return redirect(invoice)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def invoice_attachment_add(request, pk):
    """Files go along with the draft, from this device or from the contact; what was typed is saved as well."""
    invoice = _draft_of(pk)
    described = request.POST.get("attachment_description", "")
    known = [pk for pk in request.POST.getlist("attachment_known") if pk.isdecimal() and len(pk) < 19]
    refused = []
    for file in request.FILES.getlist("attachment_files"):
        try:
            invoice_attachments.add(invoice, file, description=described)
        except Refusal as refusal:
            refused.append(f"{file.name}: {refusal.message}")
    for attachment in Attachment.objects.filter(pk__in=known):
        try:
            invoice_attachments.add_known(invoice, attachment, description=described)
        except Refusal as refusal:
            refused.append(f"{attachment.name}: {refusal.message}")
    if not (request.FILES or known):
        refused.append(_("Bitte wählen Sie eine Datei."))
    return _saved_with_files(request, invoice, refused)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def invoice_attachment_remove(request, pk, file_pk):
    """A file does not go along with the draft after all."""
    invoice_attachments.remove(_attachment(pk, file_pk))
    return _saved_with_files(request, _invoice(pk))


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def invoice_attachment_move(request, pk, file_pk):
    """A file goes one place up or down."""
    invoice_attachments.move(_attachment(pk, file_pk), up=request.POST.get("to") == "up")
    return _saved_with_files(request, _invoice(pk))


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def invoice_delete(request, pk):
    """Throw a draft away; it never had a number."""
    invoice = _invoice(pk)
    invoices.delete_draft(invoice)
    messages.success(request, _("Entwurf gelöscht."))
    return redirect(invoice.order or "billing:invoice_list")


@require_safe
@staff(Right.SEE_MONEY)
def invoice_preview(request, pk):
    """The PDF of a draft as it would look now, marked as a draft; not stored."""
    invoice = _invoice(pk)
    if not invoice.is_draft:
        return redirect("billing:invoice_pdf", invoice.pk)
    return _preview(request, invoice)


def _attachment(pk, file_pk):
    return get_object_or_404(InvoiceAttachment.objects.select_related("invoice"), pk=file_pk, invoice=pk)


def _draft_of(pk):
    """Raises NotAllowed for an invoice that is issued."""
    invoice = _invoice(pk)
    if not invoice.is_draft:
        raise NotAllowed(invoice)
    return invoice


def _saved_with_files(request, invoice, refused=()):
    """Back to the draft's files; what was typed elsewhere on the page is kept, and what was refused is said."""
    if "rows" in request.POST:
        saved, answer = _save(request, invoice)
        if not saved:
            return answer
        invoice = _invoice(invoice.pk)
    if not refused:
        return redirect(f"{reverse('billing:invoice_edit', args=[invoice.pk])}#anlagen")
    form = TaxedInvoiceForm(instance=invoice, initial={"send_to": _to(invoice)})
    return _page(request, invoice, form, _rows(invoice), refused_files=refused, status=422)


def _preview(request, invoice, *, rows=None):
    document = drafting.of_invoice(invoice, contact_name=str(request.member), rows=rows)
    document = replace(document, attachments=invoice_attachments.of(invoice))
    return editing.pdf_preview(rendering.preview(document, invoice.business), f"Entwurf-{invoice.pk}")


def _invoice(pk):
    return get_object_or_404(
        Invoice.objects.select_related("customer", "business", "order__quote", "cancelled_by", "corrects"), pk=pk
    )


def _day(invoice):
    return invoice.service_until or invoice.service_from or timezone.localdate()


def _rows(invoice, request=None):
    """The rows: stored, or as posted."""
    shared = {"day": _day(invoice)}
    if request is not None:
        return Rows(RowForm, data=request.POST, **shared)
    return Rows(RowForm, stored=invoice.lines.all(), **shared)


def _save(request, invoice):
    """Save what was typed: (True, None), or (False, the page that says why not)."""
    rows = _rows(invoice, request)
    if "step" in request.POST:
        found = editing.apply_step(request, rows)
        form = editing.typed_head(TaxedInvoiceForm, request, invoice)
        return False, _page(request, invoice, form, rows, is_dirty=True, **found)
    form = TaxedInvoiceForm(request.POST, instance=invoice)
    if not all([form.is_valid(), rows.is_valid()]):
        return False, _page(request, invoice, form, rows, status=422)
    if request.POST.get("do") == "preview":  # shown as typed; nothing is stored
        return False, _preview(request, invoice, rows=[InvoiceLine(**values) for values in rows.values()])
    data = dict(form.cleaned_data)
    data.pop("send_to")
    invoices.change(invoice, lines=rows.values(), **data)
    return True, None


def _page(request, invoice, form, rows, *, found=None, is_issuing=False, status=200, **more):
    """The editor; `found` is what kept the draft from being issued, where that was tried."""
    if not rows.forms:
        rows.forms.append(rows.new())
    is_typed = rows.is_bound
    problems, doubts = ([], []) if is_typed else invoices.findings(invoice)
    attached = list(invoice.attachments.all())
    estimate = editing.estimate_for_page(
        form, rows, list(invoice.lines.all()), mode=PriceMode(invoice.mode), discount_percent=invoice.discount_percent,
        is_quote=False, tax_case=invoice.tax_case,
    )  # fmt: skip
    return render(
        request,
        "billing/invoice_edit.html",
        {
            "invoice": invoice, "form": form, "rows": rows, "estimate": estimate, "units": Unit.labels,
            "small_business": current.business().is_small_business(on=_day(invoice)), "is_issuing": is_issuing,
            "problems": [_linked(problem, invoice) for problem in (problems if found is None else found)],
            "doubts": [_linked(problem, invoice) for problem in doubts],
            "deducted": drafting.of_invoice(invoice) if invoice.kind == Invoice.Kind.FINAL else None,
            "attached": attached, "candidates": invoice_attachments.of_contact(invoice, attached),
            "accept": invoice_attachments.ACCEPT,
            "has_terms": invoice.skonto_percent or invoice.retention_percent or form.errors,
            **more,
        },
        status=status,
    )  # fmt: skip


def _linked(problem, invoice):
    """A problem with the place where it is mended."""
    field, sentence = problem
    if field.startswith("seller."):
        return {"sentence": sentence, "where": "settings"}
    if field == "buyer.vat_id_check":
        return {"sentence": sentence, "where": f"{invoice.customer.get_absolute_url()}#ust-id"}
    if field.startswith("buyer."):
        return {"sentence": sentence, "where": "customer"}
    target = "zeilen" if field.startswith(("lines", "totals")) else f"id_{field}"
    return {"sentence": sentence, "where": f"#{target}"}


def _to(invoice):
    """Where it is proposed to go."""
    return invoice.send_to or recipients.for_invoices(invoice.customer)

"""Invoices others send us: the list with its upload, and each one as a person reads it."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing import incoming_invoices as incoming
from billing import incoming_mail
from billing.incoming_forms import DecisionForm, UploadForm
from billing.models import IncomingInvoice
from billing.models.fields import Unit
from billing.views.paging import page

State = IncomingInvoice.State
CHIPS = [
    ("neu", gettext_lazy("Zu prüfen"), State.NEW),
    ("geprueft", gettext_lazy("Geprüft"), State.CHECKED),
    ("zurueck", gettext_lazy("Zurückgewiesen"), State.REJECTED),
    ("alle", gettext_lazy("Alle"), None),
]


@require_safe
@staff(Right.SEE_MONEY)
def incoming_invoices(request):
    """What came in, newest first."""
    return _list(request, UploadForm())


@require_POST
@staff(Right.ISSUE_INVOICES)
def incoming_invoice_upload(request):
    """Take a file in."""
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            row = incoming.take_in(file.read(), file.name, by=request.member)
        except Refusal as refusal:
            form.add_error("file", refusal.message)
        else:
            return redirect("billing:incoming_invoice", row.pk)
    return _list(request, form, status=422)


@require_safe
@staff(Right.SEE_MONEY)
def incoming_invoice(request, pk):
    """One invoice in plain words, and what is wrong with it."""
    return _page(request, get_object_or_404(IncomingInvoice.objects.select_related("by__user"), pk=pk))


@require_POST
@staff(Right.ISSUE_INVOICES)
def incoming_invoice_decide(request, pk):
    """Checked, sent back, or neither after all."""
    row = get_object_or_404(IncomingInvoice.objects.select_related("by__user"), pk=pk)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            incoming.decide(row, form.cleaned_data["state"], note=form.cleaned_data["note"], by=request.member)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("Notiert."))
            return redirect("billing:incoming_invoice", row.pk)
    return _page(request, row, form=form, status=422)


@require_safe
@staff(Right.SEE_MONEY)
def incoming_invoice_file(request, pk):
    """The file as it came; only ever saved, for what a stranger sent is not shown inside our pages."""
    row = get_object_or_404(IncomingInvoice, pk=pk)
    kind = "application/pdf" if row.name.endswith(".pdf") else "application/xml"
    return FileResponse(default_storage.open(row.file), as_attachment=True, filename=row.name, content_type=kind)


def _list(request, form, *, status=200):
    chips = {key: state for key, _label, state in CHIPS}
    wanted = request.GET.get("stand", "")
    wanted = wanted if wanted in chips else "neu"
    rows = IncomingInvoice.objects.defer("report")
    if chips[wanted]:
        rows = rows.filter(state=chips[wanted])
    context = {
        "page": page(rows, request),
        "chips": [{"key": key, "label": label, "on": key == wanted} for key, label, _state in CHIPS],
        "wanted": wanted,
        "form": form,
        "address": incoming_mail.address(request.business),
    }
    return render(request, "billing/incoming_invoices.html", context, status=status)


def _page(request, row, *, form=None, status=200):
    report = incoming.report_of(row)
    context = {
        "row": row,
        "report": report,
        "received": report.received,
        "rows": [(each, _unit(each.unit_code)) for each in report.received.rows] if report.received else [],
        "doubles": list(incoming.doubles(row)[:5]),
        "form": form or DecisionForm(initial={"note": row.note}),
    }
    return render(request, "billing/incoming_invoice.html", context, status=status)


def _unit(code: str) -> str:
    """The word for a unit's code, where we have one; of plain numbers nothing is said."""
    return "" if code == "C62" else str(Unit(code).label) if code in Unit.values else code

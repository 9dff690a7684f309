"""Contacts in from a file and out into one."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from crm import contact_exports, contact_imports
from crm.forms import ImportMappingForm, ImportUploadForm
from crm.models import TableImport


@require_http_methods(["GET", "POST"])
@staff(Right.WRITE_CONTACTS)
def import_upload(request):
    is_sent = request.method == "POST"
    form = ImportUploadForm(request.POST, request.FILES) if is_sent else ImportUploadForm()
    if is_sent and form.is_valid():
        try:
            contact_import = contact_imports.upload(form.cleaned_data["file"], by=request.member)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            return redirect("crm:import_preview", contact_import.pk)
    latest = TableImport.objects.exclude(state=TableImport.State.PREVIEW).select_related("by__user")[:5]
    context = {"form": form, "latest": latest}
    return render(request, "crm/import_upload.html", context, status=422 if form.errors else 200)


@require_safe
@staff(Right.WRITE_CONTACTS)
def import_preview(request, pk):
    """The first rows and the guessed columns; once started, how far it is."""
    contact_import = get_object_or_404(TableImport, pk=pk)
    if contact_import.state != TableImport.State.PREVIEW:
        return render(request, "crm/import_result.html", {"contact_import": contact_import, **_result(contact_import)})
    return _preview(request, contact_import, ImportMappingForm(contact_import=contact_import), contact_import.mapping)


@require_POST
@staff(Right.WRITE_CONTACTS)
def import_check(request, pk):
    """Look at the rows again under another choice of columns; nothing is kept."""
    contact_import = get_object_or_404(TableImport, pk=pk, state=TableImport.State.PREVIEW)
    form = ImportMappingForm(request.POST, contact_import=contact_import)
    mapping = form.mapping if form.is_valid() else None
    return _preview(request, contact_import, form, mapping, status=200 if form.is_valid() else 422)


@require_POST
@staff(Right.WRITE_CONTACTS)
def import_run(request, pk):
    contact_import = get_object_or_404(TableImport, pk=pk)
    form = ImportMappingForm(request.POST, contact_import=contact_import)
    if form.is_valid():
        if contact_import.state == TableImport.State.PREVIEW and contact_imports.problems(
            contact_import, form.mapping
        ):
            return _preview(request, contact_import, form, form.mapping, status=422)
        contact_imports.start(contact_import, form.mapping)
    elif contact_import.state == TableImport.State.PREVIEW:
        return _preview(request, contact_import, form, None, status=422)
    return redirect("crm:import_preview", pk)


@require_safe
@staff(Right.EXPORT_DATA)
def export_csv(request):
    return _file(contact_exports.as_csv(), contact_exports.CSV, "csv")


@require_safe
@staff(Right.EXPORT_DATA)
def export_xlsx(request):
    return _file(contact_exports.as_xlsx(), contact_exports.XLSX, "xlsx")


def _preview(request, contact_import, form, mapping, status=200):
    rows = contact_imports.sample(contact_import)
    columns = [(field, [cells[index] for _number, cells in rows]) for index, field in enumerate(form.columns)]
    return render(
        request,
        "crm/import_preview.html",
        {
            "contact_import": contact_import,
            "form": form,
            "columns": columns,
            "numbers": [number for number, _cells in rows],
            "problems": contact_imports.problems(contact_import, mapping) if mapping else [],
        },
        status=status,
    )


def _result(contact_import):
    is_done = contact_import.state == TableImport.State.DONE
    return {"sentence": contact_imports.result(contact_import) if is_done else "", "is_done": is_done}


def _file(opened, content_type, suffix):
    name = f"kontakte-{timezone.localdate().isoformat()}.{suffix}"
    return FileResponse(opened, as_attachment=True, filename=name, content_type=content_type)

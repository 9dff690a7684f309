"""Tables in, contacts out."""

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from crm import contact_exports, imports, segments, spreadsheets
from crm.import_forms import ImportMappingForm, ImportUploadForm
from crm.models import Customer, CustomerTag, TableImport, Tag
from crm.views.segments import asked_for

State = TableImport.State


@require_http_methods(["GET", "POST"])
@staff(Right.WRITE_CONTACTS)
def import_upload(request):
    is_sent = request.method == "POST"
    given = (request.POST, request.FILES) if is_sent else ()
    form = ImportUploadForm(*given, rights=request.rights, initial={"kind": request.GET.get("art", "contacts")})
    if is_sent and form.is_valid():
        data = form.cleaned_data
        try:
            table_import = imports.upload(data["file"], by=request.member, kind=data["kind"])
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            return redirect("crm:import_preview", table_import.pk)
    latest = TableImport.objects.exclude(state=State.PREVIEW).select_related("by__user")[:8]
    context = {"form": form, "latest": latest}
    return render(request, "crm/import_upload.html", context, status=422 if form.errors else 200)


@require_safe
@staff(Right.WRITE_CONTACTS)
def import_preview(request, pk):
    """The first rows and the guessed columns; once started, how far it is; then what came of it."""
    table_import = _mine(request, pk)
    if table_import.state == State.PREVIEW:
        form = ImportMappingForm(table_import=table_import)
        return _preview(request, table_import, form, table_import.mapping)
    kind = imports.kind_of(table_import)
    context = {"table_import": table_import, "kind": kind, "can_undo": table_import.rows.exists()}
    if table_import.state == State.DONE:
        context["sentence"] = imports.result(table_import)
    elif table_import.state == State.UNDONE:
        context["sentence"] = imports.undone(table_import)
    return render(request, "crm/import_result.html", context)


@require_POST
@staff(Right.WRITE_CONTACTS)
def import_check(request, pk):
    """Look at the first rows again under another choice of columns; nothing is kept."""
    table_import = _mine(request, pk, state=State.PREVIEW)
    form = ImportMappingForm(request.POST, table_import=table_import)
    mapping = form.mapping if form.is_valid() else None
    return _preview(request, table_import, form, mapping, status=200 if form.is_valid() else 422)


@require_POST
@staff(Right.WRITE_CONTACTS)
def import_try(request, pk):
    """Go through all rows without writing any."""
    return _start(request, pk, imports.try_out)


@require_POST
@staff(Right.WRITE_CONTACTS)
def import_run(request, pk):
    return _start(request, pk, imports.start)


@require_POST
@staff(Right.WRITE_CONTACTS)
def import_undo(request, pk):
    imports.undo(_mine(request, pk))
    return redirect("crm:import_preview", pk)


@require_safe
@staff(Right.WRITE_CONTACTS)
def import_report(request, pk):
    """What became of each row, as a table."""
    table_import = _mine(request, pk)
    if not table_import.report or not default_storage.exists(table_import.report):
        raise Http404
    return FileResponse(
        default_storage.open(table_import.report),
        as_attachment=True,
        filename=_("pruefbericht-%(n)s.xlsx") % {"n": table_import.pk},
        content_type=spreadsheets.XLSX,
    )


@require_safe
@staff(Right.EXPORT_DATA)
def export_csv(request):
    """All contacts, or those of ?segment= and with ?tag=."""
    return _file(contact_exports.as_csv(_selected(request)), spreadsheets.CSV, "csv")


@require_safe
@staff(Right.EXPORT_DATA)
def export_xlsx(request):
    """All contacts, or those of ?segment= and with ?tag=."""
    return _file(contact_exports.as_xlsx(_selected(request)), spreadsheets.XLSX, "xlsx")


def _selected(request):
    """The contacts of ?segment= and with ?tag=; all that are not put away where the address names neither."""
    segment = asked_for(request)
    found = segments.members(segment) if segment else Customer.objects.active()
    if pk := request.GET.get("tag", ""):
        tag = get_object_or_404(Tag, pk=pk[:18] if pk.isdecimal() else 0)
        found = found.filter(pk__in=CustomerTag.objects.filter(tag=tag).values("customer"))
    return found


def _mine(request, pk, **wanted):
    """An import that this member may see: one of documents is not for those who may not write them."""
    table_import = get_object_or_404(TableImport, pk=pk, **wanted)
    if imports.kind_of(table_import).right not in request.rights:
        raise PermissionDenied(
            _("Dafür fehlt Ihnen das Recht. Fragen Sie die Inhaberin oder den Inhaber Ihres Betriebs.")
        )
    return table_import


def _start(request, pk, verb):
    table_import = _mine(request, pk)
    form = ImportMappingForm(request.POST, table_import=table_import)
    is_preview = table_import.state == State.PREVIEW
    if not form.is_valid():
        return (
            _preview(request, table_import, form, None, status=422)
            if is_preview
            else redirect("crm:import_preview", pk)
        )
    if verb is imports.start and is_preview and imports.problems(table_import, form.mapping):
        return _preview(request, table_import, form, form.mapping, status=422)
    verb(table_import, form.mapping)
    return redirect("crm:import_preview", pk)


def _preview(request, table_import, form, mapping, status=200):
    examples = imports.sample(table_import)
    columns = [(field, [cells[index] for _number, cells in examples]) for index, field in enumerate(form.columns)]
    context = {"table_import": table_import, "kind": form.kind, "form": form, "columns": columns}
    if mapping:
        context |= {
            "rows": imports.first_rows(table_import, mapping),
            "problems": imports.problems(table_import, mapping),
        }
    if table_import.checked_at and not request.POST:
        context["forecast"] = imports.forecast(table_import)
    return render(request, "crm/import_preview.html", context, status=status)


def _file(opened, content_type, suffix):
    name = f"kontakte-{timezone.localdate().isoformat()}.{suffix}"
    return FileResponse(opened, as_attachment=True, filename=name, content_type=content_type)

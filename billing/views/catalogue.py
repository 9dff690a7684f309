"""The catalogue: what the business sells again and again."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import FileResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import current, formats
from accounts.rights import Right
from accounts.staff import staff
from billing import catalogue_exports
from billing.catalogue_forms import CatalogueForm
from billing.models import CatalogueItem
from billing.models.fields import Unit
from billing.row_forms import QuoteRowForm
from billing.rows import Rows
from crm import spreadsheets

PAGE = 50


@require_safe
@staff(Right.SEE_MONEY)
def catalogue_list(request):
    """All items by name; put away ones on wish."""
    is_archive = request.GET.get("stand") == "archiv"
    search = request.GET.get("q", "").strip()
    found = matching(search, CatalogueItem.objects.filter(archived_at__isnull=not is_archive))
    name, _sep, pk = request.GET.get("nach", "").rpartition("~")
    if pk.isdecimal() and len(pk) < 19:
        found = found.filter(Q(name__gt=name) | Q(name=name, pk__gt=int(pk)))
    items = list(found[: PAGE + 1])
    next_query = ""
    if len(items) > PAGE:
        items = items[:PAGE]
        values = request.GET.copy()
        values["nach"] = f"{items[-1].name}~{items[-1].pk}"
        next_query = "?" + values.urlencode()
    return render(
        request,
        "billing/catalogue_list.html",
        {"items": items, "next_query": next_query, "search": search, "is_archive": is_archive, "is_first": not pk},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.WRITE_DOCUMENTS)
def catalogue_create(request):
    """One more item."""
    return _form_page(request, CatalogueItem())


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.WRITE_DOCUMENTS)
def catalogue_edit(request, pk):
    """Change an item; documents keep what they were written with."""
    return _form_page(request, get_object_or_404(CatalogueItem, pk=pk))


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def catalogue_archive(request, pk):
    """Put an item away: it is offered no more."""
    CatalogueItem.objects.filter(pk=get_object_or_404(CatalogueItem, pk=pk).pk).update(archived_at=timezone.now())
    messages.success(request, _("Leistung archiviert. Im Archiv können Sie sie zurückholen."))
    return redirect("billing:catalogue_list")


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def catalogue_unarchive(request, pk):
    """Take it back."""
    CatalogueItem.objects.filter(pk=get_object_or_404(CatalogueItem, pk=pk).pk).update(archived_at=None)
    messages.success(request, _("Leistung ist wieder im Katalog."))
    return redirect("billing:catalogue_list")


@require_safe
@staff(Right.WRITE_DOCUMENTS)
def catalogue_search(request):
    """Catalogue items for the editor: all words of `q` in name or number, ten at most, priced as `mode` says."""
    mode = "gross" if request.GET.get("mode") == "gross" else "net"
    rows = Rows(QuoteRowForm)
    found = matching(request.GET.get("q", ""))[:10]
    return JsonResponse({"items": [_as_suggestion(rows, item, mode_of_prices(mode)) for item in found]})


def matching(search, items=None):
    """The items (those on offer, if none are given) with all words in name or number."""
    items = CatalogueItem.objects.filter(archived_at=None) if items is None else items
    for word in search.split()[:6]:
        items = items.filter(Q(name__icontains=word) | Q(number__icontains=word))
    return items


def mode_of_prices(mode):
    """Net is gross where no tax is charged (§ 19 UStG)."""
    return "net" if current.business().is_small_business(on=timezone.localdate()) else mode


def _as_suggestion(rows, item, mode):
    row = rows.from_catalogue(item, mode=mode)
    unit = str(Unit(item.unit).label)
    said = {name: str(row[name].value()) for name in ("description", "vat", "cost_kind", "purchase_price")}
    said |= {name.removeprefix(f"{row.key}-"): value for name, value in row.carried}
    fields = {"text": item.name, "unit": unit, "unit_price": row["unit_price"].value(), **said}
    return {
        "text": item.name,
        "number": item.number,
        "price": f"{formats.euro(item.unit_price)} / {unit}",
        "fields": fields,
    }


def _form_page(request, item):
    form = CatalogueForm(request.POST or None, instance=item)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():  # a changed price stands in the journal, or is not changed
            form.save()
        messages.success(request, _("„%(name)s“ gespeichert.") % {"name": form.instance.name})
        return redirect("billing:catalogue_list")
    return render(
        request, "billing/catalogue_edit.html", {"form": form, "item": item}, status=422 if form.errors else 200
    )


@require_safe
@staff(Right.EXPORT_DATA)
def catalogue_csv(request):
    """The catalogue as a table."""
    return _table(catalogue_exports.as_csv(), spreadsheets.CSV, "csv")


@require_safe
@staff(Right.EXPORT_DATA)
def catalogue_xlsx(request):
    """The catalogue as a table."""
    return _table(catalogue_exports.as_xlsx(), spreadsheets.XLSX, "xlsx")


def _table(opened, content_type, suffix):
    name = f"katalog-{timezone.localdate().isoformat()}.{suffix}"
    return FileResponse(opened, as_attachment=True, filename=name, content_type=content_type)

"""Writing a quote: a plain form with rows; the script only shortens the way (static/js/quote_editor.js)."""

import json

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import current, formats
from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing import drafting, estimates, quotes, rendering
from billing.documents.model import LineKind
from billing.forms import QuoteForm, StartForm
from billing.models import CatalogueItem, InvoiceLine, Quote
from billing.models.fields import Unit
from billing.row_forms import QuoteRowForm, RowForm, Rows
from billing.templatetags.billing_documents import vat_label
from crm import attachments
from crm.models import Attachment, Customer

SHOWN = 8  # customers and templates offered at once


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.WRITE_DOCUMENTS)
def quote_create(request):
    """Choose the customer, then begin with an empty quote or with an earlier one."""
    customer = chosen_customer(request)
    form = StartForm()
    if request.method == "POST" and customer:
        if template_pk := request.POST.get("vorlage"):
            template = get_object_or_404(Quote, pk=template_pk if template_pk.isdecimal() else 0)
            return redirect("billing:quote_edit", quotes.duplicate(template, by=request.member, customer=customer).pk)
        form = StartForm(request.POST)
        if form.is_valid():
            quote = quotes.create(customer, by=request.member, title=form.cleaned_data["title"])
            return redirect("billing:quote_edit", quote.pk)
    search = request.GET.get("q", "").strip()
    found = customers_for(search) if not customer else []
    if not customer and search and len(found) == 1:
        return redirect(f"{reverse('billing:quote_create')}?kunde={found[0].pk}")
    wanted = request.GET.get("vorlage_suche", "").strip()
    return render(
        request,
        "billing/quote_create.html",
        {
            "form": form, "customer": customer, "search": search, "found": found, "wanted": wanted,
            "templates": _templates(wanted, customer) if customer else [],
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.WRITE_DOCUMENTS)
def quote_edit(request, pk):
    """The editor. Buttons: save, preview, save and send, and steps with rows for browsers without script."""
    quote = get_object_or_404(Quote.objects.select_related("customer", "business", "site"), pk=pk)
    if not quote.is_draft:
        return redirect(quote)
    if request.method != "POST":
        return _page(request, quote, QuoteForm(instance=quote), Rows(QuoteRowForm, stored=quote.lines.all()))
    rows = Rows(QuoteRowForm, data=request.POST, files=request.FILES)
    refused = _keep_pictures(request, quote, rows)
    if "step" in request.POST:
        return _step(request, quote, rows)
    form = QuoteForm(request.POST, instance=quote)
    is_valid = all([form.is_valid(), rows.is_valid()])
    for row in rows:
        if row.key in refused:
            row.add_error("picture_file", refused[row.key])
            is_valid = False
    if not is_valid:
        return _page(request, quote, form, rows, status=422, seen_at=request.POST.get("seen_at", ""))
    if request.POST.get("do") == "preview":  # shown as typed; nothing is stored
        return _preview(request, quote, rows=quotes.rows_of(rows.values()))
    try:
        quotes.change(
            quote, lines=rows.values(), seen_at=parse_datetime(request.POST.get("seen_at", "")), **form.cleaned_data
        )
    except Refusal as refusal:
        # what was typed stays; saving once more is then meant
        return _page(request, quote, form, rows, status=refusal.status, conflict=refusal.message)
    if request.POST.get("do") == "send":
        return redirect(f"{quote.get_absolute_url()}?senden=1#senden")
    messages.success(request, _("Gespeichert um %(time)s.") % {"time": formats.clock(timezone.now())})
    return redirect("billing:quote_edit", quote.pk)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_preview_totals(request):
    """The sums of rows that are being typed, worked out where they are worked out for good; nothing is stored.

    Takes JSON {"document": "quote" | "invoice", "rows": [prefixes], "fields": {name: value}} of the editor's form.
    Rows that cannot be read yet are left out of the sums.
    """
    data = _fields(request.body)
    if data is None:
        return HttpResponseBadRequest("rows and fields expected")
    is_quote = data.get("document") != "invoice"
    rows = Rows(QuoteRowForm if is_quote else RowForm, data=data, with_reverse_charge=not is_quote)
    head = QuoteForm(data, instance=Quote())
    head.is_valid()
    mode = "gross" if data.get("mode") == "gross" else "net"
    discount = head.cleaned_data.get("discount_percent") or 0
    valid = [row for row in rows if row.is_valid()]
    estimate = estimate_of(valid, mode=mode, discount_percent=discount, is_quote=is_quote)
    return JsonResponse(_as_json(estimate, valid))


@require_safe
@staff(Right.WRITE_DOCUMENTS)
def catalogue_search(request):
    """Catalogue items for the editor: all words of `q` in name or number, ten at most."""
    found = CatalogueItem.objects.filter(archived_at=None)
    for word in request.GET.get("q", "").split()[:6]:
        found = found.filter(Q(name__icontains=word) | Q(number__icontains=word))
    return JsonResponse({"items": [_item(item) for item in found[:10]]})


@require_safe
@staff(Right.WRITE_DOCUMENTS)
def quote_preview(request, pk):
    """The PDF of a draft as it would look now, marked as a draft; not stored."""
    quote = get_object_or_404(Quote.objects.select_related("customer", "business", "site"), pk=pk)
    if not quote.is_draft:
        return redirect("billing:quote_pdf", quote.pk)
    return _preview(request, quote)


def pdf_preview(content, name):
    """A PDF to look at in the browser."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _preview(request, quote, *, rows=None):
    document = drafting.of_quote(quote, contact_name=str(request.member), rows=rows)
    return pdf_preview(rendering.preview(document, quote.business), f"Entwurf-{quote.pk}")


def estimate_of(rows, *, mode, discount_percent, is_quote):
    """The estimate of row forms that are valid."""
    values = [row.values() for row in rows]
    lines = quotes.rows_of(values) if is_quote else [InvoiceLine(**each) for each in values]
    return estimates.of_rows(
        lines, mode=mode, discount_percent=discount_percent,
        small_business=current.business().is_small_business(on=timezone.localdate()),
    )  # fmt: skip


def apply_step(request, rows):
    """What a button without script asks of the rows: a step, or a catalogue item or search."""
    command = request.POST.get("step", "")
    name, _colon, which = command.partition(":")
    if name == "catalogue" and which.isdecimal():
        item = CatalogueItem.objects.filter(pk=which, archived_at=None).first()
        if item:
            rows.forms.append(rows.from_catalogue(item))
    else:
        rows.step(command)
    search = request.POST.get("katalog", "").strip()
    if name != "search" or not search:
        return {}
    found = CatalogueItem.objects.filter(Q(name__icontains=search) | Q(number__icontains=search), archived_at=None)
    return {"catalogue_search": search, "catalogue_found": found[:10]}


def typed_head(form_class, request, instance):
    """The form's head as typed, not judged: for pages in between."""
    names = form_class.base_fields
    return form_class(instance=instance, initial={name: request.POST.get(name, "") for name in names})


def _step(request, quote, rows):
    found = apply_step(request, rows)
    head = typed_head(QuoteForm, request, quote)
    return _page(request, quote, head, rows, seen_at=request.POST.get("seen_at", ""), is_dirty=True, **found)


def _page(request, quote, form, rows, *, status=200, seen_at=None, conflict="", **more):
    if seen_at is None:
        seen_at = Quote.objects.values_list("updated_at", flat=True).get(pk=quote.pk).isoformat()
    if not rows.forms:
        rows.forms.append(rows.new())
    estimate = estimate_for_page(
        form, rows, list(quote.lines.all()), mode=quote.mode, discount_percent=quote.discount_percent, is_quote=True
    )
    pictures = Attachment.objects.in_bulk([value for row in rows if (value := row["picture"].value())])
    for row in rows:
        row.attachment = pictures.get(int(row["picture"].value() or 0))
    return render(
        request,
        "billing/quote_edit.html",
        {
            "quote": quote, "form": form, "rows": rows, "seen_at": seen_at, "conflict": conflict, "estimate": estimate,
            "units": Unit.labels, "small_business": current.business().is_small_business(on=timezone.localdate()),
            "problems": [] if rows.is_bound else quotes.problems(quote), **more,
        },
        status=status,
    )  # fmt: skip


def estimate_for_page(form, rows, stored, *, mode, discount_percent, is_quote):
    """The sums that stand on the page before any script: of the stored rows, or of those typed rows that can be read."""
    if not rows.is_bound:
        estimate = estimates.of_rows(
            stored, mode=mode, discount_percent=discount_percent,
            small_business=current.business().is_small_business(on=timezone.localdate()),
        )  # fmt: skip
        _mark(rows.forms, estimate)
        return estimate
    valid = [row for row in rows if row.is_bound and row.is_valid()]
    typed = form["mode"].value()
    discount = getattr(form, "cleaned_data", {}).get("discount_percent") or 0
    estimate = estimate_of(
        valid, mode="gross" if typed == "gross" else "net", discount_percent=discount, is_quote=is_quote
    )
    _mark(valid, estimate)
    return estimate


def _mark(forms, estimate):
    """Put position and amount beside each row."""
    for form, line in zip(forms, estimate.document.lines, strict=False):
        form.line = line


def _as_json(estimate, rows):
    totals = estimate.document.totals
    found = {
        "rows": {
            row.key: {"position": line.position, "sum": formats.euro(line.amount), "counted": line.is_counted}
            if line.is_item
            else {"position": line.position}
            for row, line in zip(rows, estimate.document.lines, strict=True)
        },
        "net": formats.euro(totals.net),
        "groups": [[vat_label(group.vat), formats.euro(group.tax)] for group in totals.groups],
        "gross": formats.euro(totals.gross),
        "most": formats.euro(estimate.most) if estimate.has_choices else "",
        "least": formats.euro(estimate.least) if estimate.has_choices else "",
    }
    if estimate.margin:
        found["margin"] = formats.euro(estimate.margin.amount)
        found["margin_percent"] = formats.percent(estimate.margin.percent)
        found["margin_width"] = int(min(max(estimate.margin.percent, 0), 100))
    return found


def _fields(body):
    """The posted JSON as form data, or None."""
    try:
        posted = json.loads(body)
        data = QueryDict(mutable=True)
        for name, value in posted["fields"].items():
            data[str(name)[:60]] = str(value)[:5000]
        data["document"] = str(posted.get("document", "quote"))
        data.setlist("rows", [str(key) for key in posted["rows"]])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return data


def _item(item):
    return {
        "id": item.pk, "text": item.name, "number": item.number, "description": item.description,
        "unit": str(Unit(item.unit).label), "price": formats.euro(item.unit_price),
        "fields": {key: str(value) for key, value in _as_fields(item).items()},
    }  # fmt: skip


def _as_fields(item):
    row = Rows(QuoteRowForm).from_catalogue(item)
    names = ("text", "description", "unit", "unit_price", "vat", "cost_kind", "purchase_price")
    return {name: row[name].value() for name in names}


def _keep_pictures(request, quote, rows) -> dict[str, str]:
    """Store pictures at once, so that a mistake elsewhere does not lose them; returns refusals by row."""
    refused = {}
    allowed = set(quote.lines.exclude(picture=None).values_list("picture_id", flat=True))
    typed = {int(value) for row in rows if (value := str(row["picture"].value() or "")).isdecimal() and len(value) < 19}
    allowed |= set(
        Attachment.objects.filter(
            pk__in=typed - allowed, customer=quote.customer, kind=Attachment.Kind.PHOTO, deleted_at=None
        ).values_list("pk", flat=True)
    )
    for row in rows:
        row.data = row.data.copy()
        name = row.add_prefix("picture")
        if str(row.data.get(name, "")) not in {str(pk) for pk in allowed}:
            row.data[name] = ""
        file = request.FILES.get(row.add_prefix("picture_file"))
        if file is None or row["kind"].value() != LineKind.ITEM:
            continue
        try:
            if not attachments.check(file).startswith("image/"):
                raise Refusal(_("Wir können JPG, PNG und HEIC annehmen."))
            kept = attachments.add(quote.customer, file, by=request.member, is_told=False)
        except Refusal as refusal:
            refused[row.key] = refusal.message
        else:
            row.data[name] = str(kept.pk)
    return refused


def chosen_customer(request):
    pk = request.POST.get("kunde") or request.GET.get("kunde") or ""
    if not pk:
        return None
    return get_object_or_404(Customer.objects.active(), pk=pk if pk.isdecimal() and len(pk) < 19 else 0)


def customers_for(search):
    """Customers to offer: the matches, or those who were last in touch."""
    active = Customer.objects.active()
    if search:
        return list(active.matching(search).order_by("name", "pk")[:SHOWN])
    return list(active.order_by("-updated_at", "-pk")[:SHOWN])


def _templates(wanted, customer):
    """Earlier quotes to begin with, the customer's own first."""
    found = Quote.objects.select_related("customer").order_by("-created_at", "-pk")
    for word in wanted.split()[:6]:
        found = found.filter(Q(title__icontains=word) | Q(number__icontains=word) | Q(customer__name__icontains=word))
    shown = list(found[:SHOWN])
    return sorted(shown, key=lambda quote: quote.customer_id != customer.pk)

"""Writing a quote: a plain form with rows. The script (static/js/quote_editor.js) saves by itself and shortens the way."""

from django.contrib import messages
from django.db.models import Q
from django.http import JsonResponse
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
from billing import building_blocks, drafting, quotes, rendering
from billing.forms import StartForm
from billing.models import Quote, QuoteTemplate, TextBlock
from billing.models.fields import Unit
from billing.row_forms import QuoteRowForm
from billing.rows import Rows
from billing.tax_forms import TaxedQuoteForm
from billing.views import editing, editor_files
from crm.models import Customer
from crm.states import NotAllowed

SHOWN = 8  # customers and earlier quotes offered at once
NEXT = {  # where the buttons lead that save first
    "send": lambda quote: f"{quote.get_absolute_url()}?senden=1#senden",
    "copy": lambda quote: reverse("billing:quote_copy_rows", args=[quote.pk]),
    "template": lambda quote: reverse("billing:quote_template_create", args=[quote.pk]),
}


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.WRITE_DOCUMENTS)
def quote_create(request):
    """Choose the customer, then begin with an empty quote, a template, or an earlier quote."""
    customer = chosen_customer(request)
    form = StartForm()
    if request.method == "POST" and customer:
        if pk := request.POST.get("vorlage"):
            template = get_object_or_404(QuoteTemplate, pk=_as_pk(pk))
            return redirect("billing:quote_edit", building_blocks.start(template, customer, by=request.member).pk)
        if pk := request.POST.get("angebot"):
            earlier = get_object_or_404(Quote, pk=_as_pk(pk))
            return redirect("billing:quote_edit", quotes.duplicate(earlier, by=request.member, customer=customer).pk)
        form = StartForm(request.POST)
        if form.is_valid():
            quote = quotes.create(customer, by=request.member, title=form.cleaned_data["title"])
            return redirect("billing:quote_edit", quote.pk)
    search = request.GET.get("q", "").strip()
    found = customers_for(search) if not customer else []
    if not customer and search and len(found) == 1:
        return redirect(f"{reverse('billing:quote_create')}?kunde={found[0].pk}")
    wanted = request.GET.get("frueher", "").strip()
    return render(
        request,
        "billing/quote_create.html",
        {
            "form": form, "customer": customer, "search": search, "found": found, "wanted": wanted,
            "templates": QuoteTemplate.objects.defer("lines")[:100] if customer else [],
            "earlier": _own_first(earlier_quotes(wanted), customer) if customer else [],
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.WRITE_DOCUMENTS)
def quote_edit(request, pk):
    """The editor. Buttons: save, preview, save and go on (NEXT), and steps with rows for browsers without script."""
    quote = _quote(pk)
    if not quote.is_draft:
        return redirect(quote)
    if request.method != "POST":
        return _page(request, quote, TaxedQuoteForm(instance=quote), Rows(QuoteRowForm, stored=quote.lines.all()))
    if "step" in request.POST:
        rows = _rows(request)
        editor_files.keep_pictures(request, quote, rows)
        return _step(request, quote, rows)
    form, rows, is_valid = _typed(request, quote)
    if not is_valid:
        return _page(request, quote, form, rows, status=422, seen_at=request.POST.get("seen_at", ""))
    if request.POST.get("do") == "preview":  # shown as typed; nothing is stored
        return _preview(request, quote, rows=quotes.rows_of(rows.values()))
    try:
        _store(request, quote, form, rows)
    except Refusal as refusal:
        # what was typed stays; saving once more is then meant
        return _page(request, quote, form, rows, status=refusal.status, conflict=refusal.message)
    if go_on := NEXT.get(request.POST.get("do", "")):
        return redirect(go_on(quote))
    messages.success(request, _("Gespeichert um %(time)s.") % {"time": formats.clock(timezone.now())})
    return redirect("billing:quote_edit", quote.pk)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_save(request, pk):
    """What the script stores while a quote is written: the editor's form in, JSON out.

    200: stored, or with `errors` by field not stored: a row that is half typed is nothing a browser should complain of.
    409: somebody else saved meanwhile; `seen_at` lets the next save replace that.
    """
    quote = _quote(pk)
    if not quote.is_draft:
        return JsonResponse({"state": NotAllowed(quote).message}, status=NotAllowed.status)
    keys = list(dict.fromkeys(request.POST.getlist("rows")))
    form, rows, is_valid = _typed(request, quote)
    pictures = {
        key: {"pk": each.pk, "name": each.name, "url": _picture_url(each)}
        for key, each in editor_files.shown(rows).items()
    }
    answer: dict = {"pictures": pictures} if request.FILES else {}
    if not is_valid:
        errors = {name: found[0] for name, found in form.errors.items()}
        errors |= {row.add_prefix(name): found[0] for row in rows for name, found in row.errors.items()}
        where = {"where": editing.what_is_wrong(form, rows, keys)}
        state = _("noch nicht gesichert: %(where)s") % where
        return JsonResponse(answer | {"errors": errors, "state": state})
    try:
        stored = _store(request, quote, form, rows)
    except quotes.ChangedMeanwhile as refusal:
        answer |= {"conflict": refusal.message, "seen_at": _seen_at(quote)}
        return JsonResponse(answer, status=409)
    except Refusal as refusal:
        return JsonResponse(answer | {"state": refusal.message}, status=refusal.status)
    problems = [sentence for _field, sentence in quotes.problems(stored)]
    time = formats.clock_short(stored.updated_at)
    return JsonResponse(
        answer
        | {
            "seen_at": stored.updated_at.isoformat(),
            "problems": problems,
            "state": _("gesichert um %(time)s") % {"time": time},
        }
    )


@require_safe
@staff(Right.WRITE_DOCUMENTS)
def quote_preview(request, pk):
    """The PDF of a draft as it would look now, marked as a draft; not stored."""
    quote = _quote(pk)
    if not quote.is_draft:
        return redirect("billing:quote_pdf", quote.pk)
    return _preview(request, quote)


def _quote(pk):
    found = Quote.objects.select_related("customer", "business", "site", "building_description", "amends__quote")
    return get_object_or_404(found.prefetch_related("lines"), pk=pk)


def _rows(request):
    return Rows(QuoteRowForm, data=request.POST, files=request.FILES)


def _typed(request, quote):
    """Head and rows as posted, and whether all of it is right. Files are kept already."""
    rows = _rows(request)
    refused = editor_files.keep_pictures(request, quote, rows)
    form = TaxedQuoteForm(request.POST, request.FILES, instance=quote)
    is_valid = all([form.is_valid(), rows.is_valid()])
    for row in rows:
        if row.key in refused:
            row.add_error("picture_file", refused[row.key])
            is_valid = False
    if is_valid and "building_file" in form.fields:  # kept only with the quote, or every try would keep it once more
        try:
            quote.building_description = editor_files.keep_building_description(request, quote, form)
        except Refusal as refusal:
            form.add_error("building_file", refusal.message)
            is_valid = False
    return form, rows, is_valid


def _store(request, quote, form, rows):
    return quotes.change(
        quote, by=request.member, lines=rows.values(), seen_at=parse_datetime(request.POST.get("seen_at", "")),
        building_description=quote.building_description, **form.values(),
    )  # fmt: skip


def _preview(request, quote, *, rows=None):
    document = drafting.of_quote(quote, contact_name=str(request.member), rows=rows)
    return editing.pdf_preview(rendering.preview(document, quote.business), f"Entwurf-{quote.pk}")


def _step(request, quote, rows):
    found = editing.apply_step(request, rows)
    head = editing.typed_head(TaxedQuoteForm, request, quote)
    return _page(request, quote, head, rows, seen_at=request.POST.get("seen_at", ""), is_dirty=True, **found)


def _page(request, quote, form, rows, *, status=200, seen_at=None, conflict="", **more):
    if not rows.forms:
        rows.forms.append(rows.new())
    estimate = editing.estimate_for_page(
        form, rows, list(quote.lines.all()), mode=quote.mode, discount_percent=quote.discount_percent, is_quote=True,
        tax_case=quote.tax_case,
    )  # fmt: skip
    for row in rows:
        row.attachment = None
    by_key = {row.key: row for row in rows}
    for key, picture in editor_files.shown(rows).items():
        by_key[key].attachment = picture
    return render(
        request,
        "billing/quote_edit.html",
        {
            "quote": quote, "form": form, "rows": rows, "seen_at": seen_at or _seen_at(quote), "conflict": conflict,
            "estimate": estimate, "units": Unit.labels, "blocks": _blocks(),
            "small_business": current.business().is_small_business(on=timezone.localdate()),
            "problems": [] if rows.is_bound else quotes.problems(quote), **more,
        },
        status=status,
    )  # fmt: skip


def _seen_at(quote):
    return Quote.objects.values_list("updated_at", flat=True).get(pk=quote.pk).isoformat()


def _blocks():
    """The text blocks by place."""
    found = {place: [] for place in TextBlock.Place.values}
    for block in TextBlock.objects.defer("text"):
        found[block.place].append(block)
    return found


def _picture_url(attachment):
    return reverse("crm:attachment_preview", args=[attachment.pk]) if attachment.preview else ""


def chosen_customer(request):
    """The customer whom the address or the form names, or None."""
    pk = request.POST.get("kunde") or request.GET.get("kunde") or ""
    return get_object_or_404(Customer.objects.active(), pk=_as_pk(pk)) if pk else None


def customers_for(search):
    """Customers to offer: the matches, or those who were last in touch."""
    active = Customer.objects.active()
    if search:
        return list(active.matching(search).order_by("name", "pk")[:SHOWN])
    return list(active.order_by("-updated_at", "-pk")[:SHOWN])


def earlier_quotes(search):
    """Earlier quotes with all words in title, number or customer, newest first; one of each number, its last version."""
    found = (
        Quote.objects.select_related("customer").defer("document").filter(revision=None).order_by("-created_at", "-pk")
    )
    for word in search.split()[:6]:
        found = found.filter(Q(title__icontains=word) | Q(number__icontains=word) | Q(customer__name__icontains=word))
    return found


def _own_first(found, customer):
    return sorted(found[:SHOWN], key=lambda quote: quote.customer_id != customer.pk)


def _as_pk(text):
    return int(text) if text.isdecimal() and len(text) < 19 else 0

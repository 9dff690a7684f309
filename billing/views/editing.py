"""What the editors of quotes and invoices have in common: sums while typing, and steps without script."""

import json

from django import forms
from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import current, formats
from accounts.rights import Right
from accounts.staff import staff
from billing import building_blocks, choices, cost_splits, estimates, quotes, row_marks, tax_cases, tax_decisions
from billing.documents.model import LineKind, sections
from billing.forms import NumberField, write_number
from billing.models import CatalogueItem, InvoiceLine, TextBlock
from billing.row_forms import QuoteRowForm, RowForm
from billing.rows import Rows
from billing.templatetags.billing_documents import taxed, vat_label
from billing.views import catalogue

PLACES = TextBlock.Place
FIELD_WORDS = {
    "text": gettext_lazy("Leistung"), "quantity": gettext_lazy("Menge"), "unit": gettext_lazy("Einheit"),
    "unit_price": gettext_lazy("Einzelpreis"), "description": gettext_lazy("Beschreibung"), "vat": gettext_lazy("MwSt."),
    "discount_percent": gettext_lazy("Rabatt"), "purchase_price": gettext_lazy("Einkauf"),
    "alternative_set": gettext_lazy("Auswahl"), "max_quantity": gettext_lazy("Menge des Kunden"),
    "picture_file": gettext_lazy("Bild"), **dict.fromkeys(cost_splits.NAMES.values(), gettext_lazy("Aufteilung")),
}  # fmt: skip


class _SumsForm(forms.Form):
    """What of a document's head its sums need."""

    mode = forms.CharField(required=False)
    discount_percent = NumberField(places=2, min_value=-100, max_value=100, required=False)
    tax_case = forms.ChoiceField(choices=tax_decisions.CASES, required=False)


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
    rows = Rows(QuoteRowForm if is_quote else RowForm, data=data)
    return JsonResponse(sums(rows, data, is_quote=is_quote))


def sums(rows, data, *, is_quote):
    """The sums of typed rows as the script shows them."""
    head = _SumsForm(data)
    head.is_valid()
    valid = [row for row in rows if row.is_valid()]
    estimate = estimate_of(
        valid, mode="gross" if head.cleaned_data.get("mode") == "gross" else "net",
        discount_percent=head.cleaned_data.get("discount_percent") or 0, is_quote=is_quote,
        tax_case=head.cleaned_data.get("tax_case") or "",
    )  # fmt: skip
    _mark(valid, estimate)
    return _as_json(estimate, valid)


def estimate_of(rows, *, mode, discount_percent, is_quote, tax_case=""):
    """The estimate of row forms that are valid."""
    values = [row.values() for row in rows]
    lines = quotes.rows_of(values) if is_quote else [InvoiceLine(**each) for each in values]
    return _estimate(lines, mode, discount_percent, tax_case)


def _estimate(lines, mode, discount_percent, tax_case):
    today = timezone.localdate()
    return estimates.of_rows(
        lines, mode=mode, discount_percent=discount_percent, small_business=current.business().is_small_business(on=today),
        vat=tax_cases.vat(tax_case, today) if tax_case else None,
    )  # fmt: skip


def estimate_for_page(form, rows, stored, *, mode, discount_percent, is_quote, tax_case=""):
    """The sums that stand on the page before any script: of the stored rows, or of those typed rows that can be read."""
    if not rows.is_bound:
        estimate, shown = _estimate(stored, mode, discount_percent, tax_case), rows.forms
    else:
        shown = [row for row in rows if row.is_bound and row.is_valid()]
        discount = getattr(form, "cleaned_data", {}).get("discount_percent") or 0
        typed = "gross" if form["mode"].value() == "gross" else "net"
        case = form["tax_case"].value() if tax_case else ""
        known = case if case in set(tax_cases.TaxCase) else tax_case
        estimate = estimate_of(shown, mode=typed, discount_percent=discount, is_quote=is_quote, tax_case=known)
    for row in rows:
        row.marks = row_marks.of_row(row)
    _mark(shown, estimate)
    return estimate


def _mark(forms_, estimate):
    """Put position, amount and marks beside each row."""
    document = estimate.document
    subtotals = {
        part.heading.position: choices.price(document, part.heading) if part.heading.can_be_chosen else part.sum
        for part in sections(document)
        if part.heading
    }
    for form, line, margin in zip(forms_, document.lines, estimate.margins, strict=False):
        form.line = line
        form.sum = line.amount if line.is_item else subtotals.get(line.position)
        form.marks = row_marks.of_row(form, line, margin)


def _as_json(estimate, rows):
    totals = estimate.document.totals
    found = {
        "rows": {row.key: _row_as_json(row) for row in rows},
        "discount": formats.euro(-totals.discount) if totals.discount else "",
        "net": formats.euro(totals.net),
        "groups": [[vat_label(group.vat), formats.euro(group.tax)] for group in taxed(totals.groups)],
        "gross": formats.euro(totals.gross),
        "most": formats.euro(estimate.most) if estimate.has_choices else "",
        "least": formats.euro(estimate.least) if estimate.has_choices else "",
    }
    if estimate.margin:
        found["margin"] = formats.euro(estimate.margin.amount)
        found["margin_percent"] = formats.percent(estimate.margin.percent)
        found["margin_width"] = int(min(max(estimate.margin.percent, 0), 100))
    return found


def _row_as_json(row):
    found = {"position": row.line.position, "marks": row.marks, "counted": row.line.is_counted}
    if row.sum is not None:
        found["sum"] = formats.euro(row.sum)
    if split := row.cleaned_data.get("cost_split"):
        found["rest"] = write_number(split.get(row.cleaned_data["cost_kind"] or "material", 0), 2)
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


def apply_step(request, rows):
    """What a button without script asks of the rows: a step, a catalogue item or search, a text block."""
    command = request.POST.get("step", "")
    name, _colon, which = command.partition(":")
    if name == "catalogue" and which.isdecimal() and len(which) < 19:
        item = CatalogueItem.objects.filter(pk=which, archived_at=None).first()
        if item:
            mode = "gross" if request.POST.get("mode") == "gross" else "net"
            rows.forms.append(rows.from_catalogue(item, mode=catalogue.mode_of_prices(mode)))
    elif name == "block" and which == PLACES.ROW and (block := chosen_block(request.POST, which)):
        rows.forms.append(rows.new(LineKind.TEXT, **building_blocks.as_row(block)))
    else:
        rows.step(command)
    search = request.POST.get("katalog", "").strip()
    if name != "search" or not search:
        return {}
    return {"catalogue_search": search, "catalogue_found": catalogue.matching(search)[:10]}


def chosen_block(data, place):
    """The text block that is chosen for a place of the page, if any."""
    pk = data.get(f"baustein_{place}", "")
    return TextBlock.objects.filter(pk=pk, place=place).first() if pk.isdecimal() and len(pk) < 19 else None


def typed_head(form_class, request, instance):
    """The form's head as typed, not judged: for pages in between. A chosen text block is at the end of its text."""
    initial = {name: request.POST.get(name, "") for name in form_class(instance=instance).fields}
    _name, _colon, place = request.POST.get("step", "").partition(":")
    if place in {PLACES.INTRO, PLACES.CLOSING} and (block := chosen_block(request.POST, place)):
        initial[place] = "\n\n".join(filter(None, [initial[place].rstrip(), block.text]))
    return form_class(instance=instance, initial=initial)


def pdf_preview(content, name):
    """A PDF to look at in the browser."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def what_is_wrong(form, rows, keys) -> str:
    """Which field keeps a page from being saved, in a few words: "Menge in Zeile 3"."""
    for row in rows:
        for name in row.errors:
            place = {"field": FIELD_WORDS.get(name, _("Angabe")), "row": keys.index(row.key) + 1}
            return _("%(field)s in Zeile %(row)s") % place
    return rows.error or next((str(form.fields[name].label) for name in form.errors if name in form.fields), "")

"""Invoices that come again and again: list, page, and the run that bills what is due."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import current
from accounts.rights import Right
from accounts.staff import staff
from billing import invoice_runs, standing_invoices
from billing.documents.model import PriceMode
from billing.models import Invoice, InvoiceRun, StandingInvoice
from billing.models.fields import Unit
from billing.row_forms import RowForm
from billing.rows import Rows
from billing.standing_forms import RepeatForm, StandingForm, StandingStartForm
from billing.views import editing, quote_editor
from billing.views.paging import page


@require_safe
@staff(Right.SEE_MONEY)
def standing_list(request):
    """What is billed again and again, the next one first, and how the last run went."""
    today = timezone.localdate()
    shown = page(StandingInvoice.objects.select_related("customer"), request, by="next_from")
    for each in shown.rows:
        each.bills_on = standing_invoices.bills_on(each)
        each.is_due = bool(each.bills_on) and each.bills_on <= today and not each.is_paused
    run = InvoiceRun.objects.order_by("-created_at", "-pk").first()
    return render(
        request,
        "billing/standing_list.html",
        {"page": shown, "run": run, "is_going": run is not None and run.state != InvoiceRun.State.DONE, "today": today},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.ISSUE_INVOICES)
def standing_create(request):
    """A new one: choose the customer, say what for, when and how often; its rows come on the next page."""
    customer = quote_editor.chosen_customer(request)
    form = StandingStartForm()
    if request.method == "POST" and customer:
        form = StandingStartForm(request.POST)
        if form.is_valid():
            typed = form.cleaned_data
            row = {"text": typed["title"], "unit": Unit.LUMP_SUM.value}
            standing = standing_invoices.create(customer, by=request.member, lines=[row], **typed)
            return redirect("billing:standing_edit", standing.pk)
    search = request.GET.get("q", "").strip()
    found = quote_editor.customers_for(search) if not customer else []
    return render(
        request,
        "billing/standing_create.html",
        {"form": form, "customer": customer, "search": search, "found": found},
        status=422 if form.errors else 200,
    )


@require_POST
@staff(Right.ISSUE_INVOICES)
def invoice_repeat(request, pk):
    """Let an invoice come again and again: a standing invoice with its rows."""
    invoice = get_object_or_404(Invoice.objects.select_related("customer__business"), pk=pk)
    form = RepeatForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Bitte geben Sie an, ab wann und wie oft die Rechnung wiederkommen soll."))
        return redirect(invoice)
    standing = standing_invoices.create_from(invoice, by=request.member, **form.cleaned_data)
    messages.success(request, _("Angelegt. Bitte prüfen Sie, was jedes Mal berechnet wird."))
    return redirect("billing:standing_edit", standing.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.ISSUE_INVOICES)
def standing_edit(request, pk):
    """What is billed each time, for how long, and what was billed so far."""
    standing = _standing(pk)
    if request.method != "POST":
        rows = Rows(RowForm, stored=standing.lines.all(), day=timezone.localdate())
        return _page(request, standing, StandingForm(instance=standing), rows)
    rows = Rows(RowForm, data=request.POST, day=timezone.localdate())
    if "step" in request.POST:
        found = editing.apply_step(request, rows)
        return _page(request, standing, editing.typed_head(StandingForm, request, standing), rows, **found)
    form = StandingForm(request.POST, instance=standing)
    if not all([form.is_valid(), rows.is_valid()]):
        return _page(request, standing, form, rows, status=422)
    standing_invoices.change(_standing(pk), by=request.member, lines=rows.values(), **form.cleaned_data)
    messages.success(request, _("Gespeichert."))
    return redirect("billing:standing_edit", pk)


@require_POST
@staff(Right.ISSUE_INVOICES)
def standing_pause(request, pk):
    """Bill nothing until it is resumed."""
    standing_invoices.pause(_standing(pk), by=request.member)
    messages.success(request, _("Ausgesetzt. Es wird nichts berechnet, bis Sie fortsetzen."))
    return redirect("billing:standing_edit", pk)


@require_POST
@staff(Right.ISSUE_INVOICES)
def standing_resume(request, pk):
    """Go on, with or without the periods that went by."""
    standing_invoices.resume(_standing(pk), by=request.member, skip="skip" in request.POST)
    messages.success(request, _("Läuft wieder."))
    return redirect("billing:standing_edit", pk)


@require_POST
@staff(Right.ISSUE_INVOICES)
def standing_delete(request, pk):
    """Throw away what never billed anything."""
    standing_invoices.delete(_standing(pk), by=request.member)
    messages.success(request, _("Gelöscht."))
    return redirect("billing:standing_list")


@require_POST
@staff(Right.ISSUE_INVOICES)
def standing_run(request):
    """Bill what is due now; the list shows how far it is."""
    invoice_runs.start(until=timezone.localdate(), by=request.member)
    messages.success(request, _("Der Rechnungslauf hat begonnen."))
    return redirect("billing:standing_list")


def _standing(pk):
    return get_object_or_404(StandingInvoice.objects.select_related("customer", "business"), pk=pk)


def _page(request, standing, form, rows, *, status=200, **more):
    if not rows.forms:
        rows.forms.append(rows.new())
    estimate = editing.estimate_for_page(
        form, rows, list(standing.lines.all()), mode=PriceMode(standing.mode), discount_percent=0, is_quote=False,
    )  # fmt: skip
    return render(
        request,
        "billing/standing_edit.html",
        {
            "standing": standing, "form": form, "rows": rows, "estimate": estimate, "units": Unit.labels,
            "small_business": current.business().is_small_business(on=timezone.localdate()),
            "bills_on": standing_invoices.bills_on(standing),
            "billed": standing.invoices.order_by("-created_at", "-pk").defer("document")[:12], **more,
        },
        status=status,
    )  # fmt: skip

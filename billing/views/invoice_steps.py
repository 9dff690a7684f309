"""Beginning invoices of a certain kind: part payment and partial invoice of an order, correction and reduction of an
invoice.
"""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing import claims, corrections, part_payments, partial_invoices
from billing.invoice_forms import CorrectForm, PartialInvoiceForm, PartPaymentForm, ReduceForm
from billing.models import Invoice, Order
from crm import recipients


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.WRITE_DOCUMENTS)
def order_part_payment(request, pk):
    """How much of an order is asked for now: a draft comes of it."""
    order = _order(pk)
    form = PartPaymentForm(request.POST if request.method == "POST" else None, order=order)
    if form.is_valid():
        try:
            return redirect(part_payments.draft(order, by=request.member, **form.cleaned_data))
        except Refusal as refusal:
            _say(form, refusal)
    context = {
        "order": order,
        "form": form,
        "standing": claims.standing(order),
        "before": list(claims.part_payments(order)),
        "why_not": _refused(order),
    }
    return render(request, "billing/order_part_payment.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.WRITE_DOCUMENTS)
def order_partial_invoice(request, pk):
    """Which positions of an order are billed by themselves: a draft comes of it."""
    order = _order(pk)
    rows = claims.unbilled_rows(order)
    form = PartialInvoiceForm(request.POST if request.method == "POST" else None, rows=rows)
    if form.is_valid():
        try:
            return redirect(partial_invoices.draft(order, by=request.member, rows=form.ids()))
        except Refusal as refusal:
            _say(form, refusal)
    chosen = set(form["rows"].value() or [])
    context = {
        "order": order,
        "form": form,
        "rows": [(row, str(row.pk) in chosen) for row in rows],
        "why_not": _refused(order),
    }
    return render(request, "billing/order_partial_invoice.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.WRITE_DOCUMENTS)
def invoice_correct(request, pk):
    """What is wrong with an invoice: the draft of its correction comes of it."""
    invoice = _invoice(pk)
    form = CorrectForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return redirect(corrections.correct(invoice, by=request.member, **form.cleaned_data))
        except Refusal as refusal:
            _say(form, refusal)
    return _page(request, "billing/invoice_correct.html", invoice, form)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def correction_take_back(request, pk):
    """Begin the correction that takes this one back."""
    return redirect(corrections.take_back(_invoice(pk), by=request.member))


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.ISSUE_INVOICES)
def invoice_reduce(request, pk):
    """Take something off the price of an issued invoice; the page says what follows before it happens."""
    invoice = _invoice(pk)
    initial = {"send_to": invoice.send_to or recipients.for_invoices(invoice.customer)}
    form = ReduceForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            reduction = corrections.reduce(invoice, by=request.member, **form.cleaned_data)
        except Refusal as refusal:
            _say(form, refusal)
        else:
            messages.success(request, _("Preisnachlass %(number)s ist gestellt.") % {"number": reduction.number})
            return redirect(invoice)
    return _page(request, "billing/invoice_reduce.html", invoice, form, left=corrections.left_to_reduce(invoice))


def _order(pk):
    return get_object_or_404(Order.objects.select_related("customer", "business", "quote"), pk=pk)


def _invoice(pk):
    found = Invoice.objects.exclude(state=Invoice.State.DRAFT).select_related("customer", "business", "order")
    return get_object_or_404(found, pk=pk)


def _refused(order):
    """Why nothing can be asked for before the end of the order; empty when it can."""
    try:
        part_payments.refuse_closed(order)
    except Refusal as refusal:
        return refusal.message
    return ""


def _say(form, refusal):
    """The refusal at its field; one of no field of the form is the page's own."""
    if refusal.field not in form.fields:
        raise refusal
    form.add_error(refusal.field, refusal.message)


def _page(request, template, invoice, form, **more):
    can = invoice.is_demand and invoice.state in corrections.STANDING
    is_part = invoice.kind == Invoice.Kind.PART_PAYMENT
    context = {"invoice": invoice, "form": form, "can": can, "is_part": is_part, **more}
    return render(request, template, context, status=422 if form.errors else 200)

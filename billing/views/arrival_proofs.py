"""The proof that goods sold free of tax arrived elsewhere: the form to have signed, and what came back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing import arrival_proofs
from billing.arrival_forms import ArrivalForm
from billing.models import Invoice
from billing.tax_cases import TaxCase
from billing.views.editing import pdf_preview


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.WRITE_DOCUMENTS)
def arrival_proof(request, pk):
    """Note the proof of an invoice."""
    invoice = _invoice(pk)
    form = ArrivalForm(
        request.POST if request.method == "POST" else None, request.FILES or None, invoice=invoice,
        initial={"signed_by": invoice.customer.name},
    )  # fmt: skip
    if form.is_valid():
        try:
            arrival_proofs.note(invoice, by=request.member, **form.cleaned_data)
        except Refusal as refusal:
            if refusal.field not in form.fields:
                raise
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("Der Nachweis ist eingetragen."))
            return redirect(invoice)
    context = {
        "invoice": invoice,
        "form": form,
        "proof": arrival_proofs.latest(invoice),
        "has_form": _has_form(invoice),
    }
    return render(request, "billing/arrival_proof.html", context, status=422 if form.errors else 200)


@require_safe
@staff(Right.SEE_MONEY)
def arrival_proof_form(request, pk):
    """The form that the customer signs, as a PDF."""
    invoice = _invoice(pk)
    if not _has_form(invoice):
        raise Http404
    return pdf_preview(arrival_proofs.form_pdf(invoice), f"Gelangensbestaetigung-{invoice.number}")


def _invoice(pk):
    found = Invoice.objects.exclude(state=Invoice.State.DRAFT).select_related("customer", "business")
    invoice = get_object_or_404(found, pk=pk)
    if not arrival_proofs.is_asked(invoice):
        raise Http404
    return invoice


def _has_form(invoice):
    return invoice.tax_case == TaxCase.EU_GOODS

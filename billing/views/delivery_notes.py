"""Delivery notes: written on the page of an order, fetched as paper."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing import delivery_notes
from billing.delivery_forms import DeliveryForm
from billing.models import DeliveryNote, Order
from billing.views import documents


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.WRITE_NOTES)
def delivery_note_create(request, pk):
    """What is handed over, position by position; the note is numbered and cannot be changed afterwards."""
    order = get_object_or_404(Order.objects.select_related("customer", "business"), pk=pk)
    form = DeliveryForm(request.POST or None, order=order)
    if request.method == "POST" and form.is_valid():
        typed = {name: form.cleaned_data[name] for name in ("delivered_on", "received_by")}
        try:
            note = delivery_notes.write(order, quantities=form.quantities, by=request.member, **typed)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            delivery_notes.draw(note)
            messages.success(request, _("%(number)s ist geschrieben.") % {"number": note.number})
            return redirect(note)
    return render(
        request, "billing/delivery_note_create.html", {"form": form, "order": order}, status=422 if form.errors else 200
    )


@require_safe
@staff(Right.SEE_ORDERS)
def delivery_note_pdf(request, pk):
    """The stored paper."""
    note = get_object_or_404(DeliveryNote.objects.select_related("order", "business"), pk=pk)
    return documents.stored_file(request, note.order, note.pdf, f"{note.number}.pdf")

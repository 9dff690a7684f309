"""The check of a customer's VAT ID."""

from django.contrib import messages as flash
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rights import Right
from accounts.staff import staff
from crm import vat_id_checks
from crm.forms import VatIdCheckForm
from crm.models import Customer
from crm.views import customers


@require_POST
@staff(Right.WRITE_CONTACTS)
def vat_id_check(request, pk):
    """Keep what the tax office answered about the VAT ID."""
    customer = get_object_or_404(Customer, pk=pk)
    form = VatIdCheckForm(request.POST)
    if not form.is_valid():
        return customers.show(request, customer, vat_id_form=form, status=422)
    vat_id_checks.record(customer, by=request.member, **form.cleaned_data)
    flash.success(request, _("Prüfung der USt-IdNr. eingetragen."))
    return redirect(f"{customer.get_absolute_url()}#ust-id")


@require_POST
@staff(Right.WRITE_CONTACTS)
def vat_id_ask(request, pk):
    """Have the tax office asked about the VAT ID; the answer stands on the contact's page when it is there."""
    customer = get_object_or_404(Customer.objects.select_related("business"), pk=pk)
    vat_id_checks.ask(customer, by=request.member)
    flash.success(request, _("Das Bundeszentralamt für Steuern wird gefragt. Die Antwort steht gleich hier."))
    return redirect(f"{customer.get_absolute_url()}#ust-id")

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

"""The customer's way to all documents, as the office hands it out and closes it."""

from django.contrib import messages as flash
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rights import Right
from accounts.staff import staff
from crm import center_links
from crm.models import Customer


@require_POST
@staff(Right.WRITE_CONTACTS)
def center_invite(request, pk):
    """Mail the link to the stored address; the code is asked for there."""
    customer = get_object_or_404(Customer.objects.active(), pk=pk)
    center_links.invite(customer)
    flash.success(request, _("Der Link geht an %(to)s.") % {"to": customer.email})
    return redirect(customer)


@require_POST
@staff(Right.WRITE_CONTACTS)
def center_close(request, pk):
    """Close every link to all documents; those to single documents stay as they are."""
    customer = get_object_or_404(Customer, pk=pk)
    center_links.close_all(customer)
    flash.success(request, _("Der Zugang ist gesperrt. Mit einem neuen Code kann der Kunde wieder hinein."))
    return redirect(customer)

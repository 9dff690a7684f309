"""Asking customers for a time, and what they answered."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from crm import access, agenda, appointment_news, arrangements
from crm.agenda_forms import ArrangementForm
from crm.models import Customer
from crm.views import undo


@require_http_methods(["GET", "POST"])
@staff(Right.WRITE_CONTACTS)
def arrangement_create(request, pk):
    """Propose times, or let the customer pick one; the mail with the link leaves at once."""
    customer = get_object_or_404(Customer.objects.active(), pk=pk)
    place = ", ".join(filter(None, [customer.street, f"{customer.postcode} {customer.city}".strip()]))
    form = ArrangementForm(
        request.POST if request.method == "POST" else None, member=request.member, initial={"place": place}
    )
    if form.is_valid():
        try:
            arrangement = arrangements.propose(customer, by=request.member, **form.values)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            if appointment_news.recipient(arrangement):
                messages.success(request, _("Gesendet an %(address)s.") % {"address": customer.email})
            return redirect(arrangement)
    context = {"form": form, "customer": customer}
    return render(request, "crm/arrangement_create.html", context, status=422 if form.errors else 200)


@require_safe
@staff(Right.SEE_NOTES)
def arrangement_detail(request, pk):
    """What was asked, what came back, and the customer's link."""
    arrangement = get_object_or_404(agenda.visible_arrangements(request.member), pk=pk)
    link = access.links_to(arrangement).first()
    context = {
        "arrangement": arrangement, "customer": arrangement.customer, "link": link,
        "link_url": access.url(link) if link and link.is_open and request.rights.write_contacts else "",
        "times": arrangement.times.all(),
    }  # fmt: skip
    return render(request, "crm/arrangement_detail.html", context)


@require_POST
@staff(Right.WRITE_CONTACTS)
def arrangement_close(request, pk):
    """Take the question back."""
    arrangement = get_object_or_404(agenda.visible_arrangements(request.member), pk=pk)
    arrangements.close(arrangement)
    messages.success(request, _("Der Terminvorschlag ist zurückgezogen."))
    return redirect(arrangement)


@require_POST
@staff(Right.WRITE_NOTES)
def arrangement_read(request, pk):
    """The answer was seen; the row leaves "Heute"."""
    arrangement = get_object_or_404(agenda.visible_arrangements(request.member), pk=pk)
    arrangements.mark_read(arrangement)
    text = _("Gelesen: %(title)s, %(customer)s") % {"title": arrangement.title, "customer": arrangement.customer}
    return undo.offer(redirect("today"), text, reverse("crm:arrangement_unread", args=[pk]))


@require_POST
@staff(Right.WRITE_NOTES)
def arrangement_unread(request, pk):
    arrangement = get_object_or_404(agenda.visible_arrangements(request.member), pk=pk)
    arrangements.mark_unread(arrangement)
    return undo.taken(redirect("today"))

"""On site: today's own appointments, and a note with photos in three taps (ux.md 4.3, 5.3)."""

import uuid

from django.contrib import messages as flash
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from crm import agenda, notes
from crm.forms import SiteNoteForm
from crm.models import Customer
from crm.views import recent

PICKED = 20


@require_safe
@staff(Right.SEE_NOTES)
def on_site(request):
    """The signed-in person's day: each appointment one tap away from a note."""
    today = timezone.localdate()
    own = agenda.appointments(request.member, on=today).filter(assignee=request.member)
    return render(request, "crm/on_site.html", {"appointments": own, "today": today})


@require_http_methods(["GET", "POST"])
@staff(Right.WRITE_NOTES)
def site_note(request):
    """A note on site. Plain form; static/js/site_note.js sends the same form and asks for JSON."""
    wants_json = request.headers.get("Accept") == "application/json"
    if request.method == "POST":
        form = SiteNoteForm(request.POST, request.FILES)
        if form.is_valid():
            return _saved(request, form, wants_json)
        if wants_json:
            return JsonResponse({"errors": [error for errors in form.errors.values() for error in errors]}, status=422)
        posted = form.cleaned_data.get("customer")
        return render(request, "crm/site_note.html", {"form": form, "customer": posted}, status=422)
    customer, why = _about_whom(request)
    if customer is None:
        return redirect("crm:site_customer")
    form = SiteNoteForm(initial={"customer": customer.pk, "client_id": uuid.uuid4()})
    return render(request, "crm/site_note.html", {"form": form, "customer": customer, "why": why})


@require_safe
@staff(Right.WRITE_NOTES)
def site_customer(request):
    """Choose whom the note is about."""
    search = request.GET.get("q", "").strip()[:100]
    found = Customer.objects.active()
    found = found.matching(search).order_by("name", "pk") if search else found.order_by("-updated_at", "-pk")
    return render(request, "crm/site_customer.html", {"customers": found[:PICKED], "search": search})


def _saved(request, form, wants_json):
    data = form.cleaned_data
    customer = data.pop("customer")
    try:
        notes.add(customer, by=request.member, is_from_site=True, **data)
    except Refusal as refusal:
        if not wants_json:
            raise
        return JsonResponse({"errors": [refusal.message]}, status=refusal.status)
    flash.success(request, _("Gesichert: Notiz zu %(customer)s.") % {"customer": customer})
    if wants_json:
        return JsonResponse({"url": customer.get_absolute_url()}, status=201)
    return redirect(customer)


def _about_whom(request) -> tuple[Customer | None, str]:
    """The chosen contact; else that of the own appointment now, else the one opened last. With the reason in words."""
    if (chosen := request.GET.get("kunde", "")).isdecimal():
        return get_object_or_404(Customer.objects.active(), pk=chosen[:18]), ""
    if appointment := agenda.appointment_now(request.member):
        return appointment.customer, _("%(title)s, Termin jetzt") % {"title": appointment.title}
    if opened := recent.last(request):
        return opened, _("zuletzt geöffnet")
    return None, ""

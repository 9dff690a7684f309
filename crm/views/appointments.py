"""Appointments of the office: the week, written down, moved, called off."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.formats import clock_short
from accounts.rights import Right
from accounts.staff import staff
from crm import agenda, appointments, calendar_weeks, scheduling
from crm.forms import AppointmentForm, members
from crm.models import Appointment, Arrangement, Customer
from crm.slots import Span
from crm.views import customers, undo

PICKED = 20
OPEN_SHOWN = 50


@require_safe
@staff(Right.SEE_NOTES)
def calendar(request):
    """A week: appointments, tasks with a day, holidays; who may not see everything sees their own."""
    sees_all = agenda.sees_all(request.member)
    found = members().order_by("user__name", "pk") if sees_all else []
    people = [each for each in found if Right.SEE_NOTES in each.rights]
    chosen = next((each for each in people if str(each.pk) == request.GET.get("wer", "")), None)
    first = calendar_weeks.read(request.GET.get("woche", ""), otherwise=timezone.localdate())
    asked = Arrangement.objects.filter(state=Arrangement.State.OPEN).select_related("customer", "assignee__user")
    if chosen or not sees_all:
        asked = asked.filter(assignee=chosen or request.member)
    context = {
        "week": calendar_weeks.week(first, assignee=chosen or (None if sees_all else request.member)),
        "today": timezone.localdate(), "people": people, "chosen": chosen, "sees_all": sees_all,
        "asked": asked.order_by("created_at", "pk")[:OPEN_SHOWN],
    }  # fmt: skip
    return render(request, "crm/calendar.html", context)


@require_POST
@staff(Right.WRITE_NOTES)
def appointment_add(request, pk):
    """Out of the composer of a contact."""
    customer = get_object_or_404(Customer, pk=pk)
    form = AppointmentForm(request.POST, member=request.member)
    if not form.is_valid():
        return customers.show(request, customer, bound=form, status=422)
    _add(request, customer, form)
    return redirect(customer)


@require_http_methods(["GET", "POST"])
@staff(Right.WRITE_NOTES)
def appointment_create(request):
    """Out of the calendar: first whom it is with, then when."""
    chosen = request.GET.get("kunde", "")
    if not (chosen.isascii() and chosen.isdecimal()):
        search = request.GET.get("q", "").strip()[:100]
        found = Customer.objects.active()
        found = found.matching(search).order_by("name", "pk") if search else found.order_by("-updated_at", "-pk")
        context = {"customers": found[:PICKED], "search": search}
        return render(request, "crm/appointment_create.html", context)
    customer = get_object_or_404(Customer.objects.active(), pk=chosen[:18])
    day = request.GET.get("tag", "")
    initial = {"place": _place(customer), "day": day, "is_told": bool(customer.email)}
    form = AppointmentForm(request.POST if request.method == "POST" else None, member=request.member, initial=initial)
    if form.is_valid():
        appointment = _add(request, customer, form)
        return redirect(f"{reverse('crm:calendar')}?woche={_week(appointment)}")
    context = {"form": form, "customer": customer}
    return render(request, "crm/appointment_create.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@staff(Right.SEE_NOTES)
def appointment_edit(request, pk):
    """Move it or write it down anew; who only reads sees it. The customer who knows of it is told."""
    appointment = get_object_or_404(agenda.visible_appointments(request.member), pk=pk)
    starts, ends = timezone.localtime(appointment.starts_at), timezone.localtime(appointment.ends_at)
    initial = {
        "title": appointment.title, "place": appointment.place, "assignee": appointment.assignee_id, "day": starts.date(),
        "starts": starts.time(), "ends": ends.time(),
    }  # fmt: skip
    form = AppointmentForm(request.POST if request.method == "POST" else None, member=request.member, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        appointments.change(
            appointment, by=request.member, starts_at=form.moment("starts"), ends_at=form.moment("ends"),
            title=data["title"], place=data["place"], assignee=data["assignee"] or appointment.assignee,
        )  # fmt: skip
        _warn(request, appointment)
        return redirect(f"{reverse('crm:calendar')}?woche={_week(appointment)}")
    arrangement = appointments.arrangement_of(appointment)
    context = {"form": form, "appointment": appointment, "arrangement": arrangement, "customer": appointment.customer}
    return render(request, "crm/appointment_edit.html", context, status=422 if form.errors else 200)


@require_POST
@staff(Right.WRITE_NOTES)
def appointment_cancel(request, pk):
    appointment = get_object_or_404(Appointment, pk=pk)
    appointments.cancel(appointment, by=request.member)
    text = _("Abgesagt: %(title)s") % {"title": appointment.title}
    return undo.offer(redirect(appointment.customer), text, reverse("crm:appointment_restore", args=[pk]))


@require_POST
@staff(Right.WRITE_NOTES)
def appointment_restore(request, pk):
    appointment = get_object_or_404(Appointment, pk=pk)
    appointments.restore(appointment)
    return undo.taken(redirect(appointment.customer))


def _add(request, customer, form):
    data = form.cleaned_data
    appointment = appointments.add(
        customer, data["title"], starts_at=form.moment("starts"), ends_at=form.moment("ends"), place=data["place"],
        assignee=data["assignee"], by=request.member, is_told=data["is_told"],
    )  # fmt: skip
    _warn(request, appointment)
    return appointment


def _warn(request, appointment):
    """The office may put two into the same hour; it is told so."""
    span = Span(appointment.starts_at, appointment.ends_at)
    for other in scheduling.meeting(span, assignee=appointment.assignee, without=appointment)[:3]:
        said = {"title": other.title, "customer": other.customer, "clock": clock_short(other.starts_at)}
        messages.warning(request, _("Zur selben Zeit: %(clock)s %(title)s, %(customer)s.") % said)


def _place(customer):
    return ", ".join(filter(None, [customer.street, f"{customer.postcode} {customer.city}".strip()]))


def _week(appointment):
    return calendar_weeks.name_of(timezone.localdate(appointment.starts_at))

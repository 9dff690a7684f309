"""When the business has time, and what customers may do with their appointments."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rights import Right
from accounts.staff import staff
from crm import holidays, scheduling
from crm.agenda_forms import DayOffForm, RulesForm
from crm.models import DayOff


@require_http_methods(["GET", "POST"])
@staff(Right.MANAGE_BUSINESS)
def settings_appointments(request):
    """Hours, rules, holidays, days off."""
    form = _rules(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        scheduling.change_rules(**form.values)
        messages.success(request, _("Gespeichert."))
        return redirect("crm:settings_appointments")
    return _settings(request, form, DayOffForm(), status=422 if form.errors else 200)


@require_POST
@staff(Right.MANAGE_BUSINESS)
def day_off_add(request):
    """Leave of a member, or holidays of the firm."""
    form = DayOffForm(request.POST)
    if not form.is_valid():
        return _settings(request, _rules(request), form, status=422)
    form.save()
    return redirect("crm:settings_appointments")


@require_POST
@staff(Right.MANAGE_BUSINESS)
def day_off_delete(request, pk):
    get_object_or_404(DayOff, pk=pk).delete()
    messages.success(request, _("Gelöscht."))
    return redirect("crm:settings_appointments")


def _rules(request, data=None):
    return RulesForm(data, instance=scheduling.rules(), land=request.business.state)


def _settings(request, form, day_off, *, status=200):
    today, rules = timezone.localdate(), scheduling.rules()
    days = holidays.of_year(today.year, request.business.state, tuple(rules.local_holidays)) | holidays.of_year(
        today.year + 1, request.business.state, tuple(rules.local_holidays)
    )
    context = {
        "rules": form, "day_off": day_off, "form": day_off if day_off.errors else form,
        "days_off": DayOff.objects.filter(last_on__gte=today).select_related("member__user"),
        "holidays": [(day, name) for day, name in sorted(days.items()) if day >= today][:8],
    }  # fmt: skip
    return render(request, "crm/settings_appointments.html", context, status=status)

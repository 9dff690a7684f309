"""Closing periods, what is missing in the books, how long papers are kept, and the procedure documentation."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts import businesses
from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing import books as periods
from billing import number_gaps, retention, unbilled
from billing import procedure as documentation
from billing.models import PeriodLock, ProcedureVersion

SHOWN = 50


class DayForm(forms.Form):
    """The last day of what is closed."""

    until = forms.DateField(label=gettext_lazy("Abschließen bis einschließlich"))


class HoldForm(forms.Form):
    """Until when nothing may be deleted, whatever its class; empty: by the law alone."""

    books_held_until = forms.DateField(
        label=gettext_lazy("Aufbewahrung verlängern bis"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Etwa solange eine Außenprüfung läuft (§ 147 Abs. 3 Satz 5 AO)."),
    )


@require_safe
@staff(Right.SEE_MONEY)
def books(request):
    """What is closed and can be closed; numbers and work that are missing; until when papers are kept."""
    today = timezone.localdate()
    hold = HoldForm(initial={"books_held_until": request.business.books_held_until})
    orders = list(unbilled.orders()[: SHOWN + 1])
    context = {
        "locked_until": periods.locked_until(),
        "months": periods.months(on=today),
        "locks": PeriodLock.objects.select_related("by__user").order_by("-until")[:12],
        "series": number_gaps.report(),
        "orders": orders[:SHOWN],
        "has_more": len(orders) > SHOWN,
        "kept": [(label, retention.period(kind, on=today), retention.retain_until(kind, today, on=today))
                 for kind, label in retention.KINDS.items()],
        "hold": hold,
    }  # fmt: skip
    return render(request, "billing/books.html", context)


@require_POST
@staff(Right.MANAGE_BUSINESS)
def books_lock(request):
    """Close a period for good."""
    form = DayForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Bitte wählen Sie einen Monat aus."), field="until")
    periods.lock(form.cleaned_data["until"], request.member)
    messages.success(request, _("Abgeschlossen. In diesen Zeitraum wird nichts mehr gebucht."))
    return redirect("billing:books")


@require_POST
@staff(Right.MANAGE_BUSINESS)
def books_hold(request):
    """Keep everything longer than the law asks, or as long as it asks again."""
    form = HoldForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Bitte geben Sie ein Datum an."), field="books_held_until")
    businesses.change(request.business, by=request.member, **form.cleaned_data)
    messages.success(request, _("Gespeichert."))
    return redirect("billing:books")


@require_safe
@staff(Right.AUDIT_BOOKS)
def procedure(request):
    """The newest procedure documentation, and all versions."""
    versions = list(ProcedureVersion.objects.select_related("by__user").defer("text").order_by("-version")[:SHOWN])
    newest = documentation.newest()
    context = {
        "versions": versions,
        "newest": newest,
        "parts": documentation.parts(newest) if newest else [],
        "is_outdated": request.rights.manage_business and newest is not None and documentation.text() != newest.text,
    }
    return render(request, "billing/procedure.html", context)


@require_POST
@staff(Right.MANAGE_BUSINESS)
def procedure_write(request):
    """Keep the documentation as things are now."""
    row = documentation.write(request.member)
    messages.success(request, _("Version %(number)s ist geschrieben.") % {"number": row.version})
    return redirect("billing:procedure")


@require_safe
@staff(Right.AUDIT_BOOKS)
def procedure_pdf(request, pk):
    """A version on paper."""
    row = get_object_or_404(ProcedureVersion.objects.select_related("business"), pk=pk)
    answer = HttpResponse(documentation.as_pdf(row), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="Verfahrensdokumentation-{row.version}.pdf"'
    return answer

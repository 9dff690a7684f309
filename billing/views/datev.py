"""The page for the tax adviser: months to hand over, what was handed over, the adviser's numbers and accounts."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import businesses
from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing.datev import account_settings, exports
from billing.datev_forms import AccountForm, ConfirmForm, DatevForm, MonthForm
from billing.models import DatevAccount, DatevExport
from billing.views import paging

SHOWN = 20


@require_http_methods(["GET", "HEAD"])
@staff(Right.SEE_MONEY)
def datev(request):
    """What can be handed over, and what was."""
    return _page(request)


@require_POST
@staff(Right.EXPORT_DATA)
def datev_export(request):
    """Hand a month over; a task writes the file."""
    form = MonthForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Bitte wählen Sie einen Monat."), field="month")
    try:
        export = exports.ask(form.cleaned_data["month"], by=request.member, is_correction=form.cleaned_data["again"])
    except Refusal as refusal:
        return _page(request, error=refusal.message, status=409)
    messages.success(request, _("Das Paket wird zusammengestellt. Buchungen: %(count)s.") % {"count": export.bookings})
    return redirect("billing:datev")


@require_POST
@staff(Right.EXPORT_DATA)
def datev_retry(request, pk):
    """Make a package that failed once more."""
    exports.retry(get_object_or_404(DatevExport, pk=pk), by=request.member)
    messages.success(request, _("Das Paket wird noch einmal zusammengestellt."))
    return redirect("billing:datev")


@require_safe
@staff(Right.EXPORT_DATA)
def datev_file(request, pk):
    """A package, as it was made."""
    export = get_object_or_404(DatevExport, pk=pk)
    if not export.file:
        raise Http404
    name = f"DATEV-{export.first_on:%Y-%m}-{export.pk}.zip"
    file = default_storage.open(export.file)
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.ISSUE_INVOICES)
def datev_settings(request):
    """The adviser's numbers, and the accounts that are booked on."""
    form = DatevForm(request.POST if request.method == "POST" else None, instance=request.business)
    if request.method == "POST" and form.is_valid():
        businesses.change(request.business, by=request.member, **form.cleaned_data)
        messages.success(request, _("Gespeichert."))
        return redirect("billing:datev")
    return _settings(request, form=form, status=422 if form.is_bound else 200)


@require_POST
@staff(Right.ISSUE_INVOICES)
def datev_account_set(request):
    """Book a case on another account."""
    form = AccountForm(request.POST)
    if form.is_valid():
        try:
            account_settings.set_account(request.business, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("Das Konto ist eingetragen."))
            return redirect("billing:datev_settings")
    return _settings(request, account=form, status=422)


@require_POST
@staff(Right.ISSUE_INVOICES)
def datev_account_forget(request, pk):
    """Book a case on the chart's own account again."""
    account_settings.forget(get_object_or_404(DatevAccount, pk=pk))
    messages.success(request, _("Das Konto ist entfernt. Es gilt wieder das des Kontenrahmens."))
    return redirect("billing:datev_settings")


@require_POST
@staff(Right.ISSUE_INVOICES)
def datev_account_confirm(request):
    """Note which accounts the adviser confirmed."""
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _settings(request, confirm=form, status=422)
    rows = account_settings.confirm(request.business, on=timezone.localdate(), by=request.member, **form.cleaned_data)
    messages.success(request, _("Bestätigte Konten: %(count)s.") % {"count": len(rows)})
    return redirect("billing:datev_settings")


def _page(request, *, error="", status=200):
    today = timezone.localdate()
    page = paging.page(DatevExport.objects.select_related("by__user"), request, size=SHOWN)
    context = {
        "months": exports.months(on=today),
        "unconfirmed": len(account_settings.unconfirmed(request.business, on=today)),
        "exports": page.rows,
        "older_url": page.next_query,
        "is_coming": any(not row.file and not row.failed_at for row in page.rows),
        "is_ready": bool(request.business.datev_consultant and request.business.datev_client),
        "error": error,
    }
    return render(request, "billing/datev.html", context, status=status)


def _settings(request, *, form=None, account=None, confirm=None, status=200):
    today = timezone.localdate()
    if form is None:
        form = DatevForm(instance=request.business)
    elif form.is_bound:
        request.business.refresh_from_db()
    mappings = account_settings.mappings(request.business, on=today)
    context = {
        "form": form,
        "account": account or AccountForm(initial={"valid_from": today.replace(month=1, day=1)}),
        "mappings": mappings,
        "confirm": confirm or ConfirmForm(),
        "has_doubts": any(each.doubt for each in mappings),
    }
    return render(request, "billing/datev_settings.html", context, status=status)

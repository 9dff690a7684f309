"""What customers owe, on any day."""

from django.http import FileResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.rights import Right
from accounts.staff import staff
from billing import open_items as ledgers
from billing.bank_forms import DayForm
from crm import contact_exports

SHOWN = 500  # rows on the page; the files have all


@require_safe
@staff(Right.SEE_MONEY)
def open_items(request):
    """Open invoices on a day by how long they are due, and what customers have paid too much."""
    day, today = _day(request), timezone.localdate()
    ledger = ledgers.at(day)
    context = {
        "ledger": ledger, "items": ledger.items[:SHOWN], "left_out": max(len(ledger.items) - SHOWN, 0), "day": day,
        "is_today": day == today, "ages": ledger.ages, "has_any": bool(ledger.items),
    }  # fmt: skip
    return render(request, "billing/open_items.html", context)


@require_safe
@staff(Right.EXPORT_DATA)
def open_items_csv(request):
    """All of it as a table."""
    return _file(request, ledgers.as_csv, contact_exports.CSV, "csv")


@require_safe
@staff(Right.EXPORT_DATA)
def open_items_xlsx(request):
    """All of it as a table."""
    return _file(request, ledgers.as_xlsx, contact_exports.XLSX, "xlsx")


def _file(request, write, content_type, suffix):
    day = _day(request)
    name = f"offene-posten-{day.isoformat()}.{suffix}"
    return FileResponse(write(day), as_attachment=True, filename=name, content_type=content_type)


def _day(request):
    """The day the address asks for; today where it names none, or one that is still to come."""
    today = timezone.localdate()
    form = DayForm(request.GET)
    day = form.cleaned_data["am"] if form.is_valid() else None
    return day if day and day <= today else today

"""The figures of a VAT return: a page and a table."""

from datetime import timedelta

from django.http import FileResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.rights import Right
from accounts.staff import staff
from billing import vat_returns
from crm import contact_exports


@require_safe
@staff(Right.SEE_MONEY)
def vat_report(request):
    """Turnover and tax of a month or a quarter, by case."""
    asked, today = _asked(request), timezone.localdate()
    found = vat_returns.of(request.business, asked)
    context = {
        "found": found,
        "rows": [(each, vat_returns.label(each.case)) for each in found.sums],
        "months": vat_returns.periods(on=today, is_quarter=False),
        "quarters": vat_returns.periods(on=today, is_quarter=True),
        "is_over": asked.last < today,
        "is_small": request.business.is_small_business(on=asked.last),
    }
    return render(request, "billing/vat_report.html", context)


@require_safe
@staff(Right.EXPORT_DATA)
def vat_report_csv(request):
    """The same with every document it is made of."""
    asked = _asked(request)
    table = vat_returns.as_csv(request.business, asked)
    return FileResponse(
        table, as_attachment=True, filename=f"umsatzsteuer-{asked.key}.csv", content_type=contact_exports.CSV
    )


def _asked(request) -> vat_returns.Period:
    """The period of the address; the month before this one where it names none."""
    last_month = timezone.localdate().replace(day=1) - timedelta(days=1)
    return vat_returns.period(request.GET.get("zeitraum", "")) or vat_returns.month_of(last_month)

"""What customers bring: revenue and margin over time, of all customers or of a segment."""

from django.http import FileResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.rights import Right
from accounts.staff import staff
from billing import customer_figures as figures_of_customers
from billing.views.quote_figures import HIGH, MOST_MONTHS, PERIODS, WIDTH, days_of
from crm import contact_exports, segments
from crm.models import Segment

SHOWN = 50


@require_safe
@staff(Right.SEE_MONEY)
def customer_figures(request):
    """Revenue and margin by month and customer, new customers against existing ones."""
    key, known = _period(request), _segments(request)
    segment = _chosen(request, known)
    figures = figures_of_customers.collect(**_selection(key, segment), most=SHOWN)
    context = {
        "figures": figures, "bars": _bars(figures.months[-MOST_MONTHS:]), "width": WIDTH, "period": key, "segment": segment,
        "months": list(reversed(figures.months)), "segments": known, "shown": SHOWN,
        "periods": [{"key": each, "label": label, "on": each == key} for each, label in PERIODS.items()],
    }  # fmt: skip
    return render(request, "billing/customer_figures.html", context)


@require_safe
@staff(Right.EXPORT_DATA)
def customer_figures_csv(request):
    """The customers of the period, one a line."""
    return _file(request, figures_of_customers.as_csv, contact_exports.CSV, "csv")


@require_safe
@staff(Right.EXPORT_DATA)
def customer_figures_xlsx(request):
    """The customers of the period, one a line."""
    return _file(request, figures_of_customers.as_xlsx, contact_exports.XLSX, "xlsx")


def _file(request, write, content_type, suffix):
    name = f"{_('umsatz-nach-kunden')}-{timezone.localdate().isoformat()}.{suffix}"
    opened = write(**_selection(_period(request), _chosen(request, _segments(request))))
    return FileResponse(opened, as_attachment=True, filename=name, content_type=content_type)


def _period(request) -> str:
    key = request.GET.get("zeit", "")
    return key if key in PERIODS else ""


def _segments(request) -> list[Segment]:
    return [each for each in Segment.objects.filter(deleted_at=None) if segments.may_see(each, request.rights)]


def _chosen(request, known) -> Segment | None:
    return next((each for each in known if str(each.pk) == request.GET.get("segment")), None)


def _selection(key, segment):
    return {**days_of(key), "customers": segments.members(segment) if segment else None}


def _bars(months):
    """The revenue of each month as bars of a drawing, existing customers below, new ones on top; the same numbers stand in
    the table. What was taken back in a month draws no bar.
    """
    if len(months) < 2:
        return []
    most, step = max(max(each.all.net for each in months), 1), WIDTH / len(months)
    wide = min(round(step * 0.6, 1), 36)
    found = []
    for place, each in enumerate(months):
        old, new = _high(each.existing.net, most), _high(each.new.net, most)
        found.append(
            {
                "month": each, "x": round(place * step + (step - wide) / 2, 1), "middle": round((place + 0.5) * step, 1),
                "wide": wide, "old_high": old, "old_y": HIGH - 20 - old, "new_high": new, "new_y": HIGH - 20 - old - new,
                "thousands": round(each.all.net / 1000),
            }
        )  # fmt: skip
    return found


def _high(net, most):
    return max(round(net * (HIGH - 45) / most), 0)

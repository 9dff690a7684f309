"""Why quotes become orders, or do not."""

from datetime import date, timedelta

from django.http import FileResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.rights import Right
from accounts.staff import staff
from billing import quote_figures
from crm import contact_exports

PERIODS = {
    "": gettext_lazy("12 Monate"),
    "90": gettext_lazy("90 Tage"),
    "jahr": gettext_lazy("dieses Jahr"),
    "vorjahr": gettext_lazy("letztes Jahr"),
    "alle": gettext_lazy("alles"),
}
WIDTH, HIGH = 640, 150  # of the drawing of months
MOST_MONTHS = 24


@require_safe
@staff(Right.SEE_MONEY)
def quote_insight(request):
    """Conversion by source, tag, month and version, and why the others were lost."""
    key = request.GET.get("zeit", "")
    key = key if key in PERIODS else ""
    figures = quote_figures.collect(**days_of(key))
    groups = [
        (_("Nach Herkunft"), _("Herkunft"), figures.sources),
        (_("Nach Tag"), _("Tag"), figures.tags),
        (_("Nach Fassungen"), _("Entschieden"), figures.versions),
    ]
    context = {
        "figures": figures, "groups": groups, "bars": _bars(figures.months[-MOST_MONTHS:]), "width": WIDTH, "period": key,
        "months": list(reversed(figures.months)),
        "periods": [{"key": each, "label": label, "on": each == key} for each, label in PERIODS.items()],
    }  # fmt: skip
    return render(request, "billing/quote_insight.html", context)


@require_safe
@staff(Right.EXPORT_DATA)
def quote_insight_csv(request):
    """The decided quotes of the period, one a line."""
    return _file(request, quote_figures.as_csv, contact_exports.CSV, "csv")


@require_safe
@staff(Right.EXPORT_DATA)
def quote_insight_xlsx(request):
    """The decided quotes of the period, one a line."""
    return _file(request, quote_figures.as_xlsx, contact_exports.XLSX, "xlsx")


def _file(request, write, content_type, suffix):
    name = f"angebote-{timezone.localdate().isoformat()}.{suffix}"
    opened = write(**days_of(request.GET.get("zeit", "")))
    return FileResponse(opened, as_attachment=True, filename=name, content_type=content_type)


def days_of(key) -> dict[str, date | None]:
    """First and last day of a period; twelve months where the address names none we know."""
    today = timezone.localdate()
    if key == "90":
        return {"since": today - timedelta(days=90), "until": today}
    if key == "jahr":
        return {"since": date(today.year, 1, 1), "until": today}
    if key == "vorjahr":
        return {"since": date(today.year - 1, 1, 1), "until": date(today.year - 1, 12, 31)}
    if key == "alle":
        return {"since": None, "until": None}
    return {"since": date(today.year - 1, today.month, 1), "until": today}


def _bars(months):
    """Decided and won quotes of each month as bars of a drawing; the same numbers stand in the table below it."""
    if len(months) < 2:
        return []
    most, step = max(each.decided for _month, each in months), WIDTH / len(months)
    wide = min(round(step * 0.6, 1), 36)
    return [
        {"month": month, "share": each, "x": round(place * step + (step - wide) / 2, 1), "middle": round((place + 0.5) * step, 1),
         "wide": wide, "all_high": _high(each.decided, most), "all_y": HIGH - 20 - _high(each.decided, most),
         "won_high": _high(each.won, most), "won_y": HIGH - 20 - _high(each.won, most)}
        for place, (month, each) in enumerate(months)
    ]  # fmt: skip


def _high(count, most):
    return round(count * (HIGH - 45) / most)

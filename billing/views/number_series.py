"""The settings of number series: what the next number will be, and how the series goes on."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing import number_series
from billing.number_forms import SeriesForm
from crm.models import NumberRange


@require_safe
@staff(Right.MANAGE_BUSINESS)
def number_series_list(request):
    """All series of this year, each with its next number."""
    return _page(request)


@require_POST
@staff(Right.MANAGE_BUSINESS)
def number_series_change(request):
    """Let a series go on otherwise."""
    series = request.POST.get("series", "")
    if series not in number_series.DOCUMENTS:
        raise Http404
    form = SeriesForm(request.POST, prefix=series)
    if form.is_valid():
        try:
            found = number_series.change(
                NumberRange.Kind(series), timezone.localdate().year, by=request.member, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("Die nächste Nummer ist %(number)s.") % {"number": found.example})
            return redirect("billing:number_series_list")
    return _page(request, form=form, status=422)


def _page(request, *, form=None, status=200):
    rows = []
    for each in number_series.of_year(timezone.localdate().year):
        bound = form if form is not None and form.prefix == each.kind else None
        rows.append(
            (each, bound or SeriesForm(prefix=each.kind, initial={"prefix": each.prefix, "next_number": each.next}))
        )
    return render(request, "billing/number_series_list.html", {"rows": rows, "form": form}, status=status)

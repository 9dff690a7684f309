"""Telling a customer that a Kostenvoranschlag will be exceeded (§ 649 BGB)."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing import overruns
from billing.forms import NumberField
from billing.models import Order
from billing.models.fields import LARGEST


class OverrunForm(forms.Form):
    """What it will come to, and why."""

    expected = NumberField(
        label=gettext_lazy("Voraussichtliche Endsumme, brutto"), shown=2, min_value=0, max_value=LARGEST,
        error_messages={"required": gettext_lazy("Bitte tragen Sie die voraussichtliche Summe ein.")},
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Warum wird es mehr?"),
        help_text=gettext_lazy("Der Kunde liest es, zum Beispiel: Unter dem Putz kam Feuchtigkeit zum Vorschein."),
        max_length=overruns.LONGEST,
        error_messages={"required": gettext_lazy("Bitte nennen Sie den Grund.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.WRITE_DOCUMENTS)
def order_overrun(request, pk):
    """The announcement: sum, reason, what the customer may do; goes out as a mail, or is printed."""
    order = get_object_or_404(Order.objects.select_related("customer", "business", "quote"), pk=pk)
    standing = overruns.of_order(order)
    if standing is None:
        raise Http404
    form = OverrunForm(request.POST or None, initial={"expected": max(standing.invoiced, standing.estimated)})
    printed = None
    if form.is_valid():
        try:
            is_mailed = overruns.announce(order, by=request.member, **form.cleaned_data)
        except Refusal as refusal:
            if not refusal.field:
                raise
            form.add_error(refusal.field, refusal.message)
        else:
            if is_mailed:
                messages.success(request, _("Die Überschreitung ist dem Kunden angekündigt."))
                return redirect(order)
            # nobody to mail to: the words are for a letter
            printed = overruns.letter(order, **form.cleaned_data)
    context = {"order": order, "standing": standing, "form": form, "printed": printed}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "billing/order_overrun.html", context, status=status)

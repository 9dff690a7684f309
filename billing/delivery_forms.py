"""What is typed about a delivery note."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing import delivery_notes
from billing.forms import DAY, NumberField
from billing.models.fields import LARGEST


class DeliveryForm(forms.Form):
    """The day, who took it, and a quantity for each position of the order; what is left to hand over is filled in."""

    delivered_on = forms.DateField(
        label=_("Geliefert am"), initial=timezone.localdate, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages={"invalid": _("Bitte prüfen Sie das Datum.")},
    )  # fmt: skip
    received_by = forms.CharField(label=_("Angenommen von (freiwillig)"), max_length=120, required=False)

    def __init__(self, *args, order, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = delivery_notes.rows_of(order)
        for row, left in self.rows:
            self.fields[f"menge-{row.pk}"] = NumberField(
                label=f"{row.text}, {row.get_unit_display()}", places=3, min_value=0, max_value=LARGEST, required=False,
                initial=left,
            )  # fmt: skip

    @property
    def quantities(self) -> dict[int, Decimal]:
        """What is handed over, by the id of the order's row."""
        return {row.pk: self.cleaned_data[f"menge-{row.pk}"] or Decimal(0) for row, _left in self.rows}

"""What staff note about the proof that goods arrived elsewhere."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.arrival_proofs import OF_CASE
from billing.forms import DAY
from billing.models import ArrivalProof
from billing.tax_cases import TaxCase

WITHOUT = _("Bitte füllen Sie dieses Feld aus.")


class ArrivalForm(forms.Form):
    """Kind, place, month, day, signature, file (§ 17b (2) UStDV)."""

    kind = forms.ChoiceField(label=_("Nachweis"))
    place = forms.CharField(label=_("Ort und Staat der Ankunft"), max_length=120, error_messages={"required": WITHOUT})
    arrived_in = forms.DateField(
        label=_("Monat der Ankunft"), input_formats=["%Y-%m", "%m/%Y", "%m.%Y", "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        error_messages={"required": WITHOUT, "invalid": _("Bitte geben Sie Monat und Jahr an, zum Beispiel 11/2026.")},
    )  # fmt: skip
    issued_on = forms.DateField(
        label=_("Ausgestellt am"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages={"required": WITHOUT, "invalid": _("Bitte prüfen Sie das Datum.")},
    )  # fmt: skip
    signed_by = forms.CharField(
        label=_("Unterschrieben oder gesendet von"), max_length=120, error_messages={"required": WITHOUT}
    )
    file = forms.FileField(label=_("Datei"), required=False, help_text=_("Scan oder PDF des Nachweises."))

    def __init__(self, *args, invoice, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = OF_CASE[TaxCase(invoice.tax_case)]
        self.fields["kind"].choices = [(kind.value, ArrivalProof.Kind(kind).label) for kind in kinds]  # type: ignore[attr-defined]

"""What owners type about their number series."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing import number_series
from crm.models import NumberRange


class SeriesForm(forms.Form):
    """How the numbers of one kind of document begin, and with which they go on; what cannot be says the verb."""

    prefix = forms.CharField(  # type: ignore[assignment]  # a form has one of its own
        label=_("Anfang"), max_length=12, strip=True, validators=NumberRange._meta.get_field("prefix").validators,
        error_messages={"required": _("Bitte geben Sie ein, womit die Nummern beginnen, zum Beispiel RE.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    next_number = forms.IntegerField(
        label=_("Nächste Nummer"), min_value=1, max_value=number_series.MOST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Bitte geben Sie die nächste Nummer ein.")},
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Warum werden Nummern übersprungen?"), max_length=200, required=False,
        help_text=_("Nur wenn Sie die nächste Nummer höher setzen. Steht im Journal."),
    )  # fmt: skip

"""What is typed about invoices that come again and again."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing import standing_invoices
from billing.forms import DAY
from billing.models import StandingInvoice

_DAY_ERROR = {"invalid": _("Bitte prüfen Sie das Datum.")}


def _day(label, **options):
    widget = forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages=_DAY_ERROR, **options)


class StandingForm(forms.ModelForm):
    """The head of a standing invoice: everything but its rows."""

    ends_on = _day(_("Ende"), required=False, help_text=_("Leer: läuft, bis Sie sie beenden."))

    class Meta:
        model = StandingInvoice
        fields = [
            "title", "intro", "every", "ends_on", "in_advance", "sends", "mode", "payment_days", "buyer_reference",
        ]  # fmt: skip
        labels = {"buyer_reference": _("Bestellnummer des Kunden")}
        widgets = {"intro": forms.Textarea(attrs={"rows": 3})}
        error_messages = {"title": {"required": _("Bitte geben Sie der Rechnung einen Betreff.")}}

    def clean_ends_on(self):
        day = self.cleaned_data["ends_on"]
        if day and day < self.instance.starts_on:
            raise forms.ValidationError(standing_invoices.ENDS_TOO_EARLY)
        return day


class StandingStartForm(forms.Form):
    """When a standing invoice begins, and how often it comes."""

    title = forms.CharField(
        label=_("Betreff"), max_length=160,
        error_messages={"required": _("Bitte geben Sie der Rechnung einen Betreff.")},
    )  # fmt: skip
    starts_on = _day(_("Erster Zeitraum beginnt am"), initial=timezone.localdate)
    every = forms.TypedChoiceField(label=_("Abrechnung"), choices=StandingInvoice.Every.choices, coerce=int)


class RepeatForm(forms.Form):
    """From which day on, and how often, an invoice is to come again."""

    starts_on = _day(_("Nächster Zeitraum beginnt am"))
    every = forms.TypedChoiceField(label=_("Abrechnung"), choices=StandingInvoice.Every.choices, coerce=int)

"""What the pages about privacy ask."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.forms import Friendly
from crm.models import Consent, PrivacyRequest

# what the office may note by itself; the others come from the customer's own pages
NOTED = [Consent.Source.PAPER, Consent.Source.PHONE, Consent.Source.TALK, Consent.Source.MAIL]


class PrivacyRequestForm(Friendly, forms.ModelForm):
    """Somebody wants to know, or to be forgotten."""

    class Meta:
        model = PrivacyRequest
        fields = ("kind", "received_on", "identity")
        widgets = {"received_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = timezone.localdate


class ConsentForm(Friendly, forms.Form):
    """A consent, or its withdrawal, that reached the office by another way than the customer's page."""

    purpose = forms.ChoiceField(label=gettext_lazy("Zweck"), choices=Consent.Purpose.choices)
    step = forms.ChoiceField(
        label=gettext_lazy("Was hat der Kunde erklärt?"),
        choices=[("given", gettext_lazy("Ja, er willigt ein")), ("withdrawn", gettext_lazy("Nein, er widerruft"))],
        widget=forms.RadioSelect,
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Wie?"), choices=[(source.value, source.label) for source in NOTED]
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Wo liegt der Nachweis? (freiwillig)"), required=False, max_length=200,
        help_text=gettext_lazy("zum Beispiel: unterschrieben im Ordner 2026, Gespräch mit Frau Brandt"),
    )  # fmt: skip


class EraseForm(Friendly, forms.Form):
    """The number typed is the proof that nobody clicked by mistake."""

    number = forms.CharField(
        label=gettext_lazy("Kundennummer zur Bestätigung"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args, customer, **kwargs):
        self.customer = customer
        super().__init__(*args, **kwargs)

    def clean_number(self):
        if self.cleaned_data["number"].strip() != str(self.customer.number):
            raise forms.ValidationError(
                _("Das ist nicht die Nummer dieses Kontakts (%(number)s).") % {"number": self.customer.number}
            )
        return self.cleaned_data["number"]

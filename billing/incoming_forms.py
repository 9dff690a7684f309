"""Forms of incoming invoices."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import IncomingInvoice


class UploadForm(forms.Form):
    """An invoice as it came."""

    file = forms.FileField(
        label=gettext_lazy("Rechnung (XML oder PDF)"),
        widget=forms.FileInput({"accept": ".xml,.pdf,application/xml,text/xml,application/pdf"}),
        allow_empty_file=True,
        help_text=gettext_lazy("XRechnung oder ZUGFeRD, bis 25 MB. Die Datei bleibt unverändert."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].error_messages["required"] = _("Bitte wählen Sie eine Datei.")


class DecisionForm(forms.Form):
    """What the office says to an invoice."""

    state = forms.ChoiceField(choices=IncomingInvoice.State.choices)
    note = forms.CharField(
        label=gettext_lazy("Notiz"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Beim Zurückweisen der Grund: Ihn muss der Absender beheben."),
    )

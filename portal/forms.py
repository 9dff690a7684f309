"""What customers type and tick."""

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from billing.models import Quote


class EmailField(forms.EmailField):
    """An address, with errors that say how to mend it."""

    default_error_messages = {
        "required": _("Bitte tragen Sie Ihre E-Mail-Adresse ein."),
        "invalid": _("Bitte prüfen Sie die E-Mail-Adresse, zum Beispiel name@beispiel.de."),
        "no_at": _("In der E-Mail-Adresse fehlt das @-Zeichen."),
    }
    default_validators = []

    def __init__(self, **kwargs):
        widget = forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"})
        super().__init__(**{"widget": widget, **kwargs})

    def validate(self, value):
        super().validate(value)
        if value and "@" not in value:
            raise forms.ValidationError(self.error_messages["no_at"], code="no_at")

    def run_validators(self, value):
        super().run_validators(value)
        if value:
            try:
                validate_email(value)
            except forms.ValidationError:
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class NameField(forms.CharField):
    """A person's name."""

    default_error_messages = {"required": _("Bitte tragen Sie Ihren Namen ein.")}

    def __init__(self, **kwargs):
        super().__init__(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}), **kwargs)


class GateForm(forms.Form):
    """The postcode."""

    plz = forms.CharField(
        label=_("Postleitzahl"),
        help_text=_("Die Adresse aus unserer Nachricht an Sie, zum Beispiel 20095"),
        max_length=20,
        error_messages={"required": _("Bitte geben Sie fünf Ziffern ein.")},
        widget=forms.TextInput(
            attrs={"class": "digits", "inputmode": "numeric", "autocomplete": "postal-code", "maxlength": 10}
        ),
    )


class QuestionForm(forms.Form):
    """A question or message to the business."""

    text = forms.CharField(
        label=_("Ihre Nachricht"),
        max_length=5000,
        error_messages={
            "required": _("Bitte schreiben Sie Ihre Frage."),
            "max_length": _("Bitte kürzen Sie Ihre Frage auf höchstens 5.000 Zeichen."),
        },
        widget=forms.Textarea(attrs={"rows": 2, "data-keep": "", "maxlength": False}),
    )


class OrderForm(forms.Form):
    """Who orders. Ticks are voluntary (R84), an order number helps businesses."""

    name = NameField(label=_("Ihr Name"), help_text=_("Wer beauftragt uns?"))
    email = EmailField(label=_("Ihre E-Mail-Adresse"), help_text=_("Dorthin schicken wir die Bestätigung."))
    buyer_reference = forms.CharField(
        label=_("Ihre Bestellnummer (wenn Sie eine brauchen)"), max_length=80, required=False
    )
    early_start = forms.BooleanField(required=False)
    early_end = forms.BooleanField(required=False)

    def __init__(self, *args, customer, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("early_start", "early_end") if not customer.is_consumer else ("buyer_reference",):
            del self.fields[name]


class DeclineForm(forms.Form):
    """Why not; all of it voluntary (ABL1)."""

    reason = forms.ChoiceField(choices=Quote.Reason.choices, required=False)
    comment = forms.CharField(
        label=_("Möchten Sie etwas dazu sagen?"),
        help_text=_("Freiwillig."),
        required=False,
        max_length=2000,
        error_messages={"max_length": _("Bitte kürzen Sie Ihren Text auf höchstens 2.000 Zeichen.")},
        widget=forms.Textarea(attrs={"rows": 3, "data-keep": "", "maxlength": False}),
    )


class WithdrawalForm(forms.Form):
    """§ 356a (2) BGB: name, the contract, where the receipt goes. Nothing else is asked."""

    name = NameField(label=_("Ihr Name"))
    email = EmailField(label=_("E-Mail für die Eingangsbestätigung"))


class OpenWithdrawalForm(WithdrawalForm):
    """The same from the firm's public address, where the contract is not known."""

    contract = forms.CharField(
        label=_("Auftrags- oder Angebotsnummer"),
        help_text=_("Steht in unserer Bestätigung, zum Beispiel AU-2026-0001."),
        max_length=40,
        error_messages={"required": _("Bitte tragen Sie die Nummer Ihres Auftrags oder Angebots ein.")},
    )
    field_order = ("contract", "name", "email")

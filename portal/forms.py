"""What customers type and tick."""

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from billing import signatures
from billing.models import Quote
from crm.forms import MessageFilesField


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


class CodeForm(forms.Form):
    """The code from the mail: one field, and what is pasted into it may have a gap (COD1, COD2)."""

    code = forms.CharField(
        label=_("Code aus der E-Mail"),
        help_text=_("Sechs Ziffern. Der Code gilt zehn Minuten."),
        max_length=30,
        error_messages={
            "required": _("Bitte geben Sie die sechs Ziffern aus der E-Mail ein."),
            "max_length": _("Bitte geben Sie die sechs Ziffern aus der E-Mail ein."),
        },
        widget=forms.TextInput(attrs={"class": "digits", "inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class QuestionForm(forms.Form):
    """A question or message to the business."""

    text = forms.CharField(
        label=_("Ihre Nachricht"),
        required=False,
        max_length=5000,
        error_messages={
            "max_length": _("Bitte kürzen Sie Ihre Frage auf höchstens 5.000 Zeichen."),
        },
        widget=forms.Textarea(attrs={"rows": 2, "data-keep": "", "maxlength": False}),
    )
    files = MessageFilesField(
        label=_("Fotos oder Dateien (wenn Sie möchten)"), required=False, help_text=_("bis zu 10, je bis 25 MB")
    )

    def clean(self):
        data = super().clean()
        if not self.errors and not data.get("text") and not data.get("files"):
            self.add_error("text", _("Bitte schreiben Sie Ihre Frage."))
        return data


class SignatureField(forms.CharField):
    """A drawn signature, as the data of an SVG path; voluntary (R90)."""

    default_error_messages = {
        "invalid": _("Die Unterschrift ist nicht angekommen. Bitte unterschreiben Sie noch einmal."),
    }

    def __init__(self, **kwargs):
        super().__init__(required=False, widget=forms.HiddenInput, **kwargs)

    def clean(self, value):
        try:
            return signatures.clean(super().clean(value))
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class OrderForm(forms.Form):
    """Who orders. Ticks and signature are voluntary (R84, R90), an order number helps businesses."""

    name = NameField(label=_("Ihr Name"), help_text=_("Wer beauftragt uns?"))
    email = EmailField(label=_("Ihre E-Mail-Adresse"), help_text=_("Dorthin schicken wir die Bestätigung."))
    buyer_reference = forms.CharField(
        label=_("Ihre Bestellnummer (wenn Sie eine brauchen)"), max_length=80, required=False
    )
    early_start = forms.BooleanField(required=False)
    early_end = forms.BooleanField(required=False)
    signature = SignatureField()

    def __init__(self, *args, customer, statements, asks_signature=True, **kwargs):
        super().__init__(*args, **kwargs)
        unwanted = {"early_start", "early_end", "paperless"} & set(self.fields) - set(statements)
        unwanted |= {"buyer_reference"} if customer.is_consumer else set()
        unwanted |= set() if asks_signature else {"signature"}
        for name in unwanted:
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
        widget=forms.Textarea(attrs={"rows": 3, "data-keep": "", "maxlength": False, "form": "absage"}),
    )


class WithdrawalForm(forms.Form):
    """§ 356a (2) BGB: name, the contract, where the receipt goes. Nothing else is compulsory; a part may be named."""

    name = NameField(label=_("Ihr Name"))
    email = EmailField(label=_("E-Mail für die Eingangsbestätigung"))
    part = forms.CharField(
        label=_("Nur ein Teil? (freiwillig)"),
        help_text=_("Leer heißt: der ganze Vertrag."),
        max_length=500,
        required=False,
        error_messages={"max_length": _("Bitte kürzen Sie Ihren Text auf höchstens 500 Zeichen.")},
    )


class OpenWithdrawalForm(WithdrawalForm):
    """The same from the firm's public address, where the contract is not known."""

    contract = forms.CharField(
        label=_("Auftrags- oder Angebotsnummer"),
        help_text=_("Steht in unserer Bestätigung, zum Beispiel AU-2026-0001."),
        max_length=40,
        error_messages={"required": _("Bitte tragen Sie die Nummer Ihres Auftrags oder Angebots ein.")},
    )
    field_order = ("contract", "name", "email")

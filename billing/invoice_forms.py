"""What is asked before an invoice of a certain kind is begun: how much, which part, what is wrong."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.forms import NumberField
from billing.models import Order
from billing.money import PriceMode
from billing.part_payments import Basis, mode_of


class PartPaymentForm(forms.Form):
    """How much a part payment is, and what has been done for it (§ 632a BGB)."""

    basis = forms.ChoiceField(label=_("Wie berechnen?"), widget=forms.RadioSelect, initial=Basis.PERCENT.value)
    value = NumberField(
        label=_("Betrag oder Prozent"), error_messages={"required": _("Bitte tragen Sie Betrag oder Prozent ein.")}
    )
    statement = forms.CharField(
        label=_("Was ist bisher geleistet?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Steht auf der Rechnung. Der Kunde muss prüfen können, wofür er zahlt (§ 632a BGB)."),
    )  # fmt: skip

    def __init__(self, *args, order: Order, **kwargs):
        super().__init__(*args, **kwargs)
        is_gross = mode_of(order) == PriceMode.GROSS
        self.fields["basis"].choices = [
            (Basis.PERCENT.value, _("Prozent der Auftragssumme")),
            (Basis.PROGRESS.value, _("Leistungsstand in Prozent, abzüglich bisheriger Abschläge")),
            (Basis.AMOUNT.value, _("fester Betrag in Euro, brutto") if is_gross else _("fester Betrag in Euro, netto")),
        ]


class PartialInvoiceForm(forms.Form):
    """Which positions of an order are billed by themselves."""

    rows = forms.MultipleChoiceField(
        label=_("Positionen"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Bitte wählen Sie mindestens eine Position.")},
    )  # fmt: skip

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rows"].choices = [(str(row.pk), row.text) for row in rows if row.is_item]

    def ids(self) -> list[int]:
        """The chosen rows. Only for a valid form."""
        return [int(pk) for pk in self.cleaned_data["rows"]]


class CorrectForm(forms.Form):
    """What a correction puts right."""

    reason = forms.CharField(
        label=_("Was wird berichtigt?"), max_length=200,
        help_text=_("Zum Beispiel „Anschrift“ oder „Leistungszeitraum“. Der Kunde liest das."),
        error_messages={"required": _("Bitte schreiben Sie, was berichtigt wird.")},
    )  # fmt: skip


class ReduceForm(forms.Form):
    """A reduction after the invoice."""

    amount = NumberField(
        label=_("Nachlass in Euro, brutto"), shown=2, min_value=Decimal("0.01"),
        error_messages={
            "required": _("Bitte tragen Sie den Betrag ein."),
            "min_value": _("Bitte geben Sie einen Betrag größer als null ein."),
        },
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Grund"), max_length=200,
        error_messages={"required": _("Bitte nennen Sie den Grund des Nachlasses.")},
    )  # fmt: skip
    send_to = forms.EmailField(label=_("Beleg senden an"), required=False)

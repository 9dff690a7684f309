"""Forms of the bank pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing import payments
from billing.forms import NumberField
from billing.models import DunningItem, Invoice


class StatementForm(forms.Form):
    """A file as the bank hands it out."""

    file = forms.FileField(
        label=_("Kontoauszug"),
        widget=forms.FileInput({"accept": ".xml,.sta,.mt940,.940,.txt,.csv,.xlsx"}),
        allow_empty_file=True,
        help_text=_("camt.053, MT940 oder CSV, bis 20 MB"),
        error_messages={"required": _("Bitte wählen Sie die Datei Ihrer Bank.")},
    )


class AssignForm(forms.Form):
    """An amount of a bank entry for one invoice, and how it counts; what none of them has use for is not asked."""

    invoice = forms.ModelChoiceField(
        label=_("Rechnung"),
        queryset=None,
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Bitte wählen Sie eine Rechnung."),
            "invalid_choice": _("Bitte wählen Sie eine Rechnung."),
        },
    )
    amount = NumberField(label=_("Betrag"), shown=2, error_messages={"required": _("Bitte tragen Sie den Betrag ein.")})
    takes_skonto = forms.BooleanField(label=_("Den Rest als Skonto anerkennen, auch verspätet"), required=False)
    withholds_tax = forms.BooleanField(
        label=_("Der Kunde hat 15 % Bauabzugsteuer einbehalten (§ 48 EStG)"), required=False
    )
    is_designated = forms.BooleanField(
        label=_("Ganz auf die Rechnung anrechnen"),
        required=False,
        help_text=_("Sonst werden zuerst Mahnkosten und Zinsen bezahlt (§ 367 BGB)."),
    )
    may_exceed = forms.BooleanField(label=_("Was zu viel ist, als Guthaben führen"), required=False)

    def __init__(self, *args, invoices, **kwargs):
        """`invoices` are those that were found, for choosing; any issued one is taken."""
        super().__init__(*args, **kwargs)
        field = self.fields["invoice"]
        field.queryset = Invoice.objects.filter(
            kind__in=Invoice.DEMANDS, state__in=[Invoice.State.OPEN, Invoice.State.PAID]
        ).defer("document")
        field.choices = [(invoice.pk, invoice) for invoice in invoices]
        asked = {
            "takes_skonto": any(invoice.skonto_percent for invoice in invoices),
            "withholds_tax": any(payments.may_withhold(invoice) for invoice in invoices),
            "is_designated": DunningItem.objects.filter(invoice__in=invoices).exists(),
        }
        for name, is_asked in asked.items():
            if not is_asked:
                del self.fields[name]


class DayForm(forms.Form):
    """The day of which the open items are."""

    am = forms.DateField(required=False)

"""Forms for money that came in, or goes back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing import payments
from billing.forms import DAY, NumberField
from billing.models import Invoice, Payment

Method = Payment.Method
WITHOUT_AMOUNT = _("Bitte tragen Sie den Betrag ein.")


def _amount():
    return NumberField(label=_("Betrag"), shown=2, error_messages={"required": WITHOUT_AMOUNT})


def _day(label, missing):
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"), error_messages={"required": missing}
    )


class PaymentForm(forms.Form):
    """Money that came in. What an invoice has no use for is not asked: Skonto, tax kept back, interest of reminders."""

    amount = _amount()
    received_on = _day(_("eingegangen am"), _("Bitte tragen Sie den Tag des Eingangs ein."))
    method = forms.ChoiceField(label=_("Zahlungsart"))
    note = forms.CharField(label=_("Notiz"), max_length=140, required=False)
    withholds_tax = forms.BooleanField(
        label=_("Der Kunde hat 15 % Bauabzugsteuer einbehalten (§ 48 EStG)"), required=False
    )
    takes_skonto = forms.BooleanField(label=_("Den Rest als Skonto anerkennen, auch verspätet"), required=False)
    is_designated = forms.BooleanField(
        label=_("Ganz auf die Rechnung anrechnen"),
        required=False,
        help_text=_("Sonst werden zuerst Mahnkosten und Zinsen bezahlt (§ 367 BGB)."),
    )
    may_exceed = forms.BooleanField(label=_("Was zu viel ist, als Guthaben führen"), required=False)

    def __init__(self, *args, invoice: Invoice, **kwargs):
        super().__init__(*args, **kwargs)
        methods = [Method.TRANSFER, Method.CASH, Method.CARD, Method.ONLINE, Method.OTHER]
        if not invoice.business.takes_cash:
            methods.remove(Method.CASH)
        may_withhold, has_skonto = payments.may_withhold(invoice), payments.skonto_left(invoice) > 0
        self.beside = payments.beside(invoice)
        if has_skonto:
            methods.append(Method.SKONTO)
        if may_withhold:
            methods.append(Method.WITHHELD)
        self.fields["method"].choices = [(method.value, method.label) for method in methods]
        if Method.CASH in methods:  # R61: no till, and no sum of a day
            self.fields["method"].help_text = _(
                "Bar: geben Sie eine Quittung und schreiben Sie den Betrag am selben Tag ins Kassenbuch (§ 146 AO)."
            )
        asked = {
            "withholds_tax": may_withhold,
            "takes_skonto": has_skonto,
            "is_designated": self.beside.total > 0,
        }
        for name, is_asked in asked.items():
            if not is_asked:
                del self.fields[name]


class RefundForm(forms.Form):
    """What was paid too much goes back to the customer."""

    amount = _amount()
    paid_on = _day(_("erstattet am"), _("Bitte tragen Sie den Tag der Erstattung ein."))
    note = forms.CharField(label=_("Notiz"), max_length=140, required=False)


class OffsetForm(forms.Form):
    """What was paid too much pays another invoice of the customer."""

    on = forms.ModelChoiceField(
        label=_("Rechnung"),
        queryset=None,
        empty_label=None,
        error_messages={
            "required": _("Bitte wählen Sie eine offene Rechnung."),
            "invalid_choice": _("Bitte wählen Sie eine offene Rechnung."),
        },
    )

    def __init__(self, *args, invoice: Invoice, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].queryset = (
            Invoice.objects.open().filter(customer=invoice.customer_id).exclude(pk=invoice.pk).defer("document")
        )

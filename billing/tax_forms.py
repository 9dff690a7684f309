"""What staff answer about the tax of a draft, be it a quote or an invoice (R11, R20, R32 to R37)."""

from dataclasses import replace

from django import forms
from django.utils.translation import gettext_lazy as _

from billing import tax_cases, tax_decisions
from billing.forms import DAY, InvoiceForm, NumberField, QuoteForm
from billing.models import Invoice, Quote
from billing.tax_cases import TaxCase
from billing.tax_decisions import Decision
from crm.forms import country_code

OF_CONSUMERS = {TaxCase.DOMESTIC, TaxCase.EXPORT, TaxCase.EXEMPT}


class CountryField(forms.CharField):
    """A country by its two letters."""

    def __init__(self, **options):
        super().__init__(max_length=2, required=False, widget=forms.TextInput(attrs={"size": 2}), **options)

    def clean(self, value):
        typed = super().clean(value)
        return country_code(typed) if typed else ""


class TaxQuestions(forms.Form):
    """The tax case of a draft and the answers that led there, beside the rest of its head.

    `cleaned_data` has `tax_case` and `tax_decision` as the verbs take them; a page that does not ask leaves both.
    """

    instance: Quote | Invoice

    tax_case = forms.ChoiceField(label=_("Steuerfall"), choices=tax_decisions.CASES, required=False)
    work = forms.ChoiceField(
        label=_("Art der Leistung"), choices=[("", _("noch nicht beantwortet")), *tax_decisions.WORK], required=False
    )
    builder = forms.ChoiceField(
        label=_("Erbringt der Kunde selbst solche Leistungen?"),
        choices=[("", _("noch nicht beantwortet")), *tax_decisions.BUILDER], required=False,
    )  # fmt: skip
    is_repair = forms.BooleanField(label=_("Reparatur oder Wartung"), required=False)
    is_private_sphere = forms.BooleanField(label=_("Der Kunde kauft für hoheitliche Aufgaben"), required=False)
    agreed_on = forms.DateField(
        label=_("Im Zweifel: als § 13b vereinbart am"), required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages={"invalid": _("Bitte prüfen Sie das Datum.")},
    )  # fmt: skip
    is_operator = forms.BooleanField(label=_("Der Kunde betreibt die Photovoltaikanlage selbst"), required=False)
    kwp = NumberField(label=_("Leistung der Anlage (kWp)"), places=2, min_value=0, max_value=100_000, required=False)
    pv_place = forms.ChoiceField(
        label=_("Die Anlage ist auf oder bei"),
        choices=[("", _("nicht angegeben")), *tax_decisions.PLACES],
        required=False,
    )
    exemption = forms.CharField(
        label=_("Befreiung: Nummer des § 4 UStG"), max_length=30, required=False, help_text=_("Zum Beispiel 12 a.")
    )
    deliver_to = CountryField(label=_("Ware geht nach (Land)"), help_text=_("Leer: ins Land des Kunden."))
    proof = forms.CharField(
        label=_("Nachweis der Lieferung"), max_length=200, required=False,
        help_text=_("Gelangensbestätigung oder Ausfuhrnachweis, mit Datum. Darf nachkommen."),
    )  # fmt: skip
    property_country = CountryField(label=_("Land des Grundstücks"), help_text=_("Leer: Land des Einsatzorts."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        decision = tax_decisions.of(self.instance)
        for name in tax_decisions.ANSWERS:
            self.initial.setdefault(name, getattr(decision, name))
        self.initial.setdefault("tax_case", self.instance.tax_case)
        if self.instance.customer.is_consumer:
            kept = OF_CONSUMERS | {self.instance.tax_case}
            offered = [choice for choice in tax_decisions.CASES if choice[0] in kept]
            self.fields["tax_case"] = forms.ChoiceField(label=_("Steuerfall"), choices=offered, required=False)
        if getattr(self.instance, "amends_id", None):  # taxed like the order it is added to
            self.fields["tax_case"].disabled = True

    @property
    def asks_for_tax(self) -> bool:
        """Whether the questions stand open on the page: not for the ordinary document of a private customer."""
        written = self.instance
        return (
            not written.customer.is_consumer
            or written.customer.country != "DE"
            or self["tax_case"].value() != TaxCase.DOMESTIC
            or bool(written.tax_decision)
            or any(row.is_item and row.vat_category == "Z" for row in written.lines.all())
            or any(name in self.errors for name in tax_decisions.ANSWERS)
        )

    def clean_exemption(self):
        typed = self.cleaned_data["exemption"]
        if not typed:
            return ""
        try:
            return tax_cases.exemption(typed)
        except ValueError:
            raise forms.ValidationError(_("Bitte geben Sie eine Nummer von 8 bis 29 an, zum Beispiel 12 a.")) from None

    def clean(self):
        super().clean()
        data = self.cleaned_data
        answers = {name: data.pop(name) for name in tax_decisions.ANSWERS if name in data}
        case = data.pop("tax_case", "")
        if not case:
            return data
        asked = tax_decisions.asked(case, is_consumer=self.instance.customer.is_consumer)
        decision = replace(Decision(), **{name: value for name, value in answers.items() if name in asked})
        data |= {"tax_case": case, "tax_decision": tax_decisions.to_json(decision)}
        # a preview shows the draft as typed
        self.instance.tax_case, self.instance.tax_decision = case, data["tax_decision"]
        return data


class TaxedInvoiceForm(TaxQuestions, InvoiceForm):
    """The head of an invoice's draft with its tax case."""


class TaxedQuoteForm(TaxQuestions, QuoteForm):
    """The head of a quote's draft with its tax case."""

"""What staff type about the catalogue and the texts they write again and again."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.cost_splits import SplitForm, typed
from billing.forms import NumberField, vat_choices
from billing.models import CatalogueItem, QuoteTemplate, TextBlock
from billing.models.fields import LARGEST


class CatalogueForm(SplitForm, forms.ModelForm):
    """An item of the catalogue. Prices are net."""

    unit_price = NumberField(label=_("Einzelpreis netto"), places=4, shown=2, min_value=0, max_value=LARGEST)
    purchase_price = NumberField(
        label=_("Einkaufspreis netto"), places=4, shown=2, min_value=0, max_value=LARGEST, required=False,
        help_text=_("Nur intern, für den Deckungsbeitrag."),
    )  # fmt: skip
    vat_rate = forms.ChoiceField(label=_("MwSt."))

    class Meta:
        model = CatalogueItem
        fields = ["name", "number", "description", "unit", "unit_price", "vat_rate", "cost_kind", "purchase_price"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}
        error_messages = {"name": {"required": _("Bitte tragen Sie eine Bezeichnung ein.")}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["vat_rate"].choices = vat_choices()
        self.fields["unit_price"].error_messages["required"] = _("Bitte tragen Sie den Preis ein.")
        self.initial.update(typed(self.instance.cost_split, self.instance.cost_kind))
        if self.instance.pk is None and "vat_rate" not in self.initial:
            self.initial["vat_rate"] = "19"
        elif "vat_rate" in self.initial:
            self.initial["vat_rate"] = f"{Decimal(self.initial['vat_rate']).normalize():f}"

    def clean_vat_rate(self):
        return Decimal(self.cleaned_data["vat_rate"])

    def clean_purchase_price(self):
        return self.cleaned_data["purchase_price"] or Decimal(0)

    def clean(self):
        data = super().clean()
        self.instance.cost_split = self.cleaned_split()
        return data


class TextBlockForm(forms.ModelForm):
    """A text that is written again and again."""

    class Meta:
        model = TextBlock
        fields = ["name", "place", "text"]
        error_messages = {"name": {"required": _("Bitte geben Sie dem Baustein einen Namen.")}}

    text = forms.CharField(
        label=_("Text"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Zwischen den Positionen steht die erste Zeile als Text, der Rest als Beschreibung darunter."),
        error_messages={"required": _("Bitte schreiben Sie den Text.")},
    )  # fmt: skip

    def clean(self):
        data = super().clean()
        others = TextBlock.objects.exclude(pk=self.instance.pk)
        if others.filter(place=data.get("place", ""), name=data.get("name", "")).exists():
            self.add_error(
                "name", _("Einen Baustein mit diesem Namen gibt es hier schon. Bitte wählen Sie einen anderen.")
            )
        return data


class TemplateForm(forms.Form):
    """The name of a quote template."""

    name = forms.CharField(
        label=_("Name der Vorlage"), max_length=QuoteTemplate._meta.get_field("name").max_length,
        error_messages={"required": _("Bitte geben Sie der Vorlage einen Namen.")},
    )  # fmt: skip

"""What staff type about catalogue items, quotes, orders and invoices. Rows of documents: billing/row_forms.py."""

import re
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts import formats
from billing import tax
from billing.models import Invoice, Order, Quote
from crm.forms import MessageFilesField
from crm.models import Site

DAY = {"type": "date"}


class NumberField(forms.DecimalField):
    """A number as people type it: "12,5", "12.5", "1.234,56"; shown with a comma."""

    default_error_messages = {
        "invalid": _("Bitte geben Sie eine Zahl ein, zum Beispiel 12,5."),
        "min_value": _("Bitte geben Sie mindestens %(limit_value)s ein."),
        "max_value": _("Bitte geben Sie höchstens %(limit_value)s ein."),
        "max_decimal_places": ngettext_lazy(
            "Bitte geben Sie höchstens %(max)s Stelle nach dem Komma ein.",
            "Bitte geben Sie höchstens %(max)s Stellen nach dem Komma ein.",
            "max",
        ),
    }

    def __init__(self, *, places: int = 2, shown: int = 0, **options):
        """`places` decimals are accepted, at least `shown` are displayed."""
        self.shown = shown
        super().__init__(decimal_places=places, max_digits=12, **options)
        for validator in self.validators:
            # DecimalValidator brings its own words
            messages = getattr(validator, "messages", None)
            if messages is not None and "max_decimal_places" in messages:
                validator.messages = {
                    **messages,
                    "max_decimal_places": self.error_messages["max_decimal_places"],
                    "max_digits": self.error_messages["invalid"],
                    "max_whole_digits": self.error_messages["invalid"],
                }

    widget = forms.TextInput

    def widget_attrs(self, widget):
        return {"inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return read_number(str(value))
        except InvalidOperation:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def prepare_value(self, value):
        return write_number(value, self.shown) if isinstance(value, Decimal | int) else value


def read_number(text: str) -> Decimal:
    """A German or English number as Decimal. Raises InvalidOperation for anything else.

    A dot before exactly three final digits groups thousands ("1.500" is fifteen hundred, as it is written in German).
    """
    text = re.sub(r"[\s\u00a0\u202f€]", "", text).replace("\u2212", "-")
    if "," in text:
        text = text.replace(".", "").replace(",", ".", 1)
    elif re.fullmatch(r"-?[1-9]\d{0,2}(\.\d{3})+", text):
        text = text.replace(".", "")
    if not re.fullmatch(r"-?\d{1,12}(\.\d{0,8})?|-?\.\d{1,8}", text):
        raise InvalidOperation(text)
    return Decimal(text)


def write_number(value, shown: int = 0) -> str:
    """A number for an input: comma, no grouping, at least `shown` decimals, no needless zeros."""
    value = Decimal(value).normalize()
    exponent = value.as_tuple().exponent
    places = max(shown, -exponent if isinstance(exponent, int) else 0, 0)
    return f"{value:.{places}f}".replace(".", ",")


def vat_choices(day=None) -> list[tuple[str, str]]:
    """The VAT rates of a day (today) as choices: the rate as text, and its label."""
    return [(f"{vat.rate.normalize():f}", _label(vat)) for vat in tax.vats_on(day or timezone.localdate())]


def _label(vat):
    return formats.percent(vat.rate) if vat.rate else f"{formats.percent(vat.rate)} (PV)"


class _DocumentForm(forms.ModelForm):
    """What the head of a quote and of an invoice have in common."""

    discount_percent = NumberField(
        label=_("Rabatt auf alles %"), places=2, min_value=-100, max_value=100, required=False,
        help_text=_("Mit Minus ein Zuschlag."),
    )  # fmt: skip

    def clean_discount_percent(self):
        return self.cleaned_data["discount_percent"] or Decimal(0)


class QuoteForm(_DocumentForm):
    """The head of a quote: everything but its rows.

    `version_note` is asked for later versions only, the building description of consumers only (§ 650j BGB, R91).
    """

    # declared here: Django would ask for its choices while this module is loaded, when there is no business yet
    site = forms.ModelChoiceField(
        label=_("Einsatzort"), queryset=None, required=False, empty_label=_("Anschrift des Kunden")
    )
    kind = forms.ChoiceField(label=_("Art"), choices=Quote.Kind.choices, required=False)
    building_file = forms.FileField(
        label=_("Baubeschreibung"), required=False, allow_empty_file=True,
        help_text=_("Der Kunde muss sie rechtzeitig vor der Annahme bekommen (§ 650j BGB)."),
    )  # fmt: skip
    drop_building = forms.BooleanField(label=_("Baubeschreibung entfernen"), required=False)

    class Meta:
        model = Quote
        fields = [
            "title", "intro", "closing", "mode", "discount_percent", "valid_until", "site", "payment_terms", "internal_note",
            "kind", "negotiation", "version_note", "completion",
        ]  # fmt: skip
        help_texts = {
            "negotiation": _("Danach richtet sich, ob der Kunde widerrufen kann und worüber wir ihn belehren."),
            "version_note": _("Der Kunde liest das über der neuen Fassung."),
            "completion": _("Zum Beispiel „30. Juni 2027“ oder „14 Wochen ab Baubeginn“."),
        }
        widgets = {
            "intro": forms.Textarea(attrs={"rows": 3}),
            "closing": forms.Textarea(attrs={"rows": 3}),
            "internal_note": forms.Textarea(attrs={"rows": 3}),
            "version_note": forms.Textarea(attrs={"rows": 2}),
            "valid_until": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        }
        error_messages = {
            "title": {"required": _("Bitte geben Sie dem Angebot einen Titel.")},
            "valid_until": {"required": _("Bitte tragen Sie ein, bis wann das Angebot gilt.")},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        where = Q(pk=self.instance.site_id) | ~Q(kind=Site.Kind.BILLING)  # nobody builds in an accounts department
        self.fields["site"].queryset = Site.objects.filter(where, customer_id=self.instance.customer_id)
        if not self.instance.revises_id:
            del self.fields["version_note"]
        if self.instance.amends_id:  # a change order counts like its order, and is what that is
            for name in ("mode", "discount_percent", "kind"):
                self.fields[name].disabled = True
        if not self.instance.customer.is_consumer:
            self.fields["kind"].choices = [
                choice for choice in Quote.Kind.choices if choice[0] != Quote.Kind.CONSTRUCTION
            ]
            for name in ("completion", "building_file", "drop_building"):
                del self.fields[name]

    def clean_kind(self):
        return self.cleaned_data["kind"] or self.instance.kind

    def values(self) -> dict:
        """The head as `quotes.change` takes it; the file is kept by the view. Only for a valid form."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in {"building_file", "drop_building"}
        }


class InvoiceForm(_DocumentForm):
    """The head of an invoice's draft: everything but its rows."""

    send_to = forms.EmailField(
        label=_("Rechnung senden an"), required=False,
        help_text=_("Leer: Die Rechnung wird gestellt und nicht gemailt."),
        error_messages={"invalid": _("Bitte prüfen Sie die E-Mail-Adresse, zum Beispiel name@beispiel.de.")},
    )  # fmt: skip
    skonto_percent = NumberField(label=_("Skonto %"), min_value=0, max_value=20, required=False)
    skonto_days = forms.IntegerField(
        label=_("bei Zahlung binnen (Tagen)"), min_value=0, max_value=60, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    retention_percent = NumberField(
        label=_("Sicherheitseinbehalt %"), min_value=0, max_value=20, required=False,
        help_text=_("Behält der Kunde als Sicherheit; Summe und Steuer bleiben gleich."),
    )  # fmt: skip

    class Meta:
        model = Invoice
        fields = [
            "title", "intro", "mode", "discount_percent", "service_from", "service_until", "payment_days",
            "buyer_reference", "is_property_work", "is_construction", "skonto_percent", "skonto_days",
            "retention_percent", "retention_until", "prepaid_as_list", "reason",
        ]  # fmt: skip
        labels = {
            "service_from": _("Leistungsdatum oder Beginn"), "service_until": _("Ende der Leistung"),
            "buyer_reference": _("Bestellnummer des Kunden"),
        }  # fmt: skip
        help_texts = {"service_until": _("Nur bei einem Zeitraum.")}
        widgets = {
            "intro": forms.Textarea(attrs={"rows": 3}),
            "service_from": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            "service_until": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            "retention_until": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        }
        error_messages = {"title": {"required": _("Bitte geben Sie der Rechnung einen Betreff.")}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.kind == Invoice.Kind.CORRECTION:
            self.fields["reason"].label = _("Was wird berichtigt?")
        else:
            del self.fields["reason"]
        if self.instance.kind != Invoice.Kind.FINAL or not tax.may_list_payments(timezone.localdate()):
            del self.fields["prepaid_as_list"]
        if not self.instance.is_demand:  # what is to be paid, and when, says the invoice it is about
            for name in ("skonto_percent", "skonto_days", "retention_percent", "retention_until"):
                del self.fields[name]

    def clean_skonto_percent(self):
        return self.cleaned_data["skonto_percent"] or Decimal(0)

    def clean_skonto_days(self):
        return self.cleaned_data["skonto_days"] or 0

    def clean_retention_percent(self):
        return self.cleaned_data["retention_percent"] or Decimal(0)


class StartForm(forms.Form):
    """The first words of a new quote or invoice."""

    title = forms.CharField(
        label=_("Titel"), max_length=160,
        error_messages={"required": _("Bitte geben Sie einen Titel ein, zum Beispiel „Einbauschrank im Flur“.")},
    )  # fmt: skip


class AnswerForm(forms.Form):
    """An answer to a question; what is empty or too long says the verb."""

    text = forms.CharField(label=_("Antwort"), required=False, strip=True, widget=forms.Textarea(attrs={"rows": 2}))
    files = MessageFilesField(label=_("Fotos und Dateien"), required=False)


class MoveForm(forms.Form):
    """An order's next step."""

    to = forms.ChoiceField(choices=Order.State.choices)
    planned_on = forms.DateField(
        label=_("Termin"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages={"invalid": _("Bitte prüfen Sie das Datum.")},
    )  # fmt: skip
    note = forms.CharField(
        label=_("Hinweis für den Kunden"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    tell = forms.BooleanField(label=_("Kunde informieren"), required=False)


class CancelForm(forms.Form):
    """Why an invoice is cancelled, and who is told."""

    reason = forms.CharField(
        label=_("Grund der Stornierung"), max_length=200,
        error_messages={"required": _("Bitte nennen Sie den Grund der Stornierung.")},
    )  # fmt: skip
    send_to = forms.EmailField(label=_("Stornorechnung senden an"), required=False)
    anew = forms.BooleanField(label=_("Danach neu schreiben: Entwurf mit denselben Positionen"), required=False)


class ToForm(forms.Form):
    """Who gets a mail about an invoice."""

    to = forms.EmailField(
        label=_("An"),
        error_messages={
            "required": _("Bitte tragen Sie eine E-Mail-Adresse ein."),
            "invalid": _("Bitte prüfen Sie die E-Mail-Adresse, zum Beispiel name@beispiel.de."),
        },
    )

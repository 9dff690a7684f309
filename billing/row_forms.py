"""One row of a quote or invoice as it is typed. All of them together: billing/rows.py."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from billing.cost_splits import NAMES as SPLIT_NAMES
from billing.cost_splits import SplitForm
from billing.documents.model import LineKind
from billing.forms import NumberField
from billing.models.fields import COST_KINDS, LARGEST, Unit
from billing.models.line import DocumentRow


class UnitField(forms.CharField):
    """A unit by its word ("Std.") or its code ("HUR"), upper or lower case, with or without the dot."""

    def __init__(self, **options):
        super().__init__(max_length=20, required=False, **options)

    def to_python(self, value):
        typed = (super().to_python(value) or "").strip()
        if not typed:
            return Unit.PIECE.value
        for code, label in Unit.choices:
            if typed.upper() == code or typed.lower().rstrip(".") == str(label).lower().rstrip("."):
                return code
        known = ", ".join(str(label) for label in Unit.labels)
        raise ValidationError(_("Diese Einheit gibt es nicht. Möglich sind: %(known)s.") % {"known": known})

    def prepare_value(self, value):
        return str(Unit(value).label) if value in Unit.values else value


class RowForm(SplitForm):
    """One row of an invoice: a position, a title or a text."""

    kind = forms.ChoiceField(choices=DocumentRow.KINDS, widget=forms.HiddenInput)
    text = forms.CharField(
        required=False, max_length=300,
        error_messages={"max_length": _("Bitte kürzen Sie auf 300 Zeichen; mehr passt in die Beschreibung.")},
    )  # fmt: skip
    description = forms.CharField(required=False, max_length=4000)
    quantity = NumberField(
        places=3, min_value=Decimal("0.001"), max_value=LARGEST, required=False,
        error_messages={"min_value": _("Die Menge muss größer als null sein.")},
    )  # fmt: skip
    unit = UnitField()
    unit_price = NumberField(
        places=4, shown=2, min_value=0, max_value=LARGEST, required=False,
        error_messages={"min_value": _("Der Preis kann nicht negativ sein. Für Nachlässe gibt es den Rabatt.")},
    )  # fmt: skip
    discount_percent = NumberField(places=2, min_value=-100, max_value=100, required=False)
    vat = forms.ChoiceField(required=False)
    cost_kind = forms.ChoiceField(choices=COST_KINDS, required=False)

    # what the row's folded part holds; until it is unfolded only what is said there travels along, hidden
    folded: tuple[str, ...] = ("description", "discount_percent", "vat", "cost_kind", *SPLIT_NAMES.values())

    def __init__(self, *args, rates, is_default=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_default = is_default
        self.is_unfolded = False
        self.fields["vat"].choices = rates

    @property
    def key(self):
        return self.prefix

    @property
    def is_item(self):
        return self["kind"].value() == LineKind.ITEM

    @property
    def is_section(self):
        return self["kind"].value() == LineKind.SECTION

    @property
    def is_blank(self):
        """An untouched row: nothing is said and nothing is asked for it."""
        return not any(str(self[name].value() or "").strip() for name in ("text", "description", "unit_price"))

    @property
    def has_folded_errors(self):
        return any(name in self.errors for name in self.folded)

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The folded fields that say something, as they are posted."""
        nothing = {"vat": self.fields["vat"].choices[0][0], "cost_kind": "material"}
        typed = ((name, str("" if (value := self[name].value()) is None else value)) for name in self.folded)
        return [
            (self.add_prefix(name), value)
            for name, value in typed
            if (value != nothing[name] if name in nothing else value.strip(" 0,.")) and value
        ]

    def clean(self):
        data = super().clean()
        if not self.is_item:
            if not data.get("text") and "text" not in self.errors:
                self.add_error("text", _("Bitte schreiben Sie hier etwas, oder entfernen Sie die Zeile."))
            return data
        if not data.get("text") and "text" not in self.errors:
            self.add_error("text", _("Bitte beschreiben Sie die Leistung."))
        if data.get("unit_price") is None and "unit_price" not in self.errors:
            self.add_error("unit_price", _("Bitte tragen Sie den Preis ein, 0 für ohne Berechnung."))
        data["cost_split"] = self.cleaned_split()
        return data

    def values(self) -> dict:
        """What the row says, as the verbs take it. Only for a valid row."""
        data = self.cleaned_data
        values = {"kind": data["kind"], "text": data["text"], "description": data["description"]}
        if data["kind"] != LineKind.ITEM:
            return values
        vat = data["vat"] or self.fields["vat"].choices[0][0]
        return values | {
            "quantity": data["quantity"] or Decimal(1),
            "unit": data["unit"],
            "unit_price": data["unit_price"],
            "discount_percent": data["discount_percent"] or Decimal(0),
            "cost_kind": data["cost_kind"] or "material",
            "cost_split": data["cost_split"],
            "vat_rate": Decimal(vat),
            "vat_category": "S" if Decimal(vat) else "Z",
        }


class QuoteRowForm(RowForm):
    """One row of a quote: a position or a title may be fixed, one of several to choose from, or optional."""

    CHOICES = [
        ("", _("fest")),
        ("alternative", _("eine Ausführung von …")),
        ("optional", _("auf Wunsch")),
    ]

    choice = forms.ChoiceField(choices=CHOICES, required=False)
    alternative_set = forms.CharField(required=False, max_length=80)
    option_group = forms.CharField(required=False, max_length=80)
    max_quantity = forms.IntegerField(
        required=False, min_value=1, max_value=999, localize=False, widget=forms.TextInput,
        error_messages={
            "invalid": _("Bitte geben Sie eine ganze Zahl ein, zum Beispiel 8."),
            "min_value": _("Bitte geben Sie mindestens 1 ein, oder lassen Sie das Feld leer."),
            "max_value": _("Bitte geben Sie höchstens 999 ein."),
        },
    )  # fmt: skip
    purchase_price = NumberField(places=4, shown=2, min_value=0, max_value=LARGEST, required=False)
    picture = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    picture_file = forms.FileField(required=False, allow_empty_file=True)
    drop_picture = forms.BooleanField(required=False)

    folded = (
        *RowForm.folded, "choice", "alternative_set", "option_group", "max_quantity", "purchase_price", "picture",
    )  # fmt: skip

    @property
    def has_folded_errors(self):
        return super().has_folded_errors or "picture_file" in self.errors

    @property
    def is_alternative(self):
        return self["choice"].value() == "alternative"

    @property
    def is_optional(self):
        return self["choice"].value() == "optional"

    @property
    def group(self):
        """The name its radio button shares with the others of its set."""
        return (self.is_alternative and slugify(self.set_name)) or self.key

    @property
    def set_name(self):
        return " ".join(str(self["alternative_set"].value() or "").split())

    def clean_alternative_set(self):
        return " ".join(self.cleaned_data["alternative_set"].split())

    def clean_option_group(self):
        return " ".join(self.cleaned_data["option_group"].split())

    def clean(self):
        data = super().clean()
        wants_set = data.get("choice") == "alternative" and data.get("kind") != LineKind.TEXT
        if wants_set and not data.get("alternative_set") and "alternative_set" not in self.errors:
            self.add_error(
                "alternative_set", _("Bitte sagen Sie, wovon das eine Ausführung ist, zum Beispiel „Fronten“.")
            )
        return data

    def values(self):
        values = super().values()
        data = self.cleaned_data
        if values["kind"] != LineKind.TEXT:
            is_optional = data["choice"] == "optional"
            values |= {
                "alternative_set": data["alternative_set"] if data["choice"] == "alternative" else "",
                "is_default": self.is_default,
                "is_optional": is_optional,
                "option_group": data["option_group"] if is_optional else "",
                "max_quantity": data["max_quantity"] if is_optional else None,
            }
        if values["kind"] != LineKind.ITEM:
            return values
        values.pop("vat_category")  # a quote's follows from its rate
        if values["max_quantity"]:
            values["quantity"] = Decimal(1)  # the customer says how many; what is offered is one
        return values | {
            "purchase_price": data["purchase_price"] or Decimal(0),
            "picture_id": None if data["drop_picture"] else data["picture"],
        }

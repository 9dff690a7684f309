"""The rows of a quote or invoice as they are typed.

The order of the hidden fields named "rows" is the order of the rows; each names the prefix of its row's fields. So a
script, or the browser without one, adds, moves and removes rows by moving fields about, and nothing has to be counted.
"""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from billing.documents.model import LineKind
from billing.forms import NumberField, vat_choices
from billing.models.fields import COST_KINDS, LARGEST, Unit
from billing.models.line import DocumentRow

MOST_ROWS = 300
REVERSE_CHARGE = "AE"
_KEY = re.compile(r"[a-z0-9]{1,16}")


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


class RowForm(forms.Form):
    """One row of an invoice: a position, a heading or a text."""

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
    discount_percent = NumberField(places=2, min_value=0, max_value=100, required=False)
    vat = forms.ChoiceField(required=False)
    cost_kind = forms.ChoiceField(choices=COST_KINDS, required=False)

    # shown in the folded part of the row; a mistake there must unfold it
    folded = ("description", "discount_percent", "vat", "cost_kind")

    def __init__(self, *args, rates, is_default=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_default = is_default
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
    def has_details(self):
        """Whether the folded part says something that is not the rule."""
        return bool(self["description"].value() or str(self["discount_percent"].value() or "0").strip(" 0,") != "")

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
            **self._vat(vat),
        }

    def _vat(self, vat):
        if vat == REVERSE_CHARGE:
            return {"vat_rate": Decimal(0), "vat_category": "AE"}
        rate = Decimal(vat)
        return {"vat_rate": rate, "vat_category": "S" if rate else "Z"}


class QuoteRowForm(RowForm):
    """One row of a quote: may be one of several to choose from, or optional."""

    alternative_set = forms.CharField(required=False, max_length=80)
    is_optional = forms.BooleanField(required=False)
    purchase_price = NumberField(places=4, shown=2, min_value=0, max_value=LARGEST, required=False)
    picture = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    picture_file = forms.FileField(required=False, allow_empty_file=True)
    drop_picture = forms.BooleanField(required=False)

    folded = (*RowForm.folded, "alternative_set", "is_optional", "purchase_price", "picture", "picture_file")

    @property
    def is_alternative(self):
        return bool(self.is_item and str(self["alternative_set"].value() or "").strip())

    @property
    def is_optional_now(self):
        return bool(self["is_optional"].value())

    @property
    def group(self):
        """The name its radio button shares with the others of its set."""
        return slugify(self.set_name) or self.key

    @property
    def set_name(self):
        return " ".join(str(self["alternative_set"].value() or "").split())

    @property
    def has_details(self):
        return super().has_details or bool(self["picture"].value())

    def clean_alternative_set(self):
        return " ".join(self.cleaned_data["alternative_set"].split())

    def clean(self):
        data = super().clean()
        if self.is_item and data.get("alternative_set") and data.get("is_optional"):
            self.add_error(
                "is_optional",
                _("Eine Position ist entweder auf Wunsch oder eine von mehreren Ausführungen, nicht beides."),
            )
        return data

    def values(self):
        values = super().values()
        if values["kind"] != LineKind.ITEM:
            return values
        data = self.cleaned_data
        values.pop("vat_category")  # a quote's follows from its rate
        return values | {
            "alternative_set": data["alternative_set"],
            "is_default": self.is_default,
            "is_optional": data["is_optional"],
            "purchase_price": data["purchase_price"] or Decimal(0),
            "picture_id": None if data["drop_picture"] else data["picture"],
        }


class Rows:
    """All rows of the editor: bound to what was posted, or filled from stored rows.

    `shows_errors` is off while rows are only added or moved about.
    """

    def __init__(self, form_class, *, data=None, files=None, stored=(), with_reverse_charge=False, day=None):
        self.form_class = form_class
        self.rates = vat_choices(day)
        if with_reverse_charge:
            self.rates.append((REVERSE_CHARGE, str(_("§ 13b"))))
        self.shows_errors = False
        self.error = ""
        self.is_bound = data is not None
        self._used = 0
        self.forms = self._bound(data, files) if self.is_bound else [self._filled(row) for row in stored]

    def __iter__(self):
        return iter(self.forms)

    def __len__(self):
        return len(self.forms)

    @property
    def blank(self):
        """A row for the editor's script to copy, one per kind."""
        return {kind: self.new(kind, key="neu") for kind in LineKind}

    def new(self, kind=LineKind.ITEM, *, key="", **initial):
        """One more empty row, not yet in its place."""
        if not key:
            self._used += 1
            taken = {form.key for form in self.forms} if hasattr(self, "forms") else set()
            while (key := f"z{self._used}") in taken:
                self._used += 1
        first = {"kind": str(kind), "quantity": Decimal(1), "unit": Unit.PIECE.value, "vat": self.rates[0][0]}
        return self.form_class(prefix=key, initial=first | initial, rates=self.rates)

    def from_catalogue(self, item):
        """A row with what the catalogue says."""
        rate = f"{item.vat_rate.normalize():f}"
        return self.new(
            text=item.name, description=item.description, unit=item.unit, unit_price=item.unit_price,
            vat=rate if rate in dict(self.rates) else self.rates[0][0], cost_kind=item.cost_kind,
            purchase_price=item.purchase_price,
        )  # fmt: skip

    def step(self, command: str) -> None:
        """Add, move or remove a row as a button without script asks for: "add:item", "up:z3", "down:z3", "remove:z3",
        "alternative:z3"."""
        name, _colon, which = command.partition(":")
        if name == "add" and which in set(LineKind):
            if len(self.forms) < MOST_ROWS:
                self.forms.append(self.new(which))
            return
        place = next((place for place, form in enumerate(self.forms) if form.key == which), None)
        if place is None:
            return
        if name == "remove":
            del self.forms[place]
        elif name in {"up", "down"}:
            other = place + (1 if name == "down" else -1)
            if 0 <= other < len(self.forms):
                self.forms[place], self.forms[other] = self.forms[other], self.forms[place]
        elif name == "alternative" and len(self.forms) < MOST_ROWS:
            self._add_alternative(place)

    def is_valid(self) -> bool:
        """Whether every row is right; untouched rows are dropped. Says in `error` what is wrong with all of them."""
        self.shows_errors = True
        self.forms = [form for form in self.forms if not (form.is_item and form.is_blank)]
        wrong = [form for form in self.forms if not form.is_valid()]
        return not self.error and not wrong

    @property
    def has_errors(self):
        return any(form.errors for form in self.forms)

    def values(self) -> list[dict]:
        """The rows as the verbs take them."""
        return [form.values() for form in self.forms]

    def _bound(self, data, files):
        keys = [key for key in dict.fromkeys(data.getlist("rows")) if _KEY.fullmatch(key)]
        if len(keys) > MOST_ROWS:
            self.error = _("Ein Beleg hat höchstens %(n)s Zeilen. Bitte teilen Sie ihn auf.") % {"n": MOST_ROWS}
            keys = keys[:MOST_ROWS]
        defaults = {value for name in data if name.startswith("default-") for value in data.getlist(name)}
        return [self.form_class(data, files, prefix=key, rates=self.rates, is_default=key in defaults) for key in keys]

    def _filled(self, row):
        self._used += 1
        rate = REVERSE_CHARGE if row.vat_category == "AE" else f"{row.vat_rate.normalize():f}"
        initial = {name: getattr(row, name) for name in ("kind", "text", "description")}
        if row.is_item:
            initial |= {
                name: getattr(row, name) for name in ("quantity", "unit", "unit_price", "discount_percent", "cost_kind")
            }
            initial["vat"] = rate
            for name in ("alternative_set", "is_optional", "purchase_price"):
                initial[name] = getattr(row, name, None)
            initial["picture"] = getattr(row, "picture_id", None)
        rates = self.rates if rate in dict(self.rates) else [*self.rates, (rate, f"{rate} %")]
        return self.form_class(
            prefix=f"z{self._used}", initial=initial, rates=rates, is_default=getattr(row, "is_default", False)
        )

    def _add_alternative(self, place):
        """One more version of a row, below the others of its set; the first click makes the set."""
        form = self.forms[place]
        name = form.set_name
        if not name:
            headings = [each for each in self.forms[:place] if each.is_section]
            name = str((headings[-1] if headings else form)["text"].value() or _("Ausführung"))[:80]
            form.data = form.data.copy()
            form.data[form.add_prefix("alternative_set")] = name
            form.is_default = True
        while place + 1 < len(self.forms) and self.forms[place + 1].set_name == name:
            place += 1
        values = {each: form[each].value() for each in ("quantity", "unit", "vat", "cost_kind")}
        self.forms.insert(place + 1, self.new(alternative_set=name, **values))

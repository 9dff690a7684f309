"""What a price is made of: labour, material, machine, travel … as parts of the price per unit (R18)."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _

from accounts import formats
from billing.forms import NumberField
from billing.models.fields import COST_KINDS, LARGEST
from billing.money import WrongSplit, check_split

NAMES = {kind: f"split_{kind}" for kind, _label in COST_KINDS}


def completed(unit_price: Decimal, main_kind: str, parts: dict[str, Decimal]) -> dict[str, str]:
    """The split that some typed parts make: what they leave of the price is of the main kind.

    Empty when all of the price is of the main kind. Raises WrongSplit for parts that are more than the price, or that
    name the main kind too and still miss it.
    """
    parts = {kind: part for kind, part in parts.items() if part}
    rest = unit_price - sum(parts.values(), Decimal(0))
    if main_kind not in parts and rest > 0:
        parts[main_kind] = rest
    check_split(unit_price, parts)
    return {} if set(parts) <= {main_kind} else {kind: f"{part.normalize():f}" for kind, part in parts.items()}


def typed(cost_split: dict, main_kind: str) -> dict[str, Decimal]:
    """A stored split as form fields; the main kind's part is what remains and is not typed."""
    return {NAMES[kind]: Decimal(part) for kind, part in cost_split.items() if kind != main_kind}


class SplitForm(forms.Form):
    """The parts of a unit price; `cost_kind` and `unit_price` come from the form this is mixed into."""

    split_labour = NumberField(places=4, shown=2, min_value=0, max_value=LARGEST, required=False)
    split_material = NumberField(places=4, shown=2, min_value=0, max_value=LARGEST, required=False)
    split_machine = NumberField(places=4, shown=2, min_value=0, max_value=LARGEST, required=False)
    split_travel = NumberField(places=4, shown=2, min_value=0, max_value=LARGEST, required=False)
    split_consumables = NumberField(places=4, shown=2, min_value=0, max_value=LARGEST, required=False)
    split_disposal = NumberField(places=4, shown=2, min_value=0, max_value=LARGEST, required=False)

    def split_fields(self):
        """The bound fields, each with the name of its kind."""
        return [{"field": self[NAMES[kind]], "label": label} for kind, label in COST_KINDS]

    def cleaned_split(self) -> dict[str, str]:
        """The split that was typed; a mistake is said at its first part. For `clean`."""
        data = self.cleaned_data
        parts = {kind: data[name] for kind, name in NAMES.items() if data.get(name)}
        price = data.get("unit_price")
        if not parts or price is None or any(name in self.errors for name in NAMES.values()):
            return {}
        try:
            return completed(price, data.get("cost_kind") or "material", parts)
        except WrongSplit as wrong:
            said = {
                "sum": formats.euro(price - wrong.missing), "price": formats.euro(price), "by": formats.euro(abs(wrong.missing)),
            }  # fmt: skip
            self.add_error(
                NAMES[next(iter(parts))],
                _("Die Aufteilung ergibt %(sum)s, der Einzelpreis ist %(price)s. Es fehlen %(by)s.") % said
                if wrong.missing > 0
                else _("Die Aufteilung ergibt %(sum)s, der Einzelpreis ist %(price)s. Es sind %(by)s zu viel.") % said,
            )
            return {}

"""All rows of a quote or invoice as they are typed.

The order of the hidden fields named "rows" is the order of the rows; each names the prefix of its row's fields. So a
script, or the browser without one, adds, moves and removes rows by moving fields about, and nothing has to be counted.
"""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from billing import cost_splits, price_modes
from billing.documents.model import LineKind
from billing.forms import vat_choices
from billing.models.fields import Unit
from billing.row_forms import RowForm

MOST_ROWS = 300
_KEY = re.compile(r"[a-z0-9]{1,16}")


class Rows:
    """All rows of the editor: bound to what was posted, or filled from stored rows.

    `shows_errors` is off while rows are only added or moved about.
    """

    def __init__(self, form_class, *, data=None, files=None, stored=(), day=None):
        self.form_class = form_class
        self.rates = vat_choices(day)
        self.shows_errors = False
        self.error = ""
        self.is_bound = data is not None
        self._used = 0
        self.forms: list[RowForm] = []
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
            taken = {form.key for form in self.forms}
            while (key := f"z{self._used}") in taken:
                self._used += 1
        first = {"kind": str(kind), "quantity": Decimal(1), "unit": Unit.PIECE.value, "vat": self.rates[0][0]}
        return self.form_class(prefix=key, initial=first | initial, rates=self.rates)

    def from_catalogue(self, item, *, mode="net"):
        """A row with what the catalogue says; its prices are net."""
        rate = f"{item.vat_rate.normalize():f}"
        price, split = price_modes.converted(item.unit_price, item.cost_split, item.vat_rate, has="net", wants=mode)
        return self.new(
            text=item.name, description=item.description, unit=item.unit, unit_price=price,
            vat=rate if rate in dict(self.rates) else self.rates[0][0], cost_kind=item.cost_kind,
            purchase_price=item.purchase_price, **cost_splits.typed(split, item.cost_kind),
        )  # fmt: skip

    def step(self, command: str) -> None:
        """Add, move, unfold or remove a row as a button without script asks for: "add:item", "up:z3", "down:z3",
        "unfold:z3", "remove:z3", "alternative:z3". A title moves with the rows below it."""
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
        elif name == "unfold":
            self.forms[place].is_unfolded = True
        elif name in {"up", "down"}:
            self._move(place, by=1 if name == "down" else -1)
        elif name == "alternative" and len(self.forms) < MOST_ROWS:
            self._add_alternative(place)

    def _end(self, place):
        """Where what moves with a row ends: a title ends before the next one."""
        end = place + 1
        if self.forms[place].is_section:
            while end < len(self.forms) and not self.forms[end].is_section:
                end += 1
        return end

    def _move(self, place, *, by):
        end = self._end(place)
        if by > 0 and end < len(self.forms):
            after = self._end(end) if self.forms[place].is_section else end + 1
            self.forms[place:after] = self.forms[end:after] + self.forms[place:end]
        elif by < 0 and place > 0:
            before = place - 1
            while self.forms[place].is_section and before > 0 and not self.forms[before].is_section:
                before -= 1
            if self.forms[place].is_section and not self.forms[before].is_section:
                return  # rows above the first title stay there
            self.forms[before:end] = self.forms[place:end] + self.forms[before:place]

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
        # what carries no tax for another reason than photovoltaics is the tax case's to say
        rate = f"{row.vat_rate.normalize():f}" if row.vat_category in "SZ" else self.rates[0][0]
        initial = {name: getattr(row, name) for name in ("kind", "text", "description")}
        if row.is_item:
            initial |= {
                name: getattr(row, name) for name in ("quantity", "unit", "unit_price", "discount_percent", "cost_kind")
            }
            initial |= cost_splits.typed(row.cost_split, row.cost_kind)
            initial["vat"] = rate
            initial["purchase_price"] = getattr(row, "purchase_price", None)
            initial["picture"] = getattr(row, "picture_id", None)
        for name in ("alternative_set", "option_group", "max_quantity"):
            initial[name] = getattr(row, name, None)
        initial["choice"] = "optional" if getattr(row, "is_optional", False) else ""
        if initial["alternative_set"]:
            initial["choice"] = "alternative"
        rates = self.rates if rate in dict(self.rates) else [*self.rates, (rate, f"{rate} %")]
        return self.form_class(
            prefix=f"z{self._used}", initial=initial, rates=rates, is_default=getattr(row, "is_default", False)
        )

    def _add_alternative(self, place):
        """One more version of a row or title, below the others of its set; the first click makes the set."""
        form = self.forms[place]
        name = form.set_name if form.is_alternative else ""
        if not name:
            headings = [each for each in self.forms[:place] if each.is_section]
            named = form if form.is_section or not headings else headings[-1]
            name = str((not form.is_section and named["text"].value()) or _("Ausführung"))[:80]
            form.data = form.data.copy()
            form.data[form.add_prefix("choice")] = "alternative"
            form.data[form.add_prefix("alternative_set")] = name
            form.is_default = True
        end = self._end(place)
        while end < len(self.forms) and self.forms[end].is_alternative and self.forms[end].set_name == name:
            end = self._end(end)
        values = (
            {} if form.is_section else {each: form[each].value() for each in ("quantity", "unit", "vat", "cost_kind")}
        )
        kind = LineKind.SECTION if form.is_section else LineKind.ITEM
        self.forms.insert(end, self.new(kind, choice="alternative", alternative_set=name, **values))

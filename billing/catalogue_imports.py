"""A table of articles and services on its way into the catalogue (crm/imports.py)."""

import re
from decimal import Decimal
from itertools import chain

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import formats
from accounts.rights import Right
from billing.journal_events import JournalEvent
from billing.models import CatalogueItem, JournalEntry, fields
from billing.money import HUNDRED
from crm import cell_values, folding, imports
from crm.imports import Column

BATCH = 500
RATES = (Decimal(19), Decimal(7), Decimal(0))
MOST = Decimal("99999999")  # euros a price may have
PLACES = Decimal("0.0001")
LONGEST = {"number": 40, "name": 200}  # characters, as CatalogueItem holds
_UNITS = {
    "H87": "stk stueck st stck piece pieces pc", "HUR": "std stunde stunden h hour hours", "LS": "psch pauschal pauschale ls",
    "MTR": "m meter lfm lfdm laufmeter laufendermeter", "MTK": "m2 qm quadratmeter", "MTQ": "m3 cbm kubikmeter",
    "KMT": "km kilometer", "KGM": "kg kilo kilogramm", "LTR": "l liter ltr", "DAY": "tag tage tg day", "MON": "monat monate",
    "KWH": "kwh", "XPP": "paket pack packung pkg ve set",
}  # fmt: skip
UNITS = {word: code for code, words in _UNITS.items() for word in words.split()}
_COSTS = {
    "labour": "arbeit lohn leistung dienstleistung service arbeitszeit", "material": "material artikel produkt ware product",
    "machine": "maschine geraet maschinen", "travel": "fahrt anfahrt fahrtkosten",
}  # fmt: skip
COSTS = {word: kind for kind, words in _COSTS.items() for word in words.split()}


class Articles(imports.Kind):
    """Rows become entries of the catalogue."""

    name = "articles"
    title = gettext_lazy("Artikel und Leistungen")
    things = gettext_lazy("Artikel")
    what_is_the_same = gettext_lazy("Was schon da ist (gleiche Artikelnummer, ohne Nummer gleiche Bezeichnung)")
    model = CatalogueItem
    right = Right.WRITE_DOCUMENTS
    url = "billing:catalogue_list"
    columns = (
        Column("number", gettext_lazy("Artikelnummer"), ("artikel nr", "artikelnr", "art nr", "nummer", "sku", "produktnummer")),
        Column("name", gettext_lazy("Bezeichnung"), ("name", "artikel", "produkt", "titel", "artikelname", "leistung")),
        Column("description", gettext_lazy("Beschreibung"), ("text", "langtext", "beschreibungstext", "notiz")),
        Column("unit", gettext_lazy("Einheit"), ("mengeneinheit", "me", "unit")),
        Column(
            "unit_price", gettext_lazy("Einzelpreis netto"),
            ("preis netto", "nettopreis", "netto", "verkaufspreis netto", "vk netto", "preis", "verkaufspreis", "einzelpreis"),
        ),
        Column(
            "gross_price", gettext_lazy("Einzelpreis brutto"),
            ("preis brutto", "bruttopreis", "brutto", "verkaufspreis brutto", "vk brutto"),
        ),
        Column(
            "purchase_price", gettext_lazy("Einkaufspreis netto"),
            ("einkaufspreis", "ek netto", "ek", "ek preis", "einkaufspreis netto in eur"),
        ),
        Column("vat_rate", gettext_lazy("MwSt."), ("steuersatz", "umsatzsteuer", "ust", "mwst satz", "steuer", "ust satz")),
        Column("cost_kind", gettext_lazy("Kostenart"), ("typ", "art", "kategorie", "type")),
    )  # fmt: skip
    programs = (
        imports.Program("lexware Office", frozenset({"artikelnummer", "bezeichnung", "preis netto"})),
        imports.Program("lexware Office", frozenset({"artikelnummer", "titel", "nettopreis"})),
        imports.Program("sevDesk", frozenset({"artikelnummer", "name", "verkaufspreis netto"})),
    )

    @classmethod
    def missing(cls, fields):
        if "name" not in fields:
            return _("Bitte ordnen Sie eine Spalte mit der Bezeichnung zu.")
        if not fields & {"unit_price", "gross_price"}:
            return _("Bitte ordnen Sie eine Spalte mit dem Preis zu.")
        return ""

    def read(self, cells):
        errors: list[tuple[str, str]] = []
        name = " ".join(cells.get("name", "").split())
        if not name:
            errors.append(("name", _("Hier fehlt die Bezeichnung.")))
        rate = self._number(cells, "vat_rate", errors, default=RATES[0])
        if 0 < rate < 1:
            rate *= HUNDRED  # spreadsheet programs store 19 % as 0.19
        if rate not in RATES:
            sentence = _("Den Steuersatz „%(rate)s“ kennen wir nicht: 19, 7 oder 0.")
            errors.append(("vat_rate", sentence % {"rate": cells.get("vat_rate", "")[:20]}))
        net, gross = (self._number(cells, field, errors, default=None) for field in ("unit_price", "gross_price"))
        if net is None and gross is not None:
            net = (gross * HUNDRED / (HUNDRED + rate)).quantize(PLACES)
        if net is None and not errors:
            errors.append(("unit_price", _("Hier fehlt der Preis.")))
        values = {
            "number": " ".join(cells.get("number", "").split()),
            "name": name,
            "description": cells.get("description", "").strip(),
            "unit": self._unit(cells.get("unit", ""), errors),
            "unit_price": (net or Decimal(0)).quantize(PLACES),
            "purchase_price": self._number(cells, "purchase_price", errors, default=Decimal(0)).quantize(PLACES),
            "vat_rate": rate,
            "cost_kind": COSTS.get(folding.fold(cells.get("cost_kind", "")).strip(), "material"),
        }
        for field, longest in LONGEST.items():
            if len(str(values[field])) > longest:
                label = next(column.heading for column in self.columns if column.field == field)
                sentence = _("„%(field)s“ ist länger als %(n)s Zeichen.")
                errors.append((field, sentence % {"field": label, "n": longest}))
        return values, errors

    def _number(self, cells, field, errors, *, default):
        try:
            found = cell_values.number(cells.get(field, ""))
        except ValueError:
            found = Decimal(-1)
        if found is None:
            return default
        if not 0 <= found <= MOST:
            sentence = _("„%(text)s“ ist keine Zahl, mit der wir rechnen können, zum Beispiel 1.234,56.")
            errors.append((field, sentence % {"text": cells[field][:20]}))
            return Decimal(0)
        return found

    def _unit(self, text, errors):
        if not text.strip():
            return fields.Unit.PIECE.value
        word = re.sub(r"[^a-z0-9]", "", folding.fold(text.replace("²", "2").replace("³", "3")))
        code = UNITS.get(word) or (text.strip().upper() if text.strip().upper() in fields.Unit.values else "")
        if not code:
            known = ", ".join(str(label) for label in fields.Unit.labels)
            sentence = _("Die Einheit „%(unit)s“ kennen wir nicht. Wir kennen %(known)s.")
            errors.append(("unit", sentence % {"unit": text[:20], "known": known}))
        return code or fields.Unit.PIECE.value

    def keys(self, values):
        return imports.distinct([_key(values["number"], values["name"])])

    def known(self, keys):
        rows = CatalogueItem.objects.filter(archived_at=None).order_by().values_list("number", "name").iterator()
        return set(chain.from_iterable(imports.distinct([_key(*row)]) for row in rows)) & keys

    def label(self, values):
        return values["name"]

    def shown(self, values):
        unit = fields.Unit(values["unit"]).label
        return [
            (text, value)
            for text, value in (
                (_("Artikelnummer"), values["number"]),
                (_("Bezeichnung"), values["name"]),
                (_("Beschreibung"), values["description"][:80]),
                (_("Preis netto"), f"{formats.euro(values['unit_price'].normalize())} / {unit}"),
                (_("MwSt."), formats.percent(values["vat_rate"])),
                (
                    _("Einkaufspreis"),
                    formats.euro(values["purchase_price"].normalize()) if values["purchase_price"] else "",
                ),
            )
            if value
        ]

    def write(self, rows):
        return CatalogueItem.objects.bulk_create([CatalogueItem(**row.values) for row in rows], batch_size=BATCH)

    def touched(self, ids, since):
        """Those changed or put away since; documents hold copies, so being in one is no reason to stay."""
        told = _changed_ids(ids)
        rows = CatalogueItem.objects.filter(pk__in=ids).values_list("pk", "name", "archived_at")
        return {pk: name for pk, name, archived_at in rows if archived_at or pk in told}

    def remove(self, ids):
        rows = CatalogueItem._base_manager.filter(pk__in=ids)
        rows._raw_delete(rows.db)


def _changed_ids(ids) -> set[int]:
    """Of these, those whose change stands in the journal (master_data)."""
    label = CatalogueItem._meta.label
    told = JournalEntry.objects.filter(
        event=JournalEvent.MASTER_DATA_CHANGED, subject__in=[f"{label} {pk}" for pk in ids]
    ).values_list("subject", flat=True)
    return {int(subject.rpartition(" ")[2]) for subject in told}


def _key(number, name):
    return f"#{number.casefold()}" if number else f"name:{folding.fold(name)}"

"""The catalogue as a table, with the headings it can be taken in by again."""

from collections.abc import Iterator

from billing.catalogue_imports import Articles
from billing.models import CatalogueItem
from crm import spreadsheets

FIELDS = ("number", "name", "description", "unit", "unit_price", "purchase_price", "vat_rate", "cost_kind")


def as_csv():
    """Everything that is not put away, as an open CSV file."""
    return spreadsheets.write_csv(_headings(), _lines())


def as_xlsx():
    """Everything that is not put away, as an open XLSX file."""
    return spreadsheets.write_xlsx(_headings(), _lines())


def _headings() -> list[str]:
    known = {column.field: str(column.heading) for column in Articles.columns}
    return [known[name] for name in FIELDS]


def _lines() -> Iterator[list]:
    units = {value: str(label) for value, label in CatalogueItem._meta.get_field("unit").flatchoices}
    kinds = {value: str(label) for value, label in CatalogueItem._meta.get_field("cost_kind").flatchoices}
    rows = CatalogueItem.objects.filter(archived_at=None).order_by("name", "pk").values_list(*FIELDS)
    for number, name, description, unit, price, purchase, rate, kind in rows.iterator(chunk_size=2000):
        yield [number, name, description, units[unit], price, purchase, rate, kinds[kind]]

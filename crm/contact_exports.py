"""Contacts as a table: what was taken in can be taken out, and in again. Whoever is asked for, memory stays the same."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import imports, spreadsheets
from crm.contact_columns import FIELDS
from crm.models import Customer, CustomerTag

CSV, XLSX = spreadsheets.CSV, spreadsheets.XLSX
PORTION = 2000
_FIELDS = (
    "kind", "company_name", "salutation", "first_name", "last_name", "email", "phone", "mobile", "street", "postcode",
    "city", "country", "vat_id", "registration_number", "leitweg_id", "language", "source", "is_prospect",
)  # fmt: skip


def as_csv(customers: QuerySet | None = None):
    """These contacts, or every one that is not put away, as an open CSV file."""
    return spreadsheets.write_csv(_headings(), _lines(customers))


def as_xlsx(customers: QuerySet | None = None):
    """These contacts, or every one that is not put away, as an open XLSX file."""
    return spreadsheets.write_xlsx(_headings(), _lines(customers))


def _headings() -> list[str]:
    return [_("Kundennummer"), *(str(FIELDS[name].heading) for name in (*_FIELDS, "tags")), _("Angelegt am")]


def _lines(customers) -> Iterator[list]:
    found = Customer.objects.active() if customers is None else customers
    # plain values: a hundred thousand model instances take four times as long
    rows = found.order_by("number").values_list("pk", "number", *_FIELDS, "created_at")
    labels = [_labels(name) for name in _FIELDS]
    for portion in imports.portions_of(rows.iterator(chunk_size=PORTION), PORTION):
        tags: dict[int, list[str]] = defaultdict(list)
        worn = CustomerTag.objects.filter(customer__in=[row[0] for row in portion]).order_by("tag__name")
        for customer, name in worn.values_list("customer_id", "tag__name"):
            tags[customer].append(name)
        for pk, number, *values, created_at in portion:
            shown = [known.get(value, value) for known, value in zip(labels, values, strict=True)]
            yield [number, *shown, ", ".join(tags[pk]), timezone.localdate(created_at)]


def _labels(name) -> dict:
    """How the choices of a field read; no entry for what is shown as it is, nor for "no salutation"."""
    choices = dict(getattr(Customer._meta.get_field(name), "choices", None) or ())
    return {value: str(label) for value, label in choices.items() if value}

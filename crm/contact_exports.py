"""All contacts as a table: what was taken in can be taken out, and in again."""

from collections.abc import Iterator

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from crm import spreadsheets
from crm.contact_columns import FIELDS
from crm.models import Customer, CustomerTag

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FIELDS = (
    "kind", "company_name", "salutation", "first_name", "last_name", "email", "phone", "mobile", "street", "postcode",
    "city", "country", "vat_id", "registration_number", "leitweg_id", "language", "is_prospect",
)  # fmt: skip


def as_csv():
    """Every contact that is not put away, as an open CSV file."""
    return spreadsheets.write_csv(_headings(), _lines())


def as_xlsx():
    """Every contact that is not put away, as an open XLSX file."""
    return spreadsheets.write_xlsx(_headings(), _lines())


def _headings() -> list[str]:
    return [_("Kundennummer"), *(str(FIELDS[name].heading) for name in (*_FIELDS, "tags")), _("Angelegt am")]


def _lines() -> Iterator[list]:
    tags = Prefetch("customer_tags", CustomerTag.objects.select_related("tag").order_by("tag__name"))
    customers = Customer.objects.active().order_by("number").prefetch_related(tags)
    for customer in customers.iterator(chunk_size=2000):
        yield [
            customer.number,
            *(_shown(customer, name) for name in _FIELDS),
            ", ".join(str(tag) for tag in customer.customer_tags.all()),
            customer.created_at.date(),
        ]


def _shown(customer, name):
    value = getattr(customer, name)
    if name == "salutation" and not value:
        return ""
    display = getattr(customer, f"get_{name}_display", None)
    return str(display()) if display else value

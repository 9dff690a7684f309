"""Lists in pages: the next page begins after the last row shown (keyset), so page 500 costs as much as page 1."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Model, Q, QuerySet

SIZE = 50
PARAMETER = "nach"


@dataclass(frozen=True)
class Page:
    """The rows of one page, and the query string of the next one ("" on the last page)."""

    rows: list
    next_query: str
    is_first: bool


def page(rows: QuerySet, request, *, by: str = "-created_at", size: int = SIZE) -> Page:
    """One page of `rows`, ordered by a date or instant and then by id, both in the direction of `by` ("-" newest first).

    The address says where it begins; an address that cannot be read begins at the top.
    """
    field, descending = by.removeprefix("-"), by.startswith("-")
    rows = rows.order_by(by, "-pk" if descending else "pk")
    after = _read(request.GET.get(PARAMETER, ""), rows.model._meta.get_field(field))
    if after:
        value, pk = after
        way = "lt" if descending else "gt"
        rows = rows.filter(Q(**{f"{field}__{way}": value}) | Q(**{field: value, f"pk__{way}": pk}))
    found = list(rows[: size + 1])
    query = ""
    if len(found) > size:
        found = found[:size]
        values = request.GET.copy()
        values[PARAMETER] = _cursor(found[-1], field)
        query = "?" + values.urlencode()
    return Page(found, query, after is None)


def _cursor(row: Model, field: str) -> str:
    return f"{getattr(row, field).isoformat()}~{row.pk}"


def _read(text, field):
    """The values of a cursor, or None."""
    value, _, pk = text.partition("~")
    read = datetime if field.get_internal_type() == "DateTimeField" else date
    try:
        found = read.fromisoformat(value), int(pk)
    except ValueError:
        return None
    is_naive = isinstance(found[0], datetime) and found[0].tzinfo is None
    return None if is_naive or not 0 < found[1] < 2**63 else found

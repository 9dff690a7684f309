"""Numbers of documents and customers: taken under a row lock inside the transaction that issues (R6, R7)."""

import re

from django.db import connection, transaction

from accounts import current
from crm.models import NumberRange

PREFIXES = {
    NumberRange.Kind.QUOTE: "AN",
    NumberRange.Kind.ORDER: "AU",
    NumberRange.Kind.INVOICE: "RE",
    NumberRange.Kind.DELIVERY: "LS",
}
FIRST_CUSTOMER = 10001  # DATEV debitor accounts begin at 10000


def take(kind: NumberRange.Kind, *, year: int) -> str:
    """The next number of a yearly series, for example "RE-2026-0042".

    Only inside a transaction: when the step is refused, rolling back gives the number back, so there are no gaps.
    """
    return take_many(kind, year=year, count=1)[0]


def take_many(kind: NumberRange.Kind, *, year: int, count: int) -> list[str]:
    """The next `count` numbers of a yearly series, in order."""
    row = _lock(kind, year, count)
    prefix = row.prefix or PREFIXES[kind]
    return [written(prefix, year, number) for number in range(row.last - count + 1, row.last + 1)]


def written(prefix: str, year: int, number: int) -> str:
    """A number as it stands on a document."""
    return f"{prefix}-{year}-{number:04d}"


def series_of(year: int) -> dict[NumberRange.Kind, tuple[str, int]]:
    """What the numbers of each kind of document begin with in a year, and the next of them."""
    rows = {row.kind: row for row in NumberRange.objects.filter(year=year)}
    found = {}
    for kind in PREFIXES:
        row = rows.get(kind)
        prefix = row.prefix if row else _prefix_before(kind, year)
        found[kind] = (prefix or PREFIXES[kind], row.last + 1 if row else 1)
    return found


def locked(kind: NumberRange.Kind, year: int) -> NumberRange:
    """The row of a series, held until the end of the transaction."""
    return _lock(kind, year, 0)


def place_of(kind: NumberRange.Kind, number: str) -> tuple[int, int] | None:
    """(year, running number) of a number that reads like one of a series of ours; None for any other."""
    match = re.fullmatch(r"(.*)-(\d{4})-(\d{1,9})", number)
    if match is None or match[1] != _prefix(kind, int(match[2])):
        return None
    return int(match[2]), int(match[3])


def last_taken(kind: NumberRange.Kind, year: int) -> int:
    """How many numbers of a series were taken."""
    return NumberRange.objects.filter(kind=kind, year=year).values_list("last", flat=True).first() or 0


def go_on_behind(kind: NumberRange.Kind, year: int, number: int) -> None:
    """Let a series go on behind a number that another program has taken."""
    row = _lock(kind, year, 0)
    if row.last < number:
        row.last = number
        row.save(update_fields=["last"])


def _prefix(kind, year):
    row = NumberRange.objects.filter(kind=kind, year=year).first()
    return (row.prefix if row else _prefix_before(kind, year)) or PREFIXES[kind]


def _prefix_before(kind, year):
    """A new year goes on with the beginning of the last one; empty for the usual one."""
    before = NumberRange.objects.filter(kind=kind, year__lt=year).order_by("-year").values_list("prefix", flat=True)
    return before.first() or ""


def take_customer_number(count: int = 1) -> int:
    """The first of `count` new customer numbers in a row."""
    row = _lock(NumberRange.Kind.CUSTOMER, 0, count)
    return FIRST_CUSTOMER + row.last - count


def reserve_customer_numbers(highest: int) -> None:
    """Number new customers beyond one that was brought along from elsewhere."""
    if highest >= FIRST_CUSTOMER:
        row = _lock(NumberRange.Kind.CUSTOMER, 0, 0)
        if row.last < highest - FIRST_CUSTOMER + 1:
            row.last = highest - FIRST_CUSTOMER + 1
            row.save(update_fields=["last"])


def _lock(kind, year, count=1):
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A number is taken only inside the transaction that issues.")
    rows = NumberRange.objects.select_for_update().filter(kind=kind, year=year)
    row = rows.first()
    if row is None:
        prefix = _prefix_before(kind, year) if year else ""
        NumberRange.objects.bulk_create(
            [NumberRange(kind=kind, year=year, prefix=prefix, business=current.business())], ignore_conflicts=True
        )
        row = rows.get()
    if count:
        row.last += count
        row.save(update_fields=["last"])
    return row

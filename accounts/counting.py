"""Several counts and sums of the current business in one query, whatever tables they come from."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, DecimalField, Expression, F, QuerySet, Subquery

CENT = Decimal("0.01")


class Rows(Subquery):
    """How many rows a selection has; a selection cut to twenty has twenty at most."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = BigIntegerField()

    def __init__(self, selection: QuerySet):
        rows = selection.values("pk")
        rows.query.clear_ordering(force=True)  # which twenty does not matter: without sorting it stops at the twentieth
        super().__init__(rows)

    @staticmethod
    def read(value) -> int:
        return value


class Total(Subquery):
    """The sum of an amount in euros over the rows of a selection."""

    template = '(SELECT SUM(summed."amount") FROM (%(subquery)s) summed)'
    output_field = DecimalField(max_digits=16, decimal_places=2)

    def __init__(self, selection: QuerySet, amount: Expression | F):
        super().__init__(selection.order_by().annotate(amount=amount).values("amount"))

    @staticmethod
    def read(value) -> Decimal:
        return Decimal(value or 0).quantize(CENT)  # SQLite adds amounts up as floats


def ask(*figures: Rows | Total) -> list:
    """The values of all figures in their order, 0 where there is nothing; one query, none without figures.

    Each selection is put into words by itself: as parts of one queryset Django would copy and rename them all, and every
    page of the office asks this.
    """
    if not figures:
        return []
    parts: list[str] = []
    values: list[Any] = []
    for figure in figures:
        try:
            sql, parameters = figure.query.sql_with_params()
        except EmptyResultSet:  # whatever the database holds, nobody is in it
            sql, parameters = "SELECT 0 AS amount WHERE 0 = 1", ()
        parts.append(figure.template % {"subquery": sql})
        values += parameters
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        row = cursor.fetchone()
    return [figure.read(value) for figure, value in zip(figures, row, strict=True)]

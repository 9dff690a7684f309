"""Several counts and sums of the current business in one query, whatever tables they come from."""

from django.db.models import BigIntegerField, DecimalField, Expression, F, QuerySet, Subquery

from accounts import current
from accounts.models import Business


class Rows(Subquery):
    """How many rows a selection has; a selection cut to twenty has twenty at most."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = BigIntegerField()

    def __init__(self, selection: QuerySet):
        rows = selection.values("pk")
        rows.query.clear_ordering(force=True)  # which twenty does not matter: without sorting it stops at the twentieth
        super().__init__(rows)


class Total(Subquery):
    """The sum of an amount in euros over the rows of a selection."""

    template = '(SELECT SUM(summed."amount") FROM (%(subquery)s) summed)'
    output_field = DecimalField(max_digits=16, decimal_places=2)

    def __init__(self, selection: QuerySet, amount: Expression | F):
        super().__init__(selection.order_by().annotate(amount=amount).values("amount"))


def ask(*figures: Rows | Total) -> list:
    """The values of all figures in their order, 0 where there is nothing; one query, none without figures."""
    if not figures:
        return []
    row = Business.objects.filter(pk=current.business().pk).values_list(*figures).get()
    return [value or 0 for value in row]

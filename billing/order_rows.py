"""The rows of an order: exactly what its customer chose, at first and with every change order."""

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing import choices
from billing.documents.model import LineKind
from billing.models import Order, OrderLine, Quote
from billing.models.line import row_values


def take(order: Order, quote: Quote, choice: choices.Choice, *, amendment: Quote | None = None) -> list[OrderLine]:
    """Copy the chosen rows of a quote behind those of the order (invariants 4 and 5).

    The frozen document has its rows in the order of the quote's. Rows of an `amendment` stand under a heading that names
    it, so that they do not slip below the last heading of the order.
    """
    rows, sent = list(quote.lines.all()), quote.frozen_document
    kept = [
        {
            "alternative_set": rows[index].alternative_set,
            "is_optional": rows[index].is_optional,
            "purchase_price": rows[index].purchase_price,
            **row_values(rows[index])
            | ({"quantity": choice.quantity(sent.lines[index])} if rows[index].max_quantity else {}),
        }
        for index in choices.kept_rows(sent, choice)
    ]
    if amendment is not None and kept:
        kept = _under_a_heading(kept, amendment)
    last = order.lines.aggregate(last=Max("sort"))["last"]
    first = 0 if last is None else last + 1
    return OrderLine.objects.bulk_create(
        [OrderLine(order=order, sort=sort, amendment=amendment, **values) for sort, values in enumerate(kept, first)]
    )


def _under_a_heading(kept, amendment):
    with override(amendment.customer.language):
        name = _("Nachtrag %(n)s") % {"n": amendment.amendment_number}
    if kept[0]["kind"] == LineKind.SECTION:
        heading = {**kept[0], "text": f"{name}: {kept[0]['text']}"[:300]}
        return [heading, *kept[1:]]
    return [{"kind": LineKind.SECTION.value, "text": name}, *kept]

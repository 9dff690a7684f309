"""Partial invoices (Teilrechnungen, R39a): a part of the work that was agreed and accepted by itself is billed for good."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from billing import claims, invoices, part_payments
from billing.models import Invoice, Order


@transaction.atomic
def draft(order: Order, *, by, rows: Iterable[int]) -> Invoice:
    """The draft of an invoice for some positions of an order (`rows`: their ids), with the headings they stand under. What
    is left is for the next one, or for the final invoice.

    Raises Refusal (field "rows") for no position, for one that is billed, and for the last ones where part payments are to
    be deducted: those need a final invoice.
    """
    order = (
        Order.objects.select_for_update(of=("self",)).select_related("customer", "business", "quote").get(pk=order.pk)
    )
    part_payments.refuse_closed(order)
    wanted = set(rows)
    left = claims.unbilled_rows(order)
    items = {row.pk for row in left if row.is_item}
    if not wanted:
        raise Refusal(_("Bitte wählen Sie mindestens eine Position."), field="rows")
    if not wanted <= items:
        raise Refusal(_("Eine dieser Positionen ist schon abgerechnet. Bitte laden Sie die Seite neu."), field="rows")
    if wanted == items and claims.part_payments(order).exists():
        raise Refusal(
            _("Die letzten Positionen rechnet die Schlussrechnung ab: Sie zieht die bezahlten Abschläge ab."),
            field="rows",
        )
    chosen = claims.without_empty_headings([row for row in left if not row.is_item or row.pk in wanted])
    return invoices.draft_rows(
        order, chosen, kind=Invoice.Kind.PARTIAL, by=by, order_rows=sorted(wanted), service_from=timezone.localdate()
    )

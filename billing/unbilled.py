"""What was delivered and not billed yet: a claim nobody has asked for is missing in the books (R54)."""

from decimal import Decimal

from django.db.models import DecimalField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from billing.models import DeliveryNote, Invoice, Order

ENDED = (Order.State.CANCELLED, Order.State.WITHDRAWN, Order.State.INVOICED)
EUROS: DecimalField = DecimalField(max_digits=12, decimal_places=2)


def orders() -> QuerySet[Order]:
    """Orders that are finished, or of which goods were handed over, and that are not wholly billed; with `billed` and
    `left` in euros and `delivered_on`, the oldest first.
    """
    issued = Invoice.objects.filter(order=OuterRef("pk")).exclude(
        state__in=[Invoice.State.DRAFT, Invoice.State.CANCELLED]
    )
    notes = DeliveryNote.objects.filter(order=OuterRef("pk"))
    billed = (
        issued.exclude(kind=Invoice.Kind.CANCELLATION)
        .order_by()
        .values("order")
        .annotate(sum=Sum("gross"))
        .values("sum")
    )
    last = notes.order_by().values("order").annotate(day=Max("delivered_on")).values("day")
    return (
        Order.objects.exclude(state__in=ENDED)
        .filter(Q(state=Order.State.COMPLETED) | Exists(notes))
        .annotate(
            billed=Coalesce(Subquery(billed, output_field=EUROS), Decimal(0), output_field=EUROS),
            delivered_on=Coalesce(F("completed_on"), Subquery(last)),
        )
        .annotate(left=F("gross") - F("billed"))
        .filter(Q(state=Order.State.COMPLETED) | Q(left__gt=0))
        .select_related("customer")
        .defer("document")
        .order_by("delivered_on", "pk")
    )

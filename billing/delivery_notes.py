"""Delivery notes (Lieferscheine): what was handed over for an order, without prices, on paper to be signed."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from billing import drafting, journal, rendering
from billing.documents import model as documents
from billing.documents.model import Document, DocumentLine, Kind, LineKind
from billing.events import Event
from billing.models import DeliveryNote, Order, OrderLine
from billing.models.fields import Unit
from crm import numbering, states, timeline
from crm.models import NumberRange

NOTHING = Decimal(0)


def rows_of(order: Order) -> list[tuple[OrderLine, Decimal]]:
    """(row, what of its quantity was not handed over yet) of each position of an order."""
    delivered: dict[str, Decimal] = {}
    for text in order.delivery_notes.values_list("document", flat=True):
        for line in documents.from_json(text).lines:
            delivered[line.position] = delivered.get(line.position, NOTHING) + line.quantity
    return [
        (row, max(row.quantity - delivered.get(position, NOTHING), NOTHING))
        for position, row in _numbered(order)
        if row
    ]


@transaction.atomic
def write(
    order: Order, *, quantities: Mapping[int, Decimal], delivered_on: date, received_by: str = "", by
) -> DeliveryNote:
    """A numbered, unchangeable note of what was handed over. `quantities` are by the id of the order's row; rows that are
    not named or have nothing are left out.

    Raises Refusal when nothing is on it or the day lies ahead, NotAllowed for an order that was called off.
    """
    order = Order.objects.select_for_update(of=("self",)).select_related("customer", "business").get(pk=order.pk)
    if order.state in {Order.State.CANCELLED, Order.State.WITHDRAWN}:
        raise states.NotAllowed(order)
    if delivered_on > timezone.localdate():
        raise Refusal(
            _("Ein Lieferschein sagt, was schon übergeben ist. Bitte prüfen Sie den Tag."), field="delivered_on"
        )
    lines = tuple(
        _line(position, row, quantities[row.pk])
        for position, row in _numbered(order)
        if row and quantities.get(row.pk, NOTHING) > 0
    )
    if not lines:
        raise Refusal(_("Bitte geben Sie bei mindestens einer Position eine Menge an."), field="quantities")
    number = numbering.take(NumberRange.Kind.DELIVERY, year=timezone.localdate().year)
    document = Document(
        kind=Kind.DELIVERY_NOTE,
        seller=drafting.seller(order.business, on=delivered_on, contact_name=str(by) if by else ""),
        buyer=drafting.buyer(order.customer, at=order.customer.delivery_site),
        number=number,
        issued_on=delivered_on,
        language=order.customer.language,
        subject=order.title,
        site=str(order.site) if order.site else "",
        lines=lines,
        order_number=order.number,
        closing=received_by,
    )
    note = DeliveryNote.objects.create(
        order=order, number=number, delivered_on=delivered_on, received_by=received_by, by=by,
        document=documents.to_json(document), document_hash=documents.content_hash(document),
    )  # fmt: skip
    journal.write(Event.DELIVERY_NOTED, note, by=by, content_hash=note.document_hash, order=order.number)
    timeline.record(
        Event.DELIVERY_NOTED, customer=order.customer, subject=note, by=by, number=note.number, title=order.title
    )
    return note


def draw(note: DeliveryNote) -> None:
    """Store its PDF, once."""
    rendering.delivery_note(note)


def _numbered(order):
    """(position, row) of the order's rows as its confirmation numbers them; None for titles and texts."""
    rows = list(order.lines.all())
    lines = drafting.lines(rows, small_business=False, language=order.customer.language)
    for line, row in zip(lines, rows, strict=True):
        yield line.position, row if line.is_item and line.is_counted else None


def _line(position, row, quantity):
    return DocumentLine(
        position, LineKind.ITEM, row.text, row.description, quantity=quantity, unit=str(Unit(row.unit).label),
        unit_code=row.unit,
    )  # fmt: skip

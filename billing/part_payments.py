"""Part payments of an order (Abschlagsrechnungen, § 632a BGB, R39b): how much, and the draft that asks for it."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import formats
from accounts.refusals import Refusal
from billing import claims, invoices
from billing.events import Event
from billing.models import Invoice, Order
from billing.models.fields import Unit
from billing.money import HUNDRED, ZERO, PriceMode, Totals, Vat, VatGroup, distribute, round_cents
from crm import customers, timeline


class Basis(StrEnum):
    """What the amount of a part payment is worked out from."""

    AMOUNT = "amount"  # so much, flat
    PERCENT = "percent"  # so much of the order
    PROGRESS = "progress"  # so much of the order is done: less what was asked for before (cumulative)


@dataclass(frozen=True)
class Share:
    """What is asked for at one rate, in the price mode of the part payment."""

    vat: Vat
    amount: Decimal


def mode_of(order: Order) -> PriceMode:
    """Consumers think in gross prices, and so does an order that was agreed gross; everybody else is asked net."""
    return PriceMode.GROSS if order.customer.is_consumer else PriceMode(order.mode)


def shares(together: Totals, mode: PriceMode, basis: Basis, value: Decimal) -> list[Share]:
    """What an amount in euros, or so many percent of the order, comes to at each of its rates."""
    parts = [_amount(group, mode) for group in together.groups]
    amount = value if basis == Basis.AMOUNT else round_cents(sum(parts, ZERO) * value / HUNDRED)
    split = distribute(amount, parts)
    return [Share(group.vat, part) for group, part in zip(together.groups, split, strict=True) if part]


@transaction.atomic
def draft(order: Order, *, by, basis: Basis, value: Decimal, statement: str = "") -> Invoice:
    """The draft of the next part payment. `value` is in euros (gross for consumers, else in the prices of the order) or
    percent; `statement` says what has been done so far.

    Raises Refusal (field "value") for an amount of nothing, more than is left, or more than the law allows (§ 650m BGB).
    """
    order = (
        Order.objects.select_for_update(of=("self",)).select_related("customer", "business", "quote").get(pk=order.pk)
    )
    refuse_closed(order)
    basis, mode, together = Basis(basis), mode_of(order), claims.agreed(order)
    if value <= 0:
        raise Refusal(_("Bitte geben Sie mehr als null ein."), field="value")
    if basis != Basis.AMOUNT and value > HUNDRED:
        raise Refusal(_("Mehr als der ganze Auftrag kann nicht geleistet sein."), field="value")
    if not together.gross:
        raise Refusal(_("Dieser Auftrag hat keine Summe, von der ein Abschlag gefordert werden kann."))
    before = list(claims.part_payments(order))
    with translation.override(order.customer.language):
        rows = _rows(order, mode, basis, value, shares(together, mode, basis, value), len(together.groups) > 1)
        if basis == Basis.PROGRESS:
            rows += _less(before, mode)
        title = _("%(n)s. Abschlag: %(title)s") % {"n": len(before) + 1, "title": order.title}
    customers.refuse_archived(order.customer)
    invoice = Invoice.objects.create(
        customer=order.customer, order=order, kind=Invoice.Kind.PART_PAYMENT, title=title[:160], mode=mode,
        intro=statement.strip(), **invoices.agreed_terms(order),
    )  # fmt: skip
    invoices.set_lines(invoice, rows)
    if invoice.gross <= 0:
        raise Refusal(
            _("Dafür wurde schon genug gefordert: Die bisherigen Abschläge erreichen diesen Leistungsstand."),
            field="value",
        )
    sentence, is_refused = claims.over_cap(order, gross=invoice.gross, net=invoice.net)
    if is_refused:
        raise Refusal(sentence, field="value")
    timeline.record(Event.INVOICE_DRAFTED, customer=order.customer, subject=invoice, by=by, gross=invoice.gross)
    return invoice


def refuse_closed(order: Order) -> None:
    """Raise Refusal for an order nothing more can be asked for before its end: called off, or billed."""
    if order.state in {Order.State.CANCELLED, Order.State.WITHDRAWN}:
        raise Refusal(_("Dieser Auftrag ist storniert oder widerrufen und kann nicht abgerechnet werden."))
    last = claims.last_invoice(order)
    if last is not None:
        raise Refusal(
            _("Zu diesem Auftrag gibt es schon die Rechnung %(invoice)s. Abschläge kommen davor.") % {"invoice": last}
        )


def _rows(order, mode, basis, value, found, has_several):
    words = {"order": order.number, "day": formats.day(timezone.localdate(order.placed_at))}
    if basis == Basis.AMOUNT:
        text = _("Abschlag auf Auftrag %(order)s vom %(day)s") % words
    else:
        words["percent"] = formats.percent(value)
        text = _("Abschlag von %(percent)s auf Auftrag %(order)s vom %(day)s") % words
        if basis == Basis.PROGRESS:
            text = _("Leistungsstand %(percent)s von Auftrag %(order)s vom %(day)s") % words
    rows = []
    for share in found:
        rate = _("Anteil mit %(rate)s MwSt.") % {"rate": formats.percent(share.vat.rate)} if has_several else ""
        rows.append(_row(text, share.vat, share.amount, rate))
    return rows


def _less(before, mode):
    """What was asked for so far, taken off by part payment and rate."""
    rows = []
    for invoice in before:
        document = invoice.frozen_document
        words = {"number": invoice.number, "day": formats.day(invoice.issued_on)}
        text = _("abzüglich Abschlagsrechnung %(number)s vom %(day)s") % words
        rows += [_row(text, group.vat, _amount(group, mode), quantity=-1) for group in document.payable_groups]
    return rows


def _row(text, vat, price, description="", *, quantity=1):
    return {
        "text": text, "description": description, "quantity": Decimal(quantity), "unit": Unit.LUMP_SUM,
        "unit_price": price, "vat_category": vat.category, "vat_rate": vat.rate,
    }  # fmt: skip


def _amount(group: VatGroup, mode) -> Decimal:
    return group.gross if mode == PriceMode.GROSS else group.net

"""What an order was asked for and has paid: its part payments, what of them a final invoice takes off, and what is left.

Reads only; what is done with them: part_payments.py, final_invoices.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import formats
from billing import construction
from billing.documents.model import Deduction, Document
from billing.models import Invoice, Order, Quote
from billing.money import HUNDRED, VAT_EXEMPT, ZERO, Line, PriceMode, Totals, distribute, round_cents, totals

Kind, State = Invoice.Kind, Invoice.State
# what the work is billed with in the end; an order has one of them that lives
LAST = (Kind.INVOICE, Kind.FINAL)


@dataclass(frozen=True)
class Cap:
    """The part of the whole remuneration that part payments may reach, in percent (§ 650m (1) BGB, R39b)."""

    percent: Decimal
    valid_from: date


CAPS = (Cap(Decimal(90), date(2018, 1, 1)),)


def agreed(order: Order) -> Totals:
    """What the order comes to with its change orders, tax once on the whole."""
    small = order.business.is_small_business(on=timezone.localdate())
    rows = [row.priced for row in order.lines.all() if row.is_item]
    if small:
        rows = [Line(row.quantity, row.unit_price, VAT_EXEMPT, row.discount_percent) for row in rows]
    return totals(rows, mode=PriceMode(order.mode), discount_percent=order.discount_percent)


def part_payments(order: Order):
    """The part payments that were asked for and stand, oldest first."""
    issued = order.invoices.filter(kind=Kind.PART_PAYMENT).exclude(state__in=[State.DRAFT, State.CANCELLED])
    return issued.order_by("pk")


def partial_invoices(order: Order):
    """Partial invoices that stand, drafts too, oldest first."""
    return order.invoices.filter(kind=Kind.PARTIAL).exclude(state=State.CANCELLED).order_by("pk")


def last_invoice(order: Order) -> Invoice | None:
    """The invoice or final invoice that closes the order, a draft too; None while there is none that stands."""
    return order.invoices.filter(kind__in=LAST).exclude(state=State.CANCELLED).order_by("pk").first()


def unbilled_rows(order: Order) -> list:
    """The rows of the order no partial invoice is for, with the headings they stand under."""
    billed = {pk for invoice in partial_invoices(order) for pk in invoice.order_rows}
    return without_empty_headings([row for row in order.lines.all() if not row.is_item or row.pk not in billed])


def without_empty_headings(rows: list) -> list:
    """The rows without headings and texts that have no position below them any more."""
    found, waiting = [], []
    for row in rows:
        if row.kind == "section":
            waiting = [row]
        elif row.is_item:
            found += [*waiting, row]
            waiting = []
        else:
            waiting.append(row)
    return found


def deductions(order: Order) -> tuple[Deduction, ...]:
    """What was received on the order's part payments, with the tax in it (§ 14 (5) S. 2 UStG, R39c)."""
    found = []
    for invoice in part_payments(order).prefetch_related("payments__reversed_by"):
        payments = [each for each in invoice.payments.all() if _stands(each)]
        found += received(invoice.frozen_document, [(each.received_on, each.amount) for each in payments])
    return tuple(found)


def received(document: Document, payments: Iterable[tuple[date, Decimal]]) -> list[Deduction]:
    """Payments (day, euros) on a part payment with the net and the tax in them, by day and rate.

    Of a payment in parts each has its share of every rate, and together they have exactly the tax that was asked for.
    A discount for paying early lowers the price of the part it was granted for, so it counts like what was received.
    """
    if document.number is None or document.issued_on is None:
        raise ValueError("only an issued part payment is paid")
    groups, paid = document.payable_groups, ZERO
    before = {group.vat: (ZERO, ZERO) for group in groups}
    found = []
    for day, rows in groupby(sorted(payments), key=lambda each: each[0]):
        paid += sum((amount for _day, amount in rows), ZERO)
        shares = distribute(paid, [group.gross for group in groups])
        for group, share in zip(groups, shares, strict=True):
            part = share * group.vat.rate / (HUNDRED + group.vat.rate)
            tax = group.tax if share == group.gross else round_cents(part)
            net, (net_before, tax_before) = share - tax, before[group.vat]
            before[group.vat] = (net, tax)
            if (net, tax) != (net_before, tax_before):
                parts = (group.vat, net - net_before, tax - tax_before)
                found.append(Deduction(document.number, document.issued_on, day, *parts))
    return found


def _stands(payment) -> bool:
    return payment.reverses_id is None and getattr(payment, "reversed_by", None) is None


@dataclass(frozen=True)
class Standing:
    """Gross euros of an order: what is agreed, asked for in part payments, received of them, and the most that may be
    asked for (None: no legal limit)."""

    agreed: Decimal
    asked: Decimal
    received: Decimal
    most: Decimal | None

    @property
    def left(self) -> Decimal:
        return self.agreed - self.asked


def standing(order: Order) -> Standing:
    """How far part payments of an order have come."""
    asked = list(part_payments(order))
    together, limit = agreed(order).gross, _percent()
    return Standing(
        together,
        sum((each.gross for each in asked), ZERO),
        sum((each.paid for each in asked), ZERO),
        round_cents(together * limit / HUNDRED) if is_consumer_construction(order) else None,
    )


def closes(invoice: Invoice) -> bool:
    """Whether an issued invoice bills the last of its order: it is the last one, or a partial one that leaves nothing."""
    if invoice.kind in LAST:
        return True
    return invoice.kind == Kind.PARTIAL and invoice.order is not None and not unbilled_rows(invoice.order)


def is_construction(order: Order) -> bool:
    """Whether the order is a construction contract (§ 650a BGB), as far as its quote says so."""
    return order.quote is not None and order.quote.kind == Quote.Kind.CONSTRUCTION


def is_consumer_construction(order: Order) -> bool:
    """Whether it is a consumer's construction contract (§ 650i BGB)."""
    return order.quote is not None and construction.is_construction(order.quote)


def over_cap(order: Order, *, gross: Decimal, net: Decimal) -> tuple[str, bool]:
    """What is wrong with asking for so much more: (sentence, whether it is refused); an empty sentence if nothing is.

    In a consumer's construction contract part payments may not pass 90 % of the whole (§ 650m (1) BGB); elsewhere that
    is only worth a second look. Businesses are compared net: their tax may differ (§ 13b UStG).
    """
    asked, limit = list(part_payments(order)), _percent()
    words = {"percent": formats.percent(limit)}
    if is_consumer_construction(order):
        left = round_cents(agreed(order).gross * limit / HUNDRED) - sum((each.gross for each in asked), ZERO)
        if gross <= left:
            return "", False
        words["left"] = formats.euro(max(left, ZERO))
        sentence = _(
            "Bei einem Verbraucherbauvertrag dürfen Abschläge zusammen höchstens %(percent)s der Vergütung erreichen "
            "(§ 650m BGB). Fordern Sie höchstens noch %(left)s."
        )
        return sentence % words, True
    together = agreed(order).net
    so_far = sum((each.net for each in asked), ZERO) + net
    if so_far > together:
        sentence = _("Alle Abschläge zusammen (%(sum)s netto) sind mehr, als vereinbart ist (%(agreed)s netto).")
        return sentence % {"sum": formats.euro(so_far), "agreed": formats.euro(together)}, False
    if so_far > round_cents(together * limit / HUNDRED):
        return _("Alle Abschläge zusammen sind mehr als %(percent)s der Auftragssumme.") % words, False
    return "", False


def _percent(day: date | None = None) -> Decimal:
    day = day or timezone.localdate()
    return next(cap.percent for cap in reversed(CAPS) if cap.valid_from <= day)


def why_not_due(invoice: Invoice) -> str:
    """Why an issued invoice is not to be paid yet; empty when it is.

    The final invoice of a construction contract is due after the sign-off only (§§ 641, 650g (4) BGB, R39e).
    """
    if not waits_for_sign_off(invoice) or accepted_on(invoice.order):
        return ""
    return _("Die Schlussrechnung eines Bauvertrags wird erst mit der Abnahme fällig (§ 650g Abs. 4 BGB).")


def due_on(invoice: Invoice) -> date | None:
    """The day an issued invoice is to be paid by. Where it waits for the sign-off, the term runs from that on (R39e); None
    while there was none.
    """
    if not waits_for_sign_off(invoice) or invoice.issued_on is None:
        return invoice.due_on
    accepted = accepted_on(invoice.order)
    return max(accepted, invoice.issued_on) + timedelta(days=invoice.payment_days) if accepted else None


def waits_for_sign_off(invoice: Invoice) -> bool:
    """Whether it is a final invoice of a construction contract."""
    if invoice.kind not in LAST or invoice.order is None:
        return False
    return invoice.is_construction or is_construction(invoice.order)


def accepted_on(order: Order | None) -> date | None:
    """The day the whole work was accepted, said or by silence; None before."""
    if order is None:
        return None
    done = [each for each in order.sign_offs.all() if each.is_signed_off and not each.is_part]
    return max((each.accepted_on for each in done if each.accepted_on), default=None)


def withheld(document: Document, *, on: date) -> Decimal:
    """The retention of an issued invoice that is not due on a day yet (R25)."""
    kept = document.retention
    return kept.amount if kept and (kept.due_on is None or kept.due_on > on) else ZERO


def due_amount(invoice: Invoice, document: Document, *, on: date) -> Decimal:
    """What of an issued invoice is open without the retention that is not due on that day; never below zero."""
    return max(invoice.open_amount - withheld(document, on=on), ZERO)

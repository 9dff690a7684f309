"""What one invoice is owed on a day: principal, interest by segments, lump sum, costs (R65 to R70)."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from billing import base_rates, claims, deadlines, dunning_holds, interest, tax
from billing.default_dates import Default, default_start
from billing.documents import model as documents
from billing.documents.model import BuyerKind
from billing.interest import Segment
from billing.models import DunningItem, DunningLetter, Invoice, Payment
from crm import mail_limits

ZERO = Decimal("0.00")
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Claim:
    """One invoice in a letter, all in euros. `interest` is all since default began, `interest_paid` what of it was paid;
    `earlier` is what former letters asked for as lump sum and costs and nobody paid. `ground` is one of
    billing.default_dates.Ground, empty without default.
    """

    number: str
    title: str
    issued_on: date
    due_on: date
    gross: Decimal
    received: Decimal
    principal: Decimal
    default_from: date | None = None
    ground: str = ""
    segments: tuple[Segment, ...] = ()
    interest: Decimal = ZERO
    interest_paid: Decimal = ZERO
    lump_sum: Decimal = ZERO
    costs: Decimal = ZERO
    earlier: Decimal = ZERO
    # costs of pursuing the claim, and what of the lump sum counts towards them (§ 288 (5) S. 3 BGB, R67)
    collection: Decimal = ZERO
    credited: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.principal + self.interest_left + self.lump_sum + self.costs + self.earlier + self.pursuit

    @property
    def pursuit(self) -> Decimal:
        """What pursuing the claim costs the customer beyond the lump sum."""
        return self.collection - self.credited

    @property
    def kept_back(self) -> Decimal:
        """A retention that is not due yet."""
        return self.gross - self.received - self.principal

    @property
    def interest_left(self) -> Decimal:
        return max(self.interest - self.interest_paid, ZERO)


@dataclass(frozen=True)
class _Part:
    """Part of a claim with its own due date, less what was paid on it; `payments` are (day, euros)."""

    start: Decimal
    due_on: date
    payments: tuple[tuple[date, Decimal], ...]

    @property
    def left(self) -> Decimal:
        return self.start - sum((amount for _day, amount in self.payments), ZERO)


def of(invoice: Invoice, *, on: date, asks_interest: bool = False, asks_lump_sum: bool = False, costs=ZERO) -> Claim:
    """What an issued invoice is owed on that day. Raises UnknownRate where interest is asked for days without a base rate.

    The lump sum is asked for once, in default, and never of consumers (§ 288 (5) BGB).
    """
    due_on = claims.due_on(invoice) or invoice.due_on
    if invoice.issued_on is None or due_on is None:
        raise ValueError("nothing is owed on a draft")
    document = invoice.frozen_document
    is_consumer = document.buyer.kind == BuyerKind.CONSUMER
    items = list(DunningItem.objects.filter(invoice=invoice).select_related("letter").order_by("letter_id"))
    payments = standing_payments(invoice)
    kept_back = dunning_holds.retained(invoice, on=on)
    segments: list[Segment] = []
    first: Default | None = None
    for part in _parts(invoice, document, payments, due_on, on):
        begins = _default(invoice, document, part.due_on, items)
        if begins is None or begins.starts_on > on:
            continue
        first = min(filter(None, (first, begins)), key=lambda each: each.starts_on)
        if asks_interest:
            segments += interest.segments(
                part.start, first=begins.starts_on, last=on, is_consumer=is_consumer, payments=part.payments
            )
    paid_interest = sum((payment.interest for payment in payments), ZERO)
    was_asked = any(item.lump_sum for item in items)
    may_ask = first is not None and not is_consumer
    asked = sum((item.lump_sum + item.costs for item in items), ZERO)
    return Claim(
        number=invoice.number or "",
        title=invoice.title,
        issued_on=invoice.issued_on,
        due_on=due_on,
        gross=invoice.gross,
        received=invoice.gross - invoice.open_amount,
        principal=max(invoice.open_amount - kept_back, ZERO),
        default_from=first.starts_on if first else None,
        ground=first.ground if first else "",
        segments=tuple(segments),
        interest=interest.total(segments),
        interest_paid=paid_interest,
        lump_sum=base_rates.lump_sum(invoice.issued_on) if asks_lump_sum and may_ask and not was_asked else ZERO,
        costs=costs,
        earlier=max(asked - sum((payment.costs for payment in payments), ZERO), ZERO),
    )


def with_collection(found: list[tuple[Invoice, Claim]], collection: Decimal) -> list[Claim]:
    """The claims of a letter with what a lawyer, a court or a collector costs, asked for with the first. The lump sums of all of
    them count towards it, also those of earlier letters, as far as they did not yet (§ 288 (5) S. 3 BGB).
    """
    items = DunningItem.objects.filter(invoice__in=[invoice.pk for invoice, _claim in found])
    asked: dict[int, Decimal] = {}
    for pk, lump_sum, credited in items.values_list("invoice_id", "lump_sum", "credited"):
        asked[pk] = asked.get(pk, ZERO) + lump_sum - credited
    claims_, left = [], collection
    for place, (invoice, claim) in enumerate(found):
        credited = min(asked.get(invoice.pk, ZERO) + claim.lump_sum, left)
        left -= credited
        claims_.append(replace(claim, collection=ZERO if place else collection, credited=credited))
    return claims_


def standing_payments(invoice: Invoice) -> list[Payment]:
    """Payments that were not taken back: a booking by mistake never was one."""
    return list(invoice.payments.filter(reverses=None, reversed_by=None).order_by("received_on", "pk"))


def _parts(invoice, document, payments, due_on, on):
    """The claim, and a retention that is due by now as a part of its own. Money counts for the claim first."""
    whole = invoice.open_amount + sum((payment.amount for payment in payments), ZERO)
    retention = document.retention.amount if document.retention else ZERO
    main, later = [], []
    room = whole - retention
    for payment in payments:
        here = payment.amount if not retention else min(payment.amount, room)
        room -= here
        if here:
            main.append((payment.received_on, here))
        if payment.amount - here:
            later.append((payment.received_on, payment.amount - here))
    parts = [_Part(whole - retention, due_on, tuple(main))]
    if retention and invoice.retention_until and invoice.retention_until < on:
        parts.append(_Part(retention, invoice.retention_until, tuple(later)))
    return [part for part in parts if part.start > 0]


def _default(invoice, document, due_on, items):
    reminders = [
        item.letter.pay_until
        for item in items
        if item.letter.level >= DunningLetter.Level.FIRST and item.letter.issued_on > due_on and _arrived(item.letter)
    ]
    return default_start(
        due_on=due_on,
        is_consumer=document.buyer.kind == BuyerKind.CONSUMER,
        has_notice=has_notice(document),
        received_on=_received_on(invoice),
        served_on=document.service_until or document.service_from,
        agreed_on=_agreed_on(invoice) if due_on == invoice.due_on else None,
        reminded_until=min(reminders, default=None),
        land=invoice.business.state,
    )


def _arrived(letter):
    """Whether a letter reached the customer, as far as anybody knows."""
    return not letter.send_to or not mail_limits.is_refused(letter.send_to)


def has_notice(document: documents.Document) -> bool:
    """Whether the invoice points consumers to § 286 (3) BGB, in whatever wording held then."""
    texts = {words for note in tax.NOTES if note.key == "payment_default" for words in (note.de, note.en)}
    return bool(texts & set(document.notes))


def _received_on(invoice):
    """The day of the mail with the invoice; a mail that came back was not received."""
    if not invoice.sent_at or mail_limits.is_refused(invoice.send_to):
        return None
    return timezone.localdate(invoice.sent_at)


def _agreed_on(invoice):
    """The last day to pay where the order itself says so many days from the invoice (§ 286 (2) Nr. 2 BGB); what the
    invoice alone says is no agreement.
    """
    received_on = _received_on(invoice)
    if invoice.order is None or not invoice.order.document or received_on is None:
        return None
    terms = invoice.order.frozen_document.payment_terms
    if not re.search(rf"\b{invoice.payment_days} (?:Kalendert|T)age?n?\b[^.;]*\bRechnung", terms):
        return None
    return deadlines.next_working_day(received_on + timedelta(days=invoice.payment_days), invoice.business.state)

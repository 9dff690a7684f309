"""Kostenvoranschläge and what the work really costs: seen in time, announced without delay (§ 649 BGB, R75)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Case, DecimalField, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Round
from django.utils.translation import gettext as _

from accounts import current
from accounts.refusals import Refusal
from billing import estimate_texts, journal
from billing.events import Event
from billing.models import Invoice, Order, Quote
from billing.money import ZERO, round_cents
from crm import access, mail, timeline
from crm.models import TimelineEntry

# what of an invoice counts: the final invoice asks for all that was not received in parts before
COUNTED = Case(When(kind=Invoice.Kind.PART_PAYMENT, then=F("paid")), default=F("gross"))

LONGEST = 2000
LOOKED_AT = [
    Order.State.PLACED,
    Order.State.SCHEDULED,
    Order.State.STARTED,
    Order.State.COMPLETED,
    Order.State.INVOICED,
]


@dataclass(frozen=True)
class Standing:
    """An order from a Kostenvoranschlag: what was estimated, what the invoices come to, what the customer was told."""

    estimated: Decimal
    invoiced: Decimal  # drafts and issued invoices
    limit_percent: int
    told: Decimal | None = None
    told_at: datetime | None = None

    @property
    def excess(self) -> Decimal:
        return self.invoiced - self.estimated

    @property
    def percent(self) -> Decimal:
        """By how much it is over, of the estimate; below zero for less."""
        return round_cents(self.excess * 100 / self.estimated) if self.estimated else ZERO

    @property
    def limit(self) -> Decimal:
        """The highest sum that is not yet substantially more."""
        return round_cents(self.estimated * (100 + self.limit_percent) / 100)

    @property
    def is_substantial(self) -> bool:
        return self.invoiced > self.limit

    @property
    def must_be_told(self) -> bool:
        """Whether the customer does not know yet what it will come to."""
        return self.is_substantial and (self.told is None or self.told < self.invoiced)


def of_order(order: Order) -> Standing | None:
    """How an order stands against its estimate; None for one with a fixed price."""
    if order.quote is None or order.quote.kind != Quote.Kind.ESTIMATE:
        return None
    invoiced = _counted().filter(order=order).aggregate(sum=Sum(COUNTED))["sum"] or ZERO
    last = _announcements().filter(subject_id=order.pk).order_by("-at", "-pk").first()
    return Standing(
        order.gross, invoiced, order.business.estimate_percent,
        _expected(last) if last else None, last.at if last else None,
    )  # fmt: skip


def waiting():
    """Orders whose invoices come to substantially more than was estimated, and whose customer was not told of so much;
    each has `invoiced`.
    """
    sums = _counted().filter(order=OuterRef("pk")).order_by().values("order").annotate(sum=Sum(COUNTED)).values("sum")
    said = Cast(KeyTextTransform("expected", "facts"), DecimalField(max_digits=14, decimal_places=2))
    told = _announcements().filter(subject_id=OuterRef("pk")).order_by("-at", "-pk").values(sum=said)[:1]
    percent = 100 + current.business().estimate_percent
    return (
        Order.objects.filter(quote__kind=Quote.Kind.ESTIMATE, state__in=LOOKED_AT)
        .annotate(invoiced=Subquery(sums), told=Subquery(told), most=Round(F("gross") * percent / 100, precision=2))
        .filter(Q(told=None) | Q(told__lt=F("invoiced")), invoiced__gt=F("most"))
        .select_related("customer")
        .defer("document")
        .order_by("placed_at", "pk")
    )


@transaction.atomic
def announce(order: Order, *, by, expected: Decimal, reason: str = "") -> bool:
    """Tell the customer what it will come to, why, and that he may terminate. Whether a mail could be written; else the
    words are to be printed. The order stays as it is: the customer decides.

    Raises Refusal for an order with a fixed price, and for a sum that is not more than the estimate.
    """
    order = (
        Order.objects.select_for_update(of=("self",)).select_related("customer", "business", "quote").get(pk=order.pk)
    )
    standing = of_order(order)
    if standing is None:
        raise Refusal(
            _("Dieser Auftrag hat einen festen Preis. Eine Überschreitung müssen Sie mit dem Kunden vereinbaren.")
        )
    if expected <= standing.estimated:
        raise Refusal(_("Bitte tragen Sie eine Summe ein, die über dem Kostenvoranschlag liegt."), field="expected")
    order_facts = {"number": order.number, "expected": f"{expected:.2f}", "estimated": f"{standing.estimated:.2f}"}
    timeline.record(Event.OVERRUN_ANNOUNCED, customer=order.customer, subject=order, by=by, **order_facts)
    journal.write(Event.OVERRUN_ANNOUNCED, order, by=by, **order_facts)
    link = next((link for link in access.links_to(order) if link.is_open and link.sent_to), None)
    if link is None:
        return False
    mail.queue(
        "billing/mail/overrun_announced", to=link.sent_to, customer=order.customer, link=link, about=order,
        language=order.customer.language, **letter(order, expected=expected, reason=reason),
    )  # fmt: skip
    return True


def letter(order: Order, *, expected: Decimal, reason: str) -> dict:
    """What the announcement says, for the mail and for the printed letter."""
    excess = expected - order.gross
    return {
        "order": order,
        "quote": order.quote,
        "expected": expected,
        "excess": excess,
        "percent": round_cents(excess * 100 / order.gross) if order.gross else ZERO,
        "reason": reason.strip()[:LONGEST],
        "right": estimate_texts.right(order.customer.language),
    }


def _counted():
    """What asks for money and stands: drafts and issued ones that were not cancelled."""
    return Invoice.objects.filter(kind__in=Invoice.DEMANDS).exclude(state=Invoice.State.CANCELLED)


def _announcements():
    kind = ContentType.objects.get_for_model(Order)
    return TimelineEntry.objects.filter(event=Event.OVERRUN_ANNOUNCED, subject_type=kind)


def _expected(entry) -> Decimal | None:
    try:
        return Decimal(entry.facts.get("expected", ""))
    except InvalidOperation:
        return None

"""What can be done with a payment: record it (with Skonto, Bauabzugsteuer, interest and costs), reverse it, give back or
use up what was paid too much.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import formats
from accounts.refusals import Refusal
from billing import books, claims, final_invoices, journal, settlement, settling
from billing.events import Event
from billing.models import BankEntry, DunningItem, Invoice, Payment
from billing.money import ZERO, round_cents
from crm import states, timeline

Method = Payment.Method
State = Invoice.State

# what a customer hands over; the other methods only count like money
MONEY = (Method.TRANSFER, Method.CASH, Method.CARD, Method.ONLINE, Method.OTHER)


@dataclass(frozen=True)
class Beside:
    """What reminders ask for beside an invoice and nobody has paid yet, in euros (§§ 286, 288 BGB)."""

    interest: Decimal = ZERO
    costs: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.interest + self.costs


@transaction.atomic
def record(
    invoice: Invoice, *, amount: Decimal, received_on, by, method="transfer", note="", entry: BankEntry | None = None,
    is_designated=False, withholds_tax=False, takes_skonto=False, may_exceed=False,
) -> Payment:  # fmt: skip
    """Book money that came in. The invoice is paid when nothing is open any more.

    Money pays costs and interest of reminders first (§ 367 BGB), unless the customer said that it is for the invoice
    (`is_designated`). With `withholds_tax` what the customer kept back for the tax office is booked beside it (§ 48 EStG).
    A payment of what is left after an agreed Skonto, in time, closes the invoice; `takes_skonto` grants it late too.
    What is more than open stays as a credit where `may_exceed` says so.
    Raises Refusal for amounts of zero or more than is open, for days in the future, for Skonto that was not agreed and tax
    that nobody may keep back; NotAllowed for invoices that are not open.
    """
    invoice = _locked(invoice)
    if not _takes_money(invoice, may_exceed):
        raise states.NotAllowed(invoice)
    _check(invoice, amount, received_on, method)
    open_amount = max(invoice.open_amount, ZERO)
    owed = beside(invoice) if method in MONEY and not is_designated else Beside()
    parts = settlement.allocate(amount, principal=open_amount, interest=owed.interest, costs=owed.costs)
    if parts.rest and not may_exceed:
        raise Refusal(
            _("Offen sind nur %(open)s. Bitte prüfen Sie den Betrag.")
            % {"open": formats.euro(open_amount + owed.total)},
            field="amount",
        )
    if method == Method.CASH and not invoice.business.takes_cash:
        raise Refusal(_("Ihr Betrieb nimmt kein Bargeld an. Das stellen Inhaber unter „Steuern“ ein."), field="method")
    if method == Method.WITHHELD:
        _check_withheld(invoice, amount, received_on)
    if method == Method.SKONTO and amount > skonto_left(invoice):
        raise Refusal(
            _("Vereinbart sind noch %(skonto)s Skonto.") % {"skonto": formats.euro(skonto_left(invoice))},
            field="amount",
        )
    payment = Payment.objects.create(
        invoice=invoice, amount=parts.principal + parts.rest, interest=parts.interest, costs=parts.costs,
        received_on=received_on, method=method, note=note, entry=entry, by=by,
    )  # fmt: skip
    rows = [payment]
    if withholds_tax:
        rows.append(_withhold(invoice, payment, by))
    if skonto := _skonto_taken(invoice, rows, received_on, is_granted=takes_skonto):
        rows.append(_beside_row(payment, Method.SKONTO, skonto, by))
    settling.settle(invoice, received_on)
    for row in rows:
        journal.write(
            Event.PAYMENT_RECORDED, row, by=by, invoice=invoice.number, amount=row.amount, method=row.method,
            **{name: value for name in ("interest", "costs") if (value := getattr(row, name))},
        )  # fmt: skip
    timeline.record(
        Event.PAYMENT_RECORDED,
        customer=invoice.customer,
        subject=invoice,
        by=by,
        number=invoice.number,
        amount=amount,
        **{str(row.method): row.amount for row in rows[1:]},
    )
    return payment


@transaction.atomic
def reverse(payment: Payment, *, by, note="", entry: BankEntry | None = None) -> Payment:
    """Take a booking back (a mistake, a returned transfer): both rows stay. Doing it twice is refused.

    Skonto and tax kept back that were booked with money go with it: without the money they were not earned.
    What a bank entry was booked as is open again afterwards; `entry` is the one by which the bank took the money back.
    """
    invoice = _locked(payment.invoice)
    if payment.reverses_id or Payment.objects.filter(reverses=payment).exists():
        raise Refusal(_("Diese Zahlung ist bereits zurückgenommen."))
    if invoice.state == State.CANCELLED and payment.amount > invoice.paid:
        raise Refusal(_("Dieses Geld ist schon erstattet. Bitte nehmen Sie zuerst die Erstattung zurück."))
    if invoice.kind == Invoice.Kind.PART_PAYMENT and final_invoices.counted_in(invoice) is not None:
        raise Refusal(
            _("Diese Zahlung ist in der Schlussrechnung abgezogen. Bitte stornieren Sie zuerst die Schlussrechnung.")
        )
    day = timezone.localdate() if entry is None else entry.booked_on
    books.refuse(day)
    reversals = [
        Payment.objects.create(
            invoice=invoice, amount=-row.amount, interest=-row.interest, costs=-row.costs, received_on=day,
            method=row.method, note=note, reverses=row, entry=entry, by=by,
        )
        for row in [payment, *_booked_beside(payment)]
    ]  # fmt: skip
    settling.settle(invoice, None)
    if payment.entry_id:
        BankEntry.objects.filter(pk=payment.entry_id).update(state=BankEntry.State.OPEN)
    for row in reversals:
        journal.write(Event.PAYMENT_REVERSED, row, by=by, invoice=invoice.number, amount=-row.amount, method=row.method)
    timeline.record(
        Event.PAYMENT_REVERSED,
        customer=invoice.customer,
        subject=invoice,
        by=by,
        number=invoice.number,
        amount=payment.amount + payment.interest + payment.costs,
    )
    return reversals[0]


@transaction.atomic
def refund(invoice: Invoice, *, amount: Decimal, paid_on, by, note="", entry: BankEntry | None = None) -> Payment:
    """Book that a customer got back what was paid too much, or what was paid for an invoice that is cancelled.

    Raises Refusal for more than the credit, and for days in the future.
    """
    invoice = _locked(invoice)
    row = _take_from_credit(invoice, amount, paid_on, by, note, entry)
    journal.write(Event.PAYMENT_REFUNDED, row, by=by, invoice=invoice.number, amount=amount)
    timeline.record(
        Event.PAYMENT_REFUNDED, customer=invoice.customer, subject=invoice, by=by, number=invoice.number, amount=amount
    )
    return row


@transaction.atomic
def offset(invoice: Invoice, *, on: Invoice, by) -> Payment:
    """Use the credit of one invoice for another of the same customer, as far as both reach (§ 387 BGB).

    Returns the payment of the other one. Raises Refusal when there is no credit, or the invoices are of two customers.
    """
    invoice, other = _locked(invoice), _locked(on)
    if invoice.customer_id != other.customer_id:
        raise Refusal(_("Ein Guthaben lässt sich nur mit Rechnungen desselben Kunden verrechnen."), field="on")
    if other.state != State.OPEN:
        raise states.NotAllowed(other)
    today, amount = timezone.localdate(), min(credit_of(invoice), other.open_amount)
    row = _take_from_credit(invoice, amount, today, by, _("verrechnet mit %(number)s") % {"number": other.number}, None)
    journal.write(Event.PAYMENT_REFUNDED, row, by=by, invoice=invoice.number, amount=amount, offset=other.number)
    return record(
        other, amount=amount, received_on=today, by=by, method=Method.OTHER, is_designated=True,
        note=_("Guthaben aus %(number)s") % {"number": invoice.number},
    )  # fmt: skip


def credit_of(invoice: Invoice) -> Decimal:
    """What the customer has paid too much for it and may have back, in euros."""
    if invoice.state == State.CANCELLED:
        return max(invoice.paid, ZERO)
    if invoice.state not in {State.OPEN, State.PAID} or invoice.paid <= invoice.gross:
        return ZERO
    if final_invoices.counted_in(invoice) is not None:
        return ZERO  # the final invoice takes off all that was received (R39c)
    return invoice.paid - invoice.gross


def beside(invoice: Invoice) -> Beside:
    """What the letters about an invoice ask for beside it, less what was paid of that."""
    return besides(DunningItem.objects.filter(invoice=invoice)).get(invoice.pk, Beside())


def besides(items) -> dict[int, Beside]:
    """The same for all invoices of these DunningItems, by invoice; two queries.

    The last letter names all interest until its day; lump sums and costs are each asked for once (R67, R68).
    """
    interest: dict[int, Decimal] = {}
    costs: defaultdict[int, Decimal] = defaultdict(lambda: ZERO)
    rows = items.order_by("letter__issued_on", "pk").values_list("invoice_id", "interest", "lump_sum", "costs")
    for invoice, its_interest, lump_sum, its_costs in rows:
        interest[invoice] = its_interest
        costs[invoice] += lump_sum + its_costs
    if not interest:
        return {}
    paid = Payment.objects.filter(invoice__in=items.values("invoice")).order_by().values_list("invoice_id")
    for invoice, its_interest, its_costs in paid.annotate(Sum("interest"), Sum("costs")):
        interest[invoice] -= round_cents(its_interest)
        costs[invoice] -= round_cents(its_costs)
    return {pk: Beside(max(interest[pk], ZERO), max(costs[pk], ZERO)) for pk in interest}


def skonto_terms(invoice: Invoice) -> settlement.SkontoTerms | None:
    """The Skonto that was agreed for an issued invoice, None without any; of a retention there is none."""
    if invoice.issued_on is None:
        return None
    at_once = invoice.gross - retention_of(invoice)
    return settlement.skonto_terms(at_once, invoice.skonto_percent, invoice.skonto_days, invoice.issued_on)


def retention_of(invoice: Invoice) -> Decimal:
    """The part of an issued invoice that is due later as a security (R25), in euros."""
    kept = invoice.frozen_document.retention if invoice.retention_percent else None
    return kept.amount if kept else ZERO


def with_retentions(found) -> list[Invoice]:
    """These invoices (a selection without their documents), with the documents of those that have a retention: two queries."""
    rows = list(found)
    kept = [row.pk for row in rows if row.retention_percent]
    documents = dict(Invoice.objects.filter(pk__in=kept).values_list("pk", "document")) if kept else {}
    for row in rows:
        if row.pk in documents:
            row.document = documents[row.pk]
    return rows


def skonto_left(invoice: Invoice) -> Decimal:
    """What may still be taken off as Skonto, in euros."""
    terms = skonto_terms(invoice)
    return max(terms.amount - _counted(invoice, Method.SKONTO), ZERO) if terms else ZERO


def may_withhold(invoice: Invoice) -> bool:
    """Whether the customer may keep tax back of it: building work, and no consumer (§ 48 (1) EStG, R19)."""
    return invoice.is_construction and not invoice.customer.is_consumer


def _locked(invoice):
    return Invoice.objects.select_for_update(of=("self",)).select_related("customer", "business").get(pk=invoice.pk)


def _takes_money(invoice, may_exceed):
    return invoice.state == State.OPEN or (may_exceed and invoice.state == State.PAID and invoice.is_demand)


def _check(invoice, amount, received_on, method):
    if amount <= 0:
        raise Refusal(_("Bitte geben Sie einen Betrag größer als null ein."), field="amount")
    if received_on > timezone.localdate():
        raise Refusal(_("Das Datum des Zahlungseingangs liegt in der Zukunft."), field="received_on")
    books.refuse(received_on, "received_on")
    if method == Method.REFUND:
        raise Refusal(_("Eine Erstattung ist kein Eingang. Bitte buchen Sie sie beim Guthaben."), field="method")
    if method == Method.REDUCTION:
        raise Refusal(
            _("Ein Preisnachlass braucht einen Beleg. Bitte stellen Sie ihn an der Rechnung."), field="method"
        )


def _check_withheld(invoice, amount, on):
    if not may_withhold(invoice):
        raise Refusal(
            _(
                "Bauabzugsteuer behalten nur Unternehmer und öffentliche Auftraggeber ein, und nur bei Bauleistungen "
                "(§ 48 EStG). Bitte prüfen Sie die Zahlungsart."
            ),
            field="method",
        )
    most = settlement.withholding_of(invoice.gross, on) - _counted(invoice, Method.WITHHELD)
    if amount > most:
        raise Refusal(
            _("Als Bauabzugsteuer können höchstens noch %(most)s einbehalten werden (%(percent)s vom Rechnungsbetrag).")
            % {
                "most": formats.euro(max(most, ZERO)),
                "percent": formats.percent(settlement.withholding_percent(on)),
            },
            field="amount",
        )


def _withhold(invoice, payment, by):
    """The row of what was kept back beside a payment; the rest of the invoice or of its Skonto price is met to the cent."""
    left = max(invoice.open_amount, ZERO)
    now, skonto = left - _not_due(invoice, payment.received_on), skonto_left(invoice)
    amount = settlement.withheld_beside(payment.amount, payment.received_on, left, now, left - skonto, now - skonto)
    amount = min(amount, left - payment.amount)
    if amount <= 0:
        raise Refusal(_("Es ist nichts mehr offen, was der Kunde einbehalten haben kann."), field="withholds_tax")
    _check_withheld(invoice, amount, payment.received_on)
    return _beside_row(payment, Method.WITHHELD, amount, by)


def _skonto_taken(invoice, rows, received_on, *, is_granted):
    """The Skonto that closes an invoice together with these rows, or nothing."""
    agreed = skonto_left(invoice)
    if rows[0].method not in MONEY or not agreed:
        if is_granted:
            raise Refusal(_("Für diese Rechnung ist kein Skonto (mehr) vereinbart."), field="takes_skonto")
        return ZERO
    left = invoice.open_amount - _not_due(invoice, received_on) - sum((row.amount for row in rows), ZERO)
    terms = skonto_terms(invoice)
    if is_granted:
        if left > agreed:
            raise Refusal(
                _("Es fehlen %(left)s, vereinbart sind %(skonto)s Skonto. Bitte prüfen Sie den Betrag.")
                % {"left": formats.euro(left), "skonto": formats.euro(agreed)},
                field="amount",
            )
        return max(left, ZERO)
    return agreed if left == agreed and terms and received_on <= terms.until else ZERO


def _not_due(invoice, on):
    """A retention that is not due on a day: nobody pays it yet, and no Skonto is due for it."""
    return claims.withheld(invoice.frozen_document, on=on) if invoice.retention_percent else ZERO


def _beside_row(payment, method, amount, by):
    return Payment.objects.create(
        invoice=payment.invoice,
        amount=amount,
        received_on=payment.received_on,
        method=method,
        entry=payment.entry,
        by=by,
    )


def _booked_beside(payment):
    if payment.method not in MONEY:
        return []
    return Payment.objects.filter(
        invoice=payment.invoice_id, method__in=(Method.SKONTO, Method.WITHHELD), received_on=payment.received_on,
        pk__gt=payment.pk, reverses=None, reversed_by=None,
    )  # fmt: skip


def _take_from_credit(invoice, amount, on, by, note, entry):
    credit = credit_of(invoice)
    if credit == 0:
        raise Refusal(_("Zu dieser Rechnung gibt es kein Guthaben."), field="amount")
    if amount <= 0:
        raise Refusal(_("Bitte geben Sie einen Betrag größer als null ein."), field="amount")
    if amount > credit:
        raise Refusal(
            _("Das Guthaben beträgt nur %(credit)s. Bitte prüfen Sie den Betrag.") % {"credit": formats.euro(credit)},
            field="amount",
        )
    if on > timezone.localdate():
        raise Refusal(_("Das Datum der Erstattung liegt in der Zukunft."), field="paid_on")
    books.refuse(on, "paid_on")
    row = Payment.objects.create(
        invoice=invoice, amount=-amount, received_on=on, method=Method.REFUND, note=note, entry=entry, by=by
    )
    settling.settle(invoice, on)
    return row


def _counted(invoice, method):
    """What was booked by a method and still counts."""
    return round_cents(invoice.payments.filter(method=method).aggregate(sum=Sum("amount"))["sum"] or ZERO)

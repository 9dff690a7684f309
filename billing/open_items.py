"""Open items: what customers owed on a day, and how long it had been due; what they had paid too much.

Worked out from the days of the documents and payments, so a day long past gives what was open then (§ 146 AO, R119).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, Min, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import claims, payments
from billing.models import Invoice, Payment
from billing.money import ZERO, round_cents
from crm import spreadsheets

State, Kind = Invoice.State, Invoice.Kind
EUROS = DecimalField(max_digits=12, decimal_places=2)

# how long something is due: the last day of each group, and its name
AGES = (
    (0, gettext_lazy("nicht fällig")),
    (30, gettext_lazy("1–30 Tage")),
    (60, gettext_lazy("31–60 Tage")),
    (90, gettext_lazy("61–90 Tage")),
    (None, gettext_lazy("über 90 Tage")),
)


@dataclass(frozen=True)
class Item:
    """Part of an invoice that has one due date: the claim, or its retention (R25). Below zero: the customer's credit."""

    invoice: Invoice
    due_on: date | None  # None: nobody knows yet, the work is not accepted (R39e), or the retention has no day
    amount: Decimal
    days: int  # due since; 0 and less: not due
    is_retention: bool = False

    @property
    def age(self) -> int:
        """Its place in AGES."""
        return next(place for place, (last, _label) in enumerate(AGES) if last is None or self.days <= last)


@dataclass(frozen=True)
class Ledger:
    """All that was open at the end of a day, worst first."""

    on: date
    items: tuple[Item, ...]

    @property
    def open(self) -> Decimal:
        """What customers owed, in euros."""
        return sum((item.amount for item in self.items if item.amount > 0), ZERO)

    @property
    def credit(self) -> Decimal:
        """What customers had paid too much, in euros."""
        return -sum((item.amount for item in self.items if item.amount < 0), ZERO)

    @property
    def balance(self) -> Decimal:
        return self.open - self.credit

    @property
    def ages(self) -> list[tuple[str, Decimal, int]]:
        """(name, euros, how many) of each group of AGES; credits are not among them."""
        owed = [item for item in self.items if item.amount > 0]
        return [
            (
                str(label),
                sum((item.amount for item in owed if item.age == place), ZERO),
                sum(item.age == place for item in owed),
            )
            for place, (_last, label) in enumerate(AGES)
        ]


def at(on: date, *, customer=None) -> Ledger:
    """What was open at the end of that day, of all customers or of one; a few queries, however many invoices there are.

    Invoices that were paid, cancelled or counted in later are open here; payments count by the day they came in.
    """
    found = _candidates(on)
    if customer is not None:
        found = found.filter(customer=customer)
    rows: list[Any] = payments.with_retentions(found)
    counted_in = _counted_in([row for row in rows if row.kind == Kind.PART_PAYMENT and row.closed_at])
    items = [item for row in rows for item in _items(row, on, counted_in)]
    items.sort(key=lambda item: (item.amount < 0, item.due_on or date.max, item.invoice.pk, item.is_retention))
    return Ledger(on, tuple(items))


def as_csv(on: date):
    """The ledger of a day as an open CSV file."""
    return spreadsheets.write_csv(_headings(), _lines(at(on)))


def as_xlsx(on: date):
    """The ledger of a day as an open XLSX file."""
    return spreadsheets.write_xlsx(_headings(), _lines(at(on)))


def _candidates(on):
    """Demands that may have been open on the day: those that are, and those something happened to since."""
    until = Payment.objects.filter(invoice=OuterRef("pk"), received_on__lte=on).order_by().values("invoice")
    paid = until.annotate(sum=Sum("amount")).values("sum")
    final = Invoice.objects.filter(
        Q(cancelled_by=None) | Q(cancelled_by__issued_on__gt=on),
        order=OuterRef("order"),
        kind=Kind.FINAL,
        issued_on__lte=on,
    )
    closed_by = final.order_by().values("order").annotate(first=Min("issued_at")).values("first")
    changed = (
        Q(state__in=[State.OPEN, State.REPLACED])
        | Q(state=State.PAID) & ~Q(paid=F("gross"))
        | Q(state=State.CANCELLED) & ~Q(paid=0)
        | Q(cancelled_by__issued_on__gt=on)
        | Q(pk__in=Payment.objects.filter(received_on__gt=on).values("invoice"))
    )
    return (
        Invoice.objects.filter(changed, kind__in=Invoice.DEMANDS, issued_on__lte=on)
        .exclude(state=State.DRAFT)
        .select_related("customer", "cancelled_by", "order__quote")
        .prefetch_related("order__sign_offs")
        .defer(
            "document",
            "intro",
            "cancelled_by__document",
            "cancelled_by__intro",
            "order__document",
            "order__quote__document",
        )
        .annotate(
            paid_then=Coalesce(Subquery(paid), Value(ZERO), output_field=EUROS),
            closed_at=Subquery(closed_by),
        )
    )


def _counted_in(part_payments) -> dict[int, Decimal]:
    """What of each part payment its final invoice took off: the money that was there when it was issued (R39c)."""
    found = {invoice.pk: ZERO for invoice in part_payments}
    closed_at = {invoice.pk: invoice.closed_at for invoice in part_payments}
    if found:
        rows = Payment.objects.filter(invoice__in=found).values_list("invoice_id", "created_at", "amount")
        for invoice, created_at, amount in rows:
            if created_at <= closed_at[invoice]:
                found[invoice] += amount
    return found


def _items(invoice, on, counted_in) -> Iterator[Item]:
    amount = _owed(invoice, on, counted_in) - round_cents(invoice.paid_then)  # SQLite adds up in floating point
    if not amount:
        return
    kept_back = min(payments.retention_of(invoice), amount) if amount > 0 else ZERO
    if amount != kept_back:
        yield _item(invoice, claims.due_on(invoice), amount - kept_back, on)
    if kept_back:
        yield _item(invoice, invoice.retention_until, kept_back, on, is_retention=True)


def _item(invoice, due_on, amount, on, *, is_retention=False):
    return Item(invoice, due_on, amount, (on - due_on).days if due_on else 0, is_retention)


def _owed(invoice, on, counted_in):
    """What the invoice asked for on the day, before payments: nothing once cancelled, and only what the final invoice took
    off once that was issued.
    """
    if invoice.state == State.CANCELLED and invoice.cancelled_by.issued_on <= on:
        return ZERO
    return counted_in.get(invoice.pk, invoice.gross)


def _headings() -> list[str]:
    return [
        _("Rechnung"), _("Art"), _("Kundennummer"), _("Kunde"), _("Rechnungsdatum"), _("fällig am"), _("Tage überfällig"),
        _("Alter"), _("Rechnungsbetrag"), _("offen"), _("Bemerkung"),
    ]  # fmt: skip


def _lines(ledger) -> Iterator[list]:
    labels = dict(Kind.choices)
    for item in ledger.items:
        invoice = item.invoice
        note = _("Sicherheitseinbehalt") if item.is_retention else _("Guthaben") if item.amount < 0 else ""
        yield [
            invoice.number, str(labels[invoice.kind]), invoice.customer.number, invoice.customer.name, invoice.issued_on,
            item.due_on, max(item.days, 0) if item.amount > 0 else 0, str(AGES[item.age][1]) if item.amount > 0 else "",
            invoice.gross, item.amount, note,
        ]  # fmt: skip

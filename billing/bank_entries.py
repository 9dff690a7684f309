"""Bank entries beside the invoices they may belong to: reads only. What is done with them: bank_statements.py."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import current
from billing import claims, payments, settlement
from billing.banking import matching
from billing.banking.matching import Claim, Confidence, Paid, Proposal, Reason
from billing.banking.statement import Entry
from billing.models import BankEntry, DunningItem, Invoice, Payment
from billing.money import ZERO, round_cents
from billing.payments import MONEY, Method

WORDS = {
    Reason.REFERENCE: _("Referenz stimmt"),
    Reason.NUMBER: _("Rechnungsnummer genannt"),
    Reason.DIGITS: _("Ziffern der Rechnungsnummer genannt"),
    Reason.CUSTOMER_NUMBER: _("Kundennummer genannt"),
    Reason.AMOUNT: _("Betrag stimmt"),
    Reason.RETAINED: _("Betrag ohne Sicherheitseinbehalt"),
    Reason.SKONTO: _("Betrag abzüglich Skonto, rechtzeitig"),
    Reason.WITHHELD: _("Betrag abzüglich Bauabzugsteuer"),
    Reason.WITH_CLAIMS: _("Betrag mit Zinsen und Kosten der Mahnung"),
    Reason.SUM: _("Summe mehrerer Rechnungen"),
    Reason.NAME: _("Name passt"),
    Reason.IBAN: _("zahlte schon von diesem Konto"),
    Reason.PART: _("Teilbetrag"),
    Reason.SURPLUS: _("mehr als offen, der Rest wird Guthaben"),
    Reason.OLDEST: _("älteste Rechnung zuerst"),
    Reason.CREDIT: _("Guthaben erstattet"),
    Reason.RETURNED: _("zurückgegebene Zahlung"),
}
SURE = {Confidence.CERTAIN: _("sicher"), Confidence.LIKELY: _("wahrscheinlich"), Confidence.WEAK: _("möglich")}


@dataclass(frozen=True)
class Suggestion:
    """A proposal as the page shows it: the invoices with what each gets, and why in words."""

    proposal: Proposal
    parts: tuple[tuple[Invoice, Decimal], ...]
    reasons: tuple[str, ...]
    confidence: str

    @property
    def key(self) -> str:
        """Names the proposal in a form; another one once something was booked in between."""
        parts = ",".join(f"{part.invoice}={part.amount}" for part in self.proposal.parts)
        return f"{self.proposal.kind}:{parts}"


def rest_of(entry: BankEntry) -> Decimal:
    """What of an entry is not booked yet; below zero for money that left."""
    standing = Payment.objects.filter(entry=entry, reversed_by=None).exclude(
        method__in=[Method.SKONTO, Method.WITHHELD]
    )
    booked = standing.aggregate(sum=Sum(F("amount") + F("interest") + F("costs")))["sum"] or ZERO
    return entry.amount - round_cents(booked)  # SQLite adds up in floating point


class Finder:
    """Proposals for these entries; a handful of queries, however many there are."""

    def __init__(self, entries: Iterable[BankEntry]):
        entries = list(entries)
        outgoing = [entry for entry in entries if entry.amount < 0]
        self._invoices: dict[int, Invoice] = {}
        claims = self._claims(outgoing)
        paid = self._paid(outgoing)
        self._matcher = matching.Matcher(claims, paid, self._payers(entries))

    def proposals(self, entry: BankEntry, rest: Decimal | None = None) -> tuple[Proposal, ...]:
        """What it may be, likeliest first; `rest` where part of it is booked already."""
        amount = entry.amount if rest is None else rest
        read = Entry(entry.booked_on, amount, entry.party, entry.iban, entry.purpose, entry.reference)
        return self._matcher.proposals(read) if amount else ()

    def suggestions(self, entry: BankEntry, rest: Decimal | None = None) -> list[Suggestion]:
        """The same with invoices and words."""
        return [
            Suggestion(
                proposal,
                tuple((self._invoices[part.invoice], part.amount) for part in proposal.parts),
                tuple(str(WORDS[reason]) for reason in proposal.reasons),
                str(SURE[proposal.confidence]),
            )
            for proposal in self.proposals(entry, rest)
        ]

    def _claims(self, outgoing):
        wanted = Q(state=Invoice.State.OPEN, gross__gt=F("paid"))
        if outgoing:
            wanted |= Q(state=Invoice.State.CANCELLED, paid__gt=0)
            wanted |= Q(state__in=[Invoice.State.OPEN, Invoice.State.PAID], paid__gt=F("gross"))
        found = (
            Invoice.objects.filter(wanted, kind__in=Invoice.DEMANDS)
            .select_related("customer")
            .annotate(skonto_taken=Sum("payments__amount", filter=Q(payments__method=Method.SKONTO)))
            .defer("document", "intro")
        )
        besides = payments.besides(DunningItem.objects.filter(invoice__state=Invoice.State.OPEN))
        return [
            self._claim(invoice, besides.get(invoice.pk, payments.Beside()))
            for invoice in payments.with_retentions(found)
        ]

    def _claim(self, invoice, beside):
        self._invoices[invoice.pk] = invoice
        customer, left = invoice.customer, max(invoice.open_amount, ZERO)
        kept = claims.withheld(invoice.frozen_document, on=timezone.localdate()) if invoice.retention_percent else ZERO
        kept = min(kept, left)
        terms = payments.skonto_terms(invoice)
        withheld = settlement.withholding_of(left - kept, invoice.issued_on) if payments.may_withhold(invoice) else ZERO
        return Claim(
            invoice=invoice.pk,
            number=invoice.number,
            customer=customer.pk,
            customer_number=str(customer.number),
            names=tuple(filter(None, (customer.name, customer.person_name))),
            due_on=invoice.due_on,
            open=left,
            kept=kept,
            beside=beside.total,
            skonto=max(terms.amount - round_cents(invoice.skonto_taken or ZERO), ZERO) if terms else ZERO,
            skonto_until=terms.until if terms else None,
            withheld=withheld,
            credit=payments.credit_of(invoice),
        )

    def _paid(self, outgoing):
        """Payments of the amounts that left, as a bank may have taken them back."""
        if not outgoing:
            return []
        rows = (
            Payment.objects.filter(
                amount__in={-entry.amount for entry in outgoing}, method__in=MONEY, reverses=None, reversed_by=None
            )
            .select_related("invoice")
            .defer("invoice__document", "invoice__intro")
            .order_by("-received_on", "-pk")[:500]
        )
        self._invoices |= {row.invoice_id: row.invoice for row in rows}
        return [
            Paid(row.pk, row.invoice_id, str(row.invoice), row.invoice.customer_id, row.amount, row.received_on)
            for row in rows
        ]

    @staticmethod
    def _payers(entries):
        """From which account which customers paid before; our own accounts name nobody."""
        own = {current.business().iban, *(entry.statement.iban for entry in entries)}
        ibans = {entry.iban for entry in entries} - own - {""}
        found: dict[str, set[int]] = {}
        rows = Payment.objects.filter(entry__iban__in=ibans, amount__gt=0, reversed_by=None)
        for iban, customer in rows.values_list("entry__iban", "invoice__customer_id").distinct():
            found.setdefault(iban, set()).add(customer)
        return found

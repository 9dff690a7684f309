"""What can be done with a bank statement and its entries: take a file in, book what is certain, book, ignore, undo."""

import hashlib
import logging
from collections import Counter

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import current, formats
from accounts.models import Business
from accounts.refusals import Refusal
from accounts.wakeup import kick
from billing import bank_entries, books, journal, payments
from billing.banking import readers
from billing.banking.matching import Kind, Part, Proposal, Reason
from billing.banking.statement import BIGGEST, refuse
from billing.journal_events import JournalEvent
from billing.models import BankEntry, BankStatement, Invoice, Payment
from crm import files

logger = logging.getLogger(__name__)

State = BankEntry.State
BATCH = 500
ENDINGS = {"camt": "xml", "mt940": "sta", "csv": "csv"}


@transaction.atomic
def take_in(file, *, by) -> BankStatement:
    """Keep a bank's file with the bookings that are not known yet: all of them, or none and a Refusal (field "file").

    Statements may overlap: what an earlier file brought is not kept twice. Exact matches are booked in the background.
    """
    if (file.size or 0) > BIGGEST:
        raise refuse(_("Die Datei ist größer als 20 MB. Bitte wählen Sie einen kürzeren Zeitraum."))
    content = file.read()
    digest = hashlib.sha256(content).hexdigest()
    # of two who hand over the same file, the second waits here and is told
    Business.objects.select_for_update().get(pk=current.business().pk)
    if known := BankStatement.objects.filter(sha256=digest).first():
        raise refuse(
            _("Diese Datei ist schon eingelesen, am %(day)s. Bitte wählen Sie eine neuere.")
            % {"day": formats.day(known.created_at)}
        )
    kind, found = readers.read(content)
    stored, _digest = files.store(f"bank/{current.business().pk}/kontoauszug.{ENDINGS[kind]}", content)
    statement = BankStatement.objects.create(
        name=(file.name or "")[:200], format=kind, sha256=digest, file=stored, entry_count=len(found.entries), iban=found.iban,
        first_on=found.first_on, last_on=found.last_on, opening=found.opening, closing=found.closing, by=by,
    )  # fmt: skip
    known_prints = set()
    if found.entries:
        days = [entry.booked_on for entry in found.entries]
        known_prints = set(
            BankEntry.objects.filter(booked_on__range=(min(days), max(days))).values_list("fingerprint", flat=True)
        )
    new = []
    same: Counter[tuple] = Counter()
    for entry in found.entries:
        fingerprint = _fingerprint(found.iban, entry, same)
        if fingerprint not in known_prints:
            new.append(
                BankEntry(
                    statement=statement, booked_on=entry.booked_on, amount=entry.amount, party=entry.party, iban=entry.iban,
                    purpose=entry.purpose, reference=entry.reference, fingerprint=fingerprint,
                )
            )  # fmt: skip
    # oldest first, as they happened: money without designation pays the oldest debt
    new.sort(key=lambda entry: entry.booked_on)
    BankEntry.objects.bulk_create(new, batch_size=BATCH)
    journal.write(
        JournalEvent.BANK_STATEMENT_READ, statement, content_hash=digest, by=by, name=statement.name, new=len(new)
    )
    kick("billing.tasks.match_bank_statement", statement.pk)
    return statement


def match(statement: BankStatement) -> None:
    """Book the open entries of a statement that name an invoice and fit to the cent; put aside what left for others.

    Each entry is a transaction of its own, so a broken run goes on where it stopped. Safe to run twice.
    """
    if statement.matched_at:
        return
    entries = list(statement.entries.filter(state=State.OPEN).select_related("statement").order_by("booked_on", "pk"))
    finder = bank_entries.Finder(entries)
    for entry in entries:
        proposals = finder.proposals(entry)
        if proposals and proposals[0].is_certain:
            try:
                book(entry, proposals[0], by=statement.by)
            except Refusal as refusal:  # an entry before it paid the invoice: a person looks at it
                logger.info("bank entry %s stays open: %s", entry.pk, refusal)
        elif entry.amount < 0 and not proposals:
            BankEntry.objects.filter(pk=entry.pk, state=State.OPEN).update(state=State.IGNORED)
    BankStatement.objects.filter(pk=statement.pk).update(matched_at=timezone.now())


@transaction.atomic
def book(entry: BankEntry, proposal: Proposal, *, by) -> None:
    """Book what a proposal says. Raises Refusal when the entry, or an invoice, is not as it was."""
    entry = _open(entry)
    for part in proposal.parts:
        if proposal.kind == Kind.RETURN:
            payments.reverse(Payment.objects.get(pk=part.payment or 0), by=by, entry=entry, note=entry.purpose[:140])
        elif proposal.kind == Kind.REFUND:
            invoice = Invoice.objects.get(pk=part.invoice)
            payments.refund(invoice, amount=-part.amount, paid_on=entry.booked_on, by=by, entry=entry)
        else:
            is_more = bool({Reason.SURPLUS, Reason.OLDEST} & set(proposal.reasons))
            _pay(entry, part, by=by, withholds_tax=proposal.withholds_tax, may_exceed=is_more)
    _close(entry)


@transaction.atomic
def assign(entry: BankEntry, invoice: Invoice, *, amount, by, **how) -> None:
    """Book an amount of an entry for an invoice a person chose; what is left of the entry stays open.

    `how` are `withholds_tax`, `takes_skonto`, `is_designated`, `may_exceed` of payments.record. Raises Refusal (field
    "amount") for more than is left of the entry.
    """
    entry = _open(entry)
    rest = bank_entries.rest_of(entry)
    if rest <= 0:
        raise Refusal(_("Diese Buchung ist kein Geldeingang."))
    if amount > rest:
        raise Refusal(
            _("Von dieser Buchung sind noch %(rest)s zu verteilen.") % {"rest": formats.euro(rest)}, field="amount"
        )
    _pay(entry, Part(invoice.pk, amount), by=by, **how)
    _close(entry)


@transaction.atomic
def ignore(entry: BankEntry) -> None:
    """Put an entry aside that is not about an invoice."""
    entry = _open(entry)
    if bank_entries.rest_of(entry) != entry.amount:
        raise Refusal(_("Ein Teil dieser Buchung ist schon verbucht. Bitte verteilen Sie auch den Rest."))
    _set_state(entry, State.IGNORED)


@transaction.atomic
def undo(entry: BankEntry, *, by) -> None:
    """Make an entry open again: payments booked from it are reversed, both rows stay.

    Raises Refusal for what the bank took back: that payment is to be booked anew when it comes in again.
    """
    entry = BankEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    rows = Payment.objects.filter(entry=entry, reversed_by=None).order_by("pk")
    if rows.filter(reverses__isnull=False).exists():
        raise Refusal(_("Mit dieser Buchung kam eine Zahlung zurück. Das lässt sich nicht ungeschehen machen."))
    for row in rows.exclude(method__in=[Payment.Method.SKONTO, Payment.Method.WITHHELD]):
        payments.reverse(row, by=by)
    _set_state(entry, State.OPEN)


def _pay(entry, part, *, by, **how):
    invoice = Invoice.objects.get(pk=part.invoice)
    day, note = entry.booked_on, entry.party
    locked = books.locked_until()
    if locked and day <= locked:  # the books of that day are closed: it counts today, and says when it came
        note = _("%(party)s, eingegangen am %(day)s") % {"party": entry.party, "day": formats.day(day)}
        day = timezone.localdate()
    payments.record(invoice, amount=part.amount, received_on=day, by=by, entry=entry, note=note[:140], **how)


def _open(entry):
    entry = BankEntry.objects.select_for_update(of=("self",)).select_related("statement").get(pk=entry.pk)
    if entry.state != State.OPEN:
        raise Refusal(
            _("Diese Buchung ist bereits: %(state)s. Bitte laden Sie die Seite neu.")
            % {"state": entry.get_state_display()}
        )
    return entry


def _close(entry):
    if bank_entries.rest_of(entry) == 0:
        _set_state(entry, State.BOOKED)


def _set_state(entry, state):
    BankEntry.objects.filter(pk=entry.pk).update(state=state)


def _fingerprint(account, entry, same):
    """What tells bookings apart; the same day, amount and words twice in a file are two bookings."""
    words = "".join(f"{entry.party}{entry.purpose}".split()).casefold()
    what = (account, entry.booked_on.isoformat(), f"{entry.amount:.2f}", words, entry.bank_id)
    same[what] += 1
    return hashlib.sha256(repr((*what, same[what])).encode()).hexdigest()

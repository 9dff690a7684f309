"""What can be done about money that does not come: propose and send letters, hold them back, agree on instalments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import current, formats
from accounts.refusals import Refusal
from accounts.wakeup import kick
from billing import base_rates, deadlines, dunning_claims, dunning_holds, dunning_letters, invoices, journal, rendering
from billing.documents import model as documents
from billing.dunning_claims import ZERO
from billing.dunning_holds import Standing
from billing.dunning_letters import Letter
from billing.events import Event
from billing.models import DunningLetter, Instalment, Invoice
from billing.money import distribute
from crm import customers, mail, mail_limits, recipients, timeline
from crm.models import Customer

Level = DunningLetter.Level
MOST_INSTALMENTS = 36
LIMITATION_DAYS = 90  # before the end of the year the list of claims that will be barred is looked at (R72)


@dataclass(frozen=True)
class Proposal:
    """One customer and all of his that is overdue, worst first: `ready` is written about, `held` is not."""

    customer: Customer
    standings: tuple[Standing, ...]

    @property
    def ready(self) -> list[Standing]:
        return [each for each in self.standings if not each.hold]

    @property
    def held(self) -> list[Standing]:
        return [each for each in self.standings if each.hold]

    @property
    def level(self) -> Level:
        """One letter for all: the highest level that one of the invoices has come to."""
        return max((each.next_level for each in self.ready), default=Level.REMINDER)

    @property
    def due(self) -> Decimal:
        return sum((each.due for each in self.ready), ZERO)

    @property
    def to(self) -> str:
        """Where the letter goes: to whoever gets invoices there, else to where an invoice went."""
        return recipients.for_invoices(self.customer) or next(
            (each.invoice.send_to for each in self.ready if each.invoice.send_to), ""
        )


@dataclass(frozen=True)
class Wish:
    """How a letter is to be. `invoices` are ids; costs are asked for where it goes by post (R68)."""

    level: int
    invoices: frozenset[int]
    asks_interest: bool = False
    asks_lump_sum: bool = False
    by_post: bool = False
    collection: Decimal = ZERO  # what a lawyer, a court or a collector costs, in euros


def proposals(*, on: date) -> list[Proposal]:
    """Every customer with overdue invoices: those to be written to first, then the others, each worst first."""
    found = dunning_holds.standings(Invoice.objects.all(), on=on)
    prefetch_related_objects([each.invoice.customer for each in found], "contact_persons")
    place = {each.invoice.customer_id: n for n, each in reversed(list(enumerate(found)))}
    found.sort(key=lambda each: place[each.invoice.customer_id])
    grouped = groupby(found, key=lambda each: each.invoice.customer_id)
    rows = [_proposal(list(each)) for _pk, each in grouped]
    return sorted(rows, key=lambda proposal: not proposal.ready)


def proposal_for(customer: Customer, *, on: date) -> Proposal:
    """The same for one customer, who may owe nothing."""
    found = dunning_holds.standings(Invoice.objects.filter(customer=customer), on=on)
    return Proposal(customer, tuple(found))


def _proposal(found):
    return Proposal(found[0].invoice.customer, tuple(found))


def wish_for(proposal: Proposal, *, level: int | None = None) -> Wish:
    """What the law and the levels suggest (R67, R69): interest and lump sum with the last letter, paper without an address.

    `level` in the place of the next one.
    """
    level = proposal.level if level is None else level
    is_late = level >= Level.LAST
    return Wish(
        level=level,
        invoices=frozenset(each.invoice.pk for each in proposal.ready),
        asks_interest=is_late,
        asks_lump_sum=is_late and not proposal.customer.is_consumer,
        by_post=not proposal.to,
    )


def draft(proposal: Proposal, wish: Wish, *, on: date, by=None) -> tuple[Letter, list[Invoice]]:
    """The letter as it would go out, and the invoices it is about.

    Raises Refusal where nothing is to be written about, and where interest is asked for days without a base rate.
    """
    ready = [each.invoice for each in proposal.ready if each.invoice.pk in wish.invoices]
    if not ready:
        raise Refusal(_("Bitte wählen Sie mindestens eine Rechnung, die gemahnt werden kann."), field="invoices")
    costs = _costs(proposal.customer.business, wish)
    claims = []
    for number, invoice in enumerate(ready):
        try:
            claim = dunning_claims.of(
                invoice, on=on, asks_interest=wish.asks_interest, asks_lump_sum=wish.asks_lump_sum,
                costs=ZERO if number else costs,
            )  # fmt: skip
        except base_rates.UnknownRate as unknown:
            sentence = _(
                "Der Basiszinssatz für den %(day)s ist noch nicht hinterlegt. Bitte fordern Sie vorerst keine Zinsen."
            )
            raise Refusal(sentence % {"day": formats.day(unknown.day)}, field="asks_interest") from unknown
        claims.append(claim)
    if wish.collection:
        _refuse_collection(wish, claims)
        claims = dunning_claims.with_collection(list(zip(ready, claims, strict=True)), wish.collection)
    return dunning_letters.draft(proposal.customer, claims, level=wish.level, on=on, by=by), ready


def _refuse_collection(wish, claims):
    """Costs of pursuing a claim are damages of default (§§ 280, 286 BGB), and come with the handover."""
    if wish.level != Level.HANDOVER:
        raise Refusal(
            _("Kosten für Anwalt, Gericht oder Inkasso gehören zur Stufe „Übergabe“. Bitte wählen Sie diese."),
            field="collection",
        )
    if any(claim.default_from is None for claim in claims):
        raise Refusal(
            _("Noch nicht alle Rechnungen sind in Verzug: Solche Kosten muss der Kunde erst danach tragen."),
            field="collection",
        )


def _costs(business, wish):
    """Print and postage, from the second Mahnung on: never for the letter that puts somebody into default (R68)."""
    return business.dunning_costs if wish.by_post and wish.level == Level.LAST else ZERO


@transaction.atomic
def send(customer: Customer, wish: Wish, *, by, to: str = "", seen: str | None = None) -> DunningLetter:
    """Write the letter down, and have it printed and mailed `to` an address; by post and for the handover nothing is mailed.

    `seen` is the hash of the letter that the sender looked at (IND4): raises Refusal where it has changed since, and
    where there is nothing to remind of, so of two who click at once the second sends nothing.
    """
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    today = timezone.localdate()
    is_mailed = not wish.by_post and wish.level != Level.HANDOVER
    if is_mailed and not to:
        raise Refusal(_("Für diesen Kontakt ist keine E-Mail-Adresse hinterlegt."), field="to")
    letter, about = draft(proposal_for(customer, on=today), wish, on=today, by=by)
    if seen is not None and documents.content_hash(letter) != seen:
        raise Refusal(_("Seit der Vorschau hat sich etwas geändert. Bitte sehen Sie das Schreiben noch einmal an."))
    row = dunning_letters.keep(letter, customer, about, send_to=to if is_mailed else "", by=by)
    if not is_mailed:
        DunningLetter.objects.filter(pk=row.pk).update(sent_at=timezone.now())
    numbers = ", ".join(claim.number for claim in letter.claims)
    journal.write(
        Event.DUNNING_SENT,
        row,
        content_hash=row.content_hash,
        by=by,
        level=row.level,
        invoices=numbers,
        total=row.total,
    )
    timeline.record(Event.DUNNING_SENT, customer=customer, subject=row, by=by, numbers=numbers, total=row.total)
    kick("billing.tasks.deliver_dunning_letter", row.pk)
    return row


@transaction.atomic
def deliver(row: DunningLetter) -> None:
    """Store the letter's file and mail it where it is to be mailed, once; may run twice."""
    row = DunningLetter.objects.select_for_update(of=("self",)).select_related("customer", "business").get(pk=row.pk)
    rendering.dunning_letter(row)
    if not row.send_to or row.sent_at:
        return
    about = [item.invoice for item in row.items.select_related("invoice__customer", "invoice__business").order_by("pk")]
    letter = dunning_letters.read(row)
    shown = dunning_letters.context(letter)
    mail.queue(
        "billing/mail/dunning_letter", to=row.send_to, customer=row.customer, link=invoices.link_to(about[0], row.send_to),
        about=row, language=letter.language, is_automatic=row.by_id is None, heading=shown["title"], **shown,
        attachments=[_file(row, letter), *_copies(about)],
    )  # fmt: skip
    DunningLetter.objects.filter(pk=row.pk).update(sent_at=timezone.now())


def _file(row, letter):
    with translation.override(letter.language):
        return f"{dunning_letters.title(row.level)} {row.issued_on}.pdf", "application/pdf", row.pdf, row.pdf_sha256


def _copies(about):
    """The invoices once more, as they are stored."""
    return [
        (f"{invoice.number}.pdf", "application/pdf", invoice.pdf, invoice.pdf_sha256)
        for invoice in about
        if invoice.pdf
    ]


def send_due() -> int:
    """Send what is to be sent today without anybody looking, in a business that wants it (R69); returns how many.

    Never the handover, never without an address, and within what rules may write to a customer (crm.mail_limits).
    """
    business, now = current.business(), timezone.now()
    sent = 0
    if not business.dunning_is_automatic:
        return sent
    for proposal in proposals(on=timezone.localdate(now)):
        if not proposal.ready or proposal.level == Level.HANDOVER or not proposal.to:
            continue
        if mail_limits.is_refused(proposal.to) or mail_limits.next_allowed(proposal.customer, now) > now:
            continue
        wish = wish_for(proposal)
        try:
            send(proposal.customer, wish, by=None, to=proposal.to)
        except Refusal:  # paid in this very moment, or no base rate: somebody looks at it on the list
            continue
        sent += 1
    return sent


@transaction.atomic
def stop(invoice: Invoice, *, reason: str, by) -> None:
    """Remind of an invoice no more, for a reason: disputed, agreed otherwise. Raises Refusal without one."""
    reason = reason.strip()
    if not reason:
        raise Refusal(_("Bitte nennen Sie den Grund, zum Beispiel „Kunde bestreitet die Forderung“."), field="reason")
    Invoice.objects.filter(pk=invoice.pk).update(dunning_stop=reason, updated_at=timezone.now())
    timeline.record(
        Event.DUNNING_STOPPED, customer=invoice.customer, subject=invoice, by=by, number=invoice.number, reason=reason
    )


@transaction.atomic
def resume(invoice: Invoice, *, by) -> None:
    """Remind of an invoice again."""
    if (
        Invoice.objects.filter(pk=invoice.pk)
        .exclude(dunning_stop="")
        .update(dunning_stop="", updated_at=timezone.now())
    ):
        timeline.record(
            Event.DUNNING_RESUMED, customer=invoice.customer, subject=invoice, by=by, number=invoice.number
        )  # fmt: skip


def stop_customer(customer: Customer, *, reason: str, by) -> None:
    """Remind a customer of nothing any more; an empty reason ends that."""
    customers.change(customer, by=by, dunning_stop=reason.strip())


@transaction.atomic
def agree_plan(invoice: Invoice, instalments: Sequence[tuple[date, Decimal]], *, by) -> list[Instalment]:
    """Note that the customer pays in instalments (day, euros), in the place of what was agreed before. While he keeps to
    it nobody reminds him. Raises Refusal unless they are exactly what is open, on days to come.
    """
    locked = Invoice.objects.select_for_update(of=("self",)).select_related("customer").get(pk=invoice.pk)
    if not locked.is_demand or not locked.open_amount:
        raise Refusal(_("Auf diese Rechnung ist nichts mehr zu zahlen."))
    days = [day for day, _amount in instalments]
    if not 1 <= len(days) <= MOST_INSTALMENTS or len(set(days)) != len(days) or min(days) < timezone.localdate():
        raise Refusal(_("Bitte nennen Sie je Rate einen eigenen Tag, der noch kommt."), field="instalments")
    together = sum((amount for _day, amount in instalments), ZERO)
    if together != locked.open_amount or min(amount for _day, amount in instalments) <= 0:
        sentence = _("Die Raten ergeben %(sum)s, offen sind %(open)s. Bitte gleichen Sie sie an.")
        words = {"sum": formats.euro(together), "open": formats.euro(locked.open_amount)}
        raise Refusal(sentence % words, field="instalments")
    locked.instalments.all().delete()
    rows = [Instalment.objects.create(invoice=locked, due_on=day, amount=amount) for day, amount in sorted(instalments)]
    _tell_plan(Event.PLAN_AGREED, locked, by, count=len(rows), until=max(days))
    return rows


@transaction.atomic
def end_plan(invoice: Invoice, *, by) -> None:
    """The instalments no longer count."""
    deleted, _by_model = invoice.instalments.all().delete()
    if deleted:
        _tell_plan(Event.PLAN_ENDED, invoice, by)


def _tell_plan(event, invoice, by, **facts):
    journal.write(event, invoice, by=by, **facts)
    timeline.record(event, customer=invoice.customer, subject=invoice, by=by, number=invoice.number, **facts)


def even_instalments(amount: Decimal, *, count: int, first_on: date) -> list[tuple[date, Decimal]]:
    """So many monthly instalments, equal to the cent. Raises Refusal for a wrong number."""
    if not 1 <= count <= MOST_INSTALMENTS or amount < Decimal("0.01") * count:
        raise Refusal(_("Bitte wählen Sie 1 bis %(most)s Raten.") % {"most": MOST_INSTALMENTS}, field="count")
    days = [deadlines.months_later(first_on, month) for month in range(count)]
    return list(zip(days, distribute(amount, [Decimal(1)] * count), strict=True))


def barred_soon(*, on: date) -> QuerySet[Invoice]:
    """Open invoices that are barred within 90 days or are already (R72)."""
    return dunning_holds.near_limitation(on=on, days=LIMITATION_DAYS)

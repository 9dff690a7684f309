"""Where overdue invoices stand in dunning: which letter comes next, or why nobody writes (R69). Few queries for any number."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import formats
from billing import claims
from billing.models import BankEntry, DunningItem, DunningLetter, Instalment, Invoice, OnlinePayment, SignOff
from crm import folding
from crm.models import Message

Level = DunningLetter.Level
GRACE = timedelta(days=3)  # bank transfers need a day or two; nobody is reminded on the first day
ON_THE_WAY = timedelta(days=3)  # after that an online payment that was begun counts as given up
SHORTEST_NAME = 4  # letters of a name that are worth comparing


@dataclass(frozen=True)
class Standing:
    """An overdue invoice. `due` is what may be asked for today in euros, `days` for how long already, `last` the last letter
    about it, `reached` the highest level of all (None: none yet), `hold` why nobody is reminded (empty: somebody is).

    `is_stop` says that a person decided so, and not the calendar.
    """

    invoice: Invoice
    due: Decimal
    days: int
    last: DunningLetter | None
    reached: int | None
    hold: str = ""
    is_stop: bool = False

    @property
    def next_level(self) -> Level:
        return Level.REMINDER if self.reached is None else Level(min(self.reached + 1, Level.HANDOVER))


def standings(found, *, on: date) -> list[Standing]:
    """Of each of these invoices (a selection) that is overdue, worst first."""
    found = found.overdue(on=on).filter(kind__in=Invoice.DEMANDS, gross__gt=F("paid"))
    facts = _Facts(found, on)
    rows = found.select_related("customer", "business", "order__quote")
    rows = rows.defer("document", "order__document", "order__quote__document")
    rows = rows.prefetch_related(
        Prefetch("order__sign_offs", SignOff.objects.defer("record", "customer_signature", "business_signature"))
    )
    return [_standing(invoice, facts, on) for invoice in rows]


def retained(invoice: Invoice, *, on: date) -> Decimal:
    """What the customer may still keep back as a security (R25), in euros."""
    if not invoice.retention_percent or (invoice.retention_until and invoice.retention_until < on):
        return Decimal("0.00")
    retention = invoice.frozen_document.retention
    return retention.amount if retention else Decimal("0.00")


def plan_is_kept(open_amount: Decimal, instalments, *, on: date) -> bool:
    """Whether no more is open than what later instalments will bring; a transfer may take its days."""
    to_come = sum((each.amount for each in instalments if each.due_on + GRACE >= on), Decimal(0))
    return open_amount <= to_come


class _Facts:
    """What is asked of several invoices at once."""

    def __init__(self, found, on):
        pks = found.order_by().values("pk")
        self.last: dict[int, DunningLetter] = {}
        self.reached: dict[int, int] = {}
        items = DunningItem.objects.filter(invoice__in=pks).select_related("letter")
        for item in items.defer("letter__content").order_by("letter_id"):
            self.last[item.invoice_id] = item.letter
            self.reached[item.invoice_id] = max(item.letter.level, self.reached.get(item.invoice_id, 0))
        self.plans = defaultdict(list)
        for instalment in Instalment.objects.filter(invoice__in=pks):
            self.plans[instalment.invoice_id].append(instalment)
        self.retained = {
            invoice.pk: retained(invoice, on=on) for invoice in found.filter(retention_percent__gt=0).order_by()
        }
        since = timezone.now() - ON_THE_WAY
        begun = OnlinePayment.objects.filter(invoice__in=pks, state=OnlinePayment.State.OPEN, created_at__gte=since)
        self.online = {payment.invoice_id: payment for payment in begun}
        self.asked = _open_questions(pks)
        entries = BankEntry.objects.filter(state=BankEntry.State.OPEN, amount__gt=0)
        self.entries = [
            (entry, _letters(f"{entry.purpose} {entry.reference}"), folding.fold(entry.party)) for entry in entries
        ]


def _standing(invoice, facts, on):
    due = invoice.open_amount - facts.retained.get(invoice.pk, Decimal(0))
    last = facts.last.get(invoice.pk)
    reached = facts.reached.get(invoice.pk)
    stop = _stop(invoice, last, reached)
    due_on = claims.due_on(invoice)
    hold = stop or _wait(invoice, facts, due, due_on, last, on)
    days = (on - due_on).days if due_on else 0
    return Standing(invoice, max(due, Decimal("0.00")), max(days, 0), last, reached, hold, bool(stop))


def _stop(invoice, last, reached):
    """What people decided."""
    if invoice.customer.dunning_stop:
        return _("Kunde wird nicht gemahnt: %(reason)s") % {"reason": invoice.customer.dunning_stop}
    if invoice.dunning_stop:
        return _("Mahnstopp: %(reason)s") % {"reason": invoice.dunning_stop}
    if last is not None and reached == Level.HANDOVER:
        return _("Übergeben am %(day)s.") % {"day": formats.day(last.issued_on)}
    return ""


def _wait(invoice, facts, due, due_on, last, on):
    """What is not due yet, or on its way."""
    if due <= 0:
        until = invoice.retention_until
        return (
            _("Offen ist nur der Sicherheitseinbehalt, fällig am %(day)s.") % {"day": formats.day(until)}
            if until
            else _("Offen ist nur der Sicherheitseinbehalt.")
        )
    if due_on is None or _lacks_sign_off(invoice):
        return _("Die Leistung ist noch nicht abgenommen, die Zahlung also nicht fällig (§ 641 BGB).")
    if asked_at := facts.asked.get(invoice.pk):
        return _("Der Kunde hat am %(day)s eine Frage zur Rechnung gestellt. Bitte antworten Sie zuerst.") % {
            "day": formats.day(asked_at)
        }
    plan = facts.plans.get(invoice.pk)
    if plan and plan_is_kept(invoice.open_amount, plan, on=on):
        return _("Die vereinbarten Raten werden eingehalten.")
    if paying := facts.online.get(invoice.pk):
        return _("Online-Zahlung über %(amount)s begonnen.") % {"amount": formats.euro(paying.amount)}
    if entry := _may_pay(invoice, due, facts.entries):
        return _("Zahlung über %(amount)s vom %(day)s ist noch nicht zugeordnet.") % {
            "amount": formats.euro(entry.amount), "day": formats.day(entry.booked_on),
        }  # fmt: skip
    if on <= due_on:
        return _("Seit der Abnahme läuft die Frist bis %(day)s.") % {"day": formats.day(due_on)}
    if on < due_on + GRACE:
        return _("Erst seit %(day)s fällig, eine Überweisung kann unterwegs sein.") % {"day": formats.day(due_on)}
    if last is not None and on <= last.pay_until + GRACE:
        return _("Frist aus dem Schreiben vom %(day)s läuft bis %(until)s.") % {
            "day": formats.day(last.issued_on), "until": formats.day(last.pay_until),
        }  # fmt: skip
    return ""


def _open_questions(pks):
    """Invoices whose customers asked something and had no answer yet, with the instant: perhaps the claim is disputed."""
    about = Message.objects.filter(subject_type=ContentType.objects.get_for_model(Invoice), subject_id__in=pks)
    last = {message.subject_id: message for message in about.defer("text").order_by("created_at", "pk")}
    return {pk: message.created_at for pk, message in last.items() if message.is_from_customer}


def _lacks_sign_off(invoice):
    """Whether the customer was asked to accept the work and has not (§ 641 BGB); building work: billing.claims.due_on."""
    if invoice.order is None or invoice.kind not in claims.LAST or claims.accepted_on(invoice.order):
        return False
    asked = {SignOff.State.REQUESTED, SignOff.State.REFUSED}
    return any(each.state in asked and not each.is_part for each in invoice.order.sign_offs.all())


def _may_pay(invoice, due, entries):
    """Money that nobody has booked yet and that looks like this invoice's: by its number, or by amount and name."""
    number = _letters(invoice.number)
    names = [part for part in folding.fold(invoice.customer.name).split() if len(part) >= SHORTEST_NAME]
    for entry, purpose, party in entries:
        if number in purpose or (entry.amount == due and any(name in party for name in names)):
            return entry
    return None


def _letters(text):
    return "".join(sign for sign in text.upper() if sign.isalnum())


def near_limitation(*, on: date, days: int):
    """Open demands that are barred within so many days or are already (R72), oldest first."""
    last = on + timedelta(days=days)
    # barred at the end of the third year after they fell due: within the days when that 31 December is
    year = last.year - 3 if (last.month, last.day) == (12, 31) else last.year - 4
    found = Invoice.objects.open().filter(Q(kind__in=Invoice.DEMANDS), due_on__year__lte=year, gross__gt=F("paid"))
    return found.select_related("customer").defer("document")

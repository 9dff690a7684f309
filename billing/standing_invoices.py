"""What can be done with a standing invoice: what is billed again and again (Dauerleistung, R49).

Each period is one invoice of its own with its own number. The row of the standing invoice is the lock: two runs at once
bill a period once, and the database refuses a second invoice for it in any case.
"""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import formats
from accounts.refusals import Refusal
from billing import deadlines, drafting, einvoice_duty, invoices, journal, tax_decisions
from billing.documents.model import LineKind
from billing.events import Event
from billing.models import Invoice, StandingInvoice, StandingInvoiceLine
from billing.models.line import row_values
from crm import customers, recipients, timeline
from crm.models import Customer

FIELDS = (
    "title", "intro", "mode", "tax_case", "tax_decision", "payment_days", "buyer_reference", "every", "ends_on", "in_advance",
    "sends",
)  # fmt: skip


ENDS_TOO_EARLY = gettext_lazy("Das Ende liegt vor dem Beginn. Bitte prüfen Sie beide Tage.")


def period(standing: StandingInvoice, first: date) -> tuple[date, date]:
    """(first day, last day) of the period that begins on `first`, counted from the standing invoice's own beginning, so
    that the 31st stays the 31st. The last period ends with the contract.
    """
    number, after = 0, standing.starts_on
    while after <= first:
        number += 1
        after = deadlines.months_later(standing.starts_on, number * standing.every)
    last = after - timedelta(days=1)
    return first, min(last, standing.ends_on) if standing.ends_on else last


def bills_on(standing: StandingInvoice) -> date | None:
    """The day its next period may be billed: its first day, or the day after its last one. None when all is billed."""
    if standing.ends_on and standing.next_from > standing.ends_on:
        return None
    first, last = period(standing, standing.next_from)
    return first if standing.in_advance else last + timedelta(days=1)


def waiting(*, until: date):
    """The standing invoices that may have a period to bill by that day: a superset, decided by `bills_on`."""
    living = StandingInvoice.objects.filter(is_paused=False, next_from__lte=until)
    return living.filter(Q(ends_on=None) | Q(ends_on__gte=F("next_from")))


@transaction.atomic
def create(customer, *, by, starts_on: date, lines=(), **fields) -> StandingInvoice:
    """A standing invoice from that day on. `fields` are those of FIELDS, `lines` dictionaries of row values.

    Raises Refusal when it ends before it begins, and for a contact that is put away.
    """
    customers.refuse_archived(customer)
    fields.setdefault("payment_days", customer.business.payment_days)
    standing = StandingInvoice(customer=customer, starts_on=starts_on, next_from=starts_on, **fields)
    _check(standing)
    standing.save()
    _set_lines(standing, lines)
    _tell(Event.STANDING_CREATED, standing, by)
    return standing


@transaction.atomic
def create_from(invoice: Invoice, *, by, starts_on: date, every: int) -> StandingInvoice:
    """Bill again and again what an invoice bills once; its rows and terms are copied."""
    return create(
        invoice.customer, by=by, starts_on=starts_on, every=every, title=invoice.title, intro=invoice.intro,
        mode=invoice.mode, tax_case=invoice.tax_case, tax_decision=tax_decisions.answers_in(invoice.tax_decision),
        payment_days=invoice.payment_days, buyer_reference=invoice.buyer_reference,
        lines=[row_values(row) for row in invoice.lines.all()],
    )  # fmt: skip


@transaction.atomic
def change(standing: StandingInvoice, *, by, lines=None, **fields) -> StandingInvoice:
    """Change what comes next; what is billed stays. Raises Refusal for an end before the beginning."""
    locked = _locked(standing)
    for name, value in fields.items():
        setattr(locked, name, value)
    _check(locked)
    locked.save()
    if lines is not None:
        _set_lines(locked, lines)
    _tell(Event.STANDING_CHANGED, locked, by)
    return locked


@transaction.atomic
def pause(standing: StandingInvoice, *, by) -> None:
    """Bill nothing until it is resumed."""
    _locked(standing)
    StandingInvoice.objects.filter(pk=standing.pk).update(is_paused=True)
    _tell(Event.STANDING_PAUSED, standing, by)


@transaction.atomic
def resume(standing: StandingInvoice, *, by, skip: bool = False) -> None:
    """Go on. `skip`: the periods that went by meanwhile are not billed."""
    locked = _locked(standing)
    locked.is_paused = False
    while skip and (day := bills_on(locked)) and day <= timezone.localdate():
        locked.next_from = period(locked, locked.next_from)[1] + timedelta(days=1)
    locked.save(update_fields=["is_paused", "next_from", "updated_at"])
    _tell(Event.STANDING_RESUMED, locked, by)


@transaction.atomic
def delete(standing: StandingInvoice, *, by) -> None:
    """Throw away what never billed anything. Raises Refusal otherwise: set an end instead."""
    locked = _locked(standing)
    if locked.invoices.exists():
        raise Refusal(_("Hierzu gibt es schon Rechnungen. Bitte setzen Sie stattdessen ein Ende."))
    locked.lines.all().delete()
    locked.delete()


@transaction.atomic
def bill(standing: StandingInvoice, *, by, until: date) -> Invoice | None:
    """The invoice for the next period, if it may be billed by that day, else None. Issued and sent at once where that was
    switched on and nothing is missing; a draft otherwise.
    """
    locked = _locked(standing)
    day = bills_on(locked)
    if locked.is_paused or day is None or day > until:
        return None
    first, last = period(locked, locked.next_from)
    invoice = invoices.create(
        locked.customer, by=by, title=locked.title, intro=_with_period(locked, first, last), mode=locked.mode,
        tax_case=locked.tax_case, tax_decision=locked.tax_decision, payment_days=locked.payment_days,
        buyer_reference=locked.buyer_reference,
        service_from=first, service_until=last, is_property_work=False, standing=locked, period_from=first,
        lines=[row_values(row) for row in locked.lines.all()],
    )  # fmt: skip
    locked.next_from = last + timedelta(days=1)
    locked.save(update_fields=["next_from", "updated_at"])
    if locked.sends and not invoices.problems(invoice):
        invoices.issue(invoice, by=by, send_to=_address(invoice))
        invoice.refresh_from_db()
    return invoice


def _address(invoice) -> str:
    """Where it is mailed to; nowhere, where the customer wants paper and the law lets him (R9)."""
    customer, turnover = invoice.customer, invoice.business.prior_year_turnover
    wants_paper = customer.invoice_by == Customer.InvoiceBy.POST
    if wants_paper and not einvoice_duty.is_owed(drafting.of_invoice(invoice), prior_year_turnover=turnover):
        return ""
    return recipients.for_invoices(customer)


def gross(standing: StandingInvoice):
    """What a period costs today, with VAT."""
    return drafting.of_invoice(
        Invoice(
            business=standing.business, customer=standing.customer, title=standing.title, mode=standing.mode,
            tax_case=standing.tax_case, tax_decision=standing.tax_decision, payment_days=standing.payment_days,
            is_property_work=False,
        ),
        rows=list(standing.lines.all()),
    ).totals.gross  # fmt: skip


def _with_period(standing, first, last):
    with translation.override(standing.customer.language):
        words = _("Abrechnungszeitraum %(first)s bis %(last)s.") % {
            "first": formats.day(first), "last": formats.day(last)
        }  # fmt: skip
    return "\n\n".join(filter(None, [standing.intro, words]))


def _check(standing):
    if standing.ends_on and standing.ends_on < standing.starts_on:
        raise Refusal(str(ENDS_TOO_EARLY), field="ends_on")


def _set_lines(standing, lines):
    standing.lines.all().delete()
    rows = [StandingInvoiceLine(invoice=standing, sort=sort, **fields) for sort, fields in enumerate(lines)]
    if not any(row.kind == LineKind.ITEM for row in rows):
        raise Refusal(_("Bitte fügen Sie mindestens eine Position hinzu."), field="lines")
    StandingInvoiceLine.objects.bulk_create(rows)


def _locked(standing):
    return (
        StandingInvoice.objects.select_for_update(of=("self",)).select_related("customer", "business").get(
            pk=standing.pk
        )
    )  # fmt: skip


def _tell(event, standing, by):
    journal.write(event, standing, by=by, title=standing.title, every=standing.every, next_from=standing.next_from)
    timeline.record(event, customer=standing.customer, subject=standing, by=by, title=standing.title)

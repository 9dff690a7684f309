"""Which rows belong to a year: what was written or booked in it, and what that refers to, so that an export is whole."""

from datetime import date, datetime, time

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from billing.models import (
    BankEntry,
    BankStatement,
    DeliveryNote,
    DunningItem,
    DunningLetter,
    IncomingInvoice,
    Invoice,
    JournalEntry,
    Order,
    Payment,
    PeriodLock,
)
from crm.models import Customer


def invoices_of(year: int) -> QuerySet[Invoice]:
    """Documents issued in a year, those its payments and reminders are for, and those these refer to; as they were made."""
    issued = Invoice.objects.exclude(state=Invoice.State.DRAFT)
    paid = Payment.objects.filter(invoice=OuterRef("pk"), received_on__year=year)
    reminded = DunningItem.objects.filter(invoice=OuterRef("pk"), letter__issued_on__year=year)
    mine = Q(issued_on__year=year) | Exists(paid) | Exists(reminded)
    older: set[int] = set()  # few: what a cancellation or a correction is about and is not of the year itself
    new = _referred(issued.filter(mine))
    while new := set(issued.filter(pk__in=new).exclude(mine).values_list("pk", flat=True)) - older:
        older |= new
        new = _referred(issued.filter(pk__in=new))
    return issued.filter(mine | Q(pk__in=older)).order_by("pk")


def _referred(rows) -> set[int]:
    pairs = rows.exclude(cancels=None, corrects=None).values_list("cancels", "corrects")
    return {pk for pair in pairs.iterator(chunk_size=2000) for pk in pair if pk}


def payments_of(year: int) -> QuerySet[Payment]:
    """The payments of these documents until the end of the year, one document's together."""
    return Payment.objects.filter(invoice__in=_ids(invoices_of(year)), received_on__year__lte=year).order_by(
        "invoice_id", "pk"
    )


def statements_of(year: int) -> QuerySet[BankStatement]:
    """Bank statements with a day of the year, those without any that came in it, and those its payments are from."""
    entries = BankEntry.objects.filter(statement=OuterRef("pk"))
    dated = Q(first_on__year__lte=year, last_on__year__gte=year) | Exists(entries.filter(booked_on__year=year))
    undated = Q(first_on=None, created_at__year=year)
    paid = Exists(entries.filter(payments__in=_ids(payments_of(year))))
    return BankStatement.objects.filter(dated | undated | paid).order_by("pk")


def entries_of(year: int) -> QuerySet[BankEntry]:
    """All bookings of these statements."""
    return BankEntry.objects.filter(statement__in=_ids(statements_of(year))).order_by("pk")


def letters_of(year: int) -> QuerySet[DunningLetter]:
    """The reminders of a year."""
    return DunningLetter.objects.filter(issued_on__year=year).order_by("pk")


def notes_of(year: int) -> QuerySet[DeliveryNote]:
    """What was handed over in a year."""
    return DeliveryNote.objects.filter(delivered_on__year=year).order_by("pk")


def orders_of(year: int) -> QuerySet[Order]:
    """The orders that these invoices and delivery notes are for (R54)."""
    billed = Exists(invoices_of(year).filter(order=OuterRef("pk")))
    delivered = Exists(notes_of(year).filter(order=OuterRef("pk")))
    return Order.objects.filter(billed | delivered).order_by("pk")


def customers_of(year: int) -> QuerySet[Customer]:
    """Everybody these papers are for."""
    mine = {"customer": OuterRef("pk")}
    papers = (invoices_of(year), orders_of(year), letters_of(year))
    named = Q()
    for rows in papers:
        named |= Q(Exists(rows.filter(**mine)))
    return Customer.objects.filter(named).order_by("number")


def incoming_of(year: int) -> QuerySet[IncomingInvoice]:
    """Incoming invoices dated in a year; those without a date by the day they came."""
    dated = Q(issued_on__year=year) | Q(issued_on=None, created_at__year=year)
    return IncomingInvoice.objects.filter(dated).order_by("pk")


def journal_of(year: int) -> QuerySet[JournalEntry]:
    """The part of the chain between the first and the last entry of a year, without a hole."""
    first, last = (timezone.make_aware(datetime.combine(date(each, 1, 1), time())) for each in (year, year + 1))
    span = JournalEntry.objects.filter(at__gte=first, at__lt=last).aggregate(Min("sequence"), Max("sequence"))
    ends = span["sequence__min"] or 1, span["sequence__max"] or 0
    return JournalEntry.objects.filter(sequence__range=ends).order_by("sequence")


def locks_of(year: int) -> QuerySet[PeriodLock]:
    """What was closed by the end of the year."""
    return PeriodLock.objects.filter(until__year__lte=year).order_by("until")


def _ids(rows):
    return rows.order_by().values("pk")

"""What a tax auditor sees: the books of the audited years and nothing else, and that he looked (§ 147 (6) AO, R58).

The same pages are there for everybody else who may read the books; for them every year is open and no note is taken.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry, Member
from accounts.rights import Role
from billing.models import AuditExport, Invoice, JournalEntry, Order, Payment
from billing.z3 import handing_over

AGAIN_AFTER = timedelta(hours=1)  # a page that is looked at over and over is one entry an hour


def years(member: Member, *, on: date) -> list[int]:
    """The years a member may read, newest first."""
    found = handing_over.years(on=on)
    if member.role != Role.AUDITOR:
        return found
    first, last = member.audits_from or 0, member.audits_until or 0
    return [year for year in found if first <= year <= last]


def invoices(member: Member, *, on: date) -> QuerySet[Invoice]:
    """Issued documents of these years, and those that payments of these years are for."""
    open_years = years(member, on=on)
    paid = Payment.objects.filter(invoice=OuterRef("pk"), received_on__year__in=open_years)
    mine = Q(issued_on__year__in=open_years) | Exists(paid)
    return Invoice.objects.exclude(state=Invoice.State.DRAFT).filter(mine)


def payments(member: Member, *, on: date) -> QuerySet[Payment]:
    return Payment.objects.filter(received_on__year__in=years(member, on=on))


def orders(member: Member, *, on: date) -> QuerySet[Order]:
    """Orders placed in these years, and those that documents of these years are for."""
    billed = invoices(member, on=on).filter(order=OuterRef("pk"))
    return Order.objects.filter(Q(placed_at__year__in=years(member, on=on)) | Exists(billed))


def journal(member: Member, year: int) -> QuerySet[JournalEntry]:
    """The entries of a year; none of a year that is not open."""
    if year not in years(member, on=timezone.localdate()):
        return JournalEntry.objects.none()
    first, last = (timezone.make_aware(datetime.combine(date(each, 1, 1), time())) for each in (year, year + 1))
    return JournalEntry.objects.filter(at__gte=first, at__lt=last)


def entries_of(invoice: Invoice, open_years: list[int]) -> QuerySet[JournalEntry]:
    """What the journal of these years says of a document."""
    return JournalEntry.objects.filter(
        subject=f"{invoice._meta.label} {invoice.pk}", origin_business=None, at__year__in=open_years
    ).order_by("sequence")


def exports(member: Member, *, on: date) -> QuerySet[AuditExport]:
    return AuditExport.objects.filter(year__in=years(member, on=on))


def note_reading(member: Member, page: str) -> None:
    """An auditor looked at a page: the business's log says so (once an hour for each page)."""
    if member.role != Role.AUDITOR:
        return
    event = AuditEntry.Event.BOOKS_READ
    since = timezone.now() - AGAIN_AFTER
    if not AuditEntry.objects.filter(event=event, by=member, facts__page=page, at__gt=since).exists():
        audit.record(member.business, event, by=member, page=page)

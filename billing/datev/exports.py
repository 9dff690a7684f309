"""What can be done about a month for the tax adviser: hand it over once, and again only as a marked correction (R119).

Everything that could be refused is found when it is asked for, so the task that writes the file has nothing to refuse.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import current
from accounts.models import Business, Member
from accounts.refusals import Refusal
from accounts.wakeup import kick
from billing import journal, vouchers
from billing.datev import accounts, archive, bookings, checks, extf, partners
from billing.datev.words import key_words
from billing.journal_events import JournalEvent
from billing.ledger import Voucher
from billing.models import DatevAccount, DatevExport, DatevItem, Invoice, Payment
from crm.models import Customer

SHOWN_MONTHS = 24
TRIES = 3  # the wake-up and two sweeps; then somebody is to look


@dataclass(frozen=True)
class Contents:
    """What a package is made of: issued documents, receipts and their bookings, in order of days."""

    first: date
    last: date
    documents: frozenset[int]
    receipts: frozenset[int]
    vouchers: tuple[Voucher, ...] = ()
    rows: tuple[bookings.Booking, ...] = ()
    customers: tuple[Customer, ...] = field(default=(), repr=False)

    @property
    def issued(self) -> tuple[Voucher, ...]:
        """The documents that are handed over, without those that only got money."""
        return tuple(each for each in self.vouchers if each.pk in self.documents)


@transaction.atomic
def ask(first: date, *, by: Member | None, is_correction: bool = False) -> DatevExport:
    """Hand over the month that begins with `first`: what was not handed over yet, or with `is_correction` all of it again.

    Raises Refusal where numbers of the adviser or an account are missing, for a month that is not over, and for one of
    which nothing (new) is there.
    """
    business = Business.objects.select_for_update().get(pk=current.business().pk)  # of two who ask, one is the first
    refuse_incomplete(business)
    first, last = month_of(first)
    if last >= timezone.localdate():
        raise Refusal(_("Dieser Monat ist noch nicht vorbei. Bitte wählen Sie einen früheren."), field="month")
    documents = _documents().filter(issued_on__range=(first, last))
    receipts = _receipts().filter(received_on__range=(first, last))
    new_documents, new_receipts = _new(documents), _new(receipts)
    found = contents(
        business, first, last, *(_pks(documents, receipts) if is_correction else _pks(new_documents, new_receipts))
    )
    if not found.documents and not found.receipts:
        raise Refusal(
            _("Dieser Monat ist schon ganz übergeben. Noch einmal geht er nur als Korrektur hinaus.")
            if documents.exists() or receipts.exists()
            else _("In diesem Monat gibt es keine Belege und keine Zahlungen."),
            field="month",
        )
    _refuse_findings(business, found)
    export = DatevExport.objects.create(
        first_on=first, last_on=last, is_correction=is_correction, bookings=len(found.rows), by=by
    )
    once_documents, once_receipts = _pks(new_documents, new_receipts)
    DatevItem.objects.bulk_create(
        [
            *(_item(business, export, pk not in once_documents, invoice_id=pk) for pk in sorted(found.documents)),
            *(_item(business, export, pk not in once_receipts, payment_id=pk) for pk in sorted(found.receipts)),
        ]
    )
    journal.write(
        JournalEvent.DATEV_EXPORTED, export, by=by, first=first, last=last, bookings=len(found.rows),
        documents=len(found.documents), receipts=len(found.receipts), is_correction=is_correction,
    )  # fmt: skip
    kick("billing.tasks.export_for_datev", export.pk)
    return export


def refuse_incomplete(business: Business) -> None:
    """Raise Refusal while the adviser's numbers are not entered."""
    if not business.datev_consultant:
        raise Refusal(
            _("Bitte tragen Sie zuerst die Beraternummer ein. Ihre Steuerberatung nennt sie Ihnen."),
            field="datev_consultant",
        )
    if not business.datev_client:
        raise Refusal(
            _("Bitte tragen Sie zuerst die Mandantennummer ein. Ihre Steuerberatung nennt sie Ihnen."),
            field="datev_client",
        )


def month_of(day: date) -> tuple[date, date]:
    """First and last day of a month."""
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day.replace(day=1), following - timedelta(days=1)


def contents_of(export: DatevExport) -> Contents:
    """What an export is made of."""
    items = list(export.items.values_list("invoice_id", "payment_id"))
    documents = frozenset(invoice for invoice, _payment in items if invoice)
    receipts = frozenset(payment for _invoice, payment in items if payment)
    return contents(export.business, export.first_on, export.last_on, documents, receipts)


def contents(
    business: Business, first: date, last: date, documents: Iterable[int], receipts: Iterable[int]
) -> Contents:
    """The bookings of these documents and payments. Raises Refusal naming the one for which no account is known."""
    documents, receipts = frozenset(documents), frozenset(receipts)
    chart = chart_of(business)
    paid = Payment.objects.filter(pk__in=receipts).values("invoice")
    found = vouchers.of(vouchers.issued().filter(Q(pk__in=documents) | Q(pk__in=paid)))
    rows = []
    for voucher in found:
        try:
            if voucher.pk in documents:
                rows += bookings.of_document(voucher, chart, guid=archive.guid(business.pk, voucher.number))
            rows += bookings.of_receipts(voucher, chart, receipts)
        except accounts.Unmapped as error:
            raise Refusal(
                _(
                    "Für %(what)s (Rechnung %(number)s) ist kein Konto hinterlegt. Bitte tragen Sie es bei den Konten ein."
                )
                % {"what": key_words(error.key), "number": voucher.number},
                field="month",
            ) from error
        except accounts.NoDebitor as error:
            raise Refusal(
                _("Die Kundennummer %(customer)s (Rechnung %(number)s) liegt nicht zwischen 10000 und 69999.")
                % {"customer": error.number, "number": voucher.number},
                field="month",
            ) from error
    numbers = {each.customer_number for each in found}
    return Contents(
        first, last, documents, receipts, tuple(found), tuple(sorted(rows, key=lambda row: row.on)),
        tuple(Customer.objects.filter(number__in=numbers).order_by("number")),
    )  # fmt: skip


def chart_of(business: Business) -> accounts.Chart:
    """The accounts of a business, its own ones first."""
    own = DatevAccount.objects.values_list("key", "account", "valid_from")
    return accounts.chart(business.datev_chart, business.datev_account_length, own)


def header_of(business: Business, found: Contents, *, label: str, exported_by: str, created_at) -> extf.Header:
    """The first line of the files."""
    begins = found.first.replace(month=business.fiscal_year_month, day=1)
    if begins > found.first:
        begins = begins.replace(year=begins.year - 1)
    return extf.Header(
        business.datev_consultant or 0, business.datev_client or 0, begins, business.datev_account_length, found.first,
        found.last, label, exported_by, business.datev_chart, created_at,
    )  # fmt: skip


def files_of(business: Business, found: Contents, header: extf.Header) -> tuple[extf.File, extf.File]:
    """The booking stack and the customers, as bytes."""
    chart, month = chart_of(business), f"{found.first:%Y-%m}"
    rows = [row.cells() for row in found.rows]
    people = [partners.cells(customer, chart) for customer in found.customers]
    return (
        extf.write(extf.BOOKINGS, header, rows, name=f"EXTF_Buchungsstapel_{month}.csv"),
        extf.write(extf.PARTNERS, header, people, name=f"EXTF_Debitoren_{month}.csv"),
    )


@dataclass(frozen=True)
class Month:
    """A month that is over: how many documents and payments of it were not handed over yet, and how many in all."""

    first: date
    waiting: int
    count: int


def months(*, on: date) -> list[Month]:
    """The months with documents or payments that are over, newest first; two years at most."""
    in_all, waiting = _by_month(_documents(), _receipts()), _by_month(_new(_documents()), _new(_receipts()))
    found = [Month(first, waiting.get(first, 0), count) for first, count in in_all.items() if month_of(first)[1] < on]
    return sorted(found, key=lambda month: month.first, reverse=True)[:SHOWN_MONTHS]


def waiting() -> list[int]:
    """Exports of all businesses whose file is not written yet and may be tried, oldest first."""
    rows = DatevExport.unscoped.filter(file="", failed_at=None)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:100])


def note_failure(export: DatevExport, reason: str, *, detail: str = "") -> None:
    """A try did not make the package, and why; after some of them it waits until somebody asks for another."""
    tries = DatevExport.objects.values_list("tries", flat=True).get(pk=export.pk) + 1
    failed_at = timezone.now() if tries >= TRIES else None
    found = DatevExport.objects.filter(pk=export.pk, file="")
    found.update(tries=tries, reason=reason, detail=detail[:300], failed_at=failed_at)


@transaction.atomic
def retry(export: DatevExport, *, by: Member | None) -> None:
    """Make a package that failed once more; what it holds stays the same. Raises Refusal for one that did not fail."""
    found = DatevExport.objects.filter(pk=export.pk, file="").exclude(failed_at=None)
    if not found.update(tries=0, reason="", detail="", failed_at=None):
        raise Refusal(_("Dieses Paket ist fertig oder wird gerade zusammengestellt."))
    journal.write(JournalEvent.DATEV_EXPORTED, export, by=by, first=export.first_on, last=export.last_on, is_retry=True)
    kick("billing.tasks.export_for_datev", export.pk)


def _documents() -> QuerySet[Invoice]:
    return Invoice.objects.exclude(state=Invoice.State.DRAFT)


def _receipts() -> QuerySet[Payment]:
    """Money and what counts like it; a reduction is booked by its document."""
    return Payment.objects.exclude(method=Payment.Method.REDUCTION)


def _new(rows):
    name = "invoice" if rows.model is Invoice else "payment"
    return rows.exclude(Exists(DatevItem.objects.filter(**{name: OuterRef("pk")})))


def _pks(documents, receipts):
    return set(documents.values_list("pk", flat=True)), set(receipts.values_list("pk", flat=True))


def _item(business, export, is_correction, **row):
    return DatevItem(business=business, export=export, is_correction=is_correction, **row)


def _by_month(documents, receipts):
    found: dict[date, int] = {}
    for rows, name in ((documents, "issued_on"), (receipts, "received_on")):
        for first, count in rows.order_by().annotate(month=TruncMonth(name)).values_list("month").annotate(Count("pk")):
            found[first] = found.get(first, 0) + count
    return found


def _refuse_findings(business, found):
    """Hold the files to DATEV's rules before anything is handed over."""
    header = header_of(business, found, label="Handschlag", exported_by="", created_at=timezone.localtime())
    for file in files_of(business, found, header):
        if findings := checks.findings(file.content):
            raise Refusal(
                _("DATEV würde die Datei nicht annehmen. %(finding)s") % {"finding": findings[0]}, field="month"
            )

"""Write the export of a year. Rows are read in portions, so a year of any size needs little memory."""

import hashlib
import io
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, time
from typing import IO

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts import current
from accounts.models import Business, Member
from billing import number_gaps
from billing.documents.model import Document
from billing.models import IncomingInvoice, Invoice, JournalEntry, Payment, PeriodLock
from billing.z3 import description
from billing.z3 import tables as t
from crm import files
from crm.models import NumberRange

PORTION = 200
IN_MEMORY = 4 * 1024 * 1024  # bytes of a table; what is more is written to a temporary file
PAPERS = "belege"
ABOUT = """Datenüberlassung {year} ({law})

index.xml beschreibt die Tabellen (CSV, UTF-8, Semikolon, Dezimalkomma, Datum JJJJ-MM-TT).
belege/ enthält jeden Beleg, wie er festgeschrieben wurde: PDF, strukturierte Rechnung (XML) und den Inhalt (JSON).
SHA256SUMS nennt die Prüfsumme jeder Datei (prüfen: sha256sum -c SHA256SUMS).
Das Journal ist verkettet: Prüfsumme = SHA-256 über die JSON-Liste
[Betrieb-ID, Nummer, Ereignis, Gegenstand, Belegnummer, Benutzer-ID, Zeitpunkt, Prüfsumme Inhalt, Angaben, Prüfsumme davor];
Trennzeichen ", ", leere Nummern als null.
"""


def write(year: int, target: IO[bytes]) -> None:
    """The whole export of a year of the current business."""
    sums: list[tuple[str, str]] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(name, content: bytes):
            archive.writestr(name, content)
            sums.append((name, hashlib.sha256(content).hexdigest()))

        for name, content in _papers(year):
            add(name, content)
        with ExitStack() as stack:
            for table, written in _tables(year, stack):
                digest = hashlib.sha256()
                with archive.open(table.file, "w", force_zip64=True) as out:
                    while portion := written.read(1 << 20):
                        digest.update(portion)
                        out.write(portion)
                sums.append((table.file, digest.hexdigest()))
        business = _business()
        place = ", ".join(part for part in (business.street, f"{business.postcode} {business.city}".strip()) if part)
        comment = f"Handschlag, Datenüberlassung nach § 147 Abs. 6 AO, Jahr {year}"
        add(
            "index.xml",
            description.index(name=business.legal_name or business.name, place=place, comment=comment, year=year),
        )
        add(description.DTD_NAME, description.DTD.encode())
        add("LIESMICH.txt", ABOUT.format(year=year, law="Z3, § 147 Abs. 6 AO").encode())
        archive.writestr("SHA256SUMS", "".join(f"{digest}  {name}\n" for name, digest in sums))


def invoices_of(year: int) -> QuerySet[Invoice]:
    """Documents issued in a year, those its payments are for, and those these refer to; in the order they were made."""
    paid = Payment.objects.filter(invoice=OuterRef("pk"), received_on__year=year)
    issued = Invoice.objects.exclude(state=Invoice.State.DRAFT)
    mine = issued.filter(Q(issued_on__year=year) | Exists(paid))
    found = set(mine.values_list("pk", flat=True))
    new = found
    while new:
        pairs = issued.filter(pk__in=new).values_list("cancels", "corrects")
        new = {pk for pair in pairs for pk in pair if pk} - found
        found |= new
    ids = issued.filter(pk__in=found)
    return ids.select_related("customer", "issued_by__user", "cancels", "corrects").order_by("pk")


def payments_of(year: int) -> QuerySet[Payment]:
    """The payments of these documents until the end of the year."""
    return (
        Payment.objects.filter(invoice__in=invoices_of(year).order_by().values("pk"), received_on__year__lte=year)
        .select_related("invoice", "by__user")
        .order_by("invoice_id", "pk")
    )


def journal_of(year: int) -> QuerySet[JournalEntry]:
    """The part of the chain between the first and the last entry of a year, without a hole."""
    first, last = (timezone.make_aware(datetime.combine(date(each, 1, 1), time())) for each in (year, year + 1))
    span = JournalEntry.objects.filter(at__gte=first, at__lt=last).aggregate(Min("sequence"), Max("sequence"))
    ends = span["sequence__min"] or 1, span["sequence__max"] or 0
    return JournalEntry.objects.filter(sequence__range=ends).select_related("by__user").order_by("sequence")


def incoming_of(year: int) -> QuerySet[IncomingInvoice]:
    """Incoming invoices dated in a year; those without a date by the day they came."""
    dated = Q(issued_on__year=year) | Q(issued_on=None, created_at__year=year)
    return IncomingInvoice.objects.filter(dated).select_related("by__user").order_by("pk")


def paper(invoice: Invoice, ending: str) -> str:
    """Where a document's file lies in the archive."""
    return f"{PAPERS}/{str(invoice).replace('/', '_')}.{ending}"


def _business():
    """The business as it is stored: the one at work may have been read before something changed."""
    return Business.objects.get(pk=current.business().pk)


def _papers(year) -> Iterator[tuple[str, bytes]]:
    for invoice in invoices_of(year).iterator(chunk_size=PORTION):
        yield paper(invoice, "json"), invoice.document.encode()
        for ending in ("pdf", "xml"):
            if stored := getattr(invoice, ending):
                yield paper(invoice, ending), files.read(stored)
    for each in incoming_of(year).iterator(chunk_size=PORTION):
        yield _incoming_paper(each), files.read(each.file)


def _incoming_paper(row):
    return f"{PAPERS}/eingang/{row.sha256}"


def _tables(year, stack) -> Iterator[tuple[t.Table, IO[bytes]]]:
    """Each table as a file that was just written."""
    outs = {}
    for table in t.TABLES:
        outs[table] = stack.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 - closed by it
    texts = {table: io.TextIOWrapper(out, "utf-8", newline="", write_through=True) for table, out in outs.items()}
    writers = {table: t.writer(text) for table, text in texts.items()}
    for table in t.TABLES:
        writers[table].writerow(t.head(table))
    users: dict[int, Member] = {}
    for table, values in _rows(year, users):
        writers[table].writerow(t.line(table, values))
    for member in sorted(users.values(), key=lambda member: member.user.email):
        years = member.audits_from, member.audits_until
        writers[t.USERS].writerow(t.line(t.USERS, (member.user.email, str(member), member.role, *years)))
    for table in t.TABLES:
        texts[table].detach()
        outs[table].seek(0)
        yield table, outs[table]


def _rows(year, users) -> Iterator[tuple[t.Table, tuple]]:
    def who(member):
        if member is None:
            return ""
        users[member.pk] = member
        return member.user.email

    business = _business()
    yield t.BUSINESS, tuple(getattr(business, name) for name in BUSINESS_FIELDS)
    for invoice in invoices_of(year).iterator(chunk_size=PORTION):
        document = invoice.frozen_document
        yield t.INVOICES, _invoice(invoice, document, who(invoice.issued_by))
        yield from _parts(str(invoice), document)
    counts: dict[int, int] = {}
    names: dict[int, str] = {}
    for payment in payments_of(year).iterator(chunk_size=PORTION):
        counts[payment.invoice_id] = counts.get(payment.invoice_id, 0) + 1
        name = names[payment.pk] = f"{payment.invoice.number}/{counts[payment.invoice_id]}"
        yield t.PAYMENTS, (
            name, payment.invoice.number, payment.amount, payment.interest, payment.costs, payment.received_on,
            payment.method, payment.note, names.get(payment.reverses_id or 0, ""), who(payment.by),
            payment.created_at.astimezone(UTC),
        )  # fmt: skip
    for each in incoming_of(year).iterator(chunk_size=PORTION):
        yield t.INCOMING, (
            each.sha256, each.name, _incoming_paper(each), each.syntax, each.source, each.seller, each.number,
            each.issued_on, each.due_on, each.net, each.tax, each.gross, each.report, each.state, each.note,
            who(each.by), each.created_at.astimezone(UTC),
        )  # fmt: skip
    for entry in journal_of(year).iterator(chunk_size=PORTION):
        is_own = entry.origin_business is None
        yield t.JOURNAL, (
            entry.sequence, entry.event, entry.subject, entry.number, who(entry.by),
            entry.by_id if is_own else entry.origin_by, entry.business_id if is_own else entry.origin_business,
            entry.at.astimezone(UTC), entry.content_hash, entry.facts, entry.previous_hash, entry.entry_hash,
        )  # fmt: skip
    for series in number_gaps.report(years=range(year, year + 1), kinds=(NumberRange.Kind.INVOICE,)):
        yield t.SERIES, (year, series.range.prefix, series.range.last, series.first, series.count)
        for gap in series.gaps:
            yield t.GAPS, (year, gap.first, gap.last, gap.reason)
    for lock in PeriodLock.objects.filter(until__year__lte=year).select_related("by__user").order_by("until"):
        yield t.LOCKS, (lock.until, who(lock.by), lock.created_at.astimezone(UTC))


BUSINESS_FIELDS = (
    "name", "legal_name", "legal_form", "owner_name", "street", "postcode", "city", "country", "tax_number", "vat_id",
    "taxation", "register_court", "register_number", "account_holder", "iban", "bic",
)  # fmt: skip


def _invoice(invoice: Invoice, document: Document, issued_by: str) -> tuple:
    return (
        invoice.number, invoice.kind, invoice.state, invoice.issued_on,
        invoice.issued_at and invoice.issued_at.astimezone(UTC), issued_by, invoice.service_from,
        invoice.service_until, invoice.due_on, invoice.net, invoice.tax, invoice.gross,
        invoice.paid, invoice.paid_on, invoice.customer.number, invoice.title, document.order_number,
        document.quote_number, invoice.cancels.number if invoice.cancels else "",
        invoice.corrects.number if invoice.corrects else "", invoice.reason, invoice.tax_case, invoice.tax_decision,
        invoice.is_construction, invoice.payment_days, invoice.skonto_percent, invoice.skonto_days,
        invoice.retention_percent, invoice.retention_until, invoice.sent_at and invoice.sent_at.astimezone(UTC),
        invoice.document_hash, invoice.pdf and paper(invoice, "pdf"), invoice.pdf_sha256,
        invoice.xml and paper(invoice, "xml"), invoice.xml_sha256, paper(invoice, "json"),
    )  # fmt: skip


def _parts(number: str, document: Document) -> Iterator[tuple[t.Table, tuple]]:
    """What stands in a document: its rows, taxes, deductions and buyer."""
    for count, line in enumerate(document.lines, 1):
        yield t.LINES, (
            f"{number}/{count}", number, line.position, line.kind.value, line.text, line.description, line.quantity,
            line.unit, line.unit_price, line.discount_percent, line.amount, line.vat.category if line.vat else "",
            line.vat.rate if line.vat else None, line.cost_kind.value, line.is_counted,
        )  # fmt: skip
    for count, group in enumerate(document.payable_groups, 1):
        yield t.TAXES, (f"{number}/{count}", number, group.vat.category, group.vat.rate, group.net, group.tax)
    for count, each in enumerate(document.deductions, 1):
        yield t.DEDUCTIONS, (
            f"{number}/{count}", number, each.number, each.received_on, each.vat.category, each.vat.rate, each.net, each.tax,
        )  # fmt: skip
    buyer = document.buyer
    yield t.BUYERS, (
        number, buyer.customer_number, buyer.kind.value, buyer.name, buyer.contact_name, buyer.street, buyer.postcode,
        buyer.city, buyer.country, buyer.vat_id, buyer.registration_number, buyer.leitweg_id,
    )  # fmt: skip

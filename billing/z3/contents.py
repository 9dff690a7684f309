"""What stands in the tables of a year: one row after the other, read from the database in portions."""

from collections.abc import Iterator
from datetime import UTC

from accounts import current
from accounts.models import Business, Member
from billing import number_gaps
from billing.documents.model import Document
from billing.models import (
    BankStatement,
    DeliveryNote,
    EinvoiceCheck,
    IncomingInvoice,
    Invoice,
    InvoiceAttachment,
    Order,
)
from billing.z3 import selection
from billing.z3 import tables as t
from crm.models import NumberRange

PORTION = 500
PAPERS = "belege"
BUSINESS_FIELDS = (
    "name", "legal_name", "legal_form", "owner_name", "street", "postcode", "city", "country", "tax_number", "vat_id",
    "taxation", "register_court", "register_number", "account_holder", "iban", "bic",
)  # fmt: skip
CUSTOMER_FIELDS = (
    "number", "kind", "company_name", "first_name", "last_name", "street", "postcode", "city", "country", "vat_id",
    "registration_number", "leitweg_id",
)  # fmt: skip


def business() -> Business:
    """The business as it is stored: the one at work may have been read before something changed."""
    return Business.objects.get(pk=current.business().pk)


def paper(row: Invoice | Order | DeliveryNote, ending: str) -> str:
    """Where a document's file lies in the archive."""
    folder = {Order: "auftraege/", DeliveryNote: "lieferscheine/"}.get(type(row), "")
    return f"{PAPERS}/{folder}{str(row).replace('/', '_')}.{ending}"


def incoming_paper(row: IncomingInvoice) -> str:
    return f"{PAPERS}/eingang/{row.sha256}"


def statement_paper(row: BankStatement) -> str:
    return f"{PAPERS}/kontoauszuege/{row.sha256}"


def letter_paper(name: str, ending: str) -> str:
    return f"{PAPERS}/mahnungen/{name.replace('/', '-')}.{ending}"


class Contents:
    """The rows of a year, as (table, values). Files of the rows come as (name in the archive, storage name) to `file`, and
    texts as (name in the archive, bytes) to `text`, in the same pass: what a row names is in the archive.
    """

    def __init__(self, year: int, *, file, text):
        self.year, self.file, self.text = year, file, text
        self.members: dict[int, Member] = {}

    def rows(self) -> Iterator[tuple[t.Table, tuple]]:
        yield t.BUSINESS, tuple(getattr(business(), name) for name in BUSINESS_FIELDS)
        for customer in _portions(selection.customers_of(self.year)):
            yield t.CUSTOMERS, tuple(getattr(customer, name) for name in CUSTOMER_FIELDS)
        yield from self._orders()
        yield from self._invoices()
        yield from self._attachments()
        yield from self._checks()
        yield from self._bank()
        yield from self._payments()
        yield from self._letters()
        yield from self._notes()
        yield from self._incoming()
        yield from self._journal()
        yield from _series(self.year)
        for lock in _portions(selection.locks_of(self.year).select_related("by__user")):
            yield t.LOCKS, (lock.until, self._who(lock.by), _moment(lock.created_at))
        for member in sorted(self.members.values(), key=lambda member: member.user.email):
            years = member.audits_from, member.audits_until
            yield t.USERS, (member.user.email, str(member), member.role, *years)

    def _who(self, member):
        if member is None:
            return ""
        self.members[member.pk] = member
        return member.user.email

    def _paper(self, row, ending, stored):
        """The name of a stored file in the archive, which takes it in; empty where there is none."""
        if not stored:
            return ""
        name = row if isinstance(row, str) else paper(row, ending)
        self.file(name, stored)
        return name

    def _document(self, row, content):
        """The name of a document's content in the archive, which takes it in."""
        name = row if isinstance(row, str) else paper(row, "json")
        self.text(name, content.encode())
        return name

    def _orders(self):
        for order in _portions(selection.orders_of(self.year).select_related("customer")):
            yield t.ORDERS, (
                order.number, order.state, order.title, order.customer.number, order.mode, order.discount_percent,
                order.gross, order.buyer_reference, order.planned_on, order.completed_on, _moment(order.placed_at),
                _moment(order.changed_at), self._document(order, order.document) if order.document else "",
                self._paper(order, "pdf", order.pdf), order.pdf_sha256,
            )  # fmt: skip

    def _invoices(self):
        related = ("customer", "issued_by__user", "cancels", "corrects")
        for invoice in _portions(selection.invoices_of(self.year).select_related(*related)):
            document = invoice.frozen_document
            yield t.INVOICES, (
                invoice.number, invoice.kind, invoice.state, invoice.issued_on, _moment(invoice.issued_at),
                self._who(invoice.issued_by), invoice.service_from, invoice.service_until, invoice.due_on, invoice.net,
                invoice.tax, invoice.gross, invoice.paid, invoice.paid_on, invoice.customer.number, invoice.title,
                document.order_number, document.quote_number, invoice.cancels.number if invoice.cancels else "",
                invoice.corrects.number if invoice.corrects else "", invoice.reason, invoice.tax_case,
                invoice.tax_decision, invoice.is_construction, invoice.payment_days, invoice.skonto_percent,
                invoice.skonto_days, invoice.retention_percent, invoice.retention_until, _moment(invoice.sent_at),
                invoice.document_hash, self._paper(invoice, "pdf", invoice.pdf), invoice.pdf_sha256,
                self._paper(invoice, "xml", invoice.xml), invoice.xml_sha256, self._document(invoice, invoice.document),
            )  # fmt: skip
            yield from _parts(invoice.number, document)

    def _attachments(self):
        for each in _portions(self._of_invoices(InvoiceAttachment)):
            name = f"{each.invoice}/{each.sort}"
            path = f"{PAPERS}/anlagen/{name.replace('/', '_')}.{each.stored.rpartition('.')[2]}"
            yield t.ATTACHMENTS, (
                name, each.invoice.number, each.name, each.description, each.content_type, each.is_payment_list,
                self._paper(path, "", each.stored), each.sha256, each.size,
            )  # fmt: skip

    def _checks(self):
        for each in _portions(self._of_invoices(EinvoiceCheck)):
            yield t.CHECKS, (
                f"{each.invoice}/{each.xml_sha256[:16]}", each.invoice.number, each.is_valid, each.xml_sha256, each.report,
                each.report_sha256, _moment(each.created_at),
            )  # fmt: skip

    def _of_invoices(self, model):
        invoices = selection.invoices_of(self.year).order_by().values("pk")
        return model.objects.filter(invoice__in=invoices).select_related("invoice").order_by("pk")

    def _bank(self):
        for statement in _portions(selection.statements_of(self.year).select_related("by__user")):
            yield t.STATEMENTS, (
                statement.sha256, statement.name, self._paper(statement_paper(statement), "", statement.file),
                statement.format, statement.iban, statement.first_on, statement.last_on, statement.opening,
                statement.closing, statement.entry_count, _moment(statement.matched_at), self._who(statement.by),
                _moment(statement.created_at),
            )  # fmt: skip
        for entry in _portions(selection.entries_of(self.year).select_related("statement")):
            yield t.ENTRIES, (
                entry.fingerprint, entry.statement.sha256, entry.booked_on, entry.amount, entry.party, entry.iban,
                entry.purpose, entry.reference, entry.state,
            )  # fmt: skip

    def _payments(self):
        names: dict[int, str] = {}  # of the document at hand: a payment is reversed for the same one
        last = None
        for payment in _portions(selection.payments_of(self.year).select_related("invoice", "entry", "by__user")):
            if payment.invoice_id != last:
                names, last = {}, payment.invoice_id
            name = names[payment.pk] = f"{payment.invoice.number}/{len(names) + 1}"
            yield t.PAYMENTS, (
                name, payment.invoice.number, payment.amount, payment.interest, payment.costs, payment.received_on,
                payment.method, payment.note, names.get(payment.reverses_id or 0, ""),
                payment.entry.fingerprint if payment.entry else "", self._who(payment.by), _moment(payment.created_at),
            )  # fmt: skip

    def _letters(self):
        rows = selection.letters_of(self.year).select_related("customer", "by__user")
        for count, letter in enumerate(_portions(rows.prefetch_related("items__invoice")), 1):
            name = f"{self.year}/{count}"
            yield t.LETTERS, (
                name, letter.level, letter.customer.number, letter.issued_on, letter.pay_until, letter.total,
                letter.send_to, _moment(letter.sent_at), self._document(letter_paper(name, "json"), letter.content),
                letter.content_hash, self._paper(letter_paper(name, "pdf"), "", letter.pdf), letter.pdf_sha256,
                self._who(letter.by), _moment(letter.created_at),
            )  # fmt: skip
            for place, item in enumerate(sorted(letter.items.all(), key=lambda item: item.pk), 1):
                yield t.REMINDED, (
                    f"{name}/{place}", name, item.invoice.number, item.principal, item.interest, item.lump_sum, item.costs,
                )  # fmt: skip

    def _notes(self):
        for note in _portions(selection.notes_of(self.year).select_related("order", "by__user")):
            yield t.NOTES, (
                note.number, note.order.number, note.delivered_on, note.received_by, note.signature,
                self._document(note, note.document), note.document_hash, self._paper(note, "pdf", note.pdf),
                note.pdf_sha256, self._who(note.by), _moment(note.created_at),
            )  # fmt: skip

    def _incoming(self):
        for each in _portions(selection.incoming_of(self.year).select_related("by__user")):
            yield t.INCOMING, (
                each.sha256, each.name, self._paper(incoming_paper(each), "", each.file), each.syntax, each.source,
                each.seller, each.number, each.issued_on, each.due_on, each.net, each.tax, each.gross, each.report,
                each.state, each.note, self._who(each.by), _moment(each.created_at),
            )  # fmt: skip

    def _journal(self):
        for entry in _portions(selection.journal_of(self.year).select_related("by__user")):
            is_own = entry.origin_business is None
            yield t.JOURNAL, (
                entry.sequence, entry.event, entry.subject, entry.number, self._who(entry.by),
                entry.by_id if is_own else entry.origin_by, entry.business_id if is_own else entry.origin_business,
                _moment(entry.at), entry.content_hash, entry.facts, entry.previous_hash, entry.entry_hash,
            )  # fmt: skip


def _series(year):
    for series in number_gaps.report(years=range(year, year + 1), kinds=(NumberRange.Kind.INVOICE,)):
        yield t.SERIES, (year, series.range.prefix, series.range.last, series.first, series.count)
        for gap in series.gaps:
            yield t.GAPS, (year, gap.first, gap.last, gap.reason)


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


def _portions(rows):
    return rows.iterator(chunk_size=PORTION)


def _moment(moment):
    return moment and moment.astimezone(UTC)

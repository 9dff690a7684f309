"""Open items of the books kept before (Saldovortrag): invoices that another program issued, and that are still to be paid.

They have the number they had there, take none of ours and have no PDF of ours: the invoice is the paper the customer has.
Their turnover was told in the books before; so was their tax, unless fees are taxed as received (§ 20 UStG): then the tax
in them arises with the money, which comes here.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import formats, guards
from billing import drafting, journal
from billing.documents import model as documents
from billing.events import Event
from billing.models import Invoice, InvoiceLine
from crm import states, timeline
from crm.models import Customer, TimelineEntry


@dataclass(frozen=True)
class OpenItem:
    """What is still to pay of an invoice, tax of one rate included."""

    number: str
    issued_on: date
    due_on: date | None
    open: Decimal
    vat_rate: Decimal
    title: str = ""
    service_on: date | None = None


@transaction.atomic
def take_over(customer: Customer, item: OpenItem, *, source: str, by=None) -> Invoice:
    """Open an item in our books; `source` says from where, in words."""
    invoice = Invoice.objects.create(
        customer=customer, title=item.title or _title(customer, item), mode="gross", service_from=item.service_on,
        payment_days=max((item.due_on - item.issued_on).days, 0) if item.due_on else 14, is_property_work=False,
        taken_over_from=source,
    )  # fmt: skip
    InvoiceLine.objects.create(
        invoice=invoice, sort=0, text=_title(customer, item), unit_price=item.open, vat_rate=item.vat_rate,
        vat_category="S" if item.vat_rate else "Z",
    )  # fmt: skip
    document = drafting.of_invoice(invoice, number=item.number, issued_on=item.issued_on)
    due_on = item.due_on or document.due_on or item.issued_on + timedelta(days=14)
    with translation.override(customer.language):
        document = replace(
            document, title=_("Übernommener offener Posten"), due_on=due_on,
            payment_terms=drafting.payment_terms(due_on, customer.language), notes=(), labour=None,
        )  # fmt: skip
    states.move(
        invoice, Invoice.State.OPEN, number=item.number, issued_on=item.issued_on, issued_at=timezone.now(), issued_by=by,
        due_on=due_on, net=document.payable_net, tax=document.payable_tax, gross=document.payable,
        document=documents.to_json(document), document_hash=documents.content_hash(document), updated_at=timezone.now(),
    )  # fmt: skip
    invoice.lines.update(is_frozen=True)
    journal.write(
        Event.INVOICE_TAKEN_OVER, invoice, content_hash=invoice.document_hash, by=by, gross=invoice.gross, source=source
    )
    timeline.record(
        Event.INVOICE_TAKEN_OVER, customer=customer, subject=invoice, by=by, number=item.number, gross=invoice.gross
    )
    return invoice


@transaction.atomic
def take_back(rows: list[Invoice], *, by=None) -> None:
    """Undo `take_over`: the journal keeps both steps. Only for what nobody has paid, reminded of or cancelled since."""
    ids = [invoice.pk for invoice in rows]
    for invoice in rows:
        journal.write(
            Event.INVOICE_TAKEN_BACK, invoice, content_hash=invoice.document_hash, by=by, gross=invoice.gross,
            source=invoice.taken_over_from,
        )  # fmt: skip
    with guards.erasing([Invoice, InvoiceLine, TimelineEntry]):
        for found in (
            TimelineEntry.objects.filter(event=Event.INVOICE_TAKEN_OVER, subject_id__in=ids),
            InvoiceLine.objects.filter(invoice__in=ids),
            Invoice.objects.filter(pk__in=ids),
        ):
            found._raw_delete(found.db)


def _title(customer, item):
    with translation.override(customer.language):
        return _("Rechnung %(number)s vom %(day)s, offener Betrag") % {
            "number": item.number,
            "day": formats.day(item.issued_on),
        }

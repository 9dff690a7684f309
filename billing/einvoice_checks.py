"""The structured part of an invoice, checked before its number is used, and the report that is kept of it (R42, R46, R50)."""

import hashlib
import logging

from django.utils import timezone
from django.utils.translation import gettext as _

from billing.documents import einvoice, evidence
from billing.documents import model as documents
from billing.documents.einvoice import validation
from billing.documents.einvoice.validation import Report
from billing.models import EinvoiceCheck, Invoice
from crm import files, todos

logger = logging.getLogger(__name__)


def written(document: documents.Document) -> bytes:
    """The structured part of an issued document; the same bytes each time."""
    return einvoice.build(document, contents={each.stored: files.read(each.stored) for each in document.attachments})


def of(document: documents.Document) -> Report:
    """What the official rules say about what would go out."""
    return validation.validate(written(document), number=document.number or "", at=timezone.now())


def problems(report: Report) -> list[tuple[str, str]]:
    """What keeps an invoice from being issued, in sentences; each rule once."""
    sentence = _(
        "Die E-Rechnung hielte die Regel %(rule)s nicht ein, der Empfänger würde sie zurückweisen: %(message)s"
    )
    each_once = {each.rule: each for each in report.faults}
    return [("lines", sentence % {"rule": each.rule, "message": each.message}) for each in each_once.values()]


def keep(invoice: Invoice, report: Report) -> EinvoiceCheck:
    """Keep a report with its invoice, for good."""
    text = documents.to_json(report)
    return EinvoiceCheck.objects.create(
        invoice=invoice, is_valid=report.is_valid, xml_sha256=report.xml_sha256, report=text,
        report_sha256=evidence.digest(text),
    )  # fmt: skip


def confirm(invoice: Invoice, xml: bytes) -> None:
    """What is stored must be what was checked when the invoice was issued. Where the product changed in between and writes
    it otherwise, it is checked anew; what does not hold then is a task for the office.
    """
    digest = hashlib.sha256(xml).hexdigest()
    if invoice.einvoice_checks.filter(xml_sha256=digest).exists():
        return
    report = validation.validate(xml, number=str(invoice), at=timezone.now())
    keep(invoice, report)
    if report.is_valid:
        return
    logger.error("e-invoice %s breaks %s", invoice.pk, [each.rule for each in report.faults])
    text = _("E-Rechnung %(number)s ist fehlerhaft: bitte ansehen, stornieren und neu stellen") % {"number": invoice}
    if not todos.waiting_about(invoice, text):
        todos.add(text, by=invoice.issued_by, customer=invoice.customer, about=invoice)


def latest(invoice: Invoice) -> EinvoiceCheck | None:
    """The report on what was stored; None for invoices older than reports."""
    return invoice.einvoice_checks.last()


def read(check: EinvoiceCheck) -> Report:
    """The report as it was kept."""
    return documents.read_as(Report, check.report)

"""Invoices others send us: taken in unchanged, read, checked, and what the office decided about them (R46, R50).

Nothing is paid or booked from what a file says; it is shown, with what is wrong with it.
"""

import hashlib
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import PurePosixPath

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import current
from accounts.refusals import Refusal
from billing import journal
from billing.documents import model as frozen
from billing.incoming import checks, containers, reading, rules
from billing.incoming.checks import Finding
from billing.incoming.content import Received
from billing.journal_events import JournalEvent
from billing.models import IncomingInvoice
from billing.models.fields import LARGEST
from crm import attachments, files

State, Syntax = IncomingInvoice.State, IncomingInvoice.Syntax
SHOWN_ROWS = 500  # rows that are kept for the page; the file has them all


@dataclass(frozen=True)
class Report:
    """What was read from the file when it came in, and what was wrong with it."""

    received: Received | None = None
    findings: tuple[Finding, ...] = ()
    left_out: int = 0  # rows that are in the file only


@transaction.atomic
def take_in(content: bytes, name: str, *, source=IncomingInvoice.Source.UPLOAD, by=None, note="") -> IncomingInvoice:
    """Keep the file as it came, with what it says.

    Raises Refusal (field "file") for a file that is no invoice at all, or dangerous, or here already.
    """
    digest = hashlib.sha256(content).hexdigest()
    if known := IncomingInvoice.objects.filter(sha256=digest).first():
        raise _known(known)
    xml = containers.structured_part(content)
    is_pdf = content[:1024].lstrip().startswith(b"%PDF-")
    report = _report(xml)
    suffix = ".pdf" if is_pdf else ".xml"
    stored, _digest = files.store(f"incoming/{current.business().pk}/{digest[:16]}{suffix}", content)
    received = report.received or Received()
    row = IncomingInvoice(
        name=attachments.clean_name(PurePosixPath(name).name, suffix)[:200],
        file=stored,
        sha256=digest,
        source=source,
        syntax=_syntax(report, is_pdf),
        seller=received.seller.name[:200],
        number=received.number[:80],
        issued_on=received.issued_on,
        due_on=received.due_on,
        net=_storable(received.net),
        tax=_storable(received.tax),
        gross=_storable(received.gross),
        report=frozen.to_json(report),
        note=note[:200],
        by=by,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # came in twice at the same moment
        raise _known(IncomingInvoice.objects.get(sha256=digest)) from error
    journal.write(JournalEvent.INVOICE_RECEIVED, row, content_hash=digest, by=by, seller=row.seller)
    return row


@transaction.atomic
def decide(row: IncomingInvoice, state: str, *, note: str = "", by) -> None:
    """Note that an invoice was checked or sent back; `new` takes that back. Raises Refusal for any other state, and for
    one sent back without a reason.
    """
    if state not in State.values:
        raise Refusal(_("Wählen Sie „geprüft“ oder „zurückgewiesen“."), field="state")
    if state == State.REJECTED and not note.strip():
        raise Refusal(
            _("Schreiben Sie, warum Sie die Rechnung zurückweisen: Der Absender muss sie berichtigen."), field="note"
        )
    row.state, row.note = state, note.strip()[:200]
    row.save(update_fields=["state", "note"])
    journal.write(JournalEvent.INVOICE_DECIDED, row, content_hash=row.sha256, by=by, state=state, note=row.note)


def report_of(row: IncomingInvoice) -> Report:
    """What was read when the file came in."""
    return frozen.read_as(Report, row.report) if row.report else Report()


def doubles(row: IncomingInvoice):
    """Other files with the same number of the same supplier: paid twice is easily done."""
    if not (row.number and row.seller):
        return IncomingInvoice.objects.none()
    return IncomingInvoice.objects.filter(number=row.number, seller=row.seller).exclude(pk=row.pk)


def _report(xml: bytes | None) -> Report:
    if xml is None:
        return Report(findings=tuple(checks.no_structure()))
    root = containers.tree(xml)
    received = reading.read(root)
    business = current.business()
    found = checks.findings(
        received,
        our_name=business.legal_name or business.name,
        our_vat_id=business.vat_id,
        today=timezone.localdate(),
    )
    found += rules.broken(root, received, found)
    found.sort(key=lambda each: list(checks.Class).index(each.kind))
    left_out = max(0, len(received.rows) - SHOWN_ROWS)
    shown = replace(received, rows=received.rows[:SHOWN_ROWS]) if left_out else received
    return Report(shown, tuple(found), left_out)


def _syntax(report: Report, is_pdf: bool) -> str:
    if report.received is None:
        return Syntax.NONE
    return Syntax.HYBRID if is_pdf else report.received.syntax


def _storable(amount: Decimal | None) -> Decimal | None:
    """An amount as the column holds it; one that no invoice of a craftsman has stays in the report only."""
    return None if amount is None or abs(amount) > LARGEST else round(amount, 2)


def _known(row: IncomingInvoice) -> Refusal:
    message = _("Diese Datei ist schon da: %(name)s, eingegangen am %(day)s.")
    day = timezone.localdate(row.created_at)
    return Refusal(message % {"name": row, "day": f"{day:%d.%m.%Y}"}, field="file")

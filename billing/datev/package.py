"""The package of a month for the tax adviser: bookings, customers, papers, open items, VAT, numbers, changes (R119)."""

import io
import json
import logging
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import PurePath
from typing import IO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils import timezone, translation

from accounts import formats
from accounts.models import Business
from accounts.refusals import Refusal
from billing import number_gaps, open_items, rendering, vat_returns
from billing.datev import account_settings, archive, exports
from billing.events import Event
from billing.journal_events import JournalEvent
from billing.models import DatevExport, Invoice, JournalEntry
from crm import files, spreadsheets
from crm.models import NumberRange

logger = logging.getLogger(__name__)

IN_MEMORY = 8 * 1024 * 1024  # bytes; what is more is written to a temporary file
CORRECTION = "KORREKTUR"


def make(export: DatevExport) -> None:
    """Write the file of an export and keep it. Safe to run twice: one that is done stays."""
    if export.file:
        return
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as target, translation.override("de"):
        write(export, target)
        target.seek(0)
        digest = files.digest_of(target)
        target.seek(0)
        path = f"datev/{export.business_id}/{export.first_on:%Y-%m}-{export.pk}-{digest[:16]}.zip"
        name = default_storage.save(path, File(target))
    if not DatevExport.objects.filter(pk=export.pk, file="").update(file=name, sha256=digest):
        default_storage.delete(name)


def attempt(export: DatevExport) -> None:
    """`make`, and what keeps it from being made stands in the export for the office to read."""
    reasons, detail = DatevExport.Reason, ""
    try:
        make(export)
        return
    except Refusal as refusal:
        reason, detail = reasons.REFUSED, refusal.message
    except FileNotFoundError as error:
        logger.exception("DATEV %s was not made", export.pk)
        reason, detail = reasons.MISSING, PurePath(str(error.filename or "")).name
    except OSError:
        logger.exception("DATEV %s was not made", export.pk)
        reason = reasons.STORAGE
    except Exception as error:  # whatever it is, somebody must see that there is no file
        logger.exception("DATEV %s was not made", export.pk)
        reason, detail = reasons.UNEXPECTED, type(error).__name__
    exports.note_failure(export, reason, detail=detail)


def write(export: DatevExport, target: IO[bytes]) -> None:
    """Everything of an export, as a ZIP."""
    business = Business.objects.get(pk=export.business_id)
    found, month = exports.contents_of(export), f"{export.first_on:%Y-%m}"
    created_at = timezone.localtime(export.created_at)
    header = exports.header_of(
        business, found, label=_label(export), exported_by=str(export.by or ""), created_at=created_at
    )
    stack, people = exports.files_of(business, found, header)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for file in (stack, people):
            package.writestr(file.name, file.content)
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as papers:
            if _write_papers(export, found, papers, created_at):
                papers.seek(0)
                with package.open(f"Belege_{month}.zip", "w", force_zip64=True) as out:
                    while portion := papers.read(1 << 20):
                        out.write(portion)
        asked = vat_returns.month_of(export.first_on)
        tables = {
            f"Offene-Posten_{export.last_on}.csv": open_items.as_csv(export.last_on),
            f"Umsatzsteuer_{month}.csv": vat_returns.as_csv(business, asked),
            f"Rechnungsnummern_{export.first_on.year}.csv": _numbers(export),
            f"Aenderungen_{month}.csv": _changes(export),
        }
        for name, table in tables.items():
            with table:
                package.writestr(name, table.read())
        package.writestr("Lies-mich.txt", _about(export, business, found, (*stack.replacements, *people.replacements)))


def _label(export):
    return f"{CORRECTION if export.is_correction else 'Handschlag'} {export.first_on:%Y-%m}"


def _write_papers(export, found, target, created_at) -> bool:
    """The archive for DATEV Belegtransfer: document.xml and the stored files, byte for byte. False: there are none."""
    rows = Invoice.objects.filter(pk__in=found.documents).select_related("business").order_by("issued_on", "pk")
    papers = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for invoice in rows.iterator(chunk_size=100):
            if not (invoice.pdf and invoice.xml):
                rendering.invoice(invoice)
            number, names = str(invoice.number), []
            for stored, ending in ((invoice.pdf, "pdf"), (invoice.xml, "xml")):
                if stored:
                    names.append(f"{_file_name(number)}.{ending}")
                    out.writestr(names[-1], files.read(stored))
            papers.append(archive.Paper(archive.guid(export.business_id, number), number, tuple(names)))
        if papers:
            xml = archive.manifest(papers, created_at=created_at, description=_label(export))
            out.writestr("document.xml", xml)
    return bool(papers)


def _file_name(number: str) -> str:
    return "".join(each if each.isalnum() or each in "-_" else "_" for each in number)


def _numbers(export):
    """Whether every invoice number of the year is there."""
    series = number_gaps.report(
        years=range(export.first_on.year, export.last_on.year + 1), kinds=(NumberRange.Kind.INVOICE,)
    )
    return spreadsheets.write_csv(
        ["Jahr", "Belege", "zuletzt vergeben", "fehlt von", "fehlt bis", "Grund"], _number_lines(series)
    )


def _number_lines(series) -> Iterator[list]:
    for each in series:
        facts = [each.range.year, each.count, each.range.last]
        if each.is_whole:
            yield [*facts, "", "", "keine Lücke"]
        for gap in each.gaps:
            yield [*facts, gap.first, gap.last, gap.reason]


def _changes(export):
    """What the journal tells since the package before this one."""
    before = DatevExport.objects.filter(pk__lt=export.pk).order_by("-pk").values_list("created_at", flat=True).first()
    rows = JournalEntry.objects.filter(at__lt=export.created_at).order_by("sequence")
    if before is not None:
        rows = rows.filter(at__gte=before)
    return spreadsheets.write_csv(
        ["Journal", "Zeitpunkt", "Ereignis", "Beleg", "Wer", "Angaben"],
        (_change(entry) for entry in rows.select_related("by__user").iterator(chunk_size=1000)),
    )


def _change(entry):
    labels = dict([*Event.choices, *JournalEvent.choices])
    facts = json.loads(entry.facts)
    number = entry.number or facts.get("invoice", "")
    told = "; ".join(f"{name}: {value}" for name, value in facts.items() if name not in {"invoice", "check"})
    at = timezone.localtime(entry.at)
    return [
        entry.sequence, f"{at:%d.%m.%Y %H:%M}", str(labels.get(entry.event, entry.event)), number, str(entry.by or ""),
        told,
    ]  # fmt: skip


def _about(export, business, found, replacements) -> str:
    out = io.StringIO(newline="")
    period = f"{formats.day(export.first_on)} bis {formats.day(export.last_on)}"
    lines = [
        f"Übergabe Nr. {export.pk} an die Steuerberatung: {business.legal_name or business.name}",
        f"Zeitraum {period}, Kontenrahmen {business.datev_chart.upper()}, nicht festgeschrieben",
        "",
    ]
    if export.is_correction:
        lines += [
            f"{CORRECTION}: Dieser Stapel wiederholt Buchungen, die schon übergeben waren.",
            "Bitte löschen Sie den früheren Stapel, bevor Sie diesen einlesen.",
            "",
        ]
    lines += [
        f"{len(found.rows)} Buchungen zu {len(found.documents)} Belegen und {len(found.receipts)} Zahlungen.",
        "Abschläge sind mit ihrer Zahlung gebucht. Offene Abschläge stehen nur in der Liste der offenen Posten.",
        "Stornorechnungen und Nachlässe tragen im Belegfeld 1 die Nummer der Rechnung, die sie betreffen.",
        f"Die Belege sind im Archiv Belege_{export.first_on:%Y-%m}.zip (DATEV Belegtransfer) und über die GUID verknüpft.",
    ]
    if doubtful := account_settings.unconfirmed(business, on=export.last_on):
        lines += ["", "Von der Steuerberatung noch zu bestätigen:"]
        lines += [f"  {each.label}: Konto {each.account}" for each in doubtful]
    if replacements:
        lines += ["", "Zeichen, die Windows-1252 nicht kennt, wurden ersetzt:"]
        lines += [f"  {each.text} -> {each.written}" for each in dict.fromkeys(replacements)]
    for line in lines:
        out.write(line + "\r\n")
    return out.getvalue()

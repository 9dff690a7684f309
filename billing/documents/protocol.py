"""An evidence record (R87) as rows people can read. Whatever the record holds is shown, also what has no label here."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts import formats


def content_hash(record: dict) -> str:
    """SHA-256 of the record's canonical JSON, the hash kept beside it."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def context(record: dict) -> dict:
    """Everything the template asks for. Call it under the document's language."""
    quote = record.get("quote", {})
    known, rest = [], dict(_flat(record))
    if not Decimal(str(rest.get("totals.tax") or 0)):  # a small business never speaks of VAT (R28)
        rest = {path: value for path, value in rest.items() if path not in ("totals.tax", "totals.net")}
    for title, labels in _sections():
        rows = [(label, _shown(path, rest.pop(path))) for path, label in labels.items() if path in rest]
        known.append({"title": title, "rows": [row for row in rows if row[1]]})
    others = [(path, _shown(path, value)) for path, value in sorted(rest.items())]
    known.append({"title": _("Weitere Angaben"), "rows": [row for row in others if row[1]]})
    return {
        "title": _("Annahmeprotokoll"),
        "subtitle": _("Angebot %(number)s, Fassung %(version)s") % quote if {"number", "version"} <= set(quote) else "",
        "intro": _(
            "Dieses Protokoll hält fest, wie der Auftrag erteilt wurde. Es wurde im Augenblick der Annahme gespeichert "
            "und seither nicht verändert."
        ),
        "sections": [section for section in known if section["rows"]],
        "footer": _("Prüfsumme des Protokolls (SHA-256): %s") % content_hash(record),
    }


def day_of(record: dict) -> date | None:
    """The day of acceptance."""
    stamp = record.get("accepted_at_local") or record.get("accepted_at_utc")
    return datetime.fromisoformat(stamp).date() if stamp else None


def _sections():
    return (
        (
            _("Angebot"),
            {
                "quote.number": _("Nummer"),
                "quote.version": _("Fassung"),
                "quote.title": _("Betreff"),
                "document_sha256": _("Prüfsumme des Inhalts (SHA-256)"),
                "pdf_sha256": _("Prüfsumme des PDF (SHA-256)"),
                "terms_sha256": _("Prüfsumme der AGB (SHA-256)"),
                "business.name": _("Betrieb"),
            },
        ),
        (
            _("Kunde"),
            {
                "customer.name": _("Name"),
                "customer.number": _("Kundennummer"),
                "accepted_by.name": _("Name, wie eingetippt"),
                "accepted_by.email": _("E-Mail-Adresse"),
                "buyer_reference": _("Referenz des Kunden"),
                "link.sent_to": _("Zugangslink gesendet an"),
                "link.public_id": _("Kennung des Zugangslinks"),
                "link.postcode_asked": _("Postleitzahl abgefragt"),
                "sending": _("Versand"),
            },
        ),
        (
            _("Auswahl und Preis"),
            {
                "chosen": _("Gewählt"),
                "totals.net": _("Nettobetrag"),
                "totals.tax": _("MwSt."),
                "totals.gross": _("Gesamtbetrag"),
                "summary": _("Zusammenfassung über der Schaltfläche"),
            },
        ),
        (
            _("Erklärung"),
            {
                "button.id": _("Text der Schaltfläche (Kennung)"),
                "statements.early_start.ticked": _("Früher Beginn verlangt"),
                "statements.early_start.text": _("Text dazu (Kennung)"),
                "statements.early_end.ticked": _("Erlöschen des Widerrufsrechts bekannt"),
                "statements.early_end.text": _("Text dazu (Kennung)"),
                "withdrawal.until": _("Widerruf möglich bis"),
                "withdrawal.instruction": _("Widerrufsbelehrung (Kennung)"),
                "withdrawal.instruction_sha256": _("Prüfsumme der Belehrung (SHA-256)"),
            },
        ),
        (
            _("Zeit und Gerät"),
            {
                "accepted_at_local": _("Zeitpunkt"),
                "accepted_at_utc": _("Zeitpunkt (UTC)"),
                "clock": _("Quelle der Zeit"),
                "channel": _("Weg"),
                "client.ip": _("IP-Adresse"),
                "client.user_agent": _("Browser"),
            },
        ),
    )


def _flat(value, path="") -> Iterator[tuple[str, object]]:
    """Leaves with their dotted path; lists are leaves."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}" if path else key)
    else:
        yield path, value


def _shown(path, value) -> str:
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return _("Ja") if value else _("Nein")
    if isinstance(value, list):
        return "\n".join(_item(each) for each in value)
    if path.startswith("totals."):
        return formats.euro(value)
    if path == "accepted_at_local":
        return f"{formats.moment_long(datetime.fromisoformat(value))} ({value})"
    if path == "withdrawal.until":
        return formats.day(date.fromisoformat(value))
    return str(value)


def _item(value) -> str:
    """One entry of a list: „Fronten: Eiche", or the parts of a sending side by side."""
    if not isinstance(value, dict):
        return str(value)
    if set(value) == {"set", "text"}:
        return ": ".join(filter(None, (str(value["set"] or ""), str(value["text"]))))
    return ", ".join(str(value[key]) for key in sorted(value) if value[key] not in (None, ""))

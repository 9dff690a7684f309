"""An evidence record (R87) as rows people can read. Whatever the record holds is shown, also what has no label here."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts import formats
from billing import legal_texts
from billing.documents import evidence


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
        "footer": _("Prüfsumme des Protokolls (SHA-256): %s") % evidence.digest(evidence.canonical(record)),
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
                "quote.kind": _("Art"),
                "document_sha256": _("Prüfsumme des Inhalts (SHA-256)"),
                "pdf_sha256": _("Prüfsumme des PDF (SHA-256)"),
                "building_description.name": _("Baubeschreibung"),
                "building_description.sha256": _("Prüfsumme der Baubeschreibung (SHA-256)"),
                "quote.id": _("Kennung des Angebots"),
                "business.name": _("Betrieb"),
                "business.slug": _("Kennung des Betriebs"),
            },
        ),
        (
            _("Kunde"),
            {
                "customer.name": _("Name"),
                "customer.number": _("Kundennummer"),
                "customer.kind": _("Kundenart"),
                "accepted_by.name": _("Name, wie eingetippt"),
                "accepted_by.email": _("E-Mail-Adresse"),
                "buyer_reference": _("Referenz des Kunden"),
                "link.sent_to": _("Zugangslink gesendet an"),
                "link.public_id": _("Kennung des Zugangslinks"),
                "link.postcode_asked": _("Postleitzahl abgefragt"),
                "link.second_factor": _("Zweites Merkmal"),
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
                "channel": _("Weg"),
                "button.text": _("Text der Schaltfläche"),
                "button.id": _("Text der Schaltfläche (Kennung)"),
                "statements.early_start.ticked": _("Früher Beginn verlangt"),
                "statements.early_start.text": _("Wortlaut dazu"),
                "statements.early_end.ticked": _("Erlöschen des Widerrufsrechts bekannt"),
                "statements.early_end.text": _("Wortlaut dazu"),
                "statements.paperless.ticked": _("E-Mail statt Papier"),
                "statements.paperless.text": _("Wortlaut dazu"),
                "signature_sha256": _("Prüfsumme der Unterschrift (SHA-256)"),
                "taken_down.by": _("Aufgenommen von"),
                "taken_down.note": _("Notiz dazu"),
                "taken_down.proof.name": _("Beleg"),
                "taken_down.proof.sha256": _("Prüfsumme des Belegs (SHA-256)"),
            },
        ),
        (
            _("Texte des Vertrags"),
            {
                "information.id": _("Informationen (Kennung)"),
                "information.sha256": _("Prüfsumme der Informationen (SHA-256)"),
                "terms.version": _("AGB, Fassung"),
                "terms.since": _("AGB in Kraft seit"),
                "terms.sha256": _("Prüfsumme der AGB (SHA-256)"),
                "terms_sha256": _("Prüfsumme der AGB (SHA-256)"),
                "withdrawal.instruction": _("Widerrufsbelehrung (Kennung)"),
                "withdrawal.instruction_sha256": _("Prüfsumme der Belehrung (SHA-256)"),
            },
        ),
        (
            _("Widerruf"),
            {
                "withdrawal.negotiation": _("Wie verhandelt wurde"),
                "withdrawal.regime": _("Eingeordnet als"),
                "withdrawal.ground": _("Grundlage"),
                "withdrawal.until": _("Widerruf möglich bis"),
                "withdrawal.function": _("Online-Widerruf vorgeschrieben"),
                "withdrawal.paper": _("Papier vorgeschrieben"),
            },
        ),
        (
            _("Zeit und Gerät"),
            {
                "accepted_at_local": _("Zeitpunkt"),
                "accepted_at_utc": _("Zeitpunkt (UTC)"),
                "clock": _("Quelle der Zeit"),
                "noted_at_utc": _("Eingetragen (UTC)"),
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
    if path in _words() and value in _words()[path]:
        return _words()[path][value]
    if path.startswith("statements."):
        return _statement(value)
    if path.startswith("totals."):
        return formats.euro(value)
    if path in ("accepted_at_local", "terms.since"):
        return f"{formats.moment_long(datetime.fromisoformat(value))} ({value})"
    if path == "withdrawal.until":
        return formats.day(date.fromisoformat(value))
    return str(value)


def _words():
    """What codes of the record mean."""
    return {
        "quote.kind": {
            "offer": _("Angebot"),
            "estimate": _("Kostenvoranschlag"),
            "construction": _("Angebot für einen Verbraucherbauvertrag"),
        },
        "customer.kind": {"consumer": _("Privat"), "business": _("Firma"), "public": _("Öffentlich")},
        "channel": {
            "portal": _("auf der Kundenseite"),
            "phone": _("am Telefon"),
            "letter": _("per Brief"),
            "email": _("per E-Mail"),
            "on_site": _("vor Ort auf dem Tablet"),
            "premises": _("im Betrieb"),
        },
        "clock": {"server": _("Uhr des Servers"), "typed by the member": _("eingetragen vom Betrieb")},
        "link.second_factor": {"postcode": _("Postleitzahl")},
        "withdrawal.negotiation": {
            "remote": _("nur aus der Ferne (Telefon, E-Mail, Fotos)"),
            "visit": _("mit Besuch vor Ort, das Angebot kam später"),
            "on_site": _("beim Kunden vor Ort abgeschlossen"),
            "urgent": _("Kunde rief zu einer dringenden Reparatur"),
            "premises": _("im Betrieb oder Laden"),
            "goods": _("reine Lieferung nach Maß, ohne Montage"),
        },
        "withdrawal.regime": {
            "business": _("Vertrag mit einem Unternehmen"),
            "construction": _("Verbraucherbauvertrag"),
            "premises": _("Vertrag in Geschäftsräumen"),
            "goods": _("Lieferung nach Maß"),
            "urgent": _("dringende Reparatur auf Anforderung"),
            "off_premises": _("außerhalb von Geschäftsräumen"),
            "in_person": _("persönlich verhandelt, aus der Ferne geschlossen"),
            "distance": _("Fernabsatz"),
            "distance_online": _("Fernabsatz"),
            "doubt": _("im Zweifel wie Fernabsatz"),
            "doubt_online": _("im Zweifel wie Fernabsatz"),
        },
    }


def _statement(text_id) -> str:
    """A statement word for word, with the id of its text."""
    try:
        return f"„{legal_texts.by_id(text_id).text}“ ({text_id})"
    except LookupError:
        return str(text_id)


def _mail(sent) -> str:
    """One mail of the delivery log: to whom, what became of it, when, and under which Message-ID."""
    states = {
        "waiting": _("wartet"), "sending": _("wird gesendet"), "sent": _("gesendet"), "failed": _("nicht zugestellt"),
    }  # fmt: skip
    state = states.get(sent.get("state", ""), sent.get("state", ""))
    at = formats.moment_long(datetime.fromisoformat(sent["sent_at"])) if sent.get("sent_at") else ""
    return " ".join(filter(None, (f"{sent.get('to', '')}:", state, at, f"({sent['message_id']})")))


def _item(value) -> str:
    """One entry of a list: „Fronten: Eiche", or the parts of a sending side by side."""
    if not isinstance(value, dict):
        return str(value)
    if "message_id" in value:
        return _mail(value)
    if set(value) == {"set", "text"}:
        return ": ".join(filter(None, (str(value["set"] or ""), str(value["text"]))))
    return ", ".join(str(value[key]) for key in sorted(value) if value[key] not in (None, ""))

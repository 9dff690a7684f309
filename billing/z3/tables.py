"""The tables of an export: their columns and how values are written. Pure.

The words are German: auditors read them.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO

TEXT, DAY, COUNT = "text", "day", "count"


@dataclass(frozen=True)
class Column:
    """A column: what is in it, and for numbers how many places after the comma."""

    name: str
    kind: str = TEXT
    places: int = 0
    is_key: bool = False


def key(name: str, kind: str = TEXT) -> Column:
    return Column(name, kind, is_key=True)


def day(name: str) -> Column:
    return Column(name, DAY)


def euros(name: str) -> Column:
    return Column(name, COUNT, 2)


def number(name: str, places: int = 0) -> Column:
    return Column(name, COUNT, places)


def texts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


@dataclass(frozen=True)
class Table:
    """One file. `refers` names (column, other table) where a value is a key of another one."""

    file: str
    name: str
    about: str
    columns: tuple[Column, ...]
    refers: tuple[tuple[str, str], ...] = ()


BUSINESS = Table(
    "unternehmen.csv", "Unternehmen", "Wer die Bücher führt, Stand der Ausfuhr",
    (key("Name"), *texts("Vollständiger Name", "Rechtsform", "Inhaber", "Straße", "PLZ", "Ort", "Land", "Steuernummer",
     "USt-IdNr", "Versteuerung", "Registergericht", "Registernummer", "Kontoinhaber", "IBAN", "BIC")),
)  # fmt: skip
USERS = Table(
    "benutzer.csv", "Benutzer", "Wer in den Belegen, Zahlungen und im Journal dieses Jahres steht",
    (key("Benutzer"), *texts("Name", "Rolle"), number("Prüfungsjahre von"), number("Prüfungsjahre bis")),
)  # fmt: skip
CUSTOMERS = Table(
    "kontakte.csv", "Kontakte", "Für wen die Belege sind, Stand der Ausfuhr",
    (key("Kundennummer", COUNT), *texts("Art", "Firma", "Vorname", "Nachname", "Straße", "PLZ", "Ort", "Land", "USt-IdNr",
     "Registernummer", "Leitweg-ID")),
)  # fmt: skip
ORDERS = Table(
    "auftraege.csv", "Auftraege", "Aufträge, zu denen die Rechnungen und Lieferscheine gehören",
    (
        key("Auftragsnummer"), *texts("Stand", "Titel"), number("Kundennummer"), *texts("Preise"),
        number("Rabatt Prozent", 2), euros("Brutto"), *texts("Bestellnummer"), day("Geplant am"), day("Fertig am"),
        *texts("Beauftragt um", "Geändert um", "Datei Beleg", "Datei PDF", "Prüfsumme PDF"),
    ),
    (("Kundennummer", CUSTOMERS.name),),
)  # fmt: skip
INVOICES = Table(
    "rechnungen.csv", "Rechnungen",
    "Ausgestellte Belege des Jahres und solche, auf die sie oder Zahlungen des Jahres sich beziehen",
    (
        key("Rechnungsnummer"), *texts("Art", "Stand"), day("Rechnungsdatum"), *texts("Festgeschrieben um", "Benutzer"),
        day("Leistung von"), day("Leistung bis"), day("Fällig am"), euros("Netto"), euros("Steuer"), euros("Brutto"),
        euros("Bezahlt"), day("Bezahlt am"), *texts("Kundennummer", "Betreff", "Auftragsnummer", "Angebotsnummer",
        "Storniert Rechnung", "Berichtigt Rechnung", "Grund", "Steuerfall", "Steuerentscheidung", "Bauleistung"),
        number("Zahlungsziel Tage"), number("Skonto Prozent", 2), number("Skonto Tage"),
        number("Einbehalt Prozent", 2), day("Einbehalt fällig am"), *texts("Gesendet um", "Prüfsumme Beleg", "Datei PDF",
        "Prüfsumme PDF", "Datei XML", "Prüfsumme XML", "Datei Beleg"),
    ),
)  # fmt: skip
LINES = Table(
    "positionen.csv", "Positionen", "Zeilen der Belege",
    (
        key("Schlüssel"), *texts("Rechnungsnummer", "Position", "Art", "Text", "Beschreibung"), number("Menge", 3),
        *texts("Einheit"), number("Einzelpreis", 4), number("Rabatt Prozent", 2), euros("Betrag"),
        *texts("Steuerkategorie"), number("Steuersatz", 2), *texts("Kostenart", "Im Gesamtbetrag"),
    ),
    (("Rechnungsnummer", INVOICES.name),),
)  # fmt: skip
TAXES = Table(
    "steuern.csv", "Steuern", "Entgelt und Steuer je Steuersatz, nach Abzug der Abschläge",
    (key("Schlüssel"), *texts("Rechnungsnummer", "Steuerkategorie"), number("Steuersatz", 2), euros("Netto"),
     euros("Steuer")),
    (("Rechnungsnummer", INVOICES.name),),
)  # fmt: skip
DEDUCTIONS = Table(
    "abzuege.csv", "Abzuege", "Vereinnahmte Abschläge, die eine Schlussrechnung absetzt (§ 14 Abs. 5 UStG)",
    (key("Schlüssel"), *texts("Rechnungsnummer", "Abschlagsrechnung"), day("Vereinnahmt am"), *texts("Steuerkategorie"),
     number("Steuersatz", 2), euros("Netto"), euros("Steuer")),
    (("Rechnungsnummer", INVOICES.name),),
)  # fmt: skip
BUYERS = Table(
    "kunden.csv", "Kunden", "Empfänger, wie sie im Beleg stehen",
    (key("Rechnungsnummer"), *texts("Kundennummer", "Art", "Name", "Ansprechpartner", "Straße", "PLZ", "Ort", "Land",
     "USt-IdNr", "Registernummer", "Leitweg-ID")),
    (("Rechnungsnummer", INVOICES.name),),
)  # fmt: skip
STATEMENTS = Table(
    "kontoauszuege.csv", "Kontoauszuege", "Kontoauszüge des Jahres; die Dateien der Bank liegen unverändert dabei",
    (
        key("Prüfsumme"), *texts("Name", "Datei", "Format", "Konto"), day("Von"), day("Bis"), euros("Anfangssaldo"),
        euros("Endsaldo"), number("Anzahl Buchungen"), *texts("Abgeglichen um", "Benutzer", "Eingelesen um"),
    ),
)  # fmt: skip
ENTRIES = Table(
    "kontobuchungen.csv", "Kontobuchungen", "Die Buchungen dieser Kontoauszüge, jede einmal",
    (
        key("Schlüssel"), *texts("Kontoauszug"), day("Gebucht am"), euros("Betrag"), *texts("Auftraggeber", "IBAN",
        "Verwendungszweck", "Referenz", "Stand"),
    ),
    (("Kontoauszug", STATEMENTS.name),),
)  # fmt: skip
PAYMENTS = Table(
    "zahlungen.csv", "Zahlungen", "Zahlungen bis zum Ende des Jahres zu diesen Belegen",
    (
        key("Schlüssel"), *texts("Rechnungsnummer"), euros("Betrag"), euros("Zinsen"), euros("Kosten"),
        day("Eingegangen am"), *texts("Zahlungsart", "Notiz", "Nimmt zurück", "Kontobuchung", "Benutzer",
        "Gebucht um"),
    ),
    (("Rechnungsnummer", INVOICES.name), ("Kontobuchung", ENTRIES.name)),
)  # fmt: skip
LETTERS = Table(
    "mahnungen.csv", "Mahnungen", "Mahnschreiben des Jahres",
    (
        key("Schlüssel"), number("Stufe"), number("Kundennummer"), day("Datum"), day("Zahlbar bis"), euros("Gesamt"),
        *texts("Gesendet an", "Gesendet um", "Datei Beleg", "Prüfsumme Beleg", "Datei PDF", "Prüfsumme PDF", "Benutzer",
        "Geschrieben um"),
    ),
    (("Kundennummer", CUSTOMERS.name),),
)  # fmt: skip
REMINDED = Table(
    "mahnposten.csv", "Mahnposten", "Was ein Mahnschreiben für eine Rechnung fordert",
    (
        key("Schlüssel"), *texts("Mahnung", "Rechnungsnummer"), euros("Hauptforderung"), euros("Zinsen"),
        euros("Pauschale"), euros("Kosten"),
    ),
    (("Mahnung", LETTERS.name), ("Rechnungsnummer", INVOICES.name)),
)  # fmt: skip
NOTES = Table(
    "lieferscheine.csv", "Lieferscheine", "Was in dem Jahr übergeben wurde",
    (
        key("Lieferscheinnummer"), *texts("Auftragsnummer"), day("Geliefert am"), *texts("Angenommen von",
        "Unterschrift", "Datei Beleg", "Prüfsumme Beleg", "Datei PDF", "Prüfsumme PDF", "Benutzer", "Geschrieben um"),
    ),
    (("Auftragsnummer", ORDERS.name),),
)  # fmt: skip
ATTACHMENTS = Table(
    "anlagen.csv", "Anlagen", "Dateien, die in den strukturierten Rechnungen mitreisen",
    (
        key("Schlüssel"), *texts("Rechnungsnummer", "Dateiname", "Bezeichnung", "Format", "Liste der Abschläge", "Datei",
        "Prüfsumme"), number("Größe"),
    ),
    (("Rechnungsnummer", INVOICES.name),),
)  # fmt: skip
CHECKS = Table(
    "pruefberichte.csv", "Prüfberichte", "Prüfung der strukturierten Rechnungen vor dem Ausstellen",
    (
        key("Schlüssel"), *texts("Rechnungsnummer", "Fehlerfrei", "Prüfsumme XML", "Bericht", "Prüfsumme Bericht",
        "Geprüft um"),
    ),
    (("Rechnungsnummer", INVOICES.name),),
)  # fmt: skip
INCOMING = Table(
    "eingangsrechnungen.csv", "Eingangsrechnungen", "Empfangene Rechnungen, unverändert aufbewahrt",
    (
        key("Prüfsumme"), *texts("Name", "Datei", "Format", "Weg", "Lieferant", "Rechnungsnummer"),
        day("Rechnungsdatum"), day("Fällig am"), euros("Netto"), euros("Steuer"), euros("Brutto"),
        *texts("Prüfbericht", "Stand", "Notiz", "Benutzer", "Eingegangen um"),
    ),
)  # fmt: skip
JOURNAL = Table(
    "journal.csv", "Journal", "Jeder Schritt, verkettet durch Prüfsummen (SHA-256 über die Angaben und den Vorgänger)",
    (
        key("Nummer", COUNT), *texts("Ereignis", "Gegenstand", "Belegnummer", "Benutzer"), number("Benutzer-ID"),
        number("Betrieb-ID"), *texts("Zeitpunkt", "Prüfsumme Inhalt", "Angaben", "Prüfsumme davor", "Prüfsumme"),
    ),
)  # fmt: skip
SERIES = Table(
    "nummernkreise.csv", "Nummernkreise", "Rechnungsnummern des Jahres",
    (key("Jahr", COUNT), *texts("Anfang"), number("Zuletzt vergeben"), number("Erste"), number("Anzahl Belege")),
)  # fmt: skip
GAPS = Table(
    "luecken.csv", "Luecken", "Rechnungsnummern ohne Beleg, mit Grund",
    (key("Jahr", COUNT), key("Von", COUNT), number("Bis"), *texts("Grund")),
)  # fmt: skip
LOCKS = Table(
    "abschluesse.csv", "Abschluesse", "Abgeschlossene Zeiträume",
    (key("Abgeschlossen bis", DAY), *texts("Benutzer", "Abgeschlossen um")),
)  # fmt: skip

TABLES = (
    BUSINESS, USERS, CUSTOMERS, ORDERS, INVOICES, LINES, TAXES, DEDUCTIONS, BUYERS, STATEMENTS, ENTRIES, PAYMENTS, LETTERS,
    REMINDED, NOTES, ATTACHMENTS, CHECKS, INCOMING, JOURNAL, SERIES, GAPS, LOCKS,
)  # fmt: skip


def writer(out):
    """A CSV writer in the way index.xml describes."""
    return csv.writer(out, delimiter=";", quotechar='"', quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")


def head(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def line(table: Table, values: Iterable) -> list[str]:
    """Values as they stand in the file."""
    return [_written(column, value) for column, value in zip(table.columns, values, strict=True)]


def _written(column, value):
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if column.kind == COUNT:
        return f"{Decimal(value):.{column.places}f}".replace(".", ",")
    return str(value)


def rows(table: Table, file: IO[bytes]) -> Iterator[dict]:
    """The rows of an open file with values as they were: numbers as Decimal, days as date, empty ones of both None.

    Raises ValueError when the columns are not those of the table.
    """
    read = csv.reader(io.TextIOWrapper(file, "utf-8", newline=""), delimiter=";", quotechar='"')
    if next(read, None) != head(table):
        raise ValueError(f"{table.file} has other columns than this version writes.")
    for values in read:
        yield {column.name: _read(column, value) for column, value in zip(table.columns, values, strict=True)}


def _read(column, value):
    if column.kind == DAY:
        return date.fromisoformat(value) if value else None
    if column.kind == COUNT:
        return Decimal(value.replace(",", ".")) if value else None
    return value

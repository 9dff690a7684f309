"""Whether a file will be taken by DATEV: read again from its bytes and held to the rules (R115, R116). Pure.

Knows nothing of how the file was made. Findings are German sentences that name the line.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from billing.datev import columns

FIELDS = 31
TYPES = {"21": ("Buchungsstapel", "13", columns.BOOKING, columns.BOOKING_TEXTS),
         "16": ("Debitoren/Kreditoren", "5", columns.PARTNER, columns.PARTNER_TEXTS)}  # fmt: skip
ITEM = re.compile(r"[A-Za-z0-9$&%*+\-/]{1,36}")  # Belegfeld 1
AMOUNT = re.compile(r"\d{1,10},\d{2}")
LINK = re.compile(r'BEDI "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"')
CELL = re.compile(r'(?:"((?:[^"]|"")*)"|([^";]*))(;|$)')


@dataclass(frozen=True)
class Cell:
    """A value and whether it stood in quotes."""

    value: str
    is_quoted: bool


@dataclass(frozen=True)
class Sheet:
    """A file that was read: the values of header, names of columns and rows."""

    header: list[Cell]
    names: list[str]
    rows: list[list[Cell]]

    def values(self) -> list[list[str]]:
        return [[cell.value for cell in row] for row in self.rows]


def read(content: bytes) -> Sheet:
    """A file by its bytes. Raises ValueError for what is no Windows-1252 or has lines that do not end in CRLF."""
    text = content.decode("cp1252")
    if not text.endswith("\r\n") or "\n" in text.replace("\r\n", "") or "\r" in text.replace("\r\n", ""):
        raise ValueError("Jede Zeile muss mit CRLF enden.")
    lines = text[:-2].split("\r\n")
    if len(lines) < 2:
        raise ValueError("Die Kopfzeilen fehlen.")
    return Sheet(_cells(lines[0]), lines[1].split(";"), [_cells(line) for line in lines[2:]])


def findings(content: bytes) -> list[str]:
    """What DATEV would refuse in a file; empty when it is right."""
    try:
        sheet = read(content)
    except ValueError as error:
        return [str(error)]
    found = list(_of_header(sheet.header))
    if found:
        return found
    _name, _version, names, texts = TYPES[sheet.header[2].value]
    if tuple(sheet.names) != tuple(names):
        found.append("Zeile 2: Die Spalten stehen nicht in der vorgeschriebenen Reihenfolge.")
    of_row = _of_booking if sheet.header[2].value == "21" else _of_partner
    for number, row in enumerate(sheet.rows, 3):
        found += [f"Zeile {number}: {each}" for each in _of_row(row, names, texts, sheet.header, of_row)]
    return found


def _cells(line: str) -> list[Cell]:
    found, place = [], 0
    while True:
        match = CELL.match(line, place)
        if match is None:
            raise ValueError(f"Anführungszeichen stimmen nicht: {line[place : place + 20]}")
        is_quoted = match[1] is not None
        found.append(Cell(match[1].replace('""', '"') if is_quoted else match[2], is_quoted))
        place = match.end()
        if not match[3]:
            return found


def _of_header(header: list[Cell]) -> Iterator[str]:
    if len(header) != FIELDS:
        yield f"Kopf: {len(header)} statt {FIELDS} Felder."
        return
    value = [each.value for each in header]
    kind = TYPES.get(value[2])
    if value[0] != "EXTF" or value[1] != "700" or kind is None or (value[3], value[4]) != kind[:2]:
        yield "Kopf: Format oder Version ist unbekannt."
    if value[6] or value[9]:
        yield "Kopf: „Importiert“ und „Importiert von“ müssen leer sein."
    if not re.fullmatch(r"\d{17}", value[5]):
        yield "Kopf: „Erzeugt am“ ist keine Zeit."
    if not (value[10].isdecimal() and 1001 <= int(value[10]) <= 9999999):
        yield "Kopf: Die Beraternummer liegt nicht zwischen 1001 und 9999999."
    if not (value[11].isdecimal() and 1 <= int(value[11]) <= 99999):
        yield "Kopf: Die Mandantennummer liegt nicht zwischen 1 und 99999."
    if value[13] not in set("45678"):
        yield "Kopf: Die Länge der Sachkonten muss 4 bis 8 sein."
    begins, first, last = (_day(value[place], "%Y%m%d") for place in (12, 14, 15))
    if value[2] == "16":
        first = last = begins  # customers belong to no stretch of time
    if not (begins and first and last and begins <= first <= last < date(begins.year + 1, begins.month, 1)):
        yield "Kopf: Der Zeitraum liegt nicht in einem Wirtschaftsjahr."
    if len(value[16]) > 30:
        yield "Kopf: Die Bezeichnung ist länger als 30 Zeichen."


def _of_row(row, names, texts, header, of_kind: Callable) -> Iterator[str]:
    if len(row) != len(names):
        yield f"{len(row)} statt {len(names)} Spalten."
        return
    for number, cell in enumerate(row, 1):
        if cell.is_quoted != (number in texts):
            yield f"Spalte {number} ({names[number - 1]}) hat Anführungszeichen, wo keine hingehören, oder umgekehrt."
    yield from of_kind({number: cell.value for number, cell in enumerate(row, 1)}, header)


def _of_booking(value: dict[int, str], header: list[Cell]) -> Iterator[str]:
    length = int(header[13].value)
    first, last = (_day(header[place].value, "%Y%m%d") for place in (14, 15))
    if not AMOUNT.fullmatch(value[1]) or Decimal(value[1].replace(",", ".")) <= 0:
        yield f"Umsatz {value[1]} ist kein Betrag über null."
    if value[2] not in {"S", "H"}:
        yield f"Soll/Haben-Kennzeichen {value[2]} ist weder S noch H."
    for number in (7, 8):
        if not re.fullmatch(rf"[1-9]\d{{0,{length}}}", value[number]):
            yield f"Konto {value[number]} passt nicht zur Kontenlänge {length}."
    if value[9]:
        yield "Auf Automatikkonten darf kein BU-Schlüssel stehen."
    days = {f"{day:%d%m}" for day in _days(first, last)}
    if value[10] not in days:
        yield f"Belegdatum {value[10]} liegt nicht im Zeitraum des Stapels."
    if not ITEM.fullmatch(value[11]):
        yield f"Belegfeld 1 „{value[11]}“ hat Zeichen, die DATEV nicht annimmt, oder ist zu lang."
    for number, most in ((12, 12), (14, 60), (20, 210), (40, 15)):
        if len(value[number]) > most:
            yield f"Spalte {number} ist länger als {most} Zeichen."
    if value[13] and not AMOUNT.fullmatch(value[13]):
        yield f"Skonto {value[13]} ist kein Betrag."
    if value[20] and not LINK.fullmatch(value[20]):
        yield f"Beleglink {value[20]} ist keiner."
    if value[114] not in {"", "0", "1"}:
        yield "Festschreibung muss 0 oder 1 sein."
    for number in (115, 116, 117):
        if value[number] and not _day(value[number], "%d%m%Y"):
            yield f"Spalte {number}: {value[number]} ist kein Tag (TTMMJJJJ)."
    if bool(value[115]) != bool(value[116]):
        yield "Leistungsdatum und Datum der Steuerperiode gehören zusammen."


def _of_partner(value: dict[int, str], header: list[Cell]) -> Iterator[str]:
    length = int(header[13].value) + 1
    if not re.fullmatch(rf"[1-9]\d{{{length - 1}}}", value[1]):
        yield f"Konto {value[1]} hat nicht {length} Stellen."
    if value[7] not in {"1", "2"}:
        yield f"Adressattyp {value[7]} ist unbekannt."
    if not (value[2] if value[7] == "2" else value[4]):
        yield "Der Name fehlt."
    for number, most in ((2, 50), (4, 30), (5, 30), (8, 15), (10, 13), (11, 30), (16, 36), (18, 10), (19, 30), (20, 2),
                         (29, 60), (33, 60), (99, 15)):  # fmt: skip
        if len(value[number]) > most:
            yield f"Spalte {number} ist länger als {most} Zeichen."


def _day(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()
    except ValueError:
        return None


def _days(first: date | None, last: date | None) -> list[date]:
    if first is None or last is None:
        return []
    return [date.fromordinal(each) for each in range(first.toordinal(), last.toordinal() + 1)]

"""Tables in and out: CSV as German programs write it, and XLSX. Nothing here knows what a contact is.

Reading costs little memory for CSV; an XLSX file is measured before it is opened (P71). Every refusal names the repair.
"""

import codecs
import csv
import io
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice

import python_calamine
import xlsxwriter
from django.utils.translation import gettext as _

from accounts.refusals import Refusal

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BIGGEST = 20 * 1024 * 1024  # bytes of the file as it comes
MOST_ROWS = 100_000
MOST_COLUMNS = 100
LONGEST_LINE = 200_000  # characters
UNPACKED = 150 * 1024 * 1024  # bytes of an XLSX file's parts together
SEPARATORS = ";,\t"
MOST_DIRECTORY = 500_000  # bytes of an XLSX file's directory of parts
# Excel runs a cell that begins like this; the wide twins are folded to them by some programs (P55)
_FORMULA = re.compile(r"^\s*[=+\-@\t\r\n|＝＋－＠]")
_QUOTED_FORMULA = re.compile(r"^'\s*[=+\-@\t\r\n|＝＋－＠]")
# cell addresses beyond column Z or row 99,999, and row numbers beyond that: all others are small
_FAR_CELL = re.compile(rb"""\br\s*=\s*["'](?:([A-Z]{2,4})(\d*)|([A-Z]?)(\d{6,}))["']""")


def rows(file) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table file that hold anything, with their number as a spreadsheet program shows it (from 1).

    Raises Refusal (field "file") for files that are empty, too big, no table or broken; possibly only on the way.
    """
    if file.size == 0:
        raise _refuse(_("Die Datei ist leer."))
    if file.size > BIGGEST:
        raise _refuse(_("Die Datei ist größer als 20 MB. Bitte teilen Sie sie auf."))
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        source = _xlsx_rows(file)
    elif head.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refuse(_("Das ist eine alte Excel-Datei. Bitte speichern Sie sie als XLSX oder CSV."))
    else:
        source = _csv_rows(file)
    for number, row in source:
        if number > MOST_ROWS + 1:
            raise _refuse(_("Die Tabelle hat mehr als 100.000 Zeilen. Bitte teilen Sie sie auf."))
        if len(row) > MOST_COLUMNS:
            raise _refuse(_("Die Tabelle hat mehr als 100 Spalten. Bitte löschen Sie die überflüssigen."))
        if any(row):
            yield number, row


def write_csv(headings: Iterable[str], lines: Iterable[Iterable]):
    """A CSV file as Excel in Germany opens it with a double click: UTF-8 with BOM, semicolons, all cells quoted.

    Text that a spreadsheet program would run as a formula gets a leading apostrophe; numbers and dates do not.
    Returns an open temporary file, at its beginning.
    """
    raw = tempfile.SpooledTemporaryFile(max_size=2 * 1024 * 1024)  # noqa: SIM115 - handed on open
    text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_csv_cell(value) for value in line] for line in lines)
    text.flush()
    text.detach()
    raw.seek(0)
    return raw


def write_xlsx(headings: Iterable[str], lines: Iterable[Iterable]):
    """An XLSX file. Text is written as typed text, never as formula or link. Returns an open temporary file."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 - handed on open
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "in_memory": False})
    sheet = book.add_worksheet()
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd.mm.yyyy"})
    sheet.freeze_panes(1, 0)
    headings = list(headings)
    sheet.set_column(0, len(headings) - 1, 18)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
    for number, line in enumerate(lines, start=1):
        for column, value in enumerate(line):
            if isinstance(value, bool):
                sheet.write_boolean(number, column, value)
            elif isinstance(value, int | float | Decimal):
                sheet.write_number(number, column, value)
            elif isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            elif value:
                sheet.write_string(number, column, str(value))
    book.close()
    out.seek(0)
    return out


def _csv_cell(value) -> str:
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(value, int | float | Decimal):
        return str(value).replace(".", ",")
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    text = str(value or "").replace("\x00", "")
    return f"'{text}" if _FORMULA.match(text) else text


def _refuse(message):
    return Refusal(message, field="file")


# --- CSV --------------------------------------------------------------------------------------------------------------
def _csv_rows(file):
    encoding = _encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(io.BufferedReader(_Unclosable(file)), encoding=encoding, newline="")
    number = 0
    try:
        lines = _lines(text)
        first, blank = "", 0
        for first in lines:
            if first.strip():
                break
            blank += 1
        hint = first.strip()
        if hint.lower().startswith("sep=") and len(hint) == 5:  # Excel's own line, which it does not show
            separator = hint[4]
        else:
            separator, lines = _separator(first), chain([first], lines)
        for number, row in enumerate(csv.reader(lines, delimiter=separator, strict=True), start=1 + blank):
            yield number, [_text(cell) for cell in row]
    except csv.Error as error:
        raise _refuse(
            _("Zeile %(row)s lässt sich nicht lesen: Die Anführungszeichen passen nicht zusammen.")
            % {"row": number + 1}
        ) from error
    except UnicodeDecodeError as error:
        raise _refuse(_("Das ist keine Tabelle. Wir können CSV- und XLSX-Dateien lesen.")) from error
    finally:
        text.detach()


def _lines(text):
    """Lines with their ends; a line without end would be read whole into memory."""
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            raise _refuse(_("Das ist keine Tabelle: Eine Zeile ist länger als 200.000 Zeichen."))
        yield line


def _encoding(file) -> str:
    """UTF-8 if the whole file is, else the encoding of older German Windows programs; never a guess by letters."""
    file.seek(0)
    start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8 = True
    while chunk := file.read(256 * 1024):
        if b"\x00" in chunk:
            raise _refuse(_("Das ist keine Tabelle. Wir können CSV- und XLSX-Dateien lesen."))
        if is_utf8:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                is_utf8 = False
        if not is_utf8 and chunk.translate(None, delete=_NOT_IN_CP1252) != chunk:
            raise _refuse(_("Das ist keine Tabelle. Wir können CSV- und XLSX-Dateien lesen."))
    if is_utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            is_utf8 = False
    return "utf-8-sig" if is_utf8 else "cp1252"


# bytes that Windows-1252 does not use, and control characters no text holds
_NOT_IN_CP1252 = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D, *range(0x01, 0x09), *range(0x0E, 0x1A)])


def _separator(first_line: str) -> str:
    """The separator that splits the first line into most columns; the heading of a table holds no other."""
    counts = {separator: len(next(csv.reader([first_line], delimiter=separator), [])) for separator in SEPARATORS}
    return max(counts, key=lambda separator: counts[separator])


def _text(cell: str) -> str:
    cell = cell.replace("\x00", "").strip()
    return cell[1:].strip() if _QUOTED_FORMULA.match(cell) else cell


class _Unclosable(io.RawIOBase):
    """An open file for TextIOWrapper, which would close it when it is gone."""

    def __init__(self, file):
        self._file = file

    def readable(self):
        return True

    def readinto(self, buffer):
        chunk = self._file.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)


# --- XLSX -------------------------------------------------------------------------------------------------------------
def _xlsx_rows(file):
    _measure(file)
    file.seek(0)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(file)
        visible = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
            and sheet.visible == python_calamine.SheetVisibleEnum.Visible
        ]
        if not visible:
            raise _refuse(_("In der Datei ist kein Tabellenblatt."))
        sheet = book.get_sheet_by_name(visible[0])
    except python_calamine.PasswordError as error:
        raise _refuse(_("Die Datei ist mit einem Kennwort geschützt. Bitte speichern Sie sie ohne.")) from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise _refuse(_("Die Excel-Datei lässt sich nicht lesen. Bitte speichern Sie sie neu oder als CSV.")) from error
    for number, row in enumerate(islice(sheet.iter_rows(), MOST_ROWS + 2), start=1):
        yield number, [_xlsx_text(cell) for cell in row]


def _measure(file):
    """Refuse an XLSX file that would unpack to more than it may, or whose cells lie too far out, without opening it.

    Every part is unpacked to nowhere, so that false sizes in the directory do not help; calamine makes room for
    the whole rectangle up to the farthest cell, so one cell at XFD1048576 would cost gigabytes.
    """
    broken = _("Die Excel-Datei lässt sich nicht lesen. Bitte speichern Sie sie neu oder als CSV.")
    left = UNPACKED
    _check_directory(file, broken)
    try:
        with zipfile.ZipFile(file) as parts:
            names = parts.infolist()
            if len(names) > 2000 or not any(part.filename == "xl/workbook.xml" for part in names):
                raise _refuse(_("Das ist keine Tabelle. Wir können CSV- und XLSX-Dateien lesen."))
            if sum(part.file_size for part in names) > UNPACKED:
                raise _refuse(_("Die Excel-Datei ist zu groß. Bitte speichern Sie sie als CSV."))
            for part in names:
                is_sheet = "sheet" in part.filename.lower()
                tail = b""
                with parts.open(part) as stream:
                    while chunk := stream.read(1024 * 1024):
                        left -= len(chunk)
                        if left < 0:
                            raise _refuse(_("Die Excel-Datei ist zu groß. Bitte speichern Sie sie als CSV."))
                        if is_sheet:
                            _check_reach(tail + chunk)
                            tail = chunk[-32:]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise _refuse(broken) from error


def _check_directory(file, broken):
    """A directory of half a million empty parts would fit into the file, and cost much more in memory."""
    file.seek(max(0, file.size - 66_000))
    end = file.read()
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or len(end) - at < 22 or int.from_bytes(end[at + 12 : at + 16], "little") > MOST_DIRECTORY:
        raise _refuse(broken)
    file.seek(0)


def _check_reach(xml: bytes):
    for match in _FAR_CELL.finditer(xml):
        letters, digits = match[1] or match[3] or b"", match[2] or match[4] or b"0"
        if letters and _column(letters) > MOST_COLUMNS:
            raise _refuse(_("Die Tabelle hat mehr als 100 Spalten. Bitte löschen Sie die überflüssigen."))
        if int(digits[:9]) > MOST_ROWS + 1:
            raise _refuse(_("Die Tabelle hat mehr als 100.000 Zeilen. Bitte teilen Sie sie auf."))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _xlsx_text(cell) -> str:
    if isinstance(cell, bool):
        return _("ja") if cell else _("nein")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, float):
        return f"{cell!r}".replace(".", ",")  # as Excel in Germany shows it: a point would part thousands
    if isinstance(cell, datetime):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    return _text(str(cell))

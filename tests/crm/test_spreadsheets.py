"""Tables in and out: encodings, separators, broken and hostile files (security.md P55, P56, P71)."""

import io
import tracemalloc
import zipfile
from datetime import date
from decimal import Decimal

import pytest
import python_calamine
import xlsxwriter
from django.core.files.base import ContentFile

from accounts.refusals import Refusal
from crm import spreadsheets

TABLE = [["Name", "Ort", "Notiz"], ["Müller, Jörg", "Köln", 'sagt "ja";\nund nein'], ["Łukasz €", "", "–"]]
READ = [(number, row) for number, row in enumerate(TABLE, start=1)]


def file(content, name="kontakte.csv"):
    return ContentFile(content, name)


def csv_text(separator=";", end="\r\n", table=TABLE):
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in table]
    return end.join(separator.join(row) for row in quoted) + end


def xlsx(table, **options):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(table):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell)
    return out.getvalue()


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_every_separator_encoding_and_line_end_is_read(separator, encoding, end):
    assert list(spreadsheets.rows(file(csv_text(separator, end).encode(encoding)))) == READ


def test_windows_1252_is_read():
    table = [["Name"], ["Jörg Müller – Käsebrötchen für 5 €"]]
    assert list(spreadsheets.rows(file(csv_text(table=table).encode("cp1252")))) == list(enumerate(table, start=1))


def test_an_umlaut_far_behind_the_first_kilobytes_counts():
    content = b"Name\n" + b"Schmidt\n" * 60_000 + "Müller\n".encode("cp1252")
    assert list(spreadsheets.rows(file(content)))[-1] == (60_002, ["Müller"])


def test_excels_own_separator_line_is_no_row():
    assert list(spreadsheets.rows(file(b"sep=|\r\nName|Ort\r\nA|B\r\n"))) == [(1, ["Name", "Ort"]), (2, ["A", "B"])]


def test_rows_are_numbered_as_the_spreadsheet_program_shows_them():
    assert list(spreadsheets.rows(file(b"\n\nName;Ort\n\n;;\nA;B\n"))) == [(3, ["Name", "Ort"]), (6, ["A", "B"])]


def test_xlsx_is_read():
    content = xlsx([["Name", "PLZ", "seit", "ja"], ["Müller", 1067, 12.5, True], [], ["=1+1", "x"]])
    assert list(spreadsheets.rows(file(content, "a.xlsx"))) == [
        (1, ["Name", "PLZ", "seit", "ja"]),
        (2, ["Müller", "1067", "12,5", "ja"]),
        (4, ["0", "x", "", ""]),
    ]


def zipped(parts, **kwargs):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **kwargs) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def far(address):
    """A small XLSX file with one cell far out: calamine would make room for the whole rectangle."""
    out = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(xlsx([["a"]])))
    with source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.namelist():
            content = source.read(part)
            if part.endswith("sheet1.xml"):
                content = content.replace(b'r="A1"', b'r="%s"' % address.encode())
            archive.writestr(part, content)
    return out.getvalue()


NO_TABLE = "Das ist keine Tabelle. Wir können CSV- und XLSX-Dateien lesen."
UNREADABLE = "Die Excel-Datei lässt sich nicht lesen. Bitte speichern Sie sie neu oder als CSV."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Die Datei ist leer."),
        (b"\x00\x01\x02" * 50, NO_TABLE),
        (b"\x7fELF\x02\x01\x01\x00", NO_TABLE),
        (b"\xff\xfe\x00", NO_TABLE),
        (b"Name\x81;Ort\n", NO_TABLE),
        (
            b"\xd0\xcf\x11\xe0" + b"\x00" * 100,
            "Das ist eine alte Excel-Datei. Bitte speichern Sie sie als XLSX oder CSV.",
        ),
        (b'Name;Ort\n"A;B\nC;D\n', "Zeile 2 lässt sich nicht lesen: Die Anführungszeichen passen nicht zusammen."),
        (b'Name;Ort\nA;B\n"A"x;B\n', "Zeile 3 lässt sich nicht lesen: Die Anführungszeichen passen nicht zusammen."),
        (b"a" * 300_000, "Das ist keine Tabelle: Eine Zeile ist länger als 200.000 Zeichen."),
        (b";" * 150, "Die Tabelle hat mehr als 100 Spalten. Bitte löschen Sie die überflüssigen."),
        (b"A\n" * 100_003, "Die Tabelle hat mehr als 100.000 Zeilen. Bitte teilen Sie sie auf."),
        (zipped({"a.txt": b"x"}), NO_TABLE),
        (zipped({"xl/workbook.xml": b"<html/>"}), UNREADABLE),
        (b"PK\x03\x04 abgeschnitten", UNREADABLE),
        (xlsx([["a"]])[:-30], UNREADABLE),
        (
            zipped({"xl/workbook.xml": b"0" * 160_000_000}),
            "Die Excel-Datei ist zu groß. Bitte speichern Sie sie als CSV.",
        ),
        (far("XFD1048576"), "Die Tabelle hat mehr als 100 Spalten. Bitte löschen Sie die überflüssigen."),
        (far("A1048576"), "Die Tabelle hat mehr als 100.000 Zeilen. Bitte teilen Sie sie auf."),
        (far("CW1"), "Die Tabelle hat mehr als 100 Spalten. Bitte löschen Sie die überflüssigen."),
    ],
    ids=range(19),
)
def test_what_is_no_table_is_refused_with_a_sentence(content, sentence):
    with pytest.raises(Refusal) as refused:
        list(spreadsheets.rows(file(content)))
    assert (refused.value.message, refused.value.field) == (sentence, "file")


def test_a_huge_file_is_refused_unread():
    class Huge:
        size = 50 * 1024 * 1024

        def read(self, *_args):
            raise AssertionError("read")

        seek = read

    with pytest.raises(Refusal, match="größer als 20 MB"):
        next(spreadsheets.rows(Huge()))


def test_reading_a_long_csv_file_costs_little_memory():
    content = b"Name;Ort;Strasse\n" + b"Brandt;Hamburg;Rotdornweg 8\n" * 100_000
    tracemalloc.start()
    count = sum(1 for _row in spreadsheets.rows(file(content)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 100_001
    assert peak < 3_000_000 + len(content)


FORMULAS = [
    '=HYPERLINK("http://boese.example";"hier")',
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "  =1",
    "\r=1",
    "|cmd",
    "＝1+1",
    "+49 171 3920011",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_never_becomes_a_formula(text):
    with spreadsheets.write_csv(["Name"], [[text]]) as out:
        written = out.read().decode("utf-8-sig")
    assert written.split("\r\n", 1)[1].startswith("\"'")
    with spreadsheets.write_xlsx(["Name"], [[text]]) as out:
        parts = zipfile.ZipFile(out)
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
        assert not any("rels/sheet" in name for name in parts.namelist())  # no links


@pytest.mark.parametrize("text", ["+49 171 3920011", "=1", "@peter", "Brandt"])
def test_the_apostrophe_goes_when_the_table_is_read_again(text):
    with spreadsheets.write_csv(["Name"], [[text]]) as out:
        back = file(out.read())
    assert list(spreadsheets.rows(back)) == [(1, ["Name"]), (2, [text])]


def test_numbers_and_dates_stay_what_they_are():
    line = [-12, Decimal("-3.50"), date(2026, 11, 23), True, None]
    with spreadsheets.write_csv(["a"], [line]) as out:
        assert out.read().decode("utf-8-sig").splitlines()[1] == '"-12";"-3,50";"23.11.2026";"ja";""'
    with spreadsheets.write_xlsx(["a"], [line]) as out:
        sheet = python_calamine.CalamineWorkbook.from_filelike(out).get_sheet_by_index(0)
        assert sheet.to_python()[1] == [-12.0, -3.5, date(2026, 11, 23), True]

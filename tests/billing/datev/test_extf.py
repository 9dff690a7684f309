"""DATEV's file format, to the byte (R115)."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from billing.datev import checks, columns, extf
from billing.datev.accounts import Chart

from . import month

GOLDEN = Path(__file__).parent / "golden"


def stack(*rows, header=month.HEADER):
    return extf.write(extf.BOOKINGS, header, rows, name="EXTF_Buchungsstapel.csv")


def first_row(**changes):
    row = {1: Decimal("1190.00"), 2: "S", 3: "EUR", 7: 10042, 8: 8400, 10: "2011", 11: "RE-2026-0042", 114: 0}
    return row | {int(name[1:]): value for name, value in changes.items()}


@pytest.mark.parametrize("chart", ["skr03", "skr04"])
def test_a_month_with_all_cases_is_the_golden_file(chart):
    header = extf.Header(**{**vars(month.HEADER), "chart": chart})
    written = stack(*(row.cells() for row in month.rows(Chart(chart))), header=header)
    assert written.content == (GOLDEN / f"EXTF_Buchungsstapel_{chart}.csv").read_bytes()
    assert checks.findings(written.content) == []


def test_customers_are_the_golden_file():
    written = extf.write(extf.PARTNERS, month.HEADER, month.PARTNERS, name="EXTF_Debitoren.csv")
    assert written.content == (GOLDEN / "EXTF_Debitoren.csv").read_bytes()
    assert checks.findings(written.content) == []


def test_the_header_is_the_one_of_the_rule():
    line = stack().content.split(b"\r\n")[0].decode("cp1252")
    assert line == (
        '"EXTF";700;21;"Buchungsstapel";13;20261201083015250;;"HS";"Jana Haselbach";"";29098;55003;20260101;4;'
        '20261101;20261130;"Handschlag 2026-11";"";1;0;0;"EUR";;"";;;"03";;;"";""'
    )
    fields = line.split(";")
    assert len(fields) == 31
    assert (fields[6], fields[9]) == ("", '""')  # what DATEV fills when it imports


def test_a_booking_begins_like_the_example_of_the_rule():
    line = stack(first_row(a14="Maler Huber Fassade")).content.split(b"\r\n")[2].decode("cp1252")
    assert line.startswith('1190,00;"S";"EUR";;;"";10042;8400;"";2011;"RE-2026-0042";"";;"Maler Huber Fassade";')


def test_there_are_125_and_254_columns_in_fixed_order():
    assert (len(columns.BOOKING), len(columns.PARTNER)) == (125, 254)
    assert [columns.BOOKING[n - 1] for n in (1, 7, 9, 11, 20, 40, 114, 115, 118, 125)] == [
        "Umsatz (ohne Soll/Haben-Kz)", "Konto", "BU-Schlüssel", "Belegfeld 1", "Beleglink",
        "EU-Land u. UStID (Bestimmung)", "Festschreibung", "Leistungsdatum", "Generalumkehr (GU)", "Abw. Skontokonto",
    ]  # fmt: skip
    assert [columns.PARTNER[n - 1] for n in (1, 7, 18, 45, 99, 220, 254)] == [
        "Konto", "Adressattyp", "Postleitzahl", "IBAN-Nr. 1", "Kunden-/Lief.-Nr.", "Nummer Fremdsystem", "Letzte Frist",
    ]  # fmt: skip


def test_bytes_are_windows_1252_with_crlf():
    content = stack(first_row(a14="Küche – Straße 5 €")).content
    assert "Küche – Straße 5 €".encode("cp1252") in content
    assert content.count(b"\n") == content.count(b"\r\n") == 3
    assert content.endswith(b"\r\n")


def test_what_windows_1252_has_not_got_is_replaced_and_told():
    written = stack(first_row(a14="Yıldız Łódź ą 木材 ①"), first_row(a14="Müller"))
    assert checks.read(written.content).values()[0][13] == "Yildiz Lódz a ?? 1"
    assert written.replacements == (extf.Replacement("Yıldız Łódź ą 木材 ①", "Yildiz Lódz a ?? 1"),)


def test_quotes_are_doubled_and_lines_are_one():
    written = stack(first_row(a14='Tür "Eiche"; links\r\nund rechts\x00'))
    assert b'"T\xfcr ""Eiche""; links und rechts"' in written.content
    assert checks.read(written.content).values()[0][13] == 'Tür "Eiche"; links und rechts'


def test_the_name_of_a_file_begins_with_extf():
    with pytest.raises(ValueError, match="EXTF_"):
        extf.write(extf.BOOKINGS, month.HEADER, [], name="Buchungsstapel.csv")


# --- what DATEV would refuse ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"a1": Decimal("0.00")}, "Umsatz 0,00 ist kein Betrag über null."),
        ({"a1": Decimal("-1.00")}, "Umsatz -1,00 ist kein Betrag über null."),
        ({"a1": Decimal("12345678901.00")}, "Umsatz 12345678901,00 ist kein Betrag über null."),
        ({"a2": "X"}, "Soll/Haben-Kennzeichen X ist weder S noch H."),
        ({"a7": 100420}, "Konto 100420 passt nicht zur Kontenlänge 4."),
        ({"a8": None}, "Konto  passt nicht zur Kontenlänge 4."),
        ({"a9": "3"}, "Auf Automatikkonten darf kein BU-Schlüssel stehen."),
        ({"a10": "0112"}, "Belegdatum 0112 liegt nicht im Zeitraum des Stapels."),
        ({"a10": "111"}, "Belegdatum 111 liegt nicht im Zeitraum des Stapels."),
        ({"a11": "RE#2026/1 ä"}, "Belegfeld 1 „RE#2026/1 ä“ hat Zeichen, die DATEV nicht annimmt, oder ist zu lang."),
        ({"a14": "x" * 61}, "Spalte 14 ist länger als 60 Zeichen."),
        ({"a20": "BEDI 4711"}, "Beleglink BEDI 4711 ist keiner."),
        ({"a114": 2}, "Festschreibung muss 0 oder 1 sein."),
        ({"a115": "2011"}, "Spalte 115: 2011 ist kein Tag (TTMMJJJJ)."),
        ({"a115": "20112026"}, "Leistungsdatum und Datum der Steuerperiode gehören zusammen."),
    ],
)
def test_a_wrong_booking_is_found(changes, finding):
    assert f"Zeile 3: {finding}" in checks.findings(stack(first_row(**changes)).content)


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"consultant": 1000}, "Kopf: Die Beraternummer liegt nicht zwischen 1001 und 9999999."),
        ({"client": 100000}, "Kopf: Die Mandantennummer liegt nicht zwischen 1 und 99999."),
        ({"account_length": 9}, "Kopf: Die Länge der Sachkonten muss 4 bis 8 sein."),
        ({"last_on": date(2027, 1, 31)}, "Kopf: Der Zeitraum liegt nicht in einem Wirtschaftsjahr."),
    ],
)
def test_a_wrong_header_is_found(changes, finding):
    assert checks.findings(stack(header=extf.Header(**{**vars(month.HEADER), **changes})).content) == [finding]


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("\r\n", "\n", "Jede Zeile muss mit CRLF enden."),
        ("Konto;Gegen", "Gegen;Konto", "Zeile 2: Die Spalten stehen nicht in der vorgeschriebenen Reihenfolge."),
        (';;"HS"', ';1;"HS"', "Kopf: „Importiert“ und „Importiert von“ müssen leer sein."),
        (
            '"S"',
            "S",
            "Zeile 3: Spalte 2 (Soll/Haben-Kennzeichen) hat Anführungszeichen, wo keine hingehören, oder umgekehrt.",
        ),
        ('2011;"RE', '2011;;"RE', "Zeile 3: 126 statt 125 Spalten."),
        ('"S"', '"S', 'Anführungszeichen stimmen nicht: "S;"EUR";;;"";10042;'),
    ],
)
def test_a_broken_file_is_found(old, new, finding):
    text = stack(first_row()).content.decode("cp1252")
    assert old in text
    assert checks.findings(text.replace(old, new).encode("cp1252"))[0] == finding

"""Appointments as calendar files (AUF3)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from crm import calendar_files as calendar

BERLIN = ZoneInfo("Europe/Berlin")
STAMP = datetime(2026, 11, 21, 9, tzinfo=UTC)


def test_an_appointment_stands_in_utc_with_its_place():
    text = calendar.event(
        "appointment-7@handschlag", "Montage, Tischlerei Haselbach", stamp=STAMP, place="Rotdornweg 8, 22397 Hamburg",
        start=datetime(2027, 1, 26, 8, tzinfo=BERLIN), end=datetime(2027, 1, 26, 12, 30, tzinfo=BERLIN),
    )  # fmt: skip
    assert text.split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Handschlag//Termin//DE",
        "BEGIN:VEVENT",
        "UID:appointment-7@handschlag",
        "DTSTAMP:20261121T090000Z",
        "DTSTART:20270126T070000Z",
        "DTEND:20270126T113000Z",
        "SUMMARY:Montage\\, Tischlerei Haselbach",
        "LOCATION:Rotdornweg 8\\, 22397 Hamburg",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_summer_time_is_taken_into_account():
    start = datetime(2027, 7, 1, 8, tzinfo=BERLIN)
    assert "DTSTART:20270701T060000Z" in calendar.event("x", "y", start=start, end=start, stamp=STAMP)


def test_a_planned_day_is_a_whole_day():
    text = calendar.event("order-3@handschlag", "Einbauschrank", start=date(2027, 1, 31), stamp=STAMP)
    assert "DTSTART;VALUE=DATE:20270131\r\nDTEND;VALUE=DATE:20270201\r\n" in text


def test_names_cannot_add_lines_of_their_own():
    text = calendar.event("x", "Montage\r\nATTENDEE:mailto:x@y.example;a", start=date(2027, 1, 1), stamp=STAMP)
    assert "SUMMARY:Montage \\nATTENDEE:mailto:x@y.example\\;a\r\n" in text


def test_long_lines_are_folded_between_characters():
    lines = calendar.event("x", "Übergröße " * 20, start=date(2027, 1, 1), stamp=STAMP).split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    unfolded = "\r\n".join(lines).replace("\r\n ", "")
    assert f"SUMMARY:{'Übergröße ' * 20}" in unfolded

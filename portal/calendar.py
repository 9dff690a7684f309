"""An appointment as a calendar file (RFC 5545): one event, its times in UTC or a whole day."""

from datetime import UTC, date, datetime, timedelta


def event(uid: str, title: str, *, start, end=None, place: str = "", stamp: datetime) -> str:
    """One event. A `date` as start makes it a whole day; instants are written in UTC, every calendar shows local time."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Handschlag//Termin//DE",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_instant(stamp)}",
        *_span(start, end),
        f"SUMMARY:{_text(title)}",
        *([f"LOCATION:{_text(place)}"] if place else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _span(start, end):
    if isinstance(start, datetime):
        return [f"DTSTART:{_instant(start)}", f"DTEND:{_instant(end)}"]
    return [f"DTSTART;VALUE=DATE:{_day(start)}", f"DTEND;VALUE=DATE:{_day(start + timedelta(days=1))}"]


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _day(value: date) -> str:
    return value.strftime("%Y%m%d")


def _text(value: str) -> str:
    value = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return " ".join(value.split("\r")).replace("\n", "\\n")


def _folded(line: str) -> str:
    """At most 75 bytes a line; what follows is indented. Never cuts a character."""
    parts: list[str] = []
    current = ""
    for sign in line:
        if len((current + sign).encode()) > (75 if not parts else 74):
            parts.append(current)
            current = ""
        current += sign
    return "\r\n ".join([*parts, current])

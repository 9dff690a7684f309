"""Appointments and tasks as a calendar (RFC 5545): times in UTC or whole days, which every calendar shows as local time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

PRODUCT = "-//Handschlag//Termin//DE"


@dataclass(frozen=True)
class Event:
    """One entry. A `date` as start makes it a whole day, which takes nobody's time; `stamp` is when it was last changed."""

    uid: str
    title: str
    start: date | datetime
    stamp: datetime
    end: datetime | None = None
    place: str = ""
    notes: str = ""
    url: str = ""
    version: int = 0
    is_cancelled: bool = False


def event(uid: str, title: str, **fields) -> str:
    """A file of one event."""
    return calendar([Event(uid, title, **fields)])


def calendar(events: Iterable[Event], *, name: str = "", refresh: timedelta | None = None) -> str:
    """A file of events; `name` and `refresh` are for programs that fetch it again and again (RFC 7986)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}"]
    if name:
        lines += ["CALSCALE:GREGORIAN", f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}"]
    if refresh:
        every = f"PT{int(refresh.total_seconds() // 60)}M"
        lines += [f"REFRESH-INTERVAL;VALUE=DURATION:{every}", f"X-PUBLISHED-TTL:{every}"]
    for each in events:
        lines += _event(each)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _event(entry):
    is_day = not isinstance(entry.start, datetime)
    return [
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"DTSTAMP:{_instant(entry.stamp)}",
        *([f"SEQUENCE:{entry.version}"] if entry.version else []),
        *_span(entry.start, entry.end),
        f"SUMMARY:{_text(entry.title)}",
        *([f"LOCATION:{_text(entry.place)}"] if entry.place else []),
        *([f"DESCRIPTION:{_text(entry.notes)}"] if entry.notes else []),
        *([f"URL:{entry.url}"] if entry.url else []),
        *(["TRANSP:TRANSPARENT"] if is_day else []),
        *(["STATUS:CANCELLED"] if entry.is_cancelled else []),
        "END:VEVENT",
    ]


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
    value = " ".join(value.split("\r")).replace("\n", "\\n")
    return "".join(sign for sign in value if sign >= " " and sign != "\x7f")  # what RFC 5545 calls CONTROL has no place


def _folded(line: str) -> str:
    """At most 75 bytes a line; what follows is indented. Never cuts a character."""
    parts: list[str] = []
    current = ""
    size = 0
    for sign in line:
        weight = len(sign.encode())
        if size + weight > (75 if not parts else 74):
            parts.append(current)
            current, size = "", 0
        current += sign
        size += weight
    return "\r\n ".join([*parts, current])

"""Files in DATEV's format EXTF, version 700: booking stacks (21/13) and customers (16/5), to the byte (R115). Pure.

Windows-1252, CRLF, semicolons; texts stand in quotes also when they are empty, numbers never do.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from billing.datev import columns

CODEPAGE = "cp1252"
NEWLINE = "\r\n"
ORIGIN = "HS"
SHORTEST_ACCOUNT = 4
# letters that do not fall apart into a base letter and an accent
_BASE = str.maketrans({"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ħ": "h", "Ħ": "H", "ŋ": "n", "ŧ": "t", "ĸ": "k",
                       "\u2010": "-", "\u2011": "-", "\u2212": "-", "\u202f": " ", "\u2009": " "})  # fmt: skip


@dataclass(frozen=True)
class Format:
    """A kind of file: its category, name, version and columns."""

    category: int
    name: str
    version: int
    columns: Sequence[str]
    texts: frozenset[int]


BOOKINGS = Format(21, "Buchungsstapel", 13, columns.BOOKING, columns.BOOKING_TEXTS)
PARTNERS = Format(16, "Debitoren/Kreditoren", 5, columns.PARTNER, columns.PARTNER_TEXTS)


@dataclass(frozen=True)
class Header:
    """What stands in the first line. `chart` is "skr03" or "skr04", `created_at` local time."""

    consultant: int
    client: int
    year_begins: date
    account_length: int
    first_on: date
    last_on: date
    label: str
    exported_by: str
    chart: str
    created_at: datetime

    def cells(self, kind: Format) -> list[str]:
        """The 31 fields as they are written. 7 and 10 stay empty: DATEV fills them when it imports."""
        stack = kind is BOOKINGS
        # customers belong to no stretch of time
        days = [f"{day:%Y%m%d}" if stack else "" for day in (self.first_on, self.last_on)]
        stamp = f"{self.created_at:%Y%m%d%H%M%S}{self.created_at.microsecond // 1000:03d}"
        return [
            _text("EXTF"), "700", str(kind.category), _text(kind.name), str(kind.version), stamp, "", _text(ORIGIN),
            _text(self.exported_by[:25]), _text(""), str(self.consultant), str(self.client), f"{self.year_begins:%Y%m%d}",
            str(self.account_length), *days, _text(self.label[:30]),
            _text(""), "1" if stack else "", "0" if stack else "", "0" if stack else "",  # 21: not yet locked
            _text("EUR" if stack else ""), "", _text(""), "", "", _text(self.chart[-2:]), "", "", _text(""), _text(""),
        ]  # fmt: skip


@dataclass(frozen=True)
class Replacement:
    """A text that Windows-1252 cannot hold, and what was written instead."""

    text: str
    written: str


@dataclass(frozen=True)
class File:
    """The bytes of a file, and what had to be written differently in it."""

    name: str
    content: bytes
    replacements: tuple[Replacement, ...]


def write(kind: Format, header: Header, rows: Iterable[Mapping[int, object]], *, name: str) -> File:
    """A file of a kind. `rows` are values by number of column (from 1): text, int, `Decimal` or None.

    Dates are written by who knows their shape (TTMM or TTMMJJJJ). Raises ValueError for a name without "EXTF_".
    """
    if not name.startswith("EXTF_"):
        raise ValueError(f"DATEV takes only files that begin with EXTF_, not {name}")
    replaced: dict[str, str] = {}

    def cell(number, value):
        if number in kind.texts:
            text = one_line(str(value or ""))
            written = encodable(text)
            if written != text:
                replaced[text] = written
            return _text(written)
        return _number(value)

    lines = [[encodable(each) for each in header.cells(kind)], list(kind.columns)]
    lines += [[cell(number, row.get(number)) for number in range(1, len(kind.columns) + 1)] for row in rows]
    text = "".join(";".join(line) + NEWLINE for line in lines)
    return File(name, text.encode(CODEPAGE), tuple(Replacement(*each) for each in replaced.items()))


def encodable(text: str) -> str:
    """A text with every character that Windows-1252 has not got replaced: by its base letter, else by a question mark."""
    if _fits(text):
        return text
    return "".join(character if _fits(character) else _nearest(character) for character in text)


def one_line(text: str) -> str:
    """A text without line breaks and other control characters."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join("".join(" " if unicodedata.category(each) == "Cc" else each for each in text).split())


def day_month(day: date) -> str:
    """TTMM, as a booking's own date is written: its year follows from the header."""
    return f"{day:%d%m}"


def whole_day(day: date | None) -> str:
    """TTMMJJJJ; empty for none."""
    return f"{day:%d%m%Y}" if day else ""


def _fits(text: str) -> bool:
    try:
        text.encode(CODEPAGE)
    except UnicodeEncodeError:
        return False
    return True


def _nearest(character: str) -> str:
    parts = unicodedata.normalize("NFKD", character.translate(_BASE))
    kept = "".join(each for each in parts if not unicodedata.combining(each) and _fits(each))
    return kept or ("" if unicodedata.combining(character) else "?")


def _text(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def _number(value) -> str:
    if value is None:
        return ""
    return f"{value:.2f}".replace(".", ",") if isinstance(value, Decimal) else str(value)

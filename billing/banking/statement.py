"""The one shape all bank files are read into, and the refusals their readers share."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from stdnum import iban as iban_number

from accounts.refusals import Refusal

BIGGEST = 20 * 1024 * 1024  # bytes
MOST_ENTRIES = 50_000
FIRST_DAY = date(1990, 1, 1)
MOST = Decimal("9999999999.99")


@dataclass(frozen=True)
class Entry:
    """One booking: euros, below zero what left the account. `bank_id` is the bank's own name for it, where it has one."""

    booked_on: date
    amount: Decimal
    party: str = ""
    iban: str = ""
    purpose: str = ""
    reference: str = ""  # structured creditor reference, or the end-to-end id
    bank_id: str = ""


@dataclass(frozen=True)
class Statement:
    """What a file says about one account; balances only where the file has them."""

    entries: tuple[Entry, ...]
    iban: str = ""
    first_on: date | None = None
    last_on: date | None = None
    opening: Decimal | None = None
    closing: Decimal | None = None


def refuse(message: str) -> Refusal:
    """A file that is not taken, with the sentence people read."""
    return Refusal(message, field="file")


def broken(row: int | None = None) -> Refusal:
    """A file of a known kind that does not hold together."""
    if row:
        return refuse(
            _("Zeile %(row)s lässt sich nicht lesen. Bitte laden Sie die Datei bei der Bank noch einmal herunter.")
            % {"row": row}
        )
    return refuse(
        _("Die Datei ist beschädigt oder unvollständig. Bitte laden Sie sie bei der Bank noch einmal herunter.")
    )


def statement(
    entries: Iterable[Entry],
    *,
    iban: str = "",
    first_on: date | None = None,
    last_on: date | None = None,
    opening: Decimal | None = None,
    closing: Decimal | None = None,
) -> Statement:
    """The entries as a statement. Raises Refusal when there are none, too many, impossible ones, or sums that do not fit."""
    found = tuple(entries)
    if not found and closing is None:
        raise refuse(
            _("In der Datei steht keine Buchung. Bitte wählen Sie beim Herunterladen einen längeren Zeitraum.")
        )
    if len(found) > MOST_ENTRIES:
        raise refuse(_("Die Datei hat mehr als 50.000 Buchungen. Bitte wählen Sie einen kürzeren Zeitraum."))
    for entry in found:
        if not (FIRST_DAY <= entry.booked_on <= date(2199, 12, 31)) or abs(entry.amount) > MOST:
            raise broken()
    if opening is not None and closing is not None and opening + sum((e.amount for e in found), Decimal(0)) != closing:
        raise refuse(
            _(
                "Anfangssaldo, Buchungen und Endsaldo passen nicht zusammen: Die Datei ist unvollständig. "
                "Bitte laden Sie sie bei der Bank noch einmal herunter."
            )
        )
    days = [entry.booked_on for entry in found]
    return Statement(
        found, iban, first_on or min(days, default=None), last_on or max(days, default=None), opening, closing
    )


def text(value: str | None, longest: int) -> str:
    """Words as they can be stored: no control characters, single blanks, cut to length."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value or "").split())[:longest]


def iban(value: str | None) -> str:
    """An IBAN without blanks, "" for what is none."""
    plain = re.sub(r"[^0-9A-Za-z]", "", value or "").upper()
    return plain if iban_number.is_valid(plain) else ""


def decimal(value: str | None) -> Decimal:
    """A plain number with a decimal point, in cents. Raises Refusal for anything else (NaN, 1e9, three decimals)."""
    if not re.fullmatch(r"[+-]?\d{1,13}(\.\d{1,5})?", value or "", re.ASCII):
        raise broken()
    try:
        found = Decimal(value or "")
    except InvalidOperation as error:
        raise broken() from error
    if found != found.quantize(Decimal("0.01")):
        raise broken()
    return found.quantize(Decimal("0.01"))


def other_currency(currency: str) -> Refusal:
    return refuse(
        _("Die Datei enthält Buchungen in %(currency)s. Wir können nur Konten in Euro lesen.")
        % {"currency": text(currency, 10)}
    )


def several_accounts() -> Refusal:
    return refuse(_("Die Datei enthält mehrere Konten. Bitte laden Sie jedes Konto für sich herunter."))

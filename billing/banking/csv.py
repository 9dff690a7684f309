"""CSV (and XLSX) tables of German banks, read by the words of their headings.

The words are those of Sparkasse, Volks- and Raiffeisenbanken (also their older tables), DKB, ING, Commerzbank, Deutsche Bank,
comdirect, HypoVereinsbank, Consorsbank and N26; other banks mostly use the same ones.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from billing.banking.statement import Entry, Statement, broken, decimal, iban, other_currency, refuse, statement, text
from crm import folding, spreadsheets

SEARCHED = 40  # rows above the headings

# What a column is called, best first; folded words (see crm.folding). "*" stands for anything that follows.
BOOKED = (
    "buchungstag", "buchungsdatum", "datum buchung", "datum der buchung", "buchung", "booking date", "buchungstag*",
    "datum", "date", "settlement date*", "transaktionsdatum", "valutadatum", "wertstellung*", "valuta*", "value date",
)  # fmt: skip
AMOUNT = (
    "betrag", "betrag (€)", "betrag (eur)", "betrag in eur", "betrag eur", "betrag in euro", "umsatz", "umsatz in eur",
    "umsatz (eur)", "amount (eur)", "amount", "total amount (incl. vat)*", "gesamtbetrag*", "betrag*",
)  # fmt: skip
DEBIT = ("soll", "ausgabe", "belastung", "debit", "lastschrift (eur)")
CREDIT = ("haben", "einnahme", "gutschrift", "credit", "gutschrift (eur)")
MARK = ("soll/haben", "s/h", "+/-", "sh", "soll-/haben-kennzeichen", "s/h-kennzeichen")
PARTY = (
    "beguenstigter/zahlungspflichtiger", "name zahlungsbeteiligter", "auftraggeber/zahlungsempfaenger",
    "beguenstigter / auftraggeber", "auftraggeber / beguenstigter", "auftraggeber/beguenstigter",
    "zahlungsempfaenger/zahlungspflichtiger", "auftraggeber/empfaenger", "empfaenger/auftraggeber",
    "sender / empfaenger", "absender/empfaenger", "partner name", "name der gegenpartei", "counterparty name", "zahlungspartner",
    "gegenpartei", "empfaenger/zahlungspflichtiger", "sender/empfaenger", "name", "empfaenger 1", "auftraggeber", "payee",
)  # fmt: skip
PAYER = ("zahlungspflichtige*r", "zahlungspflichtiger", "absender")
PAYEE = ("zahlungsempfaenger*in", "zahlungsempfaenger", "empfaenger")
PURPOSE = (
    "verwendungszweck", "vorgang/verwendungszweck", "payment reference", "verwendungszweck*", "reference", "referenz",
    "beschreibung", "description", "buchungstext", "buchungsdetails",
)  # fmt: skip
OTHER_IBAN = (
    "iban zahlungsbeteiligter", "kontonummer/iban", "iban / kontonummer", "iban/kontonummer", "partner iban",
    "counterparty iban", "iban gegenkonto", "iban auftraggeber/empfaenger", "iban der gegenpartei", "account number",
    "kontonummer", "iban",
)  # fmt: skip
OWN_IBAN = ("iban auftragskonto", "auftragskonto", "iban kontoinhaber", "iban auftraggeberkonto", "eigene iban")
REFERENCE = (
    "kundenreferenz (end-to-end)", "ende-zu-ende-referenz", "end-to-end-referenz", "end to end id", "kundenreferenz",
)  # fmt: skip
CURRENCY = ("waehrung", "waehrung*", "currency")
STATUS = ("status", "info", "umsatzstatus")

_PENDING = re.compile(r"offen|vorgemerkt|vormerkung|pending|nicht gebucht|abgelehnt|declined")
_GERMAN_DAY = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})", re.ASCII)
# comdirect writes all of it into one column
_TOLD = re.compile(
    r"(?:Auftraggeber|Empfänger)\s*:\s*(?P<party>.*?)\s*(?:Kto/IBAN:\s*(?P<iban>\S+).*?)?Buchungstext:\s*(?P<purpose>.*?)"
    r"(?:\s*(?:End-to-End-)?Ref\.\s*:?\s*(?P<reference>\S.*))?$"
)


def read(content: bytes) -> Statement:
    """The bookings of a bank's table. Raises Refusal for tables without day and amount, and for rows that are neither a
    booking nor below the last one.
    """
    rows = list(spreadsheets.rows(ContentFile(content)))
    head = next((place for place, (_number, cells) in enumerate(rows[:SEARCHED]) if _is_heading(cells)), None)
    if head is None:
        raise refuse(
            _(
                "In der Tabelle fehlen Spalten mit Buchungstag und Betrag. Bitte laden Sie die Umsätze bei der Bank als "
                "CSV oder, besser, als camt.053 herunter."
            )
        )
    headings = rows[head][1]
    columns = _Columns(headings)
    bookings = _bookings(rows[head + 1 :], columns)
    number = _reader_of_amounts(
        [value for _row, cells in bookings for value in columns.amounts(cells) if value],
    )
    entries = [entry for row, cells in bookings if (entry := _entry(row, cells, columns, number)) is not None]
    own = next(
        (found for cells in _own_accounts(rows[:head], bookings, columns) for cell in cells if (found := iban(cell))),
        "",
    )
    return statement(entries, iban=own)


class _Columns:
    """Which column holds what; None for what the table does not have."""

    def __init__(self, headings: Sequence[str]):
        folded = [folding.fold(heading).strip() for heading in headings]
        taken: set[int] = set()

        def find(words):
            for word in words:
                for place, heading in enumerate(folded):
                    if place not in taken and _is(heading, word):
                        taken.add(place)
                        return place
            return None

        self.own = find(OWN_IBAN)
        self.booked = find(BOOKED)
        self.mark = find(MARK)
        self.debit, self.credit = find(DEBIT), find(CREDIT)
        self.amount = find(AMOUNT) if self.debit is None or self.credit is None else None
        self.payer, self.payee = find(PAYER), find(PAYEE)
        self.party = find(PARTY)
        self.purpose = find(PURPOSE)
        self.more = find(("buchungstext", "empfaenger 2", "umsatztext"))
        self.iban = find(OTHER_IBAN)
        self.reference = find(REFERENCE)
        self.currency = find(CURRENCY)
        self.status = find(STATUS)
        if (
            self.mark is None
            and self.amount is not None
            and self.amount + 1 < len(folded)
            and not folded[self.amount + 1]
        ):
            self.mark = self.amount + 1  # older tables of the Volksbanken: the column has no heading

    def amounts(self, cells):
        return [_cell(cells, place) for place in (self.amount, self.debit, self.credit)]

    @property
    def is_complete(self):
        return self.booked is not None and (self.amount is not None or None not in (self.debit, self.credit))


def _is(heading, word):
    return heading.startswith(word[:-1]) if word.endswith("*") else heading == word


def _is_heading(cells):
    return len(cells) > 1 and _Columns(cells).is_complete


def _cell(cells, place):
    return cells[place] if place is not None and place < len(cells) else ""


def _bookings(rows, columns):
    """The rows that are bookings. Below the last one may stand balances and notes, between them nothing else."""
    found, ended = [], False
    for number, cells in rows:
        if _PENDING.search(folding.fold(_cell(cells, columns.booked), _cell(cells, columns.status))):
            continue
        if not re.search(r"\d", _cell(cells, columns.booked)):
            ended = True
            if _cell(cells, columns.booked) == "" and any(columns.amounts(cells)):
                raise broken(number)
            continue
        if ended:
            raise broken(number)
        found.append((number, cells))
    return found


def _entry(row, cells, columns, number: Callable[[str, int], Decimal]):
    currency = _cell(cells, columns.currency)
    if currency and currency.upper() not in {"EUR", "€", "EURO"}:
        raise other_currency(currency)
    amount = _amount(row, cells, columns, number)
    if amount == 0:
        return None
    party = _cell(cells, columns.party)
    if columns.payer is not None or columns.payee is not None:
        party = _cell(cells, columns.payer if amount > 0 else columns.payee) or party
    purpose, other = _cell(cells, columns.purpose), _cell(cells, columns.iban)
    reference = _cell(cells, columns.reference)
    told = _TOLD.match(purpose)
    if told and not party:
        party, purpose = told["party"], told["purpose"]
        other, reference = told["iban"] or other, told["reference"] or reference
    return Entry(
        _day(row, _cell(cells, columns.booked)),
        amount,
        party=text(party, 140),
        iban=iban(other),
        purpose=text(purpose or _cell(cells, columns.more), 500),
        reference=text("" if reference.upper() == "NOTPROVIDED" else reference, 70),
    )


def _amount(row, cells, columns, number):
    if columns.amount is None:
        debit, credit = _cell(cells, columns.debit), _cell(cells, columns.credit)
        if bool(debit) == bool(credit) and not (debit and credit):
            raise broken(row)
        taken = abs(number(debit, row)) if debit else Decimal(0)
        given = abs(number(credit, row)) if credit else Decimal(0)
        return given - taken
    amount = number(_cell(cells, columns.amount), row)
    mark = _cell(cells, columns.mark).strip().upper()
    if mark:
        if mark not in {"S", "H", "SOLL", "HABEN", "+", "-", "D", "C"}:
            raise broken(row)
        amount = -abs(amount) if mark in {"S", "SOLL", "-", "D"} else abs(amount)
    return amount


def _reader_of_amounts(values) -> Callable[[str, int], Decimal]:
    """How this table writes numbers: where any has a comma before its last two digits, points only group.

    Banks write cents; "1.234" alone could be both and is refused.
    """
    is_german = any(re.search(r",\d{1,2}\D*$", value) for value in values)

    def read(value: str, row: int) -> Decimal:
        plain = re.sub(r"[\s€]|EUR$", "", value).replace("−", "-").replace("'", "")
        minus = plain.endswith("-")
        mark = plain[-1:].upper()
        plain = plain.rstrip("-SHsh")
        if is_german:
            if "," not in plain and re.search(r"\.\d{1,2}$", plain):
                raise broken(row)
            if not re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})*(,\d{1,2})?|[+-]?\d+(,\d{1,2})?", plain, re.ASCII):
                raise broken(row)
            plain = plain.replace(".", "").replace(",", ".")
        elif not re.fullmatch(r"[+-]?\d{1,3}(,\d{3})*(\.\d{1,2})?|[+-]?\d+(\.\d{1,2})?", plain, re.ASCII):
            raise broken(row)
        else:
            plain = plain.replace(",", "")
        amount = decimal(plain)
        return -amount if minus or mark == "S" else amount

    return read


def _day(row, value):
    value = value.split(" ")[0].split("T")[0]
    try:
        if found := _GERMAN_DAY.fullmatch(value):
            year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
            return date(year, int(found[2]), int(found[1]))
        return date.fromisoformat(value)
    except ValueError as error:
        raise broken(row) from error


def _own_accounts(above, bookings, columns):
    """Where the account's own IBAN may stand: above the headings, or in a column of its own."""
    yield from (cells for _number, cells in above)
    if columns.own is not None:
        yield from ([_cell(cells, columns.own)] for _number, cells in bookings[:1])

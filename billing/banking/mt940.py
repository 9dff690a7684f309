"""MT940, the text statement of SWIFT, with the subfields German banks write into :86:."""

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from billing.banking.statement import (
    Entry,
    Statement,
    broken,
    decimal,
    iban,
    other_currency,
    several_accounts,
    statement,
    text,
)

_FIELD = re.compile(r"^:(\d{2}[A-Z]?):", re.MULTILINE)
_BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})(\d{1,15},\d{0,2})\s*", re.ASCII)
_ENTRY = re.compile(
    r"(?P<value>\d{6})(?P<booked>\d{4})?(?P<sign>R?[CD])[A-Z]?(?P<amount>\d{1,15},\d{0,2})"
    r"(?P<kind>[A-Z][A-Z0-9]{3})(?P<reference>[^/\r\n]*)(?://(?P<bank>[^\r\n]*))?",
    re.ASCII,
)
# SEPA parts of the purpose: end-to-end id, customer's reference, mandate, creditor, the words, who really pays
_TAG = re.compile(r"\b(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP|COAM|OAMT)\+")
_FULL = 27  # characters of a full subfield; a shorter one ends a word


def is_mt940(content: bytes) -> bool:
    """Whether it begins like a statement of SWIFT."""
    head = content[:2000].decode("latin-1")
    return re.search(r"^:20:", head, re.MULTILINE) is not None and re.search(r":(25|28C?|60[FM]):", head) is not None


def read(content: bytes) -> Statement:
    """The bookings of a file with one or many statements of one account. Raises Refusal for what does not hold together."""
    lines = _decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    accounts: set[str] = set()
    entries: list[Entry] = []
    balances: list[tuple[Decimal, Decimal]] = []
    days: list[date] = []
    opening: Decimal | None = None
    page: list[Entry] = []
    for tag, value in _fields(lines):
        if tag == "25":
            accounts.add(_account(value))
        elif tag in {"60F", "60M"}:
            if opening is not None:
                raise broken()
            opening, day = _balance(value)
            days.append(day)
        elif tag == "61":
            if opening is None:
                raise broken()
            page.append(_entry(value))
        elif tag == "86" and page and opening is not None and not page[-1].purpose and not page[-1].party:
            page[-1] = _described(page[-1], value)
        elif tag in {"62F", "62M"}:
            if opening is None:
                raise broken()
            closing, day = _balance(value)
            statement(page, opening=opening, closing=closing)
            balances.append((opening, closing))
            days.append(day)
            entries += page
            opening, page = None, []
    if opening is not None or not balances:
        raise broken()  # the end is missing
    if len(accounts) > 1:
        raise several_accounts()
    days += [entry.booked_on for entry in entries]
    follow = all(before[1] == after[0] for before, after in pairwise(balances))
    return statement(
        entries,
        iban=accounts.pop() if accounts else "",
        first_on=min(days),
        last_on=max(days),
        opening=balances[0][0] if follow else None,
        closing=balances[-1][1] if follow else None,
    )


def _decoded(content):
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _fields(lines):
    """(tag, value) of every field, values with their line breaks; a line with "-" alone ends a message."""
    for tag, value in _parts(_FIELD, lines):
        yield tag, re.sub(r"\n-\s*(\n|$).*", "", value, flags=re.DOTALL).rstrip("\n")


def _parts(pattern, words):
    """(name, what stands between it and the next one) of every place where the pattern fits."""
    places = list(pattern.finditer(words))
    ends = [place.start() for place in places[1:]] + [len(words)]
    for place, end in zip(places, ends, strict=False):
        yield place[1], words[place.end() : end]


def _account(value):
    plain = re.sub(r"\s|EUR$", "", value.split("\n")[0])
    return iban(plain) or text(plain, 34)


def _balance(value):
    found = _BALANCE.fullmatch(value)
    if found is None:
        raise broken()
    if found[3] != "EUR":
        raise other_currency(found[3])
    amount = _amount(found[4])
    return (amount if found[1] == "C" else -amount), _day(found[2])


def _amount(digits):
    whole, _comma, cents = digits.partition(",")
    return decimal(f"{whole}.{cents:0<2}")


def _day(digits):
    try:
        return date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError as error:
        raise broken() from error


def _entry(value):
    found = _ENTRY.match(value)
    if found is None:
        raise broken()
    amount = _amount(found["amount"])
    # RC takes a credit back, RD a debit
    sign = -1 if found["sign"] in {"D", "RC"} else 1
    reference = found["reference"].strip()
    return Entry(
        _booked(_day(found["value"]), found["booked"]),
        sign * amount,
        reference=text("" if reference == "NONREF" else reference, 70),
        bank_id=text(found["bank"], 70),
    )


def _booked(value_on, booked):
    """The day of booking has no year: it is the one nearest to the value date."""
    if not booked:
        return value_on
    near = []
    for year in (value_on.year - 1, value_on.year, value_on.year + 1):
        try:
            near.append(date(year, int(booked[:2]), int(booked[2:])))
        except ValueError:
            continue
    if not near:
        raise broken()
    best = min(near, key=lambda day: abs(day - value_on))
    if abs(best - value_on) > timedelta(days=100):
        raise broken()
    return best


def _described(entry, value):
    plain = value.replace("\n", "")
    if not re.match(r"\d{3}[^0-9A-Za-z\s]", plain):
        return Entry(
            entry.booked_on, entry.amount, purpose=text(value, 500), reference=entry.reference, bank_id=entry.bank_id
        )
    parts: dict[str, list[str]] = {}
    for part in plain[4:].split(plain[3]):
        if re.match(r"\d{2}", part):
            parts.setdefault(part[:2], []).append(part[2:])
    words = ""
    for key in (*(f"{n:02}" for n in range(20, 30)), *(f"{n:02}" for n in range(60, 64))):
        for part in parts.get(key, []):
            words += part if len(part) >= _FULL else f"{part} "
    tags = _tags(words)
    party = "".join([*parts.get("32", []), *parts.get("33", [])])
    return Entry(
        entry.booked_on,
        entry.amount,
        party=text(party or tags.get("ABWA", ""), 140),
        iban=iban("".join(parts.get("31", []))) or iban(tags.get("IBAN", "")),
        purpose=text(tags.get("SVWZ", words) or "".join(parts.get("00", [])), 500),
        reference=text(_given(tags.get("EREF", "")) or entry.reference, 70),
        bank_id=entry.bank_id,
    )


def _tags(words):
    """The SEPA parts of a purpose by name; without any there is nothing."""
    return {tag: value.strip() for tag, value in _parts(_TAG, words)}


def _given(reference):
    return "" if reference == "NOTPROVIDED" else reference

"""camt.053, the XML statement of banks (ISO 20022): versions 2 (until 2025) and 8, and those between.

The reader neither loads nor follows anything outside the file: no DTD, no entities, no network (P64, P65).
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from lxml import etree

from billing.banking.statement import (
    Entry,
    Statement,
    broken,
    decimal,
    iban,
    other_currency,
    refuse,
    several_accounts,
    statement,
    text,
)

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt."
PENDING = {"PDNG", "INFO", "FUTR"}


def read(content: bytes) -> Statement:
    """The bookings of a camt.053 file. Raises Refusal for every other XML, for broken files and files with a DTD."""
    root = _parse(content)
    space = etree.QName(root).namespace or ""
    kind = space.removeprefix(NAMESPACE)[:3] if space.startswith(NAMESPACE) else ""
    if kind in {"052", "054"}:
        raise refuse(
            _("Das ist eine camt.%(kind)s-Datei mit vorläufigen Buchungen. Bitte laden Sie camt.053 herunter.")
            % {"kind": kind}
        )
    if kind != "053":
        raise refuse(_("Das ist kein Kontoauszug. Bitte laden Sie bei der Bank camt.053 herunter."))
    _strip(root)
    parts = root.findall("BkToCstmrStmt/Stmt")
    if not parts:
        raise broken()
    accounts = {_account(part) for part in parts}
    if len(accounts) > 1:
        raise several_accounts()
    entries: list[Entry] = []
    openings, closings, days = [], [], []
    for part in parts:
        opening, closing, balance_days = _balances(part)
        found = list(_entries(part))
        if opening is not None and closing is not None:
            statement(found, opening=opening, closing=closing)
        entries += found
        openings.append(opening)
        closings.append(closing)
        days += balance_days
    days += [entry.booked_on for entry in entries]
    whole = len(parts) == 1
    return statement(
        entries,
        iban=accounts.pop(),
        first_on=min(days, default=None),
        last_on=max(days, default=None),
        opening=openings[0] if whole or None not in openings else None,
        # several statements follow each other; whether they do without a gap is not known, so their sums are not compared
        closing=closings[0] if whole else None,
    )


def _parse(content):
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise broken() from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise refuse(_("DTD ist nicht erlaubt."))
    return root


def _strip(root):
    """Names without their namespace: the versions differ in little else."""
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = etree.QName(element).localname


def _entries(part) -> Iterator[Entry]:
    for entry in part.iterfind("Ntry"):
        status = (entry.findtext("Sts/Cd") or entry.findtext("Sts") or "BOOK").strip()
        if status in PENDING:
            continue
        if status != "BOOK":
            raise broken()
        whole = _single(entry)
        transactions = entry.findall("NtryDtls/TxDtls")
        amounts = [_amount_of(each) for each in transactions]
        sign = 1 if whole.amount >= 0 else -1
        if len(transactions) < 2 or None in amounts or sum(amount for amount in amounts if amount) != abs(whole.amount):
            yield _with_details(whole, transactions)
            continue
        # a collective booking that names its parts
        for number, (each, amount) in enumerate(zip(transactions, amounts, strict=True)):
            single = Entry(whole.booked_on, sign * (amount or Decimal(0)), bank_id=f"{whole.bank_id}/{number}"[:70])
            yield _with_details(single, [each])


def _single(entry):
    amount = _money(entry.find("Amt"), entry.findtext("CdtDbtInd"))
    return Entry(
        _day(entry.find("BookgDt")) or _day(entry.find("ValDt")) or _missing(),
        amount,
        purpose=text(entry.findtext("AddtlNtryInf"), 500),
        bank_id=text(entry.findtext("AcctSvcrRef") or entry.findtext("NtryRef"), 64),
    )


def _with_details(entry, transactions):
    parties, ibans, purposes, references, ids = [], [], [], [], []
    # who paid, or was paid; of money that came back the other side stands where the account's owner would
    sides = ("Dbtr", "Cdtr") if entry.amount >= 0 else ("Cdtr", "Dbtr")
    for each in transactions:
        for side in (f"Ultmt{sides[0]}", *sides):
            name = each.findtext(f"RltdPties/{side}/Nm") or each.findtext(f"RltdPties/{side}/Pty/Nm")
            if name:
                parties.append(name)
                break
        ibans.append(each.findtext(f"RltdPties/{sides[0]}Acct/Id/IBAN"))
        purposes += [line.text or "" for line in each.iterfind("RmtInf/Ustrd")]
        structured = each.findtext("RmtInf/Strd/CdtrRefInf/Ref")
        end_to_end = each.findtext("Refs/EndToEndId")
        references.append(structured or (end_to_end if end_to_end != "NOTPROVIDED" else ""))
        ids.append(each.findtext("Refs/AcctSvcrRef") or each.findtext("Refs/TxId"))
        purposes += [line.text or "" for line in each.iterfind("RmtInf/Strd/AddtlRmtInf")]
    return Entry(
        entry.booked_on,
        entry.amount,
        party=text(parties[0] if parties else "", 140),
        iban=iban(ibans[0]) if ibans else "",
        purpose=text(" ".join(purposes), 500) or entry.purpose,
        reference=text(references[0] if references else "", 70),
        bank_id=entry.bank_id or text(ids[0] if ids else "", 70),
    )


def _amount_of(transaction):
    found = transaction.find("Amt")
    if found is None:
        found = transaction.find("AmtDtls/TxAmt/Amt")
    return None if found is None or found.get("Ccy") != "EUR" else decimal((found.text or "").strip())


def _money(element, direction):
    if element is None or direction not in {"CRDT", "DBIT"}:
        raise broken()
    if element.get("Ccy") != "EUR":
        raise other_currency(element.get("Ccy") or "?")
    amount = decimal((element.text or "").strip())
    if amount < 0:
        raise broken()
    return amount if direction == "CRDT" else -amount


def _balances(part):
    """Opening and closing balance, and the days they are of."""
    found: dict[str, Decimal] = {}
    days: list[date] = []
    for balance in part.iterfind("Bal"):
        code = balance.findtext("Tp/CdOrPrtry/Cd")
        if code in {"OPBD", "PRCD", "CLBD"}:
            found.setdefault(code, _money(balance.find("Amt"), balance.findtext("CdtDbtInd")))
            day = _day(balance.find("Dt"))
            if day and code != "PRCD":
                days.append(day)
    return found.get("OPBD", found.get("PRCD")), found.get("CLBD"), days


def _account(part):
    found = iban(part.findtext("Acct/Id/IBAN"))
    return found or text(part.findtext("Acct/Id/Othr/Id"), 34)


def _day(element) -> date | None:
    if element is None:
        return None
    value = (element.findtext("Dt") or element.findtext("DtTm") or "").strip()
    try:
        return datetime.fromisoformat(value).date() if "T" in value else date.fromisoformat(value[:10])
    except ValueError as error:
        raise broken() from error


def _missing():
    raise broken()

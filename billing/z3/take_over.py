"""Read an export back into a business without books: nothing of it is lost, so it is whole (R58; a system change, R59).

The journal keeps its own hashes; its entries say whose they were (`JournalEntry.origin_business`). People come back as
members who have left: their names stand in the books, nobody can sign in with them.
"""

import csv
import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import IO, Any

from django.db import transaction

from accounts import current
from accounts.models import Business, Member, User
from billing import bank_statements, journal, number_gaps
from billing.documents import model as documents
from billing.models import (
    BankEntry,
    BankStatement,
    DeliveryNote,
    DunningItem,
    DunningLetter,
    EinvoiceCheck,
    IncomingInvoice,
    Invoice,
    InvoiceAttachment,
    JournalEntry,
    Order,
    Payment,
    PeriodLock,
)
from billing.z3 import tables as t
from billing.z3.contents import BUSINESS_FIELDS, CUSTOMER_FIELDS, PORTION
from crm import files
from crm.models import Customer, NumberRange
from crm.numbering import FIRST_CUSTOMER

LONGEST_VALUE = 64 * 1024 * 1024  # characters in one value of a table
BOOKS: tuple[Any, ...] = (
    Customer, Order, Invoice, Payment, JournalEntry, IncomingInvoice, PeriodLock, BankStatement, DunningLetter, DeliveryNote,
)  # fmt: skip


class NotBlank(ValueError):
    """The business has books of its own."""


@transaction.atomic
def read(source: IO[bytes]) -> dict[str, int]:
    """Take the whole export over into the current business; how many rows of each table.

    Raises NotBlank for a business with books, ValueError for an archive that is not whole or was changed.
    """
    if any(model.objects.exists() for model in BOOKS):
        raise NotBlank("This business has books already: read the export into a new one.")
    csv.field_size_limit(LONGEST_VALUE)
    with zipfile.ZipFile(source) as archive:
        _check(archive)
        reading = _Reading(archive)
        _business(reading)
        members = _members(reading)
        customers = _customers(reading)
        orders = _orders(reading, customers)
        invoices = _invoices(reading, members, customers, orders)
        _attachments(reading, invoices)
        _checks(reading, invoices)
        entries = _entries(reading, _statements(reading, members))
        _payments(reading, invoices, members, entries)
        _reminded(reading, _letters(reading, members, customers), invoices)
        _notes(reading, members, orders)
        _incoming(reading, members)
        _journal(reading, members)
        _series(reading)
        _locks(reading, members)
        reading.count(t.LINES, t.TAXES, t.DEDUCTIONS, t.BUYERS, t.GAPS)
    if broken := journal.first_broken():
        raise ValueError(f"Journal entry {broken.sequence} does not hold.")
    return {table.file: reading.counts[table] for table in t.TABLES}


class _Reading:
    """An archive whose tables are read row by row, and how many rows each had."""

    def __init__(self, archive: zipfile.ZipFile):
        self.archive, self.counts = archive, dict.fromkeys(t.TABLES, 0)
        self.folder = current.business().pk

    def rows(self, table: t.Table) -> Iterator[dict]:
        with self.archive.open(table.file) as file:
            for row in t.rows(table, file):
                self.counts[table] += 1
                yield row

    def count(self, *tables: t.Table) -> None:
        """Walk through tables whose rows say again what stands in the documents."""
        for table in tables:
            for _row in self.rows(table):
                pass

    def document(self, row: dict, name: str) -> tuple[str, Any]:
        """(text, document) of a row. Raises ValueError when it is not what the row says it is."""
        text = self.text(row)
        document = documents.from_json(text)
        if "Prüfsumme Beleg" in row and documents.content_hash(document) != row["Prüfsumme Beleg"]:
            raise ValueError(f"{name}: the document does not match its hash.")
        return text, document

    def text(self, row: dict) -> str:
        return self.archive.read(row["Datei Beleg"]).decode()

    def original(self, row: dict, path: str) -> str:
        """Store the file of a row as it came. Raises ValueError when it is another one."""
        stored, digest = files.store(path, self.archive.read(row["Datei"]))
        if digest != row["Prüfsumme"]:
            raise ValueError(f"{row['Name']} was changed.")
        return stored

    def kept(self, row: dict, path: str, endings=("pdf",)) -> dict[str, str]:
        """The files of a row, stored: {field: value}."""
        found: dict[str, str] = {}
        for ending in endings:
            if named := row[f"Datei {ending.upper()}"]:
                content = self.archive.read(named)
                found[ending], found[f"{ending}_sha256"] = files.store(f"{path}.{ending}", content)
        return found


def _check(archive):
    """Every file as its checksum says, and none beside."""
    lines = archive.read("SHA256SUMS").decode().splitlines()
    sums = dict(reversed(line.split("  ", 1)) for line in lines)
    if set(archive.namelist()) - {"SHA256SUMS"} != set(sums):
        raise ValueError("The archive holds other files than SHA256SUMS names.")
    for name, wanted in sums.items():
        digest = hashlib.sha256()
        with archive.open(name) as file:
            while portion := file.read(1 << 20):
                digest.update(portion)
        if digest.hexdigest() != wanted:
            raise ValueError(f"{name} was changed.")


def _business(reading):
    (row,) = reading.rows(t.BUSINESS)
    # no save(): these data are not changed, the journal that is read tells of them
    Business.objects.filter(pk=current.business().pk).update(**_fields(row, t.BUSINESS, BUSINESS_FIELDS))


def _fields(row, table, names) -> dict[str, Any]:
    return {field: row[column.name] for field, column in zip(names, table.columns, strict=True)}


def _members(reading) -> dict[str, Member | None]:
    business = current.business()
    found: dict[str, Member | None] = {"": None}
    for row in reading.rows(t.USERS):
        user, is_new = User.objects.get_or_create(email=row["Benutzer"], defaults={"name": row["Name"]})
        if is_new:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        years = {"audits_from": row["Prüfungsjahre von"], "audits_until": row["Prüfungsjahre bis"]}
        found[row["Benutzer"]], _created = Member.objects.get_or_create(
            business=business, user=user, defaults={"role": row["Rolle"], "is_active": False, **years}
        )
    return found


def _customers(reading) -> dict[int, int]:
    found: dict[int, int] = {}
    for row in reading.rows(t.CUSTOMERS):
        customer = Customer(is_prospect=False, **_fields(row, t.CUSTOMERS, CUSTOMER_FIELDS))
        customer.number = int(customer.number)
        customer.save()
        found[customer.number] = customer.pk
    if found:
        last = max(max(found) - FIRST_CUSTOMER + 1, 0)
        NumberRange.objects.create(kind=NumberRange.Kind.CUSTOMER, year=0, last=last)
    return found


def _orders(reading, customers) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in reading.rows(t.ORDERS):
        number = row["Auftragsnummer"]
        text = reading.document(row, number)[0] if row["Datei Beleg"] else ""
        order = Order(
            number=number, state=row["Stand"], title=row["Titel"], customer_id=customers[int(row["Kundennummer"])],
            mode=row["Preise"], discount_percent=row["Rabatt Prozent"], gross=row["Brutto"],
            buyer_reference=row["Bestellnummer"], planned_on=row["Geplant am"], completed_on=row["Fertig am"],
            placed_at=_moment(row["Beauftragt um"]), changed_at=_moment(row["Geändert um"]), document=text,
            **reading.kept(row, f"orders/{reading.folder}/{number}"),
        )  # fmt: skip
        found[number] = _stored(order).pk
    _go_on(NumberRange.Kind.ORDER, found)
    return found


def _invoices(reading, members, customers, orders) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in reading.rows(t.INVOICES):
        number = row["Rechnungsnummer"]
        text, document = reading.document(row, number)
        invoice = Invoice(
            customer_id=customers[int(row["Kundennummer"])], order_id=orders.get(row["Auftragsnummer"]), kind=row["Art"],
            state=row["Stand"], number=number, cancels_id=found.get(row["Storniert Rechnung"]),
            corrects_id=found.get(row["Berichtigt Rechnung"]), title=row["Betreff"], intro=document.intro,
            mode=document.mode, discount_percent=document.discount_percent, service_from=row["Leistung von"],
            service_until=row["Leistung bis"], payment_days=row["Zahlungsziel Tage"],
            buyer_reference=document.buyer_reference[:80], is_construction=row["Bauleistung"] == "ja",
            tax_case=row["Steuerfall"], tax_decision=row["Steuerentscheidung"], skonto_percent=row["Skonto Prozent"],
            skonto_days=row["Skonto Tage"], retention_percent=row["Einbehalt Prozent"] or Decimal(0),
            retention_until=row["Einbehalt fällig am"], reason=row["Grund"], issued_on=row["Rechnungsdatum"],
            issued_at=_perhaps(row["Festgeschrieben um"]), issued_by=members[row["Benutzer"]], due_on=row["Fällig am"],
            net=row["Netto"], tax=row["Steuer"], gross=row["Brutto"], paid=row["Bezahlt"], paid_on=row["Bezahlt am"],
            document=text, document_hash=row["Prüfsumme Beleg"], sent_at=_perhaps(row["Gesendet um"]),
            **reading.kept(row, f"invoices/{reading.folder}/{number}", ("pdf", "xml")),
        )  # fmt: skip
        invoice.save()
        found[number] = invoice.pk
    return found


def _attachments(reading, invoices):
    for row in reading.rows(t.ATTACHMENTS):
        sort = int(row["Schlüssel"].rpartition("/")[2])
        ending = row["Datei"].rpartition(".")[2][:8]
        stored, digest = files.store(
            f"invoices/{reading.folder}/anlagen/{sort}.{ending}", reading.archive.read(row["Datei"])
        )
        if digest != row["Prüfsumme"]:
            raise ValueError(f"{row['Dateiname']} was changed.")
        InvoiceAttachment.objects.create(
            invoice_id=invoices[row["Rechnungsnummer"]], sort=sort, name=row["Dateiname"],
            description=row["Bezeichnung"], content_type=row["Format"], size=int(row["Größe"]), stored=stored,
            sha256=digest, is_payment_list=row["Liste der Abschläge"] == "ja", is_frozen=True,
        )  # fmt: skip


def _checks(reading, invoices):
    for row in reading.rows(t.CHECKS):
        _stored(
            EinvoiceCheck(
                invoice_id=invoices[row["Rechnungsnummer"]], is_valid=row["Fehlerfrei"] == "ja",
                xml_sha256=row["Prüfsumme XML"], report=row["Bericht"], report_sha256=row["Prüfsumme Bericht"],
                created_at=_moment(row["Geprüft um"]),
            )
        )  # fmt: skip


def _statements(reading, members) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in reading.rows(t.STATEMENTS):
        stored = ""
        if row["Datei"]:
            path = f"bank/{reading.folder}/kontoauszug.{bank_statements.ENDINGS[row['Format']]}"
            stored = reading.original(row, path)
        statement = BankStatement(
            name=row["Name"], format=row["Format"], sha256=row["Prüfsumme"], file=stored, iban=row["Konto"],
            entry_count=row["Anzahl Buchungen"], matched_at=_perhaps(row["Abgeglichen um"]), first_on=row["Von"],
            last_on=row["Bis"], opening=row["Anfangssaldo"], closing=row["Endsaldo"], by=members[row["Benutzer"]],
            created_at=_moment(row["Eingelesen um"]),
        )  # fmt: skip
        found[row["Prüfsumme"]] = _stored(statement).pk
    return found


def _entries(reading, statements) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in reading.rows(t.ENTRIES):
        entry = BankEntry(
            statement_id=statements[row["Kontoauszug"]], booked_on=row["Gebucht am"], amount=row["Betrag"],
            party=row["Auftraggeber"], iban=row["IBAN"], purpose=row["Verwendungszweck"], reference=row["Referenz"],
            fingerprint=row["Schlüssel"], state=row["Stand"],
        )  # fmt: skip
        found[row["Schlüssel"]] = _stored(entry).pk
    return found


def _payments(reading, invoices, members, entries):
    found: dict[str, int] = {}
    for row in reading.rows(t.PAYMENTS):
        payment = Payment(
            invoice_id=invoices[row["Rechnungsnummer"]], amount=row["Betrag"], interest=row["Zinsen"],
            costs=row["Kosten"], received_on=row["Eingegangen am"], method=row["Zahlungsart"], note=row["Notiz"],
            reverses_id=found.get(row["Nimmt zurück"]), entry_id=entries.get(row["Kontobuchung"]),
            by=members[row["Benutzer"]], created_at=_moment(row["Gebucht um"]),
        )  # fmt: skip
        found[row["Schlüssel"]] = _stored(payment).pk


def _letters(reading, members, customers) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in reading.rows(t.LETTERS):
        text = reading.text(row)
        if hashlib.sha256(text.encode()).hexdigest() != row["Prüfsumme Beleg"]:
            raise ValueError(f"{row['Datei Beleg']}: the letter does not match its hash.")
        letter = DunningLetter(
            customer_id=customers[int(row["Kundennummer"])], level=row["Stufe"], issued_on=row["Datum"],
            pay_until=row["Zahlbar bis"], total=row["Gesamt"], content=text, content_hash=row["Prüfsumme Beleg"],
            send_to=row["Gesendet an"], sent_at=_perhaps(row["Gesendet um"]), by=members[row["Benutzer"]],
            created_at=_moment(row["Geschrieben um"]),
            **reading.kept(row, f"dunning/{reading.folder}/{row['Schlüssel'].replace('/', '-')}"),
        )  # fmt: skip
        found[row["Schlüssel"]] = _stored(letter).pk
    return found


def _reminded(reading, letters, invoices):
    for row in reading.rows(t.REMINDED):
        _stored(
            DunningItem(
                letter_id=letters[row["Mahnung"]], invoice_id=invoices[row["Rechnungsnummer"]],
                principal=row["Hauptforderung"], interest=row["Zinsen"], lump_sum=row["Pauschale"], costs=row["Kosten"],
            )
        )  # fmt: skip


def _notes(reading, members, orders):
    numbers = []
    for row in reading.rows(t.NOTES):
        number = row["Lieferscheinnummer"]
        _stored(
            DeliveryNote(
                order_id=orders[row["Auftragsnummer"]], number=number, delivered_on=row["Geliefert am"],
                received_by=row["Angenommen von"], signature=row["Unterschrift"],
                document=reading.document(row, number)[0], document_hash=row["Prüfsumme Beleg"],
                by=members[row["Benutzer"]], created_at=_moment(row["Geschrieben um"]),
                **reading.kept(row, f"delivery_notes/{reading.folder}/{number}"),
            )
        )  # fmt: skip
        numbers.append(number)
    _go_on(NumberRange.Kind.DELIVERY, numbers)


def _incoming(reading, members):
    for row in reading.rows(t.INCOMING):
        name = row["Name"]
        ending = name.rpartition(".")[2][:8] if "." in name else "bin"
        _stored(
            IncomingInvoice(
                name=name, file=reading.original(row, f"incoming/{reading.folder}/{row['Prüfsumme'][:16]}.{ending}"),
                sha256=row["Prüfsumme"], syntax=row["Format"], source=row["Weg"], seller=row["Lieferant"],
                number=row["Rechnungsnummer"], issued_on=row["Rechnungsdatum"], due_on=row["Fällig am"],
                net=row["Netto"], tax=row["Steuer"], gross=row["Brutto"], report=row["Prüfbericht"], state=row["Stand"],
                note=row["Notiz"], by=members[row["Benutzer"]], created_at=_moment(row["Eingegangen um"]),
            )
        )  # fmt: skip


def _journal(reading, members):
    entries = (
        JournalEntry(
            sequence=row["Nummer"], event=row["Ereignis"], subject=row["Gegenstand"], number=row["Belegnummer"],
            by=members[row["Benutzer"]], at=_moment(row["Zeitpunkt"]), content_hash=row["Prüfsumme Inhalt"],
            facts=row["Angaben"], origin_business=int(row["Betrieb-ID"]), origin_by=_whole(row["Benutzer-ID"]),
            previous_hash=row["Prüfsumme davor"], entry_hash=row["Prüfsumme"],
        )
        for row in reading.rows(t.JOURNAL)
    )  # fmt: skip
    while portion := list(islice(entries, PORTION)):
        JournalEntry.objects.bulk_create(portion)


def _series(reading):
    for row in reading.rows(t.SERIES):
        NumberRange.objects.create(
            kind=NumberRange.Kind.INVOICE, year=row["Jahr"], prefix=row["Anfang"], last=row["Zuletzt vergeben"]
        )


def _go_on(kind, numbers: Iterable[str]):
    """Numbers that are taken after this follow those that were read."""
    last: dict[int, int] = {}
    for number in numbers:
        if match := number_gaps.COUNTED.search(number):
            year, count = int(match[1]), int(match[2])
            last[year] = max(last.get(year, 0), count)
    for year, count in last.items():
        NumberRange.objects.create(kind=kind, year=year, last=count)


def _locks(reading, members):
    for row in reading.rows(t.LOCKS):
        _stored(
            PeriodLock(
                until=row["Abgeschlossen bis"], by=members[row["Benutzer"]], created_at=_moment(row["Abgeschlossen um"])
            )
        )  # fmt: skip


def _stored(row: Any) -> Any:
    """Insert a row as it is, its instants too: an ordinary save says that it was made now."""
    row.claim()
    row.save_base(raw=True, force_insert=True)
    return row


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _perhaps(text: str) -> datetime | None:
    return _moment(text) if text else None


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)

"""Read an export back into a business without books: nothing of it is lost, so it is whole (R58; a system change, R59).

The journal keeps its own hashes; its entries say whose they were (`JournalEntry.origin_business`). People come back as
members who have left: their names stand in the books, nobody can sign in with them.
"""

import csv
import hashlib
import zipfile
from datetime import datetime
from decimal import Decimal
from typing import IO, Any

from django.db import transaction

from accounts import current
from accounts.models import Business, Member, User
from billing import journal
from billing.documents import model as documents
from billing.models import IncomingInvoice, Invoice, JournalEntry, Payment, PeriodLock
from billing.z3 import tables as t
from billing.z3.export import BUSINESS_FIELDS
from crm import files
from crm.models import Customer, NumberRange
from crm.numbering import FIRST_CUSTOMER

LONGEST_VALUE = 64 * 1024 * 1024  # characters in one value of a table


class NotBlank(ValueError):
    """The business has books of its own."""


@transaction.atomic
def read(source: IO[bytes]) -> dict[str, int]:
    """Take the whole export over into the current business; how many rows of each table.

    Raises NotBlank for a business with books, ValueError for an archive that is not whole or was changed.
    """
    if any(model.objects.exists() for model in (Customer, Invoice, Payment, JournalEntry, IncomingInvoice, PeriodLock)):
        raise NotBlank("This business has books already: read the export into a new one.")
    csv.field_size_limit(LONGEST_VALUE)
    with zipfile.ZipFile(source) as archive:
        _check(archive)
        found = {table: list(t.rows(table, archive.read(table.file))) for table in t.TABLES}
        _business(found[t.BUSINESS])
        members = _members(found[t.USERS])
        customers = _customers(found[t.BUYERS])
        invoices = _invoices(found[t.INVOICES], archive, members, customers)
        _payments(found[t.PAYMENTS], invoices, members)
        _incoming(found[t.INCOMING], archive, members)
        _journal(found[t.JOURNAL], members)
        _series(found[t.SERIES])
        _locks(found[t.LOCKS], members)
    if broken := journal.first_broken():
        raise ValueError(f"Journal entry {broken.sequence} does not hold.")
    return {table.file: len(rows) for table, rows in found.items()}


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


def _business(rows):
    (row,) = rows
    names = [column.name for column in t.BUSINESS.columns]
    values = {field: row[name] for field, name in zip(BUSINESS_FIELDS, names, strict=True)}
    # no save(): these data are not changed, the journal that is read tells of them
    Business.objects.filter(pk=current.business().pk).update(**values)


def _members(rows) -> dict[str, Member | None]:
    business = current.business()
    found: dict[str, Member | None] = {"": None}
    for row in rows:
        user, is_new = User.objects.get_or_create(email=row["Benutzer"], defaults={"name": row["Name"]})
        if is_new:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        years = {"audits_from": row["Prüfungsjahre von"], "audits_until": row["Prüfungsjahre bis"]}
        found[row["Benutzer"]], _created = Member.objects.get_or_create(
            business=business, user=user, defaults={"role": row["Rolle"], "is_active": False, **years}
        )
    return found


def _customers(rows) -> dict[str, Customer]:
    """One contact for each customer number, as its last document names it."""
    found: dict[str, Customer] = {}
    for row in rows:
        is_consumer = row["Art"] == "consumer"
        person = row["Name"] if is_consumer else row["Ansprechpartner"]
        first, _space, last = person.rpartition(" ")
        found[row["Kundennummer"]] = Customer(
            number=int(row["Kundennummer"]), kind=row["Art"], company_name="" if is_consumer else row["Name"],
            first_name=first[:80], last_name=last[:80], street=row["Straße"], postcode=row["PLZ"], city=row["Ort"],
            country=row["Land"], vat_id=row["USt-IdNr"], registration_number=row["Registernummer"],
            leitweg_id=row["Leitweg-ID"], is_prospect=False,
        )  # fmt: skip
    for customer in found.values():
        customer.save()
    if found:
        last = max(customer.number for customer in found.values()) - FIRST_CUSTOMER + 1
        NumberRange.objects.create(kind=NumberRange.Kind.CUSTOMER, year=0, last=max(last, 0))
    return found


def _invoices(rows, archive, members, customers) -> dict[str, Invoice]:
    found: dict[str, Invoice] = {}
    folder = f"invoices/{current.business().pk}"
    for row in rows:
        number, text = row["Rechnungsnummer"], archive.read(row["Datei Beleg"]).decode()
        document = documents.from_json(text)
        if documents.content_hash(document) != row["Prüfsumme Beleg"]:
            raise ValueError(f"{number}: the document does not match its hash.")
        kept: dict[str, str] = {}
        for ending, name in (("pdf", "PDF"), ("xml", "XML")):
            if row[f"Datei {name}"]:
                content = archive.read(row[f"Datei {name}"])
                kept[ending], kept[f"{ending}_sha256"] = files.store(f"{folder}/{number}.{ending}", content)
        retention = row["Einbehalt Prozent"] or Decimal(0)
        found[number] = Invoice(
            customer=customers[document.buyer.customer_number], kind=row["Art"], state=row["Stand"], number=number,
            cancels=found.get(row["Storniert Rechnung"]), corrects=found.get(row["Berichtigt Rechnung"]),
            title=row["Betreff"], intro=document.intro, mode=document.mode, discount_percent=document.discount_percent,
            service_from=row["Leistung von"], service_until=row["Leistung bis"], payment_days=row["Zahlungsziel Tage"],
            buyer_reference=document.buyer_reference[:80], is_construction=row["Bauleistung"] == "ja",
            tax_case=row["Steuerfall"], tax_decision=row["Steuerentscheidung"], skonto_percent=row["Skonto Prozent"],
            skonto_days=row["Skonto Tage"], retention_percent=retention, retention_until=row["Einbehalt fällig am"],
            reason=row["Grund"], issued_on=row["Rechnungsdatum"], issued_at=_moment(row["Festgeschrieben um"]),
            issued_by=members[row["Benutzer"]], due_on=row["Fällig am"], net=row["Netto"], tax=row["Steuer"],
            gross=row["Brutto"], paid=row["Bezahlt"], paid_on=row["Bezahlt am"], document=text,
            document_hash=row["Prüfsumme Beleg"], sent_at=_moment(row["Gesendet um"]) if row["Gesendet um"] else None, **kept,
        )  # fmt: skip
        found[number].save()
    return found


def _payments(rows, invoices, members):
    found: dict[str, Payment] = {}
    for row in rows:
        found[row["Schlüssel"]] = _stored(
            Payment(
                invoice=invoices[row["Rechnungsnummer"]], amount=row["Betrag"], interest=row["Zinsen"],
                costs=row["Kosten"], received_on=row["Eingegangen am"], method=row["Zahlungsart"], note=row["Notiz"],
                reverses=found.get(row["Nimmt zurück"]), by=members[row["Benutzer"]],
                created_at=_moment(row["Gebucht um"]),
            )
        )  # fmt: skip


def _incoming(rows, archive, members):
    for row in rows:
        name = row["Name"]
        ending = name.rpartition(".")[2][:8] if "." in name else "bin"
        stored, digest = files.store(
            f"incoming/{current.business().pk}/{row['Prüfsumme'][:16]}.{ending}", archive.read(row["Datei"])
        )
        if digest != row["Prüfsumme"]:
            raise ValueError(f"{name} was changed.")
        _stored(
            IncomingInvoice(
                name=name, file=stored, sha256=digest, syntax=row["Format"], source=row["Weg"], seller=row["Lieferant"],
                number=row["Rechnungsnummer"], issued_on=row["Rechnungsdatum"], due_on=row["Fällig am"],
                net=row["Netto"], tax=row["Steuer"], gross=row["Brutto"], report=row["Prüfbericht"], state=row["Stand"],
                note=row["Notiz"], by=members[row["Benutzer"]], created_at=_moment(row["Eingegangen um"]),
            )
        )  # fmt: skip


def _journal(rows, members):
    JournalEntry.objects.bulk_create(
        [
            JournalEntry(
                sequence=row["Nummer"], event=row["Ereignis"], subject=row["Gegenstand"], number=row["Belegnummer"],
                by=members[row["Benutzer"]], at=_moment(row["Zeitpunkt"]), content_hash=row["Prüfsumme Inhalt"],
                facts=row["Angaben"], origin_business=int(row["Betrieb-ID"]), origin_by=_whole(row["Benutzer-ID"]),
                previous_hash=row["Prüfsumme davor"], entry_hash=row["Prüfsumme"],
            )
            for row in rows
        ],
        batch_size=500,
    )  # fmt: skip


def _series(rows):
    for row in rows:
        NumberRange.objects.create(
            kind=NumberRange.Kind.INVOICE, year=row["Jahr"], prefix=row["Anfang"], last=row["Zuletzt vergeben"]
        )


def _locks(rows, members):
    for row in rows:
        _stored(
            PeriodLock(
                until=row["Abgeschlossen bis"],
                by=members[row["Benutzer"]],
                created_at=_moment(row["Abgeschlossen um"]),
            )
        )


def _stored(row: Any) -> Any:
    """Insert a row as it is, its instants too: an ordinary save says that it was made now."""
    row.claim()
    row.save_base(raw=True, force_insert=True)
    return row


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)

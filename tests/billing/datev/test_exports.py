"""Handing a month over: once, whole, and again only as a marked correction (R119)."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.files.storage import default_storage
from lxml import etree

from accounts import current
from accounts.refusals import Refusal
from billing import corrections, invoices, payments, rendering, tasks, vat_returns
from billing.datev import archive, checks, exports, package
from billing.models import DatevAccount, DatevExport, DatevItem, Invoice, JournalEntry
from crm import files
from tests import make

NOVEMBER = date(2026, 11, 1)
D = Decimal


@pytest.fixture
def adviser(business):
    """A business whose adviser has given his numbers."""
    business.datev_consultant, business.datev_client = 29098, 55003
    business.save(update_fields=["datev_consultant", "datev_client"])
    return business


@pytest.fixture
def in_november(adviser):
    with time_machine.travel("2026-11-20 10:00:00+01:00", tick=False) as clock:
        yield clock


def bill(owner, customer=None, *, lines=None, **fields) -> Invoice:
    """An issued invoice of 100.00 + 19.00 unless told otherwise."""
    fields = {"service_from": date(2026, 11, 18), "title": "Fassade", **fields}
    draft = invoices.create(customer or make.make_customer(), by=owner, lines=lines or [make.line()], **fields)
    return invoices.issue(draft, by=owner)


def hand_over(clock, owner, day="2026-12-03", **changes) -> DatevExport:
    clock.move_to(f"{day} 10:00:00+01:00")
    return exports.ask(NOVEMBER, by=owner, **changes)


def opened(export) -> zipfile.ZipFile:
    package.make(export)
    export.refresh_from_db()
    return zipfile.ZipFile(io.BytesIO(files.read(export.file)))


def table(archive_, start):
    name = next(each for each in archive_.namelist() if each.startswith(start))
    return list(csv.DictReader(io.StringIO(archive_.read(name).decode("utf-8-sig")), delimiter=";"))


def stack_of(archive_):
    return checks.read(archive_.read("EXTF_Buchungsstapel_2026-11.csv")).values()


def test_a_month_goes_out_with_all_an_adviser_expects(in_november, owner):
    invoice = bill(owner)
    payments.record(invoice, amount=D("119.00"), received_on=date(2026, 11, 20), by=owner)
    found = opened(hand_over(in_november, owner))
    assert sorted(found.namelist()) == [
        "Aenderungen_2026-11.csv", "Belege_2026-11.zip", "EXTF_Buchungsstapel_2026-11.csv", "EXTF_Debitoren_2026-11.csv",
        "Lies-mich.txt", "Offene-Posten_2026-11-30.csv", "Rechnungsnummern_2026.csv", "Umsatzsteuer_2026-11.csv",
    ]  # fmt: skip
    debitor = str(invoice.customer.number)
    rows = stack_of(found)
    assert [row[:2] + row[6:11] for row in rows] == [
        ["119,00", "S", debitor, "8400", "", "2011", invoice.number],
        ["119,00", "H", debitor, "1200", "", "2011", invoice.number],
    ]
    people = checks.read(found.read("EXTF_Debitoren_2026-11.csv")).values()
    assert [(row[0], row[3], row[4]) for row in people] == [(debitor, "Brandt", "Sabine")]
    for name in ("EXTF_Buchungsstapel_2026-11.csv", "EXTF_Debitoren_2026-11.csv"):
        assert checks.findings(found.read(name)) == []
    assert [(row["Jahr"], row["Grund"]) for row in table(found, "Rechnungsnummern")] == [("2026", "keine Lücke")]
    changes = [row["Ereignis"] for row in table(found, "Aenderungen")]
    assert changes == ["Stammdaten geändert", "Rechnung gestellt", "Zahlung gebucht"]
    assert table(found, "Offene-Posten") == []


def test_papers_are_the_stored_bytes_and_found_by_the_guid_of_the_booking(in_november, owner):
    invoice = bill(owner)
    invoices.deliver(invoice)
    invoice.refresh_from_db()
    found = opened(hand_over(in_november, owner))
    papers = zipfile.ZipFile(io.BytesIO(found.read("Belege_2026-11.zip")))
    assert papers.read(f"{invoice.number}.pdf") == files.read(invoice.pdf)
    assert papers.read(f"{invoice.number}.xml") == files.read(invoice.xml)
    root = etree.fromstring(papers.read("document.xml"))
    space = {"d": archive.NAMESPACE}
    (document,) = root.findall("d:content/d:document", space)
    assert (root.get("version"), document.get("type"), document.get("processID")) == ("6.0", "2", "1")
    assert [each.get("name") for each in document.findall("d:extension", space)] == [
        f"{invoice.number}.pdf",
        f"{invoice.number}.xml",
    ]
    assert stack_of(found)[0][19] == f'BEDI "{document.get("guid")}"'


def test_nothing_is_handed_over_twice(in_november, owner):
    bill(owner)
    hand_over(in_november, owner)
    with pytest.raises(Refusal, match="schon ganz übergeben"):
        exports.ask(NOVEMBER, by=owner)
    assert DatevItem.objects.count() == 1


def test_what_was_booked_late_follows_alone(in_november, owner):
    invoice = bill(owner)
    hand_over(in_november, owner)
    late = payments.record(invoice, amount=D("119.00"), received_on=date(2026, 11, 30), by=owner)
    second = exports.ask(NOVEMBER, by=owner)
    assert list(second.items.values_list("invoice", "payment")) == [(None, late.pk)]
    assert second.bookings == 1


def test_again_it_goes_out_whole_and_marked_as_a_correction(in_november, owner):
    invoice = bill(owner)
    hand_over(in_november, owner)
    late = payments.record(invoice, amount=D("119.00"), received_on=date(2026, 11, 30), by=owner)
    again = exports.ask(NOVEMBER, by=owner, is_correction=True)
    assert sorted(again.items.values_list("invoice", "payment", "is_correction"), key=str) == sorted(
        [(invoice.pk, None, True), (None, late.pk, False)], key=str
    )
    found = opened(again)
    assert found.read("EXTF_Buchungsstapel_2026-11.csv").split(b";")[16] == b'"KORREKTUR 2026-11"'
    assert "KORREKTUR" in found.read("Lies-mich.txt").decode()
    # the late payment is handed over with it
    with pytest.raises(Refusal, match="schon ganz übergeben"):
        exports.ask(NOVEMBER, by=owner)


def test_changes_are_those_since_the_package_before(in_november, owner):
    invoice = bill(owner)
    hand_over(in_november, owner)
    in_november.move_to("2026-12-04 10:00:00+01:00")
    invoices.cancel(invoice, by=owner, reason="Falscher Betrag")
    in_november.move_to("2027-01-03 10:00:00+01:00")
    found = opened(exports.ask(date(2026, 12, 1), by=owner))
    told = [(row["Ereignis"], row["Angaben"]) for row in table(found, "Aenderungen")]
    assert told[-1] == ("Rechnung storniert", f"cancels: {invoice.number}")
    assert "Rechnung gestellt" not in [event for event, _facts in told]


def test_the_journal_names_each_export(in_november, owner):
    bill(owner)
    export = hand_over(in_november, owner)
    entry = JournalEntry.objects.get(event="billing.datev_exported")
    assert entry.subject == f"billing.DatevExport {export.pk}"


@pytest.mark.parametrize("name", ["datev_consultant", "datev_client"])
def test_without_the_advisers_numbers_nothing_goes_out(name, in_november, adviser, owner):
    bill(owner)
    setattr(adviser, name, None)
    adviser.save(update_fields=[name])
    with pytest.raises(Refusal, match="Bitte tragen Sie zuerst") as refused:
        hand_over(in_november, owner)
    assert refused.value.field == name


def test_a_month_that_is_not_over_waits(in_november, owner):
    bill(owner)
    with pytest.raises(Refusal, match="noch nicht vorbei"):
        exports.ask(NOVEMBER, by=owner)


def test_a_month_without_anything_is_refused(in_november, owner):
    with pytest.raises(Refusal, match="keine Belege und keine Zahlungen"):
        hand_over(in_november, owner)


def test_a_case_without_an_account_is_refused_by_the_name_of_the_invoice_and_nothing_is_kept(in_november, owner):
    sixteen = [make.line(vat_rate=D(16), vat_category="S")]
    invoice = bill(owner, lines=sixteen, service_from=date(2020, 11, 18))
    with pytest.raises(Refusal) as refused:
        hand_over(in_november, owner)
    assert refused.value.message == (
        f"Für Erlöse 16 % (Rechnung {invoice.number}) ist kein Konto hinterlegt. Bitte tragen Sie es bei den Konten ein."
    )
    assert not DatevExport.objects.exists()
    DatevAccount.objects.create(key="revenue:16", account=8340, valid_from=date(2020, 7, 1))
    found = opened(exports.ask(NOVEMBER, by=owner))
    assert [row[7] for row in stack_of(found)] == ["8340"]


def test_accounts_the_business_set_and_its_chart_are_used(in_november, adviser, owner):
    adviser.datev_chart, adviser.datev_account_length, adviser.fiscal_year_month = "skr04", 5, 7
    adviser.save()
    DatevAccount.objects.create(key="bank", account=18010, valid_from=date(2026, 1, 1))
    invoice = bill(owner)
    payments.record(invoice, amount=D("119.00"), received_on=date(2026, 11, 20), by=owner)
    found = opened(hand_over(in_november, owner))
    assert [(row[6], row[7]) for row in stack_of(found)] == [
        (f"{invoice.customer.number}0", "44000"),
        (f"{invoice.customer.number}0", "18010"),
    ]
    header = checks.read(found.read("EXTF_Buchungsstapel_2026-11.csv")).header
    assert [header[place].value for place in (12, 13, 26)] == ["20260701", "5", "04"]
    assert checks.findings(found.read("EXTF_Buchungsstapel_2026-11.csv")) == []


def test_names_that_windows_1252_has_not_got_are_told(in_november, owner):
    bill(owner, make.make_customer("Yıldız"))
    found = opened(hand_over(in_november, owner))
    assert "  Yıldız -> Yildiz\r\n" in found.read("Lies-mich.txt").decode()


def test_an_export_of_another_business_holds_nothing_of_this_one(in_november, owner):
    bill(owner)
    other = make.make_business("Malerei Schulz", datev_consultant=1001, datev_client=1)
    with current.working_for(other):
        in_november.move_to("2026-12-03 10:00:00+01:00")
        with pytest.raises(Refusal, match="keine Belege"):
            exports.ask(NOVEMBER, by=None)


def test_the_task_writes_the_file_once_whatever_wakes_it(in_november, owner, woken):
    bill(owner)
    export = hand_over(in_november, owner)
    assert exports.waiting() == [export.pk]
    tasks.export_for_datev(export.pk)
    export.refresh_from_db()
    first = export.file
    tasks.export_for_datev(export.pk)
    tasks.export_what_waits()
    export.refresh_from_db()
    assert (export.file, exports.waiting()) == (first, [])


def test_asking_wakes_the_task(in_november, owner, woken, django_capture_on_commit_callbacks):
    bill(owner)
    with django_capture_on_commit_callbacks(execute=True):
        export = hand_over(in_november, owner)
    assert ("billing.tasks.export_for_datev", export.pk) in woken


def test_months_say_what_waits(in_november, owner):
    invoice = bill(owner)
    assert exports.months(on=date(2026, 11, 30)) == []
    assert exports.months(on=date(2026, 12, 1)) == [exports.Month(NOVEMBER, 1, 1)]
    hand_over(in_november, owner)
    payments.record(invoice, amount=D("119.00"), received_on=date(2026, 11, 30), by=owner)
    assert exports.months(on=date(2026, 12, 3)) == [exports.Month(NOVEMBER, 1, 2)]


@pytest.mark.parametrize("count", [1, 3])
def test_asking_costs_the_same_for_any_number_of_invoices(count, in_november, owner, django_assert_max_num_queries):
    for _ in range(count):
        payments.record(bill(owner), amount=D("119.00"), received_on=date(2026, 11, 20), by=owner)
    in_november.move_to("2026-12-03 10:00:00+01:00")
    with django_assert_max_num_queries(34):
        exports.ask(NOVEMBER, by=owner)


def test_a_reduction_and_a_cancellation_close_the_item_of_their_invoice(in_november, owner):
    reduced, cancelled = bill(owner), bill(owner)
    corrections.reduce(reduced, amount=D("11.90"), reason="Kratzer", by=owner)
    invoices.cancel(cancelled, by=owner, reason="Falscher Betrag")
    rows = stack_of(opened(hand_over(in_november, owner)))
    assert [(row[0], row[1], row[10]) for row in rows] == [
        ("119,00", "S", reduced.number),
        ("119,00", "S", cancelled.number),
        ("11,90", "H", reduced.number),
        ("119,00", "H", cancelled.number),
    ]
    asked = vat_returns.period("2026-11")
    assert [(each.case, each.net, each.tax) for each in vat_returns.of(current.business(), asked).sums] == [
        ("19", D("90.00"), D("17.10"))
    ]


def test_a_package_that_cannot_be_made_says_why_and_waits_to_be_asked(
    in_november, owner, woken, django_capture_on_commit_callbacks
):
    """R119: nobody waits for a package that never comes."""
    invoice = bill(owner)
    rendering.invoice(invoice)
    default_storage.delete(invoice.pdf)
    export = hand_over(in_november, owner)
    for tries in (1, 2, 3):
        export.refresh_from_db()
        assert export.failed_at is None
        tasks.export_what_waits()
        export.refresh_from_db()
        assert (export.tries, export.reason, export.file) == (tries, "missing", "")
        assert invoice.pdf.rpartition("/")[2] in export.detail
    assert export.failed_at and exports.waiting() == []
    Invoice.objects.filter(pk=invoice.pk).update(pdf="")  # as if it had come back: drawn anew from what is frozen
    with django_capture_on_commit_callbacks(execute=True):
        exports.retry(export, by=owner)
    assert woken[-1] == ("billing.tasks.export_for_datev", export.pk)
    tasks.export_for_datev(export.pk)
    export.refresh_from_db()
    assert export.file and export.failed_at is None
    with pytest.raises(Refusal, match="fertig"):
        exports.retry(export, by=owner)

"""The page on which periods are closed, and the procedure documentation."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from accounts.rights import Role
from billing import books, procedure
from billing.models import JournalEntry, PeriodLock, ProcedureVersion
from tests import make

PAGE = reverse("billing:books")
LOCK = reverse("billing:books_lock")


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-21 10:00+01:00", tick=False):
        yield


@pytest.fixture
def boss(business):
    return make.signed_in_as(Role.OWNER)


def old_invoice(month=9):
    with time_machine.travel(f"2026-{month:02}-12 10:00+02:00", tick=False):
        return make.make_open_invoice()


def test_a_month_is_closed_with_one_button(boss):
    old_invoice()
    page = boss.get(PAGE).content.decode()
    assert '<option value="2026-09-30">30. September 2026 (1 Beleg, 0 Zahlungen)</option>' in page
    assert "lässt sich nicht zurücknehmen" in page
    answer = boss.post(LOCK, {"until": "2026-09-30"}, follow=True)
    assert "Abgeschlossen ist bis 30. September 2026." in answer.content.decode()
    assert books.locked_until() == date(2026, 9, 30)
    assert 'value="2026-09-30"' not in boss.get(PAGE).content.decode()


@pytest.mark.parametrize("until", ["", "gestern", "2026-11-21"])
def test_a_day_that_cannot_be_closed_is_refused(boss, until):
    assert boss.post(LOCK, {"until": until}).status_code == 409
    assert not PeriodLock.objects.exists()


def test_the_office_sees_what_is_closed_and_closes_nothing(business):
    old_invoice()
    office = make.signed_in_as(Role.OFFICE)
    page = office.get(PAGE).content.decode()
    assert "Abschließen kann nur die Inhaberin oder der Inhaber." in page and LOCK not in page
    assert office.post(LOCK, {"until": "2026-09-30"}).status_code == 403


def test_work_without_an_invoice_and_numbers_are_listed(boss):
    order = make.make_completed_order()
    page = boss.get(PAGE).content.decode()
    assert f"{order} · " in page and "geliefert 21. November 2026" in page
    make.make_open_invoice(order)
    page = boss.get(PAGE).content.decode()
    assert "Alles, was fertig ist, ist berechnet." in page
    assert page.count("lückenlos bis Nummer 1") == 3


def test_papers_are_kept_longer_on_wish(boss, business):
    address = reverse("billing:books_hold")
    assert boss.post(address, {"books_held_until": "2040-06-30"}).url == PAGE
    business.refresh_from_db()
    assert business.books_held_until == date(2040, 6, 30)
    assert 'value="2040-06-30"' in boss.get(PAGE).content.decode()
    assert JournalEntry.objects.get().event == "billing.master_data_changed"
    assert boss.post(address, {"books_held_until": "bald"}).status_code == 409


def test_the_page_costs_the_same_with_one_row_and_with_three(boss):
    counts = []
    for many in (1, 2):
        for _ in range(many):
            old_invoice()
            make.make_completed_order()
        PeriodLock.objects.create(until=date(2026, 1, many))
        counts.append(make.count_queries(boss, PAGE))
    assert counts[0] == counts[1]


def test_the_documentation_is_written_read_and_printed(boss, business):
    assert "Noch keine Fassung." in boss.get(reverse("billing:procedure")).content.decode()
    answer = boss.post(reverse("billing:procedure_write"), follow=True).content.decode()
    assert "Version 1 ist geschrieben." in answer and "Festschreibung" in answer
    assert "Seit dieser Fassung hat sich etwas geändert." not in answer
    business.vat_id = "DE136695976"
    business.save()
    assert "Seit dieser Fassung hat sich etwas geändert." in boss.get(reverse("billing:procedure")).content.decode()
    printed = boss.get(reverse("billing:procedure_pdf", args=[ProcedureVersion.objects.get().pk]))
    assert printed.content.startswith(b"%PDF")
    assert printed.headers["Content-Disposition"] == 'attachment; filename="Verfahrensdokumentation-1.pdf"'


def test_an_auditor_reads_the_documentation_and_writes_none(business):
    procedure.write()
    auditor = make.signed_in_as(Role.AUDITOR)
    page = auditor.get(reverse("billing:procedure")).content.decode()
    assert "Festschreibung" in page and reverse("billing:procedure_write") not in page
    assert auditor.post(reverse("billing:procedure_write")).status_code == 403

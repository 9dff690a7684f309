"""The page of VAT figures, and its table."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
import time_machine

from accounts.models import Business, SmallBusinessPeriod
from billing import invoices, payments
from tests import make

PAGE = "/buchhaltung/umsatzsteuer/"


@pytest.fixture(autouse=True)
def december(business):
    """The third of December; 100.00 at 19 % were supplied in November and paid in December."""
    with time_machine.travel("2026-11-20 10:00:00+01:00", tick=False) as clock:
        bill()
        clock.move_to("2026-12-03 10:00:00+01:00")
        yield clock


def bill(**fields):
    draft = invoices.create(
        make.make_customer(),
        by=None,
        title="Fassade",
        lines=[make.line()],
        **{"service_from": date(2026, 11, 18), **fields},
    )
    return invoices.issue(draft, by=None)


def figures(browser, key=""):
    """[(line, case, net, tax)] as the page shows them."""
    found = browser.get(PAGE, {"zeitraum": key}).context
    return [(each.line, each.case, each.net, each.tax) for each, _label in found["rows"]]


ONE = [("81", "19", Decimal("100.00"), Decimal("19.00"))]


def test_the_month_before_is_shown_first(office):
    answer = office.get(PAGE)
    assert "November 2026" in answer.content.decode()
    assert figures(office) == ONE


def test_months_and_quarters_can_be_asked_for(office):
    assert figures(office, "2026-11") == figures(office, "2026-q4") == ONE
    assert figures(office, "2026-10") == figures(office, "2026-q3") == []


@pytest.mark.parametrize("nonsense", ["2026-13", "2026-q5", "0000-01", "x", "2026-11-01", "²026-11"])
def test_what_is_no_period_shows_the_month_before(nonsense, office):
    assert figures(office, nonsense) == ONE


def test_received_fees_count_when_they_come(office, business):
    Business.objects.filter(pk=business.pk).update(taxation="ist")
    payments.record(invoices.Invoice.objects.get(), amount=Decimal("119.00"), received_on=date(2026, 12, 2), by=None)
    assert figures(office, "2026-11") == []
    assert figures(office, "2026-12") == ONE
    assert "Nach vereinnahmten Entgelten (Ist)" in office.get(PAGE).content.decode()


def test_a_change_of_the_rule_counts_nothing_twice(office, business):
    Business.objects.filter(pk=business.pk).update(taxation="ist", taxation_from=date(2026, 12, 1))
    payments.record(invoices.Invoice.objects.get(), amount=Decimal("119.00"), received_on=date(2026, 12, 2), by=None)
    assert figures(office, "2026-q4") == figures(office, "2026-11") == ONE
    assert figures(office, "2026-12") == []


def test_a_period_that_is_not_over_says_so(office):
    words = "Dieser Zeitraum ist noch nicht vorbei."
    assert words in office.get(PAGE, {"zeitraum": "2026-12"}).content.decode()
    assert words not in office.get(PAGE, {"zeitraum": "2026-11"}).content.decode()


def test_a_small_business_is_told_that_it_need_not(office, business):
    words = "keine Voranmeldung"
    assert words not in office.get(PAGE).content.decode()
    SmallBusinessPeriod.objects.create(business=business, valid_from=date(2026, 1, 1))
    assert words in office.get(PAGE).content.decode()


def test_the_table_has_the_sums_and_every_document(office):
    answer = office.get("/buchhaltung/umsatzsteuer.csv", {"zeitraum": "2026-11"})
    assert answer["Content-Disposition"] == 'attachment; filename="umsatzsteuer-2026-11.csv"'
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")), delimiter=";"))
    number = invoices.Invoice.objects.get().number
    assert rows[1:] == [
        ["Summe", "81", "Umsätze zu 19 %", "", "", "100,00", "19,00", ""],
        ["Einzeln", "81", "Umsätze zu 19 %", "18.11.2026", number, "100,00", "19,00", "nein"],
    ]


def test_the_page_costs_the_same_for_any_number_of_invoices(office):
    first = make.count_queries(office, PAGE)
    for _ in range(2):
        payments.record(bill(), amount=Decimal("119.00"), received_on=date(2026, 12, 2), by=None)
    assert make.count_queries(office, PAGE) == first

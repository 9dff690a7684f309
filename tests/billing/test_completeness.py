"""Numbers without a document, and work without an invoice (R6, R7, R54)."""

from datetime import date

import pytest
import time_machine
from django.db import connection

from accounts import guards
from billing import invoices, number_gaps, orders, unbilled
from billing.models import DeliveryNote, Order
from crm.models import NumberRange
from tests import make


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-21 10:00+01:00", tick=False):
        yield date(2026, 11, 21)


def gaps(kind="invoice"):
    (series,) = [each for each in number_gaps.report() if each.range.kind == kind]
    return [(gap.first, gap.last, gap.reason) for gap in series.gaps]


def test_numbers_follow_each_other_without_a_gap(business):
    for _ in range(3):
        make.make_open_invoice()
    invoices.cancel(make.make_open_invoice(), by=None, reason="falsch")
    report = {each.range.kind: each for each in number_gaps.report()}
    assert (report["invoice"].first, report["invoice"].count, report["invoice"].gaps) == (1, 5, ())
    assert (report["order"].count, report["quote"].count) == (4, 4)
    assert all(each.is_whole for each in report.values())


def test_a_document_that_is_gone_is_named_with_its_journal_entry(business):
    lost = [make.make_open_invoice() for _ in range(3)][1]
    guards.lift(plan=[1])
    try:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE billing_invoice SET number = 'X' WHERE id = %s", [lost.pk])
    finally:
        guards.install()
    assert gaps() == [(2, 2, "Der Beleg fehlt. Das Journal nennt ihn.")]
    NumberRange.objects.filter(kind="invoice").update(last=5)
    assert gaps() == [
        (2, 2, "Der Beleg fehlt. Das Journal nennt ihn."), (4, 5, "Kein Grund bekannt. Bitte prüfen.")
    ]  # fmt: skip


def test_a_series_that_goes_on_from_elsewhere_says_where_it_begins(business):
    NumberRange.objects.create(kind="invoice", year=2026, last=120)
    make.make_open_invoice()
    assert gaps() == [(1, 120, "Die Reihe wurde nach einer anderen fortgesetzt und beginnt hier mit 121.")]


def test_numbers_nobody_knows_of_are_to_be_looked_into(business):
    """Numbers of orders and quotes are no reason."""
    make.make_open_invoice()
    make.make_order()
    NumberRange.objects.filter(kind="invoice").update(last=3)
    assert gaps() == [(2, 3, "Kein Grund bekannt. Bitte prüfen.")]
    assert number_gaps.report(years=range(2025, 2026)) == []


def test_finished_work_without_an_invoice_is_listed_until_it_is_billed(business):
    make.make_order()
    done = make.make_completed_order()
    assert [(order, order.billed, order.left, order.delivered_on) for order in unbilled.orders()] == [
        (done, 0, done.gross, date(2026, 11, 21))
    ]
    make.make_open_invoice(done)
    assert list(unbilled.orders()) == []


def test_goods_that_were_handed_over_count_too(business):
    order = make.make_order()
    DeliveryNote.objects.create(
        order=order, number="LS-2026-0001", delivered_on=date(2026, 11, 3), document="{}", document_hash="a"
    )
    ((found, day),) = [(each, each.delivered_on) for each in unbilled.orders()]
    assert (found, day) == (order, date(2026, 11, 3))
    orders.move(order, Order.State.CANCELLED, by=None)
    assert list(unbilled.orders()) == []

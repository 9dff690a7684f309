"""Until when finished work must be billed, and that the office is reminded once at each step (R8)."""

from datetime import date, datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from billing import invoice_deadlines, invoices, orders
from billing.models import Order
from crm import due
from crm.models import DueAction, Todo
from tests import make

DONE = date(2026, 3, 31)


def at(day, hour=10):
    return time_machine.travel(timezone.make_aware(datetime(day.year, day.month, day.day, hour)), tick=False)


@pytest.mark.parametrize(
    ("supplied_on", "within_eu", "days"),
    [
        (date(2026, 3, 31), False, (date(2026, 9, 30), date(2026, 4, 28), date(2026, 8, 31))),
        (date(2026, 8, 31), False, (date(2027, 2, 28), date(2026, 9, 28), date(2027, 1, 31))),
        (date(2026, 3, 2), True, (date(2026, 4, 15), date(2026, 3, 30), date(2026, 4, 10))),
        (date(2026, 12, 31), True, (date(2027, 1, 15), date(2027, 1, 10), date(2027, 1, 10))),
    ],
)
def test_six_months_and_within_the_eu_the_fifteenth(supplied_on, within_eu, days):
    found = invoice_deadlines.deadline(supplied_on, within_eu=within_eu)
    assert (found.last_on, found.remind_on, found.urgent_from) == days


@pytest.fixture
def finished(business):
    with at(DONE):
        order = make.make_order()
        orders.move(order, Order.State.COMPLETED, by=None, tell=False)
    return order


def work_off(day):
    with at(day, 12):
        for pk in due.due_ids():
            due.work_off(pk)
        return list(Todo.objects.filter(text__contains="§ 14 UStG").values_list("text", flat=True))


def test_the_office_has_one_task_that_becomes_urgent(finished):
    assert work_off(date(2026, 4, 27)) == []
    text = f"Rechnung zu {finished.number} für Sabine Brandt stellen, spätestens am 30. September 2026 (§ 14 UStG)"
    assert [each.replace("\xa0", " ") for each in work_off(date(2026, 4, 28))] == [text]
    assert len(work_off(date(2026, 5, 1))) == 1
    assert [each.replace("\xa0", " ") for each in work_off(date(2026, 8, 31))] == [f"Dringend: {text}"]


def test_planned_twice_it_is_said_once(finished):
    before = DueAction.objects.filter(kind=invoice_deadlines.DEADLINE).count()
    invoice_deadlines.plan(finished)
    assert before == DueAction.objects.filter(kind=invoice_deadlines.DEADLINE).count() == 2


def test_what_is_billed_needs_no_reminder(finished):
    with at(date(2026, 4, 10)):
        invoices.issue(invoices.draft_from_order(finished, by=None), by=None)
    assert work_off(date(2026, 4, 28)) == []


def test_an_order_from_the_eu_is_urgent_from_the_tenth(finished):
    assert invoice_deadlines.of(finished).last_on == date(2026, 9, 30)
    finished.quote.tax_case = "eu_service"
    assert invoice_deadlines.of(finished).last_on == date(2026, 4, 15)


def test_heute_marks_the_day_and_costs_the_same_for_many(business, owner):
    office = make.signed_in(owner)
    with at(DONE):
        order = make.make_order()
        orders.move(order, Order.State.COMPLETED, by=None, tell=False)
    with at(date(2026, 4, 1)):
        assert "Rechnung bis 30. September 2026" in office.get(reverse("today")).content.decode().replace("\xa0", " ")
        once = make.count_queries(office, reverse("today"))
    with at(DONE):
        for _each in range(2):
            orders.move(make.make_order(), Order.State.COMPLETED, by=None, tell=False)
    with at(date(2026, 4, 1)):
        assert make.count_queries(office, reverse("today")) == once
    with at(date(2026, 9, 1)):
        assert '<span class="bad b">Rechnung bis 30.' in office.get(reverse("today")).content.decode()
    with at(date(2026, 10, 1)):
        assert "Rechnung war bis 30." in office.get(reverse("today")).content.decode()

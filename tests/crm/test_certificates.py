"""The certificate USt 1 TG asks for the next one a month before it ends, once (R32); a Leitweg-ID says what is wrong (R48)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.validators import validate_leitweg_id
from crm import certificates, customers, due
from crm.models import Todo
from tests import make

ENDS = date(2027, 6, 30)


def work_off_until(day):
    with time_machine.travel(f"{day}T10:00:00+00:00", tick=False):
        for action_id in due.due_ids():
            due.work_off(action_id)


@pytest.fixture
def customer(business):
    with time_machine.travel("2026-11-23T08:00:00+00:00", tick=False):
        row = make.make_company(builder_certificate="A 123", builder_from=date(2024, 7, 1), builder_until=ENDS)
        assert certificates.ends_soon(row) is False
    return row


def test_a_month_before_it_ends_there_is_one_task(customer):
    work_off_until("2027-05-30")
    assert Todo.objects.count() == 0
    for day in ("2027-05-31", "2027-06-01", "2027-06-02"):
        work_off_until(day)
    todo = Todo.objects.get()
    said = "Nachweis USt 1 TG von Café Morgenrot GmbH läuft am 30. Juni 2027 ab: neuen anfordern"
    assert todo.text.replace("\xa0", " ") == said
    assert (todo.customer, todo.due_on) == (customer, date(2027, 5, 31))


def test_a_new_certificate_asks_a_month_before_its_own_end(customer):
    customers.change(customer, builder_until=date(2030, 6, 30))
    work_off_until("2027-05-31")
    assert Todo.objects.count() == 0
    work_off_until("2030-05-31")
    assert Todo.objects.count() == 1


def test_who_is_put_away_is_not_asked_about(customer):
    customers.archive(customer)
    work_off_until("2027-05-31")
    assert Todo.objects.count() == 0


def test_one_that_ends_in_a_few_days_asks_at_once_and_an_ended_one_not_at_all(business):
    soon = timezone.localdate() + timedelta(days=5)
    for until in (soon, timezone.localdate() - timedelta(days=1)):
        make.make_company(builder_certificate="A", builder_from=date(2024, 1, 1), builder_until=until)
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        for action_id in due.due_ids():
            due.work_off(action_id)
    assert Todo.objects.count() == 1


@pytest.mark.parametrize("value", ["04011000-1234512345-06", "991-33333-62", "991-33333test-33", "991-33333TEST-33"])
def test_leitweg_ids_that_hold(value):
    validate_leitweg_id(value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("04011000", "zwei oder drei Teile"),
        ("4-33333-62", "Der erste Teil der Leitweg-ID hat 2 bis 12 Ziffern, hier steht „4“."),
        ("991-33_33-62", "Der mittlere Teil"),
        ("991-33333-6", "zwei Prüfziffern, hier steht „6“."),
        ("991-33333-63", "passen nicht zu den Ziffern davor"),
        ("04011000-1234512354-06", "passen nicht zu den Ziffern davor"),
    ],
)
def test_a_wrong_leitweg_id_says_what_is_wrong(value, said):
    with pytest.raises(ValidationError, match=said):
        validate_leitweg_id(value)

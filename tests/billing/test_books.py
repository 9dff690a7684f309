"""Closed periods: nothing is booked in them, and they stay closed (R52)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from billing import books, payments
from billing.models import JournalEntry, Payment, PeriodLock
from tests import make

OCTOBER = date(2026, 10, 31)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-20 10:00+01:00", tick=False):
        yield date(2026, 11, 20)


def test_without_a_lock_every_day_is_open(business):
    assert books.locked_until() is None
    books.refuse(date(2000, 1, 1))


def test_a_closed_period_is_told_to_journal_and_log(business, owner):
    books.lock(OCTOBER, owner)
    assert books.locked_until() == OCTOBER
    entry = JournalEntry.objects.get(event="billing.period_locked")
    assert (entry.by, entry.facts) == (owner, '{"before": "", "until": "2026-10-31"}')
    log = AuditEntry.objects.get(event="period_locked")
    assert (log.by, log.facts) == (owner, {"before": "", "after": "2026-10-31"})


@pytest.mark.parametrize("until", [date(2026, 10, 30), OCTOBER])
def test_locks_only_move_forward(business, owner, until):
    books.lock(OCTOBER, owner)
    with pytest.raises(Refusal, match=r"Bis 31. Oktober 2026 ist schon abgeschlossen") as refused:
        books.lock(until, owner)
    assert refused.value.field == "until"
    assert PeriodLock.objects.count() == 1


@pytest.mark.parametrize("days", [0, 1])
def test_what_is_not_over_cannot_be_closed(business, owner, today, days):
    with pytest.raises(Refusal, match="nur, was vorbei ist"):
        books.lock(today + timedelta(days=days), owner)
    books.lock(today - timedelta(days=1), owner)


def test_a_payment_is_not_booked_into_a_closed_period(business, owner):
    invoice = make.make_open_invoice()
    books.lock(OCTOBER, owner)
    with pytest.raises(Refusal, match=r"Bis 31. Oktober 2026 ist die Buchhaltung abgeschlossen") as refused:
        payments.record(invoice, amount=Decimal(10), received_on=OCTOBER, by=owner)
    assert refused.value.field == "received_on"
    assert not Payment.objects.exists()
    payments.record(invoice, amount=Decimal(10), received_on=OCTOBER + timedelta(days=1), by=owner)
    assert Payment.objects.get().received_on == date(2026, 11, 1)


def test_months_that_can_be_closed_begin_with_the_first_document(business, owner, today):
    with time_machine.travel("2026-08-12 10:00+02:00", tick=False):
        invoice = make.make_open_invoice()
    payments.record(invoice, amount=Decimal(100), received_on=date(2026, 10, 2), by=owner)
    found = books.months(on=today)
    assert [(month.until, month.documents, month.payments, month.received) for month in found] == [
        (date(2026, 8, 31), 1, 0, None),
        (date(2026, 9, 30), 0, 0, None),
        (OCTOBER, 0, 1, Decimal(100)),
    ]
    books.lock(date(2026, 9, 30), owner)
    assert [month.until for month in books.months(on=today)] == [OCTOBER]


def test_there_is_nothing_to_close_in_new_books(business):
    assert books.months(on=timezone.localdate()) == []

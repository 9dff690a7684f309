"""What is billed again and again: each period once, under one number, whatever stops the run (R49, P77 to P80)."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import current
from accounts.refusals import Refusal
from billing import deadlines, invoice_runs, invoices, journal, standing_invoices, tasks
from billing.models import Invoice, InvoiceRun, StandingInvoice
from tests import make
from tests.parallel import dying_after, in_a_process_that_dies

IN_APRIL = date(2026, 4, 10)


@pytest.fixture(autouse=True)
def in_april():
    with time_machine.travel("2026-04-10 08:00 +02:00", tick=False):
        yield


def make_standing(**fields):
    return make.make_standing_invoice(**{"starts_on": date(2026, 1, 1), **fields})


def run(until=IN_APRIL, by=None):
    found = invoice_runs.start(until=until, by=by)
    invoice_runs.work(found)
    found.refresh_from_db()
    return found


def periods():
    return list(Invoice.objects.order_by("period_from").values_list("service_from", "service_until"))


# --- periods ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("start", "months", "day"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(start, months, day):
    assert deadlines.months_later(start, months) == day


def test_periods_follow_each_other_without_gap_also_at_the_end_of_months(owner):
    make_standing(starts_on=date(2026, 1, 31))
    run()
    assert periods() == [
        (date(2026, 1, 31), date(2026, 2, 27)),
        (date(2026, 2, 28), date(2026, 3, 30)),
    ]


def test_a_quarter_is_billed_after_it_or_in_advance(owner):
    after, before = make_standing(every=3), make_standing(every=3, in_advance=True)
    assert standing_invoices.bills_on(after) == date(2026, 4, 1)
    assert standing_invoices.bills_on(before) == date(2026, 1, 1)
    run()
    assert [after.invoices.count(), before.invoices.count()] == [1, 2]


def test_the_last_period_ends_with_the_contract_and_nothing_comes_after(owner):
    standing = make_standing(ends_on=date(2026, 2, 15))
    run()
    assert periods() == [(date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 1), date(2026, 2, 15))]
    standing.refresh_from_db()
    assert standing_invoices.bills_on(standing) is None


# --- billing ------------------------------------------------------------------------------------------------------------
def test_each_period_becomes_a_draft_that_names_it(owner):
    make_standing(intro="Wie vereinbart.")
    done = run(by=owner)
    assert (done.state, done.drafted, done.issued, done.problems) == ("done", 3, 0, "")
    first = Invoice.objects.order_by("pk").first()
    assert (first.state, first.gross) == ("draft", make.Decimal("119.00"))
    assert first.intro == "Wie vereinbart.\n\nAbrechnungszeitraum 1. Januar 2026 bis 31. Januar 2026."


def test_what_sends_itself_is_issued_with_numbers_in_order_and_mailed(owner, woken, django_capture_on_commit_callbacks):
    standing = make_standing(sends=True)
    with django_capture_on_commit_callbacks(execute=True):
        done = run()
    assert (done.issued, done.drafted) == (3, 0)
    numbers = Invoice.objects.order_by("period_from").values_list("number", "state", "send_to")
    assert list(numbers) == [(f"RE-2026-000{n}", "open", standing.customer.email) for n in (1, 2, 3)]
    assert [task for task, *_ in woken].count("billing.tasks.deliver_invoice") == 3


def test_on_paper_is_issued_and_not_mailed(owner):
    make_standing(customer=make.make_customer(invoice_by="post"), sends=True, ends_on=date(2026, 1, 31))
    run()
    assert (Invoice.objects.get().state, Invoice.objects.get().send_to) == ("open", "")


def test_where_the_law_demands_an_einvoice_paper_gives_way(owner):
    firm = make.make_customer(invoice_by="post", kind="business", company_name="Bau GmbH")
    with time_machine.travel("2028-01-05 08:00 +01:00", tick=False):
        make_standing(
            customer=firm, sends=True, starts_on=date(2027, 12, 1), ends_on=date(2027, 12, 31),
            lines=[make.line("Wartung", price="900")],
        )  # fmt: skip
        run(until=date(2028, 1, 5))
    assert Invoice.objects.get().send_to == firm.email


def test_what_lacks_something_stays_a_draft(owner):
    make_standing(customer=make.make_customer(street=""), sends=True, lines=[make.line("Wartung", price="900")])
    assert run().drafted == 3
    assert not Invoice.objects.exclude(number=None).exists()


def test_a_change_holds_for_what_comes_not_for_what_was_billed(owner):
    standing = make_standing()
    run()
    standing_invoices.change(standing, by=owner, lines=[make.line("Wartung", price="120")])
    with time_machine.travel("2026-05-02 08:00 +02:00", tick=False):
        run(until=date(2026, 5, 2))
    assert list(Invoice.objects.order_by("period_from").values_list("net", flat=True)) == [100, 100, 100, 120]


def test_paused_bills_nothing_and_goes_on_with_or_without_what_went_by(owner):
    catching_up, skipping = make_standing(), make_standing()
    for each in (catching_up, skipping):
        standing_invoices.pause(each, by=owner)
    assert run().drafted == 0
    standing_invoices.resume(catching_up, by=owner)
    standing_invoices.resume(skipping, by=owner, skip=True)
    run()
    assert [catching_up.invoices.count(), skipping.invoices.count()] == [3, 0]
    skipping.refresh_from_db()
    assert skipping.next_from == date(2026, 4, 1)


def test_an_end_before_the_beginning_and_no_position_are_refused(owner):
    with pytest.raises(Refusal, match="Ende liegt vor dem Beginn"):
        make_standing(ends_on=date(2025, 12, 31))
    with pytest.raises(Refusal, match="mindestens eine Position"):
        make_standing(lines=[])


def test_what_billed_something_cannot_be_deleted(owner):
    fresh, billed = make_standing(ends_on=None), make_standing()
    standing_invoices.bill(billed, by=owner, until=IN_APRIL)
    standing_invoices.delete(fresh, by=owner)
    with pytest.raises(Refusal, match="setzen Sie stattdessen ein Ende"):
        standing_invoices.delete(billed, by=owner)
    assert StandingInvoice.objects.get() == billed


def test_an_invoice_that_comes_again_has_the_rows_of_the_first(owner):
    invoice = make.make_open_invoice(by=owner)
    standing = standing_invoices.create_from(invoice, by=owner, starts_on=IN_APRIL, every=12)
    assert standing_invoices.gross(standing) == invoice.gross


def test_a_cancelled_period_can_be_billed_anew_by_hand_and_no_period_twice(owner):
    standing = make_standing(sends=True, ends_on=date(2026, 1, 31))
    run()
    first = Invoice.objects.get()
    again = {"customer": first.customer, "title": "Wartung", "standing": standing, "period_from": first.period_from}
    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.objects.create(**again)
    invoices.cancel(first, by=owner, reason="Falscher Preis")
    Invoice.objects.create(**again)


# --- runs ---------------------------------------------------------------------------------------------------------------
def test_a_run_says_what_it_could_not_bill_and_goes_on(owner, monkeypatch):
    wrong, right = make_standing(), make_standing()
    bill = standing_invoices.bill

    def refusing(standing, **kwargs):
        if standing.pk == wrong.pk:
            raise Refusal("Die Summe ist zu groß.")
        return bill(standing, **kwargs)

    monkeypatch.setattr(standing_invoices, "bill", refusing)
    done = run()
    assert done.problems == f"{wrong.customer}: Wartung: Die Summe ist zu groß.\n"
    assert (done.state, right.invoices.count()) == ("done", 3)


def test_the_page_says_how_far_a_run_is_while_it_goes(owner, monkeypatch):
    for _ in range(3):
        make_standing(sends=True, ends_on=date(2026, 1, 31))
    browser, seen, bill = make.signed_in(owner), [], standing_invoices.bill

    def looking(standing, **kwargs):
        page = browser.get(reverse("billing:standing_list")).content.decode()
        seen.append(re.search(r"Rechnungslauf über (\d+) wiederkehrende Rechnungen: (\d+) gestellt", page).groups())
        return bill(standing, **kwargs)

    monkeypatch.setattr(standing_invoices, "bill", looking)
    run()
    assert seen == [("3", issued) for issued in "011223"]  # each one is asked again until it has no more to bill
    assert "3 gestellt" in browser.get(reverse("billing:standing_list")).content.decode()


def test_two_runs_are_one_and_a_lease_that_holds_is_respected(owner):
    make_standing()
    first = invoice_runs.start(until=IN_APRIL)
    assert invoice_runs.start(until=IN_APRIL) == first
    InvoiceRun.objects.update(state="running", lease_until=timezone.now() + timedelta(minutes=1))
    invoice_runs.work(first)
    assert not Invoice.objects.exists()
    InvoiceRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert invoice_runs.unfinished() == [first.pk]
    tasks.bill_standing_invoices()
    assert Invoice.objects.count() == 3


def test_nobody_is_billed_before_his_period_allows(owner):
    with pytest.raises(Refusal, match="heute oder einen früheren Tag"):
        invoice_runs.start(until=IN_APRIL + timedelta(days=1))


def test_each_morning_a_run_begins_only_where_something_is_due(owner):
    make_standing(starts_on=date(2026, 4, 1))
    assert invoice_runs.begin_due() is None
    with time_machine.travel("2026-05-01 08:00 +02:00", tick=False):
        tasks.bill_standing_invoices()
        assert InvoiceRun.objects.get().until == date(2026, 5, 1)


@pytest.mark.django_db(transaction=True)
def test_killed_half_way_it_goes_on_without_gap_or_double(monkeypatch):
    """kill -9 in a process of its own while it bills; another worker takes the run up when the lease is over."""
    with current.working_for(make.make_business()) as business:
        make.make_member()
        standings = [make_standing(sends=True) for _ in range(6)]
        started = invoice_runs.start(until=IN_APRIL)
    # in the middle of a transaction: number taken, journal written, not committed
    with monkeypatch.context() as patch:
        patch.setattr(journal, "write", dying_after(journal.write, times=8))
        assert in_a_process_that_dies(lambda: invoice_runs.work(started), business=business)
    with current.working_for(business):
        assert 0 < Invoice.objects.exclude(number=None).count() < 18
        InvoiceRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        invoice_runs.work(started)
        issued = Invoice.objects.order_by("number").values_list("number", flat=True)
        assert list(issued) == [f"RE-2026-{n:04d}" for n in range(1, 19)]
        assert {each.invoices.count() for each in standings} == {3}
        assert InvoiceRun.objects.get().issued == 18

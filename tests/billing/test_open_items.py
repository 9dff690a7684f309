"""What customers owed on a day, also on one long past."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine

from billing import invoices, open_items, part_payments, payments
from billing.models import Invoice, Payment
from tests import make

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Europe/Berlin"))
D = Decimal


def day(n):
    return FIRST.date() + timedelta(days=n)


def on(n):
    """At ten o'clock of the n-th day."""
    return time_machine.travel(FIRST + timedelta(days=n))


def issued(price="1000", customer=None, **fields):
    draft = invoices.create(
        customer or make.make_company(), by=None, title="Fassade", lines=[make.line(price=price)], service_from=day(0),
        payment_days=14, **fields,
    )  # fmt: skip
    return invoices.issue(draft, by=None)


def pay(invoice, amount, n, **more):
    return payments.record(invoice, amount=D(amount), received_on=day(n), by=None, **more)


def owed(n):
    return [(item.invoice.number, item.amount) for item in open_items.at(day(n)).items]


def test_an_invoice_is_open_from_its_day_until_it_is_paid(business):
    with on(3):
        invoice = issued()
    with on(20):
        pay(invoice, "190", 10)
        pay(invoice, "1000", 20)
    number = invoice.number
    assert [owed(n) for n in (2, 3, 9, 10, 19, 20)] == [
        [], [(number, D("1190.00"))], [(number, D("1190.00"))], [(number, D("1000.00"))], [(number, D("1000.00"))], [],
    ]  # fmt: skip


def test_a_payment_taken_back_counted_until_then(business):
    with on(0):
        invoice = issued()
        payment = pay(invoice, "1190", 0)
    with on(5):
        payments.reverse(payment, by=None)
    assert (owed(4), owed(5)) == ([], [(invoice.number, D("1190.00"))])


def test_a_cancelled_invoice_was_open_before_and_leaves_a_credit(business):
    with on(0):
        invoice = issued()
        pay(invoice, "100", 0)
    with on(5):
        invoices.cancel(invoice, by=None, reason="Falsch")
    with on(9):
        payments.refund(Invoice.objects.get(pk=invoice.pk), amount=D(100), paid_on=day(9), by=None)
    assert [owed(n) for n in (4, 5, 8, 9)] == [
        [(invoice.number, D("1090.00"))], [(invoice.number, D("-100.00"))], [(invoice.number, D("-100.00"))], [],
    ]  # fmt: skip


def test_what_was_paid_too_much_is_a_credit(business):
    with on(0):
        invoice = issued()
        pay(invoice, "1200", 0, may_exceed=True)
    ledger = open_items.at(day(0))
    assert (ledger.open, ledger.credit, ledger.balance) == (D("0.00"), D("10.00"), D("-10.00"))
    assert [item.invoice for item in ledger.items] == [invoice]


def test_skonto_and_tax_kept_back_close_an_item(business):
    with on(0):
        invoice = issued(skonto_percent=2, skonto_days=14, is_construction=True)
        pay(invoice, "991.27", 0, withholds_tax=True)
    assert owed(0) == []


def test_a_part_payment_is_open_until_the_final_invoice_takes_it_over(business):
    """R39c: 3,570 asked, 1,000 paid; the final invoice asks for all but the 1,000."""
    with on(0):
        order = make.make_completed_order()
        part = part_payments.draft(order, by=None, basis=part_payments.Basis.PERCENT, value=D(30))
        part = invoices.issue(part, by=None)
        pay(part, "1000", 0)
    with on(10):
        final = invoices.issue(invoices.draft_from_order(order, by=None), by=None)
    with on(15):
        invoices.cancel(final, by=None, reason="Falsch")
    left = part.gross - 1000
    assert final.gross == D("6871.85")
    assert [owed(n) for n in (9, 10, 14, 15)] == [
        [(part.number, left)], [(final.number, final.gross)], [(final.number, final.gross)], [(part.number, left)],
    ]  # fmt: skip


def test_a_retention_is_an_item_of_its_own_until_its_day(business):
    """R25."""
    with on(0):
        issued(retention_percent=5, retention_until=day(100))
    items = open_items.at(day(20)).items
    assert [(item.amount, item.due_on, item.days, item.is_retention) for item in items] == [
        (D("1130.50"), day(14), 6, False),
        (D("59.50"), day(100), -80, True),
    ]


def test_what_waits_for_the_sign_off_is_not_due(business):
    """R39e: the final invoice of a construction contract."""
    with on(0):
        order = make.make_completed_order()
        invoice = invoices.draft_from_order(order, by=None)
        invoices.issue(invoices.change(invoice, is_construction=True), by=None)
    (item,) = open_items.at(day(100)).items
    assert (item.due_on, item.days, item.age) == (None, 0, 0)


@pytest.mark.parametrize(
    ("n", "age"),
    [(0, 0), (14, 0), (15, 1), (44, 1), (45, 2), (74, 2), (75, 3), (104, 3), (105, 4), (1000, 4)],
)
def test_ages_are_counted_from_the_day_it_was_due(business, n, age):
    with on(0):
        issued()
    ages = open_items.at(day(n)).ages
    assert [count for _label, _sum, count in ages].index(1) == age
    assert ages[age][1] == D("1190.00")


def test_every_day_looks_afterwards_as_it_did_then(business):
    """A month of all that happens, compared with what the invoices themselves said each evening."""
    seen = {}
    made = []
    steps = {
        0: lambda: made.append(issued()),
        1: lambda: made.append(issued("500", skonto_percent=3, skonto_days=10)),
        3: lambda: pay(made[0], "600", 3),
        4: lambda: pay(made[1], "577.15", 4),
        6: lambda: payments.reverse(Payment.objects.get(method="skonto").invoice.payments.first(), by=None),
        8: lambda: made.append(issued("200")),
        9: lambda: pay(made[2], "250", 9, may_exceed=True),
        11: lambda: payments.refund(Invoice.objects.get(pk=made[2].pk), amount=D("12"), paid_on=day(11), by=None),
        13: lambda: invoices.cancel(made[0], by=None, reason="Falsch"),
        16: lambda: payments.refund(Invoice.objects.get(pk=made[0].pk), amount=D("600"), paid_on=day(16), by=None),
        18: lambda: pay(made[1], "595", 18),
    }
    for n in range(20):
        with on(n):
            if n in steps:
                steps[n]()
            seen[n] = sum(invoice.open_amount - payments.credit_of(invoice) for invoice in Invoice.objects.all())
    assert {n: open_items.at(day(n)).balance for n in range(20)} == seen
    assert len(set(seen.values())) > 8


def test_the_ledger_costs_the_same_for_any_number_of_invoices(business, django_assert_num_queries):
    def some(count):
        with on(0):
            for _n in range(count):
                issued(retention_percent=5)
                order = make.make_completed_order()
                invoices.issue(invoices.draft_from_order(order, by=None), by=None)

    some(1)
    with django_assert_num_queries(3):  # invoices, sign-offs of their orders, documents with a retention
        open_items.at(day(5))
    some(2)
    with django_assert_num_queries(3):
        open_items.at(day(5))


def test_the_ledger_of_one_customer_names_nobody_else(business):
    with on(0):
        mine, _other = issued(), issued()
    assert [item.invoice for item in open_items.at(day(0), customer=mine.customer).items] == [mine]


def test_names_that_look_like_formulas_stay_words(business):
    with on(0):
        issued(customer=make.make_company("=HYPERLINK(1)"))
    with open_items.as_csv(day(20)) as table, open_items.as_xlsx(day(20)) as book:
        text = table.read().decode("utf-8-sig")
        assert '"\'=HYPERLINK(1)"' in text
        assert '"1190,00";"1190,00"' in text and '"16.03.2026";"6";"1–30 Tage"' in text
        assert book.read(2) == b"PK"

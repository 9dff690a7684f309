"""The business at a glance and what a customer is worth, in gross euros."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts import current
from billing import figures, invoices, payments, quotes
from billing.models import Invoice, Order, Quote
from tests import make


def today():
    return timezone.localdate()


def make_sent(price, **more):
    return make.make_sent_quote(lines=[make.line(price=price)], **more)


def make_open(price):
    return make.make_open_invoice(make.make_completed_order(make_sent(price)))


def glance():
    return figures.glance(on=today())


def test_nothing_at_all(business):
    assert glance() == figures.Glance(0, 0, 0, 0, 0, 0, 0, None)


def test_what_is_open_is_counted_and_summed(business, owner):
    make_sent("100"), make_sent("200")
    make.make_quote(lines=[make.line(price="999")])  # a draft is not open
    make.make_order(make_sent("1000"))
    late, early = make_open("300"), make_open("400")
    payments.record(early, amount=Decimal("76"), received_on=today(), by=owner)
    shown = figures.glance(on=late.due_on)
    assert (shown.quotes, shown.quotes_sum) == (2, Decimal("357.00"))
    assert (shown.orders, shown.orders_sum) == (1, Decimal("1190.00"))
    assert (shown.invoices, shown.invoices_sum, shown.overdue_sum) == (2, Decimal("757.00"), 0)
    assert figures.glance(on=late.due_on + timedelta(days=1)).overdue_sum == Decimal("757.00")


def test_of_another_business_nothing_is_counted(business):
    with current.working_for(make.make_business("Andere")):
        make_sent("100")
        assert glance().quotes == 1
    assert glance().quotes == 0


def test_the_rate_is_of_the_quotes_decided_in_90_days(business):
    for _ in range(2):
        make.make_order(make_sent("100"))
    quotes.decline(make_sent("100"))
    make_sent("100")  # not decided
    old = make_sent("100")
    quotes.decline(old)
    Quote.objects.filter(pk=old.pk).update(decided_at=timezone.now() - timedelta(days=91))
    assert glance().acceptance_percent == 67


def test_a_quote_left_to_expire_is_lost(business):
    make.make_order(make_sent("100"))
    Quote.objects.filter(pk=make_sent("100").pk).update(state=Quote.State.EXPIRED)
    assert glance().acceptance_percent == 50


@pytest.mark.parametrize(("part", "whole", "percent"), [(0, 0, None), (0, 3, 0), (1, 8, 13), (2, 3, 67), (3, 3, 100)])
def test_shares_are_rounded_half_up(part, whole, percent):
    assert figures.share(part, whole) == percent


@pytest.mark.parametrize("count", [1, 3])
def test_the_glance_is_one_query(business, count, django_assert_num_queries):
    for _ in range(count):
        make_open("100")
    with django_assert_num_queries(1):
        glance()


# --- a customer ---------------------------------------------------------------------------------------------------------
def test_what_a_customer_is_worth(business, owner, time_machine):
    customer = make.make_customer()
    assert figures.value_of(customer) == figures.CustomerValue(Decimal(0), Decimal(0), None, None)
    for price in ("100", "200"):
        order = make.make_completed_order(make_sent(price, customer=customer))
        invoice = make.make_open_invoice(order)
    time_machine.move_to(timezone.now() + timedelta(days=6))
    payments.record(invoice, amount=invoice.gross, received_on=today(), by=owner)
    placed_at = timezone.now() - timedelta(days=400)
    Order.objects.update(placed_at=placed_at)
    assert figures.value_of(customer) == figures.CustomerValue(
        Decimal("357.00"), Decimal("119.00"), 6, timezone.localdate(placed_at)
    )


def test_a_cancelled_invoice_and_a_draft_are_worth_nothing(business, owner):
    invoice = make_open("100")
    invoices.cancel(invoice, by=owner, reason="Falsche Adresse")
    value = figures.value_of(invoice.customer)
    assert (value.invoiced, value.open) == (0, 0)
    assert Invoice.objects.filter(kind="cancellation").count() == 1
    draft = make.make_draft_invoice(make.make_completed_order(make_sent("100")))
    assert figures.value_of(draft.customer).invoiced == 0

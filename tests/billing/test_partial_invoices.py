"""Partial invoices: a part that was agreed and accepted by itself is billed for good (R39a)."""

from decimal import Decimal

import pytest

from accounts.refusals import Refusal
from billing import invoices, orders, part_payments, partial_invoices
from billing.models import Invoice, Order
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(business):
    """Two titles: 1,000 and 300 + 200 net."""
    lines = [
        {"kind": "section", "text": "Küche"},
        make.line("Unterschränke", "1", "1000"),
        {"kind": "section", "text": "Bad"},
        make.line("Spiegel", "1", "300"),
        make.line("Ablage", "1", "200"),
    ]
    return make.make_order(make.make_sent_quote(make.make_company(), lines=lines))


def rows(order, *names):
    return [row.pk for row in order.lines.all() if row.text in names]


def billed(order, *names):
    draft = partial_invoices.draft(order, by=None, rows=rows(order, *names))
    return invoices.issue(Invoice.objects.get(pk=draft.pk), by=None)


def done(order):
    return orders.move(order, Order.State.COMPLETED, by=None)


def test_a_part_is_billed_under_its_heading(order):
    invoice = billed(order, "Spiegel")
    assert (invoice.kind, invoice.gross, invoice.state) == ("partial", Decimal("357.00"), "open")
    assert [row.text for row in invoice.lines.all()] == ["Bad", "Spiegel"]


def test_the_last_invoice_has_what_is_left(order):
    billed(order, "Unterschränke")
    billed(order, "Spiegel")
    final = invoices.draft_from_order(done(order), by=None)
    assert (final.kind, [row.text for row in final.lines.all()]) == ("final", ["Bad", "Ablage"])
    issued = invoices.issue(Invoice.objects.get(pk=final.pk), by=None)
    assert issued.frozen_document.deductions == ()  # a partial invoice is final for its part: nothing to deduct
    assert sum(each.net for each in order.invoices.all()) == 1500


def test_nothing_is_billed_twice(order):
    billed(order, "Spiegel")
    with pytest.raises(Refusal, match="schon abgerechnet") as refused:
        partial_invoices.draft(order, by=None, rows=rows(order, "Spiegel"))
    assert refused.value.field == "rows"
    with pytest.raises(Refusal, match="mindestens eine Position"):
        partial_invoices.draft(order, by=None, rows=[])


def test_a_cancelled_part_can_be_billed_anew(order):
    invoices.cancel(billed(order, "Spiegel"), by=None, reason="Falsch")
    assert billed(order, "Spiegel").gross == 357


def test_the_last_part_closes_the_order(order):
    done(order)
    billed(order, "Unterschränke")
    order.refresh_from_db()
    assert order.state == Order.State.COMPLETED
    last = billed(order, "Spiegel", "Ablage")
    order.refresh_from_db()
    assert order.state == Order.State.INVOICED
    with pytest.raises(Refusal, match="vollständig abgerechnet"):
        invoices.draft_from_order(order, by=None)
    invoices.cancel(last, by=None, reason="Falsch")
    order.refresh_from_db()
    assert order.state == Order.State.COMPLETED


def test_with_part_payments_the_rest_needs_a_final_invoice(order):
    part = part_payments.draft(order, by=None, basis="amount", value=Decimal(100))
    invoices.issue(part, by=None)
    with pytest.raises(Refusal, match="Schlussrechnung"):
        partial_invoices.draft(order, by=None, rows=rows(order, "Unterschränke", "Spiegel", "Ablage"))


def test_after_the_last_invoice_there_is_no_part(order):
    invoices.draft_from_order(done(order), by=None)
    with pytest.raises(Refusal, match="kommen davor"):
        partial_invoices.draft(order, by=None, rows=rows(order, "Spiegel"))

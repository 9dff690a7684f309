"""What can be done with a payment."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.refusals import Refusal
from billing import invoices, payments
from billing.models import Invoice, Payment
from crm import states
from tests import make

pytestmark = pytest.mark.django_db


def pay(invoice, amount, **more):
    return payments.record(invoice, amount=Decimal(amount), received_on=timezone.localdate(), by=None, **more)


def test_part_payments_leave_the_rest_open(business):
    invoice = make.make_open_invoice()
    pay(invoice, "871.85")
    invoice.refresh_from_db()
    assert (invoice.state, invoice.open_amount, invoice.paid) == (
        Invoice.State.OPEN,
        Decimal("7000.00"),
        Decimal("871.85"),
    )


def test_the_last_payment_settles_the_invoice(business):
    invoice = make.make_open_invoice()
    pay(invoice, "871.85")
    pay(invoice, "7000")
    invoice.refresh_from_db()
    assert (invoice.state, invoice.open_amount, invoice.paid_on) == (
        Invoice.State.PAID,
        Decimal("0.00"),
        timezone.localdate(),
    )


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [("0", "größer als null"), ("-5", "größer als null"), ("7871.86", "Offen sind nur 7.871,85")],
)
def test_impossible_amounts_are_refused(business, amount, sentence):
    invoice = make.make_open_invoice()
    with pytest.raises(Refusal, match=sentence):
        pay(invoice, amount)
    assert not Payment.objects.exists()


def test_money_does_not_arrive_tomorrow(business):
    with pytest.raises(Refusal, match="Zukunft"):
        payments.record(
            make.make_open_invoice(), amount=Decimal(1), received_on=timezone.localdate() + timedelta(days=1), by=None
        )


def test_drafts_and_cancelled_invoices_take_no_money(business):
    draft = make.make_draft_invoice()
    with pytest.raises(states.NotAllowed):
        pay(draft, "1")
    invoice = make.make_open_invoice(draft.order)
    invoices.cancel(invoice, by=None, reason="Falsch")
    with pytest.raises(states.NotAllowed):
        pay(invoice, "1")


def test_a_payment_taken_back_opens_the_invoice_again(business):
    invoice = make.make_open_invoice()
    payment = pay(invoice, "7871.85")
    reversal = payments.reverse(payment, by=None)
    invoice.refresh_from_db()
    assert (reversal.amount, invoice.state, invoice.open_amount) == (
        Decimal("-7871.85"),
        Invoice.State.OPEN,
        Decimal("7871.85"),
    )


def test_a_payment_is_taken_back_once(business):
    payment = pay(make.make_open_invoice(), "100")
    reversal = payments.reverse(payment, by=None)
    for again in (payment, reversal):
        with pytest.raises(Refusal, match="bereits zurückgenommen"):
            payments.reverse(again, by=None)


def test_a_payment_never_changes(business):
    pay(make.make_open_invoice(), "100")
    for attack in (lambda: Payment.objects.update(amount=1), lambda: Payment.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            attack()

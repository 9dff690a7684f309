"""Cash is booked on an issued invoice, with a word about the cash book, or not taken at all (R61)."""

from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Business
from accounts.refusals import Refusal
from billing import payments
from billing.models import Payment
from billing.payment_forms import PaymentForm
from tests import make


def pay(invoice):
    return payments.record(
        invoice, amount=Decimal("100.00"), received_on=timezone.localdate(), method=Payment.Method.CASH, by=None
    )


def test_cash_is_a_payment_of_an_invoice_and_the_form_names_the_cash_book(business):
    invoice = make.make_open_invoice()
    form = PaymentForm(invoice=invoice)
    assert "cash" in dict(form.fields["method"].choices) and "Kassenbuch" in form.fields["method"].help_text
    assert pay(invoice).method == "cash"


def test_a_business_that_takes_no_cash_is_not_offered_it(business):
    invoice = make.make_open_invoice()
    Business.objects.filter(pk=business.pk).update(takes_cash=False)
    invoice.business.refresh_from_db()
    form = PaymentForm(invoice=invoice)
    assert "cash" not in dict(form.fields["method"].choices) and not form.fields["method"].help_text
    with pytest.raises(Refusal, match="kein Bargeld") as refused:
        pay(invoice)
    assert refused.value.field == "method" and not Payment.objects.exists()

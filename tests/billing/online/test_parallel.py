"""Message, return and due row at the same moment: real threads, real transactions."""

import pytest

from accounts import current
from billing.models import Invoice, JournalEntry, OnlinePayment, Payment
from billing.online import payments
from tests import make
from tests.parallel import at_once

TOGETHER = 8


@pytest.fixture
def business(transactional_db):
    """A business whose rows are really there for other connections."""
    with current.working_for(make.make_business()) as business:
        yield business


@pytest.mark.parametrize("provider", ["stripe", "paypal"])
def test_begun_by_many_and_settled_by_many_it_is_one_payment(business, fake, switched_on, invoice, provider):
    addresses = {"return_url": "http://127.0.0.1/b/", "cancel_url": "http://127.0.0.1/r/"}
    begun = at_once(lambda _n: payments.start(invoice, provider, **addresses).pk, TOGETHER, business=business)
    assert len(set(begun)) == OnlinePayment.objects.count() == 1
    online = OnlinePayment.objects.get()
    fake.pay(online.external_id)
    settled = at_once(lambda _n: payments.settle(OnlinePayment.objects.get(pk=online.pk)), TOGETHER, business=business)
    assert {each.state for each in settled} == {"paid"}
    assert Payment.objects.count() == 1
    assert JournalEntry.objects.filter(event="billing.payment_recorded").count() == 1
    assert Invoice.objects.get().state == Invoice.State.PAID

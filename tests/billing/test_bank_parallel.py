"""The same file and the same click at the same moment: real threads, real transactions."""

from decimal import Decimal

import pytest
from django.utils import timezone

from accounts import current
from accounts.refusals import Refusal
from billing import bank_entries, bank_statements
from billing.models import BankEntry, BankStatement, Invoice, Payment
from tests import make
from tests.billing.banking import samples
from tests.parallel import at_once

TOGETHER = 6


@pytest.fixture
def business(transactional_db):
    """A business whose rows are really there for other connections."""
    with current.working_for(make.make_business()) as business:
        yield business


def at_once_or_refused(business, work):
    """What each of several got: None, or the refusal."""

    def or_refused(_n):
        try:
            work()
        except Refusal as refusal:
            return refusal.message
        return None

    return at_once(or_refused, TOGETHER, business=business)


def test_a_file_comes_in_once_and_an_entry_is_booked_once(business):
    invoice = make.make_open_invoice()
    entry = samples.camt_entry("7871.85", day=f"{timezone.localdate()}", party="Sabine Brandt")
    content = samples.camt(entries=[entry], closing="8871.85")
    read = at_once_or_refused(
        business, lambda: bank_statements.take_in(make.upload(content, "a.xml", "text/xml"), by=None)
    )
    assert read.count(None) == BankStatement.objects.count() == BankEntry.objects.count() == 1
    entry = BankEntry.objects.select_related("statement").get()
    (proposal,) = bank_entries.Finder([entry]).proposals(entry)
    booked = at_once_or_refused(business, lambda: bank_statements.book(entry, proposal, by=None))
    assert booked.count(None) == Payment.objects.count() == 1
    assert Invoice.objects.get(pk=invoice.pk).paid == Decimal("7871.85")

"""Who must get an e-invoice: the gate asked for whole documents (R40, R41; case 19)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import time_machine

from billing import einvoice_duty
from tests import make
from tests.billing.documents import samples
from tests.billing.documents.cases import AUSTRIAN, CASES

DECEMBER, JANUARY = date(2026, 12, 20), date(2027, 1, 5)


def issued(on, supplied=DECEMBER, **changes):
    return samples.invoice(
        buyer=samples.BUSINESS, issued_on=on, service_from=supplied, service_until=supplied, **changes
    )


@pytest.mark.parametrize(
    ("document", "turnover", "is_owed"),
    [
        (issued(DECEMBER), None, False),
        (issued(JANUARY), Decimal(0), True),  # work of December, sent in January: neither relief
        (issued(JANUARY, JANUARY), Decimal("800000.00"), False),
        (issued(JANUARY, JANUARY), Decimal("800000.01"), True),
        (issued(JANUARY, None), None, True),
        (replace(issued(JANUARY), buyer=samples.CONSUMER), None, False),
        (replace(issued(JANUARY), buyer=samples.PUBLIC), None, True),
        (replace(issued(JANUARY), buyer=AUSTRIAN), None, False),
        (replace(issued(JANUARY), seller=samples.SMALL_SELLER), None, False),
        (replace(issued(JANUARY), tax_case="exempt"), None, False),
        (issued(JANUARY, lines=[samples.item(quantity="1", price="210.08")]), None, False),
        (issued(JANUARY, lines=[samples.item(quantity="1", price="210.09")]), None, True),
        (replace(issued(JANUARY), issued_on=None), None, False),
        (CASES["cancellation"], None, False),
        (samples.quote_with_choices(issued_on=JANUARY, buyer=samples.BUSINESS), None, False),
    ],
)
def test_who_must_get_an_einvoice(document, turnover, is_owed):
    assert einvoice_duty.is_owed(document, prior_year_turnover=turnover) is is_owed


@pytest.mark.django_db
@pytest.mark.parametrize(("make_customer", "is_said"), [(make.make_company, True), (make.make_customer, False)])
def test_the_page_says_that_paper_is_not_enough(owner, make_customer, is_said):
    with time_machine.travel("2028-01-10 09:00"):
        invoice = make.make_open_invoice(make.make_completed_order(make.make_sent_quote(make_customer())))
        page = make.signed_in(owner).get(invoice.get_absolute_url()).content.decode()
    assert ("Das Gesetz verlangt hier eine E-Rechnung" in page) is is_said

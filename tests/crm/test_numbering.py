"""Numbers: under a lock, inside the transaction, without gaps (R6, R7)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import current
from crm import numbering
from crm.models import NumberRange
from tests import make

Kind = NumberRange.Kind


def test_each_series_counts_by_itself_and_by_year(business):
    assert [numbering.take(Kind.INVOICE, year=2026) for _ in range(2)] == ["RE-2026-0001", "RE-2026-0002"]
    assert numbering.take(Kind.INVOICE, year=2027) == "RE-2027-0001"
    assert numbering.take(Kind.QUOTE, year=2026) == "AN-2026-0001"
    with current.working_for(make.make_business("Andere")):
        assert numbering.take(Kind.INVOICE, year=2026) == "RE-2026-0001"


def test_a_refused_step_gives_its_number_back(business):
    with pytest.raises(RuntimeError), transaction.atomic():
        numbering.take(Kind.INVOICE, year=2026)
        raise RuntimeError
    assert numbering.take(Kind.INVOICE, year=2026) == "RE-2026-0001"


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_number_is_taken():
    with current.working_for(make.make_business()), pytest.raises(transaction.TransactionManagementError):
        numbering.take(Kind.INVOICE, year=2026)


def test_customer_numbers_come_as_a_block(business):
    assert numbering.take_customer_number(3) == 10001
    assert numbering.take_customer_number() == 10004


@pytest.mark.parametrize(
    ("prefix", "is_taken"), [("", True), ("RE", True), ("R/26-", True), ("RE#", False), ("RÄ", False), ("R 1", False)]
)
def test_a_number_holds_only_what_datev_takes(prefix, is_taken, business):
    """R116: what is wrong there is refused when the format is chosen, not when a month is handed over."""
    series = NumberRange(business=business, kind=NumberRange.Kind.INVOICE, year=2026, prefix=prefix)
    if is_taken:
        series.full_clean()
    else:
        with pytest.raises(ValidationError, match="Ziffern"):
            series.full_clean()

"""What became of asking about a VAT ID (R35, R36): kept once and for all, and never for a number that cannot be."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.refusals import Refusal
from crm import vat_id_checks
from crm.models import TimelineEntry
from tests import make

VIENNA = "ATU13585627"


@pytest.fixture
def customer(business):
    return make.make_company("Wiener Möbelhaus GmbH", country="AT", vat_id=VIENNA)


def record(customer, **facts):
    return vat_id_checks.record(
        customer, **{"result": "valid", "checked_on": timezone.localdate(), "by": None, "request_id": "V-1"} | facts
    )


def test_an_answer_is_kept_with_its_number_and_told(customer, owner):
    check = record(customer, by=owner, request_id=" V-77 ")
    assert (check.vat_id, check.result, check.request_id, check.by) == (VIENNA, "valid", "V-77", owner)
    assert TimelineEntry.objects.get(event="crm.vat_id_checked").facts == {"vat_id": VIENNA, "result": "valid"}


def test_the_last_answer_for_the_present_number_counts(customer):
    assert vat_id_checks.latest(customer) is None
    record(customer, checked_on=timezone.localdate() - timedelta(days=3))
    last = record(customer, result="invalid")
    assert vat_id_checks.latest(customer) == last
    customer.vat_id = "ATU62765626"
    assert vat_id_checks.latest(customer) is None


@pytest.mark.parametrize(
    ("vat_id", "facts", "field"),
    [
        ("", {}, "vat_id"),
        ("ATU13585628", {}, "result"),
        (VIENNA, {"checked_on": timezone.localdate() + timedelta(days=2)}, "checked_on"),
    ],
)
def test_what_cannot_be_is_refused(customer, vat_id, facts, field):
    customer.vat_id = vat_id
    with pytest.raises(Refusal) as refused:
        record(customer, **facts)
    assert refused.value.field == field


def test_a_wrong_number_may_be_noted_as_invalid(customer):
    customer.vat_id = "ATU13585628"
    assert record(customer, result="invalid").result == "invalid"

"""How long papers are kept, and that nothing goes before (R56)."""

from datetime import date

import pytest
import time_machine
from django.db import transaction
from django.db.models import ProtectedError

from accounts.refusals import Refusal
from billing import invoices, retention
from billing.models import IncomingInvoice, Invoice, Quote
from billing.retention import BOOKS, LETTER, VOUCHER
from crm.models import Customer
from tests import make

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-21 10:00+01:00", tick=False):
        yield


@pytest.mark.parametrize(
    ("kind", "written_on", "on", "until"),
    [
        (VOUCHER, date(2026, 11, 20), TODAY, date(2034, 12, 31)),
        (VOUCHER, date(2026, 1, 1), TODAY, date(2034, 12, 31)),
        (VOUCHER, date(2016, 5, 1), TODAY, date(2024, 12, 31)),
        (VOUCHER, date(2016, 5, 1), date(2024, 12, 31), date(2026, 12, 31)),
        (LETTER, date(2026, 11, 20), TODAY, date(2032, 12, 31)),
        (BOOKS, date(2026, 11, 20), TODAY, date(2036, 12, 31)),
    ],
)
def test_a_paper_is_kept_to_the_end_of_a_year_by_the_law_of_the_day(kind, written_on, on, until):
    assert retention.retain_until(kind, written_on, on=on) == until


def test_what_is_held_for_an_audit_is_kept_longer_and_never_shorter():
    day = date(2026, 11, 20)
    assert retention.retain_until(VOUCHER, day, on=TODAY, held_until=date(2036, 6, 30)) == date(2036, 6, 30)
    assert retention.retain_until(VOUCHER, day, on=TODAY, held_until=date(2030, 6, 30)) == date(2034, 12, 31)


def test_a_kind_without_a_law_is_a_mistake():
    with pytest.raises(KeyError):
        retention.period("postcard", on=TODAY)


def refused(row):
    """What is said to whoever deletes a row."""
    with pytest.raises((Refusal, ProtectedError)) as error, transaction.atomic():
        row.delete()
    return getattr(error.value, "message", "protected")


def test_a_customer_with_an_invoice_is_not_deleted(business):
    invoice = make.make_open_invoice()
    assert retention.customer_until(invoice.customer, on=TODAY) == date(2034, 12, 31)
    # what others hang on is held by these first; the last of them by the law itself
    assert [refused(row) for row in (invoice.customer, invoice.order, invoice.order.quote)] == ["protected"] * 3
    with pytest.raises(Refusal, match=r"bis 31\. Dezember 2034 aufbewahrt"):
        retention.refuse_deletion(Invoice, invoice)
    assert Customer.objects.exists() and Invoice.objects.exists() and Quote.objects.exists()


def test_with_an_order_alone_it_is_six_years(business):
    order = make.make_order()
    assert retention.customer_until(order.customer, on=TODAY) == date(2032, 12, 31)
    assert refused(order) == (
        "Das muss bis 31. Dezember 2032 aufbewahrt werden (§ 147 AO). Archivieren Sie es stattdessen."
    )
    business.books_held_until = date(2040, 1, 1)
    assert retention.customer_until(order.customer, on=TODAY) == date(2040, 1, 1)


def test_an_incoming_invoice_is_kept(business):
    row = IncomingInvoice.objects.create(name="a.xml", file="a.xml", sha256="a", syntax="ubl", issued_on=TODAY)
    assert "31. Dezember 2034" in refused(IncomingInvoice.objects.filter(pk=row.pk))
    assert IncomingInvoice.objects.exists()


def test_drafts_and_people_who_only_asked_may_go(business):
    draft = make.make_draft_invoice()
    invoices.delete_draft(draft)
    assert not Invoice.objects.exists()
    make.make_quote().delete()

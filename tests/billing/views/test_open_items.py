"""What customers owe, on any day."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from billing import payments
from tests import make
from tests.billing.views.costs import queries

URL = reverse("billing:open_items")
TODAY = timezone.localdate()


def page(browser, url=URL):
    return browser.get(url).content.decode().replace("\xa0", " ")


@pytest.fixture
def invoice(business):
    with make.days_ago(60):
        return make.make_open_invoice()


def test_sums_and_ages_are_those_of_the_rows(office, invoice):
    html = page(office)
    assert html.count("7.871,85 €") >= 3 and "46 Tage" in html and "31–60 Tage" in html
    payments.record(invoice, amount=Decimal("7900"), received_on=TODAY, by=None, may_exceed=True)
    html = page(office)
    assert "28,15 €" in html and "Guthaben" in html and "46 Tage" not in html


def test_an_earlier_day_is_as_it_was(office, invoice):
    payments.record(invoice, amount=invoice.gross, received_on=TODAY, by=None)
    assert "war nichts offen" in page(office)
    assert "7.871,85 €" in page(office, f"{URL}?am={TODAY - timedelta(days=1)}")
    assert "war nichts offen" in page(office, f"{URL}?am={TODAY - timedelta(days=61)}")


@pytest.mark.parametrize("day", ["gestern", "9999-12-31", "2026-02-30", "2999-01-01"])
def test_days_nobody_knows_are_today(office, invoice, day):
    assert f'value="{TODAY:%Y-%m-%d}"' in page(office, f"{URL}?am={day}")


@pytest.mark.parametrize(("name", "start"), [("open_items_csv", b"\xef\xbb\xbf"), ("open_items_xlsx", b"PK")])
def test_all_of_it_can_be_taken_along(office, invoice, name, start):
    answer = office.get(reverse(f"billing:{name}"), {"am": f"{TODAY - timedelta(days=1)}"})
    content = b"".join(answer.streaming_content)
    assert content.startswith(start)
    assert f"offene-posten-{TODAY - timedelta(days=1)}" in answer["Content-Disposition"]


def test_the_page_costs_the_same_for_any_number_of_invoices(office, invoice):
    cost = queries(office, URL)
    for _n in range(2):
        make.make_open_invoice()
    assert queries(office, URL) == cost <= 6

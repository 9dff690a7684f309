"""What "Heute" says about the limits of § 19 UStG (R27) and about the certificate against the building tax (R19)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Business
from accounts.rights import Role
from billing import invoices, payments
from tests import make

TODAY = reverse("today")


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


@pytest.fixture
def small(business):
    business.small_business_periods.create(valid_from=date(2024, 1, 1))
    return business


def bill(amount, by):
    rows = [make.line("Garten angelegt", "1", amount)]
    invoice = invoices.create(
        make.make_customer(), by=by, title="Garten", lines=rows, service_from=timezone.localdate()
    )
    return invoices.issue(invoice, by=by)


def receive(amount, by, invoice=None):
    invoice = invoice or bill(amount, by)
    payments.record(invoice, amount=Decimal(amount), received_on=timezone.localdate(), by=by)


def panel(browser):
    page = browser.get(TODAY).content.decode()
    return page.split('aria-labelledby="steuergrenzen"')[1].split("</section>")[0] if "steuergrenzen" in page else ""


@pytest.mark.parametrize(
    ("amount", "words"),
    [("79999", ""), ("80000", "80 % der Grenze"), ("93000.50", "93 % der Grenze"), ("100000", "100 % der Grenze")],
)
def test_from_80_percent_on_the_office_is_told(office, owner, small, amount, words):
    receive(amount, owner)
    found = panel(office)
    assert words in found and bool(found) == bool(words)


def test_what_is_left_is_said(office, owner, small):
    receive("84000", owner)
    assert "84.000,00\u00a0€ von 100.000,00\u00a0€" in panel(office) and "16.000,00\u00a0€ bleiben" in panel(office)


def test_who_crossed_it_is_told_since_when(office, owner, small):
    two = [bill("60000", owner), bill("60000", owner)]  # neither alone crosses it
    for invoice in two:
        receive("60000", owner, invoice)
    assert "Grenze für Kleinunternehmer überschritten" in panel(office) and "Seit der Zahlung vom" in panel(office)


def test_the_limit_of_the_year_before(office, small):
    Business.objects.update(prior_year_turnover=Decimal("25000.01"))
    assert "Sie sind kein Kleinunternehmer mehr" in panel(office)


def test_who_charges_tax_has_no_limit(office, owner, business):
    receive("84000", owner)
    assert panel(office) == ""


@pytest.mark.parametrize(
    ("days", "words"),
    [(57, ""), (56, "Freistellungsbescheinigung läuft am"), (0, "läuft am"), (-1, "abgelaufen")],
)
def test_a_certificate_that_runs_out_is_named_eight_weeks_before(office, business, days, words):
    until = timezone.localdate() + timedelta(days=days)
    Business.objects.update(exemption_certificate="FB-1", exemption_valid_until=until)
    found = panel(office)
    assert words in found and bool(found) == bool(words)


def test_a_worker_on_site_does_not_see_it(business):
    Business.objects.update(exemption_certificate="FB-1", exemption_valid_until=timezone.localdate())
    assert panel(make.signed_in_as(Role.FIELD_WORKER)) == ""


def test_it_costs_the_same_for_any_number_of_payments(office, owner, small):
    receive("81000", owner)
    cost = make.count_queries(office, TODAY)
    receive("10", owner)
    receive("10", owner)
    assert make.count_queries(office, TODAY) == cost

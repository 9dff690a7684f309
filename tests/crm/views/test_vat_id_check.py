"""The check of a VAT ID on the page of a contact, and what invoices need to know of him."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import VatIdCheck
from tests import make
from tests.crm.views.test_customer_edit import FIELDS, NONE

TODAY = f"{timezone.localdate()}"


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


@pytest.fixture
def customer(business):
    return make.make_company("Wiener Möbelhaus GmbH", country="AT", vat_id="ATU13585627")


def url(customer):
    return reverse("crm:vat_id_check", args=[customer.pk])


def test_the_answer_is_kept_and_shown(office, customer, owner):
    assert "Noch nicht geprüft." in office.get(customer.get_absolute_url()).content.decode()
    answer = office.post(url(customer), {"result": "valid", "checked_on": TODAY, "request_id": "V-77"})
    assert answer.url == f"{customer.get_absolute_url()}#ust-id"
    assert VatIdCheck.objects.get().by == owner
    page = office.get(customer.get_absolute_url()).content.decode()
    assert "V-77" in page and "Noch nicht geprüft." not in page


@pytest.mark.parametrize(
    "typed", [{"result": "vielleicht", "checked_on": TODAY}, {"result": "valid", "checked_on": ""}, {}]
)
def test_a_mistake_is_said_and_nothing_is_kept(office, customer, typed):
    answer = office.post(url(customer), typed)
    assert answer.status_code == 422 and 'id="ust-id"' in answer.content.decode()
    assert not VatIdCheck.objects.exists()


def test_a_refusal_is_a_sentence(office, customer):
    answer = office.post(url(customer), {"result": "valid", "checked_on": "2999-01-01"})
    assert answer.status_code == 409 and "liegt in der Zukunft" in answer.content.decode()


@pytest.mark.parametrize("vat_id", ["", "DE136695976"])
def test_only_numbers_from_abroad_are_asked_about(office, business, vat_id):
    assert 'id="ust-id"' not in office.get(make.make_company(vat_id=vat_id).get_absolute_url()).content.decode()


def test_the_page_costs_the_same_for_any_number_of_checks(office, customer):
    office.post(url(customer), {"result": "valid", "checked_on": TODAY})
    cost = make.count_queries(office, customer.get_absolute_url())
    for _ in range(2):
        office.post(url(customer), {"result": "valid", "checked_on": TODAY})
    # the timeline's own entries cost nothing more either
    assert make.count_queries(office, customer.get_absolute_url()) == cost


def test_what_invoices_need_is_asked(office, customer):
    typed = {"kind": "business", "company_name": "Hansa Bau", "invoice_by": "post", "builder_certificate": "TG-1",
             "builder_from": "2025-01-01", "builder_until": "2027-12-31", "dunning_stop": "Ratenzahlung"}  # fmt: skip
    office.post(reverse("crm:customer_edit", args=[customer.pk]), FIELDS | NONE | typed)
    customer.refresh_from_db()
    assert (customer.invoice_by, customer.builder_certificate, customer.dunning_stop) == (
        "post",
        "TG-1",
        "Ratenzahlung",
    )
    assert (customer.builder_from, customer.builder_until) == (date(2025, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"builder_certificate": "TG-1"}, ["builder_from", "builder_until"]),
        ({"builder_from": "2026-01-02", "builder_until": "2026-01-01"}, ["builder_until"]),
        ({"invoice_by": "taube"}, ["invoice_by"]),
    ],
)
def test_a_certificate_has_its_days(office, customer, typed, fields):
    answer = office.post(reverse("crm:customer_edit", args=[customer.pk]), FIELDS | NONE | typed)
    assert answer.status_code == 422 and sorted(answer.context["form"].errors) == fields


def test_a_site_may_lie_abroad(office, customer):
    site = {"sites-TOTAL_FORMS": 1, "sites-0-label": "Hütte", "sites-0-street": "Alm 1", "sites-0-postcode": "6020",
            "sites-0-city": "Innsbruck", "sites-0-country": "at"}  # fmt: skip
    office.post(reverse("crm:customer_edit", args=[customer.pk]), FIELDS | NONE | site)
    assert customer.sites.get().country == "AT"

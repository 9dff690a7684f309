"""The page about a contact's privacy: consents, requests, erasing."""

import pytest
from django.urls import reverse
from django.utils import timezone

from crm import consents, disclosures
from crm.models import Consent, Customer, PrivacyRequest
from tests import make


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


@pytest.fixture
def brandt(business):
    return make.make_customer("Brandt", email="sabine@brandt.example")


def url(name, pk):
    return reverse(f"crm:{name}", args=[pk])


def ask(office, customer, kind):
    today = timezone.localdate().isoformat()
    return office.post(url("privacy_ask", customer.pk), {"kind": kind, "received_on": today, "identity": "known"})


def test_what_a_customer_said_is_noted_with_its_words(office, brandt):
    office.post(
        url("consent_note", brandt.pk), {"purpose": "photos", "step": "given", "source": "talk", "note": "Flur"}
    )
    shown = office.get(url("privacy_page", brandt.pk)).content.decode()
    assert consents.allows(brandt, "photos") and "darf Fotos der Arbeiten bei mir" in shown and "Flur" in shown
    assert "Fotos als Referenz zeigen: erteilt" in office.get(brandt.get_absolute_url()).content.decode()


def test_the_office_cannot_note_what_only_the_customers_page_says(office, brandt):
    answer = office.post(url("consent_note", brandt.pk), {"purpose": "photos", "step": "given", "source": "portal"})
    assert answer.status_code == 422 and not Consent.objects.exists()


def test_an_information_is_put_together_and_handed_out(office, brandt, files):
    ask(office, brandt, "information")
    request = PrivacyRequest.objects.get()
    assert office.get(url("privacy_file", request.pk)).status_code == 404
    disclosures.build(request)
    answer = office.get(url("privacy_file", request.pk))
    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert "auskunft-10001-" in answer["Content-Disposition"]
    office.post(url("privacy_answer", request.pk))
    assert "beantwortet am" in office.get(url("privacy_page", brandt.pk)).content.decode()


def test_a_day_to_come_is_refused(office, brandt):
    data = {"kind": "information", "received_on": "2099-01-01", "identity": "known"}
    answer = office.post(url("privacy_ask", brandt.pk), data)
    assert answer.status_code == 422 and "liegt in der Zukunft" in answer.content.decode()


def test_erasing_needs_a_request_and_the_number_typed(office, brandt):
    erase = url("privacy_erase", brandt.pk)
    assert office.post(erase, {"number": "10001"}).status_code == 422
    ask(office, brandt, "erasure")
    shown = office.get(url("privacy_page", brandt.pk)).content.decode()
    assert "Nichts muss bleiben: Der Kontakt wird ganz gelöscht." in shown
    assert office.post(erase, {"number": "10002"}).status_code == 422
    assert office.post(erase, {"number": " 10001 "}).url == reverse("crm:customer_list")
    assert not Customer.objects.exists()


def test_a_restricted_contact_says_until_when(office, business, owner):
    invoice = make.make_open_invoice()
    customer = invoice.customer
    ask(office, customer, "erasure")
    shown = office.get(url("privacy_page", customer.pk)).content.decode()
    assert "Rechnungen und Zahlungen (1)" in shown
    office.post(url("privacy_erase", customer.pk), {"number": customer.number})
    shown = office.get(url("privacy_page", customer.pk)).content.decode()
    assert f"bleibt gesperrt bis 31. Dezember {timezone.localdate().year + 8}" in shown
    assert "Gelöschter Kontakt" not in office.get(reverse("crm:customer_list")).content.decode()

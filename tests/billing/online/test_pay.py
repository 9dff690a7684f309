"""From the invoice to the provider's page and back, and what the provider tells us by itself."""

import re

import pytest

from accounts import current
from billing import tasks
from billing.models import Invoice, OnlinePayment, Payment
from billing.online import keys
from tests import make
from tests.billing.online.conftest import KEYS

pytestmark = pytest.mark.usefixtures("switched_on", "counters")


@pytest.fixture
def link(invoice):
    return make.link_to(invoice)


@pytest.fixture
def visitor(link):
    return make.let_in(link)


@pytest.fixture
def started(visitor, link, fake):
    """The customer pressed "Stripe"."""
    visitor.post(f"/k/{link.public_id}/bezahlen/", {"provider": "stripe"})
    return OnlinePayment.objects.get()


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_the_page_asks_no_provider_and_names_where_the_button_leads(visitor, link, fake):
    answer = visitor.get(f"/k/{link.public_id}/rechnung/")
    text = answer.content.decode()
    assert re.findall(r'name="provider" value="(\w+)"', text) == ["stripe", "paypal"]
    assert "Über Stripe bezahlen" in text
    assert f"Öffnet {fake.url.removeprefix('http://')} mit 7.871,85\xa0€ und der Rechnungsnummer." in text
    assert fake.heard == []
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//', text) == []
    # Chromium holds a form's redirect against form-action: exactly the pages it may lead to
    assert f"form-action 'self' {fake.url} {fake.url};" in answer.headers["Content-Security-Policy"]


def test_only_that_page_may_lead_elsewhere(visitor, link, invoice, owner):
    for account in keys.PaymentAccount.objects.all():
        keys.switch(account, is_on=False, by=owner)
    answer = visitor.get(f"/k/{link.public_id}/rechnung/")
    assert "form-action 'self';" in answer.headers["Content-Security-Policy"]
    assert "Online bezahlen" not in answer.content.decode()


def test_the_button_leads_to_the_providers_page(visitor, link, invoice, fake):
    answer = visitor.post(f"/k/{link.public_id}/bezahlen/", {"provider": "paypal"})
    online = OnlinePayment.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{fake.url}/page/{online.external_id}")
    assert fake.pages[online.external_id]["return_url"] == f"http://127.0.0.1:8000/k/{link.public_id}/bezahlt/"
    # the provider learns amount and number, and nobody's name
    sent = str([heard["json"] for heard in fake.heard])
    assert invoice.number in sent and "Brandt" not in sent and "kunde.example" not in sent


def test_a_page_with_an_address_of_its_own_is_a_link(visitor, link, fake, settings):
    settings.ONLINE_PAYMENT["stripe"]["pages"] = "https://checkout.stripe.com"
    answer = visitor.post(f"/k/{link.public_id}/bezahlen/", {"provider": "stripe"})
    assert answer.status_code == 200
    assert f'href="{OnlinePayment.objects.get().page_url}"' in answer.content.decode()


def test_a_provider_that_is_away_is_told_in_words(visitor, link, fake):
    fake.is_down = True
    answer = visitor.post(f"/k/{link.public_id}/bezahlen/", {"provider": "stripe"})
    assert answer.status_code == 503
    assert "Stripe ist gerade nicht zu erreichen." in answer.content.decode()
    assert "Sie können überweisen." in answer.content.decode()
    for provider in ("", "bank", "stripe' OR 1=1"):
        assert visitor.post(f"/k/{link.public_id}/bezahlen/", {"provider": provider}).status_code == 409


def test_coming_back_proves_nothing(visitor, link, invoice, started, woken):
    address = f"/k/{link.public_id}/bezahlt/"
    page = visitor.get(f"{address}?session_id=x&paid=1").content.decode()
    assert "Wir fragen bei Stripe nach." in page
    assert "js/paid.js" in page and "http-equiv" not in page
    assert ("billing.tasks.settle_online_payment", started.pk) in woken
    assert visitor.post(address).headers["Location"] == address
    assert fresh(invoice).state == Invoice.State.OPEN


def test_without_script_the_button_finds_out(visitor, link, invoice, started, fake):
    fake.pay(started.external_id)
    address = f"/k/{link.public_id}/bezahlt/"
    assert visitor.post(address).status_code == 303
    assert visitor.get(address).headers["Location"] == f"/k/{link.public_id}/rechnung/"
    assert "bezahlt am" in visitor.get(f"/k/{link.public_id}/rechnung/").content.decode()
    assert Payment.objects.get(invoice=invoice).method == "online"


def test_what_came_to_nothing_is_said(visitor, link, started, fake):
    fake.pages[started.external_id]["state"] = "expired"
    visitor.post(f"/k/{link.public_id}/bezahlt/")
    text = visitor.get(f"/k/{link.public_id}/bezahlt/").content.decode()
    assert "Es ist keine Zahlung angekommen." in text
    fake.is_down = True
    assert visitor.get(f"/k/{link.public_id}/bezahlt/").status_code == 200


def test_a_provider_that_does_not_answer_afterwards_is_asked_again(visitor, link, started, fake):
    fake.is_down = True
    answer = visitor.post(f"/k/{link.public_id}/bezahlt/")
    assert answer.status_code == 503
    assert "Sie müssen nichts tun" in answer.content.decode()


def test_without_any_payment_begun_there_is_nothing_to_come_back_from(visitor, link):
    assert visitor.get(f"/k/{link.public_id}/bezahlt/").headers["Location"] == f"/k/{link.public_id}/rechnung/"


def message(business, body, headers, provider="stripe"):
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    address = f"/zahlungsmeldung/{business.slug}/{provider}/"
    return (
        make.Browser(enforce_csrf_checks=True).post(address, body, content_type="application/json", **named).status_code
    )


def test_a_message_with_its_signature_has_the_provider_asked(
    business,
    invoice,
    started,
    fake,
    woken,
    django_capture_on_commit_callbacks,
):
    fake.pay(started.external_id)
    signed = fake.stripe_message(started.external_id, KEYS["stripe"]["webhook_secret"])
    with django_capture_on_commit_callbacks(execute=True):
        assert [message(business, *signed) for _ in range(2)] == [204, 204]
    assert woken.count(("billing.tasks.settle_online_payment", started.pk)) == 2
    for _task, pk in woken[-2:]:
        tasks.settle_online_payment(pk)
    assert Payment.objects.filter(invoice=invoice).count() == 1
    assert message(business, *signed) == 204  # told once more, long after


def test_a_message_that_proves_nothing_is_refused(business, started, fake):
    body, headers = fake.stripe_message(started.external_id, "whsec_guessed")
    assert message(business, body, headers) == 403
    assert message(business, body, {}) == 403
    assert message(business, body, headers, provider="bank") == 403
    assert message(business, b"x" * 300_000, headers) == 413
    assert make.Browser().get(f"/zahlungsmeldung/{business.slug}/stripe/").status_code == 405
    business.slug = "niemand"
    assert message(business, body, headers) == 404


def test_a_message_while_paypal_cannot_verify_it_is_told_again(business, fake):
    body, headers = fake.paypal_message("ORDER1")
    fake.is_down = True
    assert message(business, body, headers, provider="paypal") == 503


def test_messages_by_the_thousand_are_stopped(business, monkeypatch):
    monkeypatch.setattr("billing.online.payments.MOST_MESSAGES", 2)
    assert [message(business, b"{}", {}) for _ in range(3)] == [403, 403, 429]


def test_the_link_of_another_customer_neither_pays_nor_looks(visitor, link, started):
    with current.working_for(make.make_business("Andere")):
        other = make.link_to(make.make_open_invoice())
    stranger = make.let_in(other)
    for answer in (stranger.post(f"/k/{link.public_id}/bezahlen/"), stranger.get(f"/k/{link.public_id}/bezahlt/")):
        assert answer.status_code == 404


def test_the_privacy_notice_names_who_gets_data_while_it_is_switched_on(business, owner, client):
    address = f"/datenschutz/{business.slug}/"
    assert "die Seite des Anbieters (PayPal, Stripe)." in client.get(address).content.decode()
    for account in keys.PaymentAccount.objects.all():
        keys.switch(account, is_on=False, by=owner)
    assert "Online bezahlen" not in client.get(address).content.decode()

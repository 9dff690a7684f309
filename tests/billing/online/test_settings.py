"""The settings page "Online bezahlen": keys in, never out; tried, switched on, taken away."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from billing.models import PaymentAccount
from billing.online import keys
from tests import make
from tests.billing.online.conftest import KEYS

PAGE = "/einstellungen/online-bezahlen/"


@pytest.fixture
def office(fake, owner):
    return make.reauthenticated(make.signed_in(owner))


def typed(provider="stripe", **changes):
    return {
        "provider": provider,
        **{f"{provider}-{name}": value for name, value in {**KEYS[provider], **changes}.items()},
    }


def page(office):
    return office.get(PAGE).content.decode()


def said(answer):
    return answer.content.decode()


def test_at_first_both_are_off_and_customers_see_nothing_of_it(office):
    text = page(office)
    assert text.count("nicht eingerichtet") == 2
    assert "Nichts davon, solange kein Anbieter eingeschaltet ist." in text
    assert f"/zahlungsmeldung/{make.current.business().slug}/stripe/" in text


def test_from_the_keys_to_switched_on(office, fake):
    assert office.post(f"{PAGE}schluessel/", typed()).headers["Location"] == PAGE
    text = page(office)
    assert "noch nicht geprüft" in text and "zum Probieren" in text
    for value in KEYS["stripe"].values():
        assert value not in text
    assert office.post(f"{PAGE}schalten/", {"provider": "stripe", "on": "1"}).status_code == 409
    assert office.post(f"{PAGE}pruefen/", {"provider": "stripe"}).headers["Location"] == PAGE
    assert "Stripe nimmt die Schlüssel an." in page(office)
    office.post(f"{PAGE}schalten/", {"provider": "stripe", "on": "1"})
    text = page(office)
    assert "Kunden können jetzt über Stripe bezahlen." in text
    assert "Knopf „Über Stripe bezahlen“" in text
    log = AuditEntry.objects.filter(event="payments_changed").order_by("pk")
    assert [entry.facts["after"] for entry in log] == ["neue Schlüssel", "eingeschaltet"]
    office.post(f"{PAGE}schalten/", {"provider": "stripe", "on": "0"})
    office.post(f"{PAGE}entfernen/", {"provider": "stripe"})
    assert PaymentAccount.objects.get().credentials == ""
    assert page(office).count("nicht eingerichtet") == 2


def test_a_wrong_key_names_its_field_and_stays_to_be_mended(office):
    answer = office.post(f"{PAGE}schluessel/", typed(secret_key="pk_live_7"))
    assert answer.status_code == 422
    text = said(answer)
    assert '<a href="#id_stripe-secret_key">Das ist ein anderer Schlüssel. Dieser beginnt mit „sk_“.</a>' in text
    assert text.count("<details open>") == 2  # this one, and PayPal, which has none yet


def test_a_provider_that_says_no_or_nothing(office, fake):
    office.post(f"{PAGE}schluessel/", typed("paypal"))
    fake.refuses_keys = True
    answer = office.post(f"{PAGE}pruefen/", {"provider": "paypal"})
    assert answer.status_code == 409 and "PayPal nimmt diese Schlüssel nicht an." in said(answer)
    fake.is_down = True
    answer = office.post(f"{PAGE}pruefen/", {"provider": "paypal"})
    assert answer.status_code == 409 and "PayPal antwortet gerade nicht." in said(answer)


def test_a_key_left_empty_keeps_the_stored_one(office, switched_on):
    office.post(f"{PAGE}schluessel/", typed(secret_key="", webhook_secret="whsec_new"))
    account = keys.account_of("stripe")
    assert keys.adapter_of(account).keys == {"secret_key": KEYS["stripe"]["secret_key"], "webhook_secret": "whsec_new"}
    assert account.is_on  # the same account at Stripe


def test_keys_are_for_who_has_just_said_the_password_again(fake, owner):
    office = make.signed_in(owner)
    for step in ("schluessel", "schalten", "entfernen"):
        answer = office.post(f"{PAGE}{step}/", typed())
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not PaymentAccount.objects.exclude(credentials="").exists()


def test_who_is_no_provider_is_unknown(office):
    for step in ("schluessel", "pruefen", "schalten", "entfernen"):
        assert office.post(f"{PAGE}{step}/", {"provider": "bank"}).status_code == 404
    assert office.post(f"{PAGE}pruefen/", {"provider": "stripe"}).status_code == 409

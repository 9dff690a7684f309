"""Stripe and PayPal, against exchanges as their references describe them: what we send, and what we make of the answers."""

import json
import time
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from billing.online import exchange
from billing.online.interface import Answer, Declined, Forged, Page, State, Unreachable, Wish, WrongKeys
from billing.online.paypal import PayPal
from billing.online.stripe import Stripe
from tests.billing.online.conftest import KEYS
from tests.billing.online.fake import recorded

STRIPE_ID, PAYPAL_ID = "cs_test_a11Y", "5O190127TN364715T"
WISH = Wish(
    key="b1946ac92492d234",
    amount=Decimal("7871.85"),
    number="RE-2027-0019",
    text="Rechnung RE-2027-0019",
    seller="Tischlerei Haselbach",
    language="de",
    return_url="https://portal.example/k/abc/bezahlt/",
    cancel_url="https://portal.example/k/abc/rechnung/",
    expires_at=datetime.fromtimestamp(1801130400, UTC),
)
AMOUNT = Decimal("7871.85")


@pytest.fixture
def stripe(fake):
    return Stripe(KEYS["stripe"], api=fake.url)


@pytest.fixture
def paypal(fake):
    return PayPal(KEYS["paypal"], api=fake.url + "/")


def was_sent(fake, provider, name):
    """The newest request is the recorded one."""
    wanted, heard = recorded(provider)[name]["request"], fake.heard[-1]
    assert heard["played"] == f"{provider}: {name}"
    assert (heard["method"], heard["path"]) == (wanted["method"], wanted["path"])
    assert {header: heard["headers"].get(header) for header in wanted["headers"]} == wanted["headers"]
    for kind in ("form", "json"):
        if kind in wanted:
            assert heard[kind] == wanted[kind]


def test_stripe_makes_a_page(fake, stripe):
    fake.play("stripe", "start")
    made = recorded("stripe")["start"]["response"]["body"]
    assert stripe.start(WISH) == Page(made["id"], made["url"])
    was_sent(fake, "stripe", "start")


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("paid", Answer(State.PAID, AMOUNT, "EUR", "pi_3MtwBwLkdIwHu7ix28a3tqPa")),
        ("on its way", Answer(State.WAITING)),
        ("debit came back", Answer(State.FAILED)),
        ("expired", Answer(State.FAILED)),
    ],
)
def test_stripe_says_what_became_of_it(fake, stripe, name, answer):
    fake.play("stripe", name)
    assert stripe.ask(STRIPE_ID) == answer
    was_sent(fake, "stripe", name)


def test_a_page_at_stripe_is_closed_once(fake, stripe):
    fake.play("stripe", "closed", "closed too late")
    stripe.close(STRIPE_ID)
    was_sent(fake, "stripe", "closed")
    stripe.close(STRIPE_ID)


def test_stripes_keys_are_tried_without_any_effect(fake, stripe):
    fake.play("stripe", "key works", "wrong key")
    stripe.check()
    was_sent(fake, "stripe", "key works")
    with pytest.raises(WrongKeys, match="Invalid API Key"):
        stripe.check()


def test_a_message_of_stripe_is_believed_with_its_signature(fake, stripe):
    body, headers = fake.stripe_message(STRIPE_ID, "whsec_haselbach")
    assert stripe.heard(body, headers) == STRIPE_ID


@pytest.mark.parametrize(
    "forged", ["other secret", "changed", "old", "of the future", "without", "strange", "no secret"]
)
def test_a_message_of_stripe_is_not_believed_otherwise(fake, stripe, forged):
    late = {"old": time.time() - 301, "of the future": time.time() + 330}
    body, headers = fake.stripe_message(
        STRIPE_ID, "whsec_other" if forged == "other secret" else "whsec_haselbach", at=late.get(forged)
    )
    body = body + b" " if forged == "changed" else body
    headers = {"without": {}, "strange": {"Stripe-Signature": "t=é,v1=,=,v1"}}.get(forged, headers)
    adapter = Stripe({"secret_key": "sk_test_1"}, api=fake.url) if forged == "no secret" else stripe
    with pytest.raises(Forged):
        adapter.heard(body, headers)


def test_a_message_of_stripe_about_something_else_is_about_nothing(fake, stripe):
    assert stripe.heard(*fake.stripe_message("ch_1", "whsec_haselbach", kind="charge")) == ""


def test_paypal_makes_a_page(fake, paypal):
    fake.play("paypal", "token", "start")
    assert paypal.start(WISH) == Page(PAYPAL_ID, f"https://www.paypal.com/checkoutnow?token={PAYPAL_ID}")
    was_sent(fake, "paypal", "start")
    token = recorded("paypal")["token"]
    assert fake.heard[-1]["headers"]["Authorization"] == f"Bearer {token['response']['body']['access_token']}"
    fake.heard.pop()
    was_sent(fake, "paypal", "token")


@pytest.mark.parametrize(
    ("names", "answer"),
    [
        (["approved"], Answer(State.APPROVED)),
        (["completed"], Answer(State.PAID, AMOUNT, "EUR", "3C679366HH908993F")),
        (["forgotten"], Answer(State.FAILED)),
    ],
)
def test_paypal_says_what_became_of_it(fake, paypal, names, answer):
    fake.play("paypal", "token", *names)
    assert paypal.ask(PAYPAL_ID) == answer
    was_sent(fake, "paypal", names[-1])


@pytest.mark.parametrize(
    ("names", "answer"),
    [
        (["taken"], Answer(State.PAID, AMOUNT, "EUR", "3C679366HH908993F")),
        (["pending"], Answer(State.WAITING)),
        (["declined card"], Answer(State.FAILED)),
        (["not approved yet"], Answer(State.WAITING)),
        (["already taken", "completed"], Answer(State.PAID, AMOUNT, "EUR", "3C679366HH908993F")),
    ],
)
def test_what_was_approved_at_paypal_is_taken_once(fake, paypal, names, answer):
    fake.play("paypal", "token", *names)
    assert paypal.take(PAYPAL_ID) == answer
    was_sent(fake, "paypal", names[-1])


def test_paypals_keys_are_tried_without_any_effect(fake, paypal):
    fake.play("paypal", "token", "wrong keys")
    paypal.check()
    was_sent(fake, "paypal", "token")
    with pytest.raises(WrongKeys):
        PayPal(KEYS["paypal"], api=fake.url).check()


@pytest.mark.parametrize("name", ["message", "message of a capture"])
def test_a_message_of_paypal_is_believed_when_paypal_says_so(fake, paypal, name):
    body, headers = fake.paypal_message(PAYPAL_ID, name)
    fake.play("paypal", "token", "verified")
    assert paypal.heard(body, headers) == PAYPAL_ID
    assert fake.heard[-1]["json"]["webhook_event"] == json.loads(body)
    assert fake.heard[-1]["json"]["webhook_id"] == KEYS["paypal"]["webhook_id"]
    fake.play("paypal", "not verified")
    with pytest.raises(Forged):
        paypal.heard(body, headers)


def test_a_message_of_paypal_without_signature_is_not_even_asked_about(fake, paypal):
    body, headers = fake.paypal_message(PAYPAL_ID)
    unsigned = PayPal({"client_id": "a", "client_secret": "b"}, api=fake.url)
    for adapter, sent, with_headers in (
        (paypal, body, {}),
        (unsigned, body, headers),
        (paypal, b"[1]", headers),
        (paypal, b"{", headers),
    ):
        with pytest.raises(Forged):
            adapter.heard(sent, with_headers)
    assert fake.heard == []


def test_a_provider_that_is_away_is_unreachable_and_nothing_else(fake, stripe, monkeypatch):
    fake.is_down = True
    with pytest.raises(Unreachable):
        stripe.ask(STRIPE_ID)
    with pytest.raises(Unreachable):
        Stripe(KEYS["stripe"], api="http://127.0.0.1:9").check()
    fake.is_down = False
    monkeypatch.setattr(exchange, "LONGEST", 5)  # half an answer is none
    with pytest.raises(Unreachable):
        stripe.check()


def test_what_a_provider_refuses_is_declined(fake, paypal):
    fake.play("paypal", "token", "declined card")
    with pytest.raises(Declined):
        paypal.start(WISH)

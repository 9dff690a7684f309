"""Stripe Checkout: a Checkout Session is the page, `payment_status` says whether it was paid.

https://docs.stripe.com/api/checkout/sessions, https://docs.stripe.com/webhooks#verify-manually
"""

import hashlib
import hmac
import json
import time
from contextlib import suppress
from decimal import Decimal
from urllib.parse import quote, urlencode

from billing.online import exchange
from billing.online.interface import Answer, Declined, Forged, Page, Provider, State, Unreachable, Wish

VERSION = "2024-06-20"  # of the API: what is read here does not change with the account's default
TOLERANCE = 300  # seconds a signature may be old
SESSIONS = "/v1/checkout/sessions"
OVER = {"requires_payment_method", "canceled"}  # states of a payment of which nothing comes any more


class Stripe(Provider):
    """An account at Stripe: a secret or restricted key, and the signing secret of its webhook."""

    SMALLEST, LARGEST = Decimal("0.50"), Decimal("999999.99")
    NEEDED, FURTHER = ("secret_key",), ("webhook_secret",)

    @property
    def is_test(self):
        return "_test_" in self.keys["secret_key"]

    def check(self):
        exchange.accepted(self._send("GET", f"{SESSIONS}?limit=1"))

    def start(self, wish: Wish) -> Page:
        form = {
            "mode": "payment",
            "line_items[0][quantity]": "1",
            "line_items[0][price_data][currency]": "eur",
            "line_items[0][price_data][unit_amount]": str(cents(wish.amount)),
            "line_items[0][price_data][product_data][name]": wish.text,
            "client_reference_id": wish.number,
            "payment_intent_data[description]": wish.text,
            "locale": wish.language,
            "success_url": wish.return_url,
            "cancel_url": wish.cancel_url,
            "expires_at": str(int(wish.expires_at.timestamp())),
        }
        said = exchange.accepted(self._send("POST", SESSIONS, form, key=wish.key))
        if not said.get("url"):
            raise Unreachable("no page")
        return Page(said["id"], said["url"])

    def ask(self, external_id: str) -> Answer:
        reply = self._send("GET", f"{SESSIONS}/{quote(external_id, safe='')}?expand%5B%5D=payment_intent")
        if reply.status == 404:
            return Answer(State.FAILED)
        return _answer(exchange.accepted(reply))

    def close(self, external_id: str) -> None:
        with suppress(Declined):  # it was paid or had expired: asking will tell
            exchange.accepted(self._send("POST", f"{SESSIONS}/{quote(external_id, safe='')}/expire", {}))

    def heard(self, body, headers) -> str:
        verify(body, headers.get("Stripe-Signature", ""), self.keys.get("webhook_secret", ""))
        try:
            about = json.loads(body)["data"]["object"]
            return about["id"] if about["object"] == "checkout.session" else ""
        except (ValueError, KeyError, TypeError):
            return ""

    def _send(self, method, path, form=None, *, key=""):
        headers = {"Authorization": f"Bearer {self.keys['secret_key']}", "Stripe-Version": VERSION}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if key:
            headers["Idempotency-Key"] = key
        body = None if form is None else urlencode(form).encode()
        return exchange.send(method, self.api + path, headers=headers, body=body)


def cents(amount: Decimal) -> int:
    """Euros as Stripe counts them."""
    return int(amount * 100)


def verify(body: bytes, signature: str, secret: str, *, now: float | None = None) -> None:
    """Raise Forged unless one of the signatures in the header is the HMAC of "time.body", made in the last five minutes."""
    parts = [part.strip().partition("=") for part in signature.split(",")]
    made_at = next((value for name, _sign, value in parts if name == "t"), "")
    if not secret or not made_at.isdecimal() or len(made_at) > 12:
        raise Forged("no signature")
    if abs((time.time() if now is None else now) - int(made_at)) > TOLERANCE:
        raise Forged("too old")
    wanted = hmac.new(secret.encode(), made_at.encode() + b"." + body, hashlib.sha256).hexdigest().encode()
    if not any(hmac.compare_digest(wanted, value.encode()) for name, _sign, value in parts if name == "v1"):
        raise Forged("wrong signature")


def _answer(session) -> Answer:
    intent = session.get("payment_intent")
    known = intent if isinstance(intent, dict) else {}
    if session.get("payment_status") == "paid":
        amount = Decimal(session["amount_total"]) / 100
        return Answer(State.PAID, amount, session["currency"].upper(), known.get("id", ""))
    is_over = session.get("status") == "complete" and known.get("status") in OVER
    return Answer(State.FAILED if is_over or session.get("status") == "expired" else State.WAITING)

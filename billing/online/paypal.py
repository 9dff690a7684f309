"""PayPal: an order is the page; once the customer approved it we capture it, and only captured money is paid.

https://developer.paypal.com/docs/api/orders/v2/, https://developer.paypal.com/api/webhooks/v1/verify-webhook-signature-post
"""

import base64
import json
from decimal import Decimal
from urllib.parse import quote

from billing.online import exchange
from billing.online.interface import Answer, Declined, Forged, Page, Provider, State, Unreachable, Wish

ORDERS = "/v2/checkout/orders"
SIGNED = {
    "auth_algo": "PayPal-Auth-Algo",
    "cert_url": "PayPal-Cert-Url",
    "transmission_id": "PayPal-Transmission-Id",
    "transmission_sig": "PayPal-Transmission-Sig",
    "transmission_time": "PayPal-Transmission-Time",
}
# why a capture may be refused although the customer can still pay on that page, or has paid
STILL_OPEN = {"ORDER_NOT_APPROVED", "PAYER_ACTION_REQUIRED"}
ALREADY = "ORDER_ALREADY_CAPTURED"
LOCALES = {"de": "de-DE", "en": "en-GB"}


class PayPal(Provider):
    """An account at PayPal: client id and secret of an app, and the id of its webhook."""

    SMALLEST, LARGEST = Decimal("0.01"), Decimal("999999.99")
    NEEDED, FURTHER = ("client_id", "client_secret"), ("webhook_id",)

    _token = ""

    @property
    def is_test(self):
        return "sandbox" in self.api

    def check(self):
        self._authorization()

    def start(self, wish: Wish) -> Page:
        order = {
            "intent": "CAPTURE",
            "purchase_units": [
                {
                    # not invoice_id: PayPal takes each only once, and an invoice may be paid in parts
                    "custom_id": wish.number[:127],
                    "description": wish.text[:127],
                    "amount": {"currency_code": "EUR", "value": f"{wish.amount:.2f}"},
                }
            ],
            "payment_source": {
                "paypal": {
                    "experience_context": {
                        "brand_name": wish.seller[:127],
                        "locale": LOCALES.get(wish.language, "de-DE"),
                        "shipping_preference": "NO_SHIPPING",
                        "user_action": "PAY_NOW",
                        "return_url": wish.return_url,
                        "cancel_url": wish.cancel_url,
                    }
                }
            },
        }
        said = exchange.accepted(self._send("POST", ORDERS, order, key=wish.key))
        links = {link.get("rel"): link.get("href") for link in said.get("links", [])}
        url = links.get("payer-action") or links.get("approve")
        if not url:
            raise Unreachable("no page")
        return Page(said["id"], url)

    def ask(self, external_id: str) -> Answer:
        reply = self._send("GET", f"{ORDERS}/{quote(external_id, safe='')}")
        if reply.status == 404:  # PayPal forgets what was not approved within hours
            return Answer(State.FAILED)
        return _answer(exchange.accepted(reply))

    def take(self, external_id: str) -> Answer:
        path = f"{ORDERS}/{quote(external_id, safe='')}/capture"
        # without an id of the request: PayPal would repeat an earlier no, and takes the same order only once anyway
        reply = self._send("POST", path, {})
        if reply.status < 400:
            return _answer(reply.said)
        issues = {detail.get("issue") for detail in reply.said.get("details", [])}
        if ALREADY in issues:
            return self.ask(external_id)
        if issues & STILL_OPEN:
            return Answer(State.WAITING)
        if reply.status == 422 and issues:  # the card was refused, for example: the customer begins anew
            return Answer(State.FAILED)
        raise Declined(exchange.why(reply))

    def heard(self, body, headers) -> str:
        asked = {name: headers.get(header, "") for name, header in SIGNED.items()}
        asked["webhook_id"] = self.keys.get("webhook_id", "")
        try:
            event, text = json.loads(body), body.decode()
        except ValueError:
            raise Forged("no JSON") from None
        if not all(asked.values()) or not isinstance(event, dict):
            raise Forged("no signature")
        # the message goes back as it came: written anew it would not be what was signed
        sent = f'{json.dumps(asked)[:-1]}, "webhook_event": {text}}}'.encode()
        said = exchange.accepted(self._send("POST", "/v1/notifications/verify-webhook-signature", sent))
        if said.get("verification_status") != "SUCCESS":
            raise Forged("wrong signature")
        return _about(event)

    def _send(self, method, path, content=None, *, key=""):
        headers = {"Authorization": self._authorization(), "Content-Type": "application/json"}
        if method == "POST":
            headers["Prefer"] = "return=representation"
        if key:
            headers["PayPal-Request-Id"] = key
        body = content if isinstance(content, bytes) or content is None else json.dumps(content).encode()
        return exchange.send(method, self.api + path, headers=headers, body=body)

    def _authorization(self):
        if not self._token:
            keys = f"{self.keys['client_id']}:{self.keys['client_secret']}".encode()
            headers = {
                "Authorization": f"Basic {base64.b64encode(keys).decode()}",
                "Content-Type": "application/x-www-form-urlencoded",
            }
            reply = exchange.send(
                "POST", f"{self.api}/v1/oauth2/token", headers=headers, body=b"grant_type=client_credentials"
            )
            self._token = exchange.accepted(reply)["access_token"]
        return f"Bearer {self._token}"


def _answer(order) -> Answer:
    captures = [
        capture for unit in order.get("purchase_units", []) for capture in unit.get("payments", {}).get("captures", [])
    ]
    came = [capture for capture in captures if capture["status"] == "COMPLETED"]
    if came:
        amount = sum((Decimal(capture["amount"]["value"]) for capture in came), Decimal("0.00"))
        return Answer(State.PAID, amount, came[0]["amount"]["currency_code"], came[0]["id"])
    if any(capture["status"] == "PENDING" for capture in captures):
        return Answer(State.WAITING)
    if captures or order.get("status") == "VOIDED":
        return Answer(State.FAILED)
    return Answer(State.APPROVED if order.get("status") == "APPROVED" else State.WAITING)


def _about(event) -> str:
    about = event.get("resource")
    if not isinstance(about, dict):
        return ""
    if str(event.get("event_type", "")).startswith("CHECKOUT.ORDER."):
        return str(about.get("id", ""))
    related = about.get("supplementary_data", {}).get("related_ids", {})
    return str(related.get("order_id", ""))

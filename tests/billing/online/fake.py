"""The HTTP side of both providers on this machine: one server thread that plays recorded exchanges (recorded/*.json) one by
one, or, with nothing left to play, behaves as the providers do: pages are made, paid, closed, asked about.
"""

import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

RECORDED = Path(__file__).parent / "recorded"


def recorded(provider: str) -> dict:
    """The exchanges with a provider, by name."""
    return json.loads((RECORDED / f"{provider}.json").read_text())


class Fake:
    """Both providers. `heard` are the requests, newest last; `is_down` makes every answer a 503."""

    def __init__(self):
        fake = self
        self.script, self.heard, self.pages, self.by_key = [], [], {}, {}
        self.is_down, self.refuses_keys = False, False
        self.lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                fake._answer(self)

            def do_POST(self):
                fake._answer(self)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def settings(self) -> dict:
        """What settings.ONLINE_PAYMENT has to be."""
        return {name: {"api": self.url, "pages": self.url} for name in ("stripe", "paypal")}

    def play(self, provider: str, *names: str) -> None:
        """The next answers, as recorded."""
        self.script += [(f"{provider}: {name}", recorded(provider)[name]) for name in names]

    # --- what customers do on the page ----------------------------------------------------------------------------------
    def pay(self, external_id: str, cents: int | None = None, currency: str = "eur") -> None:
        """The customer pays (Stripe), or approves (PayPal)."""
        page = self.pages[external_id]
        page["cents"] = page["cents"] if cents is None else cents
        page["currency"], page["state"] = currency, "approved" if page["provider"] == "paypal" else "paid"

    def stripe_message(
        self, external_id: str, secret: str, *, at: float | None = None, kind="checkout.session"
    ) -> tuple[bytes, dict]:
        """Body and headers of what Stripe sends after a payment; `kind` is what it is about."""
        message = recorded("stripe")["message"]
        message["data"]["object"] |= {"id": external_id, "object": kind}
        body, made_at = json.dumps(message).encode(), int(at or time.time())
        mac = hmac.new(secret.encode(), f"{made_at}.".encode() + body, hashlib.sha256).hexdigest()
        return body, {"Stripe-Signature": f"t={made_at},v1={'0' * 64},v1={mac}"}

    def paypal_message(self, external_id: str, name="message") -> tuple[bytes, dict]:
        """Body and headers of what PayPal sends."""
        message = recorded("paypal")[name]
        text = json.dumps(message).replace("5O190127TN364715T", external_id)
        names = ("Auth-Algo", "Cert-Url", "Transmission-Id", "Transmission-Sig", "Transmission-Time")
        return text.encode(), {f"PayPal-{name}": "x1" for name in names}

    # --- the server's side ----------------------------------------------------------------------------------------------
    def _answer(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        path, kind = handler.path, handler.headers.get("Content-Type", "")
        form = dict(parse_qsl(body.decode(), keep_blank_values=True)) if "form" in kind else None
        content = json.loads(body) if "json" in kind and body else None
        heard = {
            "method": handler.command,
            "path": path,
            "headers": handler.headers,
            "form": form,
            "json": content,
        }
        with self.lock:
            self.heard.append(heard)
            if path.startswith("/page/"):
                return self._page(handler, urlsplit(path).path.removeprefix("/page/"))
            if self.is_down:
                status, said = 503, {}
            elif self.refuses_keys:
                status, said = 401, {"error": {"message": "Invalid API Key"}}
            elif self.script:
                heard["played"], exchange = self.script.pop(0)
                status, said = exchange["response"]["status"], exchange["response"]["body"]
            else:
                status, said = self._behave(heard)
        self._send(handler, status, "application/json", json.dumps(said).encode())
        return None

    def _send(self, handler, status, kind, content, **headers):
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    def _page(self, handler, external_id):
        """The hosted page: one button that pays and leads back, as seen by the browser test."""
        page = self.pages[external_id]
        if handler.command == "POST":
            self.pay(external_id)
            return self._send(handler, 303, "text/plain", b"", Location=page["return_url"])
        text = (
            f"<!doctype html><title>Fake</title><h1>{page['cents']}</h1><form method=post><button>Pay</button></form>"
        )
        return self._send(handler, 200, "text/html", text.encode())

    def _behave(self, heard):
        method, path = heard["method"], urlsplit(heard["path"]).path
        parts = path.strip("/").split("/")
        if path == "/v1/checkout/sessions" and method == "GET":
            return 200, recorded("stripe")["key works"]["response"]["body"]
        if path == "/v1/checkout/sessions":
            form = heard["form"]
            key, cents = heard["headers"]["Idempotency-Key"], int(form["line_items[0][price_data][unit_amount]"])
            return 200, self._session(self._made("stripe", key, cents, form["success_url"]))
        if path.startswith("/v1/checkout/sessions/"):
            page = self.pages.get(parts[3])
            if page is None:
                return 404, {"error": {"message": "No such checkout.session"}}
            if parts[-1] == "expire":
                if page["state"] != "open":
                    return 400, recorded("stripe")["closed too late"]["response"]["body"]
                page["state"] = "expired"
            return 200, self._session(page)
        if path == "/v1/oauth2/token":
            return 200, recorded("paypal")["token"]["response"]["body"]
        if path == "/v1/notifications/verify-webhook-signature":
            return 200, {"verification_status": "SUCCESS"}
        if path == "/v2/checkout/orders":
            wish, key = heard["json"], heard["headers"]["PayPal-Request-Id"]
            context = wish["payment_source"]["paypal"]["experience_context"]
            cents = int(wish["purchase_units"][0]["amount"]["value"].replace(".", ""))
            return 200, self._order(self._made("paypal", key, cents, context["return_url"]))
        page = self.pages.get(parts[3]) if len(parts) > 3 else None
        if page is None:
            return 404, recorded("paypal")["forgotten"]["response"]["body"]
        if parts[-1] == "capture":
            if page["state"] == "paid":
                return 422, recorded("paypal")["already taken"]["response"]["body"]
            if page["state"] != "approved":
                return 422, {"details": [{"issue": "ORDER_NOT_APPROVED"}]}
            page["state"] = "paid"
        return 200, self._order(page)

    def _made(self, provider, key, cents, return_url):
        if key not in self.by_key:
            external_id = f"{'cs_test_' if provider == 'stripe' else 'ORDER'}{len(self.pages) + 1}"
            self.by_key[key] = self.pages[external_id] = {
                "id": external_id, "provider": provider, "cents": cents, "currency": "eur", "state": "open",
                "return_url": return_url,
            }  # fmt: skip
        return self.by_key[key]

    def _session(self, page):
        is_paid = page["state"] == "paid"
        return recorded("stripe")["paid" if is_paid else "start"]["response"]["body"] | {
            "id": page["id"], "amount_total": page["cents"], "currency": page["currency"],
            "status": "complete" if is_paid else page["state"], "url": None if is_paid else f"{self.url}/page/{page['id']}",
        }  # fmt: skip

    def _order(self, page):
        amount = {"currency_code": page["currency"].upper(), "value": f"{page['cents'] / 100:.2f}"}
        captures = [{"id": f"CAPTURE{page['id']}", "status": "COMPLETED", "amount": amount}]
        return {
            "id": page["id"],
            "status": {"open": "PAYER_ACTION_REQUIRED", "approved": "APPROVED", "paid": "COMPLETED"}[page["state"]],
            "purchase_units": [{"payments": {"captures": captures}} if page["state"] == "paid" else {"amount": amount}],
            "links": [{"rel": "payer-action", "href": f"{self.url}/page/{page['id']}"}],
        }

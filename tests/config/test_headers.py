"""Headers every answer carries."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/healthz", "/konto/login/", "/l/unbekannt/", "/gibt-es-nicht/"])
def test_policy_and_cache_rules(client, path):
    headers = client.get(path).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert {"private", "no-store"} <= set(headers["Cache-Control"].split(", "))
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_german_is_shown_whatever_the_browser_prefers(client):
    page = client.get("/konto/login/", headers={"accept-language": "en-US,en;q=0.9"})
    assert page.headers["Content-Language"] == "de"
    assert '<html lang="de"' in page.content.decode()


def test_english_is_shown_on_wish(client):
    client.post("/sprache/", {"language": "en", "next": "/konto/login/"})
    assert '<html lang="en"' in client.get("/konto/login/").content.decode()

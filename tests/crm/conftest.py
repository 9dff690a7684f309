"""A real browser for the pages of contacts whose script has something to lose."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests import make


@pytest.fixture
def open_page(live_server, monkeypatch):
    """Opens a browser page in which a member has signed in."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright runs a loop in this thread
    chromium = shutil.which("chromium")
    assert chromium, "apt-get install chromium (bin/setup --dev does it)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])

        def open_for(member, **options):
            context = browser.new_context(base_url=live_server.url, locale="de-DE", **options)
            session = make.signed_in(member).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
            return context.new_page()

        yield open_for
        browser.close()

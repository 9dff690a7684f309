"""A business that takes online payments, and both providers on this machine."""

import pytest

from billing.online import keys
from tests import make
from tests.billing.online.fake import Fake

KEYS = {
    "stripe": {"secret_key": "sk_test_51Haselbach", "webhook_secret": "whsec_haselbach"},
    "paypal": {"client_id": "AXabc", "client_secret": "ELxyz", "webhook_id": "8PT597110X687430L"},
}


@pytest.fixture(scope="module")
def server():
    """One for all tests of a file; `fake` makes it forget."""
    fake = Fake()
    yield fake
    fake.stop()


@pytest.fixture
def fake(server, settings):
    """Both providers, of whom nobody has asked anything yet."""
    for kept in (server.script, server.heard, server.pages, server.by_key):
        kept.clear()
    server.is_down = server.refuses_keys = False
    settings.ONLINE_PAYMENT = server.settings()
    return server


@pytest.fixture
def switched_on(fake, owner):
    """The business's accounts at both, tried and switched on."""
    found = {}
    for provider, typed in KEYS.items():
        account = keys.check(keys.keep(provider, typed, by=owner))
        found[provider] = keys.switch(account, is_on=True, by=owner)
    fake.heard.clear()
    return found


@pytest.fixture
def invoice(business):
    """7,871.85 euros to be paid."""
    return make.make_open_invoice()

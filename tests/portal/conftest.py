"""Customer pages: counters start anew for each test, and no PDF is really drawn."""

import pytest

from tests import make

PDF = b"%PDF-1.7 drawn for a test"


@pytest.fixture(autouse=True)
def drawn(monkeypatch, counters):
    """What WeasyPrint would draw."""
    monkeypatch.setattr("billing.documents.pdf.render_pdf", lambda *args, **kwargs: PDF)
    monkeypatch.setattr("billing.documents.pdf.render_protocol_pdf", lambda *args, **kwargs: PDF)
    monkeypatch.setattr("billing.documents.pdf.render_text_pdf", lambda *args, **kwargs: PDF)


@pytest.fixture
def quote(business):
    """The cupboard, sent to a private customer."""
    return make.make_sent_quote()


@pytest.fixture
def link(quote):
    """Its link."""
    return make.link_to(quote)


@pytest.fixture
def visitor(link):
    """A visitor that opened it."""
    return make.let_in(link)


@pytest.fixture
def gated(business):
    """A link that asks for the postcode."""
    type(business).objects.filter(pk=business.pk).update(asks_postcode=True)
    business.refresh_from_db()
    return make.link_to(make.make_sent_quote())

"""Pages are tested without the PDF engine, except where a test asks for `real_pdf`."""

import pytest

from tests import make


@pytest.fixture(autouse=True)
def quick_pdf(request, monkeypatch):
    """A PDF in no time."""
    if "real_pdf" in request.fixturenames:
        return
    monkeypatch.setattr(
        "billing.documents.pdf.render_pdf", lambda document, **_: b"%PDF-1.7 " + document.subject.encode()
    )
    monkeypatch.setattr("billing.documents.pdf.render_protocol_pdf", lambda record, **_: b"%PDF-1.7 protocol")


@pytest.fixture
def real_pdf():
    """Ask for the real engine."""


@pytest.fixture
def office(owner):
    """The owner's browser."""
    return make.signed_in(owner)

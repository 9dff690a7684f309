import pytest


@pytest.fixture(autouse=True)
def undrawn(monkeypatch):
    """No PDF is really drawn."""
    monkeypatch.setattr("billing.documents.pdf.render_pdf", lambda *args, **kwargs: b"%PDF-1.7")

"""What machines ask."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.models import Mail
from tests import make

pytestmark = pytest.mark.django_db


def test_live(client):
    assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_with_an_empty_outbox(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        200, {"status": "ok", "database": "ok", "migrations": "ok", "outbox_age_seconds": 0, "outbox": "ok"},
    )  # fmt: skip


def test_not_ready_when_mails_hang(client, business):
    make.make_sent_quote()
    Mail.objects.update(next_try_at=timezone.now() - timedelta(minutes=16))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["outbox"]) == (503, "late")


def test_safe_methods_only(client):
    assert client.post("/healthz").status_code == 405

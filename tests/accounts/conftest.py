"""What tests of the accounts share."""

import pytest


@pytest.fixture
def told(monkeypatch):
    """The wake-ups of the accounts' own tasks, as (task name, *arguments)."""
    sent = []
    monkeypatch.setattr("accounts.wakeup.send", lambda task, *args: sent.append((task, *args)))
    return sent

"""What every test stands on: guards that a flush can pass, files in a temporary folder, one business at work."""

import pytest
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseOperations  # via base: the other way round is a circle

from accounts import current
from tests import make


@pytest.fixture(scope="session", autouse=True)
def guards_let_a_flush_pass():
    """A transactional test empties all tables afterwards; on SQLite the guards forbid that to issued rows."""
    original = DatabaseOperations.sql_flush

    def sql_flush(self, style, tables, **kwargs):
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'handschlag%'")
            triggers = cursor.fetchall()
        drop = [f'DROP TRIGGER "{name}"' for name, _sql in triggers]
        return [*drop, *original(self, style, tables, **kwargs), *(sql for _name, sql in triggers)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """End what still holds the test database when all tests are through: threads of servers that a browser talked to."""
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Uploads and documents of this test alone."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    """The wake-ups sent to background work, as (task name, *arguments): nothing leaves the test."""
    sent = []
    monkeypatch.setattr("crm.wakeup.send", lambda task, *args: sent.append((task, *args)))
    return sent


@pytest.fixture
def business(db):
    """The business this test works for."""
    with current.working_for(make.make_business()) as here:
        yield here


@pytest.fixture
def owner(business):
    """Its owner."""
    return make.make_member(name="Jana Haselbach")


@pytest.fixture
def client():
    """Somebody who has not signed in."""
    return make.Browser()

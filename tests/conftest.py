"""What every test stands on: guards that a flush can pass, files in a temporary folder, one business at work."""

import gc
import re
import threading
import time
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.core.servers.basehttp import WSGIRequestHandler
from django.db import connection, transaction
from django.db.backends.sqlite3.base import DatabaseOperations  # via base: the other way round is a circle
from playwright.sync_api import sync_playwright
from xdist.scheduler import LoadFileScheduling

from accounts import current
from billing.documents import pdf
from crm import limits
from tests import make
from tests.journeys.product import LAUNCH


class ByFile(LoadFileScheduling):
    """A worker takes a file at a time; the journeys are one, because they share one running product."""

    def _split_scope(self, nodeid):
        return "tests/journeys" if nodeid.startswith("tests/journeys/") else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config, log):
    return ByFile(config, log)


def pytest_collection_finish():
    """Thousands of tests and all modules stay until the end: who looks through them for rubbish again and again spends a
    fifth of the time on it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


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
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory):
    """SQLite lies in a file: the threads of a live server have connections of their own then, as they have in the product.
    In memory they would all share one, and a late request would sit in the middle of the next test.
    """
    database = django_settings.DATABASES["default"]
    if "sqlite3" in database["ENGINE"]:
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


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


DRAWING = {name: draw for name, draw in vars(pdf).items() if re.fullmatch("render_(\\w+_)?pdf", name)}


@pytest.fixture(autouse=True)
def paper(request, monkeypatch):
    """No PDF is drawn, which takes a third of a second each, but in tests that are about paper (marker `paper`)."""
    if not request.node.get_closest_marker("paper"):
        draw_nothing(monkeypatch)
        return
    for name, draw in DRAWING.items():  # for all of a module that uses `module_db` nothing is drawn
        monkeypatch.setattr(pdf, name, draw)


def draw_nothing(monkeypatch):
    for name in DRAWING:
        monkeypatch.setattr(pdf, name, lambda subject, **_: b"%PDF-1.7 " + str(subject)[:60].encode())


@pytest.fixture(scope="module")
def module_db(django_db_setup, django_db_blocker, tmp_path_factory):
    """One transaction around all tests of a module: what is made in it (once, in a fixture of the module) is there for
    each test, whose own changes are rolled back to it. Yields the folder that files go to, for the module's `files`.
    """
    folder = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(django_settings, "MEDIA_ROOT", folder)
        patch.setattr("accounts.wakeup.send", lambda *_: None)
        draw_nothing(patch)
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def counters(settings):
    """Nobody has knocked yet: counters under a name of this test alone, also where workers share one Redis."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": f"test-{uuid4().hex}"}}
    limits._own.clear()


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    """The wake-ups sent to background work, as (task name, *arguments): nothing leaves the test."""
    sent = []
    monkeypatch.setattr("accounts.wakeup.send", lambda task, *args: sent.append((task, *args)))
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


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests of a worker. Its loop runs in this thread; Django is told that it may work beside it.

    The live server writes head and body of an answer apart; without the option the second waits 40 ms for the first.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        patch.setattr(WSGIRequestHandler, "disable_nagle_algorithm", True)
        browser = playwright.chromium.launch(**LAUNCH)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, live_server):
    """Opens a page in a browser of its own kind (`options` of the context), signed in if a member is named. An error of
    its scripts fails the test. Nothing moves: while one page fades into the next, clicks would go to neither.
    """
    contexts = []

    def open_for(member=None, **options):
        context = chromium.new_context(
            **{"base_url": live_server.url, "locale": "de-DE", "reduced_motion": "reduce", **options}
        )
        contexts.append(context)
        if member:
            session = make.signed_in(member).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        return page

    yield open_for
    for context in contexts:
        context.close()
    wait_for_the_server()


def wait_for_the_server():
    """Until no thread answers anybody: what a browser asked for last would otherwise meet the emptied database."""
    until = time.monotonic() + 20
    while working := [each.name for each in threading.enumerate() if "process_request_thread" in each.name]:
        assert time.monotonic() < until, working
        time.sleep(0.005)

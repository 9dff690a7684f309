"""One running product and one browser for all journeys of a test run."""

import io
import os
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pypdf
import pytest

from tests.journeys.product import Product


@pytest.fixture(scope="session")
def product(tmp_path_factory):
    """`bin/demo`, on the kind of database the test run is for."""
    folder = tmp_path_factory.mktemp("product")
    environment, drop = {}, None
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        parts = urlsplit(os.environ["DATABASE_URL"])
        name = f"handschlag_journey_{os.getpid()}"
        admin = parts._replace(path="/postgres").geturl()
        drop = (admin, name)
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        environment["DATABASE_URL"] = parts._replace(path=f"/{name}").geturl()
    if os.environ.get("REDIS_URL"):
        environment["REDIS_URL"] = urlsplit(os.environ["REDIS_URL"])._replace(path="/9").geturl()
    else:
        environment["REDIS_URL"] = ""
    if "DATABASE_URL" not in environment:
        environment["DATABASE_URL"] = f"sqlite:///{folder / 'var' / 'handschlag.sqlite3'}"
    running = Product(folder, **environment)
    try:
        running.start()
        yield running
        assert running.stop() == 0, running.log.read_text()
    finally:
        if getattr(running, "process", None) and running.process.poll() is None:
            running.process.kill()
        if drop:
            with psycopg.connect(drop[0], autocommit=True) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{drop[1]}" WITH (FORCE)')


@pytest.fixture(scope="session")
def browser(chromium):
    """Debian's Chromium."""
    return chromium


@pytest.fixture(scope="session")
def shots():
    """Where screenshots go, when SHOTS names a folder."""
    folder = os.environ.get("SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder) if folder else None


@pytest.fixture
def pdf_text():
    """The words of a PDF."""

    def read(content: bytes) -> str:
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)

    return read

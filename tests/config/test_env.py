"""Settings from the environment."""

import os

import pytest

from config import env


def test_sqlite_waits_its_turn_to_write():
    settings = env.database("sqlite:////data/handschlag.sqlite3")
    assert (settings["NAME"], settings["OPTIONS"]["transaction_mode"]) == ("/data/handschlag.sqlite3", "IMMEDIATE")


def test_postgresql_is_pooled():
    settings = env.database("postgresql://anna:ge%40heim@db:5433/betrieb", pool_size=4)
    assert (settings["USER"], settings["PASSWORD"], settings["HOST"], settings["PORT"], settings["NAME"]) == (
        "anna", "ge@heim", "db", "5433", "betrieb",
    )  # fmt: skip
    assert settings["OPTIONS"]["pool"]["max_size"] == 4


@pytest.mark.parametrize("url", ["mysql://x/y", "handschlag.sqlite3", ""])
def test_an_unknown_database_is_refused(url):
    with pytest.raises(ValueError, match="DATABASE_URL"):
        env.database(url)


def test_files_lie_on_disk_or_at_a_service_that_speaks_s3():
    assert env.storage("")["BACKEND"].endswith("FileSystemStorage")
    found = env.storage("s3+http://key:ge%2Fheim@minio:9000/handschlag/betrieb/a?region=eu-central-1")["OPTIONS"]
    assert (found["endpoint_url"], found["bucket_name"], found["location"]) == (
        "http://minio:9000", "handschlag", "betrieb/a",
    )  # fmt: skip
    assert (found["access_key"], found["secret_key"], found["region_name"]) == ("key", "ge/heim", "eu-central-1")
    amazon = env.storage("s3:///akten")["OPTIONS"]  # the machine's own role, Amazon's own host
    assert (amazon["endpoint_url"], amazon["access_key"], amazon["default_acl"]) == (None, None, None)


@pytest.mark.parametrize("url", ["ftp://host/bucket", "s3://host", "/var/files"])
def test_an_unknown_storage_is_refused(url):
    with pytest.raises(ValueError, match="STORAGE_URL"):
        env.storage(url)


@pytest.mark.parametrize(
    ("url", "port", "ssl", "tls"),
    [
        ("smtp://mail:1025", 1025, False, False),
        ("smtps://u:p@mail:465", 465, True, False),
        ("smtp+tls://mail:587", 587, False, True),
    ],
)
def test_a_mail_server(url, port, ssl, tls):
    settings = env.mail(url)
    assert (settings["EMAIL_PORT"], settings["EMAIL_USE_SSL"], settings["EMAIL_USE_TLS"]) == (port, ssl, tls)


def test_the_secret_key_is_made_once_and_kept_private(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    key = env.secret_key(tmp_path)
    assert env.secret_key(tmp_path) == key
    assert len(key) > 50
    assert os.stat(tmp_path / "secret_key").st_mode & 0o077 == 0

"""Reading settings from the environment; no third-party package needed for fifteen lines."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit


def flag(name: str, default: bool = False) -> bool:
    """True for 1, true, yes, on (any case)."""
    return os.environ.get(name, str(default)).lower() in {"1", "true", "yes", "on"}


def names(name: str, default: str = "") -> list[str]:
    """A comma-separated variable as a list without blanks."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def database(url: str, *, pool_size: int = 8) -> dict:
    """Django's settings for ``sqlite:///path`` or ``postgresql://user:password@host:port/name``."""
    parts = urlsplit(url)
    if parts.scheme.startswith("sqlite"):
        # IMMEDIATE: a writer waits its turn instead of failing with "database is locked" after a stale read.
        pragmas = (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA busy_timeout=20000;"
            "PRAGMA foreign_keys=ON;PRAGMA cache_size=-20000;"
        )
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:] if parts.path.startswith("//") else parts.path.removeprefix("/")),
            "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": pragmas},
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "OPTIONS": {"pool": {"min_size": 1, "max_size": pool_size, "timeout": 10}} if pool_size else {},
        }
    raise ValueError(f"DATABASE_URL: unknown kind of database: {parts.scheme or url!r}")


def storage(url: str) -> dict:
    """Django's settings for where files lie: ``s3://key:secret@host/bucket/folder?region=eu-central-1``, any service that
    speaks S3 (``s3+http://`` without TLS, for one in the same house). Empty: on disk. Key and secret may stay away where
    the machine itself is known to the service; host may be empty for Amazon's own (``s3:///bucket``).
    """
    if not url:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    parts = urlsplit(url)
    bucket, _, folder = parts.path.strip("/").partition("/")
    if parts.scheme not in {"s3", "s3+http"} or not bucket:
        raise ValueError(f"STORAGE_URL: unknown kind of storage: {parts.scheme or 'none'}, bucket {bucket or 'none'}")
    port = f":{parts.port}" if parts.port else ""
    scheme = "http" if parts.scheme == "s3+http" else "https"
    options = {
        "bucket_name": bucket,
        "location": folder,
        "endpoint_url": f"{scheme}://{parts.hostname}{port}" if parts.hostname else None,
        "region_name": parse_qs(parts.query).get("region", [""])[0] or None,
        "access_key": unquote(parts.username) if parts.username else None,
        "secret_key": unquote(parts.password) if parts.password else None,
        "addressing_style": "path" if parts.hostname else "auto",  # services of one's own have no name for each bucket
        "signature_version": "s3v4",
        "default_acl": None,  # nothing is ever public: files are handed out by views that ask who is there
        "file_overwrite": False,
        "max_memory_size": 2 * 1024 * 1024,  # more of a file that is read goes to a temporary one
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def mail(url: str) -> dict:
    """Django's e-mail settings for ``smtp://user:password@host:port`` (``smtps`` or ``smtp+tls``) or ``file:///folder``."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": parts.path}
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"}:
        raise ValueError(f"EMAIL_URL: unknown kind of mail server: {parts.scheme or url!r}")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "127.0.0.1",
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 30,
    }


def secret_key(folder: Path) -> str:
    """SECRET_KEY from the environment, or one made once and kept in ``folder`` (embedded use only)."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    path = folder / "secret_key"
    try:
        # O_EXCL: web, worker and commands start side by side; only the first may write.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    key = secrets.token_urlsafe(50)
    with os.fdopen(handle, "w") as file:
        file.write(key)
    return key

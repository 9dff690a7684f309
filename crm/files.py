"""Files that are written once: issued documents and what travels with mails."""

import hashlib
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


def store(path: str, content: bytes) -> tuple[str, str]:
    """Keep a file once; returns its storage name and SHA-256. The name holds the hash, so the same bytes are one file."""
    digest = hashlib.sha256(content).hexdigest()
    pure = PurePosixPath(path)
    name = str(pure.with_name(f"{pure.stem}-{digest[:16]}{pure.suffix}"))
    if not default_storage.exists(name):
        name = default_storage.save(name, ContentFile(content))
    return name, digest


def read(name: str) -> bytes:
    """The bytes of a stored file. Raises FileNotFoundError."""
    with default_storage.open(name) as file:
        return file.read()


def digest_of(file) -> str:
    """SHA-256 of an open file, from where it stands, read in portions."""
    digest = hashlib.sha256()
    while portion := file.read(1 << 20):
        digest.update(portion)
    return digest.hexdigest()

"""The demo's pictures."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

PICTURES = Path(__file__).parent / "pictures"


def upload(name: str) -> SimpleUploadedFile:
    """One of the demo's pictures as if it came from a browser."""
    return SimpleUploadedFile(name, (PICTURES / name).read_bytes(), content_type="image/webp")

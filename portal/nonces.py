"""The mark of a page that may order: signed, for one link and one version of the document, good for twelve hours (P16)."""

from datetime import timedelta

from django.core import signing

SALT = "portal.order"
LIVES = timedelta(hours=12)


class Stale(Exception):
    """The page is older than twelve hours, or the mark is not one of ours."""


def make(link, document_hash: str) -> str:
    """The mark of a page shown to this link."""
    return signing.dumps([link.pk, document_hash], salt=SALT)


def seen_hash(link, nonce: str) -> str:
    """The hash of the document the page showed. Raises Stale."""
    try:
        found, document_hash = signing.loads(nonce, salt=SALT, max_age=LIVES)
    except (signing.BadSignature, ValueError, TypeError):
        raise Stale from None
    if found != link.pk:
        raise Stale
    return document_hash

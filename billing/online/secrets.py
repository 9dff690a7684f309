"""Keys of businesses at rest: encrypted with a key derived from the installation's secret key (Fernet: AES and HMAC).

A copy of the database alone gives nobody a key. After the secret key was changed the older ones (SECRET_KEY_FALLBACKS)
still open what they closed.
"""

import base64
import hashlib
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

PURPOSE = b"handschlag.billing.online.secrets"


def close(keys: Mapping[str, str], *, owner: str) -> str:
    """Encrypt keys for one owner."""
    return _fernet().encrypt(json.dumps({"owner": owner, "keys": dict(keys)}).encode()).decode()


def opened(closed: str, *, owner: str) -> dict[str, str]:
    """The keys again. Raises ValueError for what was changed, belongs to another owner or was closed with a lost key."""
    try:
        content = json.loads(_fernet().decrypt(closed.encode()))
    except InvalidToken as error:
        raise ValueError("not closed by us") from error
    if content["owner"] != owner:
        raise ValueError("closed for somebody else")
    return content["keys"]


def _fernet():
    return MultiFernet([Fernet(_derived(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _derived(secret):
    # the secret key is long and random, so a plain derivation will do (RFC 5869 extract)
    return base64.urlsafe_b64encode(hashlib.blake2b(secret.encode(), key=PURPOSE, digest_size=32).digest())

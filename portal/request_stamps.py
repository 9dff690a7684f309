"""The time at which a form for requests was shown, signed: programs fill it in faster than people, and a page of somebody
else cannot make one. Of one business, good for twelve hours. No cookie is needed.
"""

import time
from datetime import timedelta

from django.core import signing

SALT = "portal.request"
LIVES = timedelta(hours=12)


def make(business, *, seconds_ago: int = 0) -> str:
    """The stamp of a form that is shown now, or counts as shown before: one that is only to be read once more."""
    return signing.dumps([business.pk, int(time.time()) - seconds_ago], salt=SALT)


def age(business, stamp: str) -> int | None:
    """How many seconds ago the form was shown; None for a stamp that is old, bent, or of another business."""
    try:
        of, shown_at = signing.loads(stamp, salt=SALT, max_age=LIVES)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(time.time()) - shown_at if of == business.pk else None

"""Codes by mail (COD1 to COD3): six digits to the address a link was sent to, for what a postcode is too little for.

The gate uses them when the postcode does not help any more; bank data and the list of all documents need them.
"""

import hmac
from datetime import timedelta
from enum import Enum

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from crm.models import AccessCode, AccessLink

DIGITS = 6
LIVES = timedelta(minutes=10)
TRIES = 5
PAUSE = timedelta(seconds=30)  # until the next one may be sent
PER_HOUR = 6  # for one link: with five tries each, guessing one takes years


class TooSoon(Refusal):
    """Another code may be sent in so many `seconds`."""

    status = 429

    def __init__(self, seconds: int):
        minutes = -(-seconds // 60)
        super().__init__(
            _(
                "Der letzte Code ist gerade erst unterwegs. Bitte warten Sie 30 Sekunden, bevor Sie einen neuen anfordern."
            )
            if seconds <= PAUSE.total_seconds()
            else _("Zu viele Versuche. Bitte in %(n)s Minuten wieder.") % {"n": minutes}
        )
        self.seconds = seconds


class Answer(Enum):
    """What became of typed digits."""

    RIGHT = 1
    WRONG = 2
    TRIED_OUT = 3
    EXPIRED = 4


@transaction.atomic
def issue(link: AccessLink) -> AccessCode:
    """A new code, the only one that opens from now on. Raises TooSoon within 30 seconds and after six in an hour.

    There is one also for a link without an address: nothing that is answered may tell whether we know one.
    """
    AccessLink.objects.select_for_update(of=("self",)).get(pk=link.pk)  # of two at once the second finds the first
    now = timezone.now()
    of_the_hour = AccessCode.objects.filter(link=link, created_at__gt=now - timedelta(hours=1))
    sent_at = list(of_the_hour.order_by("-pk").values_list("created_at", flat=True))
    if sent_at and sent_at[0] > now - PAUSE:
        raise TooSoon(_seconds(sent_at[0] + PAUSE - now))
    if len(sent_at) >= PER_HOUR:
        raise TooSoon(_seconds(sent_at[-1] + timedelta(hours=1) - now))
    return AccessCode.objects.create(link=link, created_at=now, expires_at=now + LIVES)


def newest(link: AccessLink) -> AccessCode | None:
    """The code that was sent last, whether it still opens or not."""
    return AccessCode.objects.filter(link=link).first()


@transaction.atomic
def answer(link: AccessLink, typed: str) -> Answer:
    """Whether the digits are those of the newest code. Right ones open once, wrong ones count in the row: guesses made
    at the same moment wait for it (P37). After five not even the right ones open.
    """
    code = AccessCode.objects.select_for_update(of=("self",)).filter(link=link).first()
    if code is None or code.used_at or code.expires_at <= timezone.now():
        return Answer.EXPIRED
    if code.wrong_answers >= TRIES:
        return Answer.TRIED_OUT
    row = AccessCode.objects.filter(pk=code.pk)
    if _is_right(code, typed):
        row.update(used_at=timezone.now())
        return Answer.RIGHT
    row.update(wrong_answers=F("wrong_answers") + 1)
    return Answer.TRIED_OUT if code.wrong_answers + 1 >= TRIES else Answer.WRONG


def digits(code: AccessCode) -> str:
    """The code as it stands in the mail: "123 456"."""
    plain = _derive(code, settings.SECRET_KEY)
    return f"{plain[:3]} {plain[3:]}"


def typed_digits(text: str) -> str:
    """What was typed or pasted, as compared: digits of any script, without blanks and dashes; empty when it is none."""
    if len(text) > 30:
        return ""
    found = "".join(str(int(c)) for c in text if c.isdecimal())
    rest = "".join(c for c in text if not c.isdecimal() and not c.isspace() and c not in "-–.")
    return found if len(found) == DIGITS and not rest else ""


def _is_right(code, typed):
    found = typed_digits(typed)
    right = [
        hmac.compare_digest(found, _derive(code, key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]
    return any(right)


def _derive(code, key):
    raw = hmac.digest(key.encode(), b"access code " + code.nonce.encode(), "sha256")
    return f"{int.from_bytes(raw) % 10**DIGITS:0{DIGITS}d}"


def _seconds(left):
    return max(1, -(-int(left.total_seconds() * 1000) // 1000))

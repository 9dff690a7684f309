"""The postcode before a link's page: a brake against strangers, never the only lock (security.md 4.3 no. 14)."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from crm import access, mail, timeline
from crm.models import AccessLink

TRIES_BEFORE_PAUSE = 5
TRIES_IN_ALL = 10
PAUSE = timedelta(minutes=15)


class GatePaused(Refusal):
    """Too many wrong answers. `minutes` to wait, None when only a code by mail helps (access_codes)."""

    status = 429

    def __init__(self, minutes: int | None):
        if minutes is None:
            message = _(
                "Nach zu vielen Versuchen öffnet sich dieser Link nur noch mit einem Code, den wir Ihnen schicken."
            )
        else:
            message = _("Zu viele Versuche. Bitte warten Sie %(n)s Minuten oder lassen Sie sich einen Code schicken.")
            message %= {"n": minutes}
        super().__init__(message)
        self.minutes = minutes


@transaction.atomic
def answer_postcode(link: AccessLink, answer: str) -> bool:
    """Whether the answer opens the link. Counts wrong ones in the row, whatever address they come from.

    Raises GatePaused before anything is compared when five in a row or ten in all were wrong: guesses made at the
    same moment wait for the row and count one by one (P37). The tenth is told to the business.
    """
    locked = AccessLink.objects.select_for_update(of=("self",)).select_related("customer", "business").get(pk=link.pk)
    if paused := pause_of(locked):
        raise paused
    expected = access.postcode_digits(locked.customer.postcode)
    if expected and access.postcode_digits(answer) == expected:
        AccessLink.objects.filter(pk=link.pk).update(recent_wrong_answers=0, paused_until=None)
        return True
    recent = locked.recent_wrong_answers + 1
    pause = recent >= TRIES_BEFORE_PAUSE
    AccessLink.objects.filter(pk=link.pk).update(
        wrong_answers=F("wrong_answers") + 1,
        recent_wrong_answers=0 if pause else recent,
        paused_until=timezone.now() + PAUSE if pause else None,
    )
    if locked.wrong_answers + 1 == TRIES_IN_ALL:
        _tell(locked)
    return False


def pause_of(link: AccessLink) -> GatePaused | None:
    """Why no postcode is looked at now; None while one is."""
    if link.wrong_answers >= TRIES_IN_ALL:
        return GatePaused(None)
    left = (link.paused_until - timezone.now()).total_seconds() if link.paused_until else 0
    return GatePaused(-(-int(left) // 60) or 1) if left > 0 else None


def tries_left(link: AccessLink) -> int:
    """How many more answers are looked at before the next pause."""
    return min(TRIES_BEFORE_PAUSE - link.recent_wrong_answers, TRIES_IN_ALL - link.wrong_answers)


def _tell(link):
    timeline.record(timeline.Event.LINK_LOCKED, customer=link.customer, subject=link)
    if link.business.email:
        mail.queue("crm/mail/link_locked", to=link.business.email, about=link.subject, locked=link)

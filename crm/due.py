"""The due list: what must happen at a time stands in a row with a unique key; beat only asks what is due (4.7)."""

import logging
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts import current
from crm.models import DueAction

logger = logging.getLogger(__name__)

TRIES = 5
MORNING = time(8, 0)  # local time at which a day's reminders begin


class Later(Exception):
    """Raised by a handler that cannot do its work yet: what it did so far is undone, and it is called again at `at`."""

    def __init__(self, at: datetime):
        super().__init__(f"not before {at:%Y-%m-%d %H:%M %Z}")
        self.at = at


def morning_of(day: date) -> datetime:
    """8:00 local time of a day as an instant; computed, so that it stays 8:00 across clock changes (P98)."""
    return timezone.make_aware(datetime.combine(day, MORNING))


def plan(kind: str, subject, *, at: datetime) -> DueAction:
    """Let `kind` happen to `subject` at that instant. Planning the same for the same local day twice changes nothing."""
    action, _ = DueAction.objects.get_or_create(
        kind=kind,
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        due_on=timezone.localdate(at),
        defaults={"due_at": at},
    )
    return action


def replan(kind: str, subject, *, at: datetime | None) -> None:
    """Let `kind` happen to `subject` at that instant and at no other, also where it happened on that day before. None: not
    at all.
    """
    drop(kind, subject)
    if at is not None:
        DueAction.objects.update_or_create(
            kind=kind,
            subject_type=ContentType.objects.get_for_model(subject),
            subject_id=subject.pk,
            due_on=timezone.localdate(at),
            defaults={"due_at": at, "state": DueAction.State.OPEN, "tries": 0, "error": "", "done_at": None},
        )


def planned(subject) -> list[DueAction]:
    """What is still to happen to a subject, soonest first."""
    kind = ContentType.objects.get_for_model(subject)
    found = DueAction.objects.filter(subject_type=kind, subject_id=subject.pk, state=DueAction.State.OPEN)
    return list(found.order_by("due_at", "pk"))


def drop(kind: str, subject) -> None:
    """What was planned is no longer needed."""
    DueAction.objects.filter(
        kind=kind,
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        state=DueAction.State.OPEN,
    ).update(state=DueAction.State.DROPPED, done_at=timezone.now())


def take_up(kind: str, subject) -> None:
    """What was dropped and is still ahead is needed after all."""
    DueAction.objects.filter(
        kind=kind,
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        state=DueAction.State.DROPPED,
        due_at__gt=timezone.now(),
    ).update(state=DueAction.State.OPEN, done_at=None)


def due_ids(limit: int = 500) -> list[int]:
    """What is due now and not done, oldest first, over all businesses."""
    return list(
        DueAction.unscoped.filter(state=DueAction.State.OPEN, due_at__lte=timezone.now())
        .order_by("due_at")
        .values_list("pk", flat=True)[:limit]
    )


def work_off(action_id: int) -> bool:
    """Do one due thing: the effect and "done" are one transaction, so it happens once however often this is called.

    A handler that raises Later is called again then. One that raises anything else is tried again five times in all; then
    the row is set aside as failed and others go on.
    """
    try:
        with transaction.atomic():
            action = (
                (
                    DueAction.unscoped.select_for_update(of=("self",), skip_locked=True)
                    if _can_skip_locked()
                    else DueAction.unscoped.select_for_update()
                )
                .select_related("business")
                .filter(pk=action_id, state=DueAction.State.OPEN, due_at__lte=timezone.now())
                .first()
            )
            if action is None:
                return False
            with current.working_for(action.business):
                if action.subject is not None:
                    import_string(settings.DUE_HANDLERS[action.kind])(action.subject)
            DueAction.unscoped.filter(pk=action_id).update(state=DueAction.State.DONE, done_at=timezone.now())
    except Later as later:
        DueAction.unscoped.filter(pk=action_id, state=DueAction.State.OPEN).update(due_at=later.at)
        return False
    except Exception as error:  # whatever a handler raises must not stop the rows behind it (P92)
        logger.exception("due action %s failed", action_id)
        action = DueAction.unscoped.get(pk=action_id)
        tries = action.tries + 1
        DueAction.unscoped.filter(pk=action_id).update(
            tries=tries,
            state=DueAction.State.FAILED if tries >= TRIES else DueAction.State.OPEN,
            due_at=timezone.now() + timedelta(minutes=5 * tries),
            error=str(error)[:500],
        )
        return False
    return True


def _can_skip_locked():
    from django.db import connection

    return connection.features.has_select_for_update_skip_locked

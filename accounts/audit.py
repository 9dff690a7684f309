"""The record of what decides who may do what, and where money goes (R125, P51)."""

from datetime import timedelta

from django.utils import timezone

from accounts import current
from accounts.models import AuditEntry

Event = AuditEntry.Event
BANNER = timedelta(hours=24)  # how long every settings page says that the bank details were changed


def record(business, event, *, by=None, **facts) -> AuditEntry:
    """Write one entry, in the caller's transaction. `by` is a member of that business."""
    with current.working_for(business):
        return AuditEntry.objects.create(
            event=event, by=by, facts={name: str(value) for name, value in facts.items()}, at=timezone.now()
        )


def recent_bank_change() -> AuditEntry | None:
    """The change of the current business's bank details in the last 24 hours, for the banner."""
    return (
        AuditEntry.objects.filter(event=Event.BANK_CHANGED, at__gt=timezone.now() - BANNER)
        .select_related("by__user")
        .first()
    )

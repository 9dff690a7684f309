"""Conversations as the office lists them: one row for each, those that wait first."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef

from crm import messages
from crm.models import Message

MOST_WAITING = 200
SHOWN = 30


@dataclass
class Thread:
    """One conversation: its newest word, and how many of the customer's wait since when."""

    newest: Message
    waiting: int = 0
    since: datetime | None = None
    key: tuple = field(init=False)

    def __post_init__(self):
        self.key = (self.newest.subject_type_id, self.newest.subject_id)


def waiting() -> list[Thread]:
    """Conversations with words of the customer that nobody has answered, longest waiting first; three queries."""
    found: dict[tuple, Thread] = {}
    for message in messages.unread().prefetch_related("subject")[:MOST_WAITING]:  # newest first
        thread = found.setdefault((message.subject_type_id, message.subject_id), Thread(message))
        thread.waiting += 1
        thread.since = message.created_at
    return sorted(found.values(), key=lambda thread: thread.since or thread.newest.created_at)


def latest(*, but=(), before: int | None = None, most: int = SHOWN) -> list[Thread]:
    """The other conversations by their last word, newest first: those whose last word is older than message `before`."""
    later = Message.objects.filter(
        subject_type=OuterRef("subject_type"), subject_id=OuterRef("subject_id"), pk__gt=OuterRef("pk")
    )
    found = Message.objects.filter(~Exists(later)).select_related("customer").prefetch_related("subject")
    if before:
        found = found.filter(pk__lt=before)
    left_out = {thread.key for thread in but}
    rows = found.order_by("-pk")[: most + len(left_out)]
    return [thread for thread in map(Thread, rows) if thread.key not in left_out][:most]

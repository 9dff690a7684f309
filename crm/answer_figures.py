"""How fast customers are answered.

Counted in plain hours, nights and Sundays too: that is how long the customer waited. What waits begins with the first
question after an answer; a second one before the answer does not begin anew. What was set aside without a written answer
(a thank-you, or somebody called) is not counted, a question still open counts against the day once it is over.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from statistics import median

from django.utils import timezone

from crm.models import Message

PERIOD = timedelta(days=90)
DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Said:
    """One message of a conversation."""

    conversation: object
    at: datetime
    is_question: bool
    read_at: datetime | None = None


@dataclass(frozen=True)
class AnswerFigures:
    """`median` of the questions that were answered, `within_day` percent of all that a day has passed for; None without."""

    answered: int
    open: int
    median: timedelta | None
    within_day: int | None


def work_out(said: Iterable[Said], *, now: datetime) -> AnswerFigures:
    """The figures of messages in the order of their conversations, oldest first in each. Pure."""
    waits: list[timedelta] = []
    open_for: list[timedelta] = []
    for _conversation, messages in groupby(said, key=lambda each: each.conversation):
        asked: Said | None = None
        for each in messages:
            if asked and asked.read_at and asked.read_at < each.at:
                asked = None  # set aside before this was written
            if not each.is_question:
                if asked:
                    waits.append(each.at - asked.at)
                asked = None
            elif asked is None:
                asked = each
        if asked and asked.read_at is None:
            open_for.append(now - asked.at)
    counted = len(waits) + sum(1 for wait in open_for if wait > DAY)
    quick = sum(1 for wait in waits if wait <= DAY)
    return AnswerFigures(
        answered=len(waits),
        open=len(open_for),
        median=timedelta(seconds=median(wait.total_seconds() for wait in waits)) if waits else None,
        within_day=round(100 * quick / counted) if counted else None,
    )


def lately() -> AnswerFigures:
    """The figures of what was written in the last 90 days."""
    now = timezone.now()
    rows = (
        Message.objects.filter(created_at__gt=now - PERIOD)
        .order_by("subject_type", "subject_id", "created_at", "pk")
        .values_list("subject_type", "subject_id", "by", "created_at", "read_at")
    )
    return work_out((Said((kind, pk), at, by is None, read_at) for kind, pk, by, at, read_at in rows), now=now)

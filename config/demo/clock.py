"""The past of the demo: its documents go through the real verbs, which ask the clock."""

from contextlib import contextmanager
from datetime import datetime, time, timedelta
from unittest import mock

from django.utils import timezone

_real_now = timezone.now


@contextmanager
def days_ago(days: int, at: str = "10:00"):
    """Let `timezone.now` say a moment in the past (or, with negative days, to come) during the block."""
    hour, minute = map(int, at.split(":"))
    day = timezone.localdate(_real_now()) - timedelta(days=days)
    moment = timezone.make_aware(datetime.combine(day, time(hour, minute)))
    started = _real_now()
    with mock.patch.object(timezone, "now", lambda: moment + (_real_now() - started)):
        yield

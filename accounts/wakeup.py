"""Waking Celery up, by name. The row is the job; a wake-up may get lost, the sweep comes within a minute."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def kick(task: str, *args) -> None:
    """Wake a task up once the transaction is through. With the broker away nothing is lost (P88)."""
    transaction.on_commit(lambda: send(task, *args))


def send(task: str, *args) -> None:
    """Hand a task to the broker now; a broker that is away is noted, not raised."""
    try:
        current_app.send_task(task, args=args)
    except (OperationalError, OSError):
        logger.warning("broker away, %s%s waits for the sweep", task, args)

"""Celery's side: wake up rows. Every task may run twice or not at all without harm."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from crm import attachments, contact_imports, due, mail

logger = logging.getLogger(__name__)


def kick(task, *args):
    """Wake a task up now. With the broker away nothing is lost: the row stands, the sweep comes within a minute (P88)."""
    try:
        task.delay(*args)
    except (OperationalError, OSError):
        logger.warning("broker away, %s%s waits for the sweep", task.name, args)


@shared_task
def deliver(mail_id):
    """Send one mail."""
    mail.deliver(mail_id)


@shared_task
def sweep_outbox():
    """Send what should have left and did not."""
    for mail_id in mail.sweep():
        mail.deliver(mail_id)


@shared_task
def work_due():
    """Do what is due."""
    for action_id in due.due_ids():
        due.work_off(action_id)


@shared_task
def make_preview(attachment_id):
    """Make the picture of a photo that people are shown."""
    attachments.make_preview(attachment_id)


@shared_task
def run_import(import_id):
    """Take a file of contacts over."""
    contact_imports.run(import_id)

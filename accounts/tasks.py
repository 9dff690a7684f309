"""Celery's side of the accounts: send what rows say is to be sent. Every task may run twice or not at all without harm."""

from celery import shared_task

from accounts import idempotency, notices


@shared_task
def send_invitation(invitation_id):
    """Mail the link of an invitation."""
    notices.send_invitation(invitation_id)


@shared_task
def send_bank_notice(entry_id):
    """Tell the owners of new bank details."""
    notices.send_bank_notice(entry_id)


@shared_task
def sweep():
    """Send what should have left and did not; forget old idempotency keys."""
    notices.sweep()
    idempotency.forget_old()

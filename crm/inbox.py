"""What the mail server hands over: an answer in a conversation, something for a room above, or a mail that came back."""

from django.conf import settings
from django.utils.module_loading import import_string

from crm import bounces, replies

BIGGEST = replies.BIGGEST


def receive(raw: bytes, *, recipient: str = "") -> str:
    """Take in one message; returns a line for the mail server's log. Never raises for what stands in it."""
    takers = [replies.receive, *(import_string(name) for name in settings.MAIL_TAKERS)]
    for take in takers:
        if (line := take(raw, recipient=recipient)) is not None:
            return line
    return bounces.receive(raw, recipient=recipient)

"""What the mail server hands over: an answer in a conversation, or a mail that came back."""

from crm import bounces, replies

BIGGEST = replies.BIGGEST


def receive(raw: bytes, *, recipient: str = "") -> str:
    """Take in one message; returns a line for the mail server's log. Never raises for what stands in it."""
    return replies.receive(raw, recipient=recipient) or bounces.receive(raw, recipient=recipient)

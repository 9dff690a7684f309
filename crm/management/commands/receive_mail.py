"""Takes in one message that came to MAIL_RETURN_PATH or MAIL_REPLY_ADDRESS: the mail server pipes it here."""

import sys

from django.core.management.base import BaseCommand

from crm import inbox


class Command(BaseCommand):
    help = (
        "Read one RFC 5322 message from stdin: answers go into their conversation, delivery reports mark the mail that "
        "did not arrive. Always exits with 0."
    )

    def add_arguments(self, parser):
        parser.add_argument("--recipient", default="", help="the envelope's recipient, ${recipient} in Postfix")

    def handle(self, *, recipient, **options):
        source = sys.stdin.buffer
        raw = source.read(inbox.BIGGEST + 1)
        while source.read(64 * 1024):  # a pipe that is not read to its end looks like an error to the mail server
            pass
        self.stdout.write(inbox.receive(raw, recipient=recipient))

"""Bulk data for measurements."""

import time

from django.core.management.base import BaseCommand, CommandError

from accounts import current
from accounts.models import Business
from config.demo import bulk


class Command(BaseCommand):
    help = "Add invented contacts with quotes to a business: --contacts N --quotes-per-contact M [--business SLUG]."

    def add_arguments(self, parser):
        parser.add_argument("--contacts", type=int, required=True, metavar="N")
        parser.add_argument("--quotes-per-contact", type=int, default=2, metavar="M")
        parser.add_argument("--business", metavar="SLUG", help="made when it does not exist; default: messbetrieb")

    def handle(self, *args, contacts, quotes_per_contact, business, **options):
        if contacts < 1 or quotes_per_contact < 0:
            raise CommandError("--contacts must be at least 1, --quotes-per-contact at least 0")
        slug = business or "messbetrieb"
        firm, _ = Business.objects.get_or_create(
            slug=slug,
            defaults={
                "name": "Messbetrieb", "legal_name": "Messbetrieb GmbH", "street": "Prüfweg 1", "postcode": "10115",
                "city": "Berlin", "phone": "030 23125000", "email": "buero@messbetrieb.example",
            },
        )  # fmt: skip
        started = time.monotonic()

        def progress(done):
            if done % 10000 == 0 or done == contacts:
                self.stdout.write(f"{done} of {contacts} contacts, {time.monotonic() - started:.0f} s")

        with current.working_for(firm):
            bulk.seed(contacts=contacts, quotes_per_contact=quotes_per_contact, progress=progress)

"""Read an export of `z3_export` back, into a business without books."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import businesses, current
from accounts.models import Business
from billing.z3 import take_over


class Command(BaseCommand):
    help = "Read an export for the tax office back: FILE [--business SLUG]; without one a new business is made for it."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--business", metavar="SLUG", help="one that has no books yet")

    def handle(self, *args, file, business, **options):
        try:
            with transaction.atomic(), file.open("rb") as source:
                found = self._business(business, file)
                with current.working_for(found):
                    counts = take_over.read(source)
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(str(error)) from error
        said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        self.stdout.write(f"{found.slug}: {said}")

    def _business(self, slug, file):
        if not slug:
            slug = businesses.slug_for(file.stem)
            if not Business.objects.filter(slug=slug).exists():
                return Business.objects.create(name=file.stem, slug=slug, legal_name=file.stem)
        if found := Business.objects.filter(slug=slug).first():
            return found
        raise CommandError(f"There is no business {slug}.")

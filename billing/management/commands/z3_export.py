"""Write the data of a year for the tax office (Z3, § 147 (6) AO)."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts import current
from accounts.models import Business
from billing.z3 import export


class Command(BaseCommand):
    help = "Export a year for the tax office: --year Y --to FILE [--business SLUG]."

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, required=True, metavar="Y")
        parser.add_argument("--to", required=True, type=Path, metavar="FILE")
        parser.add_argument("--business", metavar="SLUG", help="needed where there are several")

    def handle(self, *args, year, to, business, **options):
        chosen = Business.objects.filter(slug=business) if business else Business.objects.all()
        found = list(chosen[:2])
        if len(found) != 1:
            raise CommandError(
                f"There is no business {business}." if business else "Say which one with --business SLUG."
            )
        with current.working_for(found[0]), to.open("wb") as target:
            export.write(year, target)
        self.stdout.write(f"{found[0].slug}: {year} written to {to}")

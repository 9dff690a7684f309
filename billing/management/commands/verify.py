"""Work out every hash anew: journal, documents, acceptances, texts, stored files."""

import json

from django.core.management.base import BaseCommand, CommandError

from accounts import current
from accounts.models import Business
from billing import verification


class Command(BaseCommand):
    help = "Verify that nothing frozen was changed. Prints counts; names the first broken thing and exits with 1."

    def add_arguments(self, parser):
        parser.add_argument("--business", metavar="SLUG", help="only this business")
        parser.add_argument("--json", action="store_true", help="print one JSON object, with everything that is broken")

    def handle(self, *args, business, **options):
        chosen = Business.objects.filter(slug=business) if business else Business.objects.order_by("pk")
        if business and not chosen.exists():
            raise CommandError(f"There is no business {business}.")
        reports = {}
        for firm in chosen:
            with current.working_for(firm):
                reports[firm.slug] = verification.run()
        if options["json"]:
            answer = {slug: {"counts": report.counts, "broken": report.broken} for slug, report in reports.items()}
            self.stdout.write(json.dumps(answer, ensure_ascii=False, sort_keys=True))
        else:
            for slug, report in reports.items():
                counts = ", ".join(f"{count} {what}" for what, count in report.counts.items())
                self.stdout.write(f"{slug}: {'BROKEN' if report.broken else 'ok'} ({counts or 'nothing to verify'})")
        if first := next((f"{slug}: {report.broken[0]}" for slug, report in reports.items() if report.broken), None):
            raise CommandError(first, returncode=1)

"""Print how to get into the running demo."""

import json

from django.core.management.base import BaseCommand

from config.demo import info


class Command(BaseCommand):
    help = "Addresses, sign-ins, customers' links and ids of the demo; --json for machines."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="everything as JSON")

    def handle(self, *args, **options):
        found = info.collect()
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        base = found["base_url"]
        self.stdout.write(f"\nHandschlag läuft: {base}\n\nAnmelden unter {base}/konto/login/")
        for user in found["users"]:
            self.stdout.write(f"  {user['email']:<32} {user['password']}   {user['role']:<13} {user['business']}")
        self.stdout.write("\nKundenseiten (ohne Konto):")
        shown = set()
        for link in found["links"]:
            if link["kind"] not in shown:
                shown.add(link["kind"])
                postcode = f"   Postleitzahl {link['postcode']}" if link["postcode"] else ""
                self.stdout.write(f"  {link['kind']:<15} {link['url']}   ({link['state']}){postcode}")
        self.stdout.write("")

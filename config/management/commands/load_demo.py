"""Load the demo businesses. Run again it changes nothing but the noted address of the running demo."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from accounts import current
from accounts.models import Business
from config.demo import haselbach, neighbours, people

FIRMS = {
    people.HASELBACH: (haselbach.business, haselbach.fill),
    people.NORDLICHT: (neighbours.nordlicht, neighbours.fill_nordlicht),
    people.MOOS: (neighbours.moos, neighbours.fill_moos),
}


class Command(BaseCommand):
    help = "Load the demo businesses with members, contacts and documents in every state (keeps what is there)."

    def handle(self, *args, **options):
        # demo_info may be asked from another shell that does not know the port
        (settings.VAR_DIR / "base_url").write_text(settings.PUBLIC_BASE_URL)
        for slug, (make, fill) in FIRMS.items():
            if Business.objects.filter(slug=slug).exists():
                continue
            with transaction.atomic():
                business = make()
                with current.working_for(business):
                    people.own_series(business)
                    fill(business)
            self.stdout.write(f"{business.name}: geladen")

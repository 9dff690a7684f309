"""Write the stored files of issued documents into a folder, byte for byte."""

from pathlib import Path

from django.core.management.base import BaseCommand

from accounts import current
from accounts.models import Business
from billing import invoices, orders, rendering
from billing.models import Acceptance, Invoice, Order, Quote
from crm import files


class Command(BaseCommand):
    help = "Export stored PDF and XML files, named by number: --kind invoice|quote|order|acceptance --to DIR."

    def add_arguments(self, parser):
        parser.add_argument("--kind", choices=["invoice", "quote", "order", "acceptance"], required=True)
        parser.add_argument("--to", required=True, type=Path, metavar="DIR")
        parser.add_argument("--business", metavar="SLUG", help="only this business")

    def handle(self, *args, kind, to, business, **options):
        chosen = Business.objects.filter(slug=business) if business else Business.objects.all()
        to.mkdir(parents=True, exist_ok=True)
        taken: set[str] = set()
        count = 0
        for firm in chosen.order_by("pk"):
            with current.working_for(firm):
                for name, stored in _stored(kind):
                    # two businesses may use the same series; the later one's files then lie in its own folder
                    path = to / firm.slug / name if name in taken else to / name
                    taken.add(name)
                    path.parent.mkdir(exist_ok=True)
                    path.write_bytes(files.read(stored))
                    count += 1
        self.stdout.write(f"{count} files written to {to}")


def _stored(kind):
    """(file name, storage name) of each stored file; what a worker has not rendered yet is rendered first."""
    if kind == "invoice":
        for invoice in Invoice.objects.exclude(state=Invoice.State.DRAFT).order_by("pk"):
            invoices.deliver(invoice)
            invoice.refresh_from_db()
            yield f"{invoice.number}.pdf", invoice.pdf
            yield f"{invoice.number}.xml", invoice.xml
    elif kind == "quote":
        for quote in Quote.objects.exclude(state=Quote.State.DRAFT).order_by("pk"):
            rendering.quote(quote)
            yield f"{_of_version(quote)}.pdf", quote.pdf
    elif kind == "order":
        for order in Order.objects.exclude(document="").order_by("pk"):
            orders.confirm(order)
            order.refresh_from_db()
            yield f"{order.number}.pdf", order.pdf
    else:
        for acceptance in Acceptance.objects.select_related("quote").order_by("pk"):
            rendering.acceptance(acceptance)
            yield f"{_of_version(acceptance.quote)}.pdf", acceptance.pdf


def _of_version(quote):
    """Versions share their number: from the second on the file says which it is."""
    return quote.number if quote.version == 1 else f"{quote.number}-{quote.version}"

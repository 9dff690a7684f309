"""Bank entries and open items in Chromium: at a desk, on a phone, with the keyboard, light and dark."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts import current
from billing import bank_statements, payments
from billing.models import BankEntry, BankStatement, Invoice
from tests import make
from tests.billing.banking import samples
from tests.looks import in_every_light

pytestmark = pytest.mark.journey
LIGHTS = [(320, "light"), (320, "dark"), (1280, "light"), (1280, "dark")]
TODAY = timezone.localdate()


@pytest.fixture
def jana(transactional_db):
    with current.working_for(make.make_business()):
        yield make.make_member(name="Jana")


def booking(amount, **more):
    return samples.camt_entry(amount, day=f"{TODAY}", **more)


def test_a_statement_is_read_and_worked_off(open_page, jana):
    """From the file to the last entry, without a mouse."""
    first, second = make.make_open_invoice(), make.make_open_invoice()
    page = open_page(jana, viewport={"width": 1280, "height": 900})
    page.goto(reverse("billing:bank"))
    entries = [booking("7871.85", purpose=first.number), booking("7871.85", party="Sabine Brandt", purpose="Schrank")]
    content = samples.camt(entries=entries, closing=f"{1000 + 2 * Decimal('7871.85')}")
    page.get_by_label("Kontoauszug").set_input_files({"name": "umsatz.xml", "mimeType": "text/xml", "buffer": content})
    page.get_by_role("button", name="Einlesen").press("Enter")
    expect(page.get_by_text("2 neue Buchungen werden zugeordnet")).to_be_visible()
    bank_statements.match(BankStatement.objects.get())
    page.get_by_role("link", name="Stand ansehen").press("Enter")
    page.get_by_role("link", name="Zu den offenen Buchungen").press("Enter")
    page.get_by_role("button", name=f"Buchen {second.number}").press("Enter")
    expect(page.get_by_text("Alles zugeordnet.")).to_be_visible()
    assert set(Invoice.objects.values_list("state", flat=True)) == {Invoice.State.PAID}
    assert set(BankEntry.objects.values_list("state", flat=True)) == {BankEntry.State.BOOKED}


def test_the_pages_fit_and_read_well(open_page, jana):
    with make.days_ago(60):
        invoice = make.make_open_invoice()
    late = make.make_open_invoice()
    payments.record(late, amount=Decimal("8000"), received_on=TODAY, by=None, may_exceed=True)
    statement = make.make_bank_statement(
        booking("7871.85", party="Sabine Brandt", purpose="Donaudampfschifffahrtsgesellschaftskapitänsmütze " * 3),
        booking("500.00", party="Unbekannt", purpose=f"Teilzahlung {invoice.number}"),
        booking("3.00", party="", purpose=""),
    )  # fmt: skip
    entry = statement.entries.order_by("pk").first()
    page = open_page(jana)
    addresses = [
        reverse("billing:bank"),
        reverse("billing:bank_statement", args=[statement.pk]),
        reverse("billing:bank_entry", args=[entry.pk]),
        reverse("billing:open_items"),
        late.get_absolute_url(),
    ]
    for address in addresses:
        in_every_light(page, address, LIGHTS)

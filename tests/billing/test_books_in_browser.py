"""The pages of the books as the office and an auditor use them: by keyboard without script, on a narrow screen, readable
for everybody.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts import businesses, current
from accounts.rights import Role
from billing import books, payments, procedure
from billing.models import AuditExport, PeriodLock
from crm.models import NumberRange
from tests import make
from tests.looks import in_every_light

pytestmark = pytest.mark.journey
LIGHTS = [(1280, "light"), (320, "dark")]
BOOKS = ("procedure", "audit_books", "audit_payments", "audit_orders", "audit_journal", "audit_exports")


@pytest.fixture
def jana(transactional_db):
    with current.working_for(make.make_business()):
        yield make.make_member(name="Jana")


@pytest.fixture
def invoice(jana):
    """One of everything: a payment of last month, work without an invoice, a gap, all kinds of exports."""
    invoice = make.make_open_invoice(by=jana)
    last_month = timezone.localdate().replace(day=1) - timedelta(days=1)
    payments.record(invoice, amount=Decimal(100), received_on=last_month, by=jana, note="Anzahlung")
    make.make_completed_order()
    NumberRange.objects.filter(kind="invoice").update(last=4)
    businesses.change(jana.business, by=jana, iban="DE02120300000000202051")
    procedure.write(jana)
    PeriodLock.objects.create(until=last_month - timedelta(days=400), by=jana)
    for state in AuditExport.State:
        AuditExport.objects.create(year=last_month.year, state=state, sha256="a" * 64, by=jana)
    return invoice


def test_a_month_is_closed_by_keyboard_without_script(jana, invoice, open_page):
    page = open_page(jana, viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page.goto(reverse("billing:books"))
    page.get_by_role("button", name="Endgültig abschließen").press("Enter")
    expect(page.get_by_text("In diesen Zeitraum wird nichts mehr gebucht.", exact=False).first).to_be_visible()
    expect(page.get_by_text("Es gibt nichts abzuschließen.")).to_be_visible()
    assert books.locked_until() == timezone.localdate().replace(day=1) - timedelta(days=1)


def test_the_books_are_readable_for_everybody(jana, invoice, open_page):
    auditor = make.make_member(Role.AUDITOR)
    pages = (
        [("books", [], jana)] + [(name, [], auditor) for name in BOOKS] + [("audit_document", [invoice.pk], auditor)]
    )
    browsers = {who: open_page(who) for who in (jana, auditor)}
    for name, args, who in pages:
        in_every_light(browsers[who], reverse(f"billing:{name}", args=args), LIGHTS)

"""Issuing at once, killed half way, and at midnight of New Year's Eve: numbers stay whole (R6; P77 to P79, P86)."""

import pytest
import time_machine
from django.utils import timezone

from accounts import current
from accounts.refusals import Refusal
from billing import invoices, journal, tasks
from billing.models import Invoice, JournalEntry
from crm import numbering, states
from crm.models import Mail, NumberRange
from tests import make
from tests.parallel import at_once, die, dying_after, in_a_process_that_dies


@pytest.fixture
def here(transactional_db):
    """A business whose rows are really there for other connections."""
    with current.working_for(make.make_business()) as business:
        make.make_member()
        yield business


def draft(customer=None):
    lines = [make.line("Türschließer ersetzt", price="62")]
    return invoices.create(
        customer or make.make_customer(), by=None, title="Reparatur", lines=lines, service_from=timezone.localdate()
    )


def test_fifty_drafts_issued_at_once_have_fifty_numbers_in_the_order_of_their_commits(here):
    customer = make.make_customer()
    drafts = [draft(customer) for _ in range(50)]
    at_once(lambda invoice: invoices.issue(invoice, by=None), drafts, business=here)
    year = timezone.localdate().year
    issued = list(Invoice.objects.order_by("number").values_list("number", flat=True))
    assert issued == [f"RE-{year}-{n:04d}" for n in range(1, 51)]
    told = JournalEntry.objects.filter(event="billing.invoice_issued").order_by("sequence")
    assert list(told.values_list("number", flat=True)) == issued
    assert journal.first_broken() is None


def test_one_draft_issued_ten_times_at_once_is_one_invoice(here):
    invoice = draft()

    def issue(_n):
        try:
            return invoices.issue(Invoice.objects.get(pk=invoice.pk), by=None).number
        except Refusal:
            return None

    numbers = at_once(issue, 10, business=here)
    assert [each for each in numbers if each] == [f"RE-{timezone.localdate().year}-0001"]
    assert NumberRange.objects.get(kind="invoice").last == 1


KILLS = {
    "before the lock": (numbering, "take", die),
    "with the number taken": (numbering, "take", dying_after(numbering.take)),
    "with the content frozen": (states, "move", dying_after(states.move)),
    "with the journal written": (journal, "write", dying_after(journal.write)),
    "before the commit": (invoices, "kick", dying_after(invoices.kick)),
}


@pytest.mark.parametrize("point", KILLS)
def test_killed_before_the_commit_nothing_has_happened(here, monkeypatch, point):
    invoice = draft()
    with monkeypatch.context() as patch:
        patch.setattr(*KILLS[point])
        assert in_a_process_that_dies(
            lambda: invoices.issue(invoice, by=None, send_to="ada@kunde.example"), business=here
        )
    invoice.refresh_from_db()
    assert (invoice.state, invoice.number) == ("draft", None)
    assert not JournalEntry.objects.filter(event="billing.invoice_issued").exists()
    assert not NumberRange.objects.filter(kind="invoice", last__gt=0).exists()
    assert invoices.issue(invoice, by=None).number == f"RE-{timezone.localdate().year}-0001"


def test_killed_after_the_commit_file_and_mail_follow_by_themselves(here):
    invoice = draft()

    def issue_and_die():
        invoices.issue(invoice, by=None, send_to="ada@kunde.example")
        die()

    assert in_a_process_that_dies(issue_and_die, business=here)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.pdf) == ("open", "")
    tasks.render_missing()
    invoice.refresh_from_db()
    assert invoice.pdf and invoice.xml and invoice.sent_at
    assert Mail.objects.filter(kind="billing/mail/invoice_sent", to="ada@kunde.example").count() == 1
    tasks.render_missing()
    assert Mail.objects.count() == 1


@pytest.mark.parametrize(
    ("moment", "number", "day"),
    [
        ("2026-12-31T23:59:59.900000+01:00", "RE-2026-0001", "2026-12-31"),
        ("2027-01-01T00:00:00.100000+01:00", "RE-2027-0001", "2027-01-01"),
    ],
)
def test_the_year_is_that_of_germany(business, moment, number, day):
    """The server's clock runs in UTC: it is still the old year there."""
    with time_machine.travel(moment, tick=False):
        invoice = invoices.issue(draft(), by=None)
    assert (invoice.number, invoice.issued_on.isoformat()) == (number, day)

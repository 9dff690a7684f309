"""Pages for tax audits: everything of the audited years, nothing of others, and the log says who looked (R54, R58)."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.urls import reverse

from accounts import businesses
from accounts.models import AuditEntry, Member
from accounts.rights import Role
from billing import orders, payments, rendering
from billing.models import AuditExport, Invoice, JournalEntry
from billing.z3 import handing_over
from tests import make

LISTS = ("audit_books", "audit_payments", "audit_orders", "audit_journal", "audit_exports")


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-21 10:00+01:00", tick=False):
        yield


@pytest.fixture
def old(business):
    with time_machine.travel("2024-05-10 10:00+02:00", tick=False):
        return make.make_open_invoice(rendered=True)


@pytest.fixture
def new(business, old):
    order = make.make_completed_order()
    orders.confirm(order)
    rendering.acceptance(order.quote.acceptance)
    return make.make_open_invoice(order, rendered=True)


@pytest.fixture
def auditor(business):
    """Somebody who audits 2025 and 2026."""
    member = make.make_member(Role.AUDITOR, name="Frau Prüfer")
    Member.objects.filter(pk=member.pk).update(audits_from=2025, audits_until=2026)
    return make.signed_in(member)


def page(browser, name, *args, query=""):
    return browser.get(reverse(f"billing:{name}", args=args) + query)


def status(*args):
    answer = page(*args)
    answer.close()
    return answer.status_code


def text(*args, **kwargs):
    return page(*args, **kwargs).content.decode()


def test_an_auditor_sees_the_documents_of_the_audited_years_alone(auditor, old, new):
    assert f">{new}<" in text(auditor, "audit_books")
    for query in ("", "?jahr=2024", "?jahr=2025"):
        assert str(old) not in text(auditor, "audit_books", query=query)
    assert status(auditor, "audit_document", new.pk) == 200
    for name in ("audit_document", "audit_pdf", "audit_xml"):
        assert status(auditor, name, old.pk) == 404
    for name in ("audit_order_pdf", "audit_acceptance_pdf"):
        assert status(auditor, name, old.order_id) == 404
        assert status(auditor, name, new.order_id) == 200
    assert str(old.order) not in text(auditor, "audit_orders", query="?jahr=2024")


def test_the_journal_of_other_years_stays_closed(auditor, old, new):
    first = JournalEntry.objects.earliest("sequence")
    assert first.number in text(make.signed_in_as(Role.OWNER), "audit_journal", query="?jahr=2024")
    assert first.number not in text(auditor, "audit_journal", query="?jahr=2024")
    assert JournalEntry.objects.latest("sequence").number in text(auditor, "audit_journal", query="?jahr=2026")


def test_an_older_document_that_was_paid_in_an_audited_year_is_one_of_it(auditor, old, owner):
    payments.record(old, amount=Decimal(10), received_on=date(2024, 6, 1), by=owner, note="damals")
    assert page(auditor, "audit_document", old.pk).status_code == 404
    payments.record(old, amount=Decimal(20), received_on=date(2026, 1, 5), by=owner, note="jetzt")
    shown = text(auditor, "audit_document", old.pk)
    assert "jetzt" in shown and "damals" not in shown
    assert str(old) in text(auditor, "audit_payments", query="?jahr=2026")


def test_the_way_leads_from_a_payment_to_the_accepted_quote(auditor, new, owner):
    payments.record(new, amount=Decimal(10), received_on=date(2026, 11, 20), by=owner)
    assert reverse("billing:audit_document", args=[new.pk]) in text(auditor, "audit_payments")
    shown = text(auditor, "audit_document", new.pk)
    assert str(new.order) in shown and new.order.quote.number in shown
    assert reverse("billing:audit_acceptance_pdf", args=[new.order_id]) in shown
    assert new.document_hash in shown


def test_what_an_auditor_opens_stands_in_the_log_once_an_hour(auditor, new):
    for _ in range(2):
        page(auditor, "audit_books")
    page(auditor, "audit_document", new.pk)
    page(make.signed_in_as(Role.TAX_ADVISER), "audit_books")
    read = AuditEntry.objects.filter(event="books_read").order_by("pk")
    assert [(str(entry.by), entry.facts["page"]) for entry in read] == [
        ("Frau Prüfer", "/buchhaltung/pruefung/"), ("Frau Prüfer", f"/buchhaltung/pruefung/rechnungen/{new.pk}/")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["today", "crm:customer_list", "billing:invoice_list", "billing:quote_list", "billing:books"]
)
def test_nothing_else_is_open_to_an_auditor(auditor, name):
    assert auditor.get(reverse(name)).status_code == 403


def test_an_auditor_begins_with_the_books(auditor, business):
    member = Member.objects.get(role=Role.AUDITOR)
    EmailAddress.objects.create(user=member.user, email=member.user.email, verified=True, primary=True)
    browser = make.Browser()
    answer = browser.post(reverse("account_login"), {"login": member.user.email, "password": "ein-langes-passwort"})
    assert answer.url == reverse("billing:audit_books")
    assert 'href="/kontakte/"' not in text(auditor, "audit_books")


def test_master_data_are_shown_in_words(auditor, business, owner, new):
    businesses.change(business, by=owner, iban="DE02120300000000202051")
    assert "IBAN: DE89370400440532013000 → DE02120300000000202051" in text(auditor, "audit_journal")


def test_an_export_is_asked_for_by_the_owner_and_handed_to_the_auditor(auditor, old, new, business):
    owner = make.signed_in_as(Role.OWNER)
    answer = owner.post(reverse("billing:audit_export_create"), {"year": "2026"})
    assert answer.url == reverse("billing:audit_exports")
    waiting = text(auditor, "audit_exports")
    assert "wird erstellt" in waiting and "Nachsehen, ob es fertig ist" in waiting
    owner.post(reverse("billing:audit_export_create"), {"year": "2024"})
    for row in AuditExport.objects.all():
        handing_over.make(row)
    shown = text(auditor, "audit_exports")
    assert "fertig" in shown and "Nachsehen" not in shown and "2024 <span" not in shown
    recent, early = AuditExport.objects.get(year=2026), AuditExport.objects.get(year=2024)
    answer = page(auditor, "audit_export_file", recent.pk)
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    answer.close()
    assert page(auditor, "audit_export_file", early.pk).status_code == 404


@pytest.mark.parametrize("year", ["", "zwei", "2019", "99999"])
def test_a_year_without_papers_is_refused(business, new, year):
    answer = make.signed_in_as(Role.OWNER).post(reverse("billing:audit_export_create"), {"year": year})
    assert answer.status_code == 409 and not AuditExport.objects.exists()


@pytest.mark.parametrize("name", LISTS)
def test_lists_cost_the_same_with_one_row_and_with_three(business, owner, name):
    browser, counts = make.signed_in_as(Role.OWNER), []
    for many in (1, 2):
        for _ in range(many):
            invoice = make.make_open_invoice(by=owner)
            payments.record(invoice, amount=Decimal(10), received_on=date(2026, 11, 20), by=owner)
            AuditExport.objects.create(year=2026, by=owner)
        counts.append(make.count_queries(browser, reverse(f"billing:{name}")))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", LISTS)
def test_empty_books_say_so(business, name):
    assert 'class="empty"' in text(make.signed_in_as(Role.OWNER), name)
    assert not Invoice.objects.exists()

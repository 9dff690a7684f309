"""What can be done with an invoice."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.refusals import Refusal
from billing import invoices, orders, payments, rendering, tasks
from billing.models import Invoice, JournalEntry, Order
from crm import customers, due, files, states
from crm.models import DueAction, Mail, NumberRange
from tests import make

pytestmark = pytest.mark.django_db


def test_an_invoice_has_the_rows_and_the_total_of_its_order(business):
    order = make.make_completed_order(taken={"wahl-3.1": "3.2"})
    invoice = make.make_draft_invoice(order)
    assert [row.text for row in invoice.lines.all()] == [row.text for row in order.lines.all()]
    assert (invoice.gross, invoice.number, invoice.service_from) == (order.gross, None, timezone.localdate())


def test_an_order_has_one_living_invoice(business):
    order = make.make_completed_order()
    assert invoices.draft_from_order(order, by=None) == invoices.draft_from_order(order, by=None)


def test_a_withdrawn_order_is_not_billed(business):
    order = make.make_order()
    orders.withdraw(order, name="Sabine Brandt", email="s@kunde.example")
    with pytest.raises(Refusal, match="widerrufen"):
        invoices.draft_from_order(order, by=None)


def test_issuing_numbers_freezes_and_plans_the_reminder(business, owner, woken, django_capture_on_commit_callbacks):
    with time_machine.travel("2026-11-20 10:00 +0000", tick=False):
        with django_capture_on_commit_callbacks(execute=True):
            invoice = make.make_open_invoice(by=owner)
        assert (invoice.number, invoice.state) == ("RE-2026-0001", Invoice.State.OPEN)
        assert (invoice.issued_on, invoice.due_on) == (date(2026, 11, 20), date(2026, 12, 4))
        assert invoice.frozen_document.totals.gross == invoice.gross == Decimal("7871.85")
        assert invoice.order.state == Order.State.INVOICED
        assert timezone.localtime(DueAction.objects.get(kind=invoices.OVERDUE).due_at).date() == date(2026, 12, 7)
        assert ("billing.tasks.deliver_invoice", invoice.pk) in woken


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [("street", "", "Straße"), ("city", "", "Ort"), ("tax_number", "", "Steuernummer")],
)
def test_missing_data_of_the_business_is_named_and_uses_no_number(business, field, value, sentence):
    invoice = make.make_draft_invoice()
    setattr(business, field, value)
    business.vat_id = ""
    business.save()
    invoice = Invoice.objects.get(pk=invoice.pk)
    with pytest.raises(invoices.NotReady, match=sentence):
        invoices.issue(invoice, by=None)
    assert not NumberRange.objects.filter(kind="invoice").exists()


def test_a_customer_without_address_gets_no_invoice(business):
    customer = make.make_customer(street="", city="", postcode="")
    invoice = invoices.create(
        customer,
        by=None,
        title="Reparatur",
        lines=[make.line("Türschloss ersetzt", "1", "400")],
        service_from=date(2026, 11, 2),
    )
    with pytest.raises(invoices.NotReady) as refused:
        invoices.issue(invoice, by=None)
    assert len(refused.value.problems) >= 1


def test_an_invoice_without_service_date_is_refused(business):
    invoice = invoices.create(
        make.make_customer(), by=None, title="Reparatur", lines=[make.line("Türschloss ersetzt", "1", "400")]
    )
    with pytest.raises(invoices.NotReady, match="Leistungsdatum"):
        invoices.issue(invoice, by=None)


def test_an_issued_invoice_cannot_change_by_any_way(business):
    invoice = make.make_open_invoice()
    with pytest.raises(Refusal, match="Bitte stornieren"):
        invoices.change(invoice, title="Anders")
    for attack in (
        lambda: Invoice.objects.filter(pk=invoice.pk).update(gross=1),
        lambda: Invoice.objects.filter(pk=invoice.pk).update(document="{}"),
        lambda: invoice.lines.update(unit_price=1),
        lambda: invoice.lines.all().delete(),
        lambda: Invoice.objects.filter(pk=invoice.pk)._raw_delete("default"),
        lambda: invoice.save(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attack()
    with pytest.raises(Refusal, match="aufbewahrt werden"):
        invoice.delete()


def test_a_changed_address_does_not_touch_the_issued_invoice(business):
    invoice = make.make_open_invoice()
    customers.change(invoice.customer, street="Neuer Weg 1")
    invoice.refresh_from_db()
    assert invoice.frozen_document.buyer.street == "Rotdornweg 8"


def test_issuing_twice_is_refused_and_takes_one_number(business):
    invoice = make.make_open_invoice()
    with pytest.raises(states.NotAllowed):
        invoices.issue(invoice, by=None)
    assert NumberRange.objects.get(kind="invoice").last == 1


def test_a_refused_step_gives_the_number_back(business, monkeypatch):
    invoice = make.make_draft_invoice()
    monkeypatch.setattr("billing.journal.write", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        invoices.issue(invoice, by=None)
    monkeypatch.undo()
    invoice.refresh_from_db()
    assert (invoice.state, invoice.number) == (Invoice.State.DRAFT, None)
    invoices.issue(invoice, by=None)
    assert invoice.number.endswith("-0001")


def test_the_year_of_the_number_is_berlins(business):
    invoice = make.make_draft_invoice()
    with time_machine.travel("2026-12-31 22:59:59 +0000", tick=False):
        invoices.issue(invoice, by=None)
    other = invoices.create(
        invoice.customer,
        by=None,
        title="Nacharbeit",
        lines=[make.line("Tür eingestellt")],
        service_from=date(2026, 12, 31),
    )
    with time_machine.travel("2026-12-31 23:00:01 +0000", tick=False):
        invoices.issue(other, by=None)
    assert (invoice.number, other.number) == ("RE-2026-0001", "RE-2027-0001")


def test_delivering_stores_the_files_once_and_mails_the_stored_bytes(business):
    invoice = make.make_open_invoice()
    tasks.deliver_invoice(invoice.pk)
    invoice.refresh_from_db()
    first = (invoice.pdf, invoice.pdf_sha256, invoice.xml_sha256)
    tasks.deliver_invoice(invoice.pk)
    tasks.render_missing()
    invoice.refresh_from_db()
    assert (invoice.pdf, invoice.pdf_sha256, invoice.xml_sha256) == first
    mail = Mail.objects.get(kind="billing/mail/invoice_sent")
    assert [(a.name, a.sha256) for a in mail.attachments.all()] == [(f"{invoice.number}.pdf", invoice.pdf_sha256)]


def test_sending_again_sends_the_same_bytes(business, owner):
    invoice = make.make_open_invoice(rendered=True)
    invoices.send(invoice, to="buchhaltung@kunde.example", by=owner)
    tasks.deliver_invoice(invoice.pk)
    hashes = {
        a.sha256 for mail in Mail.objects.filter(kind="billing/mail/invoice_sent") for a in mail.attachments.all()
    }
    assert hashes == {invoice.pdf_sha256}


def test_a_rendering_that_failed_is_made_good_by_the_sweep(business, monkeypatch):
    invoice = make.make_open_invoice()
    monkeypatch.setattr("billing.documents.pdf.render_pdf", lambda *args, **kwargs: 1 / 0)
    tasks.render_missing()
    monkeypatch.undo()
    invoice.refresh_from_db()
    assert (invoice.pdf, invoice.number is not None) == ("", True)
    tasks.render_missing()
    assert ("invoice", invoice.pk) not in rendering.missing()


def test_a_cancellation_mirrors_the_invoice(business, owner):
    invoice = make.make_open_invoice(rendered=True)
    before = files.read(invoice.pdf)
    cancellation = invoices.cancel(invoice, by=owner, reason="Falscher Empfänger")
    invoice.refresh_from_db()
    assert (cancellation.gross, cancellation.net, cancellation.tax) == (-invoice.gross, -invoice.net, -invoice.tax)
    assert (invoice.state, cancellation.state) == (Invoice.State.CANCELLED, Invoice.State.SETTLED)
    assert cancellation.number != invoice.number
    frozen = cancellation.frozen_document
    assert (frozen.preceding.number, frozen.reason) == (invoice.number, "Falscher Empfänger")
    assert [group.tax for group in frozen.totals.groups] == [
        -group.tax for group in invoice.frozen_document.totals.groups
    ]
    assert files.read(invoice.pdf) == before
    assert invoice.order.state == Order.State.COMPLETED  # it can be billed anew


def test_after_a_cancellation_the_order_is_billed_anew(business):
    invoice = make.make_open_invoice()
    invoices.cancel(invoice, by=None, reason="Falsch")
    anew = make.make_open_invoice(invoice.order)
    assert (anew.pk != invoice.pk, anew.gross) == (True, invoice.gross)


def test_an_invoice_is_cancelled_once(business):
    invoice = make.make_open_invoice()
    cancellation = invoices.cancel(invoice, by=None, reason="Falsch")
    with pytest.raises(states.NotAllowed):
        invoices.cancel(invoice, by=None, reason="Nochmal")
    with pytest.raises(Refusal, match="Stornorechnung kann nicht storniert werden"):
        invoices.cancel(cancellation, by=None, reason="Doch nicht")


def test_a_cancellation_names_its_reason(business):
    with pytest.raises(Refusal, match="Grund"):
        invoices.cancel(make.make_open_invoice(), by=None, reason=" ")


def test_a_draft_is_thrown_away_an_issued_invoice_is_not(business):
    invoices.delete_draft(make.make_draft_invoice())
    assert not Invoice.objects.exists()
    with pytest.raises(Refusal, match="nicht gelöscht"):
        invoices.delete_draft(make.make_open_invoice())


def test_an_overdue_invoice_is_reminded_where_the_business_wants_it(business):
    business.reminds_of_payment = True
    business.save()
    with time_machine.travel("2026-11-02 10:00 +0000", tick=False):
        invoice = make.make_open_invoice(rendered=True)
    action = DueAction.objects.get(kind=invoices.OVERDUE)
    with time_machine.travel("2026-11-19 09:00 +0000", tick=False):
        assert due.work_off(action.pk)
    mail = Mail.objects.get(kind="billing/mail/invoice_reminder")
    assert (mail.to, invoice.number in mail.subject_line) == (invoice.customer.email, True)


def test_otherwise_the_office_is_told(business):
    with time_machine.travel("2026-11-02 10:00 +0000", tick=False):
        make.make_open_invoice()
    with time_machine.travel("2026-11-19 09:00 +0000", tick=False):
        assert due.work_off(DueAction.objects.get(kind=invoices.OVERDUE).pk)
    assert Mail.objects.get(kind="billing/mail/invoice_overdue_notice").to == business.email
    assert not Mail.objects.filter(kind="billing/mail/invoice_reminder").exists()


def test_a_paid_invoice_is_not_reminded(business):
    invoice = make.make_open_invoice()
    payments.record(invoice, amount=invoice.gross, received_on=timezone.localdate(), by=None)
    assert DueAction.objects.get(kind=invoices.OVERDUE).state == DueAction.State.DROPPED


def test_nobody_is_reminded_before_the_due_date(business):
    with pytest.raises(Refusal, match="nicht überfällig"):
        invoices.remind(make.make_open_invoice(), by=None)


def test_private_customers_see_the_labour_share_and_the_notes(business):
    document = make.make_open_invoice().frozen_document
    # 420 + 16 × 62 + 45 + 180
    assert (document.labour.net, document.labour.tax) == (Decimal("1637.00"), Decimal("311.03"))
    assert any("zwei Jahre aufzubewahren" in note for note in document.notes)
    assert any("30 Tage nach Fälligkeit" in note for note in document.notes)


def test_the_parts_of_a_price_and_surcharges_go_from_the_quote_to_the_invoice(business):
    parts = {"labour": "500.00", "travel": "40.00", "machine": "60.00", "material": "400.00"}
    lines = [
        make.line("Bad komplett", "1", "1000", cost_split=parts),
        make.line("Nachts", "2", "50", discount_percent=-50),
    ]
    order = make.make_completed_order(make.make_sent_quote(lines=lines, discount_percent=-10))
    document = make.make_open_invoice(order).frozen_document
    # (1000 + 100 × 1.5) × 1.1, of it work (500 + 40 + 60) × 1.1
    assert (document.totals.net, document.labour.net) == (Decimal("1265.00"), Decimal("660.00"))
    assert document.totals == order.frozen_document.totals


def test_businesses_see_neither(business):
    order = make.make_completed_order(make.make_sent_quote(make.make_company()))
    document = make.make_open_invoice(order).frozen_document
    assert (document.labour, document.notes) == (None, ())


def test_the_journal_tells_the_life_of_the_invoice(business, owner):
    invoice = make.make_open_invoice(by=owner)
    invoices.cancel(invoice, by=owner, reason="Falsch")
    entries = JournalEntry.objects.filter(event__startswith="billing.invoice")
    assert [(entry.event, entry.by) for entry in entries] == [
        ("billing.invoice_issued", owner), ("billing.invoice_cancelled", owner),
    ]  # fmt: skip


def test_an_overdue_invoice_counts_its_days(business):
    invoice = make.make_open_invoice()
    with time_machine.travel(timezone.now() + timedelta(days=20), tick=False):
        assert (invoice.is_overdue, invoice.days_overdue) == (True, 6)
        assert list(Invoice.objects.overdue(on=timezone.localdate())) == [invoice]

"""What can be done with a bank statement and its entries."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.refusals import Refusal
from billing import bank_entries, bank_statements, books, girocode, invoices, payments, tasks
from billing.models import BankEntry, BankStatement, Invoice, Payment
from tests import make
from tests.billing.banking import samples
from tests.billing.banking.samples import camt_entry

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def issued(price="1000", customer=None, **fields):
    """An invoice over a net price: 1,190.00 gross."""
    draft = invoices.create(
        customer or make.make_company(),
        by=None,
        title="Fassade",
        lines=[make.line(price=price)],
        service_from=TODAY,
        **fields,
    )
    return invoices.issue(draft, by=None)


def booking(amount, way="CRDT", **more):
    return camt_entry(amount, way, day=f"{TODAY}", **more)


def only(statement):
    return statement.entries.get()


def suggestions(entry):
    entry.refresh_from_db()
    return bank_entries.Finder([entry]).suggestions(entry)


def test_number_and_amount_are_booked_without_asking(business, owner):
    invoice = issued()
    entry = only(
        make.make_bank_statement(
            booking("1190.00", purpose=f"Rechnung {invoice.number}", party="Wer auch immer"), by=owner
        )
    )
    invoice.refresh_from_db()
    payment = Payment.objects.get()
    assert (entry.state, invoice.state) == (BankEntry.State.BOOKED, Invoice.State.PAID)
    assert (payment.entry, payment.received_on, payment.by, payment.note) == (entry, TODAY, owner, "Wer auch immer")


def test_a_creditor_reference_and_the_amount_are_booked_too(business):
    invoice = issued()
    make.make_bank_statement(booking("1190.00", structured=girocode.reference(invoice.number)))
    invoice.refresh_from_db()
    assert invoice.state == Invoice.State.PAID


def test_less_skonto_in_time_closes_the_invoice(business):
    invoice = issued(skonto_percent=2, skonto_days=14)
    entry = only(make.make_bank_statement(booking("1166.20", purpose=invoice.number)))
    invoice.refresh_from_db()
    assert (invoice.state, entry.state) == (Invoice.State.PAID, BankEntry.State.BOOKED)
    assert [row.amount for row in invoice.payments.order_by("pk")] == [Decimal("1166.20"), Decimal("23.80")]


def test_amount_and_name_wait_for_a_person(business):
    invoice = issued()
    entry = only(make.make_bank_statement(booking("1190.00", party="Café Morgenrot GmbH")))
    assert entry.state == BankEntry.State.OPEN
    (found,) = suggestions(entry)
    assert (found.parts, found.confidence) == (((invoice, Decimal("1190.00")),), "wahrscheinlich")
    assert found.reasons == ("Betrag stimmt", "Name passt")
    bank_statements.book(entry, found.proposal, by=None)
    invoice.refresh_from_db()
    assert invoice.state == Invoice.State.PAID
    with pytest.raises(Refusal, match="bereits: verbucht"):
        bank_statements.book(entry, found.proposal, by=None)


def test_a_second_payment_of_the_same_invoice_is_not_booked_by_itself(business):
    invoice = issued()
    twice = [booking("1190.00", purpose=invoice.number, bank_id=str(n)) for n in (1, 2)]
    states = [entry.state for entry in make.make_bank_statement(*twice).entries.order_by("pk")]
    assert states == [BankEntry.State.BOOKED, BankEntry.State.OPEN]


def test_money_for_others_is_put_aside_and_can_be_taken_back(business):
    entry = only(make.make_bank_statement(booking("50.00", "DBIT", party="Stadtwerke")))
    assert entry.state == BankEntry.State.IGNORED
    bank_statements.undo(entry, by=None)
    entry.refresh_from_db()
    assert entry.state == BankEntry.State.OPEN
    bank_statements.ignore(entry)
    with pytest.raises(Refusal, match="bereits: nicht von Kunden"):
        bank_statements.ignore(entry)


def test_the_same_file_comes_in_once(business):
    make.make_bank_statement(booking("10.00"))
    with pytest.raises(Refusal, match="schon eingelesen") as refusal:
        make.make_bank_statement(booking("10.00"))
    assert refusal.value.field == "file" and BankStatement.objects.count() == 1


def test_statements_that_overlap_bring_each_booking_once(business):
    first = make.make_bank_statement(booking("10.00", purpose="A"), booking("20.00", purpose="B"))
    second = make.make_bank_statement(booking("20.00", purpose="B"), booking("30.00", purpose="C"))
    assert (first.entry_count, first.entries.count()) == (2, 2)
    assert (second.entry_count, [entry.purpose for entry in second.entries.all()]) == (2, ["C"])


def test_two_like_bookings_of_a_day_are_two(business):
    statement = make.make_bank_statement(booking("10.00", purpose="A"), booking("10.00", purpose="A"))
    assert statement.entries.count() == 2


def test_of_a_broken_file_nothing_is_kept(business):
    with pytest.raises(Refusal):
        bank_statements.take_in(SimpleUploadedFile("auszug.xml", samples.camt(closing="0.00")), by=None)
    assert not BankStatement.objects.exists() and not BankEntry.objects.exists()


def test_a_payment_is_shared_by_hand_and_what_is_left_stays_open(business):
    first, second = issued(), issued("100")
    entry = only(make.make_bank_statement(booking("1300.00", party="Unbekannt")))
    bank_statements.assign(entry, first, amount=Decimal("1190"), by=None)
    entry.refresh_from_db()
    assert (entry.state, bank_entries.rest_of(entry)) == (BankEntry.State.OPEN, Decimal("110.00"))
    with pytest.raises(Refusal, match="noch 110,00"):
        bank_statements.assign(entry, second, amount=Decimal("119"), by=None)
    with pytest.raises(Refusal, match="auch den Rest"):
        bank_statements.ignore(entry)
    bank_statements.assign(entry, second, amount=Decimal("110"), by=None)
    entry.refresh_from_db()
    assert entry.state == BankEntry.State.BOOKED


def test_undoing_reverses_the_payments_with_their_skonto(business):
    invoice = issued(skonto_percent=2, skonto_days=14)
    entry = only(make.make_bank_statement(booking("1166.20", purpose=invoice.number)))
    bank_statements.undo(entry, by=None)
    invoice.refresh_from_db(), entry.refresh_from_db()
    assert (invoice.open_amount, entry.state) == (Decimal("1190.00"), BankEntry.State.OPEN)
    assert bank_entries.rest_of(entry) == Decimal("1166.20")


def test_a_payment_taken_back_on_the_invoice_opens_its_entry(business):
    invoice = issued()
    entry = only(make.make_bank_statement(booking("1190.00", purpose=invoice.number)))
    payments.reverse(Payment.objects.get(), by=None)
    entry.refresh_from_db()
    assert (entry.state, bank_entries.rest_of(entry)) == (BankEntry.State.OPEN, Decimal("1190.00"))


def test_a_refund_is_recognised_by_its_credit(business):
    invoice = issued()
    payments.record(invoice, amount=Decimal("1290"), received_on=TODAY, by=None, may_exceed=True)
    entry = only(make.make_bank_statement(booking("100.00", "DBIT", purpose=f"Erstattung {invoice.number}")))
    (found,) = suggestions(entry)
    bank_statements.book(entry, found.proposal, by=None)
    invoice.refresh_from_db(), entry.refresh_from_db()
    assert (payments.credit_of(invoice), entry.state) == (Decimal("0.00"), BankEntry.State.BOOKED)


def test_a_returned_payment_opens_the_invoice_again(business):
    invoice = issued()
    make.make_bank_statement(booking("1190.00", purpose=invoice.number))
    entry = only(make.make_bank_statement(booking("1190.00", "DBIT", purpose=f"Rückgabe {invoice.number}")))
    (found,) = suggestions(entry)
    assert found.reasons == ("Rechnungsnummer genannt", "zurückgegebene Zahlung")
    bank_statements.book(entry, found.proposal, by=None)
    invoice.refresh_from_db(), entry.refresh_from_db()
    assert (invoice.open_amount, entry.state) == (Decimal("1190.00"), BankEntry.State.BOOKED)
    with pytest.raises(Refusal, match="nicht ungeschehen"):
        bank_statements.undo(entry, by=None)


def test_an_account_that_paid_before_names_its_customer(business):
    first = issued()
    make.make_bank_statement(booking("1190.00", purpose=first.number))
    second = issued("50", customer=first.customer)
    entry = only(make.make_bank_statement(booking("59.50", party="M. Muster")))
    assert suggestions(entry)[0].reasons == ("Betrag stimmt", "zahlte schon von diesem Konto")
    assert suggestions(entry)[0].parts == ((second, Decimal("59.50")),)


def test_money_of_a_closed_month_counts_today_and_says_when_it_came(business, owner):
    invoice = issued()
    books.lock(TODAY.replace(day=1) - timedelta(days=1), owner)
    before = TODAY.replace(day=1) - timedelta(days=2)
    entry = only(make.make_bank_statement(camt_entry("1190.00", day=f"{before}", purpose=invoice.number, party="Ada")))
    payment = Payment.objects.get()
    assert (entry.state, payment.received_on) == (BankEntry.State.BOOKED, TODAY)
    assert payment.note.startswith("Ada, eingegangen am ")


def test_what_the_bank_said_never_changes(business):
    make.make_bank_statement(booking("10.00"))
    for attack in (
        lambda: BankEntry.objects.update(amount=1),
        lambda: BankStatement.objects.update(closing=1),
        lambda: BankEntry.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attack()


def test_a_lost_wake_up_is_made_up_for(business):
    invoice = issued()
    file = SimpleUploadedFile(
        "a.xml", samples.camt(entries=[booking("1190.00", purpose=invoice.number)], closing="2190.00")
    )
    statement = bank_statements.take_in(file, by=None)
    tasks.match_bank_statements()
    tasks.match_bank_statement(statement.pk)
    statement.refresh_from_db()
    assert Payment.objects.count() == 1 and statement.matched_at


def test_finding_costs_the_same_for_any_number_of_entries(business, django_assert_num_queries):
    for _n in range(3):
        issued()
    statement = make.make_bank_statement(*(booking("7.00", purpose=str(n)) for n in range(3)))
    entries = list(statement.entries.select_related("statement"))
    for some in (entries[:1], entries):
        with django_assert_num_queries(3):
            finder = bank_entries.Finder(some)
            for entry in some:
                finder.suggestions(entry)


@pytest.mark.parametrize("days", [0, 40])
def test_skonto_is_only_certain_in_time(business, days):
    with make.days_ago(days):
        invoice = issued(skonto_percent=2, skonto_days=14)
    entry = only(make.make_bank_statement(booking("1166.20", purpose=invoice.number)))
    assert (entry.state == BankEntry.State.BOOKED) == (days == 0)

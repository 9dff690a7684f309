"""What can be done with a payment."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.refusals import Refusal
from billing import invoices, payments
from billing.models import DunningItem, DunningLetter, Invoice, Payment
from crm import states
from tests import make

pytestmark = pytest.mark.django_db


def pay(invoice, amount, **more):
    return payments.record(invoice, amount=Decimal(amount), received_on=timezone.localdate(), by=None, **more)


def test_part_payments_leave_the_rest_open(business):
    invoice = make.make_open_invoice()
    pay(invoice, "871.85")
    invoice.refresh_from_db()
    assert (invoice.state, invoice.open_amount, invoice.paid) == (
        Invoice.State.OPEN,
        Decimal("7000.00"),
        Decimal("871.85"),
    )


def test_the_last_payment_settles_the_invoice(business):
    invoice = make.make_open_invoice()
    pay(invoice, "871.85")
    pay(invoice, "7000")
    invoice.refresh_from_db()
    assert (invoice.state, invoice.open_amount, invoice.paid_on) == (
        Invoice.State.PAID,
        Decimal("0.00"),
        timezone.localdate(),
    )


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [("0", "größer als null"), ("-5", "größer als null"), ("7871.86", "Offen sind nur 7.871,85")],
)
def test_impossible_amounts_are_refused(business, amount, sentence):
    invoice = make.make_open_invoice()
    with pytest.raises(Refusal, match=sentence):
        pay(invoice, amount)
    assert not Payment.objects.exists()


def test_money_does_not_arrive_tomorrow(business):
    with pytest.raises(Refusal, match="Zukunft"):
        payments.record(
            make.make_open_invoice(), amount=Decimal(1), received_on=timezone.localdate() + timedelta(days=1), by=None
        )


def test_drafts_and_cancelled_invoices_take_no_money(business):
    draft = make.make_draft_invoice()
    with pytest.raises(states.NotAllowed):
        pay(draft, "1")
    invoice = make.make_open_invoice(draft.order)
    invoices.cancel(invoice, by=None, reason="Falsch")
    with pytest.raises(states.NotAllowed):
        pay(invoice, "1")


def test_a_payment_taken_back_opens_the_invoice_again(business):
    invoice = make.make_open_invoice()
    payment = pay(invoice, "7871.85")
    reversal = payments.reverse(payment, by=None)
    invoice.refresh_from_db()
    assert (reversal.amount, invoice.state, invoice.open_amount) == (
        Decimal("-7871.85"),
        Invoice.State.OPEN,
        Decimal("7871.85"),
    )


def test_a_payment_is_taken_back_once(business):
    payment = pay(make.make_open_invoice(), "100")
    reversal = payments.reverse(payment, by=None)
    for again in (payment, reversal):
        with pytest.raises(Refusal, match="bereits zurückgenommen"):
            payments.reverse(again, by=None)


def test_a_payment_never_changes(business):
    pay(make.make_open_invoice(), "100")
    for attack in (lambda: Payment.objects.update(amount=1), lambda: Payment.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            attack()


# --- Skonto -----------------------------------------------------------------------------------------------------------
def issued(price="10000", customer=None, **fields):
    """An invoice over a net price, issued today."""
    draft = invoices.create(
        customer or make.make_company(), by=None, title="Fassade", lines=[make.line(price=price)],
        service_from=timezone.localdate(), **fields,
    )  # fmt: skip
    return invoices.issue(draft, by=None)


def rows_of(invoice):
    return [(row.method, row.amount) for row in invoice.payments.order_by("pk")]


def test_payment_less_skonto_in_time_closes_the_invoice(business):
    """R15: gross × (1 − p) within the days; the rest is booked as Skonto."""
    invoice = issued(skonto_percent=2, skonto_days=14)
    pay(invoice, "11662")
    invoice.refresh_from_db()
    assert rows_of(invoice) == [("transfer", Decimal("11662.00")), ("skonto", Decimal("238.00"))]
    assert (invoice.state, invoice.paid) == (Invoice.State.PAID, Decimal("11900.00"))


def test_skonto_after_its_days_leaves_the_rest_open_until_it_is_granted(business):
    with make.days_ago(40):
        late, granted = issued(skonto_percent=2, skonto_days=14), issued(skonto_percent=2, skonto_days=14)
    pay(late, "11662")
    pay(granted, "11662", takes_skonto=True)
    late.refresh_from_db(), granted.refresh_from_db()
    assert (late.open_amount, late.state) == (Decimal("238.00"), Invoice.State.OPEN)
    assert (rows_of(granted)[1], granted.state) == (("skonto", Decimal("238.00")), Invoice.State.PAID)


def test_more_than_the_agreed_skonto_is_never_taken_off(business):
    invoice = issued(skonto_percent=2, skonto_days=14)
    with pytest.raises(Refusal, match="Es fehlen 300,00\xa0€, vereinbart sind 238,00\xa0€ Skonto"):
        pay(invoice, "11600", takes_skonto=True)
    with pytest.raises(Refusal, match="kein Skonto"):
        pay(issued(), "11662", takes_skonto=True)
    with pytest.raises(Refusal, match="Vereinbart sind noch 238,00\xa0€ Skonto"):
        pay(invoice, "238.01", method="skonto")
    assert not Payment.objects.exists()


def test_skonto_is_taken_of_what_is_due_now(business):
    """R25: of 11,900 a retention of 595 is due later; 2 % of the other 11,305 are 226.10."""
    invoice = issued(skonto_percent=2, skonto_days=14, retention_percent=5)
    pay(invoice, "11078.90")
    invoice.refresh_from_db()
    assert rows_of(invoice) == [("transfer", Decimal("11078.90")), ("skonto", Decimal("226.10"))]
    assert (invoice.state, invoice.open_amount) == (Invoice.State.OPEN, Decimal("595.00"))


def test_skonto_goes_with_the_money_it_was_earned_by(business):
    invoice = issued(skonto_percent=2, skonto_days=14)
    payments.reverse(pay(invoice, "11662"), by=None)
    invoice.refresh_from_db()
    assert (invoice.open_amount, invoice.state) == (Decimal("11900.00"), Invoice.State.OPEN)
    assert rows_of(invoice)[2:] == [("transfer", Decimal("-11662.00")), ("skonto", Decimal("-238.00"))]


# --- Bauabzugsteuer ---------------------------------------------------------------------------------------------------
def test_building_tax_kept_back_counts_like_a_payment(business):
    """R19: 11,900 gross, 1,785 kept back, 10,115 received: the item closes at 11,900."""
    invoice = issued(is_construction=True)
    pay(invoice, "10115", withholds_tax=True)
    invoice.refresh_from_db()
    assert rows_of(invoice) == [("transfer", Decimal("10115.00")), ("withheld", Decimal("1785.00"))]
    assert (invoice.state, invoice.paid) == (Invoice.State.PAID, Decimal("11900.00"))


def test_building_tax_and_skonto_go_together(business):
    """11,900 less 2 % are 11,662; 15 % of that are 1,749.30 kept back and 9,912.70 received."""
    invoice = issued(is_construction=True, skonto_percent=2, skonto_days=14)
    pay(invoice, "9912.70", withholds_tax=True)
    invoice.refresh_from_db()
    assert [amount for _method, amount in rows_of(invoice)] == [Decimal(x) for x in ("9912.70", "1749.30", "238.00")]
    assert invoice.state == Invoice.State.PAID


@pytest.mark.parametrize("fields", [{"is_construction": False}, {"is_construction": True, "consumer": True}])
def test_only_businesses_keep_tax_back_and_only_of_building_work(business, fields):
    customer = make.make_customer() if fields.pop("consumer", False) else None
    invoice = issued(customer=customer, **fields)
    with pytest.raises(Refusal, match="nur bei Bauleistungen"):
        pay(invoice, "10115", withholds_tax=True)
    with pytest.raises(Refusal, match="nur bei Bauleistungen"):
        pay(invoice, "1785", method="withheld")


def test_no_more_than_fifteen_percent_is_kept_back(business):
    invoice = issued(is_construction=True)
    with pytest.raises(Refusal, match=r"höchstens noch 1\.785,00"):
        pay(invoice, "1785.01", method="withheld")


# --- interest and costs of reminders ----------------------------------------------------------------------------------
def remind(invoice, **asked):
    today = timezone.localdate()
    letter = DunningLetter.objects.create(
        customer=invoice.customer, level=2, issued_on=today, pay_until=today, total=1, content="{}", content_hash="a"
    )
    DunningItem.objects.create(
        letter=letter, invoice=invoice, principal=invoice.open_amount, **{k: Decimal(v) for k, v in asked.items()}
    )


def reminded():
    invoice = issued("840.34")  # 1,000.00 gross
    remind(invoice, interest="20", costs="5")
    return invoice


def test_money_without_designation_pays_costs_and_interest_first(business):
    """R70: 100 EUR on P 1,000 + I 20 + costs 5 leaves P 925."""
    invoice = reminded()
    payment = pay(invoice, "100")
    invoice.refresh_from_db()
    assert (payment.costs, payment.interest, payment.amount) == (Decimal("5.00"), Decimal("20.00"), Decimal("75.00"))
    assert invoice.open_amount == Decimal("925.00")
    assert payments.beside(invoice).total == 0


def test_the_customers_designation_wins(business):
    """§ 366 (1) BGB."""
    invoice = reminded()
    pay(invoice, "100", is_designated=True)
    invoice.refresh_from_db()
    assert (invoice.open_amount, payments.beside(invoice).total) == (Decimal("900.00"), Decimal("25.00"))


def test_interest_of_the_last_letter_counts_and_lump_sums_once(business):
    invoice = reminded()
    remind(invoice, interest="22", lump_sum="40")
    assert payments.beside(invoice) == payments.Beside(interest=Decimal("22.00"), costs=Decimal("45.00"))


def test_interest_comes_back_with_a_returned_payment(business):
    invoice = reminded()
    payments.reverse(pay(invoice, "100"), by=None)
    invoice.refresh_from_db()
    assert (invoice.open_amount, payments.beside(invoice).total) == (Decimal("1000.00"), Decimal("25.00"))


# --- too much ---------------------------------------------------------------------------------------------------------
def test_what_is_paid_too_much_stays_as_a_credit_and_can_be_refunded(business):
    invoice = issued()
    pay(invoice, "12000", may_exceed=True)
    invoice.refresh_from_db()
    assert (invoice.state, payments.credit_of(invoice)) == (Invoice.State.PAID, Decimal("100.00"))
    with pytest.raises(Refusal, match="Das Guthaben beträgt nur 100,00"):
        payments.refund(invoice, amount=Decimal("100.01"), paid_on=timezone.localdate(), by=None)
    payments.refund(invoice, amount=Decimal("100"), paid_on=timezone.localdate(), by=None)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.paid, payments.credit_of(invoice)) == (
        Invoice.State.PAID,
        Decimal("11900.00"),
        Decimal("0.00"),
    )
    with pytest.raises(Refusal, match="kein Guthaben"):
        payments.refund(invoice, amount=Decimal("1"), paid_on=timezone.localdate(), by=None)


def test_a_second_payment_of_a_paid_invoice_is_a_credit(business):
    invoice = issued()
    pay(invoice, "11900")
    with pytest.raises(states.NotAllowed):
        pay(invoice, "11900")
    pay(invoice, "11900", may_exceed=True)
    invoice.refresh_from_db()
    assert payments.credit_of(invoice) == Decimal("11900.00")


def test_what_was_paid_for_a_cancelled_invoice_is_a_credit(business):
    invoice = issued()
    paid = pay(invoice, "500")
    invoices.cancel(invoice, by=None, reason="Falsch")
    invoice.refresh_from_db()
    assert payments.credit_of(invoice) == Decimal("500.00")
    payments.refund(invoice, amount=Decimal("500"), paid_on=timezone.localdate(), by=None)
    with pytest.raises(Refusal, match="schon erstattet"):
        payments.reverse(paid, by=None)


def test_a_credit_pays_another_invoice_of_the_same_customer(business):
    first = issued()
    pay(first, "12000", may_exceed=True)
    first.refresh_from_db()
    second, strangers = issued(customer=first.customer), issued(customer=make.make_customer())
    with pytest.raises(Refusal, match="desselben Kunden"):
        payments.offset(first, on=strangers, by=None)
    payments.offset(first, on=second, by=None)
    first.refresh_from_db(), second.refresh_from_db()
    assert (payments.credit_of(first), second.open_amount) == (Decimal("0.00"), Decimal("11800.00"))
    assert rows_of(second) == [("other", Decimal("100.00"))]


@pytest.mark.parametrize(("method", "sentence"), [("refund", "kein Eingang"), ("reduction", "braucht einen Beleg")])
def test_what_has_a_way_of_its_own_is_no_payment(business, method, sentence):
    with pytest.raises(Refusal, match=sentence):
        pay(issued(), "1", method=method)

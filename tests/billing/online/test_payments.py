"""Paying online: what is offered, what the provider says, and that it is booked once whoever asks."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from accounts import current
from accounts.refusals import Refusal
from billing import invoices, tasks
from billing import payments as bookings
from billing.models import Invoice, JournalEntry, OnlinePayment, Payment, PaymentAccount
from billing.online import interface, keys, payments, secrets
from crm import due
from crm.models import DueAction, Mail, Todo
from tests import make
from tests.billing.online.conftest import KEYS

BOTH = pytest.mark.parametrize("provider", ["stripe", "paypal"])
AMOUNT = Decimal("7871.85")


def start(invoice, provider="stripe"):
    return payments.start(invoice, provider, return_url="http://127.0.0.1/b/", cancel_url="http://127.0.0.1/r/")


def booked(invoice):
    return list(Payment.objects.filter(invoice=invoice).values_list("amount", "method"))


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def todos():
    return list(Todo.objects.open().values_list("text", flat=True))


def test_nothing_is_offered_until_the_business_switched_it_on(fake, invoice, owner):
    assert payments.offers(invoice) == []
    account = keys.check(keys.keep("paypal", KEYS["paypal"], by=owner))
    assert payments.offers(invoice) == []
    keys.switch(account, is_on=True, by=owner)
    assert [(offer.provider, offer.name) for offer in payments.offers(invoice)] == [("paypal", "PayPal")]
    keys.switch(account, is_on=False, by=owner)
    with pytest.raises(Refusal, match="Sie können überweisen"):
        start(invoice, "paypal")


def test_what_is_not_to_be_paid_is_not_offered(switched_on, invoice, owner):
    assert [offer.name for offer in payments.offers(invoice)] == ["Stripe", "PayPal"]
    bookings.record(invoice, amount=AMOUNT - Decimal("0.30"), received_on=timezone.localdate(), by=owner)
    assert [offer.name for offer in payments.offers(fresh(invoice))] == ["PayPal"]  # Stripe begins at fifty cents
    invoices.cancel(invoice, by=owner, reason="Falsch")
    assert payments.offers(fresh(invoice)) == []
    with pytest.raises(Refusal, match="nicht mehr zu bezahlen"):
        start(invoice)


@BOTH
def test_the_way_to_pay(fake, switched_on, invoice, provider):
    online = start(invoice, provider)
    assert (online.state, online.amount, online.page_url) == ("open", AMOUNT, f"{fake.url}/page/{online.external_id}")
    assert payments.settle(online).state == "open"
    fake.pay(online.external_id)
    settled = payments.settle(online)
    assert (settled.state, settled.received, settled.payment.amount) == ("paid", AMOUNT, AMOUNT)
    assert settled.payment.note.startswith("Stripe pi_" if provider == "stripe" else "PayPal CAPTURE")
    assert fresh(invoice).state == Invoice.State.PAID
    assert booked(invoice) == [(AMOUNT, "online")]
    assert JournalEntry.objects.filter(event="billing.payment_recorded").count() == 1
    assert not due.planned(settled)


@BOTH
def test_asked_for_the_third_time_it_is_still_one_payment(fake, switched_on, invoice, provider):
    online = start(invoice, provider)
    fake.pay(online.external_id)
    for _ in range(3):
        payments.settle(OnlinePayment(**{f.attname: getattr(online, f.attname) for f in online._meta.concrete_fields}))
    assert booked(invoice) == [(AMOUNT, "online")]
    assert todos() == []


def test_two_answers_that_come_at_once_are_booked_once(fake, switched_on, invoice):
    """Message and return both hear "paid" before either has booked."""
    online = start(invoice)
    answer = interface.Answer(interface.State.PAID, AMOUNT, "EUR", "pi_1")
    first, second = payments._book(fresh(online), answer), payments._book(online, answer)
    assert first.payment_id == second.payment_id is not None
    assert booked(invoice) == [(AMOUNT, "online")]


def test_pressed_twice_it_is_the_same_page_and_after_the_hour_another(fake, switched_on, invoice):
    with time_machine.travel(timezone.now().replace(minute=20), tick=False) as clock:
        first = start(invoice)
        assert start(invoice) == first
        clock.shift(timedelta(hours=1))
        second = start(invoice)
    assert second != first
    payments.close_others(second)
    assert (fresh(first).state, fresh(second).state) == ("failed", "open")


def test_who_paid_on_the_earlier_page_after_all_has_paid(fake, switched_on, invoice):
    first = start(invoice)
    second = start(invoice, "paypal")
    fake.pay(first.external_id)
    payments.close_others(second)
    assert fresh(first).state == "paid"
    fake.pay(second.external_id)  # approved, and not taken: nothing is open any more
    assert payments.settle(second).state == "failed"
    assert fake.pages[second.external_id]["state"] == "approved"
    assert booked(invoice) == [(AMOUNT, "online")]


def test_an_invoice_that_was_paid_meanwhile_closes_the_page(fake, switched_on, invoice, owner):
    online = start(invoice)
    bookings.record(invoice, amount=AMOUNT, received_on=timezone.localdate(), by=owner)
    assert payments.settle(online).state == "failed"
    assert fake.pages[online.external_id]["state"] == "expired"


@pytest.mark.parametrize("meanwhile", ["paid", "part", "cancelled"])
def test_money_that_came_in_too_late_is_for_the_office_to_give_back(fake, switched_on, invoice, owner, meanwhile):
    online = start(invoice)
    fake.pay(online.external_id)
    if meanwhile == "cancelled":
        invoices.cancel(invoice, by=owner, reason="Falsch")
    else:
        amount = AMOUNT if meanwhile == "paid" else Decimal("1000.00")
        bookings.record(invoice, amount=amount, received_on=timezone.localdate(), by=owner)
    settled = payments.settle(online)
    surplus = "1.000,00" if meanwhile == "part" else "7.871,85"
    assert (settled.state, settled.received) == ("paid", AMOUNT)
    assert ("online" in [method for _amount, method in booked(invoice)]) == (meanwhile == "part")
    assert todos() == [
        f"{surplus}\xa0€ zu viel über Stripe bezahlt, Rechnung {invoice.number}: bitte dort zurückzahlen"
    ]
    assert JournalEntry.objects.filter(event="billing.online_surplus").count() == 1


@pytest.mark.parametrize(
    ("cents", "currency", "amounts", "words"),
    [(500000, "eur", ["5000.00"], ""), (800000, "eur", ["7871.85"], "128,15"), (787185, "usd", [], "7871.85 USD")],
)
def test_another_amount_than_was_asked_for(fake, switched_on, invoice, cents, currency, amounts, words):
    online = start(invoice)
    fake.pay(online.external_id, cents, currency)
    payments.settle(online)
    assert [str(amount) for amount, _method in booked(invoice)] == amounts
    assert words in "".join(todos()) and bool(words) == bool(todos())


def test_a_provider_that_is_away_leads_back_to_the_transfer(fake, switched_on, invoice):
    fake.is_down = True
    with pytest.raises(payments.NotNow, match="Sie können überweisen"):
        start(invoice)
    assert todos() == []
    fake.is_down, fake.refuses_keys = False, True
    for _ in range(2):
        with pytest.raises(payments.NotNow):
            start(invoice)
    assert todos() == ["Stripe nimmt Ihre Schlüssel nicht mehr an: bitte unter „Online bezahlen“ neu eingeben"]
    assert not OnlinePayment.objects.exists()


def test_without_any_message_the_due_row_finds_out(
    fake, switched_on, invoice, woken, django_capture_on_commit_callbacks
):
    online = start(invoice)
    row = DueAction.objects.get(kind=payments.KIND)
    assert due.work_off(row.pk) is False
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        assert due.work_off(row.pk) is False  # asked, no answer yet: once more later
        assert woken[-1] == ("billing.tasks.settle_online_payment", online.pk)
        assert fresh(row).due_at > timezone.now()
    fake.is_down = True
    tasks.settle_online_payment(online.pk)
    assert fresh(online).state == "open"
    fake.is_down = False
    fake.pay(online.external_id)
    tasks.settle_online_payment(online.pk)
    assert (fresh(online).state, fresh(row).state) == ("paid", "dropped")


def test_after_three_weeks_without_a_word_the_office_looks_itself(fake, switched_on, invoice):
    online = start(invoice)
    row = DueAction.objects.get(kind=payments.KIND)
    with time_machine.travel(timezone.now() + timedelta(days=22)):
        assert due.work_off(row.pk) is True
    assert fresh(online).state == "failed"
    assert todos() == [f"Stripe sagt nicht, was aus der Zahlung zu {invoice.number} wurde: bitte dort nachsehen"]


def test_keys_are_unreadable_in_the_database_and_bound_to_their_owner(fake, switched_on, settings):
    account = switched_on["stripe"]
    assert "sk_test" not in account.credentials
    assert keys.adapter_of(account).keys == KEYS["stripe"]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert keys.adapter_of(account).keys == KEYS["stripe"]  # after the secret key was changed
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(interface.WrongKeys):
        keys.adapter_of(account)
    closed = secrets.close(KEYS["stripe"], owner="1:stripe")
    for bent, owner in ((closed[:-4] + "AAA=", "1:stripe"), (closed, "2:stripe"), ("", "1:stripe")):
        with pytest.raises(ValueError):
            secrets.opened(bent, owner=owner)


def test_new_keys_are_switched_off_until_they_were_tried_and_all_owners_hear_of_it(fake, switched_on, owner):
    account = keys.keep("stripe", {"secret_key": "rk_live_2"}, by=owner)
    assert (account.is_on, account.checked_at) == (False, None)
    assert keys.adapter_of(account).keys == {**KEYS["stripe"], "secret_key": "rk_live_2"}
    with pytest.raises(Refusal, match="zuerst die Schlüssel"):
        keys.switch(account, is_on=True, by=owner)
    fake.refuses_keys = True
    with pytest.raises(Refusal, match="nimmt diese Schlüssel nicht an"):
        keys.check(account)
    told = Mail.objects.filter(kind="billing/mail/online_account_changed")
    assert {mail.to for mail in told} == {owner.user.email}
    assert told.first().subject_line == f"Online bezahlen bei {owner.business.name} wurde geändert: Stripe"
    assert "rk_live_2" not in "".join(mail.text + mail.html for mail in told)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "secret_key"),
        ({"secret_key": "pk_live_1"}, "secret_key"),
        ({"secret_key": "sk_live 1"}, "secret_key"),
        ({"secret_key": "sk_live_é"}, "secret_key"),
        ({"secret_key": "sk_live_1", "webhook_secret": "we_1"}, "webhook_secret"),
    ],
)
def test_what_is_no_key_is_refused_by_name(business, owner, typed, field):
    with pytest.raises(Refusal) as refusal:
        keys.keep("stripe", typed, by=owner)
    assert refusal.value.field == field
    assert not PaymentAccount.objects.exclude(credentials="").exists()


def test_where_customers_are_real_keys_for_trying_are_not_switched_on(fake, settings, owner):
    settings.PRODUCTION = True
    account = keys.check(keys.keep("stripe", KEYS["stripe"], by=owner))
    with pytest.raises(Refusal, match="kein Geld"):
        keys.switch(account, is_on=True, by=owner)


def test_keys_stay_while_a_payment_is_running(fake, switched_on, invoice, owner):
    online = start(invoice)
    with pytest.raises(Refusal, match="läuft noch eine Zahlung"):
        keys.forget(switched_on["stripe"], by=owner)
    keys.switch(switched_on["stripe"], is_on=False, by=owner)
    fake.pay(online.external_id)
    assert payments.settle(online).state == "paid"  # what was begun comes to its end
    keys.forget(switched_on["stripe"], by=owner)
    assert fresh(switched_on["stripe"]).credentials == ""


def test_a_message_about_another_business_finds_nothing(
    fake, switched_on, invoice, woken, django_capture_on_commit_callbacks
):
    online = start(invoice)
    body, headers = fake.stripe_message(online.external_id, KEYS["stripe"]["webhook_secret"])
    with current.working_for(make.make_business("Andere")):
        with pytest.raises(interface.Forged):
            payments.hear("stripe", body, headers)
        keys.keep("stripe", KEYS["stripe"], by=make.make_member())
        payments.hear("stripe", body, headers)
    assert woken == []
    with django_capture_on_commit_callbacks(execute=True):
        payments.hear("stripe", body, headers)
    assert woken == [("billing.tasks.settle_online_payment", online.pk)]

"""The withdrawal function (§ 356a BGB, WID1 to WID5)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import formats
from billing import orders
from billing.models import Order, Withdrawal
from crm import access, states
from crm.models import Mail
from feedback import requests
from tests import make

SAID = {"name": "Sabine Brandt", "email": "sabine@brandt.example"}


@pytest.fixture
def order(quote):
    return make.make_order(quote, email="sabine@brandt.example")


def withdraw(visitor, link, **said):
    return visitor.post(f"/k/{link.public_id}/widerruf/", SAID | said, follow=True)


def test_law_case_24_two_steps_with_the_labels_of_the_law_and_nothing_asked(visitor, link, order):
    page = visitor.get(f"/k/{link.public_id}/auftrag/").content.decode()
    assert f'<a class="btn" href="/k/{link.public_id}/widerruf/">Vertrag widerrufen</a>' in page
    page = visitor.get(f"/k/{link.public_id}/widerruf/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert re.findall(r"<button[^>]*>([^<]+)<", main) == ["Widerruf bestätigen"]
    assert re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', main.split("csrfmiddlewaretoken")[1]) == [
        ("name", "Sabine Brandt"), ("email", "sabine@brandt.example"),
    ]  # fmt: skip
    assert 'name="part"' in main and not re.search(r'name="part"[^>]*required', main)
    assert f"Auftrag {order.number}" in main


def test_every_kind_of_link_leads_there_in_one_step(order):
    Order.objects.filter(pk=order.pk).update(state="completed", completed_on=timezone.localdate())
    order.refresh_from_db()
    request = requests.plan(order)
    type(order.customer).objects.update(feedback_notice_at=timezone.now())
    request.customer.refresh_from_db()
    requests.send(request)
    invoice = make.make_open_invoice(order)
    for link in map(make.link_to, (order.quote, order, invoice, request)):
        visitor = make.let_in(link)
        start = visitor.get(f"/k/{link.public_id}/", follow=True).content.decode()
        assert f'href="/k/{link.public_id}/widerruf/"' in start
        assert order.number in visitor.get(f"/k/{link.public_id}/widerruf/").content.decode()


def test_the_receipt_carries_what_was_declared_and_when(visitor, link, order):
    page = withdraw(visitor, link).content.decode()
    withdrawal = Withdrawal.objects.get()
    assert withdrawal.declaration in page
    assert formats.moment_long(withdrawal.received_at) in page
    mail = Mail.objects.get(kind="billing/mail/withdrawal_received")
    assert (mail.to, withdrawal.declaration in mail.text) == ("sabine@brandt.example", True)
    order.refresh_from_db()
    assert order.state == "withdrawn"


def test_from_the_confirmation_mail_it_is_one_step(order):
    link = make.link_to(order)
    answer = make.Browser().get(f"/l/{access.token(link)}/?widerruf")
    assert answer.headers["Location"] == f"/k/{link.public_id}/widerruf/"


def test_a_part_is_withdrawn_the_work_rests_and_the_rest_goes_on(visitor, link, order, owner):
    page = withdraw(visitor, link, part="die LED-Lichtleiste").content.decode()
    assert "Der Widerruf gilt nur für: die LED-Lichtleiste" in page
    assert "Die Arbeiten ruhen, bis wir den Rest mit Ihnen abgestimmt haben." in page
    order.refresh_from_db()
    assert (order.state, Withdrawal.objects.get().part) == ("withdrawn", "die LED-Lichtleiste")
    assert "nur für: die LED-Lichtleiste" in Mail.objects.get(kind="billing/mail/withdrawal_received").text
    with pytest.raises(states.NotAllowed):
        orders.move(order, Order.State.STARTED, by=owner)
    office = make.signed_in(owner)
    assert "Mit dem Rest weitermachen" in office.get(order.get_absolute_url()).content.decode()
    orders.move(order, Order.State.PLACED, by=owner, tell=False)
    assert order.state == "placed"


def test_after_a_withdrawal_from_all_nothing_goes_on(visitor, link, order, owner):
    withdraw(visitor, link)
    order.refresh_from_db()
    with pytest.raises(states.NotAllowed):
        orders.move(order, Order.State.PLACED, by=owner)
    assert "Mit dem Rest weitermachen" not in make.signed_in(owner).get(order.get_absolute_url()).content.decode()


def test_declaring_twice_is_declaring_once(visitor, link, order):
    withdraw(visitor, link)
    withdraw(visitor, link, name="Jemand anders")
    assert Withdrawal.objects.get().name == "Sabine Brandt"
    assert Mail.objects.filter(kind="billing/mail/withdrawal_received").count() == 1


def test_after_the_period_it_is_taken_and_marked_late(order):
    until = order.quote.acceptance.withdrawal_until
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        link = make.link_to(order)
        visitor = make.let_in(link)
        assert (
            f"Die Frist ist am {formats.day(until)} abgelaufen."
            in visitor.get(f"/k/{link.public_id}/widerruf/").content.decode()
        )
        page = withdraw(visitor, link).content.decode()
    assert f"Die Frist ist am {formats.day(until)} abgelaufen. Wir prüfen Ihren Widerruf und melden uns." in page
    assert (Withdrawal.objects.get().is_late, Order.objects.get().state) == (True, "placed")


def test_what_is_missing_is_named(visitor, link, order):
    answer = withdraw(visitor, link, email="")
    assert (answer.status_code, Withdrawal.objects.count()) == (422, 0)
    assert answer.content.decode().count("Bitte tragen Sie Ihre E-Mail-Adresse ein.") == 2


def test_before_the_order_there_is_nothing_to_withdraw(visitor, link):
    page = visitor.get(f"/k/{link.public_id}/widerruf/").content.decode()
    assert "Sie haben noch nichts beauftragt." in page
    assert withdraw(visitor, link).status_code == 200
    assert not Withdrawal.objects.exists()


def test_businesses_have_no_such_right(business):
    order = make.make_order(make.make_sent_quote(make.make_company()))
    link = make.link_to(order)
    visitor = make.let_in(link)
    assert (
        "Das gesetzliche Widerrufsrecht gilt für Verträge von Privatkunden."
        in visitor.get(f"/k/{link.public_id}/widerruf/").content.decode()
    )
    withdraw(visitor, link)
    assert not Withdrawal.objects.exists()


# --- without a link -----------------------------------------------------------------------------------------------------
def openly(business, client, **said):
    return client.post(f"/widerruf/{business.slug}/", SAID | said)


def test_from_the_firms_address_the_fields_are_empty(business, client):
    page = client.get(f"/widerruf/{business.slug}/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert re.findall(r'name="(contract|name|email)"', main) == ["contract", "name", "email"]
    assert "Sabine" not in main
    assert "Widerruf bestätigen" in main


@pytest.mark.parametrize("number", ["order", "quote"])
def test_number_and_address_together_name_the_contract(business, client, order, number):
    contract = {"order": order.number, "quote": order.quote.number.lower()}[number]
    answer = openly(business, client, contract=f" {contract} ")
    assert answer.status_code == 200
    assert Withdrawal.objects.get().order == order
    assert Mail.objects.filter(kind="billing/mail/withdrawal_received", to="sabine@brandt.example").count() == 1


def test_strangers_learn_nothing_and_get_no_mail(business, client, order):
    mine = openly(business, client, contract=order.number)
    theirs = openly(business, client, contract=order.number, email="fremd@example.org")
    strip = re.compile(
        r"<time.*?</time>|sabine@brandt.example|fremd@example.org|name=\"csrfmiddlewaretoken\" value=\"\w+\""
    )
    assert strip.sub("", mine.content.decode()) == strip.sub("", theirs.content.decode())
    assert not Mail.objects.filter(to="fremd@example.org").exists()
    told = Mail.objects.get(kind="portal/mail/withdrawal_declared")
    assert (told.to, order.number in told.text) == (business.email, True)


def test_the_contract_of_another_business_is_not_found(business, client, order):
    other = make.make_business("Malerei Winter")
    openly(other, client, contract=order.number)
    assert not Withdrawal.objects.exists()


def test_ten_declarations_an_hour_are_enough_from_one_address(business, client):
    answers = [openly(business, client, contract=f"X-{n}").status_code for n in range(11)]
    assert answers == [200] * 10 + [429]


def test_an_unknown_business_has_no_page(client, db):
    assert client.get("/widerruf/gibt-es-nicht/").status_code == 404

"""Kostenvoranschläge: what they say of themselves, and their overrun (§ 649 BGB, R75)."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.refusals import Refusal
from accounts.rights import Role
from billing import drafting, invoices, overruns
from billing.models import Quote
from crm.models import Mail, TimelineEntry
from tests import make


@pytest.fixture
def lotte(business):
    return make.make_member(Role.OFFICE, name="Lotte Weber")


@pytest.fixture
def order(business):
    """1,000 net, 1,190 gross, estimated."""
    return estimated()


def estimated(customer=None):
    quote = make.make_sent_quote(customer, kind=Quote.Kind.ESTIMATE, lines=[make.line("Dach abdichten", "1", "1000")])
    return make.make_completed_order(quote)


def billed(order, net):
    """A draft invoice over so much."""
    draft = invoices.draft_from_order(order, by=None)
    invoices.change(draft, lines=[make.line("Dach abdichten", "1", net)])
    return draft


def test_the_document_says_that_it_is_an_estimate_and_no_guarantee(business):
    quote = make.make_sent_quote(kind=Quote.Kind.ESTIMATE)
    document = quote.frozen_document
    assert document.title == "Kostenvoranschlag"
    assert "keine Garantie" in document.notes[-1]
    order = make.make_order(quote)
    assert order.frozen_document.title == ""
    assert "keine Garantie" in order.frozen_document.notes[-1]


def test_it_is_said_in_the_customers_language(business):
    quote = make.make_quote(make.make_customer(language="en"), kind=Quote.Kind.ESTIMATE)
    document = drafting.of_quote(quote)
    assert "does not guarantee" in document.notes[-1]
    assert document.title != "Kostenvoranschlag"


def test_a_fixed_price_says_none_of_it(business):
    assert drafting.of_quote(make.make_quote()).title == ""
    assert overruns.of_order(make.make_order()) is None


@pytest.mark.parametrize(("net", "told"), [("1000", False), ("1100", False), ("1100.01", True), ("1300", True)])
def test_more_than_ten_per_cent_are_substantial(order, net, told):
    billed(order, net)
    assert overruns.of_order(order).must_be_told is told
    assert [each.pk for each in overruns.waiting()] == ([order.pk] if told else [])


def test_the_business_says_from_which_share_on(order, business):
    type(business).objects.filter(pk=business.pk).update(estimate_percent=20)
    business.refresh_from_db()
    order.business.refresh_from_db()
    billed(order, "1150")
    assert not overruns.of_order(order).must_be_told
    assert not overruns.waiting().exists()


def test_a_cancelled_invoice_does_not_count(order, lotte):
    draft = billed(order, "1300")
    invoices.issue(draft, by=lotte, send_to="")
    invoices.cancel(draft, by=lotte, reason="Falsche Menge")
    order.refresh_from_db()
    assert overruns.of_order(order).invoiced == 0
    assert not overruns.waiting().exists()


def test_the_customer_is_told_sum_reason_and_right(order, lotte):
    billed(order, "1300")
    assert overruns.announce(order, by=lotte, expected=Decimal(1547), reason="Unter der Pappe war das Holz faul.")
    sent = Mail.objects.get(kind="billing/mail/overrun_announced")
    assert sent.to == order.customer.email
    for words in ("1.547,00", "357,00", "30 %", "Unter der Pappe war das Holz faul.", "kündigen (§ 649 BGB)"):
        assert words in sent.text.replace("\u00a0", " ")
    entry = TimelineEntry.objects.get(event="billing.overrun_announced")
    assert (entry.by, entry.facts["expected"], entry.facts["estimated"]) == (lotte, "1547.00", "1190.00")


def test_what_was_told_waits_no_longer_until_it_becomes_more(order, lotte):
    draft = billed(order, "1300")
    overruns.announce(order, by=lotte, expected=Decimal(1547), reason="Faules Holz")
    assert not overruns.of_order(order).must_be_told
    assert not overruns.waiting().exists()
    invoices.change(draft, lines=[make.line("Dach abdichten", "1", "1400")])
    assert overruns.of_order(order).must_be_told
    assert overruns.waiting().get().told == Decimal(1547)


def test_less_than_the_estimate_is_no_overrun(order, lotte):
    with pytest.raises(Refusal) as refused:
        overruns.announce(order, by=lotte, expected=Decimal(1190), reason="So")
    assert refused.value.field == "expected"
    assert not Mail.objects.filter(kind="billing/mail/overrun_announced").exists()


def test_a_fixed_price_cannot_be_overrun_by_announcing(lotte):
    with pytest.raises(Refusal, match="festen Preis"):
        overruns.announce(make.make_order(), by=lotte, expected=Decimal(99999), reason="So")


def test_order_invoice_and_heute_warn(order, lotte):
    draft = billed(order, "1300")
    office = make.signed_in(lotte)
    for address in (
        order.get_absolute_url(),
        reverse("billing:invoice_edit", args=[draft.pk]),
        reverse("today"),
    ):
        page = office.get(address).content.decode()
        assert "Kostenvoranschlag überschritten" in page
        assert reverse("billing:order_overrun", args=[order.pk]) in page
    worker = make.signed_in_as(Role.FIELD_WORKER)
    assert "überschritten" not in worker.get(order.get_absolute_url()).content.decode()


def test_the_page_announces_by_mail(order, lotte):
    office, address = make.signed_in(lotte), reverse("billing:order_overrun", args=[order.pk])
    assert office.get(address).status_code == 200
    assert office.post(address, {"expected": "1.547,00", "reason": ""}).status_code == 422
    assert office.post(address, {"expected": "900", "reason": "So"}).status_code == 422
    assert (
        office.post(address, {"expected": "1.547,00", "reason": "Faules Holz"})["Location"] == order.get_absolute_url()
    )
    fixed = make.make_order()
    assert office.get(reverse("billing:order_overrun", args=[fixed.pk])).status_code == 404


def test_without_an_address_the_letter_is_there_to_print(lotte):
    order = estimated(make.make_customer(email=""))
    page = make.signed_in(lotte).post(
        reverse("billing:order_overrun", args=[order.pk]), {"expected": "1547", "reason": "Faules Holz"}
    )
    assert "Bitte drucken Sie diesen Brief" in page.content.decode()
    assert "kündigen (§ 649 BGB)" in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_heute_costs_the_same_for_more_of_them(count, lotte, django_assert_max_num_queries):
    for _ in range(count):
        billed(estimated(), "1300")
    with django_assert_max_num_queries(1):
        assert len(overruns.waiting()) == count

"""What customers bring: net revenue by the day of the invoice, margin by the purchase prices of the order."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine

from accounts import current
from accounts.rights import Role
from billing import customer_figures, invoices, orders, part_payments, payments
from billing.customer_figures import Value
from billing.models import Order
from crm import segments
from crm.models import Customer
from tests import make

PAGE = "/kontakte/auswertung"


@pytest.fixture
def clock(business):
    with time_machine.travel("2026-03-10T08:00:00+00:00", tick=False) as clock:
        yield clock


def invoiced(net="1000", cost="", customer=None, **fields):
    row = make.line("Tisch", "2", str(Decimal(net) / 2), **({"purchase_price": Decimal(cost) / 2} if cost else {}))
    quote = make.make_sent_quote(customer or make.make_customer(), lines=[row], **fields)
    return make.make_open_invoice(make.make_completed_order(quote))


def value(net, calculated="0", margin="0"):
    return Value(Decimal(net), Decimal(calculated), Decimal(margin))


def test_revenue_is_net_and_the_margin_is_of_what_was_calculated(clock):
    invoiced("1000", cost="400")
    invoiced("500")
    make.make_draft_invoice()  # asks nobody for anything yet
    total = customer_figures.collect().total
    assert total == value("1500", "1000", "600")
    assert total.percent == 60


def test_prices_with_tax_and_a_discount_on_everything_are_seen_through(clock):
    quote_fields = {"mode": "gross", "discount_percent": Decimal(10)}
    invoice = invoiced("1190", cost="300", **quote_fields)
    assert invoice.net == Decimal("900.00")
    assert customer_figures.collect().total == value("900", "900", "600")


def test_what_is_cancelled_takes_its_revenue_and_margin_off_again(clock):
    wrong = invoiced("1000", cost="400")
    clock.shift(timedelta(days=40))
    invoices.cancel(wrong, by=None, reason="Falsche Menge")
    assert customer_figures.collect().total == value("0")
    march, april = customer_figures.collect().months
    assert (march.first, march.all.net, april.first, april.all.net) == (
        date(2026, 3, 1), Decimal(1000), date(2026, 4, 1), Decimal(-1000),
    )  # fmt: skip


def test_a_part_payment_bears_its_share_of_what_was_bought_in_and_counts_once(clock):
    quote = make.make_sent_quote(
        make.make_company(), lines=[make.line("Dach", "1", "10000", purchase_price=Decimal(4000))]
    )
    order = make.make_order(quote)
    part = part_payments.draft(
        order, by=None, basis=part_payments.Basis.AMOUNT, value=Decimal(3000), statement="Rohbau"
    )
    invoices.issue(part, by=None)
    assert customer_figures.collect().total == value("3000", "3000", "1800")
    part.refresh_from_db()
    payments.record(part, amount=part.gross, received_on=date(2026, 3, 10), by=None)
    order.refresh_from_db()
    orders.move(order, Order.State.COMPLETED, by=None)
    final = invoices.draft_from_order(order, by=None)
    invoices.issue(final, by=None)
    assert customer_figures.collect().total == value("10000", "10000", "6000")


def test_a_customer_is_new_for_a_year(clock):
    customer = make.make_customer()
    invoiced("1000", customer=customer)
    clock.move_to("2027-03-09T08:00:00+00:00")
    invoiced("200", customer=customer)
    clock.move_to("2027-03-10T08:00:00+00:00")
    invoiced("30", customer=customer)
    figures = customer_figures.collect()
    assert (figures.new.net, figures.existing.net) == (Decimal(1200), Decimal(30))
    assert (figures.new_count, figures.existing_count) == (1, 0)
    # known before the period that is looked at
    later = customer_figures.collect(since=date(2027, 3, 10))
    assert (later.new_count, later.existing_count, later.existing.net) == (0, 1, Decimal(30))
    assert len(figures.months) == 13
    assert figures.months[5].all.net == 0


def test_some_customers_alone_and_the_largest_first(clock):
    small, large = make.make_customer("Klein"), make.make_customer("Reich")
    invoiced("100", customer=small)
    invoiced("900", customer=large)
    assert [row.customer for row in customer_figures.collect().rows] == [large, small]
    assert [row.customer for row in customer_figures.collect(most=1).rows] == [large]
    only = customer_figures.collect(customers=Customer.objects.filter(pk=small.pk))
    assert (only.total.net, [row.customer for row in only.rows]) == (Decimal(100), [small])


def test_another_business_is_not_counted(clock):
    with current.working_for(make.make_business("Maler Nord")):
        invoiced("100")
    assert customer_figures.collect().total == value("0")


def test_the_page_shows_charts_with_their_numbers_as_tables(clock, business):
    invoiced("1000", cost="400")
    clock.shift(timedelta(days=31))
    invoiced("2500")
    office = make.signed_in_as(Role.OFFICE)
    text = office.get(f"{PAGE}/").content.decode()
    assert "3.500,00" in text
    assert text.count('<rect class="brand-fg"') == text.count('<rect class="edge"') == 2
    assert "<td>April 2026</td>" in text
    assert "Noch keine" not in text


def test_the_page_costs_the_same_with_more_customers(clock, business):
    office = make.signed_in_as(Role.OFFICE)
    invoiced("1000", cost="400")
    with_one = make.count_queries(office, f"{PAGE}/")
    for _ in range(2):
        invoiced("1000", cost="300")
    assert make.count_queries(office, f"{PAGE}/") == with_one


def test_the_file_has_every_customer_and_runs_nothing(clock, business):
    invoiced("1000", cost="400", customer=make.make_company("=HYPERLINK(1)"))
    office = make.signed_in_as(Role.OFFICE)
    text = b"".join(office.get(f"{PAGE}.csv").streaming_content).decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert row["Kunde"] == "'=HYPERLINK(1)"
    assert (row["Umsatz netto"], row["Deckungsbeitrag"], row["Deckungsbeitrag %"]) == ("1000,00", "600,00", "60")
    assert b"".join(office.get(f"{PAGE}.xlsx").streaming_content)[:2] == b"PK"


def test_the_page_shows_one_segment_to_whoever_may_know_of_it(clock, business):
    make.make_customer("Arm", postcode="20095")
    invoiced("700", customer=make.make_customer("Reich", postcode="10115"))
    berlin = segments.create("Berlin", {"region": {"postcodes": [["10", "10"]]}})
    office = make.signed_in_as(Role.OFFICE)
    invoiced("90", customer=make.make_customer("Nord", postcode="20097"))
    figures = office.get(f"{PAGE}/?segment={berlin.pk}").context["figures"]
    assert (figures.total.net, len(figures.rows)) == (Decimal(700), 1)
    assert office.get(f"{PAGE}/?segment=99999999999999999999").context["figures"].total.net == Decimal(790)


def test_nobody_without_the_right_to_see_money_sees_it(business):
    worker = make.signed_in_as(Role.FIELD_WORKER)
    assert [worker.get(f"{PAGE}{end}").status_code for end in ("/", ".csv", ".xlsx")] == [403, 403, 403]

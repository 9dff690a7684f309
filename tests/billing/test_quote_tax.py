"""The tax case of a quote: totals, page, order and invoice follow it (R11, R20, R21, R28, R31 to R37)."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from billing import amendments, choices, drafting, invoices, orders, quotes, tax_decisions
from billing.tax_decisions import Decision
from crm import access
from portal.offer import Offer
from tests import make
from tests.billing.views.editing import quote_fields

D = Decimal
BUILDING = tax_decisions.to_json(Decision(work="building", builder="known"))
ROWS = [make.line("Wand gemauert", "1", "1000"), make.line("Wand verputzt", "1", "200", is_optional=True)]
CERTIFIED = {"builder_from": date(2025, 1, 1), "builder_until": date(2099, 1, 1)}
ROW = {"text": "Wand gemauert", "unit_price": "1000"}


def builder(**fields):
    return make.make_company(vat_id="DE136695976", **fields)


def write(customer=None, *, lines=ROWS, **fields):
    fields = {"tax_case": "reverse_charge", "tax_decision": BUILDING, **fields}
    return make.make_quote(customer or builder(), title="Rohbau", lines=lines, **fields)


def fields_of(quote):
    return [field for field, _sentence in quotes.problems(quote)]


def test_reverse_charge_holds_from_the_quote_to_the_invoice(business):
    """R32, R33: no tax anywhere, and the words of the law say why."""
    quote = write()
    quotes.send(quote, by=None, to=quote.customer.email)
    quote.refresh_from_db()
    document = quote.frozen_document
    assert (quote.net, quote.gross, document.totals.tax) == (D("1000.00"), D("1000.00"), 0)
    assert document.notes == ("Steuerschuldnerschaft des Leistungsempfängers (§ 13b UStG).",)
    decision = tax_decisions.of(quote)
    assert (decision.ground, decision.net) == ("owed", D("1000.00"))
    taken = choices.as_query(document, choices.default(document)) | {choices.field_name("2"): "1"}
    order = orders.place(quote, **make.acceptance_of(quote, taken))
    assert (order.gross, order.frozen_document.totals.tax) == (D("1200.00"), 0)
    assert order.frozen_document.notes == document.notes
    invoice = invoices.draft_from_order(order, by=None)
    assert (invoice.tax_case, invoice.tax, invoice.gross) == ("reverse_charge", 0, D("1200.00"))
    assert tax_decisions.of(invoice) == Decision(
        work="building", builder="known"
    )  # what was noted stays with the quote


def test_the_page_of_the_customer_speaks_of_no_tax(business):
    quote = write()
    quotes.send(quote, by=None, to=quote.customer.email)
    offer = Offer(quote)
    assert (offer.total_label, offer.total, offer.side_sums) == ("Gesamtpreis", D("1000.00"), [])
    page = make.Browser().get(access.url(access.links_to(quote).first()), follow=True).content.decode()
    assert "Steuerschuldnerschaft des Leistungsempfängers" in page and "MwSt" not in page


def test_a_change_order_is_taxed_like_its_order(business):
    quote = write()
    quotes.send(quote, by=None, to=quote.customer.email)
    order = orders.place(quote, **make.acceptance_of(quote))
    change = amendments.start(order, by=None)
    assert (change.tax_case, tax_decisions.of(change).work) == ("reverse_charge", "building")
    quotes.change(change, lines=[make.line("Sturz", "1", "300")])
    assert fields_of(change) == []
    quotes.change(change, tax_case="domestic", tax_decision="")
    change.refresh_from_db()
    assert fields_of(change) == ["tax_case"]
    quotes.change(change, tax_case="reverse_charge", tax_decision=BUILDING)
    change.refresh_from_db()
    quotes.send(change, by=None, to=quote.customer.email)
    orders.place(change, **make.acceptance_of(change))
    stands = amendments.as_it_stands(order, amendments.of(order))
    assert (stands.totals.tax, stands.totals.gross) == (0, D("1300.00"))


@pytest.mark.parametrize(
    ("customer", "fields", "field"),
    [
        ({}, {"tax_decision": ""}, "work"),  # nothing answered
        ({}, {"tax_decision": tax_decisions.to_json(Decision(work="building", builder="no"))}, "builder"),
        ({}, {"tax_case": "domestic"}, "tax_case"),  # the answers say that the customer owes the tax (R20)
        (CERTIFIED, {"tax_case": "domestic", "tax_decision": ""}, "work"),
        ({}, {"mode": "gross"}, "mode"),
        ({"country": "AT"}, {}, "property_country"),  # R21
        ({}, {"tax_case": "eu_service", "tax_decision": ""}, "seller.vat_id"),  # R35
        ({}, {"tax_case": "exempt", "tax_decision": ""}, "exemption"),
    ],
)  # fmt: skip
def test_what_would_be_another_price_on_the_invoice_is_not_sent(business, customer, fields, field):
    assert field in fields_of(write(builder(**customer), **fields))


def test_a_repair_up_to_500_euros_stays_taxed(business):
    """R32: 480 net is no § 13b, 520 is."""
    small = tax_decisions.to_json(Decision(work="building", builder="known", is_repair=True))
    repair = [make.line("Riss geschlossen", "1", "480")]
    assert fields_of(write(lines=repair, tax_decision=small)) == ["is_repair"]
    assert fields_of(write(lines=[make.line("Riss geschlossen", "1", "520")], tax_decision=small)) == []


def test_a_consumer_never_gets_reverse_charge(business):
    """R20, R32: not offered on the page, not sent where it came in another way."""
    quote = write(make.make_customer())
    assert fields_of(quote) == ["tax_case"]
    quotes.change(quote, tax_case="domestic", tax_decision="")
    page = make.signed_in_as().get(reverse("billing:quote_edit", args=[quote.pk])).content.decode()
    assert 'value="domestic"' in page and 'value="reverse_charge"' not in page


def test_zero_rated_photovoltaics_are_for_the_operator(business):
    """R11."""
    rows = [make.line("PV-Anlage 9,8 kWp", "1", "14250", vat_rate=D(0))]
    quote = write(make.make_customer(), lines=rows, tax_case="domestic", tax_decision="")
    assert fields_of(quote) == ["is_operator"]
    quotes.change(quote, tax_decision=tax_decisions.to_json(Decision(is_operator=True, kwp=D("9.8"))))
    quote.refresh_from_db()
    assert fields_of(quote) == []


def test_a_small_business_has_its_exemption_whatever_was_chosen(business):
    """R28, R31."""
    business.small_business_periods.create(valid_from=date(2025, 1, 1))
    document = drafting.of_quote(write())
    assert (document.tax_case, document.notes) == ("domestic", ("Steuerfreier Umsatz – Kleinunternehmer (§ 19 UStG).",))


def test_the_editor_keeps_the_answers_and_its_sums_follow(business):
    quote = make.make_quote(builder(), lines=[make.line("Wand gemauert", "1", "1000")])
    answers = {"tax_case": "reverse_charge", "work": "building", "builder": "known", "kwp": "9"}
    office = make.signed_in_as()
    office.post(reverse("billing:quote_edit", args=[quote.pk]), quote_fields(ROW, **answers))
    quote.refresh_from_db()
    assert (quote.tax_case, tax_decisions.of(quote), quote.gross) == (
        "reverse_charge", Decision(work="building", builder="known"), D("1000.00"),
    )  # fmt: skip
    page = office.get(reverse("billing:quote_edit", args=[quote.pk])).content.decode()
    assert '<option value="reverse_charge" selected>' in page
    shown = office.get(quote.get_absolute_url()).content.decode()
    assert "§ 13b: Bauleistung, der Kunde schuldet die Steuer" in shown


def test_for_another_customer_the_tax_is_asked_anew(business):
    quote = write()
    other = quotes.duplicate(quote, by=None, customer=make.make_customer())
    assert (other.tax_case, other.tax_decision) == ("domestic", "")
    same = quotes.duplicate(quote, by=None)
    assert (same.tax_case, same.tax_decision) == ("reverse_charge", BUILDING)

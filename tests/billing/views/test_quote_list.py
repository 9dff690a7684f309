"""The list of quotes."""

import pytest
from django.urls import reverse

from billing import quotes
from crm import access
from tests import make
from tests.billing.views.costs import queries

LIST = reverse("billing:quote_list")


def shown(response):
    return [quote.title for quote in response.context["page"].rows]


def test_the_newest_is_on_top(office):
    make.make_quote(title="Alt")
    make.make_quote(title="Neu")
    assert shown(office.get(LIST)) == ["Neu", "Alt"]


def test_chips_count_and_filter_by_state(office):
    make.make_quote(title="Entwurf")
    quotes.decline(make.make_sent_quote(title="Abgelehnt"))
    make.make_sent_quote(title="Offen")
    response = office.get(LIST, {"stand": "offen"})
    assert shown(response) == ["Offen"]
    assert {chip["key"]: chip["count"] for chip in response.context["chips"]} == {
        "": 3, "entwurf": 1, "offen": 1, "angenommen": 0, "abgelehnt": 1, "abgelaufen": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "found"), [("küche", ["Küche"]), ("brandt", ["Küche"]), ("AN-2026", []), ("Küche Meier", [])]
)
def test_the_search_looks_at_number_title_and_customer(office, words, found):
    make.make_quote(make.make_customer("Brandt"), title="Küche")
    make.make_quote(make.make_customer("Osterloh"), title="Tür")
    assert shown(office.get(LIST, {"q": words})) == found


def test_a_look_of_the_customer_is_told(office):
    quote = make.make_sent_quote()
    access.mark_seen(access.links_to(quote).first())
    access.mark_seen(access.links_to(quote).first())
    assert "2× angesehen" in office.get(LIST).content.decode()


def test_the_list_is_cut_into_pages_that_miss_nothing(office):
    customer = make.make_customer()
    for n in range(51):
        make.make_quote(customer, title=f"Nr. {n}", lines=[])
    first = office.get(LIST)
    second = office.get(LIST + first.context["page"].next_query)
    assert (len(shown(first)), shown(second)) == (50, ["Nr. 0"])
    assert second.context["page"].next_query == ""


@pytest.mark.parametrize(
    "cursor", ["", "quatsch", "2026-01-01~1", "2026-01-01T00:00:00+00:00~99999999999999999999", "~"]
)
def test_an_address_that_cannot_be_read_begins_at_the_top(office, cursor):
    make.make_quote(title="Da", lines=[])
    assert shown(office.get(LIST, {"nach": cursor})) == ["Da"]


def test_the_list_costs_the_same_for_any_number(office):
    make.make_sent_quote(lines=[make.line()])
    cost = queries(office, LIST)
    make.make_sent_quote(lines=[make.line()])
    make.make_sent_quote(lines=[make.line()])
    assert queries(office, LIST) == cost <= 8


def test_an_empty_list_offers_the_first_quote(office):
    assert (
        "Noch kein Angebot. Mit einer Vorlage dauert das erste unter einer Minute." in office.get(LIST).content.decode()
    )

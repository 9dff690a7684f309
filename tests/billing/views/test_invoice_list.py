"""The list of invoices."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from billing import invoices, payments
from tests import make
from tests.billing.views.costs import queries

LIST = reverse("billing:invoice_list")


def issued(title, *, days_ago=0, amount="100"):
    """An open invoice of that many days ago; payable within 14 days."""
    with make.days_ago(days_ago):
        invoice = invoices.create(
            make.make_customer(),
            by=None,
            title=title,
            lines=[make.line("Arbeit", "1", amount)],
            service_from=date(2026, 1, 5),
        )
        return invoices.issue(invoice, by=None)


def shown(response):
    return [invoice.title for invoice in response.context["page"].rows]


def test_open_ones_come_first_the_worst_on_top(office):
    issued("Neu")
    issued("Schlimm", days_ago=40)
    issued("Überfällig", days_ago=20)
    response = office.get(LIST)
    page = response.content.decode().replace("\xa0", " ")
    assert shown(response) == ["Schlimm", "Überfällig", "Neu"]
    assert "26 Tage überfällig" in page and "6 Tage überfällig" in page


def test_the_sums_above_are_those_of_the_rows(office):
    invoice = issued("Teil", days_ago=20, amount="1000")
    payments.record(invoice, amount=Decimal(190), received_on=timezone.localdate(), by=None)
    issued("Neu", amount="100")
    response = office.get(LIST)
    rows = response.context["page"].rows
    assert (response.context["open"], response.context["overdue"]) == (Decimal("1119.00"), Decimal("1000.00"))
    assert sum(invoice.open_amount for invoice in rows) == response.context["open"]
    overdue = office.get(LIST, {"stand": "ueberfaellig"}).context["page"].rows
    assert sum(invoice.open_amount for invoice in overdue) == response.context["overdue"]


def test_chips_count_and_filter(office):
    paid = issued("Bezahlt")
    payments.record(paid, amount=paid.gross, received_on=timezone.localdate(), by=None)
    issued("Offen")
    invoices.create(make.make_customer(), by=None, title="Entwurf")
    response = office.get(LIST)
    assert {chip["key"]: chip["count"] for chip in response.context["chips"]} == {
        "offen": 1, "ueberfaellig": 0, "entwuerfe": 1, "bezahlt": 1, "alle": 3,
    }  # fmt: skip
    for stand, titles in {
        "bezahlt": ["Bezahlt"],
        "entwuerfe": ["Entwurf"],
        "alle": ["Entwurf", "Offen", "Bezahlt"],
    }.items():
        assert shown(office.get(LIST, {"stand": stand})) == titles


def test_a_paid_row_has_no_action_an_overdue_one_has_one(office):
    issued("Überfällig", days_ago=20)
    paid = issued("Bezahlt")
    payments.record(paid, amount=paid.gross, received_on=timezone.localdate(), by=None)
    assert "#erinnern" not in office.get(LIST, {"stand": "bezahlt"}).content.decode()
    assert office.get(LIST).content.decode().count("#erinnern") == 1


def test_what_is_due_soon_is_named(office):
    issued("Bald", days_ago=12)
    issued("Heute", days_ago=14)
    page = office.get(LIST).content.decode()
    assert "in 2 Tagen fällig" in page and "heute fällig" in page


@pytest.mark.parametrize("stand", ["offen", "ueberfaellig", "entwuerfe", "bezahlt", "alle"])
def test_every_filter_can_be_empty(office, stand):
    invoices.create(make.make_customer(), by=None, title="Entwurf")
    assert office.get(LIST, {"stand": stand}).status_code == 200
    assert office.get(LIST, {"stand": stand, "q": "gibt es nicht"}).context["page"].rows == []


def test_nothing_overdue_is_good_news(office):
    issued("Neu")
    assert "Nichts überfällig." in office.get(LIST, {"stand": "ueberfaellig"}).content.decode()


def test_pages_go_on_by_due_date(office, monkeypatch):
    monkeypatch.setattr("billing.views.invoices.page", lambda rows, request, by: _page(rows, request, by=by, size=1))
    from billing.views.paging import page as _page

    issued("Schlimm", days_ago=40)
    issued("Gleich", days_ago=20)
    issued("Gleich auch", days_ago=20)
    first = office.get(LIST)
    second = office.get(LIST + first.context["page"].next_query)
    third = office.get(LIST + second.context["page"].next_query)
    assert (shown(first), shown(second), shown(third)) == (["Schlimm"], ["Gleich"], ["Gleich auch"])


def test_the_list_costs_the_same_for_any_number(office):
    issued("Nr. 1")
    cost = queries(office, LIST)
    issued("Nr. 2", days_ago=20)
    issued("Nr. 3")
    assert queries(office, LIST) == cost <= 8

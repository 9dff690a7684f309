"""How many quotes become orders and why the others do not: each number once, on the day it was decided, net."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from accounts.rights import Role
from billing import quote_figures, quotes
from billing.models import Quote
from tests import make

PAGE = reverse("billing:quote_insight")


@pytest.fixture
def clock(business):
    with time_machine.travel("2026-09-14T08:00:00+00:00", tick=False) as clock:
        yield clock


def sent(net="1000", customer=None, **fields):
    lines = fields.pop("lines", None) or [make.line("Tisch", "1", net)]
    return make.make_sent_quote(customer or make.make_customer(), lines=lines, **fields)


def groups(shares):
    return [(each.label, each.won, each.decided, each.net_won, each.net) for each in shares]


def test_what_is_decided_counts_by_number_and_by_net_value(clock):
    make.make_order(sent("3000"))
    quotes.decline(sent("1000"), reason="price")
    sent("500")  # open
    make.make_quote()  # a draft
    quotes.retract(sent("700"), by=None)
    figures = quote_figures.collect()
    assert groups([figures.total]) == [("", 1, 2, Decimal(3000), Decimal(4000))]
    assert (figures.total.percent, figures.total.net_percent) == (50, 75)


def test_versions_of_one_number_count_once(clock):
    first = sent("1000")
    clock.shift(timedelta(days=2))
    second = quotes.revise(first, by=None)
    quotes.send(second, by=None)
    clock.shift(timedelta(days=3))
    make.make_order(second)
    make.make_order(sent("400"))
    figures = quote_figures.collect()
    assert groups([figures.total]) == [("", 2, 2, Decimal(1400), Decimal(1400))]
    assert groups(figures.versions) == [
        ("beim ersten Mal", 1, 1, Decimal(400), Decimal(400)),
        ("nach 2 Fassungen", 1, 1, Decimal(1000), Decimal(1000)),
    ]
    assert figures.days == Decimal("2.5")  # five days from the first sending, and none


def test_by_source_tag_and_month(clock):
    told = make.make_customer(source="referral", tags=["Küche", "Altbau"])
    make.make_order(sent("1000", told))
    quotes.decline(sent("500", make.make_customer(source="website", tags=["Küche"])))
    clock.move_to("2026-10-31T23:30:00+00:00")  # already November in Hamburg
    make.make_order(sent("200"))
    figures = quote_figures.collect()
    assert groups(figures.sources) == [
        ("Empfehlung", 1, 1, Decimal(1000), Decimal(1000)),
        ("Website", 0, 1, Decimal(0), Decimal(500)),
        ("unbekannt", 1, 1, Decimal(200), Decimal(200)),
    ]
    assert groups(figures.tags) == [
        ("Küche", 1, 2, Decimal(1000), Decimal(1500)),
        ("Altbau", 1, 1, Decimal(1000), Decimal(1000)),
    ]
    assert [(month, each.won, each.decided) for month, each in figures.months] == [
        (date(2026, 9, 1), 1, 2),
        (date(2026, 11, 1), 1, 1),
    ]


def test_lost_reasons_also_of_those_nobody_answered(clock):
    quotes.decline(sent("1000"), reason="price")
    quotes.decline(sent("200"), reason="price")
    quotes.decline(sent("300"))
    silent = sent("400", valid_until=date(2026, 9, 20))
    late = sent("50", valid_until=date(2026, 9, 20))
    quotes.decline(late, reason="date")
    clock.move_to("2026-09-21T08:00:00+00:00")
    for quote in (silent, late):
        quote.refresh_from_db()
        quotes.expire(quote)
    assert [(each.label, each.count, each.net, each.percent) for each in quote_figures.collect().reasons] == [
        ("Der Preis passt nicht", 2, Decimal(1200), 40),
        ("keine Antwort bis zum letzten Tag", 1, Decimal(400), 20),
        ("ohne Angabe", 1, Decimal(300), 20),
        ("Der Termin passt nicht", 1, Decimal(50), 20),
    ]


def test_discounts_are_those_of_lines_and_of_the_whole_in_both_modes(clock):
    rows = [
        make.line("Tisch", "2", "500", discount_percent=Decimal(10)),
        make.line("Auf Wunsch", "1", "999", is_optional=True),
    ]
    quote = sent(lines=rows, discount_percent=Decimal(10))
    assert (quote.net, quote.list_net) == (Decimal("810.00"), Decimal("1000.00"))
    gross = sent(lines=[make.line("Tisch", "1", "1190")], mode="gross", discount_percent=Decimal(20))
    assert (gross.net, gross.list_net) == (Decimal("800.00"), Decimal("1000.00"))
    make.make_order(quote)
    quotes.decline(gross)
    figures = quote_figures.collect()
    assert (figures.discount_won, figures.discount_lost) == (Decimal("19.0"), Decimal("20.0"))


def test_a_period_has_both_its_days(clock):
    quotes.decline(sent())
    day = date(2026, 9, 14)
    for since, until, count in ((day, day, 1), (day + timedelta(days=1), None, 0), (None, day - timedelta(days=1), 0)):
        assert quote_figures.collect(since=since, until=until).total.decided == count


def test_another_business_counts_its_own(clock):
    from accounts import current

    quotes.decline(sent())
    with current.working_for(make.make_business("Andere")):
        assert quote_figures.collect().total.decided == 0


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


def test_the_page_says_the_numbers_in_words(office, clock):
    assert "noch kein Angebot entschieden" in office.get(PAGE).content.decode()
    make.make_order(sent("3000", make.make_customer(source="fair")))
    quotes.decline(sent("1000"), reason="price")
    page = office.get(PAGE).content.decode().replace("\xa0", " ")
    for words in ("1 von 2 entschiedenen Angeboten", "3.000,00 € von 4.000,00 €", "Der Preis passt nicht", "Messe"):
        assert words in page


def test_the_table_can_be_taken_along_and_runs_no_formula(office, clock):
    quotes.decline(sent(title='=HYPERLINK("x")'), reason="price", comment="@SUM(1)")
    text = b"".join(office.get(reverse("billing:quote_insight_csv")).streaming_content).decode("utf-8-sig")
    heading, row = csv.reader(io.StringIO(text), delimiter=";")
    assert heading[:4] == ["Nummer", "Fassung", "Titel", "Kunde"]
    assert (
        row[2] == '\'=HYPERLINK("x")' and row[10] == "'@SUM(1)" and row[8:10] == ["abgelehnt", "Der Preis passt nicht"]
    )
    assert row[11:] == ["1000,00", "1000,00", "0,0"]
    assert b"".join(office.get(reverse("billing:quote_insight_xlsx")).streaming_content)[:2] == b"PK"


def test_who_sees_no_money_sees_no_figures(clock):
    worker = make.signed_in_as(Role.FIELD_WORKER)
    assert [worker.get(reverse(f"billing:quote_insight{end}")).status_code for end in ("", "_csv", "_xlsx")] == [
        403
    ] * 3


def test_the_page_costs_the_same_for_any_number(office, clock, owner):
    def decide(count):
        for n in range(count):
            make.make_order(sent(customer=make.make_customer(tags=[f"Tag {n}"], source="fair")))
            quotes.decline(sent())
        return make.count_queries(office, PAGE)

    assert decide(1) == decide(3)
    assert Quote.objects.count() == 8

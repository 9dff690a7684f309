"""What a price looks like to its reader: consumers gross, everybody else net (ANG8, REC8)."""

from decimal import Decimal as D

import pytest

from billing import choices
from billing.documents.model import Buyer, BuyerKind, Document, DocumentLine, Kind, LineKind, Seller, calculated
from billing.money import VAT_7, VAT_19, VAT_EXEMPT, PriceMode
from portal import prices

NBSP = "\u00a0"


def row(position, price, *, quantity="1", vat=VAT_19, unit=("Stk.", "H87"), **more):
    return DocumentLine(
        position, LineKind.ITEM, f"Zeile {position}", quantity=D(quantity), unit=unit[0], unit_code=unit[1],
        unit_price=D(price), vat=vat, **more,
    )  # fmt: skip


def document(*lines, kind=BuyerKind.CONSUMER, seller=None, **fields):
    return calculated(
        Document(Kind.QUOTE, seller or Seller("Betrieb"), Buyer("Kundin", kind), lines=tuple(lines), **fields)
    )


FRONTS = (
    row("1", "485", quantity="4"),
    row("2", "465", quantity="4", alternative_set="Fronten"),
    row("3", "395", quantity="4", alternative_set="Fronten", is_counted=False),
    row("4", "240", is_optional=True, is_counted=False),
)


@pytest.mark.parametrize(
    ("kind", "mode", "shown"),
    [
        (BuyerKind.CONSUMER, PriceMode.NET, "119.00"),
        (BuyerKind.CONSUMER, PriceMode.GROSS, "100.00"),
        (BuyerKind.BUSINESS, PriceMode.NET, "100.00"),
        (BuyerKind.PUBLIC, PriceMode.GROSS, "84.03"),
    ],
)
def test_a_row_is_shown_as_its_reader_thinks(kind, mode, shown):
    found = document(row("1", "100"), kind=kind, mode=mode)
    assert prices.amount(found, found.lines[0]) == D(shown)


def test_a_small_business_has_one_price_only():
    seller = Seller("Betrieb", small_business=True)
    found = document(row("1", "38", quantity="4", vat=VAT_EXEMPT), seller=seller, kind=BuyerKind.BUSINESS)
    assert prices.sums(found) == [("Gesamtpreis", D("152.00"), "total")]


def test_a_consumer_sees_the_whole_price_and_the_tax_in_it():
    assert prices.sums(document(*FRONTS)) == [
        ("Gesamtpreis inkl. MwSt.", D("4522.00"), "total"), (f"darin 19{NBSP}% MwSt.", D("722.00"), "tax"),
    ]  # fmt: skip


def test_a_business_sees_net_tax_and_gross():
    assert prices.sums(document(*FRONTS, kind=BuyerKind.BUSINESS)) == [
        ("Netto", D("3800.00"), "net"), (f"zzgl. 19{NBSP}% MwSt.", D("722.00"), "tax"),
        ("Gesamt brutto", D("4522.00"), "gross"),
    ]  # fmt: skip


def test_several_rates_are_one_sum_of_tax():
    found = document(row("1", "100"), row("2", "100", vat=VAT_7))
    assert prices.sums(found)[1] == ("darin MwSt.", D("26.00"), "tax")


def test_a_discount_is_what_the_total_would_be_more_without_it():
    found = document(row("1", "100"), discount_percent=D(10))
    assert prices.sums(found)[0] == (f"Nachlass 10{NBSP}%", D("-11.90"), "")


def test_a_surcharge_has_its_own_word():
    found = document(row("1", "100"), discount_percent=D("-7.5"))
    assert prices.sums(found)[0] == (f"Zuschlag 7,5{NBSP}%", D("8.93"), "")


def test_differences_are_worked_out_from_whole_totals():
    found = document(*FRONTS, discount_percent=D(3))
    default = choices.default(found)
    for position, difference in prices.differences(found, default).items():
        taken = {"wahl-4": "1"} if position == "4" else {"wahl-2": position}
        other = choices.applied(found, choices.parse(found, taken))
        assert found.totals.gross + difference == other.totals.gross


def test_a_business_sees_net_differences():
    found = document(*FRONTS, kind=BuyerKind.BUSINESS)
    assert prices.differences(found, choices.default(found)) == {"2": D("0.00"), "3": D("-280.00"), "4": D("240.00")}


@pytest.mark.parametrize(
    ("line", "note"),
    [
        (row("1", "100"), ""),
        (row("1", "100", quantity="4"), f"4{NBSP}Stk. je 119,00{NBSP}€"),
        (row("1", "62", quantity="16", unit=("Std.", "HUR")), f"16{NBSP}Std. je 73,78{NBSP}€"),
        (row("1", "420", unit=("psch.", "LS"), description="mit Zeichnung"), "pauschal · mit Zeichnung"),
        (row("1", "100", quantity="2", discount_percent=D(5)), f"2{NBSP}Stk. je 119,00{NBSP}€ · 5{NBSP}% Rabatt"),
        (row("1", "100", discount_percent=D(-15)), f"Zuschlag 15{NBSP}%"),
    ],
)
def test_a_row_says_how_much_of_it_at_what_price(line, note):
    assert prices.note(document(line), line) == note


def test_groups_leave_out_what_can_be_chosen_and_say_that_it_is_missing():
    found = document(
        DocumentLine("1", LineKind.SECTION, "Korpus"), row("1.1", "100"),
        DocumentLine("2", LineKind.SECTION, "Fronten"), row("2.1", "10", alternative_set="Fronten"),
        row("2.2", "20", alternative_set="Fronten", is_counted=False),
        DocumentLine("3", LineKind.SECTION, "Auf Wunsch"), row("3.1", "5", is_optional=True, is_counted=False),
    )  # fmt: skip
    assert [(group.heading, group.amount, group.waits) for group in prices.groups(found)] == [
        ("Korpus", D("119.00"), False), ("Fronten", D("0.00"), True),
    ]  # fmt: skip
    chosen = prices.groups(choices.only_chosen(found, choices.default(found)), with_choices=True)
    assert [(group.heading, group.amount) for group in chosen] == [("Korpus", D("119.00")), ("Fronten", D("11.90"))]


def test_what_is_below_a_title_to_choose_stands_on_its_card_and_not_among_the_rest():
    found = document(
        DocumentLine("1", LineKind.SECTION, "Unterbau"), row("1.1", "100"),
        DocumentLine("2", LineKind.SECTION, "Lärche", alternative_set="Belag"), row("2.1", "10"),
        DocumentLine("3", LineKind.SECTION, "Esche", alternative_set="Belag", is_counted=False),
        row("3.1", "20", is_counted=False), row("3.2", "5", is_counted=False),
    )  # fmt: skip
    assert [group.heading for group in prices.groups(found)] == ["Unterbau"]
    below = prices.below(found, found.lines[4])
    assert ([each.position for each in below.rows], below.amount) == (["3.1", "3.2"], D("29.75"))


def test_a_long_group_unfolds_after_twenty_rows():
    group = prices.groups(document(*(row(str(n), "1") for n in range(1, 35))))[0]
    assert (len(group.first), len(group.further)) == (20, 14)

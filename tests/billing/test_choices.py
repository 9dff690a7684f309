"""What a customer may choose, and what it then costs."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing import choices
from billing.documents.model import Buyer, Document, DocumentLine, Kind, LineKind, Seller, calculated
from billing.money import VAT_7, VAT_19, PriceMode

D = Decimal


def row(position, price, *, vat=VAT_19, quantity="1", **more):
    return DocumentLine(
        position, LineKind.ITEM, f"Zeile {position}", quantity=D(quantity), unit_price=D(price), vat=vat, **more
    )


def quote_of(*lines, **fields):
    return calculated(
        Document(kind=Kind.QUOTE, seller=Seller("Betrieb"), buyer=Buyer("Kundin"), lines=tuple(lines), **fields)
    )


CUPBOARD = quote_of(
    DocumentLine("1", LineKind.SECTION, "Korpus"),
    row("1.1", "485", quantity="4"),
    DocumentLine("2", LineKind.SECTION, "Fronten"),
    row("2.1", "465", quantity="4", alternative_set="Fronten"),
    row("2.2", "395", quantity="4", alternative_set="Fronten", is_counted=False),
    row("2.3", "345", quantity="4", alternative_set="Fronten", is_counted=False),
    DocumentLine("3", LineKind.SECTION, "Auf Wunsch"),
    row("3.1", "240", is_optional=True, is_counted=False),
    row("3.2", "28", quantity="4", is_optional=True, is_counted=False),
)


def test_one_of_each_set_and_no_option_is_preselected():
    assert choices.default(CUPBOARD) == choices.Choice((("Fronten", "2.1"),), frozenset())


def test_a_choice_is_read_from_the_form_by_position():
    choice = choices.parse(CUPBOARD, {"wahl-2.1": "2.3", "wahl-3.2": "1"})
    assert choice == choices.Choice((("Fronten", "2.3"),), frozenset({"3.2"}))


@pytest.mark.parametrize(
    "posted", [{"wahl-2.1": "1.1"}, {"wahl-2.1": ""}, {"wahl-1.1": "1"}, {"wahl-9.9": "1"}, {"wahl-2.2": "2.2"}]
)
def test_a_choice_of_another_quote_is_refused(posted):
    with pytest.raises(choices.NotAChoice):
        choices.parse(CUPBOARD, posted)


def test_a_choice_survives_the_way_from_page_to_page():
    choice = choices.parse(CUPBOARD, {"wahl-2.1": "2.2", "wahl-3.1": "1"})
    assert choices.parse(CUPBOARD, choices.as_query(CUPBOARD, choice)) == choice


def test_differences_are_those_of_the_whole_totals():
    choice = choices.default(CUPBOARD)
    assert choices.differences(CUPBOARD, choice) == {
        "2.1": D("0.00"),
        "2.2": D("-333.20"),
        "2.3": D("-571.20"),
        "3.1": D("285.60"),
        "3.2": D("133.28"),
    }


def test_what_was_not_chosen_is_gone_and_empty_headings_with_it():
    chosen = choices.only_chosen(CUPBOARD, choices.default(CUPBOARD))
    assert [line.position for line in chosen.lines] == ["1", "1.1", "2", "2.1"]
    assert chosen.totals.gross == D("4522.00")


def test_positions_stay_as_they_were_in_the_quote():
    chosen = choices.only_chosen(CUPBOARD, choices.parse(CUPBOARD, {"wahl-2.1": "2.3", "wahl-3.1": "1"}))
    assert [line.position for line in chosen.lines] == ["1", "1.1", "2", "2.3", "3", "3.1"]


def test_every_combination_adds_up_to_the_cent():
    for front, led, damper in product(("2.1", "2.2", "2.3"), (False, True), (False, True)):
        posted = {"wahl-2.1": front} | ({"wahl-3.1": "1"} if led else {}) | ({"wahl-3.2": "1"} if damper else {})
        total = choices.applied(CUPBOARD, choices.parse(CUPBOARD, posted)).totals
        net = D(1940) + {"2.1": 1860, "2.2": 1580, "2.3": 1380}[front] + led * 240 + damper * 112
        assert total.net == net
        assert total.gross == (net * D("1.19")).quantize(D("0.01"))


PRICES = st.decimals(min_value=0, max_value=5000, places=2)


@given(
    fixed=PRICES,
    alternatives=st.lists(PRICES, min_size=2, max_size=4),
    options=st.lists(PRICES, max_size=3),
    discount=st.decimals(min_value=0, max_value=100, places=2),
    mode=st.sampled_from(PriceMode),
    data=st.data(),
)
def test_whatever_is_chosen_no_order_holds_two_of_a_set(fixed, alternatives, options, discount, mode, data):
    document = quote_of(
        row("1", fixed, vat=VAT_7),
        *(row(str(2 + i), price, alternative_set="A", is_counted=i == 0) for i, price in enumerate(alternatives)),
        *(row(str(20 + i), price, is_optional=True, is_counted=False) for i, price in enumerate(options)),
        discount_percent=discount,
        mode=mode,
    )
    posted = {"wahl-2": str(2 + data.draw(st.integers(0, len(alternatives) - 1)))}
    posted |= {f"wahl-{20 + i}": "1" for i in range(len(options)) if data.draw(st.booleans())}
    choice = choices.parse(document, posted)
    page, order = choices.applied(document, choice), choices.only_chosen(document, choice)
    assert [line.position for line in order.lines if line.alternative_set] == [posted["wahl-2"]]
    assert page.totals == order.totals == calculated(order).totals
    for position, difference in choices.differences(document, choice).items():
        if position not in choice.positions() and int(position) < 20:
            other = choices.parse(document, posted | {"wahl-2": position})
            assert page.totals.gross + difference == choices.applied(document, other).totals.gross

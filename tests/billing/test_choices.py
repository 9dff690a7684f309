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


# --- whole titles, quantities and groups of extras ------------------------------------------------------------------------
TERRACE = quote_of(
    DocumentLine("1", LineKind.SECTION, "Unterbau"),
    row("1.1", "300"),
    DocumentLine("2", LineKind.SECTION, "Dielen Lärche", alternative_set="Belag"),
    row("2.1", "40", quantity="20"),
    row("2.2", "150"),
    DocumentLine("3", LineKind.SECTION, "Dielen Thermoesche", alternative_set="Belag", is_counted=False),
    DocumentLine("", LineKind.TEXT, "Aus deutschen Wäldern", is_counted=False),
    row("3.1", "65", quantity="20", is_counted=False),
    DocumentLine("4", LineKind.SECTION, "Auf Wunsch"),
    row("4.1", "35", is_optional=True, is_counted=False, max_quantity=8, option_group="Licht"),
    row("4.2", "90", is_optional=True, is_counted=False, option_group="Licht"),
    DocumentLine("5", LineKind.SECTION, "Sichtschutz", is_optional=True, is_counted=False),
    row("5.1", "700", is_counted=False),
)


def taken(**data):
    return choices.applied(
        TERRACE, choices.parse(TERRACE, {f"wahl-{key[1:].replace('_', '.')}": data[key] for key in data})
    )


def test_a_title_brings_or_takes_everything_below_it():
    assert taken().totals.net == 300 + 800 + 150
    assert taken(p2="3").totals.net == 300 + 1300
    assert [line.position for line in taken(p2="3", p5="1").items] == ["1.1", "3.1", "5.1"]
    assert taken(p5="1").totals.net == 300 + 800 + 150 + 700


def test_a_text_below_a_title_goes_with_it():
    kept = choices.only_chosen(TERRACE, choices.parse(TERRACE, {}))
    assert [line.text for line in kept.lines] == ["Unterbau", "Zeile 1.1", "Dielen Lärche", "Zeile 2.1", "Zeile 2.2"]


def test_the_customer_says_how_many():
    assert taken(p4_1="3").totals.net == 1250 + 3 * 35
    assert taken(p4_1="0").totals.net == 1250
    assert choices.parse(TERRACE, {"wahl-4.1": "8"}).quantities == (("4.1", 8),)
    assert choices.words(TERRACE, choices.parse(TERRACE, {"wahl-4.1": "8"})) == [
        ("Belag", "Dielen Lärche"),
        ("", "8 × Zeile 4.1"),
    ]


@pytest.mark.parametrize("said", ["9", "-1", "1.5", "x", "٣", "1000000000000", "on"])
def test_a_number_that_is_not_offered_is_refused(said):
    with pytest.raises(choices.NotAChoice):
        choices.parse(TERRACE, {"wahl-4.1": said})


def test_extras_stand_together_under_their_words():
    assert {name: [line.position for line in rows] for name, rows in choices.option_groups(TERRACE).items()} == {
        "Licht": ["4.1", "4.2"],
        "": ["5"],
    }


def test_a_title_is_shown_with_what_it_changes():
    found = choices.differences(TERRACE, choices.default(TERRACE), of=lambda document: document.totals.net)
    assert found == {"2": 0, "3": D(350), "4.1": D(35), "4.2": D(90), "5": D(700)}


everything = st.fixed_dictionaries(
    {},
    optional={
        "wahl-2": st.sampled_from(["2", "3"]),
        "wahl-4.1": st.integers(0, 8).map(str),
        "wahl-4.2": st.just("1"),
        "wahl-5": st.just("1"),
    },
)


@given(everything)
def test_any_combination_is_one_order_with_one_of_each_set(data):
    choice = choices.parse(TERRACE, data)
    counted, ordered = choices.applied(TERRACE, choice), choices.only_chosen(TERRACE, choice)
    assert calculated(ordered).totals.gross == counted.totals.gross
    assert len({line.alternative_set for line in ordered.lines} - {""}) == 1
    assert len([line for line in ordered.lines if line.alternative_set]) == 1
    assert choices.parse(TERRACE, choices.as_query(TERRACE, choice)) == choice
    assert choices.from_record(choices.as_record(choice)) == choice

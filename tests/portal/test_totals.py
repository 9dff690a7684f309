"""Whatever a customer chooses: page, check page, paper and order name the same sum, to the cent (ANG3, R78).

The many combinations run through pure functions, a handful through the real verbs.
"""

import re
from decimal import Decimal as D
from itertools import product

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from accounts import formats
from billing import choices, drafting
from billing.documents import sheet
from billing.documents.model import (
    Buyer,
    BuyerKind,
    Document,
    DocumentLine,
    Kind,
    LineKind,
    Seller,
    calculated,
    from_json,
    to_json,
)  # fmt: skip
from billing.models import Order, Quote
from billing.money import VAT_7, VAT_19, VAT_EXEMPT, PriceMode
from portal import prices, summary
from portal.offer import Offer
from tests import make

PRICES = st.decimals(min_value=0, max_value=5000, places=2)
PERCENT = st.sampled_from([D(0), D(3), D("12.5"), D("33.33"), D(-5), D("-17.77")])


@st.composite
def quotes_with_a_choice(draw):
    """A sent quote of any kind with sets of rows and of titles, options and numbers; and a form somebody posts."""
    seller = Seller("Betrieb", small_business=draw(st.booleans()))
    vats = st.just(VAT_EXEMPT) if seller.small_business else st.sampled_from([VAT_19, VAT_19, VAT_7])
    lines, form = [], {}

    def row(position, **more):
        lines.append(
            DocumentLine(
                position, LineKind.ITEM, f"Zeile {position}", quantity=draw(st.sampled_from([D(1), D(4), D("2.35")])),
                unit_price=draw(PRICES), discount_percent=draw(PERCENT), vat=draw(vats), **more,
            )
        )  # fmt: skip

    def title(position, **more):
        lines.append(DocumentLine(position, LineKind.SECTION, f"Titel {position}", **more))

    title("1")
    row("1.1")
    alternatives = draw(st.integers(2, 3))
    for n in range(alternatives):
        row(f"1.{n + 2}", alternative_set="Fronten", is_counted=n == 0)
    form["wahl-1.2"] = f"1.{draw(st.integers(0, alternatives - 1)) + 2}"
    title("2", alternative_set="Belag")
    row("2.1")
    title("3", alternative_set="Belag", is_counted=False)
    row("3.1", is_counted=False)
    row("3.2", is_counted=False)
    form["wahl-2"] = draw(st.sampled_from(["2", "3"]))
    title("4", is_optional=True, is_counted=False)
    row("4.1", is_counted=False)
    title("5")
    row("5.1", is_optional=True, is_counted=False, max_quantity=9, option_group="Licht")
    row("5.2", is_optional=True, is_counted=False)
    form |= {f"wahl-{position}": "1" for position in ("4", "5.2") if draw(st.booleans())}
    form["wahl-5.1"] = str(draw(st.integers(0, 9)))
    document = Document(
        Kind.QUOTE, seller, Buyer("Kundin", draw(st.sampled_from(BuyerKind))), number="AN-1", subject="Terrasse",
        mode=draw(st.sampled_from(PriceMode)), lines=tuple(lines), discount_percent=draw(PERCENT),
    )  # fmt: skip
    return calculated(document), form


@given(quotes_with_a_choice())
def test_page_check_page_paper_and_order_name_one_sum(drawn):
    sent, form = drawn
    offer = Offer(Quote(state=Quote.State.SENT, document=to_json(sent)), form)
    chosen = choices.only_chosen(sent, offer.choice)
    order = drafting.of_order(Order(), chosen, number="AU-1")
    paper = next(row.amount for row in sheet.context(order)["sums"] if row.look == "total")
    checked = summary.of(offer, language="de")
    names = {name: amount for _label, amount, name in checked.sums}
    whole = names.get("gross", names.get("total"))

    assert chosen.totals == calculated(chosen).totals == order.totals == offer.document.totals
    assert paper == order.totals.gross
    assert whole == formats.euro(paper)
    assert formats.euro(offer.total) == names["total" if prices.is_gross(sent) else "net"]
    assert offer.cents == offer.total * 100


@given(quotes_with_a_choice())
def test_an_order_holds_one_of_each_set_and_only_what_was_taken(drawn):
    sent, form = drawn
    choice = choices.parse(sent, form)
    order = choices.only_chosen(sent, choice)
    positions = [line.position for line in order.lines]
    assert [line.position for line in order.lines if line.alternative_set] == [form["wahl-1.2"], form["wahl-2"]]
    assert [line.position for line in order.lines if line.is_optional] == [
        each for each in ("4", "5.1", "5.2") if form.get(f"wahl-{each}", "0") != "0"
    ]
    assert ("2.1" in positions, "3.1" in positions, "3.2" in positions) == (
        form["wahl-2"] == "2", form["wahl-2"] == "3", form["wahl-2"] == "3",
    )  # fmt: skip
    assert all(line.quantity == int(form["wahl-5.1"]) for line in order.lines if line.max_quantity)


@given(quotes_with_a_choice())
def test_every_difference_is_the_one_between_two_sums(drawn):
    sent, form = drawn
    choice = choices.parse(sent, form)
    now = prices.main_amount(choices.applied(sent, choice))
    found = prices.differences(sent, choice)
    for other, position in (("wahl-1.2", "1.3"), ("wahl-2", "3"), ("wahl-2", "2")):
        changed = choices.parse(sent, form | {other: position})
        assert found[position] == prices.main_amount(choices.applied(sent, changed)) - now
    for position in ("4", "5.1", "5.2"):
        said = int(form.get(f"wahl-{position}", "0"))
        without = choices.parse(sent, form | {f"wahl-{position}": ""})
        taken = choices.parse(sent, form | {f"wahl-{position}": str(said or 1)})
        change = prices.main_amount(choices.applied(sent, taken)) - prices.main_amount(choices.applied(sent, without))
        assert found[position] == change


@given(quotes_with_a_choice())
def test_the_summary_tells_what_was_taken_and_nothing_that_was_not(drawn):
    sent, form = drawn
    offer = Offer(Quote(state=Quote.State.SENT, document=to_json(sent)), form)
    text = summary.of(offer, language="de").text
    named = set(re.findall(r"Zeile (\d\.\d)", text))
    assert named == {line.position for line in choices.only_chosen(sent, offer.choice).lines if line.is_item}


# --- the seeded quote of ANG3: 3 x 2^3 x 9 = 216 ------------------------------------------------------------------------
def seeded_lines():
    return [
        {"kind": "section", "text": "Schrank"},
        make.line("Korpus", "4", "485.55", discount_percent=D("2.5")),
        *(
            make.line(text, "4", price, alternative_set="Fronten", is_default=text == "Eiche")
            for text, price in (("Eiche", "465.35"), ("Salbei", "395.05"), ("Weiß", "345.95"))
        ),
        make.line("LED", "1", "239.99", is_optional=True),
        make.line("Türdämpfung", "4", "27.77", is_optional=True),
        {"kind": "section", "text": "Garderobe", "is_optional": True},
        make.line("Paneel", "1", "512.34"),
        {"kind": "section", "text": "Böden"},
        make.line("Einlegeboden", "1", "23.33", is_optional=True, max_quantity=8),
    ]


def every_form():
    for front, led, damper, wardrobe, boards in product(("1.2", "1.3", "1.4"), "01", "01", "01", range(9)):
        taken = {"wahl-1.2": front, "wahl-1.5": led, "wahl-1.6": damper, "wahl-2": wardrobe, "wahl-3.1": str(boards)}
        yield {name: value for name, value in taken.items() if value != "0"}


@pytest.mark.parametrize("terms", [{}, {"discount_percent": D(3)}, {"mode": "gross", "discount_percent": D("-7.5")}])
def test_all_216_combinations_of_a_seeded_quote(business, terms):
    quote = make.make_sent_quote(lines=seeded_lines(), **terms)
    sent = quote.frozen_document
    forms = list(every_form())
    sums = set()
    for form in forms:
        offer = Offer(quote, form)
        chosen = choices.only_chosen(sent, offer.choice)
        with override("de"):
            shown = {name: words for _label, words, name in summary.of(offer, language="de").sums}
        assert (offer.total, shown["total"]) == (chosen.totals.gross, formats.euro(chosen.totals.gross))
        sums.add(offer.total)
    assert len(forms) == 216 and len(sums) > 200


@pytest.mark.parametrize(
    ("form", "company", "terms"),
    [
        ({}, False, {}),
        ({"wahl-1.2": "1.3", "wahl-1.5": "1", "wahl-3.1": "8"}, False, {"discount_percent": D("12.5")}),
        ({"wahl-1.2": "1.4", "wahl-2": "1", "wahl-3.1": "1"}, True, {"discount_percent": D(-15)}),
        ({"wahl-1.6": "1", "wahl-2": "1", "wahl-3.1": "3"}, False, {"mode": "gross"}),
    ],
)
def test_ordered_by_the_real_verbs_it_is_the_same_sum(business, form, company, terms):
    quote = make.make_sent_quote(make.make_company() if company else None, lines=seeded_lines(), **terms)
    offer = Offer(quote, form)
    order = make.make_order(quote, taken=form)
    kept = from_json(order.document)
    assert order.gross == kept.totals.gross == quote.acceptance.gross == offer.document.totals.gross
    rows = list(order.lines.all())
    assert len([row for row in rows if row.alternative_set]) == 1
    assert [row.quantity for row in rows if row.text == "Einlegeboden"] == [
        D(each) for each in [form.get("wahl-3.1", 0)] if each
    ]
    again = calculated(Document(
        Kind.QUOTE, Seller("Betrieb"), Buyer("Kundin"), mode=kept.mode, discount_percent=order.discount_percent,
        lines=tuple(drafting.lines(rows, small_business=False)),
    ))  # fmt: skip
    assert again.totals.gross == order.gross  # what an invoice will be made of

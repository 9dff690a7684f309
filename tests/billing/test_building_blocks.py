"""Templates of quotes, and rows taken from earlier ones."""

from decimal import Decimal

import pytest

from accounts.refusals import Refusal
from billing import building_blocks, quotes
from billing.models import QuoteTemplate, TextBlock
from crm import attachments
from tests import make


def rows(quote, *names):
    return list(quote.lines.values_list(*names))


def test_a_template_keeps_rows_and_words_but_nobodys_data(business):
    customer = make.make_customer()
    photo = attachments.add(customer, make.upload(), is_told=False)
    quote = make.make_quote(
        customer, intro="Guten Tag Frau Brandt,\n\nwie besprochen.", internal_note="zahlt spät", mode="gross", discount_percent=5,
        lines=[make.line("Eiche", "4", "465.5", picture=photo, purchase_price=200,
                         cost_split={"labour": "100", "material": "365.5"})],
    )  # fmt: skip
    template = building_blocks.save_as_template(quote, name=" Schrank ")
    kept = f"{template.fields}{template.lines}"
    assert template.name == "Schrank" and "Brandt" not in kept and "zahlt" not in kept and "picture" not in kept
    copy = building_blocks.start(template, make.make_company("Morgenrot GmbH"), by=None)
    assert (
        copy.intro.startswith("Guten Tag")
        and copy.intro.endswith(",\n\nwie besprochen.")
        and "Brandt" not in copy.intro
    )
    assert (copy.mode, copy.discount_percent, copy.gross, copy.internal_note) == ("gross", 5, Decimal("1768.90"), "")
    assert rows(copy, "text", "quantity", "unit_price", "purchase_price", "cost_split", "picture") == [
        ("Eiche", 4, Decimal("465.5"), 200, {"labour": "100", "material": "365.5"}, None)
    ]


def test_a_template_starts_with_the_same_choices(business):
    quote = make.make_quote()
    copy = building_blocks.start(
        building_blocks.save_as_template(quote, name="Schrank"), make.make_customer("Osterloh"), by=None
    )
    names = ("kind", "text", "quantity", "unit_price", "vat_rate", "alternative_set", "is_default", "is_optional")
    assert rows(copy, *names) == rows(quote, *names) and copy.gross == quote.gross


def test_a_name_is_replaced_only_when_it_is_meant(business):
    building_blocks.save_as_template(make.make_quote(title="Alt"), name="Schrank")
    with pytest.raises(building_blocks.NameTaken, match="„Schrank“ gibt es schon"):
        building_blocks.save_as_template(make.make_quote(title="Neu"), name="Schrank")
    building_blocks.save_as_template(make.make_quote(title="Neu"), name="Schrank", replace=True)
    assert [template.fields["title"] for template in QuoteTemplate.objects.all()] == ["Neu"]
    other = building_blocks.save_as_template(make.make_quote(), name="Küche")
    with pytest.raises(building_blocks.NameTaken):
        building_blocks.rename(other, name="Schrank")
    building_blocks.rename(other, name="Bad")
    assert [template.name for template in QuoteTemplate.objects.all()] == ["Bad", "Schrank"]


def pks(quote, *texts):
    return set(quote.lines.filter(text__in=texts).values_list("pk", flat=True))


def test_a_title_brings_all_below_it_and_a_row_only_itself(business):
    source, draft = make.make_quote(), make.make_quote(lines=[make.line("Meins")])
    count = building_blocks.copy_rows(draft, source, pks(source, "Fronten", "Anfahrt"), by=None)
    assert count == 5
    assert rows(draft, "text", "alternative_set") == [
        ("Meins", ""), ("Fronten", ""), ("Eiche furniert", "Fronten"), ("Salbei lackiert", "Fronten"),
        ("Weiß lackiert", "Fronten"), ("Anfahrt", ""),
    ]  # fmt: skip


def test_one_of_several_taken_alone_is_fixed(business):
    source, draft = make.make_quote(), make.make_quote(lines=[])
    building_blocks.copy_rows(draft, source, pks(source, "Salbei lackiert"), by=None)
    assert rows(draft, "text", "alternative_set", "is_default") == [("Salbei lackiert", "", False)]
    assert quotes.problems(draft) == []


def test_prices_change_to_the_drafts_mode_and_parts_still_add_up(business):
    line = make.line("Montage", "1", "100", cost_kind="labour", cost_split={"labour": "66.67", "travel": "33.33"})
    source, draft = make.make_quote(lines=[line]), make.make_quote(lines=[], mode="gross")
    building_blocks.copy_rows(draft, source, pks(source, "Montage"), by=None)
    row = draft.lines.get()
    assert (row.unit_price, row.cost_split) == (119, {"labour": "79.34", "travel": "39.66"})
    back = make.make_quote(lines=[])
    building_blocks.copy_rows(back, draft, pks(draft, "Montage"), by=None)
    assert (back.lines.get().unit_price, back.lines.get().cost_split) == (100, {"labour": "66.67", "travel": "33.33"})


def test_pictures_stay_with_their_customer(business):
    customer = make.make_customer()
    photo = attachments.add(customer, make.upload(), is_told=False)
    source = make.make_quote(customer, lines=[make.line("Eiche", picture=photo)])
    own, other = make.make_quote(customer, lines=[]), make.make_quote(lines=[])
    for draft in (own, other):
        building_blocks.copy_rows(draft, source, pks(source, "Eiche"), by=None)
    assert (own.lines.get().picture, other.lines.get().picture) == (photo, None)


def test_taking_nothing_is_said(business):
    with pytest.raises(Refusal, match="mindestens eine Zeile"):
        building_blocks.copy_rows(make.make_quote(), make.make_quote(), {0}, by=None)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Kurz", {"text": "Kurz", "description": ""}),
        ("Bauseits:\n\nStrom\nLicht\n", {"text": "Bauseits:", "description": "Strom\nLicht"}),
        ("x" * 400, {"text": "x" * 299 + "…", "description": "x" * 400}),
    ],
)
def test_a_text_block_becomes_a_row(text, row):
    assert building_blocks.as_row(TextBlock(text=text)) == row

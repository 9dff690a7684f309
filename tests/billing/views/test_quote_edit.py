"""The editor of a quote, with and without script."""

import gzip
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from billing import quotes
from billing.models import Quote, TextBlock
from billing.rows import MOST_ROWS
from crm.models import Attachment
from tests import make
from tests.billing.views.costs import queries
from tests.billing.views.editing import quote_fields


@pytest.fixture
def quote(business):
    return make.make_quote(lines=[])


def post(office, quote, *rows, **head):
    head.setdefault("seen_at", Quote.objects.get(pk=quote.pk).updated_at.isoformat())
    return office.post(edit(quote), quote_fields(*rows, **head))


def edit(quote):
    return reverse("billing:quote_edit", args=[quote.pk])


def saved(quote):
    return list(quote.lines.all())


def test_rows_are_saved_in_the_order_of_the_page(office, quote):
    response = post(
        office, quote, {"kind": "section", "text": "Montage"},
        {"text": "Einbau", "quantity": "16", "unit": "Std.", "unit_price": "62", "cost_kind": "labour"},
        {"kind": "text", "text": "Anfahrt ist frei"}, title="Neuer Titel",
    )  # fmt: skip
    assert response.url == edit(quote)
    quote.refresh_from_db()
    assert (quote.title, quote.gross) == ("Neuer Titel", Decimal("1180.48"))
    assert [(row.kind, row.text, row.quantity, row.unit) for row in saved(quote)] == [
        ("section", "Montage", 1, "H87"), ("item", "Einbau", 16, "HUR"), ("text", "Anfahrt ist frei", 1, "H87"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "number"),
    [("12,5", "12.5"), ("12.5", "12.5"), ("1.234,56", "1234.56"), ("1234.56", "1234.56"), ("1.500", "1500"), ("0.125", "0.125"),
     (" 7 ", "7"), ("1\u00a0200,00", "1200"), (",5", "0.5"), ("62,00 €", "62")],
)  # fmt: skip
def test_comma_and_point_are_understood(office, quote, typed, number):
    assert post(office, quote, {"text": "X", "unit_price": typed}).status_code == 302
    assert saved(quote)[0].unit_price == Decimal(number)


def test_numbers_are_shown_with_a_comma(office, quote):
    post(office, quote, {"text": "X", "quantity": "2.94", "unit_price": "1234.5", "discount_percent": "7.5"})
    page = office.get(edit(quote)).content.decode()
    assert 'value="2,94"' in page and 'value="1234,50"' in page and 'value="7,5"' in page


@pytest.mark.parametrize(
    ("row", "field", "sentence"),
    [
        ({"text": "X", "unit_price": "viel"}, "unit_price", "Bitte geben Sie eine Zahl ein, zum Beispiel 12,5."),
        ({"text": "X", "unit_price": ""}, "unit_price", "Bitte tragen Sie den Preis ein, 0 für ohne Berechnung."),
        ({"text": "", "unit_price": "1"}, "text", "Bitte beschreiben Sie die Leistung."),
        ({"text": "X", "unit_price": "1", "quantity": "0"}, "quantity", "Die Menge muss größer als null sein."),
        ({"text": "X", "unit_price": "-1"}, "unit_price", "Der Preis kann nicht negativ sein. Für Nachlässe gibt es den Rabatt."),
        ({"text": "X", "unit_price": "1", "discount_percent": "101"}, "discount_percent", "Bitte geben Sie höchstens 100 ein."),
        ({"text": "X", "unit_price": "1", "quantity": "1,2345"}, "quantity",
         "Bitte geben Sie höchstens 3 Stellen nach dem Komma ein."),
        ({"text": "X", "unit_price": "99999999999999"}, "unit_price", "Bitte geben Sie eine Zahl ein, zum Beispiel 12,5."),
        ({"kind": "section", "text": ""}, "text", "Bitte schreiben Sie hier etwas, oder entfernen Sie die Zeile."),
        ({"text": "X", "unit_price": "1", "discount_percent": "-101"}, "discount_percent",
         "Bitte geben Sie mindestens -100 ein."),
        ({"text": "X", "unit_price": "1", "choice": "alternative"}, "alternative_set",
         "Bitte sagen Sie, wovon das eine Ausführung ist, zum Beispiel „Fronten“."),
        ({"text": "X", "unit_price": "1", "choice": "optional", "max_quantity": "viele"}, "max_quantity",
         "Bitte geben Sie eine ganze Zahl ein, zum Beispiel 8."),
        ({"text": "X", "unit_price": "100", "split_labour": "60", "split_material": "30"}, "split_labour",
         "Die Aufteilung ergibt 90,00\xa0€, der Einzelpreis ist 100,00\xa0€. Es fehlen 10,00\xa0€."),
        ({"text": "X", "unit_price": "100", "split_labour": "130"}, "split_labour",
         "Die Aufteilung ergibt 130,00\xa0€, der Einzelpreis ist 100,00\xa0€. Es sind 30,00\xa0€ zu viel."),
    ],
)  # fmt: skip
def test_a_mistake_is_said_at_its_row_and_everything_typed_stays(office, quote, row, field, sentence):
    good = {"text": "Einbau der Türen", "unit_price": "62"}
    response = post(office, quote, good, row, title="Halbfertig")
    page = response.content.decode()
    assert response.status_code == 422 and "<title>" in page
    assert page.count(sentence) >= 2 and f'href="#id_z2-{field}"' in page and "Zeile 2:" in page
    assert "Einbau der Türen" in page and 'value="Halbfertig"' in page
    assert saved(quote) == []


def test_an_unknown_unit_names_the_known_ones(office, quote):
    page = post(office, quote, {"text": "X", "unit_price": "1", "unit": "Handvoll"}).content.decode()
    assert "Diese Einheit gibt es nicht. Möglich sind: Stk., Std., psch.," in page and 'value="Handvoll"' in page


@pytest.mark.parametrize(
    ("typed", "code"), [("Std.", "HUR"), ("std", "HUR"), ("HUR", "HUR"), ("m²", "MTK"), ("", "H87")]
)
def test_a_unit_is_known_by_word_or_code(office, quote, typed, code):
    post(office, quote, {"text": "X", "unit_price": "1", "unit": typed})
    assert saved(quote)[0].unit == code


def test_an_untouched_row_is_dropped(office, quote):
    post(office, quote, {"text": "X", "unit_price": "1"}, {"text": "", "unit_price": ""})
    assert [row.text for row in saved(quote)] == ["X"]


def test_alternatives_have_the_default_that_is_ticked(office, quote):
    post(
        office, quote, {"text": "Eiche", "unit_price": "465", "choice": "alternative", "alternative_set": "Fronten"},
        {"text": "Salbei", "unit_price": "395", "choice": "alternative", "alternative_set": " Fronten ", "default_of": "fronten"},
        {"text": "LED", "unit_price": "240", "choice": "optional", "alternative_set": "Fronten", "purchase_price": "120,50"},
    )  # fmt: skip
    assert [(row.text, row.alternative_set, row.is_default, row.is_optional) for row in saved(quote)] == [
        ("Eiche", "Fronten", False, False), ("Salbei", "Fronten", True, False), ("LED", "", False, True),
    ]  # fmt: skip
    assert saved(quote)[2].purchase_price == Decimal("120.5")
    quote.refresh_from_db()
    assert quote.gross == Decimal("470.05")


def test_somebody_elses_save_in_between_is_refused_and_nothing_typed_is_lost(office, quote):
    before = quote.updated_at.isoformat()
    quotes.change(quote, title="Von Lotte")
    response = post(office, quote, {"text": "Meins", "unit_price": "1"}, seen_at=before)
    page = response.content.decode()
    assert response.status_code == 409
    assert "an anderer Stelle geändert" in response.context["conflict"] and ">Meins</textarea>" in page
    now = response.context["seen_at"]
    assert post(office, quote, {"text": "Meins", "unit_price": "1"}, seen_at=now).status_code == 302


def test_a_sent_quote_is_not_edited(office):
    quote = make.make_sent_quote()
    assert office.get(edit(quote)).url == quote.get_absolute_url()
    assert post(office, quote, {"text": "X", "unit_price": "1"}).url == quote.get_absolute_url()


def test_saving_and_sending_goes_on_to_the_panel(office, quote):
    response = post(office, quote, {"text": "X", "unit_price": "1"}, do="send")
    assert response.url == f"{quote.get_absolute_url()}?senden=1#senden"


def test_the_preview_shows_what_is_typed_and_stores_nothing(office, quote, monkeypatch):
    drawn = []
    monkeypatch.setattr("billing.documents.pdf.render_pdf", lambda document, **_: drawn.append(document) or b"%PDF")
    response = post(office, quote, {"text": "Nur getippt", "unit_price": "100"}, do="preview", title="Neu")
    assert (response["Content-Type"], response["Content-Disposition"]) == (
        "application/pdf", f'inline; filename="Entwurf-{quote.pk}.pdf"',
    )  # fmt: skip
    assert (drawn[0].subject, drawn[0].lines[0].text, drawn[0].is_draft) == ("Neu", "Nur getippt", True)
    quote.refresh_from_db()
    assert (quote.title, saved(quote)) == ("Einbauschrank im Flur", [])


@pytest.mark.parametrize(
    ("command", "texts"),
    [
        ("add:item", ["A", "B", ""]),
        ("add:section", ["A", "B", ""]),
        ("up:z2", ["B", "A"]),
        ("down:z1", ["B", "A"]),
        ("up:z1", ["A", "B"]),
        ("unfold:z1", ["A", "B"]),
        ("remove:z1", ["B"]),
        ("alternative:z1", ["A", "", "B"]),
        ("up:fremd", ["A", "B"]),
        ("unsinn", ["A", "B"]),
    ],
)
def test_steps_without_script_keep_what_is_typed(office, quote, command, texts):
    response = post(
        office, quote, {"text": "A", "unit_price": "abc"}, {"text": "B", "unit_price": "2"}, step=command, title="Neu"
    )
    assert response.status_code == 200
    assert [row["text"].value() or "" for row in response.context["rows"]] == texts
    page = response.content.decode()
    assert 'value="Neu"' in page and 'class="errs' not in page
    assert saved(quote) == []


def test_the_first_alternative_makes_a_set_named_after_its_group(office, quote):
    rows = [
        {"kind": "section", "text": "Fronten"},
        {"text": "Eiche", "unit_price": "465", "unit": "Stk.", "quantity": "4"},
    ]
    found = list(post(office, quote, *rows, step="alternative:z2").context["rows"])
    assert [(row.set_name, row["quantity"].value(), row.is_default) for row in found[1:]] == [
        ("Fronten", "4", True), ("Fronten", "4", False),
    ]  # fmt: skip


def test_the_catalogue_works_without_script(office, quote):
    item = make.make_catalogue_item("Montage vor Ort", "62", unit="HUR")
    response = post(office, quote, {"text": "A", "unit_price": "1"}, step="search:", katalog="mont")
    assert [found.pk for found in response.context["catalogue_found"]] == [item.pk]
    rows = list(post(office, quote, {"text": "A", "unit_price": "1"}, step=f"catalogue:{item.pk}").context["rows"])
    assert [(row["text"].value(), row["unit"].value(), row["unit_price"].value()) for row in rows] == [
        ("A", "Stk.", "1"), ("Montage vor Ort", "Std.", "62,00"),
    ]  # fmt: skip


def test_a_picture_is_kept_even_when_another_row_is_wrong(office, quote):
    rows = [{"text": "Eiche", "unit_price": "1", "picture_file": make.upload()}, {"text": "", "unit_price": "2"}]
    response = post(office, quote, *rows)
    picture = Attachment.objects.get()
    assert response.status_code == 422 and f'name="z1-picture" value="{picture.pk}"' in response.content.decode()
    post(office, quote, {"text": "Eiche", "unit_price": "1", "picture": picture.pk})
    assert saved(quote)[0].picture_id == picture.pk
    assert not picture.is_shared
    post(office, quote, {"text": "Eiche", "unit_price": "1", "picture": picture.pk, "drop_picture": "on"})
    assert saved(quote)[0].picture_id is None


@pytest.mark.parametrize("content", [b"<svg/>", b"", b"%PDF-1.7\n1 0 obj"])
def test_what_is_no_picture_is_refused_at_its_row(office, quote, content):
    response = post(office, quote, {"text": "X", "unit_price": "1", "picture_file": make.upload(content, "a.jpg")})
    page = response.content.decode()
    assert response.status_code == 422 and 'href="#id_z1-picture_file"' in page
    assert not Attachment.objects.exists()


def test_a_picture_of_another_customer_is_not_taken(office, quote):
    from crm import attachments

    foreign = attachments.add(make.make_customer("Osterloh"), make.upload())
    post(office, quote, {"text": "X", "unit_price": "1", "picture": foreign.pk})
    assert saved(quote)[0].picture_id is None


def test_a_quote_has_at_most_300_rows(office, quote):
    rows = [{"kind": "text", "text": "x"}] * (MOST_ROWS + 1)
    response = post(office, quote, *rows)
    assert response.status_code == 422 and "höchstens 300 Zeilen" in response.content.decode()


def test_what_is_still_missing_is_said_before_sending(office, quote):
    assert "Das Angebot hat noch keine Position." in office.get(edit(quote)).content.decode()


def test_a_title_moves_with_the_rows_below_it(office, quote):
    rows = [{"text": "frei", "unit_price": "1"}, {"kind": "section", "text": "Eins"}, {"text": "a", "unit_price": "1"},
            {"kind": "section", "text": "Zwei"}, {"text": "b", "unit_price": "1"}, {"text": "c", "unit_price": "1"}]  # fmt: skip

    def after(command):
        return " ".join(row["text"].value() for row in post(office, quote, *rows, step=command).context["rows"])

    assert after("up:z4") == "frei Zwei b c Eins a" == after("down:z2")
    assert after("up:z2") == "frei Eins a Zwei b c" == after("down:z4")


def test_titles_and_options_are_chosen_in_groups_and_in_numbers(office, quote):
    alternative = {"kind": "section", "choice": "alternative", "alternative_set": "Ausführung"}
    post(
        office, quote, {**alternative, "text": "Eiche"}, {"text": "Korpus", "unit_price": "100"},
        {**alternative, "text": "Buche", "default_of": "ausfuhrung"}, {"text": "Korpus", "unit_price": "80"},
        {"kind": "section", "text": "Dazu"},
        {"text": "Böden", "unit_price": "24", "choice": "optional", "option_group": " Innen ", "max_quantity": "8"},
    )  # fmt: skip
    assert [(row.text, row.alternative_set, row.is_default, row.option_group, row.max_quantity) for row in saved(quote)] == [
        ("Eiche", "Ausführung", False, "", None), ("Korpus", "", False, "", None), ("Buche", "Ausführung", True, "", None),
        ("Korpus", "", False, "", None), ("Dazu", "", False, "", None), ("Böden", "", False, "Innen", 8),
    ]  # fmt: skip
    quote.refresh_from_db()
    assert quote.gross == Decimal("95.20")


@pytest.mark.parametrize(
    ("typed", "split"),
    [
        ({"cost_kind": "material", "split_labour": "60"}, {"labour": "60", "material": "40"}),
        ({"cost_kind": "labour", "split_material": "30,5", "split_travel": "9.5"},
         {"material": "30.5", "travel": "9.5", "labour": "60"}),
        ({"cost_kind": "labour", "split_labour": "70", "split_machine": "30"}, {"labour": "70", "machine": "30"}),
        ({"cost_kind": "labour", "split_labour": "100"}, {}),
        ({"cost_kind": "labour"}, {}),
    ],
)  # fmt: skip
def test_what_the_parts_leave_of_a_price_is_of_its_kind(office, quote, typed, split):
    assert post(office, quote, {"text": "X", "unit_price": "100", **typed}).status_code == 302
    assert saved(quote)[0].cost_split == split
    again = {name.partition("-")[2]: value for name, value in office.get(edit(quote)).context["rows"].forms[0].carried}
    post(office, quote, {"text": "X", "unit_price": "120", **again})
    assert sum(map(Decimal, saved(quote)[0].cost_split.values())) == (120 if split else 0)


def test_a_line_and_a_document_take_a_surcharge(office, quote):
    post(office, quote, {"text": "Nachts", "unit_price": "100", "discount_percent": "-25"}, discount_percent="-10")
    quote.refresh_from_db()
    assert (saved(quote)[0].discount_percent, quote.discount_percent, quote.gross) == (-25, -10, Decimal("163.63"))


def test_a_text_block_is_put_where_it_belongs(office, quote):
    intro = TextBlock.objects.create(place="intro", name="Dank", text="Danke für den Termin.")
    between = TextBlock.objects.create(name="Bauseits", text="Bauseits:\nStrom und Licht")
    response = post(office, quote, {"text": "A", "unit_price": "1"}, step="block:intro", baustein_intro=intro.pk)
    assert response.context["form"]["intro"].value() == "Guten Tag,\n\nDanke für den Termin."
    rows = post(office, quote, {"text": "A", "unit_price": "1"}, step="block:row", baustein_row=between.pk).context[
        "rows"
    ]
    added = rows.forms[1]
    assert [added[name].value() for name in ("kind", "text", "description")] == ["text", "Bauseits:", "Strom und Licht"]


def test_consumers_alone_have_a_construction_contract(office, business):
    private, firm = make.make_quote(lines=[]), make.make_quote(make.make_company(), lines=[])
    plan = make.upload(b"%PDF-1.7\n1 0 obj", "Baubeschreibung.pdf", "application/pdf")
    row = {"text": "Anbau", "unit_price": "1"}
    post(office, private, row, kind="construction", negotiation="visit", completion="14 Wochen", building_file=plan)
    private.refresh_from_db()
    assert (private.kind, private.negotiation, private.completion) == ("construction", "visit", "14 Wochen")
    assert private.building_description.name == "Baubeschreibung.pdf"
    post(office, private, row, kind="construction")
    private.refresh_from_db()
    assert private.building_description  # nobody took it away
    post(office, private, row, kind="construction", drop_building="on")
    private.refresh_from_db()
    assert private.building_description is None
    response = post(office, firm, row, kind="construction")
    assert response.status_code == 422 and "kind" in response.context["form"].errors
    assert "completion" not in response.context["form"].fields


def elements(page):
    """How many elements a browser makes of a page; templates are not in it yet."""
    return len(re.findall(r"<[a-z]", re.sub(r"<template.*?</template>", "", page, flags=re.S)))


def test_a_quote_of_14_lines_is_a_light_page(office):
    lines = []
    for n in range(14):
        if n % 4 == 0:
            lines.append({"kind": "section", "text": f"Titel {n}"})
        lines.append(
            make.line(f"Zeile {n}", description="Ausführlich beschrieben", discount_percent=5, purchase_price=40,
                      cost_kind="labour", cost_split={"labour": "60", "material": "40"})
        )  # fmt: skip
    page = office.get(edit(make.make_quote(lines=lines))).content
    assert elements(page.decode()) <= 900
    assert len(gzip.compress(page, 6)) <= 16_000


def test_the_editor_costs_the_same_for_any_number_of_rows(office):
    few, many = (make.make_quote(lines=[make.line(f"Zeile {n}") for n in range(count)]) for count in (2, 12))
    assert queries(office, edit(few)) == queries(office, edit(many)) <= 14

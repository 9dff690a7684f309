"""The pages of templates, text blocks and rows taken from earlier quotes."""

import pytest
from django.urls import reverse

from billing import building_blocks
from billing.models import QuoteTemplate, TextBlock
from tests import make
from tests.billing.views.costs import queries


def url(name, *args):
    return reverse(f"billing:{name}", args=args)


def test_a_quote_becomes_a_template_and_replacing_one_is_asked(office):
    quote = make.make_quote()
    page = url("quote_template_create", quote.pk)
    assert 'value="Einbauschrank im Flur"' in office.get(page).content.decode()
    assert office.post(page, {"name": "Schrank"}).url == url("quote_edit", quote.pk)
    refused = office.post(page, {"name": "Schrank"})
    assert refused.status_code == 422 and "Vorhandene Vorlage ersetzen" in refused.content.decode()
    assert office.post(page, {"name": "Schrank", "ersetzen": "1"}).status_code == 302
    assert QuoteTemplate.objects.count() == 1


def test_templates_are_listed_renamed_and_deleted(office):
    assert "Noch keine Vorlage." in office.get(url("quote_template_list")).content.decode()
    one, two = (building_blocks.save_as_template(make.make_quote(), name=name) for name in ("Bad", "Schrank"))
    refused = office.post(url("quote_template_rename", one.pk), {"name": "Schrank"})
    assert refused.status_code == 422 and "gibt es schon" in refused.content.decode()
    office.post(url("quote_template_rename", one.pk), {"name": "Küche"})
    office.post(url("quote_template_delete", two.pk))
    assert [template.name for template in QuoteTemplate.objects.all()] == ["Küche"]


def test_rows_of_an_earlier_quote_are_found_and_taken(office):
    source, draft = make.make_sent_quote(title="Küche"), make.make_quote(lines=[])
    page = url("quote_copy_rows", draft.pk)
    assert [found.pk for found in office.get(page, {"q": "küch"}).context["found"]] == [source.pk]
    row = source.lines.get(text="Anfahrt")
    assert f'name="zeile" value="{row.pk}"' in office.get(page, {"von": source.pk}).content.decode()
    nothing = office.post(page, {"von": source.pk})
    assert nothing.status_code == 409 and "mindestens eine Zeile" in nothing.content.decode()
    assert office.post(page, {"von": source.pk, "zeile": [row.pk]}).url == url("quote_edit", draft.pk)
    assert [each.text for each in draft.lines.all()] == ["Anfahrt"]
    assert office.get(url("quote_copy_rows", source.pk)).status_code == 409


def test_text_blocks_are_written_changed_and_deleted(office):
    assert "Noch kein Textbaustein." in office.get(url("text_block_list")).content.decode()
    said = {"name": "Dank", "place": "intro", "text": "Danke für den Termin."}
    assert office.post(url("text_block_create"), said).url == url("text_block_list")
    twice = office.post(url("text_block_create"), said)
    assert twice.status_code == 422 and "gibt es hier schon" in twice.content.decode()
    block = TextBlock.objects.get()
    assert office.post(url("text_block_edit", block.pk), {**said, "text": "Vielen Dank."}).status_code == 302
    assert office.get(url("text_block_text", block.pk)).json()["text"] == "Vielen Dank."
    office.post(url("text_block_delete", block.pk))
    assert not TextBlock.objects.exists()


@pytest.mark.parametrize("name", ["quote_template_list", "text_block_list"])
def test_lists_cost_the_same_for_any_number_of_rows(office, name):
    def more(n):
        for _ in range(n):
            count = TextBlock.objects.count()
            TextBlock.objects.create(name=f"Baustein {count}", text="x")
            building_blocks.save_as_template(make.make_quote(lines=[]), name=f"Vorlage {count}")
        return queries(office, url(name))

    assert more(1) == more(2)

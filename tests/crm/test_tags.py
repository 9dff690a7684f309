"""Tags: words with colours on contacts and lines of timelines."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from accounts.refusals import Refusal
from crm import tags, timeline
from crm.models import Tag
from tests import make


def names(row):
    relation = row.customer_tags if hasattr(row, "customer_tags") else row.entry_tags
    return sorted(each.tag.name for each in relation.order_by("pk"))


def test_words_become_tags_once_whatever_their_capitals(business):
    customer = make.make_customer()
    tags.add_to_customer(customer, ["Altbau", " altbau ", "Stammkunde,", ""])
    tags.add_to_customer(customer, ["ALTBAU"])
    assert names(customer) == ["Altbau", "Stammkunde"]
    assert len({tag.colour for tag in Tag.objects.all()}) == 2  # each in a colour of its own


def test_a_line_carries_tags_of_its_own(business):
    line = timeline.of(make.make_note().customer)[0]
    tags.add_to_entry(line, ["Reklamation"])
    assert names(line) == ["Reklamation"] and names(line.customer) == []
    tags.take_from_entry(line, Tag.objects.get())
    assert names(line) == []
    with pytest.raises(Refusal):
        tags.add_to_entry(line, [f"Tag {n}" for n in range(31)])


def test_a_tag_is_renamed_and_recoloured_wherever_it_stands(business):
    customer = make.make_customer(tags=["Altbau", "Küche"])
    altbau = Tag.objects.get(name="Altbau")
    tags.change(altbau, name="Haus vor 1945", colour="teal")
    assert names(customer) == ["Haus vor 1945", "Küche"]
    with pytest.raises(Refusal, match="zusammen"):
        tags.change(altbau, name="küche", colour="teal")
    for bad in ({"name": " ", "colour": "teal"}, {"name": "Neu", "colour": "#fff"}):
        with pytest.raises(Refusal):
            tags.change(altbau, **bad)


def test_two_tags_become_one_and_nothing_carries_it_twice(business, settings, monkeypatch):
    told = []
    monkeypatch.setattr("crm.tags.import_string", lambda name: lambda *pair: told.append(pair))
    settings.WHEN_TAGS_MERGE = ["a.b"]
    both, one = make.make_customer(tags=["Altbau", "Alt-Bau"]), make.make_customer(tags=["Alt-Bau"])
    line = timeline.of(make.make_note(one).customer)[0]
    tags.add_to_entry(line, ["Alt-Bau"])
    wrong, right = Tag.objects.get(name="Alt-Bau"), Tag.objects.get(name="Altbau")
    tags.merge(wrong, right)
    assert [names(row) for row in (both, one, line)] == [["Altbau"]] * 3
    assert [tag.name for tag in Tag.objects.all()] == ["Altbau"] and len(told) == 1
    with pytest.raises(Refusal):
        tags.merge(right, right)


def test_deleting_a_tag_leaves_what_carried_it(business):
    customer = make.make_customer(tags=["Altbau"])
    tags.delete(Tag.objects.get())
    assert names(customer) == [] and customer.pk


def test_how_often_a_tag_is_used(business, django_assert_num_queries):
    for _ in range(2):
        customer = make.make_customer(tags=["Altbau"])
    for line in timeline.of(make.make_note(customer).customer):
        tags.add_to_entry(line, ["Altbau", "Neu"])
    with django_assert_num_queries(1):
        found = [(tag.name, tag.on_customers, tag.on_entries) for tag in tags.with_counts()]
    assert found == [("Altbau", 2, 2), ("Neu", 0, 2)]


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", tags.COLOURS)
def test_every_colour_is_readable_in_light_and_dark(colour):
    css = (Path(settings.BASE_DIR) / "static/css/contacts.css").read_text()
    rule = re.search(rf"\.tag\.{colour} {{ background: light-dark\((.*?)\); color: light-dark\((.*?)\) }}", css)
    for ground, text in zip(rule[1].split(", "), rule[2].split(", "), strict=True):
        lighter, darker = sorted([luminance(ground), luminance(text)], reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (ground, text)

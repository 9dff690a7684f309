"""The pages of tags."""

import pytest
from django.urls import reverse

from crm import tags
from crm.models import Tag
from tests import make


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


def url(name, *args):
    return reverse(f"crm:{name}", args=args)


def test_tags_are_listed_with_how_often_they_are_used(office, business):
    make.make_customer(tags=["Altbau", "Küche"])
    make.make_customer(tags=["Altbau"])
    tags.named(["Alt"])
    text = " ".join(office.get(url("tag_list")).content.decode().split())
    assert "2 Kontakte" in text and "1 Kontakt<" in text and "0 Kontakte" in text


def test_a_tag_gets_another_name_and_colour(office, business):
    make.make_customer(tags=["Altbau", "Küche"])
    tag = Tag.objects.get(name="Altbau")
    office.post(url("tag_edit", tag.pk), {"name": "Haus vor 1945", "colour": "teal"})
    tag.refresh_from_db()
    assert (tag.name, tag.colour) == ("Haus vor 1945", "teal")
    for data in ({"name": "KÜCHE", "colour": "teal"}, {"name": "", "colour": "teal"}, {"name": "Neu", "colour": "x"}):
        assert office.post(url("tag_edit", tag.pk), data).status_code == 422


def test_two_tags_are_merged_and_one_is_deleted(office, business):
    customer = make.make_customer(tags=["Altbau", "Alt-Bau"])
    wrong, right = Tag.objects.get(name="Alt-Bau"), Tag.objects.get(name="Altbau")
    assert office.post(url("tag_merge", wrong.pk), {"into": "x"}).status_code == 409
    page = office.post(url("tag_merge", wrong.pk), {"into": right.pk}, follow=True).content.decode()
    assert "„Alt-Bau“ heißt jetzt überall „Altbau“." in page
    office.post(url("tag_delete", right.pk))
    assert not customer.customer_tags.exists() and not Tag.objects.exists()

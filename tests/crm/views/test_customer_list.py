"""The list of contacts: search, filters, pages."""

import pytest
from django.urls import reverse

from crm import customers, search, segments
from crm.models import Tag
from tests import make

LIST = reverse("crm:customer_list")


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


def names(response):
    return [customer.name for customer in response.context["customers"]]


def test_contacts_stand_by_name(office):
    for name in ("Noll", "Brandt", "Osterloh"):
        make.make_customer(name, first_name="")
    response = office.get(LIST)
    assert names(response) == ["Brandt", "Noll", "Osterloh"]
    assert response.context["count"] == 3


def test_one_hit_is_opened_at_once(office):
    customer = make.make_customer("Brandt")
    make.make_customer("Noll")
    assert office.get(LIST, {"q": "brandt"}).url == customer.get_absolute_url()
    assert office.get(LIST, {"q": str(customer.number)}).url == customer.get_absolute_url()


def test_several_hits_and_none_are_shown(office):
    make.make_customer("Brandt", first_name="Sabine")
    make.make_customer("Brandt", first_name="Henrik")
    assert names(office.get(LIST, {"q": "brandt"})) == ["Henrik Brandt", "Sabine Brandt"]
    assert "Kein Treffer." in office.get(LIST, {"q": "<script>"}).content.decode()
    assert b"<script>\xe2\x80\x9c" not in office.get(LIST, {"q": "<script>"}).content


def test_filters_combine_and_can_be_reset(office):
    make.make_customer("Brandt", first_name="", tags=["Flur"])
    make.make_company("Noll GmbH", tags=["Flur"])
    make.make_company("Café")
    flur = Tag.objects.get()
    assert names(office.get(LIST, {"tag": flur.pk})) == ["Brandt", "Noll GmbH"]
    both = office.get(LIST, {"tag": flur.pk, "art": "business"})
    assert names(both) == ["Noll GmbH"]
    assert "Filter zurücksetzen" in both.content.decode()
    assert "Filter zurücksetzen" not in office.get(LIST, {"art": "business"}).content.decode()
    assert names(office.get(LIST, {"tag": flur.pk, "q": "Noll", "art": "business"})) == ["Noll GmbH"]


def test_a_segment_filters_the_list_and_what_is_taken_out_of_it(office, owner):
    make.make_customer("Brandt", first_name="", postcode="22397")
    make.make_customer("Noll", first_name="", postcode="80331")
    segment = segments.create("Norden", {"region": {"postcodes": [["20", "25"]]}}, by=owner)
    page = office.get(LIST, {"segment": segment.pk})
    assert names(page) == ["Brandt"] and page.context["count"] == 1
    table = b"".join(office.get(reverse("crm:export_csv"), {"segment": segment.pk})).decode()
    assert "Brandt" in table and "Noll" not in table
    segments.delete(segment)
    assert office.get(LIST, {"segment": segment.pk}).status_code == 404  # and not simply everybody
    assert office.get(reverse("crm:export_csv"), {"segment": segment.pk}).status_code == 404


def test_of_very_many_the_best_are_shown_and_nobody_counts_them(office, monkeypatch):
    """KON5, and a million contacts: what is shown does not grow with what is there."""
    monkeypatch.setattr(search, "MOST", 3)
    monkeypatch.setattr(segments, "COUNTED", 5)
    for number in range(6):
        make.make_customer(f"Anders{number}", first_name="", street="Brandtweg 1")
    make.make_customer("Brandt", first_name="", street="")
    page = office.get(LIST, {"q": "brandt"})
    assert "Brandt" in names(page) and page.context["is_more"] and "über 3" in page.content.decode()
    assert "über 5" in office.get(LIST).content.decode()


def test_the_archive_is_a_list_of_its_own(office):
    put_away = make.make_customer("Alt", first_name="")
    customers.archive(put_away)
    assert names(office.get(LIST)) == []
    assert names(office.get(LIST, {"art": "archiv"})) == ["Alt"]


@pytest.mark.parametrize(
    "query",
    [{"nach": "x"}, {"nach": "9" * 40}, {"tag": "1);--"}, {"art": "x"}, {"customer__business": "2"}, {"q": "\x00%_"}],
)
def test_strange_queries_are_ignored(office, query):
    make.make_customer("Brandt", first_name="")
    assert office.get(LIST, query).status_code == 200


def test_pages_follow_each_other_by_key(office):
    for number in range(52):
        make.make_customer("Gleich" if number < 30 else f"K{number}", first_name="")
    first = office.get(LIST)
    second = office.get(LIST, {"nach": first.context["more_after"]})
    assert (len(names(first)), len(names(second))) == (50, 2)
    assert not {c.pk for c in first.context["customers"]} & {c.pk for c in second.context["customers"]}
    assert second.context["more_after"] is None
    assert "Weitere zeigen" in first.content.decode() and "Weitere zeigen" not in second.content.decode()


def test_the_list_costs_the_same_for_any_number(office):
    def cost(rows):
        for _ in range(rows):
            make.make_customer(tags=["Flur", "Salbei"])
        return make.count_queries(office, LIST)

    assert cost(1) == cost(2)


def test_the_empty_list_names_both_ways_to_fill_it(office):
    page = office.get(LIST).content.decode()
    assert "Noch keine Kontakte." in page
    assert reverse("crm:customer_create") in page and reverse("crm:import_upload") in page

"""The catalogue's pages."""

from decimal import Decimal

import pytest
from django.urls import reverse

from billing.models import CatalogueItem
from tests import make
from tests.billing.views.costs import queries

LIST = reverse("billing:catalogue_list")


def typed(**changes):
    return {"name": "Montage", "number": "M1", "description": "", "unit": "HUR", "unit_price": "62,50", "vat_rate": "19",
            "cost_kind": "labour", "purchase_price": "", **changes}  # fmt: skip


def test_an_item_is_created_with_a_german_price(office):
    response = office.post(reverse("billing:catalogue_create"), typed(unit_price="1.062,5"))
    item = CatalogueItem.objects.get()
    assert response.url == LIST
    assert (item.name, item.unit_price, item.vat_rate, item.purchase_price) == ("Montage", Decimal("1062.5"), 19, 0)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Bitte tragen Sie eine Bezeichnung ein."),
        ({"unit_price": ""}, "Bitte tragen Sie den Preis ein."),
        ({"unit_price": "zwölf"}, "Bitte geben Sie eine Zahl ein, zum Beispiel 12,5."),
    ],
)
def test_a_mistake_is_said_twice_and_the_rest_stays(office, changes, sentence):
    response = office.post(reverse("billing:catalogue_create"), typed(**changes))
    page = response.content.decode()
    assert response.status_code == 422 and page.count(sentence) == 2 and 'value="M1"' in page
    assert not CatalogueItem.objects.exists()


def test_an_item_is_changed(office):
    item = make.make_catalogue_item(unit_price="62")
    url = reverse("billing:catalogue_edit", args=[item.pk])
    assert 'value="62,00"' in office.get(url).content.decode()
    office.post(url, typed(name="Montage vor Ort", unit_price="65"))
    item.refresh_from_db()
    assert (item.name, item.unit_price) == ("Montage vor Ort", 65)


def test_an_archived_item_is_offered_no_more_and_comes_back(office):
    item = make.make_catalogue_item("Montage")
    office.post(reverse("billing:catalogue_archive", args=[item.pk]))
    assert "Montage" not in names(office.get(LIST))
    assert names(office.get(LIST, {"stand": "archiv"})) == ["Montage"]
    assert office.get(reverse("billing:catalogue_search"), {"q": "mon"}).json() == {"items": []}
    office.post(reverse("billing:catalogue_unarchive", args=[item.pk]))
    assert names(office.get(LIST)) == ["Montage"]


def test_the_search_finds_every_word_in_name_or_number(office):
    make.make_catalogue_item("Montage vor Ort", number="M1", unit="HUR", cost_kind="labour")
    make.make_catalogue_item("Anfahrt", number="F1")
    found = office.get(reverse("billing:catalogue_search"), {"q": "ort mont"}).json()["items"]
    assert [item["text"] for item in found] == ["Montage vor Ort"]
    assert found[0]["fields"] == {
        "text": "Montage vor Ort", "description": "", "unit": "Std.", "unit_price": "62,00", "vat": "19",
        "cost_kind": "labour", "purchase_price": "0,00",
    }  # fmt: skip
    assert [item["text"] for item in office.get(reverse("billing:catalogue_search"), {"q": "F1"}).json()["items"]] == [
        "Anfahrt"
    ]


def test_the_list_is_cut_into_pages(office):
    for n in range(51):
        make.make_catalogue_item(f"Artikel {n:02}")
    first = office.get(LIST)
    assert names(first)[0] == "Artikel 00" and len(names(first)) == 50
    assert names(office.get(LIST + first.context["next_query"])) == ["Artikel 50"]


def test_the_list_costs_the_same_for_any_number(office):
    make.make_catalogue_item("A")
    cost = queries(office, LIST)
    make.make_catalogue_item("B")
    make.make_catalogue_item("C")
    assert queries(office, LIST) == cost <= 6


def test_an_empty_catalogue_says_what_belongs_here(office):
    assert "Noch keine Leistung." in office.get(LIST).content.decode()


def names(response):
    return [item.name for item in response.context["items"]]

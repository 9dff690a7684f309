"""The catalogue over the API."""

from decimal import Decimal

import pytest

from billing.models import CatalogueItem
from tests import make

NEW = {"name": "Montage", "unit": "HUR", "unit_price": "62.5000", "purchase_price": "0.0000", "vat_rate": "19.00",
       "cost_kind": "labour", "cost_split": {"labour": "50.0000", "travel": "12.5000"}, "number": "M1",
       "description": ""}  # fmt: skip


def test_it_creates_and_shows(api):
    answer = api.post("catalogue/", NEW)
    assert answer.status_code == 201
    assert answer.data == NEW | {"id": CatalogueItem.objects.get().pk, "archived_at": None}
    assert api.get(f"catalogue/{answer.data['id']}/").data == answer.data


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"unit": "STK"}, "unit"),
        ({"unit_price": "-1"}, "unit_price"),
        ({"unit_price": "1e30"}, "unit_price"),
        ({"unit_price": "NaN"}, "unit_price"),
        ({"unit_price": "0.00001"}, "unit_price"),
        ({"unit_price": None}, "unit_price"),
        ({"unit_price": []}, "unit_price"),
        ({"vat_rate": "99"}, "vat_rate"),
        ({"vat_rate": "16"}, "vat_rate"),
        ({"cost_kind": "x"}, "cost_kind"),
        ({"description": "x" * 4001}, "description"),
    ],
)
def test_what_is_wrong_is_named(api, changes, field):
    answer = api.post("catalogue/", NEW | changes)
    assert (answer.status_code, set(answer.data["errors"])) == (400, {field})


def test_parts_of_a_price_follow_it(api):
    pk = api.post("catalogue/", NEW).data["id"]
    refused = api.patch(f"catalogue/{pk}/", {"unit_price": "70"})
    assert (refused.status_code, set(refused.data["errors"])) == (400, {"cost_split"})
    assert api.patch(f"catalogue/{pk}/", {"unit_price": "70", "cost_split": {}}).status_code == 200


@pytest.mark.parametrize("price", ["-0", "-0.00", 0, 0.0])
def test_minus_zero_is_zero(api, price):
    assert api.post("catalogue/", NEW | {"unit_price": price, "cost_split": {}}).data["unit_price"] == "0.0000"


def test_it_changes_what_is_named(api):
    item = make.make_catalogue_item()
    answer = api.patch(f"catalogue/{item.pk}/", {"unit_price": "70", "id": 99})
    item.refresh_from_db()
    assert (answer.status_code, item.unit_price, item.name) == (200, Decimal(70), "Montage")


def test_it_archives_and_finds(api):
    item, kept = make.make_catalogue_item(), make.make_catalogue_item("Lack streichen")
    assert api.post(f"catalogue/{item.pk}/archive/").data["archived_at"]
    assert [row["id"] for row in api.get("catalogue/").data["results"]] == [kept.pk]
    assert [row["id"] for row in api.get("catalogue/?archived=true").data["results"]] == [item.pk]
    assert [row["id"] for row in api.get("catalogue/?q=lack").data["results"]] == [kept.pk]


def test_foreign_items_are_unknown(api, foreign):
    theirs = foreign(make.make_catalogue_item)
    for answer in (
        api.get(f"catalogue/{theirs.pk}/"),
        api.patch(f"catalogue/{theirs.pk}/", {"name": "X"}),
        api.post(f"catalogue/{theirs.pk}/archive/"),
    ):
        assert answer.status_code == 404


def test_prices_are_not_for_everybody(worker_api, adviser_api):
    item = make.make_catalogue_item()
    assert worker_api.get("catalogue/").status_code == worker_api.get(f"catalogue/{item.pk}/").status_code == 403
    assert adviser_api.get("catalogue/").status_code == 200
    assert adviser_api.post("catalogue/", NEW).status_code == 403

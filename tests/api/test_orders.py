"""Orders over the API."""

import pytest

from billing import work_kinds
from billing.models import Order
from tests import make


def test_one_order_shows_what_was_ordered_and_how_far_it_is(api):
    order = make.make_order()
    data = api.get(f"orders/{order.pk}/").data
    assert (data["number"], data["state"], data["contact"]) == (order.number, "placed", order.customer_id)
    assert data["gross"] == str(order.gross)
    assert [step["step"] for step in data["milestones"]] == ["placed", "scheduled", "started", "completed", "invoiced"]
    assert len(data["lines"]) == order.lines.count()
    assert data["lines"][0]["unit_price"]


def test_milestones_have_the_words_of_the_business(api):
    work_kinds.make_default(work_kinds.create_from_template("delivery"))
    data = api.get(f"orders/{make.make_order().pk}/").data
    assert [(step["step"], step["label"]) for step in data["milestones"]] == [
        ("placed", "Bestellt"), ("started", "In der Fertigung"), ("", "Verpackt"), ("", "Unterwegs zu Ihnen"),
        ("completed", "Geliefert"), ("invoiced", "Abgerechnet"),
    ]  # fmt: skip


def test_the_list_filters(api):
    first, second = make.make_order(), make.make_completed_order()
    assert [row["id"] for row in api.get("orders/").data["results"]] == [second.pk, first.pk]
    assert [row["id"] for row in api.get("orders/?state=completed").data["results"]] == [second.pk]
    assert [row["id"] for row in api.get(f"orders/?contact={first.customer_id}").data["results"]] == [first.pk]


def test_it_moves_step_by_step(api):
    order = make.make_order()
    answer = api.post(f"orders/{order.pk}/move/", {"to": "scheduled", "planned_on": "2027-01-26", "note": "Ab 8 Uhr"})
    assert (answer.status_code, answer.data["state"], answer.data["planned_on"]) == (200, "scheduled", "2027-01-26")
    assert api.post(f"orders/{order.pk}/move/", {"to": "completed", "tell": False}).data["state"] == "completed"
    assert api.post(f"orders/{order.pk}/move/", {"to": "started"}).status_code == 409


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"to": "scheduled"}, 409),
        ({"to": "invoiced"}, 400),
        ({"to": "withdrawn"}, 400),
        ({"to": "placed"}, 400),
        ({"to": ""}, 400),
        ({}, 400),
        ({"to": "scheduled", "planned_on": "9999-12-31"}, 400),
        ({"to": "started", "note": "x" * 301}, 400),
    ],
)
def test_no_other_step_is_taken(api, data, status):
    order = make.make_order()
    assert api.post(f"orders/{order.pk}/move/", data).status_code == status
    assert Order.objects.get().state == "placed"


def test_a_missing_date_is_named(api):
    order = make.make_order()
    assert api.post(f"orders/{order.pk}/move/", {"to": "scheduled"}).data["field"] == "planned_on"


def test_an_order_is_not_made_or_changed_by_hand(api):
    order = make.make_order()
    assert api.post("orders/", {}).status_code == 405
    assert api.patch(f"orders/{order.pk}/", {"gross": "1"}).status_code == 405
    assert api.delete(f"orders/{order.pk}/").status_code == 405


def test_its_confirmation_and_its_links(api):
    order = make.make_order()
    assert api.get(f"orders/{order.pk}/pdf/").status_code == 409  # the worker renders it
    assert [link["sent_to"] != "" for link in api.get(f"orders/{order.pk}/links/").data] == [True]


def test_on_site_there_are_orders_without_amounts(worker_api):
    order = make.make_order()
    data = worker_api.get(f"orders/{order.pk}/").data
    (row,) = worker_api.get("orders/").data["results"]
    assert (data["gross"], row["gross"], {line["unit_price"] for line in data["lines"]}) == (None, None, {None})
    assert str(order.gross) not in worker_api.get(f"orders/{order.pk}/").content.decode()
    for answer in (
        worker_api.post(f"orders/{order.pk}/move/", {"to": "started"}),
        worker_api.get(f"orders/{order.pk}/pdf/"),
        worker_api.get(f"orders/{order.pk}/links/"),
    ):
        assert answer.status_code == 403


def test_foreign_orders_are_unknown(api, foreign):
    theirs = foreign(make.make_order)
    for answer in (
        api.get(f"orders/{theirs.pk}/"),
        api.post(f"orders/{theirs.pk}/move/", {"to": "started"}),
        api.get(f"orders/{theirs.pk}/pdf/"),
        api.get(f"orders/{theirs.pk}/links/"),
    ):
        assert answer.status_code == 404
    assert Order.unscoped.get().state == "placed"

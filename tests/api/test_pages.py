"""Lists come page by page, at the same cost each."""

import base64
import json

import pytest

from tests import make


def walk(api, path):
    """All ids of a list, following `next`."""
    found = []
    while path:
        page = api.get(path.replace("http://127.0.0.1:8000", "")).data
        found += [row["id"] for row in page["results"]]
        path = page["next"]
    return found


def test_every_row_comes_once_in_order_even_with_one_name(api):
    customers = [make.make_customer("Müller" if n % 3 else "Abel") for n in range(11)]
    wanted = [customer.pk for customer in sorted(customers, key=lambda customer: (customer.name, customer.pk))]
    for limit in (1, 2, 5, 10, 11, 12):
        assert walk(api, f"/api/v1/contacts/?limit={limit}") == wanted


def test_newest_first_pages_too(api, owner):
    quotes = [make.make_quote(by=owner).pk for _ in range(5)]
    assert walk(api, "/api/v1/quotes/?limit=2") == quotes[::-1]


def test_filters_stay_on_the_next_page(api):
    for n in range(4):
        make.make_customer(tags=["vip"] if n != 1 else [])
    page = api.get("contacts/?tag=vip&limit=2").data
    assert "tag=vip" in page["next"]
    assert len(walk(api, "/api/v1/contacts/?tag=vip&limit=2")) == 3


def test_a_row_that_comes_meanwhile_moves_nothing(api):
    for name in ("B", "C", "D"):
        make.make_customer(name)
    page = api.get("contacts/?limit=2").data
    make.make_customer("A")
    rest = api.get(page["next"].replace("http://127.0.0.1:8000", "")).data
    assert [row["last_name"] for row in rest["results"]] == ["D"]


def test_addresses_of_pages_do_not_follow_a_forged_host(api, settings):
    settings.ALLOWED_HOSTS = ["*"]
    for _ in range(2):
        make.make_customer()
    assert api.get("contacts/?limit=1", Host="evil.example").data["next"].startswith("http://127.0.0.1:8000/api/v1/")


@pytest.mark.parametrize(("limit", "rows"), [("1000000000", 200), ("0", 1), ("", 50), ("x", 50), ("201", 200)])
def test_a_page_has_at_most_two_hundred_rows(api, limit, rows):
    from crm.models import Customer

    customers = [Customer(number=n, last_name="X", name="X") for n in range(1, 206)]
    Customer.objects.bulk_create(customers)
    assert len(api.get(f"contacts/?limit={limit}").data["results"]) == rows


def test_the_place_in_a_list_is_no_way_round_the_wall(api, foreign):
    theirs = foreign(make.make_customer, "Zorn")
    make.make_customer("Abel")
    cursor = base64.urlsafe_b64encode(json.dumps(["", theirs.pk]).encode()).decode()
    assert [row["last_name"] for row in api.get(f"contacts/?cursor={cursor}").data["results"]] == ["Abel"]


MAKERS = {
    "contacts/": lambda owner: make.make_customer(tags=["vip", "neu"], by=owner),
    "catalogue/": lambda owner: make.make_catalogue_item(),
    "quotes/": lambda owner: make.make_sent_quote(by=owner),
    "orders/": lambda owner: make.make_order(),
    "invoices/": lambda owner: make.make_open_invoice(by=owner),
}
# key and member, the rows; contacts also their tags
QUERIES = {"contacts/": 4, "catalogue/": 2, "quotes/": 2, "orders/": 2, "invoices/": 2}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("path", MAKERS)
def test_lists_cost_the_same_with_one_row_and_three(path, count, api, owner, django_assert_num_queries):
    for _ in range(count):
        MAKERS[path](owner)
    api.get(path)  # notes the use of the key
    with django_assert_num_queries(QUERIES[path]):
        assert len(api.get(path).data["results"]) == count

"""Contacts over the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.models import Customer, TimelineEntry
from tests import make

FULL = {
    "kind": "business", "company_name": "Café Morgenrot GmbH", "salutation": "ms", "first_name": "Ada",
    "last_name": "Morgenrot", "email": "post@morgenrot.example", "phone": "040 6696912", "mobile": "", "street": "Hof 1",
    "postcode": "22397", "city": "Hamburg", "country": "DE", "vat_id": "DE136695976", "registration_number": "HRB 1",
    "leitweg_id": "", "language": "en", "source": "referral", "follow_up_on": "2027-01-26", "tags": ["vip", "Küche"],
}  # fmt: skip


def test_it_creates(api, owner):
    answer = api.post("contacts/", FULL)
    assert answer.status_code == 201
    customer = Customer.objects.get()
    shown = {name: answer.data[name] for name in FULL}
    assert shown == FULL | {"tags": ["Küche", "vip"]}
    assert (answer.data["id"], answer.data["number"], answer.data["name"]) == (
        customer.pk,
        10001,
        "Café Morgenrot GmbH",
    )
    assert TimelineEntry.objects.get().by == owner


def test_it_shows_one_as_it_was_created(api):
    made = api.post("contacts/", FULL)
    assert api.get(f"contacts/{made.data['id']}/").data == made.data


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"last_name": "", "first_name": "", "company_name": ""}, "last_name"),
        ({"last_name": "  ", "first_name": "", "company_name": ""}, "last_name"),
        ({"kind": "alien"}, "kind"),
        ({"email": "kein"}, "email"),
        ({"email": "x" * 100_000 + "@b.de"}, "email"),
        ({"vat_id": "DE123456789"}, "vat_id"),
        ({"leitweg_id": "x"}, "leitweg_id"),
        ({"country": "Deutschland"}, "country"),
        ({"country": "de"}, "country"),
        ({"postcode": "%%"}, "postcode"),
        ({"language": "xx"}, "language"),
        ({"follow_up_on": "9999-12-31"}, "follow_up_on"),
        ({"follow_up_on": "gestern"}, "follow_up_on"),
        ({"tags": "vip"}, "tags"),
        ({"tags": ["x" * 41]}, "tags"),
        ({"tags": [{}]}, "tags"),
        ({"tags": ["x"] * 51}, "tags"),
        ({"phone": "1\x00"}, "phone"),
        ({"last_name": ["x"]}, "last_name"),
        ({"last_name": None}, "last_name"),
    ],
)
def test_what_is_wrong_is_named(api, changes, field):
    answer = api.post("contacts/", FULL | changes)
    assert (answer.status_code, set(answer.data["errors"])) == (400, {field})
    assert not Customer.objects.exists()


def test_what_is_not_asked_is_ignored(api, other):
    answer = api.post(
        "contacts/",
        {"last_name": "Brandt", "number": 5, "id": 77, "business": other.pk, "tenant": other.pk, "is_prospect": False,
         "archived_at": "2020-01-01T00:00:00Z", "search_text": "x", "feedback_notice_at": "2020-01-01T00:00:00Z"},
    )  # fmt: skip
    customer = Customer.objects.get()
    assert answer.status_code == 201
    assert (customer.number, customer.business_id != other.pk, customer.is_prospect) == (10001, True, True)
    assert (customer.archived_at, customer.feedback_notice_at) == (None, None)


def test_it_changes_what_is_named_and_nothing_else(api):
    customer = make.make_customer(tags=["vip"])
    answer = api.patch(f"contacts/{customer.pk}/", {"city": "Lübeck"})
    assert (answer.status_code, answer.data["city"], answer.data["tags"]) == (200, "Lübeck", ["vip"])
    assert answer.data["last_name"] == "Brandt"
    assert api.patch(f"contacts/{customer.pk}/", {"tags": []}).data["tags"] == []


def test_a_contact_keeps_a_name(api):
    customer = make.make_customer()
    answer = api.patch(f"contacts/{customer.pk}/", {"first_name": "", "last_name": ""})
    assert (answer.status_code, set(answer.data["errors"])) == (400, {"last_name"})
    assert api.patch(f"contacts/{customer.pk}/", {"first_name": ""}).status_code == 200


def test_it_archives_and_takes_back(api):
    customer = make.make_customer()
    assert api.post(f"contacts/{customer.pk}/archive/").data["archived_at"]
    assert api.get("contacts/").data["results"] == []
    assert [row["id"] for row in api.get("contacts/?archived=true").data["results"]] == [customer.pk]
    assert api.get(f"contacts/{customer.pk}/").status_code == 200
    assert api.post(f"contacts/{customer.pk}/unarchive/").data["archived_at"] is None
    assert len(api.get("contacts/").data["results"]) == 1


def test_filters(api):
    brandt = make.make_customer("Brandt", tags=["vip"])
    cafe = make.make_company(city="Lübeck")

    def ids(query):
        return [row["id"] for row in api.get(f"contacts/?{query}").data["results"]]

    assert ids("q=brandt") == [brandt.pk]
    assert ids("q=luebeck") == [cafe.pk]
    assert ids("kind=business") == [cafe.pk]
    assert ids("tag=vip") == [brandt.pk]
    assert ids("tag=vi") == []
    assert ids("kind=business&q=brandt") == []
    Customer.objects.filter(pk=brandt.pk).update(updated_at=timezone.now() - timedelta(days=2))
    since = (timezone.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert ids(f"updated_since={since}") == [cafe.pk]


def test_foreign_contacts_are_unknown(api, foreign):
    theirs = foreign(make.make_customer)
    for answer in (
        api.get(f"contacts/{theirs.pk}/"),
        api.patch(f"contacts/{theirs.pk}/", {"city": "X"}),
        api.post(f"contacts/{theirs.pk}/archive/"),
        api.post(f"contacts/{theirs.pk}/unarchive/"),
    ):
        assert answer.status_code == 404
    assert Customer.unscoped.get(pk=theirs.pk).city == "Hamburg"


def test_a_word_of_another_business_never_appears(api, foreign):
    foreign(make.make_customer, "Einzigwort", tags=["Einzigtag"])
    for query in ("", "?q=Einzigwort", "?tag=Einzigtag"):
        assert api.get(f"contacts/{query}").data["results"] == []


@pytest.mark.parametrize("who", ["worker_api", "adviser_api"])
def test_readers_read(who, request):
    api = request.getfixturevalue(who)
    customer = make.make_customer()
    assert api.get("contacts/").status_code == api.get(f"contacts/{customer.pk}/").status_code == 200
    for answer in (
        api.post("contacts/", FULL),
        api.patch(f"contacts/{customer.pk}/", {"city": "X"}),
        api.post(f"contacts/{customer.pk}/archive/"),
        api.post("contacts/999999/archive/"),
    ):
        assert (answer.status_code, answer.data) == (403, {"detail": "Dafür fehlt Ihnen das Recht."})
    assert Customer.objects.get().city == "Hamburg"

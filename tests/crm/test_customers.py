"""What can be done with a contact."""

import pytest

from accounts import current
from crm import customers
from crm.models import Customer, CustomerTag, Tag, TimelineEntry
from tests import make


def test_a_new_contact_gets_the_next_number_and_a_line(business, owner):
    first, second = make.make_customer(by=owner), make.make_customer("Noll")
    assert (first.number, second.number) == (10001, 10002)
    entry = TimelineEntry.objects.get(customer=first)
    assert (entry.event, entry.by, entry.facts) == ("crm.customer_created", owner, {"number": "10001"})


def test_each_business_counts_for_itself(business):
    make.make_customer()
    with current.working_for(make.make_business("Glaserei Noll")):
        assert make.make_customer().number == 10001


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"first_name": "Sabine", "last_name": "Brandt"}, "Sabine Brandt"),
        ({"company_name": "Café Morgenrot", "first_name": "Ada", "last_name": "M."}, "Café Morgenrot"),
        ({"last_name": "Brandt"}, "Brandt"),
    ],
)
def test_a_contact_is_called_by_company_or_name(business, fields, name):
    assert customers.create(**fields).name == name


@pytest.mark.parametrize(
    "search",
    ["mueller", "Müller", "jörg müller", "käse", "kaese", "10001", "0171/39200-11", "+49 171 3920011", "22397 mueller"],
)
def test_a_contact_is_found_however_it_is_spelled(business, search):
    found = make.make_customer("Müller", first_name="Jörg", company_name="Käse-Müller", mobile="0171 3920011")
    make.make_customer("Brandt", mobile="040 1", postcode="10115")
    assert Customer.objects.matching(search).get() == found


def test_a_change_is_told_once_and_names_the_fields(business, owner):
    customer = make.make_customer()
    customers.change(customer, by=owner, phone="040 123", city="Bremen", street=customer.street)
    customers.change(customer, by=owner, phone="040 123")
    told = TimelineEntry.objects.filter(event="crm.customer_changed")
    assert [entry.facts for entry in told] == [{"fields": "city, phone"}]
    assert Customer.objects.matching("bremen").get() == customer


def test_tags_are_exactly_the_given_ones(business):
    customer, other = make.make_customer(tags=["Flur", " Salbei "]), make.make_customer(tags=["Flur"])
    customers.set_tags(customer, ["Flur", "Eiche", "Eiche", "  "])
    assert sorted(str(tag) for tag in customer.customer_tags.all()) == ["Eiche", "Flur"]
    assert [str(tag) for tag in other.customer_tags.all()] == ["Flur"]
    assert Tag.objects.filter(name="Flur").count() == 1


def test_tags_stay_within_their_business(business):
    make.make_customer(tags=["Flur"])
    with current.working_for(make.make_business()):
        make.make_customer(tags=["Flur"])
        assert Tag.objects.count() == CustomerTag.objects.count() == 1


def test_an_archived_contact_is_out_of_the_lists_and_comes_back(business):
    customer = make.make_customer()
    customers.archive(customer)
    assert not Customer.objects.active().exists()
    customers.unarchive(customer)
    assert Customer.objects.active().get() == customer


def test_the_notice_of_feedback_keeps_its_first_time(business):
    customer = make.make_customer()
    customers.give_feedback_notice(customer, True)
    customer.refresh_from_db()
    first = customer.feedback_notice_at
    customers.give_feedback_notice(customer, True)
    customer.refresh_from_db()
    assert customer.feedback_notice_at == first is not None
    customers.give_feedback_notice(customer, False)
    customer.refresh_from_db()
    assert customer.feedback_notice_at is None

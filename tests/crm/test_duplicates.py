"""Who is there twice: what counts as alike, who is found while typing, and a search over the whole book."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import customers, duplicate_searches, duplicates
from crm.duplicates import Reason, Traits, compare
from crm.models import ContactPerson, DuplicatePair, DuplicateSearch
from tests import make

MUELLER = Traits(
    1, first_name="Sabine", last_name="Müller", email="sabine@mueller.example", mobile="0171/23 45 678",
    street="Rotdornstraße 8", postcode="22397", city="Hamburg",
)  # fmt: skip


@pytest.mark.parametrize(
    ("other", "reasons"),
    [
        ({"first_name": "Sabine", "last_name": "Mueller"}, [Reason.NAME]),
        ({"first_name": "Müller", "last_name": "Sabine"}, [Reason.NAME]),  # typed the wrong way round
        ({"first_name": "Sabine", "last_name": "Mülelr"}, [Reason.SIMILAR]),
        ({"first_name": "S.", "last_name": "Müller"}, [Reason.SIMILAR]),
        ({"first_name": "Jörg", "last_name": "Müller"}, [Reason.LAST_NAME]),
        ({"phone": "+49 171 2345678"}, [Reason.PHONE]),
        ({"email": "Sabine@Mueller.example"}, [Reason.EMAIL]),
        ({"last_name": "Brandt", "street": "Rotdornstr. 8", "postcode": "22397"}, [Reason.ADDRESS]),
        ({"last_name": "Brandt", "street": "Rotdornstr. 8", "postcode": "80331"}, []),
        ({"first_name": "Sabine", "last_name": "Brandt", "city": "Hamburg"}, []),
    ],
)
def test_what_two_have_in_common(other, reasons):
    assert list(compare(MUELLER, Traits(2, **other)).reasons) == reasons


def test_firms_are_compared_without_their_legal_form():
    firm = Traits(1, company_name="Tischlerei Haselbach GmbH & Co. KG")
    assert compare(firm, Traits(2, company_name="Haselbach Tischlerei")).reasons == (Reason.NAME,)
    assert compare(firm, Traits(2, company_name="Tischlerei Hasselbach GmbH")).reasons == (Reason.SIMILAR,)
    assert compare(firm, Traits(2, company_name="Tischlerei Brandt GmbH")).reasons == ()
    # one owner of two firms
    owner = {"first_name": "Jana", "last_name": "Haselbach"}
    assert compare(Traits(1, "Werkstatt", **owner), Traits(2, "Laden", **owner)).reasons == ()


def test_the_same_name_in_another_town_weighs_less():
    here, there = (Traits(2, first_name="Sabine", last_name="Müller", postcode=code) for code in ("22397", "80331"))
    assert compare(MUELLER, here).score > duplicates.SURE > compare(MUELLER, there).score


@pytest.mark.parametrize(
    "typed",
    [
        {"first_name": "Sabine", "last_name": "Brandt"},
        {"first_name": "Sabine", "last_name": "Brnadt"},
        {"first_name": "Sabien", "last_name": "Brandt"},
        {"email": "SABINE@brandt.example"},
        {"phone": "+49 171 / 39 20 011"},
        {"last_name": "Brandt", "street": "rotdornweg 8", "postcode": "22397"},
        {"email": "buero@brandt.example"},  # somebody there has it
        {"phone": "040-777 888"},
    ],
    ids=lambda typed: " ".join(typed.values()),
)
def test_who_is_there_is_found_while_typing(business, typed):
    there = make.make_customer(email="sabine@brandt.example")
    ContactPerson.objects.create(customer=there, name="Büro", email="buero@brandt.example", phone="040 777888")
    make.make_customer("Sommer", first_name="Ida", mobile="", street="Am Deich 3")
    assert [double.customer for double in duplicates.likely(duplicates.traits_of(typed))] == [there]


def test_the_most_alike_come_first_and_others_not_at_all(business):
    exact = make.make_customer(email="sabine@brandt.example")
    similar = make.make_customer("Brand", mobile="", street="", postcode="")
    other = make.make_customer("Brandt", first_name="Sabine", mobile="", street="", postcode="")
    typed = {"first_name": "Sabine", "last_name": "Brandt", "email": "sabine@brandt.example"}
    found = duplicates.likely(duplicates.traits_of(typed), but=[other.pk])
    assert [double.customer for double in found] == [exact, similar]
    assert found[0].reasons == ["gleiche E-Mail-Adresse", "gleicher Name"]


def test_it_costs_the_same_in_any_book(business):
    typed = duplicates.traits_of(
        {"first_name": "Sabine", "last_name": "Brandt", "email": "a@b.example", "phone": "0171 3920011",
         "street": "Rotdornweg 8", "postcode": "22397"}
    )  # fmt: skip
    costs = []
    for _times in range(3):
        make.make_customer()
        with CaptureQueriesContext(connection) as queries:
            duplicates.likely(typed)
        costs.append(len(queries))
    assert costs == [costs[0]] * 3
    assert costs[0] <= 20  # four of them ask the index alone, which takes a savepoint and a word on PostgreSQL


def test_a_search_over_the_book_finds_pairs_once_and_remembers_what_was_said(business, owner):
    first = make.make_customer(email="sabine@brandt.example")
    second = make.make_customer("Brnadt", email="sabine@brandt.example", mobile="")
    third = make.make_customer("Brandd", mobile="", email="")  # a letter away, in the same street
    make.make_customer("Sommer", first_name="Ida", mobile="", street="Am Deich 3")
    put_away = make.make_customer(email="sabine@brandt.example")
    customers.archive(put_away)

    search = duplicate_searches.start(by=owner)
    assert duplicate_searches.start(by=owner) == search  # one at a time
    duplicate_searches.run(search.pk)

    search.refresh_from_db()
    assert (search.state, search.done, search.total) == ("done", 4, 4)
    pairs = {(pair.first, pair.second) for pair in duplicate_searches.open_pairs()}
    assert pairs >= {(first, second), (first, third)} and len(pairs) == search.found

    wrong = DuplicatePair.objects.get(first=first, second=second)
    duplicate_searches.dismiss(wrong, by=owner)
    duplicate_searches.run(duplicate_searches.start(by=owner).pk)
    assert {(pair.first, pair.second) for pair in duplicate_searches.open_pairs()} == pairs - {(first, second)}
    assert duplicates.others_than(first) == {second.pk}
    duplicate_searches.restore(wrong)
    assert {(pair.first, pair.second) for pair in duplicate_searches.open_pairs()} == pairs


def test_a_search_whose_wake_up_was_lost_is_found_and_done_once(business, owner):
    search = duplicate_searches.start(by=owner)
    assert duplicate_searches.waiting() == []
    with make.days_ago(-1):
        assert duplicate_searches.waiting() == [search.pk]
        duplicate_searches.run(search.pk)
        duplicate_searches.run(search.pk)
    assert DuplicateSearch.objects.get().state == "done"

"""Contacts that are there twice, on the page: the question before one is made, the list of pairs, merging and undoing."""

import pytest
from django.urls import reverse

from crm import duplicate_searches, merging
from crm.models import ContactMerge, Customer, DuplicatePair, DuplicateSearch
from tests import make
from tests.crm.views.test_customer_edit import FIELDS, NONE


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


def text(answer):
    return answer.content.decode()


def test_who_is_there_already_is_asked_about_once(office):
    there = make.make_customer()
    answer = office.post(reverse("crm:customer_create"), FIELDS)
    page = text(answer)
    assert answer.status_code == 200 and Customer.objects.count() == 1
    assert "Diesen Kontakt gibt es vielleicht schon" in page and there.get_absolute_url() in page
    assert "gleicher Name" in page and 'value="Sabine"' in page and "Trotzdem anlegen" in page

    office.post(reverse("crm:customer_create"), FIELDS | {"trotzdem": "1"})
    new = Customer.objects.order_by("-pk").first()
    assert Customer.objects.count() == 2
    # that they are two is remembered: editing the new one does not ask again
    assert DuplicatePair.objects.get().dismissed_at is not None
    answer = office.post(reverse("crm:customer_edit", args=[new.pk]), FIELDS | NONE | {"first_name": "Sabina"})
    assert answer.status_code == 302


def test_changing_what_is_not_known_by_does_not_ask(office):
    customer = make.make_customer(email="sabine@brandt.example")
    make.make_customer()
    said = FIELDS | NONE | {"mobile": customer.mobile, "street": customer.street, "salutation": "ms"}
    url = reverse("crm:customer_edit", args=[customer.pk])
    assert office.post(url, said | {"source": "fair"}).status_code == 302
    answer = office.post(url, said | {"last_name": "Brand"})
    assert answer.status_code == 200 and "Trotzdem speichern" in text(answer)
    assert office.post(url, said | {"last_name": "Brand", "trotzdem": "1"}).status_code == 302


def test_the_panel_comes_while_typing(office):
    there = make.make_customer()
    url = reverse("crm:duplicate_check")
    assert there.get_absolute_url() in text(office.post(url, {"first_name": "sabine", "last_name": "brnadt"}))
    assert text(office.post(url, {"first_name": "Ida", "last_name": "Sommer"})).strip() == ""
    # a contact is no double of itself
    assert text(office.post(url, {"pk": there.pk, "first_name": "Sabine", "last_name": "Brandt"})).strip() == ""
    assert text(office.post(url, {"last_name": "\x00" * 9 + "a" * 99_999})).strip() == ""


def test_the_list_shows_pairs_and_remembers_what_is_none(office, owner):
    url = reverse("crm:duplicate_list")
    assert "Alle Kontakte durchsuchen" in text(office.get(url))
    first, second = make.make_customer(email="a@b.example"), make.make_customer(email="a@b.example")
    office.post(reverse("crm:duplicate_search"))
    assert "Alle Kontakte werden verglichen: 0 %." in text(office.get(url))
    duplicate_searches.run(DuplicateSearch.objects.get().pk)
    page = text(office.get(url))
    assert reverse("crm:customer_merge", args=[first.pk, second.pk]) in page and "gleiche E-Mail-Adresse" in page
    pair = DuplicatePair.objects.get()
    office.post(reverse("crm:duplicate_dismiss", args=[pair.pk]))
    assert "Kein Kontakt ist doppelt." in text(office.get(url))
    office.post(reverse("crm:duplicate_restore", args=[pair.pk]))
    assert "gleiche E-Mail-Adresse" in text(office.get(url))


def test_the_list_costs_the_same_for_any_number(office):
    rows = [make.make_customer() for _n in range(4)]

    def pair(one, other):
        DuplicatePair.objects.create(first=one, second=other, score=80, reasons=["email"])

    url = reverse("crm:duplicate_list")
    pair(rows[0], rows[1])
    cost = make.count_queries(office, url)
    pair(rows[0], rows[2])
    pair(rows[2], rows[3])
    assert make.count_queries(office, url) == cost <= 8


def test_two_become_one_on_the_page_and_two_again(office):
    keeper = make.make_customer(phone="")
    other = make.make_customer("Brand", phone="040 777", street="Am Deich 3")
    url = reverse("crm:customer_merge", args=[keeper.pk, other.pk])
    assert url in text(office.get(reverse("crm:merge_choose", args=[keeper.pk]), {"q": "brand deich"}))
    page = text(office.get(url))
    assert "Was bleibt?" in page and "1 Eintrag" in page
    assert 'name="phone" value="other" checked' in page and 'name="address" value="mine" checked' in page

    answer = office.post(url, {"phone": "other", "address": "other", "keep_others": "on"}, follow=True)
    keeper.refresh_from_db()
    assert answer.redirect_chain[-1][0] == keeper.get_absolute_url()
    assert (keeper.phone, keeper.street) == ("040 777", "Am Deich 3")
    assert "Mit einem anderen Kontakt zusammengeführt" in text(answer) and "Wieder trennen" in text(answer)
    # old addresses lead to the one that stays
    for name in ("customer_detail", "customer_edit"):
        assert office.get(reverse(f"crm:{name}", args=[other.pk])).url == reverse(f"crm:{name}", args=[keeper.pk])
    assert office.post(reverse("crm:customer_unarchive", args=[other.pk])).status_code == 409
    assert office.get(url).url == reverse("crm:merge_choose", args=[keeper.pk])

    undo = reverse("crm:merge_undo", args=[ContactMerge.objects.get().pk])
    assert "wird wieder ein eigener Kontakt" in text(office.get(undo))
    assert office.post(undo).url == other.get_absolute_url()
    assert Customer.objects.active().count() == 2
    assert "schon wieder getrennt" in text(office.get(undo))
    assert office.post(undo).status_code == 409


def test_a_merge_that_cannot_be_is_said_on_the_page(office, owner):
    keeper, other = make.make_customer(), make.make_customer("Brand")
    Customer.objects.filter(pk=keeper.pk).update(archived_at=keeper.created_at)
    answer = office.post(reverse("crm:customer_merge", args=[keeper.pk, other.pk]))
    assert answer.status_code == 409 and "ist archiviert. Bitte holen Sie den Kontakt zurück" in text(answer)
    assert ContactMerge.objects.count() == 0


def test_a_customers_link_leads_on_after_a_merge(owner):
    quote = make.make_sent_quote(make.make_customer("Brand"))
    browser = make.let_in(make.link_to(quote))
    merging.merge(make.make_customer(), quote.customer, by=owner)
    quote.refresh_from_db()
    assert quote.customer.last_name == "Brandt"
    assert browser.get(f"/k/{make.link_to(quote).public_id}/angebot/").status_code == 200


def test_what_lives_on_in_another_is_in_no_list(office, owner):
    keeper, old = make.make_customer(), make.make_customer("Absorbiert")
    merging.merge(keeper, old, by=owner)
    pages = [
        text(office.get(url, query))
        for url, query in (
            (reverse("crm:customer_list"), {}), (reverse("crm:customer_list"), {"art": "archiv"}),
            (reverse("crm:merge_choose", args=[keeper.pk]), {"q": "absorbiert"}),
        )
    ]  # fmt: skip
    assert ["Sabine Absorbiert" in page for page in pages] == [False] * 3

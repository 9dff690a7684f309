"""Requests for work in the office: the list, one of them, and the next step."""

import pytest
from django.urls import reverse

from accounts.rights import Role
from crm import work_requests
from crm.models import Customer, WorkRequest
from tests import make

LIST = reverse("crm:work_request_list")


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


def act(browser, asked, verb, **data):
    return browser.post(reverse(f"crm:work_request_{verb}", args=[asked.pk]), data)


def page_of(browser, asked, **query):
    return browser.get(reverse("crm:work_request_detail", args=[asked.pk]), query).content.decode()


def test_empty_lists_say_what_will_be_here(office):
    for state, words in (("new", "Keine Anfrage wartet"), ("answered", "Noch keine"), ("dismissed", "90 Tage")):
        assert words in office.get(LIST, {"stand": state}).content.decode()


def test_the_list_shows_new_ones_and_each_state_by_itself(office, owner):
    asked, answered = make.make_work_request(text="Haustür"), make.make_work_request(text="Gartentor")
    work_requests.answer(answered, by=owner)
    assert list(office.get(LIST, {"stand": "quatsch"}).context["work_requests"]) == [asked]
    assert list(office.get(LIST, {"stand": "answered"}).context["work_requests"]) == [answered]


def test_pages_follow_each_other(office, monkeypatch):
    monkeypatch.setattr("crm.views.work_requests.PAGE", 2)
    rows = [make.make_work_request(text=f"Tür {n}") for n in range(3)]
    first = office.get(LIST)
    assert first.context["work_requests"] == [rows[2], rows[1]]
    assert office.get(LIST, {"vor": first.context["older_than"]}).context["work_requests"] == [rows[0]]


def test_list_and_page_cost_the_same_for_one_and_for_three(office):
    def costs(count):
        asked = make.make_work_request(text=f"{count}", photos=[make.upload() for _ in range(count)])
        for n in range(count):
            make.make_work_request(make.make_customer(), text=f"{count} {n}")
        page = reverse("crm:work_request_detail", args=[asked.pk])
        contact = WorkRequest.objects.exclude(customer=None).first().customer.get_absolute_url()
        return [make.count_queries(office, url) for url in (LIST, page, reverse("today"), contact)]

    assert costs(1) == costs(3)


def test_heute_and_the_menu_count_what_waits(office, owner):
    asked = make.make_work_request()
    page = office.get(reverse("today"))
    assert page.context["nav_counts"]["requests"] == 1 and page.context["nav_counts"]["today"] == 1
    assert reverse("crm:work_request_detail", args=[asked.pk]) in page.content.decode()
    work_requests.answer(asked, by=owner)
    assert "Neue Anfragen" not in office.get(reverse("today")).content.decode()


def test_words_of_strangers_are_shown_as_words(office):
    page = page_of(office, make.make_work_request(text="<script>alert(1)</script>", name="<b>Mara</b>"))
    assert "<script>alert" not in page and "<b>Mara" not in page and "&lt;script&gt;" in page


def test_a_contact_that_is_there_is_offered_and_takes_it(office):
    customer = make.make_customer(email="mara@engel.example")
    asked = make.make_work_request()
    assert f'value="{customer.pk}"' in page_of(office, asked)
    assert act(office, asked, "assign", kunde=customer.pk).status_code == 302
    page = page_of(office, asked)
    assert customer.get_absolute_url() in page and "Wer ist das?" not in page
    contact = office.get(customer.get_absolute_url()).content.decode()
    assert reverse("crm:work_request_detail", args=[asked.pk]) in contact and "über die Website" in contact
    assert act(office, asked, "contact").status_code == 409
    assert Customer.objects.count() == 1


@pytest.mark.parametrize("chosen", ["", "x", "987654321"])
def test_an_unknown_contact_takes_nothing(office, chosen):
    asked = make.make_work_request()
    assert act(office, asked, "assign", kunde=chosen).status_code == 404


def test_any_contact_can_be_searched_for(office):
    customer = make.make_customer("Petersen")
    asked = make.make_work_request()
    assert f'value="{customer.pk}"' not in page_of(office, asked)
    assert f'value="{customer.pk}"' in page_of(office, asked, q="peters")
    assert "Kein Treffer." in page_of(office, asked, q="gibt es nicht")


def test_a_quote_begins_with_whoever_asked(office):
    asked = make.make_work_request()
    act(office, asked, "contact")
    customer = Customer.objects.get()
    answer = act(office, asked, "answer", angebot="1")
    assert answer.url == f"{reverse('billing:quote_create')}?kunde={customer.pk}"
    assert office.get(answer.url).context["customer"] == customer
    assert WorkRequest.objects.get().state == "answered"


def test_dismissing_offers_the_way_back(office):
    asked = make.make_work_request()
    assert act(office, asked, "dismiss").url == LIST
    assert reverse("crm:work_request_reopen", args=[asked.pk]) in office.get(LIST).content.decode()
    act(office, asked, "reopen")
    assert WorkRequest.objects.get().state == "new"


def test_who_only_reads_has_no_buttons(business):
    page = page_of(make.signed_in_as(Role.FIELD_WORKER), make.make_work_request())
    assert "Eine neue Haustür" in page and "Verwerfen" not in page and "Neuen Kontakt anlegen" not in page


def test_a_photo_is_handed_out_without_anything_to_run(office):
    photo = make.make_work_request(photos=[make.upload()]).photos.get()
    answer = office.get(reverse("crm:work_request_photo", args=[photo.pk]))
    assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    answer.close()

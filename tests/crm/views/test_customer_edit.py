"""Master data of a contact, written and changed."""

import pytest
from django.urls import reverse

from crm.models import ContactPerson, Customer, Site, TimelineEntry
from tests import make

FIELDS = {
    "kind": "consumer", "first_name": "Sabine", "last_name": "Brandt", "email": "sabine@brandt.example",
    "postcode": "22397", "city": "Hamburg", "country": "de", "language": "de", "tags": "Flur, Salbei",
}  # fmt: skip
NONE = {
    f"{prefix}-{name}": value
    for prefix in ("persons", "sites")
    for name, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))
}


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


def test_a_contact_is_written_down(office, owner):
    response = office.post(reverse("crm:customer_create"), FIELDS | {"has_feedback_notice": "on"})
    customer = Customer.objects.get()
    assert response.url == customer.get_absolute_url()
    assert (customer.name, customer.country, customer.number) == ("Sabine Brandt", "DE", 10001)
    assert customer.feedback_notice_at is not None
    assert sorted(str(tag) for tag in customer.customer_tags.all()) == ["Flur", "Salbei"]
    assert TimelineEntry.objects.get().by == owner


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"first_name": "", "last_name": ""}, "last_name", "Bitte tragen Sie den Namen ein."),
        (
            {"kind": "business", "first_name": "", "last_name": ""},
            "company_name",
            "Bitte tragen Sie den Namen der Firma ein.",
        ),
        ({"email": "sabine.example"}, "email", "In der E-Mail-Adresse fehlt das @-Zeichen."),
        ({"email": "sabine@x"}, "email", "Bitte prüfen Sie die E-Mail-Adresse, zum Beispiel name@beispiel.de."),
        ({"country": "Deutschland"}, "country", None),
        ({"country": "1x"}, "country", "Bitte geben Sie das Land als Kürzel an, zum Beispiel DE oder AT."),
        (
            {"vat_id": "DE123"},
            "vat_id",
            "Diese USt-IdNr. stimmt nicht. Sie beginnt mit dem Länderkürzel, zum Beispiel DE136695976.",
        ),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_kept(office, change, field, sentence):
    response = office.post(reverse("crm:customer_create"), FIELDS | change)
    assert response.status_code == 422
    page = response.content.decode()
    if sentence:
        assert response.context["form"].errors[field] == [sentence]
        assert page.count(sentence) == 2  # in the summary and at the field
    assert "Fehler: " in page and 'value="Hamburg"' in page
    assert not Customer.objects.exists()


def test_a_contact_is_changed_and_the_change_is_told(office):
    customer = make.make_customer(**{"email": "alt@brandt.example"})
    response = office.post(reverse("crm:customer_edit", args=[customer.pk]), FIELDS | NONE | {"mobile": "0171 3920011"})
    assert response.status_code == 302
    customer.refresh_from_db()
    assert customer.email == "sabine@brandt.example"
    told = TimelineEntry.objects.get(event="crm.customer_changed")
    assert set(told.facts["fields"].split(", ")) == {"email", "salutation", "street"}


def test_persons_and_sites_come_and_go(office):
    customer = make.make_company()
    old = ContactPerson.objects.create(customer=customer, name="Alt")
    data = FIELDS | {
        "persons-TOTAL_FORMS": 2, "persons-INITIAL_FORMS": 1, "persons-0-id": old.pk, "persons-0-name": "Alt",
        "persons-0-DELETE": "on", "persons-1-name": "Ada", "persons-1-role": "Leitung",
        "sites-TOTAL_FORMS": 1, "sites-INITIAL_FORMS": 0, "sites-0-label": "Lager", "sites-0-street": "Kai 1",
        "sites-0-postcode": "20457", "sites-0-city": "Hamburg",
    }  # fmt: skip
    assert office.post(reverse("crm:customer_edit", args=[customer.pk]), data).status_code == 302
    assert [person.name for person in ContactPerson.objects.all()] == ["Ada"]
    assert str(Site.objects.get()) == "Lager, Kai 1, 20457 Hamburg"


def test_a_row_of_another_business_cannot_be_taken_over(office):
    from accounts import current

    with current.working_for(make.make_business("Andere")):
        foreign = ContactPerson.objects.create(customer=make.make_customer(), name="Fremd")
    customer = make.make_customer()
    data = FIELDS | NONE | {
        "persons-TOTAL_FORMS": 1, "persons-INITIAL_FORMS": 1, "persons-0-id": foreign.pk, "persons-0-name": "Meins",
    }  # fmt: skip
    office.post(reverse("crm:customer_edit", args=[customer.pk]), data)
    foreign.refresh_from_db()
    assert foreign.name == "Fremd"


def test_an_incomplete_site_is_said(office):
    customer = make.make_customer()
    data = FIELDS | NONE | {"sites-TOTAL_FORMS": 1, "sites-0-label": "Lager"}
    response = office.post(reverse("crm:customer_edit", args=[customer.pk]), data)
    assert response.status_code == 422
    assert "Bitte füllen Sie „Ort“ aus." in response.content.decode()


def test_archiving_offers_the_way_back(office):
    customer = make.make_customer()
    response = office.post(reverse("crm:customer_archive", args=[customer.pk]), follow=True)
    page = response.content.decode()
    assert "„Sabine Brandt“ ist archiviert." in page and reverse("crm:customer_unarchive", args=[customer.pk]) in page
    office.post(reverse("crm:customer_unarchive", args=[customer.pk]))
    customer.refresh_from_db()
    assert customer.archived_at is None
    assert "ist archiviert" not in office.get(reverse("crm:customer_list")).content.decode()


def test_a_follow_up_is_dealt_with(office):
    customer = make.make_customer(follow_up_on="2026-11-23")
    assert office.post(reverse("crm:customer_followed_up", args=[customer.pk])).url == "/"
    customer.refresh_from_db()
    assert customer.follow_up_on is None


def with_sites(customer, *sites):
    data = FIELDS | NONE | {"sites-TOTAL_FORMS": len(sites), "sites-INITIAL_FORMS": sum("id" in site for site in sites)}
    for n, site in enumerate(sites):
        place = {"label": "Haus", "street": f"Weg {n}", "postcode": "20095", "city": "Hamburg", **site}
        data |= {f"sites-{n}-{name}": value for name, value in place.items()}
    return reverse("crm:customer_edit", args=[customer.pk]), data


def test_there_is_one_address_for_invoices_and_two_may_swap_what_they_are_for(office):
    customer = make.make_customer(mobile="", street="")
    url, data = with_sites(customer, {"kind": "billing"}, {"kind": "billing"})
    answer = office.post(url, data)
    assert answer.status_code == 422 and "Es gibt schon eine: Rechnungsadresse." in answer.content.decode()
    url, data = with_sites(customer, {"kind": "billing"}, {"kind": "delivery", "addressee": "Werkstatt"})
    assert office.post(url, data).status_code == 302
    first, second = Site.objects.order_by("pk")
    url, data = with_sites(customer, {"id": first.pk, "kind": "delivery"}, {"id": second.pk, "kind": "billing"})
    assert office.post(url, data).status_code == 302
    assert [site.kind for site in Site.objects.order_by("pk")] == ["delivery", "billing"]


def test_a_place_that_a_quote_names_stays(office):
    customer = make.make_customer(mobile="", street="")
    site = Site.objects.create(customer=customer, label="Lager", street="Kai 1", postcode="20457", city="Hamburg")
    make.make_quote(customer, site=site)
    url, data = with_sites(customer, {"id": site.pk, "label": "Lager", "DELETE": "on"})
    answer = office.post(url, data)
    assert answer.status_code == 409 and "„Lager“ steht in Angeboten oder Aufträgen" in answer.content.decode()
    assert Site.objects.filter(pk=site.pk).exists()


def test_who_gets_invoices_needs_an_address(office):
    customer = make.make_customer(mobile="", street="")
    data = FIELDS | NONE | {"persons-TOTAL_FORMS": 1, "persons-0-name": "Petra", "persons-0-gets_invoices": "on"}
    answer = office.post(reverse("crm:customer_edit", args=[customer.pk]), data)
    assert answer.status_code == 422 and "Bitte tragen Sie ein, wohin wir Rechnungen senden." in answer.content.decode()


def test_how_somebody_wants_to_be_reached_stands_at_the_head(office):
    customer = make.make_customer(mobile="", street="")
    data = FIELDS | NONE | {"contact_by": "phone", "contact_note": "ab 17 Uhr", "language": "en"}
    page = office.post(reverse("crm:customer_edit", args=[customer.pk]), data, follow=True).content.decode()
    head = page.split("</header>")[0] + page.split("<h1>")[1].split("</header>")[0]
    assert "Am liebsten am Telefon: ab 17 Uhr" in head and "English" in head

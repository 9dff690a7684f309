"""A note on site: for the right contact, sent once, never lost (ux.md 5.3, P74, P75)."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.rights import Role
from crm import customers, merging
from crm.models import Note
from tests import make
from tests.crm.test_attachments import HEIC

NOTE, PICK = reverse("crm:site_note"), reverse("crm:site_customer")
JSON = {"Accept": "application/json"}


@pytest.fixture
def emre(business):
    return make.make_member(Role.FIELD_WORKER, name="Emre")


@pytest.fixture
def phone(emre):
    return make.signed_in(emre)


def send(phone, whom, headers=None, **data):
    return phone.post(NOTE, {"customer": whom.pk, "client_id": uuid.uuid4(), **data}, headers=headers or {})


def test_the_appointment_now_fills_the_contact(phone, emre):
    opened = make.make_customer("Noll")
    phone.get(opened.get_absolute_url())
    customer = make.make_customer()
    make.make_appointment(customer, "Aufmaß Flur", starts_at=timezone.now() - timedelta(minutes=20), assignee=emre)
    response = phone.get(NOTE)
    assert response.context["customer"] == customer
    assert "Aufmaß Flur, Termin jetzt" in response.content.decode()


def test_else_the_contact_opened_last(phone):
    first, last = make.make_customer("Noll"), make.make_customer()
    for customer in (first, last):
        phone.get(customer.get_absolute_url())
    assert phone.get(NOTE).context["customer"] == last
    customers.archive(last)
    assert phone.get(NOTE).url == PICK


def test_else_somebody_is_chosen(phone):
    customer = make.make_customer("Brandt")
    make.make_customer("Noll")
    assert phone.get(NOTE).url == PICK
    assert [each.pk for each in phone.get(PICK, {"q": "brandt"}).context["customers"]] == [customer.pk]
    assert phone.get(NOTE, {"kunde": customer.pk}).context["customer"] == customer


def test_the_opened_contact_of_another_business_is_not_taken(phone):
    from accounts import current

    with current.working_for(make.make_business("Andere")):
        foreign = make.make_customer()
    phone.cookies["last_customer"] = str(foreign.pk)
    assert phone.get(NOTE).url == PICK
    assert phone.get(NOTE, {"kunde": foreign.pk}).status_code == 404
    assert send(phone, foreign, text="x").status_code == 422


def test_it_works_as_a_plain_form(phone, emre):
    customer = make.make_customer()
    response = send(phone, customer, text="Flur", files=[make.upload(), make.upload(HEIC, "a.heic")], is_shared="on")
    assert response.url == customer.get_absolute_url()
    note = Note.objects.get()
    assert (note.text, note.by, note.is_from_site, note.attachments.shared().count()) == ("Flur", emre, True, 2)
    page = phone.get(response.url).content.decode()
    assert "Gesichert: Notiz zu Sabine Brandt." in page and "Notiz vor Ort" in page


def test_the_script_gets_json(phone):
    customer = make.make_customer()
    response = send(phone, customer, JSON, text="Flur")
    assert (response.status_code, response.json()) == (201, {"url": customer.get_absolute_url()})


def test_a_retry_after_a_lost_answer_makes_no_second_note(phone):
    customer, key = make.make_customer(), uuid.uuid4()
    for _ in range(3):
        assert send(phone, customer, JSON, text="Flur", client_id=key).status_code == 201
    assert Note.objects.count() == 1
    answer = send(phone, customer, JSON, text="Küche", client_id=key)
    assert answer.status_code == 409 and "als neue Notiz" in answer.json()["errors"][0]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"text": ""}, "Bitte schreiben Sie etwas oder fügen Sie ein Foto hinzu."),
        ({"text": "x", "customer": ""}, "Bitte wählen Sie, zu wem die Notiz gehört."),
        ({"text": "x", "files": [make.upload(b"<svg/>", "a.svg")]}, "Wir können JPG, PNG, HEIC und PDF annehmen."),
    ],
)
def test_what_is_wrong_is_said_both_ways(phone, data, sentence):
    customer = make.make_customer()
    assert send(phone, customer, JSON, **data).json() == {"errors": [sentence]}
    for upload in data.get("files", []):
        upload.seek(0)
    plain = send(phone, customer, **data)
    assert plain.status_code == 422 and sentence in plain.content.decode()
    assert not Note.objects.exists()


def test_after_signing_out_the_script_can_tell(phone, client):
    response = send(client, make.make_customer(), JSON, text="Flur")
    assert response.status_code == 302  # fetch sees "opaqueredirect" and keeps the note


def test_who_was_removed_is_refused_and_nothing_is_kept(phone, emre):
    customer = make.make_customer()
    emre.is_active = False
    emre.save()
    assert send(phone, customer, JSON, text="Flur").status_code in (302, 403)
    assert not Note.objects.exists()


def test_vor_ort_shows_the_own_day_one_tap_from_a_note(phone, emre):
    mine = make.make_appointment(title="Montage", starts_at=timezone.now(), assignee=emre)
    make.make_appointment(title="Fremd", starts_at=timezone.now(), assignee=make.make_member())
    response = phone.get(reverse("crm:on_site"))
    assert list(response.context["appointments"]) == [mine]
    assert f"{NOTE}?kunde={mine.customer_id}" in response.content.decode()


def test_a_note_that_waited_reaches_the_contact_the_old_one_lives_on_in(phone, owner):
    old, keeper = make.make_customer("Brand"), make.make_customer()
    merging.merge(keeper, old, by=owner)
    send(phone, old, text="Tür links")
    assert keeper.notes.get().text == "Tür links"

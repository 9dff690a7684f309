"""Asking for work: from the page of all documents, and over the public form that other websites may post to."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import Business
from crm.models import Mail, WorkRequest
from portal.views import requests
from tests import make

SAID = {"name": "Mara Engel", "email": "mara@engel.example", "text": "Eine neue Haustür"}


# --- known customers ----------------------------------------------------------------------------------------------------
@pytest.fixture
def customer(business):
    return make.make_customer()


@pytest.fixture
def center(customer):
    """A browser that is in, and the address of the form."""
    browser, link = make.in_center(customer)
    return browser, reverse("portal:work_request", args=[link.public_id])


def test_a_customer_asks_with_photos_and_is_thanked(center, customer):
    browser, page = center
    answer = browser.post(
        page, {"text": "Ein Regal", "wanted_when": "ab März", "photos": [make.upload(), make.upload()]}
    )
    assert answer.url == f"{page}danke/"
    asked = WorkRequest.objects.get()
    assert (asked.customer, asked.source, asked.name, asked.wanted_when, asked.photos.count()) == (
        customer, "center", "Sabine Brandt", "ab März", 2,
    )  # fmt: skip
    thanks = browser.get(answer.url).content.decode()
    assert "Ein Regal" in thanks and "2 Fotos" in thanks


def test_an_own_order_is_asked_for_once_more(center, customer):
    browser, page = center
    order = make.make_order(make.make_sent_quote(customer))
    shown = browser.get(f"{page}?wie={order.pk}").content.decode()
    assert "Bitte noch einmal: Einbauschrank im Flur" in shown and f'name="wie" value="{order.pk}"' in shown
    browser.post(page, {"wie": order.pk, "text": "Noch einmal, in Weiß"})
    assert WorkRequest.objects.get().repeats == f"{order.number} · Einbauschrank im Flur"


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_order_of_somebody_else_is_as_unknown_as_one_that_never_was(center, method):
    browser, page = center
    foreign = make.make_order(make.make_sent_quote(make.make_customer("Anders")))
    answers = [getattr(browser, method)(page, {"wie": pk, "text": "x"}) for pk in (foreign.pk, 999_999_999, "x")]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert len({answer.content for answer in answers}) == 1 and not WorkRequest.objects.exists()


def test_what_is_wrong_is_said_and_what_was_typed_stays(center):
    browser, page = center
    answer = browser.post(page, {"text": "", "wanted_when": "bald", "photos": make.upload()})
    text = answer.content.decode()
    assert answer.status_code == 422 and "Bitte schreiben Sie, worum es geht." in text and 'value="bald"' in text
    assert "Bitte wählen Sie die Fotos noch einmal" in text
    answer = browser.post(page, {"text": "Ein Regal", "photos": make.upload(b"%PDF-1.7 a", "a.pdf")})
    assert answer.status_code == 422 and "Wir können Fotos als JPG, PNG und HEIC annehmen." in answer.content.decode()
    assert not WorkRequest.objects.exists()


def test_nine_photos_are_one_too_many(center):
    browser, page = center
    answer = browser.post(page, {"text": "Ein Regal", "photos": [make.upload() for _ in range(9)]})
    assert answer.status_code == 422 and "höchstens acht Fotos" in answer.content.decode()


def test_hundreds_of_files_are_not_even_taken(center):
    """P76."""
    browser, page = center
    assert browser.post(page, {"text": "Ein Regal", "photos": [make.upload() for _ in range(101)]}).status_code == 400
    assert not WorkRequest.objects.exists()


def test_after_five_in_ten_minutes_there_is_a_pause(center):
    browser, page = center
    answers = [browser.post(page, {"text": f"Regal {n}"}).status_code for n in range(6)]
    assert answers == [302] * 5 + [429] and WorkRequest.objects.count() == 5


def test_a_link_to_one_document_does_not_open_the_form(quote):
    browser, link = make.let_in(make.link_to(quote)), make.link_to(quote)
    assert browser.get(reverse("portal:work_request", args=[link.public_id])).status_code == 404


# --- the public form ----------------------------------------------------------------------------------------------------
@pytest.fixture
def form(business):
    """Its address."""
    Business.objects.filter(pk=business.pk).update(takes_requests=True, request_intro="Wir bauen Türen.")
    business.refresh_from_db()
    return f"/anfrage/{business.slug}/"


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def stamp_in(answer):
    return re.search(r'name="stempel" value="([^"]+)"', answer.content.decode())[1]


def fill_in(client, form, clock, *, seconds=10, **said):
    """Open the form, take some time, send it."""
    stamp = stamp_in(client.get(form))
    clock.shift(timedelta(seconds=seconds))
    return client.post(form, {**SAID, "stempel": stamp, **said})


def is_thanked(answer):
    return answer.status_code == 302 and answer.url.endswith("/danke/")


def test_a_stranger_asks(client, form, clock):
    answer = fill_in(client, form, clock, city="Hamburg", photos=[make.upload()])
    assert is_thanked(answer) and "Ihre Anfrage ist bei uns" in client.get(answer.url).content.decode()
    asked = WorkRequest.objects.get()
    assert (asked.source, asked.customer, asked.name, asked.city) == ("website", None, "Mara Engel", "Hamburg")
    with asked.photos.get().file.open() as file:
        assert dict(Image.open(BytesIO(file.read())).getexif()) == {}
    assert [mail.kind for mail in Mail.objects.order_by("pk")] == [
        "crm/mail/request_arrived",
        "crm/mail/request_received",
    ]


def test_it_is_in_the_businesss_look_and_without_cookie_script_or_anybody_else(client, form, clock):
    answers = [
        client.get(form), client.get(f"{form}?sprache=en"), client.get(f"{form}danke/"), client.post(f"{form}senden/", SAID),
        client.post(form, SAID), fill_in(client, form, clock), client.get(f"{form}senden/"),
    ]  # fmt: skip
    for answer in answers:
        text = answer.content.decode()
        assert not answer.cookies and "<script" not in text and "csrf" not in text
        assert re.findall(r'(?:src|href|action|srcset)="(?:https?:)?//', text) == []
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Referrer-Policy"] == "same-origin"
    assert (
        "Anfrage an Tischlerei Haselbach" in answers[0].content.decode()
        and "Wir bauen Türen." in answers[0].content.decode()
    )


def test_its_language_stands_in_the_address(client, form):
    english = client.get(f"{form}?sprache=en")
    assert english.headers["Content-Language"] == "en" and '<html lang="en">' in english.content.decode()
    assert f'action="{form}?sprache=en"' in english.content.decode()


@pytest.mark.parametrize("page", ["", "senden/", "danke/"])
def test_switched_off_there_is_nothing(client, business, page):
    for method in (client.get, client.post):
        assert method(f"/anfrage/{business.slug}/{page}", SAID).status_code in (
            {404} if page != "danke/" else {404, 405}
        )
    assert client.get(f"/anfrage/gibt-es-nicht/{page}").status_code == 404
    assert not WorkRequest.objects.exists()


def test_what_another_website_posts_is_only_shown_to_be_checked(client, form):
    """Also with what it knows of our own form; nothing is kept before somebody looked."""
    for address, headers in ((f"{form}senden/", {}), (form, {"Sec-Fetch-Site": "cross-site"})):
        stamp = stamp_in(client.get(form))
        with time_machine.travel(timezone.now() + timedelta(minutes=1)):
            answer = client.post(address, {**SAID, "stempel": stamp, "text": 'Tür "rot" <b>'}, headers=headers)
        text = answer.content.decode()
        assert answer.status_code == 200 and "Bitte prüfen und absenden" in text
        assert 'value="Mara Engel"' in text and "Tür &quot;rot&quot; &lt;b&gt;" in text
    assert not WorkRequest.objects.exists() and not Mail.objects.exists()


def test_after_a_look_it_is_sent(client, form, clock):
    checked = client.post(f"{form}senden/", SAID)
    clock.shift(timedelta(seconds=1))
    assert is_thanked(client.post(form, {**SAID, "stempel": stamp_in(checked)}))
    assert WorkRequest.objects.count() == 1


def test_what_is_missing_is_asked_for_on_our_page(client, form):
    answer = client.post(f"{form}senden/", {"name": "Mara"})
    assert answer.status_code == 422 and "Bitte schreiben Sie, worum es geht." in answer.content.decode()


def test_a_stamp_of_another_business_or_of_yesterday_is_none(client, form, clock):
    other = make.make_business("Andere", takes_requests=True)
    foreign, mine = stamp_in(client.get(f"/anfrage/{other.slug}/")), stamp_in(client.get(form))
    clock.shift(timedelta(minutes=1))
    assert "noch nicht gesendet" in client.post(form, {**SAID, "stempel": foreign}).content.decode()
    clock.shift(timedelta(hours=12))
    assert "noch nicht gesendet" in client.post(form, {**SAID, "stempel": mine}).content.decode()
    assert not WorkRequest.objects.exists()


def test_programs_that_fill_in_every_field_are_thanked_and_forgotten(client, form, clock):
    assert is_thanked(fill_in(client, form, clock, **{requests.TRAP: "https://pillen.example"}))
    assert is_thanked(client.post(f"{form}senden/", {**SAID, requests.TRAP: "x"}))
    assert not WorkRequest.objects.exists()


def test_who_is_quicker_than_people_sends_once_more(client, form, clock):
    answer = fill_in(client, form, clock, seconds=1)
    assert answer.status_code == 422 and "Das ging sehr schnell." in answer.content.decode()
    clock.shift(timedelta(seconds=3))
    assert is_thanked(client.post(form, {**SAID, "stempel": stamp_in(answer)}))


def test_advertising_is_refused_at_its_field(client, form, clock):
    answer = fill_in(client, form, clock, text="https://a.example https://b.example https://c.example")
    assert answer.status_code == 422 and "höchstens zwei Internetadressen" in answer.content.decode()


def test_without_address_and_number_nobody_could_answer(client, form, clock):
    answer = fill_in(client, form, clock, email="", phone="")
    assert answer.status_code == 422 and "E-Mail-Adresse oder Telefonnummer" in answer.content.decode()
    assert is_thanked(fill_in(client, form, clock, email="", phone="0171 1"))


def test_limits_per_address_and_business(client, form, clock, monkeypatch):
    monkeypatch.setattr(requests, "MOST_OF_ADDRESS", 2)
    monkeypatch.setattr(requests, "MOST_OF_BUSINESS", 3)
    stamp = stamp_in(client.get(form))
    clock.shift(timedelta(seconds=9))

    def send(n, address):
        return client.post(form, {**SAID, "text": f"Tür {n}", "stempel": stamp}, REMOTE_ADDR=address).status_code

    assert [send(n, "192.0.2.1") for n in range(3)] == [302, 302, 429]
    # what was refused does not use up what the business takes
    assert [send(n, "192.0.2.2") for n in (7, 8)] == [302, 429]
    assert WorkRequest.objects.count() == 3


def test_what_is_too_long_is_not_even_read(client, form):
    big = {**SAID, "text": "x" * 200_000}
    assert client.post(f"{form}senden/", big).status_code == 413
    answer = client.post(form, SAID, CONTENT_LENGTH="60000001")
    assert answer.status_code == 413 and "weniger oder kleinere Fotos" in answer.content.decode()


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "multipart/form-data; boundary=x"])
def test_bodies_that_are_no_form_keep_nothing(client, form, content_type):
    for address in (form, f"{form}senden/"):
        answer = client.generic("POST", address, b'{"name": "Mara"}', content_type=content_type)
        assert answer.status_code in {400, 422}
    assert not WorkRequest.objects.exists()

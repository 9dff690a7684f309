"""A note on site with a real browser: three taps, no network, no session, another contact (ux.md NOT1 to NOT9)."""

from datetime import timedelta

import pytest
from django.core.handlers.base import BaseHandler
from django.http import HttpResponse
from django.utils import timezone
from playwright.sync_api import expect

from accounts import current
from accounts.rights import Role
from crm.models import Note
from tests import make
from tests.crm.test_attachments import HEIC

pytestmark = pytest.mark.journey


@pytest.fixture
def emre(transactional_db):
    with current.working_for(make.make_business()):
        yield make.make_member(Role.FIELD_WORKER, name="Emre")


@pytest.fixture
def phone(emre, open_page):
    """Emre's phone, signed in."""
    return open_page(emre, viewport={"width": 390, "height": 844}, has_touch=True)


def photo(name="a.jpg", size=(3000, 2000)):
    return {"name": name, "mimeType": "image/jpeg", "buffer": make.picture(size)}


def open_note(phone, customer):
    phone.goto(f"/vor-ort/notiz/?kunde={customer.pk}")


def saved_notes():
    return [(note.text, str(note.customer), note.attachments.count()) for note in Note.objects.order_by("pk")]


def test_three_taps_from_the_tab_bar_to_saved(phone, emre):
    customer = make.make_customer()
    make.make_appointment(customer, starts_at=timezone.now() - timedelta(minutes=5), assignee=emre)
    phone.goto("/")
    phone.locator("nav.tabs a.add").tap()  # 1
    with phone.expect_file_chooser() as chooser:
        phone.locator("label.tool.pri").tap()  # 2
    chooser.value.set_files([photo()])
    phone.locator("[data-save]").tap()  # 3
    phone.wait_for_url("**/kontakte/*/")
    assert saved_notes() == [("", "Sabine Brandt", 1)]
    assert Note.objects.get().attachments.get().name == "a.jpg"


def test_large_photos_are_scaled_and_heic_travels_untouched(phone):
    import io

    from PIL import Image

    open_note(phone, make.make_customer())
    heic = {"name": "b.heic", "mimeType": "image/heic", "buffer": HEIC}
    phone.set_input_files("input[type=file]", [photo(size=(4000, 3000)), heic])
    phone.locator("[data-save]").tap()
    phone.wait_for_url("**/kontakte/*/")
    large, small = Note.objects.get().attachments.order_by("pk")
    with large.file.open() as file, Image.open(io.BytesIO(file.read())) as picture:
        assert max(picture.size) == 2560
    assert small.size == len(HEIC)


def test_without_network_everything_stays_and_goes_out_by_itself(phone):
    open_note(phone, make.make_customer())
    phone.set_input_files("input[type=file]", [photo()])
    phone.fill("textarea", "Flur 2,94 m")
    phone.context.set_offline(True)
    phone.locator("[data-save]").tap()
    expect(phone.locator("[data-state-text]")).to_have_text(
        "Noch nicht gesendet: kein Netz. Notiz und Fotos bleiben hier."
    )
    expect(phone.locator("[data-save]")).to_contain_text("Noch einmal versuchen")
    assert phone.locator(".shots li").count() == 1 and saved_notes() == []
    phone.context.set_offline(False)
    phone.wait_for_url("**/kontakte/*/")
    assert saved_notes() == [("Flur 2,94 m", "Sabine Brandt", 1)]


def test_after_a_server_error_the_same_note_is_sent_once(phone, monkeypatch):
    open_note(phone, make.make_customer())
    phone.fill("textarea", "Flur")
    lost, answer = [], BaseHandler.get_response

    def lose_the_answer(handler, request):
        response = answer(handler, request)
        if request.method == "POST" and not lost:
            lost.append(response.status_code)
            return HttpResponse("bad gateway", status=502)
        return response

    monkeypatch.setattr(BaseHandler, "get_response", lose_the_answer)
    phone.locator("[data-save]").tap()
    expect(phone.locator("[data-state-text]")).to_contain_text("Der Server antwortet nicht")
    phone.locator("[data-save]").tap()
    phone.wait_for_url("**/kontakte/*/")
    assert lost == [201] and saved_notes() == [("Flur", "Sabine Brandt", 0)]


def test_after_the_session_ended_the_note_waits_for_signing_in(phone, emre):
    open_note(phone, make.make_customer())
    phone.fill("textarea", "Flur")
    phone.context.clear_cookies(name="sessionid")
    phone.locator("[data-save]").tap()
    expect(phone.locator("[data-signin]")).to_be_visible()
    assert phone.input_value("textarea") == "Flur"
    fresh = make.signed_in(emre).cookies["sessionid"].value
    phone.context.add_cookies([{"name": "sessionid", "value": fresh, "url": phone.url}])
    phone.locator("[data-save]").tap()
    phone.wait_for_url("**/kontakte/*/")
    assert saved_notes() == [("Flur", "Sabine Brandt", 0)]


def test_the_text_survives_a_closed_page(phone):
    customer = make.make_customer()
    open_note(phone, customer)
    phone.fill("textarea", "Flur")
    open_note(phone, customer)
    assert phone.input_value("textarea") == "Flur"
    open_note(phone, make.make_customer("Noll"))
    assert phone.input_value("textarea") == ""


def test_another_contact_is_chosen_without_losing_photos(phone):
    noll = make.make_customer("Noll", first_name="Friederike")
    open_note(phone, make.make_customer())
    phone.set_input_files("input[type=file]", [photo(size=(80, 60))])
    phone.locator(".who").tap()
    phone.locator("dialog a.rw", has_text="Noll").tap()
    phone.locator("[data-save]").tap()
    phone.wait_for_url(f"**{noll.get_absolute_url()}")
    assert saved_notes() == [("", "Friederike Noll", 1)]

"""Requests for work: taken, given to a contact, answered, forgotten."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from accounts.refusals import Refusal
from crm import due, work_requests
from crm.models import Attachment, Customer, DueAction, Mail, TimelineEntry, WorkRequest
from tests import make

pytestmark = pytest.mark.django_db
STRANGER = {"name": "Mara Engel", "email": "mara@engel.example", "phone": "0171 3920011", "city": "Hamburg"}


def ask(text="Eine neue Haustür", **said):
    return work_requests.receive(source="website", text=text, **{**STRANGER, **said})


def mails():
    return list(Mail.objects.order_by("pk").values_list("kind", "to"))


def photo_with_place(form="JPEG"):
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (53.0, 33.0, 0.0), 3: "E", 4: (10.0, 0.0, 0.0)})
    exif[0x010F] = "Kamera von Mara"
    return make.upload(make.picture(exif=exif.tobytes(), form=form), "haustür.jpg")


# --- taken --------------------------------------------------------------------------------------------------------------
def test_a_customer_asks_and_both_sides_are_told(business):
    customer = make.make_customer()
    asked = make.make_work_request(customer, "Noch ein Regal", repeats="AU-2026-0001 · Einbauschrank")
    assert (asked.state, asked.customer, asked.repeats) == ("new", customer, "AU-2026-0001 · Einbauschrank")
    assert mails() == [
        ("crm/mail/request_arrived", business.email),
        ("crm/mail/request_received", customer.email),
    ]
    to_office, to_customer = Mail.objects.order_by("pk")
    assert "Noch ein Regal" in to_office.text and f"/anfragen/{asked.pk}/" in to_office.text
    assert "Noch ein Regal" in to_customer.text and "Einbauschrank" in to_customer.text
    entry = TimelineEntry.objects.get(event="crm.request_received")
    assert (entry.customer, entry.subject, entry.facts) == (customer, asked, {"source": "center"})


def test_the_mail_to_a_strangers_address_holds_none_of_what_was_typed(business):
    ask("Kaufen Sie Pillen bei Mara-Pillen", name="Pillen Mara")
    mail = Mail.objects.get(to=STRANGER["email"])
    for word in ("Pillen", "Mara", STRANGER["phone"]):
        assert word not in mail.subject_line + mail.text + mail.html.replace(STRANGER["email"], "")


def test_an_address_gets_one_such_mail_in_an_hour(business):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for text, email in (("eins", "mara@engel.example"), ("zwei", "Mara@Engel.example"), ("drei", "ada@x.example")):
            ask(text, email=email)
        written = [to for kind, to in mails() if kind == "crm/mail/request_received"]
        assert written == ["mara@engel.example", "ada@x.example"]
        clock.shift(timedelta(minutes=61))
        ask("vier")
    assert len([kind for kind, _to in mails() if kind == "crm/mail/request_received"]) == 3


def test_an_address_that_refuses_mails_gets_none(business):
    Mail.objects.filter(pk=make.make_failed_mail().pk).update(state=Mail.State.BOUNCED, to=STRANGER["email"])
    ask()
    assert not Mail.objects.filter(kind="crm/mail/request_received").exists()


def test_sent_twice_it_is_one_request(business):
    assert ask().pk == ask().pk != ask("Etwas anderes").pk
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        ask()
    assert WorkRequest.objects.count() == 3


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "x" * 5001}, "text"),
        ({"text": "http://a.example www.b.example https://c.example"}, "text"),
        ({"name": "https://a.example"}, "text"),
        ({"email": "", "phone": ""}, "email"),
        ({"photos": [make.upload() for _ in range(9)]}, "photos"),
        ({"photos": [make.upload(b"%PDF-1.7 ...", "a.pdf", "image/jpeg")]}, "photos"),
        ({"photos": [make.upload(b"<svg onload=alert(1)>", "a.jpg")]}, "photos"),
        ({"photos": [make.upload(make.picture()[:300], "a.jpg")]}, "photos"),
    ],
)
def test_what_is_missing_too_much_or_no_photo_is_refused_and_nothing_kept(business, said, field):
    with pytest.raises(Refusal) as refused:
        ask(**said)
    assert refused.value.field == field
    assert not WorkRequest.objects.exists() and not Mail.objects.exists()


def test_two_links_are_no_advertising(business):
    assert ask("So wie https://a.example/tuer oder www.b.example").pk


# --- photos (P73) -------------------------------------------------------------------------------------------------------
def test_photos_are_kept_without_place_and_camera(business):
    asked = ask(photos=[photo_with_place()])
    photo = asked.photos.get()
    with photo.file.open() as file:
        content = file.read()
    shown = Image.open(BytesIO(content))
    assert (shown.format, shown.size, dict(shown.getexif())) == ("WEBP", (64, 48), {})
    assert b"Kamera von Mara" not in content
    assert (photo.name, photo.width, photo.height) == ("haustür.webp", 64, 48)
    assert photo.file.name.startswith(f"requests/{business.pk}/") and "haust" not in photo.file.name


def test_a_photo_of_an_iphone_is_taken_whatever_its_name_says(business):
    photo = ask(
        photos=[make.upload((Path(__file__).parent / "files" / "iphone.heic").read_bytes(), "IMG.jpg")]
    ).photos.get()
    with photo.file.open() as file:
        assert Image.open(BytesIO(file.read())).format == "WEBP"


def test_a_big_photo_is_made_smaller(business):
    photo = ask(photos=[make.upload(make.picture((2400, 1200)))]).photos.get()
    assert (photo.width, photo.height) == (1600, 800)


# --- whose it is --------------------------------------------------------------------------------------------------------
def test_given_to_a_contact_its_data_stay_and_the_photos_become_files(business, owner):
    customer = make.make_customer(email="alt@kunde.example", mobile="040 1")
    before = Customer.objects.filter(pk=customer.pk).values().get()
    asked = ask(photos=[photo_with_place(), make.upload(name="zwei.jpg")])
    work_requests.assign(asked, customer, by=owner)
    assert Customer.objects.filter(pk=customer.pk).values().get() == before
    assert list(customer.attachments.values_list("name", "content_type", "is_shared")) == [
        ("haustür.webp", "image/webp", False),
        ("zwei.webp", "image/webp", False),
    ]
    with Attachment.objects.first().file.open() as file:
        assert b"Kamera" not in file.read()
    assert TimelineEntry.objects.get(event="crm.request_received").by == owner
    with pytest.raises(Refusal):
        work_requests.assign(asked, make.make_customer(), by=owner)


def test_a_new_contact_is_a_prospect_from_the_website(business, owner):
    customer = work_requests.make_contact(ask(street="Weg 1", postcode="22397"), by=owner)
    assert (customer.first_name, customer.last_name, customer.is_prospect, customer.source) == (
        "Mara", "Engel", True, "website",
    )  # fmt: skip
    assert (customer.email, customer.phone, customer.street, customer.city) == (
        STRANGER["email"], STRANGER["phone"], "Weg 1", "Hamburg",
    )  # fmt: skip
    assert WorkRequest.objects.get().customer == customer


def test_contacts_with_the_same_address_or_number_are_offered(business):
    make.make_customer("Anders", mobile="040 998877")
    mailed = make.make_customer("Mail", email="MARA@engel.example", mobile="")
    called = make.make_customer("Ruf", email="", mobile="", phone="+49 (171) 39 200 11")
    make.make_customer("Weg", email=STRANGER["email"], archived_at=timezone.now())
    assert work_requests.matches(ask()) == [mailed, called]
    assert work_requests.matches(ask(email="neu@engel.example", phone="")) == []


# --- decided and forgotten ----------------------------------------------------------------------------------------------
def test_answering_and_dismissing_say_who_and_can_be_undone(business, owner):
    asked = ask()
    work_requests.answer(asked, by=owner)
    assert (asked.state, asked.by) == ("answered", owner)
    work_requests.reopen(asked)
    assert (asked.state, asked.by, asked.decided_at) == ("new", None, None)


def forget_all(days):
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        for pk in due.due_ids():
            assert due.work_off(pk)


def test_what_a_stranger_wrote_is_forgotten_ninety_days_after_it_was_dismissed(business, owner):
    asked = ask(photos=[make.upload()])
    name = asked.photos.get().file.name
    work_requests.dismiss(asked, by=owner)
    work_requests.reopen(asked)
    work_requests.dismiss(asked, by=owner)
    forget_all(89)
    assert default_storage.exists(name) and Mail.objects.count() == 2
    kind = ContentType.objects.get_for_model(WorkRequest)
    assert DueAction.objects.filter(subject_type=kind, state="open").count() == 1


@pytest.mark.django_db(transaction=True)
def test_then_its_photos_and_mails_are_gone_too():
    from accounts import current

    with current.working_for(make.make_business()):
        owner = make.make_member()
        asked = ask(photos=[make.upload()])
        name = asked.photos.get().file.name
        work_requests.dismiss(asked, by=owner)
        forget_all(91)
        assert not WorkRequest.objects.exists() and not Mail.objects.exists() and not default_storage.exists(name)


@pytest.mark.parametrize("what", ["answered", "opened again", "given to a contact"])
def test_nothing_else_is_forgotten(business, owner, what):
    asked = ask()
    if what == "answered":
        work_requests.answer(asked, by=owner)
    else:
        work_requests.dismiss(asked, by=owner)
        work_requests.reopen(asked) if what == "opened again" else work_requests.make_contact(asked, by=owner)
    forget_all(91)
    assert WorkRequest.objects.filter(pk=asked.pk).exists()

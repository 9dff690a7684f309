"""Messages with files through a link (P54, P73, P76), what was read, and the thread about nothing in particular."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import global_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from crm import attachments, messages, upload_limit
from crm.models import Attachment, Mail, Message, TimelineEntry
from tests import make

PDF = b"%PDF-1.7\n%%EOF\n"


def send(visitor, link, text="Siehe Foto", files=(), **more):
    return visitor.post(f"/k/{link.public_id}/nachricht/", {"text": text, "files": list(files), **more})


def file_url(link, file, edge=""):
    return f"/k/{link.public_id}/nachricht/datei/{file.pk}/{edge}"


def photo_with_place(name="nische.jpg"):
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (53.0, 33.0, 0.0), 3: "E", 4: (10.0, 0.0, 0.0)})
    exif[0x010F] = "Telefonhersteller"
    return make.upload(make.picture((600, 400), exif=exif), name)


def previewed(message):
    for file in message.attachments.filter(kind="photo"):
        attachments.make_preview(file.pk)
    return list(message.attachments.all())


def answered(link, owner, *files):
    return messages.answer(link.subject, "Ja, gern.", customer=link.customer, by=owner, files=files)


# --- a customer's files -------------------------------------------------------------------------------------------------
def test_photos_and_files_go_with_a_message_and_both_sides_see_them(visitor, link, owner):
    assert send(visitor, link, files=[make.upload(), make.upload(PDF, "Grundriss.pdf", "x/y")]).status_code == 302
    photo, plan = previewed(Message.objects.get())
    page = visitor.get(f"/k/{link.public_id}/angebot/").content.decode()
    assert f'<img src="{file_url(link, photo, "192/")}" width="64" height="48" alt="foto.jpg" loading="lazy">' in page
    assert f'<a href="{file_url(link, plan)}">' in page
    assert "Grundriss.pdf" in Mail.objects.get(kind="crm/mail/question_asked").text
    office = make.signed_in(owner)
    for address in (link.customer.get_absolute_url(), link.subject.get_absolute_url(), f"/fragen/{photo.message_id}/"):
        shown = office.get(address).content.decode()
        assert f"/dateien/{photo.pk}/bild/" in shown and f"/dateien/{plan.pk}/" in shown, address
    # in the timeline once, with the message
    assert [
        entry.event for entry in TimelineEntry.objects.filter(event__in=["crm.file_added", "crm.question_asked"])
    ] == ["crm.question_asked"]


def test_a_photo_may_speak_for_itself(visitor, link):
    send(visitor, link, text="", files=[make.upload()])
    assert Message.objects.get().text == "1 Datei"


def test_what_is_shown_of_a_photo_tells_no_place(visitor, link, owner):
    """P73: the original is the staff's alone."""
    send(visitor, link, files=[photo_with_place()])
    answered(link, owner, photo_with_place("unsere.jpg"))
    for message in Message.objects.all():
        (file,) = previewed(message)
        for edge in ("", "640/", "192/"):
            answer = visitor.get(file_url(link, file, edge))
            assert answer.headers["Content-Type"] == "image/webp"
            shown = Image.open(io.BytesIO(answer.content))
            assert not shown.getexif() and b"Telefonhersteller" not in answer.content
        assert b"Telefonhersteller" in file.file.read()
        file.file.close()


def test_until_there_is_a_preview_nothing_of_a_photo_is_handed_out(visitor, link):
    send(visitor, link, files=[photo_with_place()])
    assert visitor.get(file_url(link, Attachment.objects.get())).status_code == 404
    assert "foto" not in visitor.get(f"/k/{link.public_id}/angebot/").content.decode().partition("<form")[0]
    assert "nische.jpg: Vorschau kommt gleich" in visitor.get(f"/k/{link.public_id}/angebot/").content.decode()


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("bild.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415),
        ("plan.pdf", b"<html><script>alert(1)</script>", 415),
        ("leer.jpg", b"", 415),
    ],
)
def test_what_a_file_is_decides_not_what_it_says(visitor, link, name, content, status):
    answer = send(visitor, link, text="Bitte ansehen", files=[SimpleUploadedFile(name, content, "image/jpeg")])
    page = answer.content.decode()
    assert answer.status_code == status
    assert ">Bitte ansehen</textarea>" in page.replace("\n", "")  # the words are kept
    assert not Message.objects.exists() and not Attachment.objects.exists()


def test_names_are_only_text(visitor, link):
    """P54."""
    send(visitor, link, files=[make.upload(PDF, '../../"><img src=x onerror=alert(1)>\u202e.pdf')])
    file = Attachment.objects.get()
    page = visitor.get(f"/k/{link.public_id}/angebot/").content.decode()
    assert "<img src=x" not in page and "\u202e" not in page
    download = visitor.get(file_url(link, file))
    assert download.headers["Content-Disposition"].startswith("attachment; ")
    assert download.headers["X-Content-Type-Options"] == "nosniff"
    assert download.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert file.file.name.startswith(f"attachments/{file.business_id}/") and "onerror" not in file.file.name
    download.close()


def test_a_file_is_there_for_its_own_links_alone(visitor, link, owner):
    other = make.link_to(make.make_sent_quote())
    stranger = make.let_in(other)
    send(stranger, other, files=[make.upload(PDF, "fremd.pdf")])
    foreign = Attachment.objects.get()
    elsewhere = attachments.add(link.customer, make.upload(PDF, "intern.pdf"))
    assert [visitor.get(file_url(link, file)).status_code for file in (foreign, elsewhere)] == [404, 404]
    assert stranger.get(file_url(other, foreign, "480/")).status_code == 404
    attachments.delete(foreign)
    assert stranger.get(file_url(other, foreign)).status_code == 404
    assert "fremd.pdf" not in stranger.get(f"/k/{other.public_id}/angebot/").content.decode()


def test_the_orders_link_opens_the_files_of_the_quotes_conversation(visitor, link, owner):
    send(visitor, link, files=[make.upload(PDF, "plan.pdf")])
    order = make.make_order(link.subject)
    orders_link = make.link_to(order)
    answer = make.let_in(orders_link).get(file_url(orders_link, Attachment.objects.get()))
    assert answer.status_code == 200
    answer.close()


# --- how much (P76) -----------------------------------------------------------------------------------------------------
def test_eleven_files_are_too_many_for_one_message(visitor, link):
    answer = send(visitor, link, files=[make.upload(PDF, f"{n}.pdf") for n in range(11)])
    assert answer.status_code == 413
    assert "höchstens 10 Dateien" in answer.content.decode()
    assert not Attachment.objects.exists()


def test_hundreds_of_files_through_a_link_are_stopped(visitor, link, monkeypatch):
    monkeypatch.setattr("portal.views.messages.MOST", 1000)
    statuses, day = [], timezone.now()
    with time_machine.travel(day, tick=False):
        for _ in range(9):
            statuses.append(send(visitor, link, files=[make.upload(PDF, f"{n}.pdf") for n in range(10)]).status_code)
    assert statuses == [302] * 6 + [429] * 3
    assert Attachment.objects.count() == messages.MOST_A_DAY
    with time_machine.travel(day + timedelta(hours=25)):
        assert send(make.let_in(link), link, files=[make.upload(PDF, "a.pdf")]).status_code == 302


def test_a_body_through_a_link_has_a_smaller_limit(visitor, link, settings, monkeypatch):
    settings.FILE_UPLOAD_HANDLERS = ["crm.upload_limit.LimitedBody", *global_settings.FILE_UPLOAD_HANDLERS]
    monkeypatch.setattr(upload_limit, "MOST_THROUGH_LINK", 1000)
    assert send(visitor, link, files=[make.upload(make.picture((300, 300), quality=100))]).status_code in (400, 413)
    assert not Message.objects.exists()


# --- what was read ------------------------------------------------------------------------------------------------------
def read(visitor, link, upto, **headers):
    return visitor.post(f"/k/{link.public_id}/nachricht/gelesen/", {"upto": upto}, headers=headers)


def test_an_answer_is_new_until_somebody_says_it_was_read(visitor, link, owner):
    answer = answered(link, owner)
    for _ in range(2):  # looking is not reading
        page = visitor.get(f"/k/{link.public_id}/angebot/").content.decode()
        assert page.count('<span class="badge brand">neu</span>') == 1 and "js/thread.js" in page
    upto = re.search(r'name="upto" value="(\d+)"', page)[1]
    assert int(upto) == answer.pk
    assert read(visitor, link, upto).headers["Location"] == f"/k/{link.public_id}/angebot/#nachrichten"
    page = visitor.get(f"/k/{link.public_id}/angebot/").content.decode()
    assert ">neu<" not in page and "js/thread.js" not in page


def test_only_what_was_there_is_read(visitor, link, owner):
    first, second = answered(link, owner), answered(link, owner)
    assert read(visitor, link, first.pk, **{"Sec-Fetch-Dest": "empty"}).status_code == 204
    read(visitor, link, "x")
    assert list(Message.objects.filter(read_at=None)) == [second]


def test_neither_a_scanner_nor_a_member_reads_for_the_customer(visitor, link, owner):
    answer = answered(link, owner)
    read(visitor, link, answer.pk, **{"User-Agent": "Microsoft-SafeLinks-Scanner"})
    read(make.let_in(link, make.signed_in(owner)), link, answer.pk)
    assert Message.objects.filter(read_at=None).exists()


def test_who_writes_has_read(visitor, link, owner):
    answered(link, owner)
    send(visitor, link, "Danke")
    assert not Message.objects.filter(messages.ANSWERS, read_at=None).exists()


# --- about nothing in particular ----------------------------------------------------------------------------------------
@pytest.fixture
def center(business):
    """The link to all documents of a customer, let in by the code."""
    return make.in_center(make.make_customer())


def test_a_customer_may_write_without_a_document(center, owner):
    visitor, link = center
    page = visitor.get(f"/k/{link.public_id}/nachrichten/")
    assert page.status_code == 200 and "<title>Nachrichten · " in page.content.decode()
    answer = send(visitor, link, "Sind Sie im August da?", files=[make.upload(PDF, "plan.pdf")])
    assert answer.headers["Location"] == f"/k/{link.public_id}/nachrichten/#nachrichten"
    message = messages.general(link.customer).get()
    assert (message.subject, message.link) == (link.customer, link)
    messages.answer(link.customer, "Ja.", customer=link.customer, by=owner)
    assert Mail.objects.get(kind="crm/mail/answer_sent").link == link
    page = visitor.get(f"/k/{link.public_id}/nachrichten/").content.decode()
    assert "Sind Sie im August da?" in page and ">neu</span>" in page
    download = visitor.get(file_url(link, message.attachments.get()))
    assert download.status_code == 200
    download.close()


def test_without_words_it_comes_back(center):
    visitor, link = center
    answer = send(visitor, link, "")
    assert (answer.status_code, answer.content.decode().count("Bitte schreiben Sie Ihre Frage.")) == (422, 2)


# --- what it costs ------------------------------------------------------------------------------------------------------
def test_files_cost_the_same_for_one_and_for_three(visitor, link, owner):
    costs = []
    for _ in range(3):
        send(visitor, link, files=[make.upload()])
        previewed(Message.objects.last())
        costs.append(make.count_queries(visitor, f"/k/{link.public_id}/angebot/"))
    assert len(set(costs)) == 1

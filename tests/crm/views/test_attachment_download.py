"""Files are handed out as downloads that cannot run anything; photos are shown only re-encoded (P53, P54, P73, P76)."""

import pytest
from django.urls import reverse

from crm import attachments
from tests import make


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


def keep(content=None, name="Flur.jpg"):
    attachment = attachments.add(make.make_customer(), make.upload(content, name))
    attachments.make_preview(attachment.pk)
    attachment.refresh_from_db()
    return attachment


def body(response):
    return b"".join(response.streaming_content)


def test_a_file_comes_as_it_was_sent(office):
    attachment = keep(b"%PDF-1.7 hallo", "Skizze.pdf")
    response = office.get(reverse("crm:attachment_download", args=[attachment.pk]))
    assert body(response) == b"%PDF-1.7 hallo"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="Skizze.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Fläche.jpg", "attachment; filename*=utf-8''Fl%C3%A4che.jpg"),
        ('a"b\r\nX-A: c.jpg', 'attachment; filename="a\\"bX-A: c.jpg"'),
        ("../../etc/passwd.jpg", 'attachment; filename="passwd.jpg"'),
    ],
)
def test_names_cannot_break_the_header(office, name, header):
    upload = make.upload()
    upload._name = name
    attachment = attachments.add(make.make_customer(), upload)
    response = office.get(reverse("crm:attachment_download", args=[attachment.pk]))
    body(response)
    assert response["Content-Disposition"] == header and "X-A" not in response.headers


def test_a_photo_is_shown_re_encoded(office):
    attachment = keep(make.picture() + b"<script>alert(1)</script>")
    response = office.get(reverse("crm:attachment_preview", args=[attachment.pk]))
    shown = body(response)
    assert shown[:4] == b"RIFF" and b"script" not in shown
    assert response["Content-Type"] == "image/webp" and "attachment" not in response["Content-Disposition"]
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"


def test_what_has_no_preview_is_not_shown(office):
    attachment = attachments.add(make.make_customer(), make.upload(b"%PDF-1.7", "a.pdf"))
    assert office.get(reverse("crm:attachment_preview", args=[attachment.pk])).status_code == 404


def test_a_lost_file_is_not_found(office):
    attachment = keep()
    attachment.file.storage.delete(attachment.file.name)
    assert office.get(reverse("crm:attachment_download", args=[attachment.pk])).status_code == 404

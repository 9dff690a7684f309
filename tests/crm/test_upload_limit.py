"""A request may carry so much and no more (security.md P70)."""

import io

import pytest
from django.conf import global_settings
from django.urls import reverse

from crm import upload_limit
from crm.models import Note
from tests import make


@pytest.fixture(autouse=True)
def handlers(settings):
    settings.FILE_UPLOAD_HANDLERS = [
        "crm.upload_limit.LimitedBody",
        *(name for name in global_settings.FILE_UPLOAD_HANDLERS),
    ]


class Body(io.RawIOBase):
    """A body that must not be read."""

    def read(self, size=-1):
        raise AssertionError("read")


def test_two_hundred_megabytes_are_refused_unread(owner):
    office, customer = make.signed_in(owner), make.make_customer()
    response = office.generic(
        "POST",
        reverse("crm:note_add", args=[customer.pk]),
        **{
            "wsgi.input": Body(),
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
            "CONTENT_LENGTH": str(200 * 1024 * 1024),
        },
    )
    assert response.status_code in (400, 413)
    assert not Note.objects.exists()


def test_what_is_within_the_limit_passes(owner, monkeypatch):
    office, customer = make.signed_in(owner), make.make_customer()
    monkeypatch.setattr(upload_limit, "MOST", 20_000)
    office.post(reverse("crm:note_add", args=[customer.pk]), {"text": "x", "files": [make.upload()]})
    assert Note.objects.get().attachments.count() == 1


def test_a_thousand_parts_are_refused(owner):
    office, customer = make.signed_in(owner), make.make_customer()
    files = [make.upload(b"x", f"{n}.jpg") for n in range(1000)]
    response = office.post(reverse("crm:note_add", args=[customer.pk]), {"text": "x", "files": files})
    assert response.status_code in (400, 413)
    assert not Note.objects.exists()

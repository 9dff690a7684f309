"""Which pictures become a logo, and in which form."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts import logos
from tests import make


def opened(content):
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_pictures_become_a_small_png(form):
    picture = opened(logos.as_png(make.upload(make.picture((1200, 300), form))))
    assert (picture.format, picture.size) == ("PNG", (600, 150))


def test_a_small_one_keeps_its_size_and_its_transparency():
    out = io.BytesIO()
    Image.new("RGBA", (40, 20), (255, 0, 0, 0)).save(out, "PNG")
    picture = opened(logos.as_png(make.upload(out.getvalue())))
    assert (picture.size, picture.mode) == ((40, 20), "RGBA")


def test_where_it_was_taken_stays_behind():
    exif = Image.Exif()
    exif[0x010F] = "Kamera GmbH"
    exif[0x0112] = 6  # turned by 90 degrees
    picture = opened(logos.as_png(make.upload(make.picture((40, 20), exif=exif))))
    assert picture.size == (20, 40)
    assert not picture.getexif()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PNG = make.picture((30, 30), "PNG")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (SVG, "logo.svg"),
        (SVG, "logo.png"),
        (b"<html><script>alert(1)</script>", "logo.jpg"),
        (b"", "logo.png"),
        (PNG[:40], "logo.png"),
        (b"%PDF-1.7\n", "logo.png"),
        (make.picture((30, 30), "GIF"), "logo.gif"),
    ],
)
def test_everything_else_is_refused_whatever_it_calls_itself(content, name):
    with pytest.raises(logos.NotALogo) as refusal:
        logos.as_png(SimpleUploadedFile(name, content, "image/png"))
    assert (refusal.value.status, refusal.value.field) == (415, "logo")


def test_a_picture_that_unpacks_to_gigabytes_is_not_unpacked():
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    with pytest.raises(logos.NotALogo, match="50 Megapixel"):
        logos.as_png(make.upload(out.getvalue()))


def test_a_file_that_is_too_big_is_not_read():
    file = make.upload(PNG)
    file.size = logos.BIGGEST + 1
    with pytest.raises(logos.NotALogo, match="5 MB"):
        logos.as_png(file)


def test_a_new_logo_replaces_the_old_file(business, owner, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = logos.change(business, make.upload(PNG), by=owner).logo.name
        second = logos.change(business, make.upload(make.picture((31, 31))), by=owner).logo.name
    business.refresh_from_db()
    assert business.logo.name == second != first
    assert not default_storage.exists(first)
    with business.logo.open() as file:
        assert Image.open(file).size == (31, 31)
    with django_capture_on_commit_callbacks(execute=True):
        logos.remove(business, by=owner)
    business.refresh_from_db()
    assert not business.logo
    assert not default_storage.exists(second)
    assert logos.url(business) == ""


def test_the_same_logo_again_changes_nothing(business, owner, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = logos.change(business, make.upload(PNG), by=owner).logo.name
        again = logos.change(business, make.upload(PNG), by=owner).logo.name
    assert first == again
    assert default_storage.exists(first)

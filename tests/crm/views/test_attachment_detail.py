"""A photo or PDF on a page of its own, with places that were written about; thumbnails; what PDFs may do (P54, P73)."""

import re

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from crm import attachments, comments
from crm.models import Comment
from tests import make


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


@pytest.fixture
def photo(business):
    found = attachments.add(make.make_customer(), make.upload(make.picture((1200, 900)), "Flur.jpg"))
    attachments.make_preview(found.pk)
    found.refresh_from_db()
    return found


@pytest.fixture
def paper(business):
    """A PDF of two pages, drawn by somebody else."""
    found = attachments.add(make.make_customer(), make.upload(b"%PDF-1.7 /OpenAction /JavaScript", "Plan.pdf"))
    found.preview.save("a.webp", ContentFile(make.picture(form="WEBP")), save=False)
    found.file.storage.save(attachments.page_name(found, 2), ContentFile(make.picture(form="WEBP")))
    found.page_count, found.width, found.height = 2, 64, 48
    found.save()
    return found


def url(name, *args):
    return reverse(f"crm:{name}", args=args)


def body(response):
    return b"".join(response.streaming_content)


def test_a_place_is_given_without_script_by_one_of_nine_or_in_percent(office, photo):
    step = url("attachment_comment", photo.pk)
    office.post(step, {"text": "oben", "page": "1", "place": "20"})
    office.post(step, {"text": "genau", "page": "1", "place": "20", "x": "12.5", "y": "100"})
    office.post(step, {"text": "das Ganze", "page": "1", "place": ""})
    assert [(each.text, each.x and float(each.x), each.y and float(each.y)) for each in Comment.objects.all()] == [
        ("oben", 0.8333, 0.1667), ("genau", 0.125, 1.0), ("das Ganze", None, None),
    ]  # fmt: skip
    page = office.get(url("attachment_detail", photo.pk)).content.decode()
    assert '<svg x="83.33%" y="16.67%"' in page and '<svg x="12.50%" y="100.00%"' in page
    assert re.findall(r'<a href="#k\d+" aria-label="([^"]+)"', page) == ["Stelle 1: oben", "Stelle 2: genau"]
    assert 'style="' not in page  # the content policy would drop it


@pytest.mark.parametrize(
    "data", [{"text": ""}, {"x": "10"}, {"x": "101", "y": "1"}, {"place": "33"}, {"page": "x"}, {"x": "NaN", "y": "1"}]
)
def test_what_makes_no_sense_comes_back_with_the_words(office, photo, data):
    answer = office.post(url("attachment_comment", photo.pk), {"text": "Riss", "page": "1", **data})
    assert answer.status_code == 422 and not Comment.objects.exists()


def test_each_page_of_a_pdf_has_its_own_places(office, paper, owner):
    comments.on_file(paper, "vorn", by=owner, page=1, x=0, y=0)
    comments.on_file(paper, "hinten", by=owner, page=2, x=0, y=0)
    first, second = (office.get(url("attachment_detail", paper.pk), {"seite": page}) for page in ("", "2"))
    assert ([each.text for each in first.context["marks"]], first.context["after"]) == (["vorn"], 2)
    assert ([each.text for each in second.context["marks"]], second.context["before"]) == (["hinten"], 1)
    assert url("attachment_page", paper.pk, 2) in second.content.decode()
    assert body(office.get(url("attachment_page", paper.pk, 2)))[:4] == b"RIFF"
    for nonsense in ("0", "99", "-1", "x", "٣", "1e9"):
        assert office.get(url("attachment_detail", paper.pk), {"seite": nonsense}).status_code == 200
    assert office.get(url("attachment_page", paper.pk, 3)).status_code == 404


def test_a_pdf_with_a_script_is_only_ever_a_download(office, paper):
    answer = office.get(url("attachment_download", paper.pk))
    body(answer)
    assert answer["Content-Disposition"] == 'attachment; filename="Plan.pdf"'
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    page = office.get(url("attachment_detail", paper.pk)).content.decode()
    assert not re.search(r"<(iframe|embed|object)", page)


def test_lists_load_thumbnails_and_never_originals(office, photo, owner):
    make.make_note(photo.customer, by=owner)
    text = office.get(photo.customer.get_absolute_url()).content.decode()
    small = url("attachment_preview", photo.pk)
    assert f'src="{small}640/"' in text and f"{small}192/ 192w" in text and f'src="{small}"' not in text
    sizes = []
    for edge in (192, 640):
        raw = body(office.get(f"{small}{edge}/"))
        sizes.append(len(raw))
    assert sizes[0] < sizes[1] < 60_000
    assert office.get(f"{small}481/").status_code == 404
    photo.file.storage.delete(attachments.smaller(photo, 192))  # made before there were smaller ones
    assert body(office.get(f"{small}192/"))[:4] == b"RIFF"


def test_a_file_that_waits_or_has_no_picture_says_so(office, business):
    found = attachments.add(make.make_customer(), make.upload(b"%PDF-1.7", "a.pdf"))
    assert "Die Vorschau kommt gleich." in office.get(url("attachment_detail", found.pk)).content.decode()
    attachments.make_preview(found.pk)
    assert "keine Vorschau" in office.get(url("attachment_detail", found.pk)).content.decode()

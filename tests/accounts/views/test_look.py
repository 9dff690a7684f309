"""The colour and the logo of a business, for everybody."""

import pytest
from django.urls import reverse

from accounts import logos
from tests import make

FOR_EVER = "public, max-age=31536000, immutable"


def test_the_colour_is_a_stylesheet_that_never_changes(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get(reverse("brand_css", args=["haselbach", "24594A"]))
    assert answer.content == b":root{--brand:#24594a}\n"
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["Cache-Control"] == FOR_EVER
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("colour", ["24594", "24594g", "24594a0", "24594a;}", "%0a24594a"])
def test_only_a_colour_is_one(client, colour):
    assert client.get(f"/marke/haselbach/{colour}.css").status_code == 404


def test_it_is_only_read(client):
    assert client.post("/marke/haselbach/24594a.css").status_code == 405


def test_the_logo_is_a_picture_and_nothing_else(client, business, owner):
    changed = logos.change(business, make.upload(make.picture((40, 40), "PNG")), by=owner)
    answer = client.get(logos.url(changed))
    assert answer.content.startswith(b"\x89PNG")
    assert answer.headers["Cache-Control"] == FOR_EVER
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_older_or_foreign_logo_is_unknown(client, business, owner):
    changed = logos.change(business, make.upload(), by=owner)
    key = logos.key(changed)
    other = make.make_business("Maler Schulz")
    assert client.get(reverse("business_logo", args=[business.slug, "0" * 16])).status_code == 404
    assert client.get(reverse("business_logo", args=[other.slug, key])).status_code == 404
    assert client.get(reverse("business_logo", args=["gibt-es-nicht", key])).status_code == 404


def test_a_file_that_is_gone_is_unknown(client, business, owner):
    changed = logos.change(business, make.upload(), by=owner)
    changed.logo.storage.delete(changed.logo.name)
    assert client.get(logos.url(changed)).status_code == 404

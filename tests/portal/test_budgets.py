"""What a customer's page may cost (ux.md section 9)."""

import gzip
import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import attachments
from tests import make

STATIC = settings.BASE_DIR / "static"
KB = 1000


def zipped(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def rich_quote(count):
    """So many sets with pictures, options and fixed rows."""
    customer = make.make_customer()
    lines = [{"kind": "section", "text": "Schrank"}]
    for n in range(count):
        photo = attachments.add(customer, make.upload(make.picture((900, 600), colour=f"#{n}{n}8855")), is_told=False)
        attachments.make_preview(photo.pk)
        lines += [
            make.line(f"Eiche {n}", alternative_set=f"Fronten {n}", is_default=True, picture=photo),
            make.line(f"Salbei {n}", alternative_set=f"Fronten {n}", picture=photo),
            make.line(f"LED {n}", is_optional=True),
            make.line(f"Korpus {n}"),
        ]
    quote = make.make_sent_quote(customer, lines=lines)
    return make.link_to(quote)


def queries(visitor, address):
    visitor.get(address)  # content types are remembered
    with CaptureQueriesContext(connection) as found:
        assert visitor.get(address).status_code == 200
    return [each["sql"] for each in found if not re.match("SAVEPOINT|RELEASE|SET TRANSACTION", each["sql"])]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("page", ["angebot/", "summe/", "pruefen/"])
def test_the_quote_costs_few_queries_however_much_is_in_it(business, count, page):
    link = rich_quote(count)
    visitor = make.let_in(link)
    for n in range(count):
        visitor.post(f"/k/{link.public_id}/nachricht/", {"text": f"Frage {n}"})
    found = queries(visitor, f"/k/{link.public_id}/{page}")
    assert len(found) == {"angebot/": 5, "summe/": 3, "pruefen/": 3}[page], found


def test_the_quote_weighs_at_most_25_kB_with_styles_and_script(business):
    link = rich_quote(3)
    page = make.let_in(link).get(f"/k/{link.public_id}/angebot/").content
    loaded = re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', page.decode())
    assert sorted(loaded) == [
        "css/base.css",
        "css/components.css",
        "css/offer.css",
        "css/portal.css",
        "css/tokens.css",
        "js/portal.js",
    ]
    assert zipped(page) + sum(zipped((STATIC / name).read_bytes()) for name in loaded) <= 25 * KB
    assert zipped(page) <= 8 * KB


def test_the_script_of_customer_pages_stays_under_3_kB():
    assert zipped((STATIC / "js/portal.js").read_bytes()) < 3 * KB


def test_pictures_are_sent_small_first(business):
    link = rich_quote(1)
    visitor = make.let_in(link)
    page = visitor.get(f"/k/{link.public_id}/angebot/").content.decode()
    first_view = set(re.findall(r'<img[^>]* src="([^"]+)"', page))
    answers = [visitor.get(address) for address in first_view]
    assert {address.rsplit("/", 2)[1] for address in first_view} == {"640", "192"}
    assert sum(len(answer.content) for answer in answers) <= 60 * KB
    assert {answer.headers["Content-Type"] for answer in answers} == {"image/webp"}


def test_a_page_has_no_inline_style_or_script_and_asks_nobody_else(business):
    link = rich_quote(1)
    visitor = make.let_in(link)
    for page in ("angebot/", "pruefen/", "ablehnen/", "widerruf/"):
        text = visitor.get(f"/k/{link.public_id}/{page}").content.decode()
        assert re.findall(r"\sstyle=|<style|\son\w+=|<script(?![^>]*src=)", text) == []
        assert re.findall(r'(?:src|href|action|srcset)="(?:https?:)?//', text) == []


def test_a_picture_of_another_quote_or_size_is_unknown(business):
    link, other = rich_quote(1), rich_quote(1)
    visitor = make.let_in(link)
    pictures = [each.subject.lines.exclude(picture=None).first().picture_id for each in (link, other)]
    addresses = [f"bild/{pictures[0]}/", f"bild/{pictures[1]}/", f"bild/{pictures[0]}/99/", f"bild/{pictures[0]}/640/"]
    answers = [visitor.get(f"/k/{link.public_id}/{address}").status_code for address in addresses]
    assert answers == [200, 404, 404, 200]

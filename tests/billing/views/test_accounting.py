"""The way to everything about the books."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.rights import RIGHTS, Right, Role
from billing import books
from tests import make
from tests.billing.views import costs

PAGE = "/buchhaltung/"


def test_each_part_is_one_tap_away_and_says_what_waits(owner):
    make.make_open_invoice(by=owner)
    books.lock(timezone.localdate().replace(day=1) - timedelta(days=1), owner)
    browser = make.signed_in(owner)
    page = browser.get(PAGE)
    words = page.content.decode()
    assert "1 offen" in words and "abgeschlossen bis" in words
    assert len(page.context["places"]) == 10
    for place in page.context["places"]:
        assert browser.get(place["url"]).status_code == 200, place
        assert f'href="{PAGE}" aria-current="page"' in browser.get(place["url"]).content.decode(), place


@pytest.mark.parametrize("role", [role for role in Role if Right.SEE_MONEY in RIGHTS[role]])
def test_whoever_sees_the_page_may_go_to_every_part(business, role):
    browser = make.signed_in(make.make_member(role))
    urls = [place["url"] for place in browser.get(PAGE).context["places"]]
    assert [url for url in urls if browser.get(url).status_code != 200] == []


def test_the_page_costs_the_same_for_any_number(owner):
    browser = make.signed_in(owner)
    make.make_open_invoice(by=owner)
    few = costs.queries(browser, PAGE)
    make.make_open_invoice(by=owner)
    make.make_open_invoice(by=owner)
    assert costs.queries(browser, PAGE) == few

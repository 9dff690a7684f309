"""The door: tokens, cookies, and what stays outside (P18 to P27, P34)."""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts import current
from config.logs import HideTokens
from crm import access, limits
from crm.models import AccessLink, Mail
from tests import make

UNKNOWN = "Diese Seite gibt es nicht oder der Link gilt nicht mehr."


def door(link):
    return f"/l/{access.token(link)}/"


# --- letting in ---------------------------------------------------------------------------------------------------------
def test_the_token_is_exchanged_for_a_cookie_and_stands_in_no_later_address(client, link):
    answer = client.get(door(link), follow=True)
    assert [status for _url, status in answer.redirect_chain] == [302, 302]
    assert answer.redirect_chain[-1][0] == f"/k/{link.public_id}/angebot/"
    assert access.token(link) not in answer.content.decode()


def test_the_cookie_is_for_this_link_alone_and_for_twelve_hours(client, link):
    cookie = client.get(door(link)).cookies[f"link-{link.public_id}"]
    assert cookie["path"] == f"/k/{link.public_id}/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 12 * 60 * 60
    assert access.token(link) not in cookie.value


def test_the_cookie_is_secure_where_the_site_is(client, link, settings):
    settings.SESSION_COOKIE_SECURE = True
    assert client.get(door(link)).cookies[f"link-{link.public_id}"]["secure"]


def test_after_twelve_hours_the_link_must_be_opened_again(visitor, link):
    address = f"/k/{link.public_id}/angebot/"
    assert visitor.get(address).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=12, minutes=1)):
        assert visitor.get(address).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_the_door_is_only_opened_by_reading(client, link, method):
    assert getattr(client, method)(door(link)).status_code == 405


# --- what is unknown ----------------------------------------------------------------------------------------------------
def broken(token):
    return [
        token[:-1],
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        token.swapcase(),
        token + "%00",
        "x" * 10_000,
        "ü€",
    ]


def test_every_broken_token_gets_the_same_bytes(client, link):
    answers = [client.get(f"/l/{token}/") for token in broken(access.token(link))]
    answers += [client.get("/l/"), client.get("/k/unbekannt/"), client.get(f"/k/{link.public_id}/angebot/")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert UNKNOWN in answers[0].content.decode()


def test_the_page_of_an_unknown_link_is_the_same_for_staff(link, owner):
    anybody = make.Browser().get("/l/unbekannt/")
    assert make.signed_in(owner).get("/l/unbekannt/").content == anybody.content


def test_sixty_unknown_tokens_in_a_minute_are_too_many_from_one_address(client, link):
    with time_machine.travel(timezone.now().replace(second=5), tick=False):
        answers = [client.get(f"/l/{n}/") for n in range(61)]
        assert [answer.status_code for answer in answers] == [404] * 60 + [429]
        assert answers[-1].headers["Retry-After"] == "55"
        # a link that is one opens, from there and from anywhere else
        assert client.get(door(link)).status_code == 302
        assert client.get("/l/noch-einer/", REMOTE_ADDR="192.0.2.9").status_code == 404


def test_the_client_cannot_choose_its_address(client, settings, rf):
    settings.TRUSTED_PROXIES = 1
    request = rf.get("/", HTTP_X_FORWARDED_FOR="198.51.100.7, 203.0.113.9", REMOTE_ADDR="10.0.0.1")
    assert limits.client_address(request) == "203.0.113.9"
    settings.TRUSTED_PROXIES = 0
    assert limits.client_address(request) == "10.0.0.1"


@pytest.mark.parametrize(
    ("address", "kept"), [("203.0.113.9", "203.0.113.0"), ("2001:db8:1:2:3::4", "2001:db8:1::"), ("", "")]
)
def test_an_address_is_kept_shortened(address, kept):
    assert limits.shortened(address) == kept


def test_the_limit_holds_while_the_cache_is_away(client, db, monkeypatch):
    class Away:
        def add(self, *args):
            raise ConnectionError

    monkeypatch.setattr("crm.limits.cache", Away())
    with time_machine.travel(timezone.now().replace(second=5), tick=False):
        assert [client.get(f"/l/{n}/").status_code for n in range(62)][-2:] == [429, 429]


# --- closed links -------------------------------------------------------------------------------------------------------
def test_an_expired_link_says_whom_to_call_and_nothing_else(client, link):
    with time_machine.travel(link.expires_at + timedelta(seconds=1)):
        answer = client.get(door(link))
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "Dieser Link gilt nicht mehr." in page
    assert 'href="tel:+494066969120"' in page
    assert "Neuen Link schicken" in page
    for secret in (link.customer.email, link.customer.last_name, "AN-2026", "Einbauschrank"):
        assert secret not in page


PAGES = ["", "angebot/", "angebot.pdf", "summe/", "pruefen/", "widerruf/", "agb/", "plz/"]


@pytest.mark.parametrize("page", PAGES)
def test_a_revoked_link_is_dead_at_once_on_every_page(visitor, link, page):
    access.revoke(link.subject)
    assert visitor.get(f"/k/{link.public_id}/{page}").status_code == 410


def test_an_order_on_a_revoked_link_changes_nothing(visitor, link, quote):
    access.revoke(quote)
    answer = visitor.post(f"/k/{link.public_id}/beauftragen/", {"name": "Sabine Brandt"})
    quote.refresh_from_db()
    assert (answer.status_code, quote.state) == (410, "sent")


# --- scope --------------------------------------------------------------------------------------------------------------
def test_the_cookie_of_one_link_opens_no_other(visitor, link):
    other = make.link_to(make.make_sent_quote())
    assert visitor.get(f"/k/{other.public_id}/angebot/").status_code == 404
    visitor.cookies[f"link-{other.public_id}"] = visitor.cookies[f"link-{link.public_id}"].value
    assert visitor.get(f"/k/{other.public_id}/angebot/").status_code == 404


@pytest.mark.parametrize("page", ["rechnung/", "rechnung.pdf", "auftrag/", "auftrag.pdf", "meinung/", "termin.ics"])
def test_a_quotes_link_opens_its_quote_only_until_it_is_ordered(visitor, link, page):
    make.make_open_invoice()  # somebody else's
    assert visitor.get(f"/k/{link.public_id}/{page}").status_code == 404


def test_a_quotes_link_opens_the_order_that_came_from_it(visitor, link, quote):
    order = make.make_order(quote)
    assert order.number in visitor.get(f"/k/{link.public_id}/auftrag/").content.decode()


def test_an_orders_link_opens_no_quote_and_no_invoice(business):
    invoice = make.make_open_invoice()
    link = make.link_to(invoice.order)
    visitor = make.let_in(link)
    assert visitor.get(f"/k/{link.public_id}/auftrag/").status_code == 200
    for page in ("angebot/", "angebot.pdf", "rechnung/", "pruefen/"):
        assert visitor.get(f"/k/{link.public_id}/{page}").status_code == 404


def test_a_link_to_a_draft_is_unknown(business):
    quote = make.make_quote()
    link = access.mint(quote, purpose="quote", customer=quote.customer, expires_at=timezone.now() + timedelta(days=1))
    assert make.let_in(link).get(f"/k/{link.public_id}/angebot/").status_code == 404


def test_two_links_of_two_businesses_live_in_one_browser(visitor, link):
    with current.working_for(make.make_business("Malerei Winter")):
        other = make.link_to(make.make_sent_quote())
    make.let_in(other, visitor)
    mine = visitor.get(f"/k/{link.public_id}/angebot/").content.decode()
    theirs = visitor.get(f"/k/{other.public_id}/angebot/").content.decode()
    assert ("Tischlerei Haselbach" in mine, "Malerei Winter" in mine) == (True, False)
    assert ("Tischlerei Haselbach" in theirs, "Malerei Winter" in theirs) == (False, True)


def test_a_member_of_another_business_sees_the_customers_page_as_the_customer_does(link):
    with current.working_for(make.make_business("Malerei Winter")):
        stranger = make.signed_in_as()
    page = make.let_in(link, stranger).get(f"/k/{link.public_id}/angebot/").content.decode()
    assert "Tischlerei Haselbach" in page
    assert "Malerei Winter" not in page


# --- headers ------------------------------------------------------------------------------------------------------------
def everything(visitor, link):
    """One answer of every kind: page, redirect, JSON, PDF, refusal, unknown, wrong method."""
    k = f"/k/{link.public_id}/"
    yield visitor.get(door(link))
    for page in ("", "angebot/", "summe/", "angebot.pdf", "pruefen/", "plz/", "rechnung/", "gibt/es/nicht/"):
        yield visitor.get(k + page)
    yield visitor.post(k + "beauftragen/")
    yield visitor.put(k + "beauftragen/")
    yield visitor.get("/l/unbekannt/")
    access.revoke(link.subject)
    yield visitor.get(k + "angebot/")


def test_every_answer_carries_the_headers_of_a_private_page(visitor, link):
    answers = list(everything(visitor, link))
    assert {answer.status_code for answer in answers} == {200, 302, 403, 404, 405, 410}
    for answer in answers:
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Security-Policy" in answer.headers
        assert "X-Powered-By" not in answer.headers
    page = visitor.get("/l/unbekannt/")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_forms_can_prove_where_they_stand_although_the_header_forbids_referrers(visitor, link):
    """Under no-referrer alone browsers send "Origin: null", and every order would be refused."""
    page = visitor.get(f"/k/{link.public_id}/angebot/").content.decode()
    assert '<meta name="referrer" content="strict-origin">' in page


def test_outward_links_say_nothing_about_where_they_came_from(business):
    business.website = business.review_url = "https://haselbach.example/"
    business.save()
    page = make.Browser().get(f"/impressum/{business.slug}/").content.decode()
    outward = re.findall(r'<a href="https?:[^>]*>', page)
    assert outward
    assert all('rel="noreferrer noopener"' in each for each in outward)


# --- the token stays secret ---------------------------------------------------------------------------------------------
def test_no_table_holds_the_token(visitor, link, business):
    visitor.post(f"/k/{link.public_id}/nachricht/", {"text": "Geht das auch in Messing?"})
    token = access.token(link)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of tables
            assert token not in str(cursor.fetchall())
    assert Mail.objects.count() > 0


def test_the_log_hides_the_token(link, caplog):
    record = logging.LogRecord("x", logging.INFO, "", 0, '"GET %s HTTP/1.1" 302', (f"/l/{access.token(link)}/",), None)
    HideTokens().filter(record)
    assert record.getMessage() == '"GET /l/[link]/ HTTP/1.1" 302'


def test_what_a_link_opens_is_wired_by_name(link):
    assert set(settings.LINK_PAGES) == set(AccessLink.Purpose.values)

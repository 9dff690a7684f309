"""A change order (Nachtrag, R93) as its customer sees, accepts and withdraws from it."""

import re
from decimal import Decimal

import pytest

from billing import amendments, orders, quotes
from billing.models import Order, Quote
from crm import access
from portal import nonces
from tests import make

SOCKETS = [make.line("Steckdose", "3", "84.50"), make.line("Dimmer", price="59.90", is_optional=True)]  # 301.67 gross


@pytest.fixture
def order(business):
    return make.make_order()


@pytest.fixture
def quote(order, owner):
    return make.make_sent_amendment(order, by=owner, lines=SOCKETS)


@pytest.fixture
def link(quote):
    return make.link_to(quote)


def visit(link, path, browser=None):
    return (browser or make.let_in(link)).get(f"/k/{link.public_id}/{path}")


def said(link, path, browser=None):
    return visit(link, path, browser).content.decode()


def order_it(browser, quote, link):
    fields = {"nonce": nonces.make(link, quote.document_hash), "name": "Sabine Brandt", "email": quote.customer.email}
    return browser.post(f"/k/{link.public_id}/beauftragen/", fields)


def test_the_page_says_that_it_is_a_change_order_and_of_which_order(order, quote, link):
    text = said(link, "angebot/")
    assert f'<span class="badge brand">Nachtrag {quote.number}</span>' in text
    assert f"Nachtrag 1 zu Ihrem Auftrag {order.number}: Einbauschrank im Flur" in text
    assert "Nachtrag ablehnen" in text
    assert f"Nachtrag {quote.number}" in said(link, "pruefen/")  # directly above the button


def test_before_it_is_accepted_its_link_opens_nothing_of_the_order(link):
    browser = make.let_in(link)
    for path in ("auftrag/", "auftrag.pdf", "termin.ics", "beauftragt/"):
        assert visit(link, path, browser).status_code == 404


def test_what_is_accepted_is_part_of_the_order_and_its_link_leads_there(order, quote, link):
    browser = make.let_in(link)
    answer = order_it(browser, quote, link)
    assert answer.headers["Location"] == f"/k/{link.public_id}/beauftragt/"
    assert order_it(browser, quote, link).status_code == 302  # once more is the same
    order.refresh_from_db()
    assert (Order.objects.count(), order.gross) == (1, Decimal("8173.52"))
    thanks = said(link, "beauftragt/", browser)
    assert f'gehört jetzt zu Ihrem Auftrag <b class="b num">{order.number}</b>' in thanks
    assert "301,67" in thanks
    assert "Auftragsbestätigung" not in thanks  # that of the order stays as it was issued
    text = said(link, "auftrag/", browser)
    assert "Wir haben Ihren Auftrag." in text
    assert re.findall(r'<dd class="num">([^<]+)\xa0€</dd>', text) == ["7.871,85", "+\xa0301,67", "8.173,52"]
    assert f"/k/{link.public_id}/auftrag/" in said(link, "angebot/", browser)


def test_the_orders_page_asks_for_a_decision_and_leads_to_it(order, quote):
    link = make.link_to(order)
    browser = make.let_in(link)
    text = said(link, "auftrag/", browser)
    assert "Bitte entscheiden Sie" in text
    assert "+\xa0301,67" in text
    address = f"/k/{link.public_id}/nachtrag/{quote.pk}/"
    assert f'href="{address}"' in text
    answer = browser.get(address, follow=True)
    assert answer.request["PATH_INFO"] == f"/k/{make.link_to(quote).public_id}/angebot/"
    assert answer.status_code == 200
    quotes.decline(quote)
    assert "Bitte entscheiden Sie" not in said(link, "auftrag/", browser)


def test_the_way_there_asks_for_the_postcode_where_that_was_not_asked_before(business, order, quote):
    order_link, link = make.link_to(order), make.link_to(quote)
    type(link).objects.filter(pk=link.pk).update(asks_postcode=True)
    browser = make.let_in(order_link)
    answer = browser.get(f"/k/{order_link.public_id}/nachtrag/{quote.pk}/", follow=True)
    assert answer.request["PATH_INFO"] == f"/k/{link.public_id}/plz/"
    type(link).objects.filter(pk=order_link.pk).update(asks_postcode=True)
    order_link.refresh_from_db()
    browser = make.let_in(order_link)
    answer = browser.get(f"/k/{order_link.public_id}/nachtrag/{quote.pk}/", follow=True)
    assert answer.request["PATH_INFO"] == f"/k/{link.public_id}/angebot/"


def test_change_orders_of_other_orders_drafts_and_closed_links_are_unknown(order, quote, owner):
    other = make.make_order(make.make_sent_quote(order.customer))
    draft = amendments.start(order, by=owner)
    elsewhere, here = make.link_to(other), make.link_to(order)
    assert visit(elsewhere, f"nachtrag/{quote.pk}/").status_code == 404
    assert visit(here, f"nachtrag/{draft.pk}/").status_code == 404
    access.revoke(quote)
    assert visit(here, f"nachtrag/{quote.pk}/").status_code == 404


def test_once_the_order_is_called_off_it_can_only_be_read(order, quote, link, owner):
    orders.move(order, Order.State.CANCELLED, by=owner)
    browser = make.let_in(link)
    text = said(link, "angebot/", browser)
    assert "kann nichts mehr dazukommen" in text
    assert "Prüfen und beauftragen" not in text
    assert order_it(browser, quote, link).status_code == 409
    quote.refresh_from_db()
    assert quote.state == Quote.State.SENT
    assert "Bitte entscheiden Sie" not in said(make.link_to(order), "auftrag/")


def test_it_is_withdrawn_from_by_itself(order, quote, link):
    browser = make.let_in(link)
    order_it(browser, quote, link)
    text = said(link, "widerruf/", browser)
    assert f"Nachtrag {quote.number} vom" in text
    browser.post(f"/k/{link.public_id}/widerruf/", {"name": "Sabine Brandt", "email": "a@kunde.example"})
    assert f"(Nachtrag {quote.number} vom" in said(link, "widerruf/", browser)
    order.refresh_from_db()
    assert order.gross == Decimal("7871.85")
    assert [each.amendment for each in order.withdrawals.all()] == [quote]
    first = make.link_to(order)  # the contract of the order itself still stands
    assert f"Auftrag {order.number} vom" in said(first, "widerruf/")


def test_the_office_begins_one_with_a_button_and_sees_what_became_of_it(order, quote, owner):
    office = make.signed_in(owner)
    answer = office.post(f"/auftraege/{order.pk}/nachtrag/")
    second = Quote.objects.latest("pk")
    assert answer.headers["Location"] == f"/angebote/{second.pk}/bearbeiten/"
    assert (second.amends, second.amendment_number) == (order, 2)
    editor = office.get(answer.headers["Location"]).content.decode()
    assert re.search(r'<select name="mode"[^>]* disabled', editor)
    page = office.get(f"/angebote/{second.pk}/").content.decode()
    assert "Nachtrag 2 zum Auftrag" in page
    orders.move(order, Order.State.CANCELLED, by=owner)
    assert office.post(f"/auftraege/{order.pk}/nachtrag/").status_code == 409


def test_what_is_asked_about_it_stands_in_the_conversation_of_the_order(order, quote, link):
    make.let_in(link).post(f"/k/{link.public_id}/nachricht/", {"text": "Auch in Weiß?"})
    assert "Auch in Weiß?" in said(make.link_to(order), "auftrag/")


def test_the_public_page_knows_its_number_too(business, order, quote, link):
    order_it(make.let_in(link), quote, link)
    said = {"contract": quote.number, "name": "Sabine Brandt", "email": order.customer.email}
    make.Browser().post(f"/widerruf/{business.slug}/", said)
    assert [each.amendment for each in order.withdrawals.all()] == [quote]

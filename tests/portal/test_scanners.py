"""Mail scanners and previews open every link within seconds: reading changes nothing, whatever is read (P14, P15)."""

import itertools

import pytest
from django.db import DatabaseError, connection
from django.urls import get_resolver

from billing.models import Quote
from crm import link_pages, tasks
from feedback import requests
from tests import make

AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0) Chrome/130",
    "Barracuda Sentinel",
    "WhatsApp/2.24",
    "Slackbot-LinkExpanding 1.0",
]


SCANNERS = [
    *AGENTS,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1",
    "Microsoft-SafeLinks-Scanner",
    "Proofpoint URL Defense",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mimecast",
    "",
]


def dump():
    """Every row of every table."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - {"django_session"})
        rows = {}
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608 - names of tables
            rows[table] = cursor.fetchall()
    return rows


def addresses(link):
    """Every customer page there is, as addresses of this link."""
    found = set()
    for pattern in _patterns(get_resolver().url_patterns):
        if pattern.startswith("k/"):
            found.add(
                "/"
                + pattern.replace("<str:public_id>", link.public_id)
                .replace("<int:pk>", "1")
                .replace("<int:edge>", "640")
                .replace("<int:version>", "1")
            )
    return sorted(found)


def _patterns(patterns, prefix=""):
    for each in patterns:
        route = prefix + str(getattr(each.pattern, "_route", ""))
        if hasattr(each, "url_patterns"):
            yield from _patterns(each.url_patterns, route)
        else:
            yield route


@pytest.fixture
def links(business):
    """One of each purpose."""
    order = make.make_completed_order(feedback_notice=True)
    request = requests.plan(order)
    requests.send(request)
    return [
        make.link_to(make.make_sent_quote()),
        make.link_to(order),
        make.link_to(make.make_open_invoice()),
        make.link_to(request),
    ]


def test_the_list_of_pages_is_whole(links):
    assert len(addresses(links[0])) >= 29


def test_reading_every_page_in_every_way_changes_nothing(links):
    before, agents = dump(), itertools.cycle(AGENTS)
    for link in links:
        visitor = make.let_in(link)
        for address in addresses(link):
            for method in ("get", "head", "options"):
                answer = getattr(visitor, method)(
                    address, headers={"User-Agent": next(agents), "Sec-Purpose": "prefetch"}
                )
                assert answer.status_code < 500 or answer.status_code == 503, (address, answer.status_code)
    assert dump() == before


def test_fifty_looks_of_scanners_leave_a_quote_unseen_and_the_history_says_fetched(link, owner, woken):
    before = dump()
    for n in range(50):
        browser = make.Browser(headers={"User-Agent": SCANNERS[n % len(SCANNERS)]})
        assert make.let_in(link, browser).get(f"/k/{link.public_id}/angebot/").status_code == 200
    assert dump() == before
    work_off(woken)
    link.refresh_from_db()
    assert (link.seen_count, link.last_seen_at, Quote.objects.get().state) == (0, None, "sent")
    history = make.signed_in(owner).get(f"/kontakte/{link.customer_id}/").content.decode()
    assert history.count("Link abgerufen (evtl. automatisch)") == 1
    assert "Angebot angesehen" not in history


def test_once_fetched_no_further_fetch_wakes_anybody(link, woken):
    make.let_in(link)
    work_off(woken)
    make.let_in(link)
    assert ("crm.tasks.note_fetched", link.pk) not in woken


def test_a_member_who_tries_the_link_has_not_fetched_it(link, owner, woken):
    make.let_in(link, make.signed_in(owner))
    assert ("crm.tasks.note_fetched", link.pk) not in woken


def work_off(woken):
    """What the background does with the wake-ups so far."""
    for task, *args in woken:
        if task == "crm.tasks.note_fetched":
            tasks.note_fetched(*args)
    woken.clear()


def test_while_reading_the_database_itself_refuses_to_write(quote):
    with pytest.raises(DatabaseError), link_pages.read_only():
        Quote.objects.filter(pk=quote.pk).update(internal_note="heimlich")


def test_after_reading_the_database_can_be_written_again(visitor, link, quote):
    visitor.get(f"/k/{link.public_id}/angebot/")
    assert Quote.objects.filter(pk=quote.pk).update(internal_note="wieder") == 1


ACTIONS = ["beauftragen/", "gesehen/", "nachricht/", "neuer-link/"]


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("method", ["get", "head", "options", "put", "delete", "patch"])
def test_what_acts_is_only_posted(visitor, link, action, method):
    answer = getattr(visitor, method)(f"/k/{link.public_id}/{action}")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused_before_anybody_asks_for_a_token(link, method):
    visitor = make.let_in(link, make.Browser(enforce_csrf_checks=True))
    answer = getattr(visitor, method)(f"/k/{link.public_id}/ablehnen/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")

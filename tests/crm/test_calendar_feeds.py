"""Calendar feeds: secret, revocable, of one's own rights, and what RFC 5545 asks."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.rights import Role
from config.logs import TOKEN_IN_PATH
from crm import appointments, calendar_feeds, todos
from crm.models import CalendarFeed
from tests import make


@pytest.fixture
def emre(business):
    return make.make_member(Role.FIELD_WORKER, name="Emre")


def fetch(address, **headers):
    return make.Browser().get(address[address.index("/kalender/") :], headers=headers)


def lines(response):
    return response.content.decode().replace("\r\n ", "").split("\r\n")


def summaries(response):
    return [line.removeprefix("SUMMARY:") for line in lines(response) if line.startswith("SUMMARY:")]


def test_a_feed_holds_tasks_with_a_day_and_appointments(owner):
    customer = make.make_customer()
    start = (timezone.now() + timedelta(days=1)).replace(microsecond=0)
    appointment = make.make_appointment(customer, "Aufmaß; Küche", starts_at=start, assignee=owner)
    make.make_todo("Holz, Leim", by=owner, due_on=timezone.localdate())
    make.make_todo("ohne Tag", by=owner)
    _feed, address = calendar_feeds.create(owner, "Handy")
    response = fetch(address)
    text = lines(response)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert summaries(response) == ["Aufmaß\\; Küche\\, Sabine Brandt", "Holz\\, Leim"]
    assert f"UID:appointment-{appointment.pk}@handschlag" in text
    assert f"DTSTART:{start.astimezone(UTC):%Y%m%dT%H%M%SZ}" in text
    assert f"DTSTART;VALUE=DATE:{timezone.localdate():%Y%m%d}" in text and "TRANSP:TRANSPARENT" in text
    assert "LOCATION:Rotdornweg 8\\, 22397 Hamburg" in text


def test_what_changes_keeps_its_uid_and_counts_up(owner):
    appointment = make.make_appointment(starts_at=timezone.now() + timedelta(days=1), assignee=owner)
    _feed, address = calendar_feeds.create(owner, "Handy")
    appointments.change(appointment, by=owner, title="Montage")
    appointments.cancel(appointment, by=owner)
    text = lines(fetch(address))
    assert f"UID:appointment-{appointment.pk}@handschlag" in text
    assert "SEQUENCE:2" in text and "STATUS:CANCELLED" in text


def test_nobody_sees_more_than_they_may(owner, emre):
    make.make_appointment(title="von Jana", assignee=owner)
    make.make_appointment(title="von Emre", assignee=emre)
    make.make_todo("für Emre", by=owner, assignee=emre, due_on=timezone.localdate())

    def shown(member, **fields):
        return [each.partition("\\,")[0] for each in summaries(fetch(calendar_feeds.create(member, "x", **fields)[1]))]

    assert shown(owner) == ["von Jana"]
    assert shown(owner, is_of_all=True) == ["von Jana", "von Emre", "für Emre"]
    assert shown(emre, is_of_all=True) == ["von Emre", "für Emre"]


def test_rights_are_looked_at_each_time(owner, emre):
    make.make_appointment(title="von Emre", assignee=emre)
    _feed, address = calendar_feeds.create(owner, "Handy", is_of_all=True)
    assert len(summaries(fetch(address))) == 1
    type(owner).objects.filter(pk=owner.pk).update(role=Role.FIELD_WORKER)
    assert summaries(fetch(address)) == []
    type(owner).objects.filter(pk=owner.pk).update(role=Role.TAX_ADVISER)
    assert fetch(address).status_code == 404
    type(owner).objects.filter(pk=owner.pk).update(role=Role.OWNER, is_active=False)
    assert fetch(address).status_code == 404


def test_the_address_is_secret_and_can_be_ended(owner):
    feed, address = calendar_feeds.create(owner, "Handy")
    token = address.rpartition("/")[2].removesuffix(".ics")
    assert len(token) >= 43 and token not in str(CalendarFeed.objects.values().get())
    assert token not in TOKEN_IN_PATH.sub(r"\1[link]", f"GET {address} 200")
    unknown = fetch(f"/kalender/{token[:-1]}.ics")
    calendar_feeds.revoke(feed)
    ended = fetch(address)
    assert (ended.status_code, ended.content) == (unknown.status_code, unknown.content) == (404, ended.content)


def test_what_did_not_change_is_not_sent_again(owner):
    todo = make.make_todo("Holz", by=owner, due_on=timezone.localdate())
    _feed, address = calendar_feeds.create(owner, "Handy")
    first = fetch(address)
    again = fetch(address, **{"If-None-Match": f"W/{first.headers['ETag']}"})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    todos.finish(todo, by=owner)
    assert fetch(address, **{"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert "Last-Modified" in first.headers and CalendarFeed.objects.get().last_fetched_at is not None


def test_who_asks_all_the_time_is_told_to_wait(owner, counters):
    _feed, address = calendar_feeds.create(owner, "Handy")
    answers = [fetch(address) for _ in range(61)]
    assert {each.status_code for each in answers[:60]} == {200}
    assert answers[60].status_code == 429 and int(answers[60].headers["Retry-After"]) > 0


def test_a_feed_costs_the_same_for_any_number(owner, django_assert_max_num_queries):
    _feed, address = calendar_feeds.create(owner, "Handy", is_of_all=True)
    fetch(address)
    for n in range(3):
        make.make_appointment(assignee=make.make_member())
        make.make_todo(f"{n}", by=make.make_member(), customer=make.make_customer(), due_on=timezone.localdate())
    with django_assert_max_num_queries(3):
        fetch(address)


def test_the_page_shows_the_address_once(owner):
    browser = make.reauthenticated(make.signed_in(owner))
    page = reverse("crm:calendar_feeds")
    created = browser.post(reverse("crm:feed_create"), {"name": "Handy", "is_of_all": "on"})
    address = re.search(r'class="raw">([^<]+)<', created.content.decode())[1]
    assert fetch(address).status_code == 200 and created.headers["Cache-Control"] == "no-store"
    assert address not in browser.get(page).content.decode()
    browser.post(reverse("crm:feed_revoke", args=[CalendarFeed.objects.get().pk]))
    assert fetch(address).status_code == 404


def test_a_member_ends_only_their_own(owner, emre):
    feed, _address = calendar_feeds.create(owner, "Handy")
    assert make.signed_in(emre).post(reverse("crm:feed_revoke", args=[feed.pk])).status_code == 404


def test_a_whole_calendar_is_folded_and_ends_its_lines_as_asked(owner):
    make.make_todo("Übergröße " * 15, by=owner, due_on=timezone.localdate())
    _feed, address = calendar_feeds.create(owner, "Handy")
    body = fetch(address).content
    assert body.endswith(b"END:VCALENDAR\r\n") and b"\n" not in body.replace(b"\r\n", b"")
    assert max(map(len, body.split(b"\r\n"))) <= 75
    assert datetime.now(UTC).strftime("DTSTAMP:%Y%m%d").encode() in body

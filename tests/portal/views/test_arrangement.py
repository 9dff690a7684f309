"""The customer's page of an appointment: choose, move, call off; nothing by looking, nothing twice."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from crm import access, appointments, arrangements, scheduling
from crm.models import Appointment, Arrangement, Mail
from tests import make

TUESDAY = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel("2026-11-23T08:00:00+00:00", tick=False) as clock:
        yield clock


@pytest.fixture
def asked(owner):
    return make.make_arrangement(by=owner, assignee=owner)


def at(hour, minute=0, day=TUESDAY):
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour, minute)).astimezone(UTC)


class Page:
    """The customer with the page of one arrangement open."""

    def __init__(self, arrangement):
        self.arrangement, self.link = arrangement, access.links_to(arrangement).first()
        self.visitor = make.let_in(self.link)

    def get(self, step="", **query):
        return self.visitor.get(f"/k/{self.link.public_id}/terminabsprache/{step}", query)

    def nonce(self, step=""):
        return re.search(r'name="nonce" value="([^"]+)"', self.get(step).content.decode())[1]

    def post(self, step, *, nonce=None, **fields):
        nonce = nonce if nonce is not None else self.nonce("" if step in ("nehmen/", "passt-nicht/") else step)
        return self.visitor.post(f"/k/{self.link.public_id}/terminabsprache/{step}", {"nonce": nonce, **fields})

    def take(self, start, **fields):
        return self.post("nehmen/", starts_at=start.isoformat(), **fields)

    @property
    def state(self):
        self.arrangement.refresh_from_db()
        return self.arrangement.state


def values(response):
    return re.findall(r'name="starts_at" value="([^"]+)"', response.content.decode())


def test_the_page_offers_five_days_and_then_more(asked):
    page = Page(asked)
    first = page.get()
    assert len({value[:10] for value in values(first)}) == 5
    following = re.search(r'\?ab=([0-9-]+)"', first.content.decode())[1]
    assert min(values(page.get(ab=following))) > max(values(first))
    assert "checked" not in first.content.decode()


def test_taking_a_time(asked):
    page = Page(asked)
    start = datetime.fromisoformat(values(page.get())[3])
    nonce = page.nonce()
    assert page.take(start, nonce=nonce).url == f"/k/{page.link.public_id}/terminabsprache/"
    assert page.take(start, nonce=nonce).status_code == 302  # sent twice
    assert Appointment.objects.get().starts_at == start
    assert "Ihr Termin steht." in page.get().content.decode()
    assert Mail.objects.filter(kind="crm/mail/appointment_told").count() == 1


def test_a_time_that_is_gone_is_named_and_the_others_are_shown(owner, asked):
    page = Page(asked)
    start = datetime.fromisoformat(values(page.get())[0])
    nonce = page.nonce()
    make.make_appointment(starts_at=start, assignee=owner)
    response = page.take(start, nonce=nonce)
    assert response.status_code == 422
    assert "inzwischen vergeben" in response.content.decode() and start.isoformat() not in values(response)
    assert page.state == "open"


def test_a_time_must_be_chosen(asked):
    response = Page(asked).post("nehmen/")
    assert response.status_code == 422 and "Bitte wählen Sie eine Zeit." in response.content.decode()


def test_without_the_mark_of_a_page_nothing_happens(asked):
    page = Page(asked)
    assert page.take(at(8), nonce="x").status_code == 409
    assert page.state == "open"


def test_proposed_times_are_the_choice_and_none_may_fit(owner):
    page = Page(make.make_arrangement(by=owner, assignee=owner, times=[at(8), at(10)]))
    assert values(page.get()) == [at(8).isoformat(), at(10).isoformat()]
    assert page.post("passt-nicht/", words="").status_code == 422
    assert page.post("passt-nicht/", words="Erst im Januar").status_code == 302
    assert page.state == "refused" and "melden uns" in page.get().content.decode()


def test_moving_and_calling_off_until_the_business_says_stop(asked, monday):
    arrangements.take(asked, at(8))
    page = Page(asked)
    assert "verschieben/" in page.get().content.decode()
    assert page.post("verschieben/", starts_at=at(10).isoformat()).status_code == 302
    assert Appointment.objects.get().starts_at == at(10)
    assert page.post("absagen/", words="krank").status_code == 422  # the tick is missing
    monday.move_to(at(11, day=date(2026, 11, 30)))
    page = Page(asked)
    assert page.get("verschieben/").status_code == page.get("absagen/").status_code == 302
    assert "rufen Sie uns an" in page.get().content.decode()
    monday.move_to(at(9, day=date(2026, 11, 30)))
    assert page.post("absagen/", words="krank", is_sure="on").status_code == 302
    assert page.state == "cancelled" and "abgesagt" in page.get().content.decode()


def test_the_calendar_file_says_what_became_of_it(owner, asked):
    page = Page(asked)
    file = f"/k/{page.link.public_id}/terminabsprache.ics"
    assert page.visitor.get(file).status_code == 404
    appointment = arrangements.take(asked, at(8))
    assert "DTSTART:20261201T070000Z" in page.visitor.get(file).content.decode()
    appointments.cancel(appointment, by=owner)
    text = page.visitor.get(file).content.decode()
    assert "STATUS:CANCELLED" in text and "SEQUENCE:1" in text


def test_what_was_taken_back_says_so(asked):
    page = Page(asked)
    nonce = page.nonce()
    arrangements.close(asked)
    assert "gilt nicht mehr" in page.get().content.decode()
    assert page.take(at(8), nonce=nonce).status_code == 409


def test_who_looks_changes_nothing_and_nobody_comes_in_by_another_link(owner, asked):
    page = Page(asked)
    for step in ("", "verschieben/", "absagen/"):
        page.get(step)
    for step in ("nehmen/", "passt-nicht/"):
        assert page.get(step).status_code == 405
    assert (page.state, Arrangement.objects.get().answered_at) == ("open", None)
    quote = make.let_in(make.link_to(make.make_sent_quote()))
    assert quote.get(f"/k/{page.link.public_id}/terminabsprache/").status_code == 404


def test_the_page_costs_the_same_for_any_number_of_times(owner, asked):
    page = Page(asked)
    scheduling.change_rules(hours=[[["08:00", "09:00"]]] * 5 + [[], []])
    few = make.count_queries(page.visitor, f"/k/{page.link.public_id}/terminabsprache/")
    scheduling.change_rules(hours=[[["08:00", "18:00"]]] * 7, step_minutes=15)
    for n in range(3):
        make.make_appointment(starts_at=at(8) + timedelta(days=n), assignee=owner)
    assert make.count_queries(page.visitor, f"/k/{page.link.public_id}/terminabsprache/") == few

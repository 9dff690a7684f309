"""The week of the office, appointments by hand, and what was agreed with customers."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.rights import Role
from crm import agenda, arrangements, scheduling
from crm.models import Appointment, Arrangement, DayOff, Mail
from tests import make

CALENDAR = reverse("crm:calendar")
TUESDAY = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel("2026-11-23T08:00:00+00:00", tick=False) as clock:
        yield clock


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


def at(hour, minute=0, day=TUESDAY):
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour, minute))


def test_a_week_shows_what_stands_on_each_day(office, owner, business):
    type(business).objects.filter(pk=business.pk).update(state="HH")
    make.make_appointment(title="Aufmaß", starts_at=at(8), assignee=owner)
    make.make_appointment(title="Montage", starts_at=at(8, 30), assignee=owner)
    make.make_appointment(
        title="drei Tage", starts_at=at(8, day=date(2026, 12, 2)), minutes=2 * 24 * 60, assignee=owner
    )
    make.make_todo("Holz", by=owner, due_on=date(2026, 12, 3))
    week = office.get(CALENDAR, {"woche": "2026-W49"}).context["week"]
    assert [[each.title for each in day.appointments] for day in week.days] == [
        [], ["Aufmaß", "Montage"], ["drei Tage"], ["drei Tage"], ["drei Tage"], [], [],
    ]  # fmt: skip
    assert [each.is_doubled for each in week.days[1].appointments] == [True, True]
    assert [todo.text for todo in week.days[3].todos] == ["Holz"]
    christmas = office.get(CALENDAR, {"woche": "2026-W52"}).context["week"]
    assert [day.closed for day in christmas.days][4:6] == ["Erster Weihnachtstag", "Zweiter Weihnachtstag"]


@pytest.mark.parametrize("typed", ["", "x", "2026-W99", "0001-W01", "9999-W01", "2026-W-1"])
def test_a_week_that_is_none_is_this_one(office, typed):
    assert office.get(CALENDAR, {"woche": typed}).context["week"].first == date(2026, 11, 23)


def test_a_worker_sees_their_own_week(business, owner):
    emre = make.make_member(Role.FIELD_WORKER)
    mine = make.make_appointment(title="meiner", starts_at=at(8), assignee=emre)
    other = make.make_appointment(title="fremder", starts_at=at(8), assignee=owner)
    make.make_arrangement(by=owner, assignee=owner)
    browser = make.signed_in(emre)
    response = browser.get(CALENDAR, {"woche": "2026-W49"})
    assert [each.title for each in response.context["week"].days[1].appointments] == ["meiner"]
    assert list(response.context["asked"]) == []
    assert browser.get(mine.get_absolute_url()).status_code == 200
    assert browser.get(other.get_absolute_url()).status_code == 404


def test_the_week_costs_the_same_for_any_number(office, owner):
    def cost(rows):
        for _ in range(rows):
            make.make_appointment(starts_at=at(8), assignee=owner)
            make.make_todo("Holz", by=owner, customer=make.make_customer(), due_on=TUESDAY)
            make.make_arrangement(by=owner, assignee=owner)
        return make.count_queries(office, f"{CALENDAR}?woche=2026-W49")

    assert cost(1) == cost(3)


FIELDS = {"title": "Aufmaß", "day": "2026-12-01", "starts": "08:00", "ends": "09:00"}


def test_booked_by_hand_with_word_to_the_customer_and_a_warning(office, owner):
    make.make_appointment(title="Montage", starts_at=at(8, 30), assignee=owner)
    customer = make.make_customer()
    page = f"{reverse('crm:appointment_create')}?kunde={customer.pk}&tag=2026-12-01"
    assert 'value="2026-12-01"' in office.get(page).content.decode()
    response = office.post(page, {**FIELDS, "assignee": owner.pk, "is_told": "on"}, follow=True)
    assert "Zur selben Zeit: 08:30 Montage" in response.content.decode()
    assert Arrangement.objects.get().appointment == Appointment.objects.get(title="Aufmaß")


def test_moved_by_hand(office, owner):
    appointment = make.make_appointment(starts_at=at(8), assignee=owner)
    office.post(appointment.get_absolute_url(), {**FIELDS, "starts": "10:00", "ends": "11:30", "assignee": owner.pk})
    appointment.refresh_from_db()
    assert (appointment.starts_at, appointment.ends_at) == (at(10), at(11, 30))


def test_asking_a_customer_for_a_time(office, owner):
    customer = make.make_customer()
    page = reverse("crm:arrangement_create", args=[customer.pk])
    fields = {"title": "Aufmaß", "minutes": "60", "assignee": owner.pk, "kind": "times"}
    response = office.post(page, fields)
    assert response.status_code == 422 and "mindestens eine Zeit" in response.content.decode()
    response = office.post(page, {**fields, "first": "2026-11-20T08:00"})
    assert response.status_code == 422 and "schon vorbei" in response.content.decode()
    response = office.post(page, {**fields, "first": "2026-12-01T08:00", "second": "2026-12-02T10:00"})
    arrangement = Arrangement.objects.get()
    assert response.url == arrangement.get_absolute_url()
    assert [each.starts_at for each in arrangement.times.all()] == [at(8), at(10, day=date(2026, 12, 2))]
    assert "/l/" in office.get(arrangement.get_absolute_url()).content.decode()
    assert Mail.objects.get().kind == "crm/mail/appointment_offered"


def test_answers_stand_on_heute_until_they_are_read(office, owner):
    asked = make.make_arrangement(by=owner, assignee=owner)
    arrangements.take(asked, at(8))
    assert "Antworten zu Terminen" in office.get(reverse("today")).content.decode()
    assert agenda.count(owner) == 1
    office.post(reverse("crm:arrangement_read", args=[asked.pk]))
    page = office.get(reverse("today")).content.decode()
    assert "Antworten zu Terminen" not in page and reverse("crm:arrangement_unread", args=[asked.pk]) in page
    office.post(reverse("crm:arrangement_unread", args=[asked.pk]))
    assert "Antworten zu Terminen" in office.get(reverse("today")).content.decode()


SETTINGS = reverse("crm:settings_appointments")
RULES = {"step_minutes": 15, "buffer_minutes": 0, "lead_hours": 2, "window_days": 14, "change_hours": 48}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("8–12, 13:30–17", [["08:00", "12:00"], ["13:30", "17:00"]]),
        ("13.00 - 17.00 Uhr, 8 bis 12 Uhr", [["08:00", "12:00"], ["13:00", "17:00"]]),
        ("", []),
    ],
)
def test_hours_are_read_as_people_write_them(office, typed, kept):
    response = office.post(SETTINGS, {**RULES, "day_0": typed, "reminds": "on"})
    assert response.status_code == 302
    rules = scheduling.rules()
    assert (rules.hours[0], rules.hours[1], rules.step_minutes, rules.reminds) == (kept, [], 15, True)


@pytest.mark.parametrize("typed", ["vormittags", "8-25", "12-8", "8-12, 11-14"])
def test_hours_that_are_none_are_asked_for_again(office, typed):
    assert office.post(SETTINGS, {**RULES, "day_0": typed}).status_code == 422
    assert scheduling.rules().pk is None


def test_places_with_holidays_of_their_own_say_so(office, business):
    type(business).objects.filter(pk=business.pk).update(state="BY")
    assert "Augsburger Friedensfest" in office.get(SETTINGS).content.decode()
    office.post(SETTINGS, {**RULES, "local_holidays": ["assumption"]})
    assert scheduling.rules().local_holidays == ["assumption"]


def test_days_off_are_entered_and_deleted(office):
    office.post(reverse("crm:day_off_add"), {"first_on": "2026-12-24", "last_on": "2026-12-31", "reason": "Ferien"})
    row = DayOff.objects.get()
    assert (row.member, row.last_on) == (None, date(2026, 12, 31))
    assert "Ferien" in office.get(SETTINGS).content.decode()
    bad = office.post(reverse("crm:day_off_add"), {"first_on": "2026-12-24", "last_on": "2026-12-01"})
    assert bad.status_code == 422
    office.post(reverse("crm:day_off_delete", args=[row.pk]))
    assert not DayOff.objects.exists()


def test_what_comes_after_the_window_is_not_offered(owner):
    scheduling.change_rules(window_days=3)
    asked = make.make_arrangement(by=owner, assignee=owner, last_on=date(2026, 12, 24))
    assert {timezone.localdate(each) - timezone.localdate() for each in arrangements.free(asked)} <= {
        timedelta(days=n) for n in (1, 2, 3)
    }

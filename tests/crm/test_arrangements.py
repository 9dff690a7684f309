"""How an appointment comes about with the customer: proposed, picked, moved, called off; each time once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts import current
from accounts.refusals import Refusal
from crm import access, agenda, appointment_news, appointments, arrangements, due, scheduling, states
from crm.models import Appointment, Arrangement, DayOff, DueAction, Mail, TimelineEntry, Todo
from tests import make

TUESDAY = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel("2026-11-23T08:00:00+00:00", tick=False) as clock:
        yield clock


def at(hour, minute=0, day=TUESDAY):
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour, minute))


def propose(owner, customer=None, **fields):
    return arrangements.propose(
        customer or make.make_customer(), "Aufmaß", by=owner, **{"minutes": 60, "assignee": owner, **fields}
    )


def booked(owner, starts_at=None, **fields):
    asked = propose(owner, **fields)
    arrangements.take(asked, starts_at or at(8))
    asked.refresh_from_db()
    return asked


def mails(kind=None):
    return list(Mail.objects.filter(kind=f"crm/mail/{kind}").order_by("pk"))


def events():
    return list(
        TimelineEntry.objects.filter(event__startswith="crm.appointment").order_by("pk").values_list("event", flat=True)
    )


# --- what is free -----------------------------------------------------------------------------------------------------
def test_free_times_lie_within_hours_off_holidays_and_off_what_is_agreed(business, owner):
    scheduling.change_rules(hours=[[["08:00", "10:00"]]] * 5 + [[], []], buffer_minutes=30, step_minutes=30)
    make.make_appointment(starts_at=at(9), assignee=owner)
    make.make_appointment(starts_at=at(8), assignee=make.make_member())  # somebody else's time
    DayOff.objects.create(first_on=date(2026, 12, 2), last_on=date(2026, 12, 2), member=owner)
    DayOff.objects.create(first_on=date(2026, 12, 3), last_on=date(2026, 12, 3))
    DayOff.objects.create(first_on=date(2026, 12, 4), last_on=date(2026, 12, 4), member=make.make_member())
    found = scheduling.free_slots(TUESDAY, date(2026, 12, 7), minutes=60, assignee=owner)
    assert found == [
        *(at(8, minute, date(2026, 12, 4)) for minute in (0, 30)), at(9, 0, date(2026, 12, 4)),
        *(at(8, minute, date(2026, 12, 7)) for minute in (0, 30)), at(9, 0, date(2026, 12, 7)),
    ]  # fmt: skip


def test_nobody_comes_on_a_holiday_of_the_land(business, owner):
    type(business).objects.filter(pk=business.pk).update(state="HH")
    business.refresh_from_db()
    christmas = date(2026, 12, 25)
    with time_machine.travel("2026-12-21T08:00:00+00:00", tick=False):
        found = scheduling.free_slots(date(2026, 12, 24), date(2026, 12, 28), minutes=60, assignee=owner)
    assert {timezone.localdate(each) for each in found} == {date(2026, 12, 24), date(2026, 12, 28)}
    assert scheduling.Planner(christmas, christmas).why_closed(christmas) == "Erster Weihnachtstag"


def test_lead_and_window_limit_what_can_be_chosen(business, owner):
    scheduling.change_rules(lead_hours=26, window_days=2)
    found = arrangements.free(propose(owner))
    assert (found[0], timezone.localdate(found[-1])) == (at(11, 0, date(2026, 11, 24)), date(2026, 11, 25))


@pytest.mark.parametrize("rows", [1, 3])
def test_free_times_cost_three_queries(business, owner, django_assert_num_queries, rows):
    for hour in range(rows):
        make.make_appointment(starts_at=at(8 + hour), assignee=owner)
    with django_assert_num_queries(3):
        scheduling.free_slots(TUESDAY, date(2026, 12, 30), minutes=60, assignee=owner)


# --- proposing and taking ---------------------------------------------------------------------------------------------
def test_proposed_times_are_mailed_and_one_is_taken(business, owner):
    asked = propose(owner, times=[at(10), at(8)])
    (offer,) = mails("appointment_offered")
    assert (offer.to, offer.link.subject, offer.link.purpose) == (asked.customer.email, asked, "date")
    assert "Dienstag, 1. Dezember 2026, 8:00\u00a0Uhr" in offer.text
    appointment = arrangements.take(asked, at(10))
    asked.refresh_from_db()
    assert (asked.state, asked.appointment, appointment.ends_at) == ("booked", appointment, at(11))
    assert [mail.subject_line for mail in mails("appointment_told")] == [
        "Ihr Termin: Aufmaß am Dienstag, 1. Dezember 2026, 10:00 Uhr"
    ]
    assert events() == ["crm.appointment_offered", "crm.appointment_picked"]
    assert list(agenda.appointment_answers(owner)) == [asked]


def test_taking_twice_is_taking_once(business, owner):
    asked = propose(owner)
    assert arrangements.take(asked, at(8)) == arrangements.take(asked, at(8))
    with pytest.raises(states.NotAllowed):
        arrangements.take(asked, at(9))
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    "starts_at", [at(7), at(8, 5), at(12, 30), at(8, day=date(2026, 12, 6)), at(8, day=date(2026, 11, 23))]
)
def test_only_what_is_free_can_be_picked(business, owner, starts_at):
    with pytest.raises(arrangements.Taken, match="inzwischen vergeben"):
        arrangements.take(propose(owner), starts_at)


def test_a_proposed_time_that_was_given_away_is_not_to_be_had(business, owner):
    first, second = propose(owner, times=[at(8), at(10)]), propose(owner, times=[at(8)])
    arrangements.take(first, at(8))
    assert arrangements.proposed(second) == []
    with pytest.raises(arrangements.Taken):
        arrangements.take(second, at(8))


def test_when_no_time_fits_the_office_hears_of_it_and_a_time_can_still_be_taken(business, owner):
    asked = propose(owner, times=[at(8)])
    arrangements.refuse(asked, words="Erst im Januar")
    asked.refresh_from_db()
    assert (asked.state, asked.words, list(agenda.appointment_answers(owner))) == ("refused", "Erst im Januar", [asked])
    arrangements.take(asked, at(8))
    assert events()[1:] == ["crm.appointment_refused", "crm.appointment_picked"]


def test_what_was_taken_back_cannot_be_taken(business, owner):
    asked = propose(owner)
    arrangements.close(asked)
    with pytest.raises(states.NotAllowed):
        arrangements.take(asked, at(8))


def test_times_that_have_passed_are_not_proposed(business, owner):
    with pytest.raises(Refusal, match="schon vorbei"):
        propose(owner, times=[at(8, day=date(2026, 11, 20))])


# --- moving and calling off ----------------------------------------------------------------------------------------------
def test_the_customer_moves_it_to_a_free_time_until_a_day_before(business, owner, monday):
    asked = booked(owner)
    arrangements.move(asked, at(9, 30))  # its own old time is in nobody's way
    appointment = Appointment.objects.get()
    assert (appointment.starts_at, appointment.ends_at, appointment.version) == (at(9, 30), at(10, 30), 1)
    assert mails("appointment_told")[1].subject_line.startswith("Neuer Termin: Aufmaß am Dienstag")
    assert "vorher: Dienstag, 1. Dezember 2026, 8:00" in mails("appointment_told")[1].text
    monday.move_to(at(9, 31, day=date(2026, 11, 30)))
    with pytest.raises(Refusal, match="rufen Sie uns an"):
        arrangements.move(asked, at(13, day=date(2026, 12, 2)))
    with pytest.raises(Refusal, match="rufen Sie uns an"):
        arrangements.cancel(asked)


def test_the_customer_calls_it_off_with_a_reason(business, owner):
    asked = booked(owner)
    arrangements.cancel(asked, words=" Wir sind verreist ")
    asked.refresh_from_db()
    assert (asked.state, asked.words, Appointment.objects.get().cancelled_at is None) == (
        "cancelled", "Wir sind verreist", False,
    )  # fmt: skip
    assert mails("appointment_told")[1].subject_line == "Abgesagt: Aufmaß am Dienstag, 1. Dezember 2026"
    assert arrangements.free(propose(owner), TUESDAY, TUESDAY)[0] == at(8)  # somebody else can have it


def test_the_office_is_told_of_as_one(business, owner, monday):
    """Moved twice and back within minutes is nothing; moved for good is one mail."""
    asked = booked(owner)
    appointment = asked.appointment
    appointments.change(appointment, by=owner, starts_at=at(14), ends_at=at(15))
    appointments.cancel(appointment, by=owner)
    appointments.restore(appointment)
    appointments.change(appointment, by=owner, starts_at=at(8), ends_at=at(9))
    monday.shift(timedelta(minutes=11))
    work_off()
    assert len(mails("appointment_told")) == 1
    appointments.change(appointment, by=owner, starts_at=at(14), ends_at=at(15))
    appointments.change(appointment, by=owner, starts_at=at(15), ends_at=at(16))
    monday.shift(timedelta(minutes=11))
    work_off()
    assert [mail.subject_line[-9:] for mail in mails("appointment_told")[1:]] == ["15:00 Uhr"]


def test_what_the_office_books_is_told_only_if_it_says_so(business, owner, monday):
    make.make_appointment(starts_at=at(8), by=owner)
    make.make_appointment(starts_at=at(10), by=owner, is_told=True)
    monday.shift(timedelta(minutes=11))
    work_off()
    assert [mail.subject_line[-9:] for mail in mails("appointment_told")] == ["10:00 Uhr"]


def test_who_wants_to_be_called_is_called(business, owner):
    customer = make.make_customer(contact_by="phone")
    propose(owner, customer, times=[at(8)])
    assert mails("appointment_offered") == []
    assert Todo.objects.open().get().text.startswith("Sabine Brandt anrufen (0171 3920011): Wann passt „Aufmaß“?")
    arrangements.take(Arrangement.objects.get(), at(8))
    assert not Todo.objects.open().exists()


# --- reminders ------------------------------------------------------------------------------------------------------------
def work_off():
    for action_id in due.due_ids():
        due.work_off(action_id)


@pytest.mark.parametrize(
    ("starts_at", "two_days", "hours"),
    [
        (at(14), at(14, day=date(2026, 11, 29)), at(11)),
        (at(8), at(8, day=date(2026, 11, 29)), at(18, day=date(2026, 11, 30))),  # 5:00 is night
        (at(21), at(20, day=date(2026, 11, 29)), at(18)),
        (at(6), at(8, day=date(2026, 11, 29)), at(18, day=date(2026, 11, 30))),
        (at(1), at(8, day=date(2026, 11, 29)), at(18, day=date(2026, 11, 30))),
        # over the change to summer time: two days on the clock are 47 hours, three hours are three hours
        (at(14, day=date(2027, 3, 29)), at(14, day=date(2027, 3, 27)), at(11, day=date(2027, 3, 29))),
    ],
)
def test_reminders_come_two_days_and_three_hours_before_by_day(starts_at, two_days, hours):
    assert appointment_news.two_days_before(starts_at) == two_days
    assert appointment_news.hours_before(starts_at) == hours


def test_each_reminder_comes_once(business, owner, monday):
    booked(owner, at(14))
    for moment in (at(13, 59, date(2026, 11, 29)), at(14, 0, date(2026, 11, 29)), at(11), at(13), at(15)):
        monday.move_to(moment)
        work_off()
        work_off()
    assert [timezone.localtime(mail.created_at).hour for mail in mails("appointment_reminder")] == [14, 11]
    assert mails("appointment_reminder")[0].subject_line.startswith("Erinnerung: Aufmaß am Dienstag")


def test_after_an_outage_one_reminder_is_enough(business, owner, monday):
    """P98: caught up once, not once per missed time."""
    booked(owner, at(14))
    monday.move_to(at(11, 30))
    work_off()
    assert len(mails("appointment_reminder")) == 1


def test_a_moved_appointment_is_reminded_of_anew_and_a_cancelled_one_never(business, owner, monday):
    asked = booked(owner, at(14))
    monday.move_to(at(14, 0, date(2026, 11, 29)))
    work_off()
    later = date(2026, 12, 3)
    arrangements.move(asked, at(14, day=later))
    for moment in (at(14), at(14, day=date(2026, 12, 1)), at(11, day=later)):
        monday.move_to(moment)
        work_off()
    assert [timezone.localtime(mail.created_at).date().day for mail in mails("appointment_reminder")] == [29, 1, 3]
    other = booked(owner, at(14, day=date(2026, 12, 10)))
    arrangements.cancel(other)
    assert not DueAction.objects.filter(state="open", kind__startswith="crm.appointment_in").exists()


def test_a_business_can_do_without_reminders(business, owner, monday):
    booked(owner, at(14))
    scheduling.change_rules(reminds=False)
    monday.move_to(at(14, 0, date(2026, 11, 29)))
    work_off()
    assert mails("appointment_reminder") == []


# --- at the same moment -----------------------------------------------------------------------------------------------
def test_of_twelve_customers_who_take_the_same_time_at_once_one_has_it(transactional_db):
    with current.working_for(make.make_business()):
        owner = make.make_member()
        asked = [propose(owner, make.make_customer(f"Brandt-{n}")) for n in range(12)]
        wanted = arrangements.free(asked[0], TUESDAY, TUESDAY)[0]
        business = current.business()

    def take(one):
        try:
            with current.working_for(business):
                arrangements.take(one, wanted)
                return "taken"
        except arrangements.Taken:
            return "too late"
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        answers = sorted(pool.map(take, asked))
    assert answers == ["taken"] + ["too late"] * 11
    with current.working_for(business):
        assert Appointment.objects.count() == 1
        assert Arrangement.objects.filter(state="booked").count() == 1


def test_the_link_lives_as_long_as_what_it_is_about(business, owner):
    asked = propose(owner, times=[at(8)])
    (link,) = access.links_to(asked)
    assert link.expires_at == at(9) + timedelta(days=30)
    arrangements.take(asked, at(8))
    arrangements.move(asked, at(8, day=date(2026, 12, 21)))
    link.refresh_from_db()
    assert link.expires_at == at(9, day=date(2026, 12, 21)) + timedelta(days=30)

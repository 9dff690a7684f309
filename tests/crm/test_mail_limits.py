"""When rules may write: one mail a day, two a week, by day, not on Sundays and holidays (features.md 3.12, P98)."""

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Business
from crm import due, mail, mail_limits
from crm.models import Mail
from tests import make


@pytest.fixture
def customer(business):
    return make.make_customer()


def written(customer, *instants, **fields):
    """Mails a rule wrote at these instants, local time."""
    for instant in instants:
        with time_machine.travel(at(instant), tick=False):
            mail.queue(
                "crm/mail/answer_sent", to=customer.email, customer=customer, is_automatic=fields.get("is_automatic", True),
                message={"text": "Ja.", "author_name": "Jana"},
            )  # fmt: skip


def at(local):
    return timezone.make_aware(timezone.datetime.fromisoformat(local))


def allowed(customer, local):
    return timezone.localtime(mail_limits.next_allowed(customer, at(local))).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-11-23 08:00:00", "2026-11-23 08:00"),  # Monday
        ("2026-11-23 19:59:59", "2026-11-23 19:59"),
        ("2026-11-23 20:00:00", "2026-11-24 08:00"),
        ("2026-11-23 23:59:59", "2026-11-24 08:00"),
        ("2026-11-24 00:00:00", "2026-11-24 08:00"),
        ("2026-11-28 20:00:00", "2026-11-30 08:00"),  # Saturday evening: not on Sunday
        ("2026-11-29 12:00:00", "2026-11-30 08:00"),  # Sunday
        ("2026-12-24 21:00:00", "2026-12-28 08:00"),  # Friday and Saturday are Christmas, then it is Sunday
        ("2026-03-28 20:00:00", "2026-03-30 08:00"),  # clocks go forward on Sunday
        ("2026-10-24 20:00:00", "2026-10-26 08:00"),  # and back
    ],
)
def test_nobody_is_written_to_at_night_on_sundays_and_on_holidays(customer, now, first):
    assert allowed(customer, now) == first


@pytest.mark.parametrize(
    ("land", "first"), [("HH", "2026-11-02 08:00"), ("BY", "2026-10-31 08:00"), ("", "2026-10-31 08:00")]
)
def test_holidays_are_those_of_the_land(business, land, first):
    Business.objects.filter(pk=business.pk).update(state=land)
    business.refresh_from_db()
    assert allowed(make.make_customer(), "2026-10-30 20:00") == first  # Reformationstag is a Saturday


def test_one_mail_a_day(customer):
    written(customer, "2026-11-23 08:00")
    assert allowed(customer, "2026-11-23 19:00") == "2026-11-24 08:00"
    assert allowed(customer, "2026-11-24 00:00") == "2026-11-24 08:00"
    assert allowed(make.make_customer(), "2026-11-23 19:00") == "2026-11-23 19:00"


def test_two_mails_in_seven_days(customer):
    written(customer, "2026-11-24 09:00", "2026-11-26 09:00")
    assert allowed(customer, "2026-11-27 09:00") == "2026-12-01 08:00"  # a week after the first
    assert allowed(customer, "2026-12-01 09:00") == "2026-12-01 09:00"
    written(customer, "2026-12-01 09:00")
    assert allowed(customer, "2026-12-02 09:00") == "2026-12-03 08:00"


def test_what_somebody_waits_for_does_not_count(customer):
    written(customer, "2026-11-23 08:00", "2026-11-23 09:00", is_automatic=False)
    assert allowed(customer, "2026-11-23 10:00") == "2026-11-23 10:00"


def test_a_mail_counts_on_the_day_it_left(customer):
    written(customer, "2026-11-23 19:59")
    Mail.objects.update(sent_at=at("2026-11-24 08:00"))
    assert allowed(customer, "2026-11-24 10:00") == "2026-11-25 08:00"


def test_a_handler_is_called_again_when_it_may(customer):
    with time_machine.travel(at("2026-11-29 08:00"), tick=False), pytest.raises(due.Later) as later:
        mail_limits.keep(customer)
    assert later.value.at == at("2026-11-30 08:00")
    with time_machine.travel(at("2026-11-30 08:00"), tick=False):
        mail_limits.keep(customer)

"""When default begins, with its legal ground, and when a claim is barred (R63, R72)."""

from datetime import date

import pytest

from billing.default_dates import Default, Ground, default_start, limitation_on


def start(due_on, **facts):
    return default_start(due_on=due_on, **{"is_consumer": False, "has_notice": False, **facts})


def test_a_business_is_in_default_thirty_days_after_due_date_and_receipt():
    """§ 286 (3) BGB, the example of R63."""
    day = date(2026, 4, 15)
    assert start(day, received_on=day) == Default(date(2026, 5, 16), Ground.THIRTY_DAYS)


def test_the_later_of_due_date_and_receipt_counts():
    assert start(date(2026, 4, 15), received_on=date(2026, 5, 4)) == Default(date(2026, 6, 4), Ground.THIRTY_DAYS)


def test_a_consumer_is_in_default_after_thirty_days_only_with_the_notice():
    """Case 21 of section 12."""
    day = date(2026, 4, 15)
    assert start(day, received_on=day, is_consumer=True) is None
    assert start(day, received_on=day, is_consumer=True, has_notice=True) == Default(
        date(2026, 5, 16), Ground.THIRTY_DAYS
    )


def test_a_consumer_without_the_notice_is_in_default_when_the_period_of_the_reminder_has_passed():
    day = date(2026, 4, 15)
    found = start(day, received_on=day, is_consumer=True, reminded_until=date(2026, 5, 5))
    assert found == Default(date(2026, 5, 6), Ground.REMINDED)


def test_the_day_of_the_work_counts_where_the_receipt_cannot_be_shown_but_not_against_consumers():
    day, served_on = date(2026, 4, 15), date(2026, 4, 10)
    assert start(day, served_on=served_on) == Default(date(2026, 5, 16), Ground.THIRTY_DAYS)
    assert start(day, served_on=served_on, is_consumer=True, has_notice=True) is None
    assert start(day) is None


def test_an_agreed_day_needs_no_reminder():
    """§ 286 (2) BGB; a day that the invoice names by itself is no agreement."""
    day = date(2026, 4, 15)
    assert start(day, is_consumer=True, agreed_on=day) == Default(date(2026, 4, 16), Ground.AGREED)
    assert start(day, is_consumer=True) is None


@pytest.mark.parametrize(
    ("last", "land", "begins"),
    [
        (date(2026, 5, 15), "", date(2026, 5, 16)),  # Friday: the Saturday is the first day of default
        (date(2026, 5, 16), "", date(2026, 5, 19)),  # Saturday: Monday is the last day to pay
        (date(2026, 5, 25), "", date(2026, 5, 27)),  # Whit Monday
        (date(2026, 6, 4), "", date(2026, 6, 5)),
        (date(2026, 6, 4), "BY", date(2026, 6, 6)),  # Corpus Christi in Bavaria
    ],
)
def test_a_period_never_ends_on_a_weekend_or_holiday(last, land, begins):
    """§ 193 BGB."""
    assert start(date(2026, 4, 1), reminded_until=last, land=land) == Default(begins, Ground.REMINDED)


def test_the_earliest_ground_counts():
    day = date(2026, 4, 15)
    found = start(day, received_on=day, reminded_until=date(2026, 5, 5))
    assert found == Default(date(2026, 5, 6), Ground.REMINDED)


def test_a_claim_is_barred_three_years_after_the_end_of_its_year():
    assert limitation_on(date(2026, 1, 2)) == limitation_on(date(2026, 12, 31)) == date(2029, 12, 31)

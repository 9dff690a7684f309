"""Who waived § 19 UStG is bound to it for five calendar years (§ 19 (3) UStG, R30)."""

from datetime import date

import pytest
from django.urls import reverse

from accounts import businesses
from accounts.refusals import Refusal
from tests import make

WAIVED = date(2026, 1, 1)


def test_a_waiver_binds_to_the_end_of_the_fifth_year():
    assert businesses.waiver_binds(date(2026, 5, 4)) == (date(2026, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("period", "is_free"),
    [
        ((date(2024, 1, 1), date(2025, 12, 31)), True),
        ((date(2024, 1, 1), date(2026, 3, 31)), False),  # whole calendar years
        ((date(2024, 1, 1), None), False),
        ((date(2030, 12, 31), None), False),
        ((date(2031, 1, 1), None), True),
    ],
)
def test_in_those_years_nobody_is_a_small_business(business, owner, period, is_free):
    businesses.change(business, by=owner, small_business_waived_from=WAIVED)
    business.refresh_from_db()
    if is_free:
        businesses.set_small_business(business, [period], by=owner)
        assert business.small_business_periods.count() == 1
        return
    with pytest.raises(Refusal, match="bindet bis 31") as refused:
        businesses.set_small_business(business, [period], by=owner)
    assert refused.value.field == "small_business_waived_from" and not business.small_business_periods.exists()


def test_a_waiver_is_not_entered_over_years_as_a_small_business(business, owner):
    businesses.set_small_business(business, [(date(2025, 1, 1), None)], by=owner)
    with pytest.raises(Refusal, match="ganze Kalenderjahre"):
        businesses.change(business, by=owner, small_business_waived_from=WAIVED)


def test_the_page_ends_the_time_and_notes_the_waiver_in_one_go(business, owner):
    businesses.set_small_business(business, [(date(2025, 1, 1), None)], by=owner)
    typed = {
        "taxation": "soll", "small_business_waived_from": "2026-01-01", "takes_cash": "on", "zeit-TOTAL_FORMS": "1",
        "zeit-INITIAL_FORMS": "1", "zeit-0-valid_from": "2025-01-01", "zeit-0-valid_until": "",
    }  # fmt: skip
    browser, url = make.signed_in(owner), reverse("accounts:settings_tax")
    answer = browser.post(url, typed)
    assert answer.status_code == 422 and "bindet bis 31" in answer.content.decode()
    assert browser.post(url, typed | {"zeit-0-valid_until": "2025-12-31"}).status_code == 302
    business.refresh_from_db()
    assert business.small_business_waived_from == WAIVED
    assert not business.is_small_business(on=WAIVED) and business.is_small_business(on=date(2025, 12, 31))

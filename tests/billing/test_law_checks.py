"""Law that is not known yet is asked for, never guessed (R65)."""

from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from django.urls import reverse

from billing import base_rates, law_checks
from tests import make

LAST = max(rate.valid_until for rate in base_rates.RATES)


def test_the_base_rates_follow_each_other_without_a_gap():
    days = [(rate.valid_from, rate.valid_until) for rate in base_rates.RATES]
    assert all(end + timedelta(days=1) == start for (_first, end), (start, _last) in pairwise(days))


@pytest.mark.parametrize(("days", "warns"), [(-15, False), (-14, False), (-13, True), (1, True), (200, True)])
def test_the_check_speaks_up_before_the_last_known_rate_ends(days, warns):
    with time_machine.travel(LAST + timedelta(days=days, hours=0), tick=False):
        assert [each.id for each in law_checks.check_base_rates(None)] == (["billing.W001"] if warns else [])


@pytest.mark.parametrize(("days", "shows"), [(-20, False), (1, True)])
def test_so_does_heute(owner, days, shows):
    with time_machine.travel(LAST + timedelta(days=days), tick=False):
        page = make.signed_in(owner).get(reverse("today")).content.decode()
    assert ("Der Basiszinssatz ist nur bis" in page) == shows


def test_no_interest_is_worked_out_with_an_old_rate():
    with pytest.raises(base_rates.UnknownRate):
        base_rates.on(LAST + timedelta(days=1))

"""How long the customer may claim defects (R92, § 634a BGB)."""

from datetime import date

import pytest

from billing import warranties
from billing.models import SignOff


@pytest.mark.parametrize(
    ("kind", "accepted_on", "ends"),
    [
        ("building", date(2026, 11, 20), date(2031, 11, 20)),
        ("thing", date(2026, 11, 20), date(2028, 11, 20)),
        ("vob", date(2026, 11, 20), date(2030, 11, 20)),
        ("building", date(2028, 2, 29), date(2033, 2, 28)),  # § 188 (3) BGB
        ("vob", date(2028, 2, 29), date(2032, 2, 29)),
        ("vob", date(2003, 2, 14), date(2005, 2, 14)),  # before VOB/B 2002
        ("vob", date(2003, 2, 15), date(2007, 2, 15)),
    ],
)
def test_the_warranty_ends_on_the_same_date_years_later(kind, accepted_on, ends):
    assert warranties.ends_on(kind, accepted_on=accepted_on) == ends


def test_every_kind_of_the_protocol_has_a_period_and_its_ground():
    for kind in SignOff.Warranty.values:
        found = warranties.period(kind, on=date(2026, 11, 20))
        assert found.years in (2, 4, 5)
        assert found.ground.startswith("§")


def test_the_business_is_reminded_eight_weeks_before():
    assert warranties.remind_on(date(2031, 11, 20)) == date(2031, 9, 25)


def test_what_the_law_did_not_know_has_no_end():
    with pytest.raises(LookupError):
        warranties.ends_on("thing", accepted_on=date(2001, 12, 31))

"""Who owes the tax for building work (§ 13b UStG; R31, R32, R34): each condition alone turns the answer."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.reverse_charge import Answers, Facts, Ground, decide

DAY = date(2026, 11, 2)
BUILT = Answers(work="building", builder="certificate")
FACTS = Facts(
    supplied_on=DAY,
    net=Decimal("12000.00"),
    buyer_kind="business",
    certificate_from=date(2025, 1, 1),
    certificate_until=date(2027, 12, 31),
)


def test_building_work_for_a_certified_builder_is_his_to_tax():
    assert decide(BUILT, FACTS) == Ground.OWED
    assert decide(BUILT, FACTS).applies


@pytest.mark.parametrize(
    ("answers", "facts", "ground"),
    [
        ({"work": "cleaning"}, {}, Ground.OWED),
        ({"builder": "known"}, {"certificate_from": None, "certificate_until": None}, Ground.OWED),
        ({}, {"buyer_kind": "public"}, Ground.OWED),
        ({"work": ""}, {}, Ground.UNANSWERED),
        ({"builder": ""}, {}, Ground.UNANSWERED),
        ({"work": "other"}, {}, Ground.OTHER_WORK),
        ({"builder": "no"}, {}, Ground.NO_BUILDER),
        ({"is_private_sphere": True}, {"buyer_kind": "public"}, Ground.PUBLIC_SPHERE),
        ({"is_private_sphere": True}, {}, Ground.OWED),  # asked of public bodies only
        ({}, {"buyer_kind": "consumer"}, Ground.CONSUMER),
        ({}, {"small_business": True}, Ground.SMALL_BUSINESS),
        ({}, {"property_country": "AT"}, Ground.ABROAD),
        ({}, {"is_zero_rated": True}, Ground.PHOTOVOLTAICS),
    ],
)
def test_each_condition_counts(answers, facts, ground):
    assert decide(replace(BUILT, **answers), replace(FACTS, **facts)) == ground


@pytest.mark.parametrize(
    ("net", "is_repair", "ground"),
    [
        ("480.00", True, Ground.SMALL_REPAIR),
        ("500.00", True, Ground.SMALL_REPAIR),
        ("500.01", True, Ground.OWED),
        ("520.00", True, Ground.OWED),
        ("480.00", False, Ground.OWED),
    ],
)
def test_repairs_up_to_500_euros_stay_with_the_supplier(net, is_repair, ground):
    assert decide(replace(BUILT, is_repair=is_repair), replace(FACTS, net=Decimal(net))) == ground


@pytest.mark.parametrize(
    ("start", "end", "supplied_on", "ground"),
    [
        (date(2025, 1, 1), date(2026, 11, 2), DAY, Ground.OWED),
        (date(2025, 1, 1), date(2026, 11, 1), DAY, Ground.NO_CERTIFICATE),
        (date(2026, 11, 2), date(2027, 1, 1), DAY, Ground.OWED),
        (date(2026, 11, 3), date(2027, 1, 1), DAY, Ground.NO_CERTIFICATE),
        (date(2023, 11, 2), date(2030, 1, 1), DAY, Ground.OWED),  # three years at most
        (date(2023, 11, 1), date(2030, 1, 1), DAY, Ground.NO_CERTIFICATE),
        (None, date(2030, 1, 1), DAY, Ground.NO_CERTIFICATE),
        (date(2024, 2, 29), date(2030, 1, 1), date(2027, 2, 28), Ground.OWED),
        (date(2024, 2, 29), date(2030, 1, 1), date(2027, 3, 1), Ground.NO_CERTIFICATE),
    ],
)
def test_the_certificate_is_asked_on_the_day_of_supply(start, end, supplied_on, ground):
    facts = replace(FACTS, certificate_from=start, certificate_until=end, supplied_on=supplied_on)
    assert decide(BUILT, facts) == ground


@pytest.mark.parametrize("doubt", [{"work": "doubtful"}, {"builder": "doubtful"}])
def test_a_doubtful_case_needs_that_both_agreed(doubt):
    answers = replace(BUILT, **doubt)
    assert decide(answers, FACTS) == Ground.NOT_AGREED
    assert decide(replace(answers, agreed_on=DAY), FACTS) == Ground.AGREED
    assert decide(replace(BUILT, builder="no", agreed_on=DAY), FACTS) == Ground.NO_BUILDER

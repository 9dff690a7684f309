"""Which account a case is booked on (R117)."""

from datetime import date

import pytest

from accounts.refusals import Refusal
from billing.datev import account_settings
from billing.datev.accounts import KEYS, NoDebitor, Unmapped, chart
from billing.models import JournalEntry

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("key", "skr03", "skr04"),
    [
        ("revenue:19", 8400, 4400),
        ("revenue:7", 8300, 4300),
        ("revenue:0", 8290, 4290),
        ("revenue:reverse_charge", 8337, 4337),
        ("revenue:eu_service", 8336, 4336),
        ("revenue:third_country_service", 8338, 4338),
        ("revenue:eu_goods", 8125, 4125),
        ("revenue:export", 8120, 4120),
        ("revenue:small_business", 8192, 4192),
        ("skonto:19", 8736, 4736),
        ("skonto:7", 8731, 4731),
        ("skonto:0", 8734, 4734),
        ("skonto:reverse_charge", 8741, 4741),
        ("prepayment:19", 1718, 3272),
        ("bank", 1200, 1800),
        ("cash", 1000, 1600),
    ],
)
def test_each_case_has_the_account_of_the_chart(key, skr03, skr04):
    assert (chart("skr03", 4).account(key, DAY), chart("skr04", 4).account(key, DAY)) == (skr03, skr04)


def test_accounts_change_with_the_year():
    assert chart("skr03", 4).account("revenue:small_business", date(2024, 12, 31)) == 8195
    assert chart("skr03", 4).account("revenue:small_business", date(2025, 1, 1)) == 8192


def test_what_the_business_set_goes_first_from_its_day_on():
    own = chart("skr03", 4, [("revenue:19", 8401, date(2026, 1, 1)), ("revenue:19", 8402, date(2026, 7, 1))])
    days = (date(2025, 12, 31), date(2026, 6, 30), date(2026, 7, 1))
    assert [own.account("revenue:19", day) for day in days] == [8400, 8401, 8402]


@pytest.mark.parametrize("key", ["revenue:16", "skonto:eu_goods"])
def test_a_case_without_an_account_is_refused(key):
    assert key not in KEYS
    with pytest.raises(Unmapped, match=key):
        chart("skr03", 4).account(key, DAY)
    assert chart("skr03", 4, [(key, 8999, DAY)]).account(key, DAY) == 8999


def test_a_rate_is_refused_before_it_was_there():
    with pytest.raises(Unmapped, match="revenue:0"):
        chart("skr03", 4).account("revenue:0", date(2022, 12, 31))


def test_a_customers_number_is_the_debitor_account():
    assert chart("skr03", 4).debitor(10042) == 10042
    assert chart("skr03", 4).is_debitor(10042)
    assert not chart("skr03", 4).is_debitor(8400)
    for number in (9999, 70000):
        with pytest.raises(NoDebitor):
            chart("skr03", 4).debitor(number)


def test_longer_accounts_have_noughts_behind_them():
    longer = chart("skr03", 6)
    assert (longer.account("bank", DAY), longer.debitor(10042)) == (120000, 1004200)
    assert longer.is_debitor(1004200)
    assert not longer.is_debitor(840000)


def test_doubtful_accounts_are_shown_until_the_adviser_confirmed_them(business):
    """R117: values the published lists are not certain of, by chart; a changed account is doubtful again."""
    day = date(2026, 12, 1)
    doubtful = {each.key for each in account_settings.unconfirmed(business, on=day)}
    assert {"transit", "interest", "revenue:exempt"} <= doubtful
    assert not {"revenue:19", "revenue:small_business", "bank"} & doubtful
    (row,) = account_settings.confirm(business, ["transit", "bank"], said_by="Frau  Brook", on=day, by=None)
    assert (row.key, row.account, row.said_by) == ("transit", 1360, "Frau Brook")
    assert JournalEntry.objects.filter(event="billing.datev_account_confirmed").count() == 1
    assert "transit" not in {each.key for each in account_settings.unconfirmed(business, on=day)}
    business.datev_chart = "skr04"  # another number is another question
    doubtful = {each.key for each in account_settings.unconfirmed(business, on=day)}
    assert {"transit", "revenue:small_business"} <= doubtful
    account_settings.set_account(business, key="transit", account=1461, valid_from=date(2026, 1, 1))
    assert "transit" not in {each.key for each in account_settings.unconfirmed(business, on=day)}


@pytest.mark.parametrize(("keys", "name", "field"), [([], "Frau Brook", "keys"), (["transit"], " ", "said_by")])
def test_a_confirmation_names_accounts_and_somebody(business, keys, name, field):
    with pytest.raises(Refusal) as refused:
        account_settings.confirm(business, keys, said_by=name, on=date(2026, 12, 1), by=None)
    assert refused.value.field == field

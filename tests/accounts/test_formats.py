"""How values read in German and in English. The forms are those people see on every page, mail and document."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from accounts import formats

D = Decimal
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # Monday, 10:00 in Berlin


@pytest.fixture(autouse=True)
def german():
    with translation.override("de"), timezone.override("Europe/Berlin"):
        yield


def english(function, *args, **kwargs):
    with translation.override("en"):
        return function(*args, **kwargs)


@pytest.mark.parametrize(
    ("amount", "in_german", "in_english"),
    [
        (D("0"), "0,00 €", "€0.00"),
        (D("0.5"), "0,50 €", "€0.50"),
        (D("1234.56"), "1.234,56 €", "€1,234.56"),
        (D("1000000"), "1.000.000,00 €", "€1,000,000.00"),
        (D("-2347.28"), "−2.347,28 €", "−€2,347.28"),
        (D("-0.00"), "0,00 €", "€0.00"),
        (D("1E+3"), "1.000,00 €", "€1,000.00"),
        (12, "12,00 €", "€12.00"),
    ],
)
def test_money_has_two_decimals_points_in_thousands_and_a_space_that_does_not_break(amount, in_german, in_english):
    assert formats.euro(amount) == in_german.replace(" ", "\u00a0")
    assert english(formats.euro, amount) == in_english


def test_money_keeps_the_decimals_a_unit_price_has_up_to_four():
    assert formats.euro(D("0.125")) == "0,125\u00a0€"
    assert formats.euro(D("0.12500")) == "0,125\u00a0€"
    assert formats.euro(D("2.123449")) == "2,1234\u00a0€"


@pytest.mark.parametrize(
    ("amount", "in_german", "in_english"),
    [
        (D("285.60"), "+ 285,60 €", "+€285.60"),
        (D("-333.20"), "− 333,20 €", "−€333.20"),
        (D("0"), "0,00 €", "€0.00"),
    ],
)
def test_differences_carry_their_sign(amount, in_german, in_english):
    assert formats.signed_euro(amount) == in_german.replace(" ", "\u00a0")
    assert english(formats.signed_euro, amount) == in_english


@pytest.mark.parametrize(
    ("amount", "in_german"), [(D("46920.49"), "46.920 €"), (D("0.5"), "1 €"), (D("-1499.5"), "−1.500 €")]
)
def test_figures_at_a_glance_have_whole_euros(amount, in_german):
    assert formats.whole_euro(amount) == in_german.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("value", "in_german", "in_english"),
    [(D("19"), "19 %", "19%"), (D("19.00"), "19 %", "19%"), (D("7.5"), "7,5 %", "7.5%"), (D("-3"), "−3 %", "−3%")],
)
def test_percent(value, in_german, in_english):
    assert formats.percent(value) == in_german.replace(" ", "\u00a0")
    assert english(formats.percent, value) == in_english


@pytest.mark.parametrize(
    ("value", "unit", "in_german", "in_english"),
    [
        (D("2.940"), "m", "2,94 m", "2.94 m"),
        (D("12.000"), "Stk.", "12 Stk.", "12 Stk."),
        (D("1500"), "kg", "1.500 kg", "1,500 kg"),
        (D("100"), "", "100", "100"),
        (D("-1.5"), "Std.", "−1,5 Std.", "−1.5 Std."),
    ],
)
def test_quantities_drop_needless_zeros(value, unit, in_german, in_english):
    assert formats.quantity(value, unit) == in_german.replace(" ", "\u00a0")
    assert english(formats.quantity, value, unit) == in_english.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    "typed", ["DE89370400440532013000", "de89 3704 0044 0532 0130 00", "DE89-3704-0044-0532-0130-00"]
)
def test_iban_stands_in_fours(typed):
    assert formats.iban(typed) == "DE89 3704 0044 0532 0130 00"


@pytest.mark.parametrize(
    ("typed", "shown", "address"),
    [
        ("040 66969-120", "040 66969-120", "tel:+494066969120"),
        ("(040) 66969-120", "040 66969-120", "tel:+494066969120"),
        ("040/66969120", "040 66969120", "tel:+494066969120"),
        ("+49 40 66969-120", "040 66969-120", "tel:+494066969120"),
        ("+49 (0)40 66969120", "040 66969120", "tel:+494066969120"),
        ("0171-3920011", "0171 3920011", "tel:+491713920011"),
        ("0049 171 39200 11", "0171 3920011", "tel:+491713920011"),
        ("+43 1 71100", "+43 1 71100", "tel:+43171100"),
        ("nach 18 Uhr", "nach 18 Uhr", "tel:18"),
        ("im Laden", "im Laden", ""),
    ],
)
def test_telephone_numbers_read_by_din_5008_and_call_by_their_full_number(typed, shown, address):
    assert (formats.phone(typed), formats.tel_href(typed)) == (shown, address)


def test_a_date_in_text_always_has_its_year():
    assert formats.day(date(2027, 1, 26)) == "26. Januar 2027"
    assert formats.day_long(date(2027, 1, 26)) == "Dienstag, 26. Januar 2027"
    assert english(formats.day, date(2027, 1, 26)) == "26 January 2027"
    assert english(formats.day_long, date(2027, 1, 26)) == "Tuesday 26 January 2027"


def test_an_instant_belongs_to_the_day_it_is_in_berlin():
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # already 1 January in Berlin
    assert formats.day(late) == "1. Januar 2027"
    assert formats.clock(late) == "0:30\u00a0Uhr"
    assert formats.moment_long(late) == "1. Januar 2027 um 0:30\u00a0Uhr"


@pytest.mark.parametrize(
    ("value", "in_german", "in_english"),
    [
        (date(2026, 1, 26), "26. Jan.", "26 Jan"),
        (date(2026, 3, 3), "3. März", "3 Mar"),
        (date(2026, 6, 24), "24. Juni", "24 Jun"),
        (date(2026, 9, 1), "1. Sept.", "1 Sep"),
        (date(2027, 1, 26), "26. Jan. 2027", "26 Jan 2027"),
    ],
)
def test_a_date_in_a_table_has_its_year_only_if_it_is_not_this_one(value, in_german, in_english):
    today = date(2026, 11, 23)
    assert formats.day_short(value, today=today) == in_german
    assert english(formats.day_short, value, today=today) == in_english


def test_times_in_text_and_in_tables():
    assert (formats.clock(time(8, 0)), formats.clock_short(time(8, 0))) == ("8:00\u00a0Uhr", "08:00")
    assert english(formats.clock, time(16, 5)) == "16:05"


@pytest.mark.parametrize(
    ("value", "in_german", "in_english"),
    [
        (datetime(2026, 11, 23, 6, 12, tzinfo=UTC), "heute, 7:12 Uhr", "today, 7:12"),
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "heute, 0:30 Uhr", "today, 0:30"),
        (datetime(2026, 11, 22, 15, 20, tzinfo=UTC), "gestern, 16:20 Uhr", "yesterday, 16:20"),
        (datetime(2026, 11, 20, 15, 40, tzinfo=UTC), "Fr., 16:40 Uhr", "Fri, 16:40"),
        (datetime(2026, 11, 17, 15, 40, tzinfo=UTC), "Di., 16:40 Uhr", "Tue, 16:40"),
        (datetime(2026, 11, 16, 15, 40, tzinfo=UTC), "16. Nov., 16:40 Uhr", "16 Nov, 16:40"),
        (datetime(2024, 6, 24, 10, 0, tzinfo=UTC), "24. Juni 2024, 12:00 Uhr", "24 Jun 2024, 12:00"),
        (datetime(2026, 11, 24, 7, 0, tzinfo=UTC), "morgen, 8:00 Uhr", "tomorrow, 8:00"),
        (datetime(2026, 11, 26, 7, 0, tzinfo=UTC), "26. Nov., 8:00 Uhr", "26 Nov, 8:00"),
    ],
)
def test_a_moment_is_said_by_its_nearness_for_six_days(value, in_german, in_english):
    assert formats.moment(value, now=NOW) == in_german.replace(" Uhr", "\u00a0Uhr")
    assert english(formats.moment, value, now=NOW) == in_english


@pytest.mark.parametrize(
    ("first", "last", "in_german", "in_english"),
    [
        (date(2027, 1, 26), date(2027, 1, 28), "26.–28. Januar 2027", "26–28 January 2027"),
        (date(2027, 1, 30), date(2027, 2, 2), "30. Januar – 2. Februar 2027", "30 January – 2 February 2027"),
        (
            date(2026, 12, 30),
            date(2027, 1, 2),
            "30. Dezember 2026 – 2. Januar 2027",
            "30 December 2026 – 2 January 2027",
        ),
        (date(2027, 1, 26), date(2027, 1, 26), "26. Januar 2027", "26 January 2027"),
        (date(2027, 1, 26), None, "26. Januar 2027", "26 January 2027"),
    ],
)
def test_a_span_says_once_what_both_ends_share(first, last, in_german, in_english):
    assert formats.span(first, last) == in_german
    assert english(formats.span, first, last) == in_english


def test_days_are_counted_in_words_of_the_language():
    assert (formats.days(1), formats.days(16)) == ("1\u00a0Tag", "16\u00a0Tage")
    assert (english(formats.days, 1), english(formats.days, 0)) == ("1\u00a0day", "0\u00a0days")


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Jana Haselbach", "JH"),
        ("Dr. Friederike Noll", "FN"),
        ("Nele und Tarek Yildiz", "NY"),
        ("Hausverwaltung Elbwinkel GmbH & Co. KG", "HE"),
        ("émile", "É"),
        ("Dr.", "D"),
        ("", "?"),
    ],
)
def test_initials_leave_out_titles_and_legal_forms(name, letters):
    assert formats.initials(name) == letters


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("curl/8.0", ""),
        (None, ""),
    ],
)
def test_a_device_is_named_in_two_words(user_agent, device):
    assert formats.device(user_agent) == device


@pytest.mark.parametrize(
    ("colour", "ink"), [("#24594a", "#ffffff"), ("#ffd500", "#000000"), ("#ffffff", "#000000"), ("#000000", "#ffffff")]
)
def test_letters_on_a_colour_are_the_readable_of_black_and_white(colour, ink):
    assert formats.ink(colour) == ink


@pytest.mark.parametrize(
    "name",
    ["euro", "whole_euro", "signed_euro", "percent", "quantity", "iban", "phone", "tel_href", "day", "day_long",
     "day_short", "clock", "clock_short", "moment", "moment_long"],
)  # fmt: skip
@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_reads_as_nothing(name, nothing):
    assert getattr(formats, name)(nothing) == ""

"""Public holidays by Land, since when they hold, and those of parts of a Land."""

from datetime import date

import pytest

from crm import holidays


@pytest.mark.parametrize(
    ("day", "land", "name"),
    [
        (date(2019, 3, 8), "BE", "Frauentag"),
        (date(2018, 3, 8), "BE", ""),
        (date(2023, 3, 8), "MV", "Frauentag"),
        (date(2022, 3, 8), "MV", ""),
        (date(2024, 5, 8), "BE", ""),
        (date(2019, 9, 20), "TH", "Weltkindertag"),
        (date(2018, 9, 20), "TH", ""),
        *((date(2018, 10, 31), land, "Reformationstag") for land in ("HH", "HB", "NI", "SH")),
        *((date(2016, 10, 31), land, "") for land in ("HH", "HB", "NI", "SH")),
        (date(2017, 10, 31), "BY", "Reformationstag"),  # once in all of Germany
        (date(2026, 11, 18), "SN", "Buß- und Bettag"),
        (date(2026, 6, 4), "NW", "Fronleichnam"),
        (date(2026, 6, 4), "HH", ""),
        (date(2026, 8, 15), "SL", "Mariä Himmelfahrt"),
        (date(2026, 4, 5), "BB", "Ostersonntag"),
        (date(2026, 10, 3), "", "Tag der Deutschen Einheit"),
        (date(2026, 1, 6), "", ""),  # no Land, no holiday of some
    ],
)
def test_the_land_says_which_day_is_a_holiday_and_since_when(day, land, name):
    assert holidays.name_of(day, land) == name


def test_a_day_that_was_free_once_was_free_once():
    assert "Befreiung" in holidays.name_of(date(2025, 5, 8), "BE")


@pytest.mark.parametrize(
    ("day", "land", "key"),
    [
        (date(2026, 8, 8), "BY", "peace"),
        (date(2026, 8, 15), "BY", "assumption"),
        (date(2026, 6, 4), "SN", "corpus_sn"),
        (date(2027, 5, 27), "TH", "corpus_th"),
    ],
)
def test_a_part_of_a_land_has_its_own(day, land, key):
    assert holidays.name_of(day, land) == ""
    assert holidays.name_of(day, land, (key,)) == holidays.LOCAL[key].name
    assert holidays.name_of(day, "HH", (key,)) == ""  # whoever moved to another Land left them behind
    assert key in holidays.local_of(land)


def test_easter_is_where_the_library_has_it():
    from holidays.countries.germany import Germany

    for year in range(1991, 2060):
        monday = holidays._easter(year).toordinal() + 1
        assert date.fromordinal(monday) in Germany(years=year)

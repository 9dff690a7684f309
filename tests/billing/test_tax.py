"""Tax law by date: rates (R10, R11), thresholds (R5), notes (R17, R28, R33, R64) and the e-invoice duty (R40, R41)."""

from datetime import date
from decimal import Decimal

import pytest

from billing import tax
from billing.money import VAT_0, VAT_7, VAT_19, VAT_EXEMPT, VAT_REVERSE_CHARGE, Vat

D = Decimal
TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("day", "rates"),
    [
        (date(2020, 6, 30), [19, 7]),
        (date(2020, 7, 1), [16, 5]),
        (date(2020, 12, 31), [16, 5]),
        (date(2021, 1, 1), [19, 7]),
        (date(2022, 12, 31), [19, 7]),
        (date(2023, 1, 1), [19, 7, 0]),
        (TODAY, [19, 7, 0]),
    ],
)
def test_rates_follow_the_day_of_supply(day, rates):
    assert [rate.vat.rate for rate in tax.rates_on(day)] == rates


def test_photovoltaics_is_a_rate_not_an_exemption():
    assert tax.rates_on(TODAY)[-1].vat == VAT_0 == Vat("Z", D(0))


def test_a_small_business_has_only_its_exemption():
    assert tax.vats_on(TODAY, small_business=True) == (VAT_EXEMPT,)
    assert tax.vats_on(TODAY) == (VAT_19, VAT_7, VAT_0)


@pytest.mark.parametrize(
    ("gross", "day", "small"),
    [
        ("250.00", TODAY, True),
        ("250.01", TODAY, False),
        ("150.00", date(2016, 12, 31), True),
        ("150.01", date(2016, 12, 31), False),
    ],
)
def test_a_small_amount_counts_with_vat(gross, day, small):
    assert tax.is_small_amount(D(gross), day) is small


def test_an_unknown_threshold_is_an_error():
    with pytest.raises(KeyError):
        tax.threshold("einvoice_turnover", TODAY)


def keys(kind="invoice", *, buyer_kind="consumer", vats=(VAT_19,), on=TODAY, **facts):
    return [note.key for note in tax.notes_for(kind, on=on, buyer_kind=buyer_kind, vats=vats, **facts)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ["payment_default"]),
        ({"property_work": True}, ["retention", "payment_default"]),
        ({"buyer_kind": "business", "property_work": True}, []),
        ({"buyer_kind": "public"}, []),
        ({"vats": [VAT_EXEMPT], "small_business": True}, ["small_business", "payment_default"]),
        ({"vats": [VAT_0, VAT_19]}, ["photovoltaics", "payment_default"]),
        ({"vats": [VAT_REVERSE_CHARGE], "buyer_kind": "business"}, ["reverse_charge"]),
        ({"kind": "cancellation", "property_work": True}, []),
        ({"kind": "quote"}, []),
        ({"kind": "quote", "gross_prices": True}, ["prices_include_vat"]),
        ({"kind": "quote", "gross_prices": True, "small_business": True}, ["small_business"]),
        ({"kind": "invoice", "gross_prices": True}, ["payment_default"]),
    ],
)
def test_notes_follow_buyer_work_and_tax(facts, expected):
    assert keys(**facts) == expected


@pytest.mark.parametrize(("day", "version"), [(date(2024, 12, 31), 1), (date(2025, 1, 1), 2)])
def test_the_small_business_note_names_an_exemption_since_2025(day, version):
    note = tax.note("small_business", day)
    assert note.version == version
    assert note.text().startswith("Steuerfreier Umsatz") is (version == 2)


def test_notes_of_the_law_word_for_word():
    assert tax.note("retention", TODAY).text() == (
        "Hinweis: Diese Rechnung ist zwei Jahre aufzubewahren (§ 14b Abs. 1 Satz 5 UStG)."
    )
    assert tax.note("payment_default", TODAY).text() == (
        "Hinweis: Sie geraten spätestens 30 Tage nach Fälligkeit und Zugang dieser Rechnung in Verzug, "
        "auch ohne Mahnung (§ 286 Abs. 3 BGB)."
    )
    assert tax.note("small_business", TODAY).text() == "Steuerfreier Umsatz – Kleinunternehmer (§ 19 UStG)."
    for language in ("de", "en"):
        assert "Steuerschuldnerschaft des Leistungsempfängers" in tax.note("reverse_charge", TODAY).text(language)


def test_validities_of_one_thing_do_not_overlap():
    for entries, name in ((tax.NOTES, "key"), (tax.THRESHOLDS, "name"), (tax.RATES, "vat")):
        for one in entries:
            for other in entries:
                if one is not other and getattr(one, name) == getattr(other, name):
                    assert (one.valid_until or date.max) < other.valid_from or (
                        other.valid_until or date.max
                    ) < one.valid_from


DECEMBER, JANUARY = date(2026, 12, 31), date(2027, 1, 1)


@pytest.mark.parametrize(
    ("issued_on", "supplied_on", "turnover", "required"),
    [
        (DECEMBER, DECEMBER, None, False),
        (JANUARY, DECEMBER, D(0), True),
        (JANUARY, JANUARY, D("800000.00"), False),
        (JANUARY, JANUARY, D("800000.01"), True),
        (JANUARY, JANUARY, None, True),
        (date(2027, 12, 31), date(2027, 12, 31), D(1), False),
        (date(2028, 1, 1), date(2027, 12, 31), D(1), True),
    ],
)
def test_when_a_german_business_must_get_an_einvoice(issued_on, supplied_on, turnover, required):
    answer = tax.einvoice_required(
        issued_on=issued_on,
        supplied_on=supplied_on,
        gross=D(1000),
        buyer_kind="business",
        buyer_country="DE",
        small_business=False,
        prior_year_turnover=turnover,
    )
    assert answer is required


@pytest.mark.parametrize(
    ("change", "required"),
    [
        ({}, True),
        ({"buyer_kind": "public"}, True),
        ({"buyer_kind": "consumer"}, False),
        ({"buyer_country": "AT"}, False),
        ({"seller_country": "AT"}, False),
        ({"small_business": True}, False),
        ({"is_exempt": True}, False),
        ({"gross": D("250.00")}, False),
        ({"gross": D("250.01")}, True),
    ],
)
def test_who_never_must_get_an_einvoice(change, required):
    facts = {"gross": D(1000), "buyer_kind": "business", "buyer_country": "DE", "small_business": False} | change
    assert tax.einvoice_required(issued_on=date(2028, 1, 1), supplied_on=date(2028, 1, 1), **facts) is required

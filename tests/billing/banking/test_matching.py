"""Whose payment an entry may be; R123."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing import girocode
from billing.banking.matching import Claim, Confidence, Kind, Matcher, Paid, Part, Reason
from billing.banking.statement import Entry

DAY = date(2026, 11, 17)
CAFE = Claim(1, "RE-2026-0042", 7, "10042", ("Café Morgenrot GmbH", "Ada Morgenrot"), DAY, Decimal("1190.00"))
BRANDT = Claim(2, "RE-2026-0043", 8, "10043", ("Sabine Brandt",), DAY, Decimal("238.00"))
SECOND = Claim(3, "RE-2026-0051", 7, "10042", CAFE.names, date(2026, 11, 30), Decimal("500.00"))
OPEN = (CAFE, BRANDT, SECOND)


def entry(amount="1190.00", purpose="", party="", reference="", iban=""):
    return Entry(DAY, Decimal(amount), party=party, purpose=purpose, reference=reference, iban=iban)


def best(found, claims=OPEN, **known):
    return (Matcher(claims, **known).proposals(found) or (None,))[0]


@pytest.mark.parametrize(
    "purpose",
    [
        "RE-2026-0042",
        "Rechnung RE-2026-0042 Kunde 10042",
        "re 2026/0042",
        "RE20260042",
        "RE-2026-00 42 vielen Dank",
        "Zahlung zu RE-2026-0042vom 3.11.",
    ],
)
def test_number_and_amount_are_certain_however_the_number_is_written(purpose):
    found = best(entry(purpose=purpose))
    assert (found.parts, found.reasons) == ((Part(1, Decimal("1190.00")),), (Reason.NUMBER, Reason.AMOUNT))
    assert found.is_certain


@pytest.mark.parametrize("purpose", ["RE-2026-00421", "XRE-2026-00420", "2026-0042", "RE-2026-042", "42"])
def test_another_number_is_not_certain(purpose):
    found = best(entry(purpose=purpose))
    assert found is None or not found.is_certain


@pytest.mark.parametrize(
    ("purpose", "reference"),
    [("", "RF08RE20260042"), ("RF08 RE20 2600 42", ""), ("RF08RE20260042 Danke", "NOTPROVIDED")],
)
def test_a_creditor_reference_is_as_good_as_a_number(purpose, reference):
    reference = reference.replace("RF08RE20260042", girocode.reference("RE-2026-0042"))
    purpose = purpose.replace("RF08", girocode.reference("RE-2026-0042")[:4])
    found = best(entry(purpose=purpose, reference=reference))
    assert (found.is_certain, found.reasons) == (True, (Reason.REFERENCE, Reason.AMOUNT))


def test_a_wrong_check_digit_is_no_reference():
    assert Reason.REFERENCE not in best(entry(reference="RF99RE20260042")).reasons


@pytest.mark.parametrize(("amount", "reason"), [("1000", Reason.PART), ("1200", Reason.SURPLUS)])
def test_another_amount_is_proposed_and_not_certain(amount, reason):
    found = best(entry(amount, "RE-2026-0042"))
    assert (found.confidence, found.reasons) == (Confidence.LIKELY, (Reason.NUMBER, reason))
    assert found.parts == (Part(1, Decimal(amount)),)


def test_less_the_agreed_skonto_in_time_is_certain():
    in_time = replace(CAFE, skonto=Decimal("23.80"), skonto_until=DAY)
    assert best(entry("1166.20", "RE-2026-0042"), [in_time]).reasons == (Reason.NUMBER, Reason.SKONTO)
    assert best(entry("1166.20", "RE-2026-0042"), [in_time]).is_certain
    late = replace(in_time, skonto_until=date(2026, 11, 16))
    assert best(entry("1166.20", "RE-2026-0042"), [late]).reasons == (Reason.NUMBER, Reason.PART)


def test_all_but_the_retention_is_certain():
    """R25."""
    retained = replace(CAFE, kept=Decimal("59.50"), skonto=Decimal("22.61"), skonto_until=DAY)
    assert best(entry("1130.50", "RE-2026-0042"), [retained]).reasons == (Reason.NUMBER, Reason.RETAINED)
    assert best(entry("1130.50", "RE-2026-0042"), [retained]).is_certain
    assert best(entry("1107.89", "RE-2026-0042"), [retained]).reasons == (Reason.NUMBER, Reason.SKONTO)


def test_tax_kept_back_is_recognised_but_a_person_decides():
    """R19."""
    found = best(entry("1011.50", "RE-2026-0042"), [replace(CAFE, withheld=Decimal("178.50"))])
    assert (found.confidence, found.withholds_tax) == (Confidence.LIKELY, True)
    assert found.reasons == (Reason.NUMBER, Reason.WITHHELD)


def test_what_reminders_ask_for_beside_it_is_a_persons_decision():
    """R70."""
    reminded = replace(CAFE, beside=Decimal("25.00"))
    assert not best(entry("1190.00", "RE-2026-0042"), [reminded]).is_certain
    whole = best(entry("1215.00", "RE-2026-0042"), [reminded])
    assert (whole.is_certain, whole.reasons) == (True, (Reason.NUMBER, Reason.WITH_CLAIMS))


def test_several_numbers_share_the_payment():
    both = best(entry("1690.00", "RE-2026-0042 und RE-2026-0051"))
    assert both.parts == (Part(1, Decimal("1190.00")), Part(3, Decimal("500.00")))
    assert (both.confidence, both.reasons) == (Confidence.LIKELY, (Reason.NUMBER, Reason.SUM))
    less = best(entry("1300.00", "RE-2026-0051, RE-2026-0042"))
    assert less.parts == (Part(1, Decimal("1190.00")), Part(3, Decimal("110.00")))


@pytest.mark.parametrize("party", ["Café Morgenrot GmbH", "CAFE MORGENROT", "Morgenrot, Ada"])
def test_amount_and_name_are_likely(party):
    found = best(entry(party=party, purpose="Danke"))
    assert (found.confidence, found.reasons) == (Confidence.LIKELY, (Reason.AMOUNT, Reason.NAME))
    assert found.parts == (Part(1, Decimal("1190.00")),)


def test_the_customers_number_and_a_known_account_name_the_customer_too():
    assert best(entry("500", "Kunde 10042")).reasons == (Reason.AMOUNT, Reason.CUSTOMER_NUMBER)
    found = best(entry("500", iban="DE02120300000000202051"), payers={"DE02120300000000202051": {7}})
    assert (found.parts, found.reasons) == ((Part(3, Decimal("500.00")),), (Reason.AMOUNT, Reason.IBAN))


def test_all_of_one_customer_together_is_recognised():
    found = best(entry("1690", party="Café Morgenrot GmbH"))
    assert (found.parts, found.reasons) == (
        (Part(1, Decimal("1190.00")), Part(3, Decimal("500.00"))),
        (Reason.SUM, Reason.NAME),
    )


def test_without_designation_the_oldest_debt_comes_first():
    """§ 366 (2) BGB."""
    found = best(entry("1500", party="Café Morgenrot GmbH"))
    assert found.parts == (Part(1, Decimal("1190.00")), Part(3, Decimal("310.00")))
    assert (found.confidence, found.reasons) == (Confidence.WEAK, (Reason.NAME, Reason.OLDEST))


def test_the_amount_alone_is_weak_and_nothing_is_nothing():
    assert best(entry("238", party="Unbekannt")).confidence == Confidence.WEAK
    assert best(entry("77", party="Unbekannt", purpose="Miete")) is None


def test_money_given_back_is_the_credit_it_was():
    paid_twice = replace(CAFE, open=Decimal(0), credit=Decimal("1190.00"))
    found = best(entry("-1190", "Erstattung RE-2026-0042"), [paid_twice])
    assert (found.kind, found.parts) == (Kind.REFUND, (Part(1, Decimal("-1190")),))
    assert best(entry("-1190", "Miete"), [paid_twice]) is None
    assert best(entry("-1189", "Erstattung RE-2026-0042"), [paid_twice]) is None


def test_a_payment_that_comes_back_is_the_payment_it_was():
    paid = Paid(55, 1, "RE-2026-0042", 7, Decimal("1190.00"), date(2026, 11, 10))
    found = best(entry("-1190", "Rücküberweisung RE-2026-0042"), [], paid=[paid])
    assert (found.kind, found.parts) == (Kind.RETURN, (Part(1, Decimal("-1190"), payment=55),))
    assert best(entry("-1190", "Strom"), [], paid=[paid]) is None
    later = replace(paid, received_on=date(2026, 11, 18))
    assert best(entry("-1190", "RE-2026-0042"), [], paid=[later]) is None

"""Asking the tax office about a VAT ID (§ 18e UStG, R35, R36): off unless wanted, hardened, every answer kept part by part."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts import current
from accounts.refusals import Refusal
from crm import due, tasks, vat_id_checks, vat_office
from crm.models import VatIdCheck, VatIdQuestion
from tests import make
from tests.crm.vat_office import Office

VIENNA = "ATU13585627"
QUESTION = vat_office.Question("DE136695976", VIENNA, "Wiener Möbelhaus GmbH", "Ring 1", "1010", "Wien")


@pytest.fixture
def office(settings):
    office = Office()
    settings.VAT_OFFICE_API = office.url
    yield office
    office.stop()


@pytest.fixture
def customer(business):
    business.asks_vat_office, business.vat_id = True, "DE136695976"
    business.save()
    return make.make_company(
        "Wiener Möbelhaus GmbH", country="AT", vat_id="ATU 13585627", street="Ring 1", postcode="1010", city="Wien"
    )


def asked(customer, by=None):
    question = vat_id_checks.ask(customer, by=by)
    tasks.ask_vat_office(question.pk)
    question.refresh_from_db()
    return question


# --- the adapter --------------------------------------------------------------------------------------------------------
def test_everything_is_sent_and_every_part_of_the_answer_is_read(office):
    answer = vat_office.ask(QUESTION)
    ((path, headers, body),) = office.heard
    assert path == "/app/v1/abfrage" and headers["Content-Type"] == "application/json"
    assert body == {
        "anfragendeUstid": "DE136695976", "angefragteUstid": VIENNA, "firmenname": "Wiener Möbelhaus GmbH",
        "strasse": "Ring 1", "plz": "1010", "ort": "Wien",
    }  # fmt: skip
    assert answer == vat_office.Answer(
        True, "evatr-0000", "3c0f8a1e-7b6d-4d3a-9a35-5f2b2f1f6c11", "A", "A", "A", "A", date(2012, 3, 1)
    )


@pytest.mark.parametrize(
    ("plays", "is_valid", "parts", "valid_until"),
    [
        ("street differs, place not told", True, "ABCD", None),
        ("valid with a peculiarity", True, "", None),
        ("not given", False, "", None),
        ("no longer valid", False, "", date(2024, 12, 31)),
    ],
)
def test_yes_and_no(office, plays, is_valid, parts, valid_until):
    office.plays = plays
    answer = vat_office.ask(QUESTION)
    found = answer.name + answer.street + answer.postcode + answer.city
    assert (answer.is_valid, found, answer.valid_until) == (is_valid, parts, valid_until)


@pytest.mark.parametrize(
    ("plays", "error"),
    [
        ("our own is not valid", vat_office.NotAllowed),
        ("a part is missing", vat_office.Incomplete),
        ("later", vat_office.Unreachable),
        ("later, said with a 200", vat_office.Unreachable),
        ("a code nobody knows", vat_office.Unreachable),
        (b"<html>Wartung</html>", vat_office.Unreachable),
        (b"[1]", vat_office.Unreachable),
        (b'{"status": ["evatr-0000"]}', vat_office.Unreachable),
    ],
)
def test_what_says_nothing_about_the_customer_is_no_answer(office, plays, error):
    office.plays = plays
    with pytest.raises(error):
        vat_office.ask(QUESTION)


def test_nobody_is_sent_elsewhere(office):
    """The customer's address would go along."""
    other = Office()
    office.sends_to = other.url
    with pytest.raises(vat_office.Unreachable):
        vat_office.ask(QUESTION)
    assert other.heard == []
    other.stop()


def test_an_office_that_is_away_is_unreachable(settings):
    settings.VAT_OFFICE_API = "http://127.0.0.1:9"
    with pytest.raises(vat_office.Unreachable):
        vat_office.ask(QUESTION)


# --- the verb -----------------------------------------------------------------------------------------------------------
def test_the_answer_is_kept_part_by_part(office, customer, owner):
    office.plays = "street differs, place not told"
    assert asked(customer, by=owner).state == "answered"
    check = vat_id_checks.latest(customer)
    assert (check.result, check.status, check.own_vat_id, check.vat_id, check.by) == (
        "valid", "evatr-0000", "DE136695976", VIENNA, owner,
    )  # fmt: skip
    assert [(sent, letter) for _label, sent, letter, _words in check.parts] == [
        ("Wiener Möbelhaus GmbH", "A"), ("Ring 1", "B"), ("1010", "C"), ("Wien", "D"),
    ]  # fmt: skip
    assert check.differs and vat_id_checks.question(customer) is None


def test_two_clicks_are_one_question(office, customer):
    first = vat_id_checks.ask(customer, by=None)
    assert vat_id_checks.ask(customer, by=None) == first
    for _twice in range(2):
        tasks.ask_vat_office(first.pk)
    assert len(office.heard) == VatIdCheck.objects.count() == 1


def test_nobody_answers_it_is_asked_again_and_then_said(office, customer):
    office.plays = "later"
    question = asked(customer)
    assert (question.state, question.reason, question.tries) == ("open", "unreachable", 1)
    for tries in (2, 3, 4):
        tasks.ask_vat_office(question.pk)
        question.refresh_from_db()
        assert question.tries == tries
    assert question.state == "failed" and not VatIdCheck.objects.exists()
    tasks.ask_vat_office(question.pk)
    assert len(office.heard) == 4
    office.plays = "agrees"
    assert asked(customer).state == "answered"  # a new question


def test_a_lost_wake_up_is_made_up_for(office, customer, woken):
    question = vat_id_checks.ask(customer, by=None)
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        (action,) = due.due_ids()
        due.work_off(action)
        assert woken == [("crm.tasks.ask_vat_office", question.pk)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"asks_vat_office": False}, "ausgeschaltet"),
        ({"vat_id": ""}, "deutsche USt-IdNr"),
        ({"of_customer": {"vat_id": "DE811569869"}}, "aus anderen EU-Ländern"),
        ({"of_customer": {"city": ""}}, "Name oder Ort"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_nobody_is_called(office, customer, changes, words):
    for name, value in changes.pop("of_customer", {}).items():
        setattr(customer, name, value)
    for name, value in changes.items():
        setattr(customer.business, name, value)
    with pytest.raises(Refusal, match=words):
        vat_id_checks.ask(customer, by=None)
    assert office.heard == [] and not VatIdQuestion.objects.exists()


def test_a_number_that_cannot_be_is_not_sent(office, customer):
    customer.vat_id = "ATU13585628"
    customer.save()
    assert asked(customer).reason == "impossible" and office.heard == []


# --- the page -----------------------------------------------------------------------------------------------------------
def test_the_page_asks_only_where_the_business_wants_it(office, customer, owner):
    browser, url = make.signed_in(owner), reverse("crm:vat_id_ask", args=[customer.pk])
    page = browser.post(url, follow=True).content.decode()
    assert "Die Abfrage läuft." in page and "Beim Bundeszentralamt abfragen" not in page
    tasks.ask_vat_office(VatIdQuestion.objects.get().pk)
    page = browser.get(customer.get_absolute_url()).content.decode()
    assert "A: stimmt überein" in page and "Beim Bundeszentralamt abfragen" in page
    business = current.business()
    business.asks_vat_office = False
    business.save()
    assert "Beim Bundeszentralamt abfragen" not in browser.get(customer.get_absolute_url()).content.decode()
    assert browser.post(url).status_code == 409

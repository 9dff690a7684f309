"""The ledger of consents: lines that never change, the newest counts, and mails ask it first."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts import current
from accounts.refusals import Refusal
from crm import consents, customers, merging
from crm.models import Consent, TimelineEntry
from tests import make

Purpose, Source = Consent.Purpose, Consent.Source


@pytest.fixture
def brandt(business):
    return make.make_customer("Brandt", email="sabine@brandt.example")


def test_what_was_given_is_kept_word_for_word(brandt, owner):
    line = consents.give(brandt, Purpose.MARKETING, source=Source.PAPER, by=owner, note="Ordner 2026")
    assert line.wording == consents.text(Purpose.MARKETING) and "Tischlerei Haselbach" in line.wording
    assert (line.version, line.email, line.by, line.note) == (1, "sabine@brandt.example", owner, "Ordner 2026")
    assert TimelineEntry.objects.get(event="crm.consent_given").subject_id == line.pk
    for change in ({"wording": "anders"}, {"step": "withdrawn"}):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            Consent.objects.filter(pk=line.pk).update(**change)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        line.delete()


def test_a_withdrawal_is_a_line_of_its_own_and_counts_at_once(brandt, owner):
    consents.give(brandt, Purpose.MARKETING, source=Source.TALK, by=owner)
    assert consents.allows(brandt, Purpose.MARKETING)
    consents.withdraw(brandt, Purpose.MARKETING, source=Source.PHONE, by=owner)
    assert not consents.allows(brandt, Purpose.MARKETING)
    assert [line.step for line in Consent.objects.filter(customer=brandt)] == ["withdrawn", "given"]
    assert consents.withdraw(brandt, Purpose.MARKETING, source=Source.PHONE) is None


def test_advertising_is_for_the_address_it_was_allowed_for(brandt, owner):
    consents.give(brandt, Purpose.MARKETING, source=Source.TALK, by=owner)
    customers.change(brandt, by=owner, email="neu@brandt.example")
    assert not consents.allows(brandt, Purpose.MARKETING)


@pytest.mark.parametrize(
    ("notice", "objected", "line", "allowed"),
    [
        (False, False, None, False), (True, False, None, True), (True, True, None, False),
        (False, False, "given", True), (True, False, "withdrawn", False), (False, True, "given", False),
    ],
)  # fmt: skip
def test_feedback_needs_a_notice_or_a_consent_and_no_objection(brandt, owner, notice, objected, line, allowed):
    """§ 7 (3) UWG, BGH VI ZR 225/17 (R98)."""
    brandt.feedback_notice_at = timezone.now() if notice else None
    brandt.feedback_opt_out_at = timezone.now() if objected else None
    brandt.save()
    if line:
        consents.give(brandt, Purpose.FEEDBACK, source=Source.TALK, by=owner)
    if line == "withdrawn":
        consents.withdraw(brandt, Purpose.FEEDBACK, source=Source.TALK, by=owner)
    assert consents.allows(brandt, Purpose.FEEDBACK) is allowed


def test_photos_need_no_address_and_a_yes(business, owner):
    customer = make.make_customer(email="")
    assert not consents.allows(customer, Purpose.PHOTOS)
    consents.give(customer, Purpose.PHOTOS, source=Source.TALK, by=owner)
    assert consents.allows(customer, Purpose.PHOTOS)
    with pytest.raises(Refusal):
        consents.give(customer, Purpose.MARKETING, source=Source.TALK, by=owner)


def test_a_ticked_box_allows_nothing_before_the_click_in_the_mail(brandt):
    line = consents.ask(brandt, Purpose.MARKETING)
    assert not consents.allows(brandt, Purpose.MARKETING)
    found = consents.find(consents.token(line))
    assert found == line and consents.confirm(found) and consents.confirm(found)
    assert consents.allows(brandt, Purpose.MARKETING)
    assert [each.source for each in Consent.objects.all()] == ["confirmed", "portal"]


@pytest.mark.parametrize("then", ["withdrawn", "other address", "too late", "forged"])
def test_a_link_to_confirm_can_be_too_late(brandt, owner, then):
    line = consents.ask(brandt, Purpose.MARKETING)
    token = consents.token(line)
    if then == "withdrawn":
        consents.withdraw(brandt, Purpose.MARKETING, source=Source.PORTAL)
    elif then == "other address":
        customers.change(brandt, by=owner, email="neu@brandt.example")
    later = timezone.now() + timedelta(days=15 if then == "too late" else 1)
    with time_machine.travel(later, tick=False):
        found = consents.find(token + "x" if then == "forged" else token)
        assert not (found and consents.confirm(found))
    assert not consents.allows(brandt, Purpose.MARKETING)


def test_another_business_has_its_own_ledger(brandt, owner):
    consents.give(brandt, Purpose.MARKETING, source=Source.TALK, by=owner)
    with current.working_for(make.make_business("Andere")):
        assert not Consent.objects.exists()


def test_consents_go_along_when_two_contacts_are_merged(brandt, owner):
    other = make.make_customer("Brandt", email="sabine@brandt.example")
    consents.give(other, Purpose.PHOTOS, source=Source.TALK, by=owner)
    merging.merge(brandt, other, by=owner)
    assert consents.allows(brandt, Purpose.PHOTOS)

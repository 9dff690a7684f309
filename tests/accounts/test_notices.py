"""Mails of the accounts: the row is the job."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts import businesses, members, notices, tasks
from accounts.models import AuditEntry, Invitation
from accounts.rights import Role
from tests import make

IBAN = "DE02120300000000202051"


@pytest.fixture
def invitation(business, owner):
    return members.invite(business, email="mara@engel.example", role=Role.OFFICE, by=owner)


def test_an_invitation_says_who_invites_to_what(business, owner, invitation):
    assert notices.send_invitation(invitation.pk) is True
    (sent,) = mail.outbox
    assert sent.to == ["mara@engel.example"]
    assert sent.subject == "Einladung zu Tischlerei Haselbach"
    assert sent.reply_to == [owner.user.email]
    assert sent.from_email == "Tischlerei Haselbach <post@handschlag.example>"
    assert "Jana Haselbach lädt Sie ein" in sent.body
    link = re.search(r"http\S+", sent.body).group()
    assert members.find_invitation(link.rstrip("/").rpartition("/")[2]) == invitation
    assert link in sent.alternatives[0].content


def test_it_leaves_once(invitation):
    assert [notices.send_invitation(invitation.pk) for _ in range(3)] == [True, False, False]
    assert len(mail.outbox) == 1


def test_a_closed_invitation_is_not_sent(owner, invitation):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert notices.send_invitation(invitation.pk) is False
    members.withdraw_invitation(invitation, by=owner)
    assert notices.send_invitation(invitation.pk) is False
    assert mail.outbox == []


def test_the_name_of_a_business_cannot_add_a_header(business, invitation):
    type(business).objects.update(name="Böse\r\nBcc: eve@evil.example")
    notices.send_invitation(invitation.pk)
    (sent,) = mail.outbox
    assert sent.recipients() == ["mara@engel.example"]
    assert "\n" not in sent.subject + sent.from_email


def test_what_was_not_sent_is_swept_up(invitation, monkeypatch):
    real = notices.EmailMultiAlternatives.send

    def away(self):
        raise OSError("mail server away")

    monkeypatch.setattr(notices.EmailMultiAlternatives, "send", away)
    with pytest.raises(OSError):
        notices.send_invitation(invitation.pk)
    tasks.sweep()
    invitation.refresh_from_db()
    assert invitation.sent_at is None
    monkeypatch.setattr(notices.EmailMultiAlternatives, "send", real)
    tasks.sweep()
    tasks.sweep()
    assert len(mail.outbox) == 1


def test_the_sweep_gives_up_after_a_day(invitation, time_machine):
    time_machine.move_to(timezone.now() + timedelta(days=1, seconds=1))
    tasks.sweep()
    assert mail.outbox == []


def test_all_owners_are_told_of_new_bank_details(business, owner):
    second = make.make_member(Role.OWNER, name="Ole Haselbach")
    make.make_member(Role.OFFICE)
    gone = make.make_member(Role.OWNER)
    members.deactivate(gone, by=owner)
    businesses.change(business, by=owner, iban=IBAN)
    entry = AuditEntry.objects.get(event="bank_changed")
    assert notices.send_bank_notice(entry.pk) is True
    assert notices.send_bank_notice(entry.pk) is False
    assert {sent.to[0] for sent in mail.outbox} == {owner.user.email, second.user.email}
    text = mail.outbox[0].body
    assert "…3000" in text
    assert "…2051" in text
    assert IBAN not in text + mail.outbox[0].alternatives[0].content


def test_bank_notices_are_swept_up_over_all_businesses(business, owner):
    businesses.change(business, by=owner, iban=IBAN)
    notices.sweep()
    notices.sweep()
    assert len(mail.outbox) == 1


def test_an_owner_reads_english_when_they_chose_it(business, owner):
    owner.user.language = "en"
    owner.user.save()
    businesses.change(business, by=owner, iban=IBAN)
    notices.sweep()
    assert " at " in mail.outbox[0].body  # the day in the English form

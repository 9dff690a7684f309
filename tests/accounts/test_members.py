"""Invite, join, change roles, leave."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import members, tokens
from accounts.middleware import member_of
from accounts.models import ApiToken, AuditEntry, Invitation, Member
from accounts.refusals import Refusal
from accounts.rights import Role
from tests import make


@pytest.fixture
def invitation(business, owner):
    return members.invite(business, email="Mara@Engel.example ", role=Role.OFFICE, by=owner)


# --- invite -------------------------------------------------------------------------------------------------------------
def test_an_invitation_is_open_for_a_week_and_mailed(business, owner, woken, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invitation = members.invite(business, email="mara@engel.example", role=Role.OFFICE, by=owner)
    assert invitation.is_open
    assert timedelta(days=6, hours=23) < invitation.expires_at - timezone.now() < timedelta(days=7, minutes=1)
    assert woken == [("accounts.tasks.send_invitation", invitation.pk)]


def test_the_link_is_stored_only_as_a_hash(invitation):
    raw = members.token(invitation)
    row = Invitation.objects.values().get()
    assert len(raw) == 43
    assert raw not in str(row)
    assert members.find_invitation(raw) == invitation
    assert members.find_invitation(raw[:-1]) is None
    assert members.find_invitation("") is None


def test_the_link_survives_a_change_of_the_secret_key(invitation, settings):
    raw = members.token(invitation)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a-new-one"
    assert members.token(invitation) == raw
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(LookupError):
        members.token(invitation)


def test_inviting_again_replaces_the_link(business, owner, invitation):
    first = members.token(invitation)
    again = members.invite(business, email="mara@engel.example", role=Role.FIELD_WORKER, by=owner)
    assert again.pk == invitation.pk
    assert again.role == Role.FIELD_WORKER
    assert members.find_invitation(first) is None
    assert members.find_invitation(members.token(again)) == again


def test_a_member_is_not_invited(business, owner):
    with pytest.raises(Refusal) as refusal:
        members.invite(business, email=owner.user.email.upper(), role=Role.OFFICE, by=owner)
    assert refusal.value.field == "email"


@pytest.mark.parametrize(("email", "role"), [("kein-postfach", Role.OFFICE), ("mara@engel.example", "chief")])
def test_nonsense_is_not_invited(business, owner, email, role):
    with pytest.raises((ValidationError, ValueError)):
        members.invite(business, email=email, role=role, by=owner)


# --- accept -------------------------------------------------------------------------------------------------------------
def test_the_invited_address_becomes_a_member_once(business, invitation):
    user = make.make_user("mara@engel.example")
    member = members.accept(invitation, user=user)
    assert (member.business, member.role, member.is_active) == (business, Role.OFFICE, True)
    with pytest.raises(members.InvitationClosed):
        members.accept(invitation, user=user)
    assert [entry.event for entry in AuditEntry.objects.order_by("pk")] == ["member_invited", "member_joined"]


def test_a_second_confirmed_address_counts_too(invitation):
    user = make.make_user()
    EmailAddress.objects.create(user=user, email="MARA@engel.example", verified=True, primary=False)
    assert members.accept(invitation, user=user).role == Role.OFFICE


@pytest.mark.parametrize(("email", "is_verified"), [("mara@engel.example", False), ("eve@engel.example", True)])
def test_nobody_else_can_accept(invitation, email, is_verified):
    with pytest.raises(Refusal):
        members.accept(invitation, user=make.make_user(email, is_verified=is_verified))
    invitation.refresh_from_db()
    assert invitation.is_open
    assert Member.objects.count() == 1


def test_an_old_invitation_is_closed(invitation, time_machine):
    user = make.make_user("mara@engel.example")
    time_machine.move_to(timezone.now() + timedelta(days=7, seconds=1))
    with pytest.raises(members.InvitationClosed) as closed:
        members.accept(invitation, user=user)
    assert closed.value.status == 410


def test_a_withdrawn_invitation_is_gone(owner, invitation):
    raw = members.token(invitation)
    members.withdraw_invitation(invitation, by=owner)
    assert members.find_invitation(raw) is None
    members.withdraw_invitation(invitation, by=owner)
    assert AuditEntry.objects.filter(event="invitation_withdrawn").count() == 1


def test_who_left_comes_back_with_the_new_role(business, owner):
    user = make.make_user("mara@engel.example")
    known = Member.objects.create(business=business, user=user, role=Role.FIELD_WORKER, is_active=False)
    invitation = members.invite(business, email=user.email, role=Role.OFFICE, by=owner)
    member = members.accept(invitation, user=user)
    assert (member.pk, member.role, member.is_active) == (known.pk, Role.OFFICE, True)


# --- roles and leaving --------------------------------------------------------------------------------------------------
def test_a_role_can_change(business, owner):
    worker = make.make_member(Role.FIELD_WORKER)
    members.change_role(worker, Role.OFFICE, by=owner)
    worker.refresh_from_db()
    assert worker.role == Role.OFFICE
    facts = AuditEntry.objects.get().facts
    assert (facts["before"], facts["after"]) == ("field_worker", "office")


def test_the_last_owner_stays(business, owner):
    for step in (
        lambda: members.change_role(owner, Role.OFFICE, by=owner),
        lambda: members.deactivate(owner, by=owner),
    ):
        with pytest.raises(Refusal, match="Inhaber"):
            step()
    owner.refresh_from_db()
    assert (owner.role, owner.is_active) == (Role.OWNER, True)


def test_an_owner_who_left_does_not_count(business, owner):
    gone = make.make_member(Role.OWNER)
    members.deactivate(gone, by=owner)
    with pytest.raises(Refusal):
        members.deactivate(owner, by=owner)


def test_one_of_two_owners_can_leave(business, owner):
    make.make_member(Role.OWNER)
    members.deactivate(owner, by=owner)
    owner.refresh_from_db()
    assert not owner.is_active
    assert AuditEntry.objects.get().event == "member_left"


def test_whose_access_ends_has_no_rights_and_no_keys(business, owner):
    worker = make.make_member(Role.OFFICE)
    _token, raw = tokens.create(worker, name="Kasse")
    members.deactivate(worker, by=owner)
    worker.refresh_from_db()
    assert "see_money" not in worker.rights
    assert member_of(worker.user) is None
    assert tokens.find(raw) is None
    assert ApiToken.objects.get().revoked_at is not None
    assert [entry.event for entry in AuditEntry.objects.order_by("pk")][-2:] == ["token_revoked", "member_deactivated"]


def test_ending_access_twice_is_one_step(business, owner):
    worker = make.make_member(Role.OFFICE)
    for _ in range(2):
        members.deactivate(worker, by=owner)
    assert AuditEntry.objects.count() == 1


# --- auditors -----------------------------------------------------------------------------------------------------------
def test_an_auditor_is_invited_for_years_and_sees_only_these(business, owner):
    invitation = members.invite(
        business, email="pruefer@fa.example", role=Role.AUDITOR, by=owner, audits_from=2024, audits_until=2026
    )
    member = members.accept(invitation, user=make.make_user("pruefer@fa.example"))
    assert (member.role, member.audits_from, member.audits_until) == (Role.AUDITOR, 2024, 2026)
    changed = members.change_role(member, Role.OFFICE, by=owner)
    assert (changed.role, changed.audits_from, changed.audits_until) == (Role.OFFICE, None, None)


@pytest.mark.parametrize(("first", "last", "field"), [(None, 2026, "audits_from"), (2026, 2025, "audits_until")])
def test_an_auditor_without_years_is_not_invited(business, owner, first, last, field):
    with pytest.raises(Refusal) as refused:
        members.invite(
            business, email="p@fa.example", role=Role.AUDITOR, by=owner, audits_from=first, audits_until=last
        )
    assert refused.value.field == field


def test_nobody_becomes_an_auditor_without_years(business, owner):
    member = make.make_member(Role.OFFICE)
    with pytest.raises(Refusal) as refused:
        members.change_role(member, Role.AUDITOR, by=owner)
    assert refused.value.field == "role"
    assert Member.objects.get(pk=member.pk).role == Role.OFFICE


def test_years_of_others_are_left_out(business, owner):
    invitation = members.invite(
        business, email="b@b.example", role=Role.OFFICE, by=owner, audits_from=2024, audits_until=2026
    )
    assert (invitation.audits_from, invitation.audits_until) == (None, None)

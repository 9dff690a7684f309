"""The team page: invite, roles, end somebody's access."""

import pytest
from django.urls import reverse

from accounts import members
from accounts.models import Invitation
from accounts.rights import Role
from tests import make

TEAM = reverse("accounts:settings_team")
INVITE = reverse("accounts:member_invite")


@pytest.fixture
def jana(owner):
    """The owner's browser, just asked who is there."""
    return make.reauthenticated(make.signed_in(owner))


@pytest.fixture
def invitation(business, owner):
    return members.invite(business, email="mara@engel.example", role=Role.OFFICE, by=owner)


def test_it_invites(jana):
    answer = jana.post(INVITE, {"email": "mara@engel.example", "role": "field_worker"})
    assert (answer.status_code, answer.headers["Location"]) == (302, TEAM)
    assert Invitation.objects.get().role == Role.FIELD_WORKER
    assert "mara@engel.example" in jana.get(TEAM).content.decode()


@pytest.mark.parametrize(
    "data", [{"email": "", "role": "office"}, {"email": "kein", "role": "office"}, {"email": "a@b.de", "role": "chief"}]
)
def test_it_says_what_is_wrong(jana, data):
    assert jana.post(INVITE, data).status_code == 422
    assert not Invitation.objects.exists()


def test_a_member_is_not_invited_again(jana, owner):
    answer = jana.post(INVITE, {"email": owner.user.email, "role": "office"})
    assert answer.status_code == 422
    assert "gehört schon zu Ihrem Betrieb" in answer.content.decode()


def test_the_invited_cannot_be_told_what_they_are_not_asked(jana):
    jana.post(INVITE, {"email": "a@b.de", "role": "office", "token_hash": "x", "expires_at": "2099-01-01"})
    assert Invitation.objects.get().token_hash != "x"


def test_it_sends_again_with_a_new_link(jana, invitation):
    before = invitation.token_hash
    assert jana.post(reverse("accounts:invitation_resend", args=[invitation.pk])).status_code == 302
    invitation.refresh_from_db()
    assert invitation.token_hash != before


def test_it_withdraws(jana, invitation):
    assert jana.post(reverse("accounts:invitation_withdraw", args=[invitation.pk])).status_code == 302
    assert not Invitation.objects.exists()


def test_it_changes_a_role_from_the_next_click_on(jana, business):
    worker = make.make_member(Role.OFFICE)
    theirs = make.signed_in(worker)
    jana.post(reverse("accounts:member_change_role", args=[worker.pk]), {"role": "owner"})
    assert theirs.get(TEAM).status_code == 200
    jana.post(reverse("accounts:member_change_role", args=[worker.pk]), {"role": "field_worker"})
    assert theirs.get(TEAM).status_code == 403


@pytest.mark.parametrize("role", ["", "chief", "OWNER"])
def test_a_role_that_does_not_exist_is_refused(jana, business, role):
    worker = make.make_member(Role.OFFICE)
    assert jana.post(reverse("accounts:member_change_role", args=[worker.pk]), {"role": role}).status_code == 409
    worker.refresh_from_db()
    assert worker.role == Role.OFFICE


def test_it_ends_somebodys_access(jana, business):
    worker = make.make_member(Role.OWNER)
    theirs = make.signed_in(worker)
    assert jana.post(reverse("accounts:member_deactivate", args=[worker.pk])).status_code == 302
    assert theirs.get(TEAM).headers["Location"] == reverse("accounts:business_create")


def test_the_last_owner_is_told_why_not(jana, owner):
    answer = jana.post(reverse("accounts:member_change_role", args=[owner.pk]), {"role": "office"})
    assert answer.status_code == 409
    assert "braucht eine Inhaberin oder einen Inhaber" in answer.content.decode()


STEPS = ["member_change_role", "member_deactivate", "invitation_resend", "invitation_withdraw"]


@pytest.mark.parametrize("name", STEPS)
def test_people_of_other_businesses_are_unknown(jana, name):
    other = make.make_business("Maler Schulz")
    foreign = make.make_member(Role.OWNER, business=other)
    pk = (
        foreign.pk if name.startswith("member") else members.invite(other, email="a@b.de", role="office", by=foreign).pk
    )
    assert jana.post(reverse(f"accounts:{name}", args=[pk]), {"role": "office"}).status_code == 404
    foreign.refresh_from_db()
    assert (foreign.role, foreign.is_active) == (Role.OWNER, True)


@pytest.mark.parametrize("name", [*STEPS, "member_invite"])
def test_every_step_asks_who_is_there(owner, invitation, name):
    worker = make.make_member(Role.OFFICE)
    args = {"member_invite": [], "invitation_resend": [invitation.pk], "invitation_withdraw": [invitation.pk]}
    target = reverse(f"accounts:{name}", args=args.get(name, [worker.pk]))
    answer = make.signed_in(owner).post(target, {"role": "owner", "email": "a@b.de"})
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, reverse("account_reauthenticate"))
    worker.refresh_from_db()
    assert (worker.role, worker.is_active, Invitation.objects.count()) == (Role.OFFICE, True, 1)


@pytest.mark.parametrize("name", [*STEPS, "member_invite"])
def test_steps_are_posts(jana, invitation, name):
    assert jana.get(reverse(f"accounts:{name}", args=[] if name == "member_invite" else [1])).status_code == 405

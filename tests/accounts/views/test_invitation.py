"""The mailed link, and joining by a click."""

import re

import pytest
from django.urls import reverse

from accounts import members
from accounts.models import Invitation, Member
from accounts.rights import Role
from tests import make

ACCEPT = reverse("accounts:invitation_accept")


@pytest.fixture
def link(business, owner):
    invitation = members.invite(business, email="mara@engel.example", role=Role.OFFICE, by=owner)
    return reverse("accounts:invitation", args=[members.token(invitation)])


def browser_of(user):
    browser = make.Browser()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def test_the_link_takes_the_token_out_of_the_address(client, link):
    answer = client.get(link)
    assert (answer.status_code, answer.headers["Location"]) == (302, ACCEPT)
    page = client.get(ACCEPT)
    assert "Einladung zu Tischlerei Haselbach" in page.content.decode()
    assert link.split("/")[-2] not in page.content.decode()


def test_looking_joins_nobody(client, link):
    for _ in range(5):
        client.get(link)
        client.head(link)
        client.get(ACCEPT)
    assert Member.objects.count() == 1
    assert Invitation.objects.get().is_open


def test_the_invited_join_and_work_for_that_business(link, business):
    browser = browser_of(make.make_user("mara@engel.example"))
    browser.get(link)
    assert browser.post(ACCEPT).status_code == 302
    member = Member.objects.get(user__email="mara@engel.example")
    assert (member.business, member.role) == (business, Role.OFFICE)
    assert browser.get(link).status_code == 410


def test_strangers_are_asked_to_sign_in_or_up(client, link):
    client.get(link)
    page = client.get(ACCEPT).content.decode()
    assert f"{reverse('account_signup')}?next={ACCEPT}" in page
    assert client.post(ACCEPT).headers["Location"] == ACCEPT
    assert Member.objects.count() == 1


def test_the_wrong_person_is_told(link):
    browser = browser_of(make.make_user("eve@engel.example"))
    browser.get(link)
    answer = browser.post(ACCEPT)
    assert answer.status_code == 409
    assert "andere E-Mail-Adresse" in answer.content.decode()
    assert Member.objects.count() == 1


def test_a_new_user_comes_back_to_the_invitation_after_signing_up(client, link, mailoutbox):
    client.get(link)
    data = {"name": "Mara Engel", "email": "mara@engel.example", "password1": "ein-langer-satz-hilft", "next": ACCEPT}
    answer = client.post(reverse("account_signup"), data)
    (sent,) = mailoutbox
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", sent.body, re.M).group(1)
    answer = client.post(answer.headers["Location"], {"code": code})
    assert answer.headers["Location"] == ACCEPT
    assert client.post(ACCEPT).status_code == 302
    assert Member.objects.filter(user__email="mara@engel.example", role=Role.OFFICE).exists()


@pytest.mark.parametrize("token", ["falsch", "%00", "x" * 2000])
def test_unknown_links_are_gone(client, db, token):
    assert client.get(f"/einladung/{token}/").status_code in {404, 410}


def test_without_a_link_there_is_nothing_to_accept(owner, client):
    assert client.get(ACCEPT).status_code == 410
    assert make.signed_in(owner).post(ACCEPT).status_code == 410

"""One's own name, language and businesses."""

import pytest
from django.urls import reverse

from accounts.models import Member
from accounts.rights import Role
from tests import make

PAGE = reverse("accounts:profile")
LEAVE = reverse("accounts:business_leave")


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_a_profile(business, role):
    assert make.signed_in_as(role).get(PAGE).status_code == 200


def test_also_who_has_no_business_yet(db):
    browser = make.Browser()
    browser.force_login(make.make_user(), backend="django.contrib.auth.backends.ModelBackend")
    page = browser.get(PAGE)
    assert "Betrieb anlegen" in page.content.decode()
    browser.post(LEAVE)
    assert browser.post(PAGE, {"name": "Mara", "language": "de"}).status_code == 302


def test_name_and_language_are_saved(owner):
    browser = make.signed_in(owner)
    answer = browser.post(PAGE, {"name": "Jana H.", "language": "en"})
    assert (answer.status_code, answer.cookies["django_language"].value) == (302, "en")
    owner.user.refresh_from_db()
    assert (owner.user.name, owner.user.language) == ("Jana H.", "en")
    assert browser.get(PAGE).headers["Content-Language"] == "en"


def test_nothing_else_is(owner):
    make.signed_in(owner).post(
        PAGE, {"name": "Jana", "language": "de", "email": "eve@evil.example", "is_superuser": "1", "is_staff": "1"}
    )
    owner.user.refresh_from_db()
    assert (owner.user.email.split("@")[1], owner.user.is_superuser) == ("haselbach.example", False)


@pytest.mark.parametrize("data", [{"name": "", "language": "de"}, {"name": "x" * 121, "language": "de"},
                                  {"name": "J", "language": "xx"}])  # fmt: skip
def test_what_is_wrong_is_said(owner, data):
    assert make.signed_in(owner).post(PAGE, data).status_code == 422


def test_who_leaves_has_no_access_any_more(business):
    make.make_member(Role.OWNER)
    worker = make.make_member(Role.OFFICE)
    browser = make.reauthenticated(make.signed_in(worker))
    assert browser.post(LEAVE).status_code == 302
    assert not Member.objects.get(pk=worker.pk).is_active
    assert browser.get(reverse("accounts:settings")).headers["Location"] == reverse("accounts:business_create")


def test_the_last_owner_cannot_leave(owner):
    assert make.reauthenticated(make.signed_in(owner)).post(LEAVE).status_code == 409


def test_leaving_asks_who_is_there(owner):
    answer = make.signed_in(owner).post(LEAVE)
    assert answer.headers["Location"].split("?")[0] == reverse("account_reauthenticate")

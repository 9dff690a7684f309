"""Start a business, change between several."""

import pytest
from django.urls import reverse

from accounts import members
from accounts.models import Business, Member
from accounts.rights import Role
from tests import make

URL = reverse("accounts:business_create")
DATA = {"name": "Maler Schulz", "legal_name": "Maler Schulz GmbH", "legal_form": "gmbh"}


@pytest.fixture
def newcomer(db):
    """A browser of somebody who has just signed up."""
    browser = make.Browser()
    browser.force_login(make.make_user(), backend="django.contrib.auth.backends.ModelBackend")
    return browser


def test_who_has_no_business_is_sent_to_start_one(newcomer):
    assert newcomer.get(reverse("accounts:settings")).headers["Location"] == URL


def test_the_form_begins_with_what_is_known(newcomer):
    page = newcomer.get(URL)
    assert page.status_code == 200
    assert page.context["form"].initial["owner_name"] == "Mara Engel"


def test_it_starts_a_business_and_goes_on_to_what_is_missing(newcomer):
    answer = newcomer.post(URL, DATA)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("accounts:settings"))
    business = Business.objects.get()
    assert (business.slug, business.members.get().role) == ("maler-schulz", Role.OWNER)
    page = newcomer.get(reverse("accounts:settings"))
    assert "Noch 6 Angaben fehlen, bevor Sie Rechnungen stellen können." in page.content.decode()


def test_what_is_missing_is_said(newcomer):
    answer = newcomer.post(URL, {"name": "", "legal_name": "x"})
    assert answer.status_code == 422
    assert "Bitte tragen Sie den Namen Ihres Betriebs ein." in answer.content.decode()
    assert not Business.objects.exists()


def test_nobody_makes_themselves_more_than_an_owner(newcomer):
    newcomer.post(URL, DATA | {"is_superuser": "1", "is_staff": "1", "slug": "eigene", "role": "owner", "id": "77"})
    member = Member.objects.select_related("user").get()
    assert (member.business.slug, member.user.is_superuser) == ("maler-schulz", False)


def test_strangers_sign_in_first(client, db):
    answer = client.get(URL)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{reverse('account_login')}?next={URL}")
    assert client.post(URL, DATA).status_code == 302
    assert not Business.objects.exists()


def test_who_was_invited_is_asked_about_that_first(newcomer, business, owner):
    invitation = members.invite(business, email="mara@engel.example", role=Role.OFFICE, by=owner)
    newcomer.get(reverse("accounts:invitation", args=[members.token(invitation)]))
    assert newcomer.get(URL).headers["Location"] == reverse("accounts:invitation_accept")


# --- several businesses -------------------------------------------------------------------------------------------------
@pytest.fixture
def second(owner):
    """Another business of the same owner."""
    other = make.make_business("Maler Schulz", city="Lübeck")
    Member.objects.create(business=other, user=owner.user, role=Role.OWNER)
    return other


def test_the_switch_changes_what_is_seen(owner, second):
    browser = make.signed_in(owner)
    assert browser.get(reverse("accounts:settings")).context["business"].name == "Tischlerei Haselbach"
    answer = browser.post(reverse("accounts:business_switch"), {"business": second.pk})
    assert answer.status_code == 302
    assert browser.get(reverse("accounts:settings")).context["business"] == second


@pytest.mark.parametrize("wanted", ["", "0", "999999", "abc", "9" * 30, "-1", "٣"])
def test_nonsense_is_unknown(owner, wanted):
    assert make.signed_in(owner).post(reverse("accounts:business_switch"), {"business": wanted}).status_code == 404


def test_other_peoples_businesses_are_unknown(owner):
    other = make.make_business("Maler Schulz")
    browser = make.signed_in(owner)
    assert browser.post(reverse("accounts:business_switch"), {"business": other.pk}).status_code == 404
    assert browser.get(reverse("accounts:settings")).context["business"].name == "Tischlerei Haselbach"


def test_a_business_one_has_left_is_unknown(owner, second):
    Member.objects.filter(business=second).update(is_active=False)
    assert make.signed_in(owner).post(reverse("accounts:business_switch"), {"business": second.pk}).status_code == 404


def test_a_switch_is_a_post(owner):
    assert make.signed_in(owner).get(reverse("accounts:business_switch")).status_code == 405


def test_a_choice_from_before_does_not_outlive_the_membership(owner, second):
    browser = make.signed_in(owner)
    browser.post(reverse("accounts:business_switch"), {"business": second.pk})
    Member.objects.filter(business=second).update(is_active=False)
    assert browser.get(reverse("accounts:settings")).context["business"].name == "Tischlerei Haselbach"

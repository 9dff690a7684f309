"""The page of API keys."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken
from tests import make

PAGE = reverse("accounts:settings_tokens")
CREATE = reverse("accounts:token_create")


@pytest.fixture
def jana(owner):
    """The owner's browser, just asked who is there."""
    return make.reauthenticated(make.signed_in(owner))


def test_a_new_key_is_shown_once(jana):
    answer = jana.post(CREATE, {"name": "Kasse", "is_read_only": "on"})
    raw = answer.context["raw"]
    token = ApiToken.objects.get()
    assert answer.status_code == 200
    assert raw in answer.content.decode()
    assert tokens.find(raw) == token
    assert token.is_read_only
    assert raw not in jana.get(PAGE).content.decode()


@pytest.mark.parametrize("changes", [{"name": ""}, {"name": "x" * 81}, {"expires_on": "gestern"}])
def test_it_says_what_is_wrong(jana, changes):
    assert jana.post(CREATE, {"name": "Kasse"} | changes).status_code == 422
    assert not ApiToken.objects.exists()


def test_a_key_does_not_end_before_it_begins(jana):
    yesterday = timezone.localdate() - timedelta(days=1)
    assert jana.post(CREATE, {"name": "Kasse", "expires_on": yesterday.isoformat()}).status_code == 422


def test_nobody_makes_a_key_for_somebody_else(jana, owner):
    other = make.make_member()
    jana.post(CREATE, {"name": "Kasse", "member": other.pk, "digest": "x"})
    assert ApiToken.objects.get().member == owner


def test_it_revokes(jana, owner):
    token, raw = tokens.create(owner, name="Kasse")
    assert jana.post(reverse("accounts:token_revoke", args=[token.pk])).status_code == 302
    assert tokens.find(raw) is None


def test_keys_of_other_businesses_are_unknown(jana):
    foreign = make.make_member(business=make.make_business("Maler Schulz"))
    token, raw = tokens.create(foreign, name="Kasse")
    assert jana.post(reverse("accounts:token_revoke", args=[token.pk])).status_code == 404
    assert tokens.find(raw) == token
    assert "Kasse" not in jana.get(PAGE).content.decode()


@pytest.mark.parametrize("name", ["token_create", "token_revoke"])
def test_it_asks_who_is_there(owner, name):
    token, raw = tokens.create(owner, name="Kasse")
    target = reverse(f"accounts:{name}", args=[token.pk] if name == "token_revoke" else [])
    answer = make.signed_in(owner).post(target, {"name": "Zweiter"})
    assert answer.headers["Location"].split("?")[0] == reverse("account_reauthenticate")
    assert (ApiToken.objects.count(), tokens.find(raw)) == (1, token)

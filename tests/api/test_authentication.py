"""Who gets in with a key or a session, and what they may do then."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import members, tokens
from accounts.models import ApiToken, Member
from accounts.rights import Role
from crm.models import Customer
from tests import make
from tests.api.conftest import Api, api_of

NEW = {"last_name": "Brandt"}


def test_a_key_opens_the_api(api):
    assert api.get("contacts/").status_code == 200


@pytest.mark.parametrize("path", ["contacts/", "quotes/", "orders/", "invoices/", "catalogue/", ""])
def test_without_a_key_nothing_opens(client, db, path):
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 401
    assert answer.json() == {"detail": "Bitte weisen Sie sich mit einem API-Schlüssel aus."}
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "header",
    [
        "Bearer hs_falsch",
        "Bearer ",
        "Bearer",
        "hs_x",
        "Basic YTpi",
        "Bearer hs_" + "x" * 10_000,
        "Bearer hs_ümläut",
        "",
    ],
)
def test_wrong_keys_are_refused_in_one_way(client, db, header):
    answer = client.get("/api/v1/contacts/", headers={"Authorization": header})
    assert (answer.status_code, answer.json()) == (401, {"detail": "Dieser API-Schlüssel gilt nicht oder nicht mehr."})


def test_a_revoked_key_ends_at_once(api, owner):
    tokens.revoke(ApiToken.objects.get(), by=owner)
    assert api.get("contacts/").status_code == 401


def test_an_expired_key_is_refused(owner):
    api = api_of(owner, expires_on=timezone.localdate())
    assert api.get("contacts/").status_code == 200
    ApiToken.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    assert api.get("contacts/").status_code == 401


def test_a_key_ends_with_its_member(owner):
    worker = make.make_member(Role.OFFICE)
    api = api_of(worker)
    members.deactivate(worker, by=owner)
    assert api.get("contacts/").status_code == 401


def test_a_key_that_only_reads_changes_nothing(owner):
    api = api_of(owner, is_read_only=True)
    customer = make.make_customer()
    assert api.get("contacts/").status_code == 200
    for answer in (
        api.post("contacts/", NEW),
        api.patch(f"contacts/{customer.pk}/", NEW),
        api.post(f"contacts/{customer.pk}/archive/"),
    ):
        assert (answer.status_code, answer.data) == (403, {"detail": "Dieser API-Schlüssel darf nur lesen."})
    assert Customer.objects.count() == 1


def test_a_role_that_changed_counts_at_once(owner):
    worker = make.make_member(Role.OFFICE)
    api = api_of(worker)
    assert api.get("invoices/").status_code == 200
    members.change_role(worker, Role.FIELD_WORKER, by=owner)
    assert api.get("invoices/").status_code == 403


def test_use_is_noted_at_most_once_a_minute(api):
    api.get("contacts/")
    first = ApiToken.objects.get().last_used_at
    api.get("contacts/")
    assert first is not None
    assert ApiToken.objects.get().last_used_at == first


def test_the_key_decides_for_which_business(api, foreign, business):
    mine, theirs = make.make_customer(), foreign(make.make_customer, "Fremd")
    assert [row["id"] for row in api.get("contacts/").data["results"]] == [mine.pk]
    for path in (f"contacts/{theirs.pk}/", f"contacts/?tenant={theirs.business_id}&business={theirs.business_id}"):
        answer = api.get(path, **{"X-Tenant": str(theirs.business_id)})
        assert "Fremd" not in answer.content.decode()


# --- sessions -----------------------------------------------------------------------------------------------------------
def test_a_session_reads(owner):
    assert make.signed_in(owner).get("/api/v1/contacts/").status_code == 200


def test_a_session_writes_only_with_its_csrf_token(owner):
    browser = make.Browser(enforce_csrf_checks=True)
    browser.force_login(owner.user, backend="django.contrib.auth.backends.ModelBackend")
    send = {"data": NEW, "content_type": "application/json"}
    answer = browser.post("/api/v1/contacts/", **send)
    assert (answer.status_code, answer.json()["detail"][:28]) == (403, "Bitte senden Sie das CSRF-To")
    assert browser.post("/api/v1/contacts/", '{"last_name": "x"}', content_type="text/plain").status_code == 403
    token = "a" * 32
    browser.cookies["csrftoken"] = token
    answer = browser.post("/api/v1/contacts/", **send, headers={"X-CSRFToken": token})
    assert answer.status_code == 201
    assert Customer.objects.count() == 1


def test_a_wrong_key_does_not_fall_back_to_the_session(owner):
    browser = make.signed_in(owner)
    assert browser.get("/api/v1/contacts/", headers={"Authorization": "Bearer hs_falsch"}).status_code == 401


def test_a_key_wins_over_a_session(owner, other):
    stranger = make.make_member(business=other)
    raw = tokens.create(stranger, name="Test")[1]
    make.make_customer()
    answer = make.signed_in(owner).get("/api/v1/contacts/", headers={"Authorization": f"Bearer {raw}"})
    assert answer.json()["results"] == []


def test_a_key_opens_the_api_alone(owner):
    raw = tokens.create(owner, name="Test")[1]
    answer = make.Browser().get("/einstellungen/", headers={"Authorization": f"Bearer {raw}"})
    assert answer.status_code == 302


def test_who_has_no_business_is_told(db):
    browser = make.Browser()
    browser.force_login(make.make_user(), backend="django.contrib.auth.backends.ModelBackend")
    answer = browser.get("/api/v1/contacts/")
    assert (answer.status_code, answer.json()) == (403, {"detail": "Zu diesem Zugang gehört kein Betrieb."})
    assert not Member.objects.exists()


def test_the_key_of_nobody(db):
    assert Api("").get("contacts/").status_code == 401

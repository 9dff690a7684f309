"""The same POST twice is worked off once (P85)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from accounts import current, idempotency
from accounts.models import IdempotencyKey
from billing.models import Invoice
from crm.models import Customer
from tests import make
from tests.api.conftest import Api, api_of

KEY = {"Idempotency-Key": "abc-1"}
NEW = {"last_name": "Brandt"}


def test_the_same_request_gets_the_same_answer(api):
    first = api.post("contacts/", NEW, **KEY)
    second = api.post("contacts/", NEW, **KEY)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert second.headers["Idempotent-Replayed"] == "true"
    assert Customer.objects.count() == 1


def test_another_key_is_another_request(api):
    for key in ("1", "2"):
        api.post("contacts/", NEW, **{"Idempotency-Key": key})
    assert Customer.objects.count() == 2


def test_without_a_key_every_request_counts(api):
    for _ in range(2):
        api.post("contacts/", NEW)
    assert Customer.objects.count() == 2
    assert not IdempotencyKey.objects.exists()


@pytest.mark.parametrize(("path", "data"), [("contacts/", {"last_name": "Otto"}), ("catalogue/", NEW)])
def test_a_key_belongs_to_one_request(api, path, data):
    api.post("contacts/", NEW, **KEY)
    answer = api.post(path, data, **KEY)
    assert (answer.status_code, answer.data) == (
        422, {"detail": "Dieser Idempotency-Key wurde schon für eine andere Anfrage benutzt."},
    )  # fmt: skip
    assert Customer.objects.count() == 1


def test_a_refused_request_may_be_sent_again(api, owner):
    quote = make.make_quote(by=owner, lines=[])
    assert api.post(f"quotes/{quote.pk}/send/", {}, **KEY).status_code == 422
    assert api.patch(f"quotes/{quote.pk}/", {"lines": [make.line()]}).status_code == 200
    assert api.post(f"quotes/{quote.pk}/send/", {}, **KEY).status_code == 200
    assert api.post(f"quotes/{quote.pk}/send/", {}, **KEY).status_code == 200
    assert api.post(f"quotes/{quote.pk}/send/", {}).status_code == 409


def test_keys_of_others_are_others(api, owner, other):
    api.post("contacts/", NEW, **KEY)
    assert "Idempotent-Replayed" not in api_of(make.make_member()).post("contacts/", NEW, **KEY).headers
    assert "Idempotent-Replayed" not in api_of(make.make_member(business=other)).post("contacts/", NEW, **KEY).headers
    assert Customer.objects.count() == 2


@pytest.mark.parametrize("key", ["x" * 256, "x" * 10_000])
def test_a_key_has_an_end(api, key):
    assert api.post("contacts/", NEW, **{"Idempotency-Key": key}).status_code == 400
    assert not Customer.objects.exists()


def test_it_does_not_open_doors(api, worker_api):
    api.post("contacts/", NEW, **KEY)
    assert worker_api.post("contacts/", NEW, **KEY).status_code == 403
    assert Api("hs_falsch").post("contacts/", NEW, **KEY).status_code == 401


def test_no_link_of_a_customer_is_kept_in_an_answer(api, owner):
    quote = make.make_quote(by=owner)
    api.post(f"quotes/{quote.pk}/send/", {"to": "kunde@kunde.example"}, **KEY)
    assert "/l/" not in IdempotencyKey.objects.get().body


def test_old_keys_are_forgotten(api):
    api.post("contacts/", NEW, **KEY)
    idempotency.forget_old()
    assert IdempotencyKey.objects.exists()
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(days=30, seconds=1))
    idempotency.forget_old()
    assert not IdempotencyKey.objects.exists()


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="one connection in memory has no second one beside it")
@pytest.mark.django_db(transaction=True)
def test_ten_at_once_have_one_effect():
    with current.working_for(make.make_business()):
        owner = make.make_member()
        api, order = api_of(owner), make.make_completed_order()

    def send(_n):
        try:
            return Api(api.raw).post("invoices/", {"order": order.pk}, **KEY)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(send, range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert Invoice.unscoped.count() == 1
    assert connection.vendor == "postgresql"

"""What the API says when something is wrong: always JSON, always German, never a crash."""

import pytest
from django.db import connection

from tests import make

BIG = 2**63


def test_foreign_and_unknown_are_the_same(api, foreign):
    theirs = foreign(make.make_customer)
    answers = [api.get(f"contacts/{pk}/") for pk in (theirs.pk, 999_999, BIG - 1, 10**17)]
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.content for answer in answers} == {b'{"detail":"Nicht gefunden."}'}


@pytest.mark.parametrize(
    "body", ["", "{", "[" * 100_000, '{"a":' * 50_000, "nan", "[]", "5", '"x"', "null", "\x00", "{}x"]
)
def test_bodies_that_are_no_object_are_refused(api, body):
    answer = api.browser.generic(
        "POST", "/api/v1/contacts/", body, content_type="application/json",
        headers={"Authorization": f"Bearer {api.raw}"},
    )  # fmt: skip
    assert answer.status_code == 400
    assert answer.json()["detail"] in {"Die Anfrage ist kein gültiges JSON.", "Bitte prüfen Sie Ihre Eingabe."}


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_only_json_is_read(api, content_type):
    answer = api.browser.generic(
        "POST", "/api/v1/contacts/", "last_name=x", content_type=content_type,
        headers={"Authorization": f"Bearer {api.raw}"},
    )  # fmt: skip
    assert answer.status_code == 415
    assert answer.json() == {"detail": "Bitte senden Sie JSON (Content-Type: application/json)."}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE"])
def test_methods_that_do_not_exist_are_named_so(api, method):
    customer = make.make_customer()
    answer = api(method, f"contacts/{customer.pk}/")
    assert (answer.status_code, answer.data) == (405, {"detail": "Diese Methode gibt es hier nicht."})


@pytest.mark.parametrize("accept", ["application/pdf", "text/html", "x"])
def test_answers_are_json_whatever_is_asked_for(api, accept):
    answer = api.get("contacts/", Accept=accept)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")


@pytest.mark.parametrize(
    "query",
    [
        "ordering=id);--", "_connector=OR", "customer__tenant__x=1", "page_size=1000000000", "page=9999", "q=%00",
        "q=" + "x" * 5000, "kind=chef", "updated_since=gestern", "updated_since=9999-12-31T23:59:59-14:00",
        "updated_since=0001-01-01T00:00:00%2B14:00", "archived=vielleicht", "tag=%00", "limit=-1", "limit=1e9", "limit=٣",
        "cursor=x", "cursor=W10=", "cursor=WyJ4IiwgIngiXQ==", "cursor=" + "x" * 5000, "cursor=%00",
    ],
)  # fmt: skip
def test_strange_queries_are_answered(api, query):
    answer = api.get(f"contacts/?{query}")
    assert answer.status_code in {200, 400}
    if answer.status_code == 400:
        assert answer.data["detail"] == "Bitte prüfen Sie Ihre Eingabe."
        assert answer.data["errors"]


@pytest.mark.parametrize("query", ["contact=99999999999999999999", "contact=-1", "contact=1.5", "contact=x", "state=x",
                                   "contact=1e400", "contact=NaN", "overdue=x"])  # fmt: skip
@pytest.mark.parametrize("path", ["quotes/", "orders/", "invoices/"])
def test_strange_filters_are_answered(api, path, query):
    assert api.get(f"{path}?{query}").status_code in {200, 400}


def test_nothing_is_left_open_after_a_mistake(api):
    api.post("contacts/", {"last_name": ""})
    assert not connection.needs_rollback


def test_an_address_that_does_not_exist(api):
    for path in (
        "contacts/abc/",
        "contacts/-1/",
        "contacts/1/fliegen/",
        "gibtesnicht/",
        "contacts/99999999999999999999/",
    ):
        assert api.get(path).status_code == 404

"""What tests of the API share."""

import json

import pytest

from accounts import current, tokens
from accounts.rights import Role
from tests import make


class Api:
    """Another program with a key of ours. Answers carry `.data`, their JSON."""

    def __init__(self, raw):
        self.raw = raw
        self.browser = make.Browser()

    def __call__(self, method, path, data=None, **headers):
        content = {} if data is None else {"data": json.dumps(data, default=str), "content_type": "application/json"}
        headers = {"Authorization": f"Bearer {self.raw}", **headers}
        answer = self.browser.generic(
            method, path if path.startswith("/") else f"/api/v1/{path}", headers=headers, **content
        )
        answer.data = json.loads(answer.content) if "json" in answer.headers.get("Content-Type", "") else None
        return answer

    def get(self, path, **headers):
        return self("GET", path, **headers)

    def post(self, path, data=None, **headers):
        return self("POST", path, data if data is not None else {}, **headers)

    def patch(self, path, data):
        return self("PATCH", path, data)

    def delete(self, path):
        return self("DELETE", path)


def api_of(member, **options):
    """A program with a key of this member."""
    return Api(tokens.create(member, name="Test", **options)[1])


@pytest.fixture
def api(owner):
    """A program of the owner."""
    return api_of(owner)


@pytest.fixture
def worker_api(business):
    """A program of somebody on site."""
    return api_of(make.make_member(Role.FIELD_WORKER))


@pytest.fixture
def adviser_api(business):
    """A program of the tax adviser."""
    return api_of(make.make_member(Role.TAX_ADVISER))


@pytest.fixture
def other(db):
    """Another business, whose rows nobody here may see."""
    return make.make_business("Maler Schulz")


@pytest.fixture
def foreign(other):
    """Runs a maker for that other business: `foreign(make.make_customer)`."""

    def make_there(maker, *args, **kwargs):
        with current.working_for(other):
            return maker(*args, **kwargs)

    return make_there

"""Many at the same moment (P32, P37): real threads, real transactions."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts import current
from billing.models import Acceptance, Order
from crm.models import AccessLink, Mail
from portal import nonces
from tests import make

TOGETHER = 20


@pytest.fixture
def here(transactional_db):
    """A business whose rows are really there for other connections."""
    with current.working_for(make.make_business()) as business:
        yield business


def at_once(work, times=TOGETHER):
    """The answers of so many threads that start together."""

    def alone(n):
        try:
            return work(n)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(alone, range(times)))


def is_shared():
    """An SQLite database in memory is one connection's own."""
    return connection.vendor != "sqlite" or "memory" not in str(connection.settings_dict["NAME"])


def test_twenty_who_order_at_once_make_one_order(here):
    if not is_shared():
        pytest.skip("the database is in memory")
    quote = make.make_sent_quote()
    link = make.link_to(quote)
    fields = {"nonce": nonces.make(link, quote.document_hash), "name": "Sabine Brandt", "email": "s@brandt.example"}
    visitors = [make.let_in(link) for _ in range(TOGETHER)]
    answers = at_once(lambda n: visitors[n].post(f"/k/{link.public_id}/beauftragen/", fields))
    assert {(each.status_code, each.headers["Location"]) for each in answers} == {
        (302, f"/k/{link.public_id}/beauftragt/")
    }
    assert (Order.objects.count(), Acceptance.objects.count()) == (1, 1)
    assert Mail.objects.filter(kind="billing/mail/quote_accepted").count() == 1


def test_of_fifty_guesses_at_once_five_are_looked_at(here):
    if not is_shared():
        pytest.skip("the database is in memory")
    type(here).objects.filter(pk=here.pk).update(asks_postcode=True)
    here.refresh_from_db()
    link = make.link_to(make.make_sent_quote())
    visitors = [make.Browser() for _ in range(50)]
    for visitor in visitors:
        visitor.get(f"/l/{make.access.token(link)}/")
    answers = at_once(lambda n: visitors[n].post(f"/k/{link.public_id}/plz/", {"plz": f"{10000 + n}"}), times=50)
    assert sorted({each.status_code for each in answers}) == [200, 429]
    assert AccessLink.objects.get(pk=link.pk).wrong_answers == 5

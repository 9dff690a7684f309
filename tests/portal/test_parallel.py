"""Many at the same moment (P32, P37): real threads, real transactions."""

import pytest

from accounts import current
from accounts.refusals import Refusal
from billing import quotes
from billing.models import Acceptance, Order, Quote
from crm import access_codes
from crm.models import AccessLink, Mail
from portal import nonces
from tests import make
from tests.parallel import at_once

TOGETHER = 20


@pytest.fixture
def here(transactional_db):
    """A business whose rows are really there for other connections."""
    with current.working_for(make.make_business()) as business:
        yield business


def test_twenty_who_order_at_once_make_one_order(here):
    quote = make.make_sent_quote()
    link = make.link_to(quote)
    fields = {"nonce": nonces.make(link, quote.document_hash), "name": "Sabine Brandt", "email": "s@brandt.example"}
    visitors = [make.let_in(link) for _ in range(TOGETHER)]
    answers = at_once(lambda n: visitors[n].post(f"/k/{link.public_id}/beauftragen/", fields), TOGETHER)
    assert {(each.status_code, each.headers["Location"]) for each in answers} == {
        (302, f"/k/{link.public_id}/beauftragt/")
    }
    assert (Order.objects.count(), Acceptance.objects.count()) == (1, 1)
    assert Mail.objects.filter(kind="billing/mail/quote_accepted").count() == 1


def test_twenty_who_accept_a_change_order_at_once_add_its_rows_once(here):
    order = make.make_order()
    quote = make.make_sent_amendment(order, lines=[make.line("Dimmer", price="60")])
    link = make.link_to(quote)
    fields = {"nonce": nonces.make(link, quote.document_hash), "name": "Sabine Brandt", "email": "s@brandt.example"}
    visitors = [make.let_in(link) for _ in range(TOGETHER)]
    answers = at_once(lambda n: visitors[n].post(f"/k/{link.public_id}/beauftragen/", fields), TOGETHER)
    assert {each.status_code for each in answers} == {302}
    assert [row.text for row in order.lines.filter(amendment=quote)] == ["Nachtrag 1", "Dimmer"]
    before = order.gross
    order.refresh_from_db()
    assert order.gross - before == Acceptance.objects.get(quote=quote).gross


def test_of_fifty_guesses_at_once_five_are_looked_at(here):
    type(here).objects.filter(pk=here.pk).update(asks_postcode=True)
    here.refresh_from_db()
    link = make.link_to(make.make_sent_quote())
    visitors = [make.Browser() for _ in range(50)]
    for visitor in visitors:
        visitor.get(f"/l/{make.access.token(link)}/")
    answers = at_once(lambda n: visitors[n].post(f"/k/{link.public_id}/plz/", {"plz": f"{10000 + n}"}), 50)
    assert sorted({each.status_code for each in answers}) == [200, 429]
    assert AccessLink.objects.get(pk=link.pk).wrong_answers == 5


def test_of_customers_who_order_and_an_office_that_sends_a_new_version_one_wins(here):
    """P29, P32: either the order is of the first version and no second one was sent, or the other way round."""
    quote = make.make_sent_quote()
    link = make.link_to(quote)
    draft = quotes.revise(quote, by=None)
    fields = {"nonce": nonces.make(link, quote.document_hash), "name": "Sabine Brandt", "email": "s@brandt.example"}
    visitors = [make.let_in(link) for _ in range(TOGETHER)]

    def step(n):
        if n != TOGETHER // 2:
            return visitors[n].post(f"/k/{link.public_id}/beauftragen/", fields).status_code
        with current.working_for(here):
            try:
                quotes.send(Quote.objects.get(pk=draft.pk), by=None)
            except Refusal:
                return "refused"
        return "sent"

    answers = at_once(step, TOGETHER)
    quote.refresh_from_db()
    draft.refresh_from_db()
    orders = list(Order.objects.values_list("quote_id", flat=True))
    if "sent" in answers:
        assert (quote.state, draft.state, orders) == ("replaced", "sent", [])
        assert set(answers) == {"sent", 409}
    else:
        assert (quote.state, draft.state, orders) == ("accepted", "draft", [quote.pk])
        assert set(answers) == {"refused", 302}


def test_of_twenty_codes_typed_at_once_five_are_looked_at(here):
    """P36, P37: a code has five tries in all, however many try."""
    type(here).objects.filter(pk=here.pk).update(asks_postcode=True)
    here.refresh_from_db()
    link = make.link_to(make.make_sent_quote())
    code = access_codes.issue(link)
    right = access_codes.digits(code)
    visitors = [make.Browser() for _ in range(TOGETHER)]
    for visitor in visitors:
        visitor.get(f"/l/{make.access.token(link)}/")
    typed = [f"{n:06d}" for n in range(TOGETHER + 1) if f"{n:06d}" != right.replace(" ", "")]
    answers = at_once(lambda n: visitors[n].post(f"/k/{link.public_id}/code/", {"code": typed[n]}), TOGETHER)
    assert sorted({each.status_code for each in answers}) == [422, 429]
    code.refresh_from_db()
    assert (code.wrong_answers, access_codes.answer(link, right)) == (5, access_codes.Answer.TRIED_OUT)


def test_of_twenty_who_ask_for_a_code_at_once_one_gets_it(here):
    type(here).objects.filter(pk=here.pk).update(asks_postcode=True)
    here.refresh_from_db()
    link = make.link_to(make.make_sent_quote())
    visitors = [make.Browser() for _ in range(TOGETHER)]
    for visitor in visitors:
        visitor.get(f"/l/{make.access.token(link)}/")
    answers = at_once(lambda n: visitors[n].post(f"/k/{link.public_id}/code/neu/"), TOGETHER)
    assert sorted(each.status_code for each in answers) == [302] + [429] * (TOGETHER - 1)
    assert Mail.objects.filter(kind="portal/mail/access_code").count() == 1

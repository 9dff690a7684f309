"""What a customer said on the phone, in a letter or a mail (R74, R80): taken down, kept apart, proved."""

import json
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.refusals import Refusal
from accounts.rights import Role
from billing import choices, on_behalf, orders, quotes
from billing.models import Acceptance, Order, Quote
from crm.models import Mail, TimelineEntry
from crm.states import NotAllowed
from tests import make

EML = b"From: ada@kunde.example\nDate: Sat, 21 Nov 2026 10:00:00 +0100\n\nMachen wir so.\n"


@pytest.fixture
def lotte(business):
    return make.make_member(Role.OFFICE, name="Lotte Weber")


@pytest.fixture
def expired(business):
    """A quote that was good until the last of November; now it is December."""
    with time_machine.travel("2026-11-21T10:00:00+01:00", tick=False):
        quote = make.make_sent_quote(valid_until=date(2026, 11, 30))
    with time_machine.travel("2026-12-01T00:00:00+01:00", tick=False):
        quotes.expire(quote)
        yield quote


def take_down(quote, by, taken=None, **changes):
    said = {
        "channel": "phone", "name": "Sabine Brandt", "arrived_at": timezone.now(), "email": quote.customer.email,
        "choice": choices.parse(quote.frozen_document, taken or {}), "seen_hash": quote.document_hash,
    }  # fmt: skip
    return on_behalf.place(quote, by=by, **said | changes)


def test_a_word_on_the_phone_becomes_an_order_of_the_choices_it_named(lotte):
    quote = make.make_sent_quote()
    order = take_down(quote, lotte, {"wahl-3.1": "3.2"}, note="Am liebsten im März")
    acceptance = order.quote.acceptance
    assert [line.text for line in order.lines.filter(alternative_set="Fronten")] == ["Salbei lackiert"]
    assert (acceptance.channel, acceptance.by, acceptance.name) == ("phone", lotte, "Sabine Brandt")
    assert acceptance.note == "Am liebsten im März"
    assert acceptance.gross == order.gross


def test_no_button_was_pressed_and_the_evidence_says_so(lotte):
    record = json.loads(take_down(make.make_sent_quote(), lotte).quote.acceptance.record)
    assert record["channel"] == "phone"
    assert not (record["button"] or {}).get("id")
    assert record["link"] is None


def test_the_timeline_says_that_the_office_entered_it(lotte):
    quote = make.make_sent_quote()
    take_down(quote, lotte)
    entry = TimelineEntry.objects.get(event="billing.quote_accepted")
    assert (entry.by, entry.facts["channel"]) == (lotte, "phone")


def test_the_customer_is_told_and_the_office_need_not_be(lotte):
    quote = make.make_sent_quote()
    order = take_down(quote, lotte)
    orders.confirm(order)
    sent = Mail.objects.get(kind="billing/mail/order_confirmed")
    assert sent.to == quote.customer.email
    assert "Lotte Weber hat das für Sie eingetragen: Sabine Brandt hat am" in sent.text
    assert "Das waren nicht Sie" in sent.text
    assert not Mail.objects.filter(kind="billing/mail/quote_accepted").exists()


@pytest.mark.parametrize(("channel", "named"), [("letter", "Brief"), ("email", "E-Mail")])
def test_what_was_written_is_kept_as_proof(lotte, channel, named):
    quote = make.make_sent_quote()
    with pytest.raises(Refusal, match=named) as refused:
        take_down(quote, lotte, channel=channel)
    assert refused.value.field == "proof"
    take_down(quote, lotte, channel=channel, proof=make.upload(EML, "Zusage.eml", "message/rfc822"))
    proof = Acceptance.objects.get().proof
    assert (proof.customer, proof.content_type) == (quote.customer, "message/rfc822")


def test_a_file_that_is_none_is_refused_at_its_field(lotte):
    with pytest.raises(Refusal) as refused:
        take_down(make.make_sent_quote(), lotte, proof=make.upload(b"MZ\0\0", "a.exe"))
    assert refused.value.field == "proof"


@pytest.mark.parametrize(("moved", "words"), [(timedelta(hours=1), "Zukunft"), (-timedelta(days=2), "vor dem Angebot")])
def test_it_came_after_the_quote_and_not_in_the_future(lotte, moved, words):
    with pytest.raises(Refusal, match=words) as refused:
        take_down(make.make_sent_quote(), lotte, arrived_at=timezone.now() + moved)
    assert refused.value.field == "arrived_at"


def test_late_is_a_new_offer_of_the_customer(lotte, expired):
    quote = expired
    with pytest.raises(Refusal, match="neue Fassung") as refused:
        take_down(quote, lotte)
    assert refused.value.field == "arrived_at"
    assert not Order.objects.exists()


def test_what_came_on_the_last_day_may_be_taken_down_later(lotte, expired):
    quote = expired
    order = take_down(quote, lotte, arrived_at=timezone.make_aware(datetime(2026, 11, 30, 23, 59)))
    quote.refresh_from_db()
    assert quote.state == Quote.State.ACCEPTED
    assert timezone.localdate(order.quote.acceptance.accepted_at) == quote.valid_until


def test_the_withdrawal_period_begins_with_the_instruction_not_with_the_word(lotte):
    with time_machine.travel("2026-11-20T10:00:00+01:00", tick=False):
        quote = make.make_sent_quote()
    with time_machine.travel("2026-11-23T09:00:00+01:00", tick=False):
        said_at = timezone.make_aware(datetime(2026, 11, 20, 16, 0))
        acceptance = take_down(quote, lotte, arrived_at=said_at).quote.acceptance
    assert acceptance.accepted_at == said_at
    assert acceptance.withdrawal_until == date(2026, 12, 7)  # the confirmation with the instruction left on the 23rd


def test_a_customers_own_page_stays_closed_after_the_last_day(expired):
    with pytest.raises(NotAllowed):
        orders.place(expired, **make.acceptance_of(expired))


def test_the_tablet_is_not_a_way_to_say_it(lotte):
    with pytest.raises(Refusal) as refused:
        take_down(make.make_sent_quote(), lotte, channel="on_site")
    assert refused.value.field == "channel"


def test_a_worker_has_the_quotes_of_those_he_visits_or_works_for(business):
    emre, others = make.make_member(Role.FIELD_WORKER), make.make_member(Role.FIELD_WORKER)
    visited, worked_for, stranger = (make.make_sent_quote() for _ in range(3))
    make.make_appointment(visited.customer, assignee=emre)
    orders.assign(make.make_order(make.make_sent_quote(worked_for.customer)), emre)
    own = make.make_sent_quote(by=emre)
    assert set(on_behalf.on_site_quotes(emre)) == {visited, worked_for, own}
    assert set(on_behalf.on_site_quotes(others)) == set()
    assert stranger in on_behalf.on_site_quotes(make.make_member(Role.OFFICE))

"""Versions of a quote: a sent one never changes, a later one takes its place (R74)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from accounts.refusals import Refusal
from billing import conversations, journal, quote_links, quotes
from billing.models import JournalEntry, Order, Quote
from crm import access, due, messages, states
from crm.models import AccessLink, ContactPerson, DueAction, Mail, TimelineEntry
from tests import make

pytestmark = pytest.mark.django_db
MAIL = "billing/mail/quote_sent"
Way = AccessLink.Way


@pytest.fixture(autouse=True)
def drawn(monkeypatch):
    """What WeasyPrint would draw."""
    monkeypatch.setattr("billing.documents.pdf.render_pdf", lambda document, **_: f"%PDF {document.version}".encode())


def revised(quote, *, lines=None, **sending):
    """The next version, sent."""
    draft = quotes.revise(quote, by=None)
    if lines is not None:
        draft = quotes.change(draft, lines=lines)
    quotes.send(draft, by=None, **sending)
    quote.refresh_from_db()
    return draft


# --- revising ---------------------------------------------------------------------------------------------------------
def test_the_next_version_begins_as_a_draft_with_the_same_rows_and_a_new_last_day(business, owner):
    quote = make.make_sent_quote(closing="Wir freuen uns.", negotiation="visit", valid_until=date(2030, 1, 1))
    draft = quotes.revise(quote, by=owner)
    assert (draft.state, draft.number, draft.revises, draft.closing, draft.negotiation, draft.by) == (
        "draft", None, quote, "Wir freuen uns.", "visit", owner,
    )  # fmt: skip
    assert draft.valid_until == timezone.localdate() + timedelta(days=business.quote_days)
    assert [row.text for row in draft.lines.all()] == [row.text for row in quote.lines.all()]
    assert quotes.revise(quote, by=None) == draft  # begun once


@pytest.mark.parametrize("state", ["sent", "declined", "expired", "retracted"])
def test_whatever_was_not_accepted_can_be_revised(business, state):
    quote = make.make_sent_quote()
    if state == "declined":
        quotes.decline(quote)
    elif state == "retracted":
        quotes.retract(quote, by=None)
    elif state == "expired":
        with time_machine.travel(timezone.now() + timedelta(days=90)):
            quotes.expire(quote)
    version = revised(quote)
    assert (version.number, version.version, version.state, quote.state) == (quote.number, 2, "sent", "replaced")


def test_an_accepted_quote_is_a_contract(business):
    quote = make.make_order().quote
    with pytest.raises(Refusal, match="Als Vorlage verwenden"):
        quotes.revise(quote, by=None)


def test_a_replaced_version_is_not_revised_again(business):
    quote = make.make_sent_quote()
    revised(quote)
    with pytest.raises(Refusal, match="schon Fassung 2"):
        quotes.revise(quote, by=None)
    with pytest.raises(states.NotAllowed):
        quotes.revise(make.make_quote(), by=None)


def test_while_the_next_version_is_a_draft_the_old_one_can_be_accepted(business):
    quote = make.make_sent_quote()
    draft = quotes.revise(quote, by=None)
    make.make_order(quote)
    with pytest.raises(Refusal, match="nicht mehr gesendet"):
        quotes.send(draft, by=None)
    draft.refresh_from_db()
    assert (draft.state, draft.number, draft.version) == ("draft", None, 1)
    assert Mail.objects.filter(kind=MAIL).count() == 1


def test_a_draft_that_is_thrown_away_leaves_everything_as_it_was(business):
    quote = make.make_sent_quote()
    quotes.delete_draft(quotes.revise(quote, by=None))
    assert make.make_order(quote).quote == quote


# --- sending the next version -----------------------------------------------------------------------------------------
def test_it_takes_the_number_and_the_place_of_the_old_one(business, owner):
    quote = make.make_sent_quote()
    hash_before, lines_before = quote.document_hash, list(quote.lines.values())
    version = revised(quote, lines=[make.line("Nur der Korpus", "1", "900")], version_note="Ohne Fronten")
    assert (version.frozen_document.number, version.frozen_document.version) == (quote.number, 2)
    assert (version.version_note, version.gross) == ("Ohne Fronten", Decimal("1071.00"))
    assert (quote.document_hash, list(quote.lines.values())) == (hash_before, lines_before)
    with pytest.raises(states.NotAllowed):
        make.make_order(quote)
    with pytest.raises(states.NotAllowed):
        quotes.decline(quote)
    assert make.make_sent_quote().number.endswith("-0002")  # a version uses no number
    assert [entry.event for entry in JournalEntry.objects.filter(number=quote.number)] == [
        "billing.quote_sent", "billing.quote_sent", "billing.quote_replaced",
    ]  # fmt: skip
    assert journal.first_broken() is None


def test_what_was_planned_for_the_old_version_is_dropped(business):
    quote = make.make_sent_quote()
    version = revised(quote)
    planned = DueAction.objects.filter(state=DueAction.State.OPEN)
    assert {action.subject for action in planned} == {version}


def test_it_is_mailed_to_those_who_had_the_old_one_and_the_same_link_opens_it(business):
    quote = make.make_sent_quote()
    mine, second, closed = make.link_to(quote), *(quote_links.share(quote, by=None, to=f"{n}@b.example") for n in "ab")
    access.close(closed)
    access.mark_seen(mine)
    version = revised(quote)
    assert [link.pk for link in access.links_to(version)] == [closed.pk, second.pk, mine.pk]
    assert {mail.link_id for mail in Mail.objects.filter(about_id=version.pk)} == {mine.pk, second.pk}
    mine.refresh_from_db()
    assert (mine.seen_count, mine.last_seen_at) == (0, None)  # nobody saw the new version yet
    assert [link.is_open for link in access.links_to(version)] == [False, True, True]


def test_links_live_as_long_as_the_new_version(business):
    with time_machine.travel("2026-01-01 10:00 +0000", tick=False):
        quote = make.make_sent_quote(valid_until=date(2026, 1, 10))
    with time_machine.travel("2026-06-01 10:00 +0000", tick=False):
        quotes.expire(quote)
        assert not make.link_to(quote).is_open
        version = revised(quote)
        assert make.link_to(version).is_open
        assert Mail.objects.filter(about_id=version.pk).count() == 1


def test_links_of_a_retracted_quote_open_again_but_not_the_one_that_was_closed_by_itself(business):
    quote = make.make_sent_quote()
    leaked = quote_links.share(quote, by=None, to="falsch@b.example")
    access.close(leaked)
    quotes.retract(quote, by=None)
    version = revised(quote)
    assert {link.sent_to: link.is_open for link in access.links_to(version)} == {
        quote.customer.email: True, "falsch@b.example": False,
    }  # fmt: skip


def test_a_version_of_a_version(business):
    first = make.make_sent_quote()
    second = revised(first)
    third = revised(second)
    assert [quote.state for quote in Quote.objects.of_number(first.number)] == ["replaced", "replaced", "sent"]
    assert make.make_order(third).quote == third
    assert Order.objects.count() == 1


def test_the_conversation_goes_on(business, owner):
    quote = make.make_sent_quote()
    messages.ask(make.link_to(quote), "Geht es auch in Buche?", author_name="Sabine")
    version = revised(quote)
    messages.answer(version, "Ja.", customer=quote.customer, by=owner)
    assert [message.text for message in conversations.of_quote(version)] == ["Geht es auch in Buche?", "Ja."]


# --- several recipients, several ways ---------------------------------------------------------------------------------
def test_each_recipient_has_a_link_and_a_mail_of_his_own_and_is_greeted_by_name(business):
    customer = make.make_company()
    ContactPerson.objects.create(customer=customer, name="Piet Flohr", email="Piet@b.example")
    quote = make.make_quote(customer)
    words = f"{customer.greeting},\n\nwie besprochen."
    quotes.send(
        quote, by=None, recipients=[customer.email, "piet@b.example", "Piet@b.example", "x@b.example"], message=words
    )
    mails = {mail.to: mail for mail in Mail.objects.filter(kind=MAIL)}
    assert set(mails) == {customer.email, "piet@b.example", "x@b.example"}
    assert len({mail.link_id for mail in mails.values()}) == 3
    begins = [mails[to].text.splitlines()[0] for to in (customer.email, "piet@b.example", "x@b.example")]
    assert begins == [f"{customer.greeting},", "Guten Tag Piet Flohr,", "Guten Tag,"]


@pytest.mark.parametrize("way", [Way.LINK, Way.QR, Way.POST])
def test_a_way_without_mail_makes_one_link_and_is_told_on_the_timeline(business, way):
    quote = make.make_quote()
    link = quotes.send(quote, by=None, way=way)
    assert (link.way, link.sent_to, Mail.objects.count(), quote.state) == (way, "", 0, "sent")
    assert TimelineEntry.objects.get(event="billing.quote_sent").facts["way"] == way


def test_a_new_version_by_post_mails_nobody(business):
    version = revised(make.make_sent_quote(), way=Way.POST)
    assert not Mail.objects.filter(about_id=version.pk).exists()
    assert [link.way for link in access.links_to(version)] == ["post", "mail"]


def test_a_leaked_link_is_replaced_by_a_new_one_for_the_same_recipient(business, owner):
    quote = make.make_sent_quote()
    old = make.link_to(quote)
    new = quote_links.renew(quote, old, by=owner)
    old.refresh_from_db()
    assert (old.is_open, new.sent_to, Mail.objects.filter(link=new).count()) == (False, quote.customer.email, 1)
    quote_links.reopen(quote, old)
    old.refresh_from_db()
    assert old.is_open
    with pytest.raises(Refusal, match="gibt es keine Links"):
        quote_links.share(make.make_quote(), by=None)


# --- lost, open again, longer -----------------------------------------------------------------------------------------
def test_the_office_notes_why_a_quote_was_lost(business, owner):
    quote = make.make_sent_quote()
    with pytest.raises(Refusal, match="woran es lag"):
        quotes.lose(quote, by=owner, reason="")
    quotes.lose(quote, by=owner, reason="price", comment=" Am Telefon ")
    assert (quote.state, quote.decline_reason, quote.decline_comment) == ("declined", "price", "Am Telefon")
    assert TimelineEntry.objects.get(event="billing.quote_lost").by == owner
    assert not Mail.objects.filter(kind="billing/mail/quote_declined").exists()  # the office knows


def test_of_an_expired_quote_only_the_reason_is_kept(business, owner):
    quote = make.make_sent_quote()
    with time_machine.travel(timezone.now() + timedelta(days=90)):
        quotes.expire(quote)
        quotes.lose(quote, by=owner, reason="not_now")
    assert (quote.state, quote.decline_reason) == ("expired", "not_now")
    with pytest.raises(states.NotAllowed):
        quotes.lose(make.make_order().quote, by=owner, reason="price")


def test_a_declined_quote_is_opened_again_until_its_last_day(business, owner):
    quote = make.make_sent_quote()
    quotes.decline(quote, reason="price", comment="Zu teuer")
    quotes.reopen(quote, by=owner)
    assert (quote.state, quote.decline_reason, quote.decided_at) == ("sent", "", None)
    assert due.planned(quote)  # it is followed up again
    quotes.decline(quote)
    with time_machine.travel(timezone.now() + timedelta(days=90)), pytest.raises(Refusal, match="verlängern"):
        quotes.reopen(quote, by=owner)


def test_an_expired_quote_is_extended_in_one_step(business, owner):
    quote = make.make_sent_quote()
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        quotes.expire(quote)
        version = quotes.extend(quote, by=owner)
        assert version.valid_until == timezone.localdate() + timedelta(days=business.quote_days)
        assert (version.state, version.gross, version.number) == ("sent", quote.gross, quote.number)
        assert version.version_note == "Die Leistungen sind dieselben, das Angebot gilt länger."
        assert Mail.objects.get(about_id=version.pk).to == quote.customer.email
        assert make.make_order(version).quote == version


def test_a_version_that_is_being_written_is_not_sent_by_extending(business, owner):
    quote = make.make_sent_quote()
    quotes.change(quotes.revise(quote, by=owner), title="Halb geschrieben")
    with pytest.raises(Refusal, match="Bitte senden Sie diesen"):
        quotes.extend(quote, by=owner)

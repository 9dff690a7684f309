"""The withdrawal matrix of R82: each row, each channel, and what follows for the acceptance."""

import json
from datetime import date

import pytest
from django.utils import timezone

from billing import instructions, legal_texts, withdrawal_rights
from billing.models import Acceptance, Quote
from tests import make

TODAY = date(2026, 11, 21)


def row(negotiation, channel, *, kind="offer", buyer="consumer", on=TODAY):
    return withdrawal_rights.regime(buyer_kind=buyer, quote_kind=kind, negotiation=negotiation, channel=channel, on=on)


@pytest.mark.parametrize(
    ("situation", "negotiation", "channel", "kind", "regime", "may_withdraw", "function", "paper"),
    [
        ("enquiry, photos, quote by mail, page", "remote", "portal", "offer", "distance_online", True, True, False),
        ("the same, accepted on the phone", "remote", "phone", "offer", "distance", True, False, False),
        ("the same, accepted by letter", "remote", "letter", "offer", "distance", True, False, False),
        ("the same, accepted by mail", "remote", "email", "offer", "distance", True, False, False),
        ("visit with talks, accepted later on the page", "visit", "portal", "offer", "in_person", False, False, False),
        ("visit with talks, accepted later on the phone", "visit", "phone", "offer", "in_person", False, False, False),
        ("visit with talks, tablet at a second one", "visit", "on_site", "offer", "off_premises", True, False, True),
        ("signed on the tablet during the visit", "on_site", "on_site", "offer", "off_premises", True, False, True),
        ("offered at the customer's, clicked a little later", "on_site", "portal", "offer", "off_premises", True, False, True),
        ("a change agreed verbally on site", "on_site", "phone", "offer", "off_premises", True, False, True),
        ("customer calls for an urgent repair", "urgent", "on_site", "offer", "urgent", False, False, False),
        ("the same, confirmed on the page", "urgent", "portal", "offer", "urgent", False, False, False),
        ("goods made to measure, sale only", "goods", "portal", "offer", "goods", False, False, False),
        ("made to measure inside works: the channel decides", "remote", "portal", "offer", "distance_online", True, True, False),
        ("new building for a consumer", "remote", "portal", "construction", "construction", True, False, False),
        ("new building, signed at home", "on_site", "on_site", "construction", "construction", True, False, False),
        ("in the workshop", "premises", "premises", "offer", "premises", False, False, False),
        ("talked about in the workshop, accepted on the page", "premises", "portal", "offer", "in_person", False, False, False),
        ("talked from afar, concluded in the workshop", "remote", "premises", "offer", "premises", False, False, False),
        ("an estimate is like an offer", "remote", "portal", "estimate", "distance_online", True, True, False),
        ("nobody said how: instruct", "", "portal", "offer", "doubt_online", True, True, False),
        ("nobody said how, on the phone: instruct", "", "phone", "offer", "doubt", True, False, False),
        ("nobody said how, on the tablet", "", "on_site", "offer", "off_premises", True, False, True),
        ("nobody said how, in the workshop", "", "premises", "offer", "premises", False, False, False),
    ],
)  # fmt: skip
def test_each_row_of_the_matrix(situation, negotiation, channel, kind, regime, may_withdraw, function, paper):
    found = row(negotiation, channel, kind=kind)
    assert (found.id, found.has_withdrawal, found.needs_function, found.needs_paper) == (
        regime, may_withdraw, function, paper,
    ), situation  # fmt: skip


@pytest.mark.parametrize("buyer", ["business", "public"])
@pytest.mark.parametrize("negotiation", Quote.Negotiation.values)
def test_only_consumers_withdraw(buyer, negotiation):
    for channel in Acceptance.Channel.values:
        for kind in Quote.Kind.values:
            assert not row(negotiation, channel, kind=kind, buyer=buyer).has_withdrawal


def test_whatever_is_said_there_is_a_row_with_a_sentence_and_its_instruction():
    for negotiation in Quote.Negotiation.values:
        for channel in Acceptance.Channel.values:
            for kind in Quote.Kind.values:
                found = row(negotiation, channel, kind=kind)
                assert str(found.sentence) and found.ground and withdrawal_rights.REGIMES[found.id] == found
                if found.has_withdrawal:
                    assert any(text.holds(TODAY) for text in instructions.INSTRUCTIONS[found.instruction])


def test_the_function_is_due_since_its_day(business):
    assert row("remote", "portal", on=date(2026, 6, 18)).id == "distance"
    assert row("remote", "portal", on=date(2026, 6, 19)).id == "distance_online"
    before = instructions.withdrawal(business, family="plain", on=date(2026, 6, 18))
    since = instructions.withdrawal(business, family="online", on=date(2026, 6, 19))
    assert "Vertrag widerrufen“ auf Ihrer Kundenseite" in since.text
    assert "Kundenseite" not in before.text
    assert "binnen 14 Tagen" in instructions.withdrawal(business, family="construction", on=TODAY).text
    with pytest.raises(LookupError):
        instructions.withdrawal(business, family="online", on=date(2026, 6, 18))


@pytest.mark.parametrize(
    ("negotiation", "text_id"),
    [("", "withdrawal-instruction-de-356a-1"), ("remote", "withdrawal-instruction-de-356a-1"), ("visit", None)],
)
def test_the_acceptance_follows_the_matrix(business, negotiation, text_id):
    order = make.make_order(make.make_sent_quote(negotiation=negotiation))
    acceptance = order.quote.acceptance
    said = json.loads(acceptance.record)["withdrawal"]
    assert (said["instruction"], said["negotiation"]) == (text_id, negotiation)
    assert (acceptance.withdrawal_until is not None) is (text_id is not None)
    assert acceptance.regime == said["regime"]
    assert acceptance.texts.filter(kind="instruction").exists() is (text_id is not None)


def test_statements_belong_to_the_regime():
    names = {name: list(legal_texts.statements(found, "de")) for name, found in withdrawal_rights.REGIMES.items()}
    assert names["distance_online"] == names["doubt"] == ["early_start", "early_end"]
    assert names["off_premises"] == ["early_start", "early_end", "paperless"]
    assert names["construction"] == names["in_person"] == names["business"] == []


def test_every_legal_text_is_found_by_its_id_and_ids_are_used_once():
    known = list(legal_texts.known())
    assert len({text.id for text in known}) == len(known)
    assert all(legal_texts.by_id(text.id) is text and text.holds(timezone.localdate()) for text in known)
    with pytest.raises(LookupError):
        legal_texts.by_id("order-consumer-de-99")

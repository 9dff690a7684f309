"""Something else than what was offered: a wish, never an order (R74)."""

from datetime import date

import pytest
import time_machine

from billing import change_requests
from billing.models import ChangeRequest, Order, Quote
from crm import messages
from crm.models import Mail, Message
from tests import make


def wish(visitor, link, **said):
    return visitor.post(f"/k/{link.public_id}/wunsch/", {"name": "Sabine Brandt"} | said)


def test_a_wish_is_kept_told_and_never_an_order(visitor, link, quote):
    answer = wish(visitor, link, unwanted=["4.3", "2.3"], text="Lieber Esche", **{"wahl-3.1": "3.2"})
    assert answer["Location"] == f"/k/{link.public_id}/wunsch/danke/"
    found = ChangeRequest.objects.get()
    assert (found.unwanted, found.text, found.name, found.email) == (
        ["2.3", "4.3"],
        "Lieber Esche",
        "Sabine Brandt",
        link.sent_to,
    )
    assert found.choice["alternatives"] == {"Fronten": "3.2"}
    quote.refresh_from_db()
    assert quote.state == Quote.State.SENT
    assert not Order.objects.exists()
    assert "– 4.3 Sockel- und Wandanschlüsse" in Message.objects.get().text
    assert Mail.objects.filter(kind="crm/mail/question_asked", to="post@haselbach.example").count() == 1
    assert not messages.unread().exists()  # it waits as a wish
    page = visitor.get(answer["Location"]).content.decode()
    assert "Bestellt ist noch nichts." in page
    assert "Sockel- und Wandanschlüsse" in page
    assert make.make_order(quote)  # as it stands it can still be ordered


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Bitte sagen Sie uns, was Sie gern anders hätten."),
        ({"text": "Esche", "name": ""}, "Bitte tragen Sie Ihren Namen ein."),
        ({"text": "x" * 2001}, "Bitte kürzen Sie Ihren Text auf höchstens 2.000 Zeichen."),
        ({"unwanted": ["3.1"]}, "Das Angebot wurde inzwischen geändert."),  # an alternative is chosen, not wished away
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(visitor, link, said, sentence):
    answer = wish(visitor, link, **said)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ChangeRequest.objects.exists()


def test_after_the_last_day_it_asks_for_the_quote_anew_without_a_word(business):
    with time_machine.travel("2026-11-21T10:00:00+01:00", tick=False):
        link = make.link_to(make.make_sent_quote(valid_until=date(2026, 11, 30)))
    with time_machine.travel("2026-12-02T10:00:00+01:00", tick=False):
        visitor = make.let_in(link)
        assert "Aktuelles Angebot anfragen" in visitor.get(f"/k/{link.public_id}/wunsch/").content.decode()
        assert wish(visitor, link).status_code == 302
        assert Message.objects.get().text == "Bitte machen Sie mir dieses Angebot noch einmal."


def test_what_is_ordered_is_not_wished_for(visitor, link, quote):
    make.make_order(quote)
    assert wish(visitor, link, text="Doch anders")["Location"] == f"/k/{link.public_id}/angebot/"


def test_looking_sends_nothing(visitor, link):
    assert visitor.get(f"/k/{link.public_id}/wunsch/danke/").status_code == 302
    assert 'name="unwanted"' in visitor.get(f"/k/{link.public_id}/wunsch/").content.decode()
    assert not ChangeRequest.objects.exists()


def test_the_effect_is_the_whole_total_without_these_rows(visitor, link):
    wish(visitor, link, unwanted=["2.1", "2.2", "2.3"])
    found = change_requests.effect(ChangeRequest.objects.get())
    # 1,940 + 890 + 288 net and their tax
    assert (str(found.before), str(found.change)) == ("7871.85", "-3710.42")

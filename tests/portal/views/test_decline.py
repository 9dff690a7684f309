"""Saying no (ABL1 to ABL3)."""

from datetime import date

import pytest
import time_machine

from accounts.refusals import Refusal
from billing import quotes
from billing.models import Quote
from crm.models import Mail, Message, TimelineEntry
from tests import make


def decline(visitor, link, **said):
    return visitor.post(f"/k/{link.public_id}/ablehnen/", said, follow=True)


def test_a_reason_is_welcome_and_reaches_the_business(visitor, link, quote):
    page = decline(visitor, link, reason="date", comment="Erst im Frühjahr").content.decode()
    quote.refresh_from_db()
    assert (quote.state, quote.decline_reason, quote.decline_comment) == ("declined", "date", "Erst im Frühjahr")
    assert "Danke für Ihre Rückmeldung." in page
    assert "Falls sich etwas ändert: Das Angebot gilt bis" in page
    assert TimelineEntry.objects.filter(event="billing.quote_declined").count() == 1
    assert Mail.objects.filter(kind="billing/mail/quote_declined", to="post@haselbach.example").count() == 1


def test_it_can_be_sent_without_a_word(visitor, link, quote):
    decline(visitor, link)
    quote.refresh_from_db()
    assert (quote.state, quote.decline_reason) == ("declined", "")


def test_a_reason_that_is_none_of_ours_is_refused(visitor, link, quote):
    assert decline(visitor, link, reason="hacked").status_code == 422
    assert Quote.objects.get(pk=quote.pk).state == "sent"


def test_declining_again_thanks_again_and_tells_nobody(visitor, link):
    decline(visitor, link)
    mails = Mail.objects.count()
    assert "Danke für Ihre Rückmeldung." in decline(visitor, link, reason="price").content.decode()
    assert Mail.objects.count() == mails


def test_the_form_names_four_reasons_and_selects_none(visitor, link):
    page = visitor.get(f"/k/{link.public_id}/ablehnen/").content.decode()
    assert [page.count(f'value="{reason}"') for reason in Quote.Reason.values] == [1, 1, 1, 1]
    assert "checked" not in page
    assert "Anderen Termin vorschlagen" in page


def test_another_day_is_a_message_and_no_refusal(visitor, link, quote):
    answer = visitor.post(f"/k/{link.public_id}/anderer-termin/", {"day": "Ab Mitte März"})
    assert answer["Location"] == f"/k/{link.public_id}/angebot/#nachrichten"
    quote.refresh_from_db()
    assert quote.state == "sent"
    assert Message.objects.get().text == "Ein anderer Termin wäre mir lieber: Ab Mitte März"


def test_another_day_needs_a_word(visitor, link):
    answer = visitor.post(f"/k/{link.public_id}/anderer-termin/", {"day": " "})
    assert answer.status_code == 422
    assert "Bitte schreiben Sie, wann es Ihnen passen würde." in answer.content.decode()
    assert not Message.objects.exists()


def test_declined_it_can_still_be_ordered_and_after_the_last_day_not(business):
    with time_machine.travel("2026-11-21T10:00:00+01:00", tick=False):
        link = make.link_to(make.make_sent_quote(valid_until=date(2026, 11, 30)))
        visitor = make.let_in(link)
        decline(visitor, link)
        assert visitor.get(f"/k/{link.public_id}/pruefen/").status_code == 200
    with time_machine.travel("2026-12-01T00:00:01+01:00", tick=False):
        visitor = make.let_in(link)
        assert visitor.get(f"/k/{link.public_id}/pruefen/").status_code == 302
        with pytest.raises(Refusal):
            make.make_order(link.subject)


@pytest.mark.parametrize("state", ["accepted", "expired"])
def test_what_is_decided_or_over_cannot_be_declined(visitor, link, quote, state, monkeypatch):
    if state == "accepted":
        make.make_order(quote)
    else:
        monkeypatch.setattr(Quote, "has_expired", True)
        quotes.expire(quote)
    assert decline(visitor, link).redirect_chain[0] == (f"/k/{link.public_id}/angebot/", 302)
    quote.refresh_from_db()
    assert quote.state == state

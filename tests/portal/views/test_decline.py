"""Saying no (ABL1 to ABL3)."""

import pytest

from billing import quotes
from billing.models import Quote
from crm.models import Mail, TimelineEntry
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
    assert "Nach einem anderen Termin fragen" in page


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

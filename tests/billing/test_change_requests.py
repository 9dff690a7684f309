"""What becomes of a customer's wish in the office (R74)."""

import pytest
from django.urls import reverse

from accounts.rights import Role
from billing import change_requests, choices, quotes, waiting
from billing.models import Quote
from tests import make


@pytest.fixture
def lotte(business):
    return make.make_member(Role.OFFICE, name="Lotte Weber")


@pytest.fixture
def wish(business):
    quote = make.make_sent_quote()
    choice = choices.parse(quote.frozen_document, {"wahl-3.1": "3.2"})
    return change_requests.ask(
        quote, link=make.link_to(quote), unwanted=["4.3"], choice=choice, text="Ohne Leisten", name="Sabine Brandt"
    )


def test_headings_over_nothing_go_with_their_rows(wish):
    document = wish.quote.frozen_document
    left = change_requests.without(document, {"1.1", "4.1", "4.2", "4.3"})
    assert [line.text for line in left.lines if line.kind == "section"] == ["Schrank", "Fronten", "Auf Wunsch"]
    assert left.totals.net == document.totals.net - 420 - 16 * 62 - 45 - 180


def test_a_new_version_leaves_out_what_is_unwanted_and_preselects_what_was_chosen(wish, lotte):
    draft = change_requests.revise(wish, by=lotte)
    texts = [line.text for line in draft.lines.all()]
    assert "Sockel- und Wandanschlüsse" not in texts
    assert len(texts) == wish.quote.lines.count() - 1
    assert [line.text for line in draft.lines.filter(is_default=True)] == ["Salbei lackiert"]
    assert draft.gross == change_requests.effect(wish).after
    wish.refresh_from_db()
    assert wish.answered_at is None


def test_it_is_answered_when_the_version_is_sent(wish, lotte):
    assert list(change_requests.open_ones()) == [wish]
    quotes.send(change_requests.revise(wish, by=lotte), by=lotte, to=wish.email)
    assert not change_requests.open_ones().exists()
    assert Quote.objects.get(pk=wish.quote_id).state == Quote.State.REPLACED


def test_a_version_that_is_begun_is_not_written_over(wish, lotte):
    begun = quotes.revise(wish.quote, by=lotte)
    quotes.change(begun, by=lotte, title="Schrank ohne Leisten")
    again = change_requests.revise(wish, by=lotte)
    assert (again.pk, again.title, again.lines.count()) == (begun.pk, "Schrank ohne Leisten", wish.quote.lines.count())


def test_the_office_reads_it_on_the_quote_and_on_heute(wish, lotte):
    office = make.signed_in(lotte)
    page = office.get(wish.quote.get_absolute_url()).content.decode()
    assert "„Ohne Leisten“" in page
    assert "4.3 Sockel- und Wandanschlüsse" in page
    assert "Neue Fassung daraus machen" in page
    assert "Kundenwünsche" in office.get(reverse("today")).content.decode()
    assert wish in waiting.matters(lotte, on=wish.created_at.date())["wishes"]


def test_the_buttons_lead_on(wish, lotte):
    office = make.signed_in(lotte)
    answer = office.post(reverse("billing:change_request_revise", args=[wish.pk]))
    assert answer["Location"] == reverse("billing:quote_edit", args=[wish.quote.revision.pk])
    assert (
        office.post(reverse("billing:change_request_close", args=[wish.pk]))["Location"]
        == wish.quote.get_absolute_url()
    )
    assert not change_requests.open_ones().exists()


def test_who_orders_after_all_wishes_no_longer(wish):
    make.make_order(wish.quote)
    assert not change_requests.open_ones().exists()


def test_those_who_write_no_documents_see_no_wishes_on_heute(wish):
    assert waiting.matters(make.make_member(Role.FIELD_WORKER), on=wish.created_at.date()) == {}

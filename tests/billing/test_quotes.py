"""What can be done with a quote."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts import current
from accounts.refusals import Refusal
from billing import choices, journal, legal_texts, orders, quotes
from billing.models import Acceptance, JournalEntry, Order, Quote
from crm import access, states
from crm.models import Mail
from tests import make

pytestmark = pytest.mark.django_db


def test_a_draft_has_no_number_and_knows_its_total(business):
    quote = make.make_quote()
    assert (quote.number, quote.state, quote.gross) == (None, Quote.State.DRAFT, Decimal("7871.85"))


def test_the_first_of_a_set_is_the_default_when_none_is_named(business):
    lines = [make.line("Eiche", alternative_set="Holz"), make.line("Kirsche", alternative_set="Holz")]
    assert [row.is_default for row in make.make_quote(lines=lines).lines.all()] == [True, False]


def test_two_defaults_of_a_set_become_one(business):
    lines = [
        make.line("Eiche", alternative_set="H", is_default=True),
        make.line("Kirsche", alternative_set="H", is_default=True),
    ]
    assert [row.is_default for row in make.make_quote(lines=lines).lines.all()] == [True, False]


def test_sending_numbers_freezes_and_mails_the_quote(business, owner, woken):
    quote = make.make_sent_quote(by=owner)
    year = timezone.localdate().year
    assert (quote.number, quote.state, quote.gross) == (f"AN-{year}-0001", Quote.State.SENT, Decimal("7871.85"))
    assert quote.frozen_document.number == quote.number
    assert quote.frozen_document.totals.gross == quote.gross
    mail = Mail.objects.get(about_id=quote.pk)
    assert (mail.to, mail.link) == (quote.customer.email, access.links_to(quote).get())


def test_no_token_is_stored_anywhere(business):
    quote = make.make_sent_quote()
    token = access.token(access.links_to(quote).get())
    mail = Mail.objects.get(about_id=quote.pk)
    assert len(token) == 43  # 256 bits
    assert token not in mail.text + mail.html
    assert Mail.LINK_MARK in mail.text


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "Das Angebot hat noch keine Position. Bitte fügen Sie mindestens eine hinzu."),
        ([make.line(" ")], "Eine Zeile hat keinen Text. Bitte beschreiben Sie die Leistung."),
        ([make.line("A", alternative_set="Holz")], "„Holz“ hat nur eine Ausführung. Bitte fügen Sie eine zweite hinzu."),
        ([make.line("A", is_optional=True)], "Alle Positionen sind optional. Bitte machen Sie mindestens eine fest."),
    ],
)  # fmt: skip
def test_an_unfinished_quote_is_not_sent_and_uses_no_number(business, lines, sentence):
    quote = make.make_quote(lines=lines)
    with pytest.raises(quotes.NotReady) as refused:
        quotes.send(quote, by=None, to="kundin@example.org")
    assert [problem for _, problem in refused.value.problems] == [sentence]
    assert not Mail.objects.exists()
    assert make.make_sent_quote().number.endswith("-0001")


def test_a_quote_past_its_day_is_not_sent(business):
    quote = make.make_quote(valid_until=timezone.localdate() - timedelta(days=1))
    with pytest.raises(quotes.NotReady, match="Das Datum muss heute oder später sein"):
        quotes.send(quote, by=None, to="")


def test_a_sent_quote_cannot_be_changed_by_any_way(business):
    quote = make.make_sent_quote()
    with pytest.raises(states.NotAllowed):
        quotes.change(quote, title="Billiger")
    for attack in (
        lambda: Quote.objects.filter(pk=quote.pk).update(gross=1),
        lambda: quote.lines.all().delete(),
        lambda: quote.lines.update(unit_price=1),
        lambda: quote.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attack()
    quote.refresh_from_db()
    assert quote.gross == Decimal("7871.85")


def test_two_editors_do_not_overwrite_each_other(business):
    quote = make.make_quote()
    seen = quote.updated_at
    lotte = make.make_member(name="Lotte Weber")
    quotes.change(quote, by=lotte, title="Erste Änderung", seen_at=seen)
    with pytest.raises(quotes.ChangedMeanwhile, match=r"^Lotte Weber hat dieses Angebot um \d\d:\d\d geändert\.$"):
        quotes.change(quote, title="Zweite Änderung", seen_at=seen)
    quote.refresh_from_db()
    assert quote.title == "Erste Änderung"


def test_accepting_freezes_the_evidence_of_what_was_chosen(business):
    quote = make.make_sent_quote()
    order = make.make_order(quote, taken={"wahl-3.1": "3.2", "wahl-5.1": "1"}, early_start=True)
    acceptance = Acceptance.objects.get(quote=quote)
    record = json.loads(acceptance.record)
    assert record["document_sha256"] == quote.document_hash
    assert record["pdf_sha256"] == quote.pdf_sha256 != ""
    assert record["chosen"] == [{"set": "Fronten", "text": "Salbei lackiert"}, {"set": "", "text": "LED-Lichtleiste"}]
    assert record["button"] == {"id": "order-consumer-de-1", "text": "Zahlungspflichtig bestellen"}
    assert record["statements"]["early_start"] == {"ticked": True, "text": "early-start-de-1"}
    assert record["statements"]["early_end"]["ticked"] is False
    assert record["link"]["sent_to"] == quote.customer.email
    # 6,615 − 4 × 70 + 240 = 6,575 net
    assert acceptance.gross == order.gross == Decimal("7824.25")
    with pytest.raises(DatabaseError), transaction.atomic():
        Acceptance.objects.filter(pk=acceptance.pk).update(name="Jemand anders")


@pytest.mark.parametrize("label", ["order-business-de-1", "Angebot annehmen", ""])
def test_a_consumers_acceptance_with_another_button_fails(business, label):
    quote = make.make_sent_quote()
    with pytest.raises(Refusal, match="nicht zugelassen"):
        make.make_order(quote, label_id=label)
    assert not Acceptance.objects.exists()


def test_a_business_accepts_with_its_own_label_and_without_withdrawal(business):
    quote = make.make_sent_quote(make.make_company())
    make.make_order(quote)
    record = json.loads(quote.acceptance.record)
    assert record["button"] == {"id": "order-business-de-1", "text": "Verbindlich beauftragen"}
    assert (record["withdrawal"]["instruction"], record["withdrawal"]["until"]) == (None, None)
    assert quote.acceptance.withdrawal_until is None


def test_a_consumer_is_instructed_and_may_withdraw_for_fourteen_days(business):
    with time_machine.travel(datetime(2026, 11, 20, 11, tzinfo=timezone.get_current_timezone()), tick=False):
        quote = make.make_sent_quote()
        make.make_order(quote)
    assert quote.acceptance.withdrawal_until == date(2026, 12, 4)
    assert json.loads(quote.acceptance.record)["withdrawal"]["instruction"] == "withdrawal-instruction-de-356a-1"


def test_a_quote_changed_meanwhile_is_not_accepted(business):
    quote = make.make_sent_quote()
    with pytest.raises(Refusal, match="inzwischen geändert"):
        make.make_order(quote, seen_hash="0" * 64)
    assert not Order.objects.exists()


def test_nobody_accepts_without_a_name(business):
    with pytest.raises(Refusal, match="Bitte tragen Sie Ihren Namen ein"):
        make.make_order(name="  ")


@pytest.mark.parametrize(("clock", "accepted"), [("23:59:59", True), ("00:00:01", False)])
def test_acceptance_ends_at_midnight_in_berlin(business, clock, accepted):
    with time_machine.travel("2026-11-01 10:00 +0000", tick=False):
        quote = make.make_sent_quote(valid_until=date(2026, 11, 30))
    day = "2026-11-30" if accepted else "2026-12-01"
    with time_machine.travel(datetime.fromisoformat(f"{day}T{clock}+01:00"), tick=False):
        if accepted:
            assert make.make_order(quote).gross == quote.gross
        else:
            with pytest.raises(Refusal, match="abgelaufen"):
                make.make_order(quote)


def test_accepting_twice_is_refused_and_leaves_one_order(business):
    quote = make.make_sent_quote()
    make.make_order(quote)
    with pytest.raises(states.NotAllowed):
        make.make_order(quote)
    assert Order.objects.count() == 1


def test_a_declined_quote_can_still_be_ordered_until_its_last_day(business):
    quote = make.make_sent_quote()
    quotes.decline(quote, reason="price", comment="Zu teuer")
    assert (quote.state, quote.decline_reason) == (Quote.State.DECLINED, "price")
    assert make.make_order(quote).quote == quote


def test_a_quote_is_declined_without_any_reason(business):
    quote = make.make_sent_quote()
    quotes.decline(quote)
    assert (quote.state, quote.decline_reason) == (Quote.State.DECLINED, "")


def test_a_retracted_quote_closes_its_links(business):
    quote = make.make_sent_quote()
    quotes.retract(quote, by=None)
    assert [link.is_open for link in access.links_to(quote)] == [False]
    with pytest.raises(states.NotAllowed):
        make.make_order(quote)


def test_a_copy_is_a_new_draft_with_the_same_rows(business):
    quote = make.make_sent_quote()
    copy = quotes.duplicate(quote, by=None)
    assert (copy.is_draft, copy.number, copy.gross) == (True, None, quote.gross)
    assert [row.text for row in copy.lines.all()] == [row.text for row in quote.lines.all()]


def test_a_quote_expires_after_its_last_day(business):
    with time_machine.travel("2026-11-01 10:00 +0000", tick=False):
        quote = make.make_sent_quote(valid_until=date(2026, 11, 30))
        assert not quotes.expire(quote)
    with time_machine.travel("2026-11-30 23:00:01 +0000", tick=False):
        assert quotes.expire(quote)
    assert quote.state == Quote.State.EXPIRED


def test_prices_of_a_small_business_carry_no_vat(business):
    business.small_business_periods.create(valid_from=date(2025, 1, 1))
    quote = make.make_sent_quote(lines=[make.line("Hecke schneiden", "5", "38")])
    document = quote.frozen_document
    assert (document.totals.gross, document.totals.tax) == (Decimal("190.00"), Decimal("0.00"))
    assert document.notes == ("Steuerfreier Umsatz – Kleinunternehmer (§ 19 UStG).",)


def test_every_step_is_a_link_of_the_journal(business):
    quote = make.make_sent_quote()
    make.make_order(quote)
    assert [entry.event for entry in JournalEntry.objects.all()] == [
        "billing.quote_sent", "billing.quote_accepted", "billing.order_placed",
    ]  # fmt: skip
    assert journal.first_broken() is None


def test_another_business_has_its_own_numbers_and_sees_nothing(business):
    make.make_sent_quote()
    with current.working_for(make.make_business("Elektro Nordlicht")):
        assert not Quote.objects.exists()
        assert make.make_sent_quote().number.endswith("-0001")


def test_a_choice_of_every_kind_becomes_exactly_that_order(business):
    quote = make.make_sent_quote()
    document = quote.frozen_document
    order = make.make_order(quote, taken={"wahl-3.1": "3.3", "wahl-5.2": "1"})
    chosen = choices.only_chosen(document, choices.parse(document, {"wahl-3.1": "3.3", "wahl-5.2": "1"}))
    assert [row.text for row in order.lines.all()] == [row.text for row in chosen.lines]
    assert order.gross == chosen.totals.gross == order.frozen_document.totals.gross


def test_the_label_of_the_button_is_the_laws():
    assert legal_texts.order_label("consumer").text == "Zahlungspflichtig bestellen"
    assert (
        legal_texts.order_label("business").text == legal_texts.order_label("public").text == "Verbindlich beauftragen"
    )


def test_placing_an_order_needs_the_quotes_own_state(business):
    quote = make.make_quote()
    quote.document_hash = ""
    with pytest.raises(states.NotAllowed):
        orders.place(
            quote,
            choice=choices.Choice(()),
            seen_hash="",
            name="X",
            email="",
            label_id="order-consumer-de-1",
            summary="",
        )


def test_a_sum_no_column_holds_is_refused_in_words(business):
    with pytest.raises(Refusal, match="Die Summe ist zu groß"):
        make.make_quote(lines=[make.line("Turm", "9999999", "9999999")])
    assert not Quote.objects.exists()


def test_units_are_named_in_the_customers_language(owner):
    """Whoever writes it: an English customer reads an English document."""
    customer = make.make_customer("Smith", language="en")
    quote = make.make_sent_quote(customer, by=owner, lines=[make.line("Fitting", "2", "62", unit="HUR")])
    assert [line.unit for line in quote.frozen_document.items] == ["hrs"]

"""Change orders (R93): quotes of their own, whose accepted rows join the order."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.refusals import Refusal
from billing import amendments, choices, invoices, on_behalf, orders, quotes
from billing.models import Acceptance, Order, Quote
from crm.models import Mail
from crm.states import NotAllowed
from tests import make

SOCKETS = [make.line("Steckdose mit Leitung", "3", "84.50", cost_kind="labour"), make.line("Dimmer", "1", "59.90")]
# 253.50 + 59.90 = 313.40 net, 372.95 gross; the cupboard is 7,871.85 gross


@pytest.fixture
def order(business):
    return make.make_order()


def start(order, owner, *, lines=SOCKETS):
    found = amendments.start(order, by=owner)
    return quotes.change(found, by=owner, lines=lines)


def sent(order, owner, *, lines=SOCKETS):
    return make.make_sent_amendment(order, by=owner, lines=lines)


def accept(quote, taken=None, **changes):
    return orders.place(quote, **make.acceptance_of(quote, taken, **changes))


def test_what_is_accepted_joins_the_order_to_the_cent(order, owner):
    rows, document = order.lines.count(), order.document
    quote = sent(order, owner)
    assert (quote.title, quote.gross) == (f"Nachtrag 1 zu {order.number}", Decimal("372.95"))
    assert accept(quote) == order
    order.refresh_from_db()
    assert Order.objects.count() == 1
    assert [row.text for row in order.lines.all()[rows:]] == ["Nachtrag 1", "Steckdose mit Leitung", "Dimmer"]
    assert (order.gross, order.document) == (Decimal("8244.80"), document)
    found = amendments.agreed(order)
    assert (found.first, [amount for _quote, amount in found.added], found.together) == (
        Decimal("7871.85"),
        [Decimal("372.95")],
        Decimal("8244.80"),
    )


def test_the_tax_of_both_contracts_stays_as_it_was_agreed(business, owner):
    order = make.make_order(make.make_sent_quote(lines=[make.line(price="33.33")]))
    accept(sent(order, owner, lines=[make.line(price="33.33")]))
    order.refresh_from_db()
    assert order.gross == Decimal("79.32")  # 39.66 twice; the invoice takes the tax once, on the whole: 79.33
    assert invoices.draft_from_order(order, by=owner).gross == Decimal("79.33")
    assert amendments.as_it_stands(order, amendments.of(order)).totals.gross == Decimal("79.33")
    assert order.frozen_document.totals.gross == Decimal("39.66")


def test_only_what_the_customer_chose_is_added(order, owner):
    quote = sent(
        order,
        owner,
        lines=[
            {"kind": "section", "text": "Licht"},
            make.line("Spot", price="50", is_optional=True, max_quantity=6),
            make.line("Dimmer", price="60", is_optional=True),
            make.line("Leitung", price="100"),
        ],
    )
    spot = next(line for line in quote.frozen_document.lines if line.text == "Spot")
    accept(quote, taken={choices.field_name(spot.position): "3"})
    added = order.lines.filter(amendment=quote)
    assert [(row.text, row.quantity) for row in added] == [("Nachtrag 1: Licht", 1), ("Spot", 3), ("Leitung", 1)]
    order.refresh_from_db()
    assert order.gross == Decimal("7871.85") + Decimal("297.50")


def test_the_invoice_that_follows_has_both_and_a_draft_gets_what_is_added(order, owner):
    draft = invoices.draft_from_order(order, by=owner)
    accept(sent(order, owner))
    draft.refresh_from_db()
    assert draft.gross == Decimal("8244.80")
    assert draft.lines.last().text == "Dimmer"
    invoices.delete_draft(draft)
    assert invoices.draft_from_order(order, by=owner).gross == Decimal("8244.80")


def test_nothing_is_added_to_what_is_invoiced_or_called_off(order, owner):
    quote = sent(order, owner)
    orders.move(order, Order.State.COMPLETED, by=owner)
    draft = invoices.draft_from_order(order, by=owner)
    invoices.issue(draft, by=owner)
    with pytest.raises(Refusal, match="schon abgerechnet"):
        amendments.start(order, by=owner)
    with pytest.raises(Refusal, match="nichts mehr dazukommen"):
        accept(quote)
    quote.refresh_from_db()
    assert (quote.state, Acceptance.objects.filter(quote=quote).exists()) == (Quote.State.SENT, False)
    invoices.cancel(draft, by=owner, reason="Nachtrag")
    accept(quote)
    order = make.make_order()
    orders.move(order, Order.State.CANCELLED, by=owner)
    with pytest.raises(Refusal, match="storniert"):
        amendments.start(order, by=owner)


def test_it_counts_in_the_prices_and_with_the_discount_of_its_order(business, owner):
    order = make.make_order(make.make_sent_quote(mode="gross", discount_percent=Decimal(5)))
    quote = start(order, owner)
    assert (quote.mode, quote.discount_percent) == ("gross", 5)
    quotes.change(quote, mode="net", discount_percent=Decimal(3))
    with pytest.raises(quotes.NotReady) as refused:
        quotes.send(quote, by=owner)
    assert [field for field, _sentence in refused.value.problems] == ["mode", "discount_percent"]


def test_they_are_numbered_and_a_new_version_is_the_same_change_order(order, owner):
    first = sent(order, owner)
    second = start(order, owner)
    assert [each.amendment_number for each in amendments.of(order)] == [1, 2]
    newer = quotes.revise(first, by=owner)
    assert (newer.amends, newer.amendment_number) == (order, 1)
    quotes.change(newer, by=owner, lines=[make.line("Dimmer", price="59.90")])
    quotes.send(newer, by=owner)
    assert [each.pk for each in amendments.of(order)] == [newer.pk, second.pk]
    newer = Quote.objects.get(pk=newer.pk)
    accept(newer)
    order.refresh_from_db()
    assert order.gross == Decimal("7871.85") + Decimal("71.28")
    with pytest.raises(NotAllowed):
        accept(Quote.objects.get(pk=first.pk))


def test_one_that_is_declined_changes_nothing(order, owner):
    quotes.decline(sent(order, owner), reason="price")
    order.refresh_from_db()
    assert order.gross == Decimal("7871.85")
    assert [each.state for each in amendments.of(order)] == ["declined"]
    assert amendments.agreed(order).added == ()


def test_the_confirmation_says_what_is_added_and_what_it_comes_to(order, owner):
    quote = sent(order, owner)
    accept(quote)
    acceptance = Acceptance.objects.get(quote=quote)
    amendments.confirm(acceptance)
    amendments.confirm(acceptance)  # twice is once
    mail = Mail.objects.get(kind="billing/mail/order_amended")
    assert mail.to == order.customer.email
    assert "372,95" in mail.text
    assert "zusammen: 8.244,80" in mail.text
    assert mail.attachments.order_by("pk").first().name == f"{quote.number}.pdf"
    acceptance.refresh_from_db()
    assert (acceptance.confirmation, bool(acceptance.pdf)) == (mail, True)
    told = Mail.objects.filter(kind="billing/mail/quote_accepted").latest("pk")
    assert "Nachtrag" in told.text
    assert "372,95" in told.text


def test_a_withdrawal_in_time_takes_its_rows_out_and_leaves_the_rest(order, owner):
    quote = sent(order, owner)
    accept(quote)
    withdrawal = orders.withdraw(order, amendment=quote, name="Sabine Brandt", email="a@kunde.example")
    order.refresh_from_db()
    assert (withdrawal.is_late, withdrawal.part) == (False, f"Nachtrag 1 ({quote.number})")
    assert (order.gross, order.lines.filter(amendment=quote).exists()) == (Decimal("7871.85"), False)
    assert (order.state, orders.is_partly_withdrawn(order)) == (Order.State.WITHDRAWN, True)
    assert amendments.agreed(order).added == ()
    # the contract of the order itself can be withdrawn from all the same
    assert orders.withdraw(order, name="Sabine Brandt", email="a@kunde.example").pk != withdrawal.pk
    assert not orders.is_partly_withdrawn(order)


def test_a_construction_contract_says_until_when_to_agree(business, owner):
    quote = Quote(kind=Quote.Kind.CONSTRUCTION, state=Quote.State.SENT, created_at=datetime(2026, 11, 2, 9, tzinfo=UTC))
    assert amendments.agree_until(quote) == date(2026, 12, 2)
    quote.state = Quote.State.ACCEPTED
    assert amendments.agree_until(quote) is None


def test_an_invoice_warns_of_what_is_not_decided(order, owner):
    sent(order, owner)
    draft = invoices.draft_from_order(order, by=owner)
    assert [field for field, _sentence in invoices.warnings(draft)] == ["lines"]
    quotes.decline(Quote.objects.get(amends=order))
    assert invoices.warnings(draft) == []


def test_one_that_was_agreed_on_the_telephone_joins_too(order, owner):
    quote = sent(order, owner)
    said = {"name": "Sabine Brandt", "arrived_at": timezone.now(), "email": order.customer.email}
    choice = choices.default(quote.frozen_document)
    on_behalf.place(quote, by=owner, channel="phone", choice=choice, seen_hash=quote.document_hash, **said)
    order.refresh_from_db()
    assert order.gross == Decimal("8244.80")
    amendments.confirm(quote.acceptance)
    assert "hat das für Sie eingetragen" in Mail.objects.get(kind="billing/mail/order_amended").text

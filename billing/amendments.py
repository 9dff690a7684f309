"""Change orders (Nachträge, R93): small quotes with an acceptance of their own, added to the order they change.

One is written, sent, chosen from, accepted, declined and revised like any quote (quotes.py, acceptances.py). Two things
are different: it counts in the prices and with the discount of its order, so that one invoice can hold both; and what is
accepted becomes rows of that order instead of a new one. The order confirmation that was issued stays as it is.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.refusals import Refusal
from billing import (
    choices,
    claims,
    drafting,
    journal,
    order_rows,
    quote_links,
    quotes,
    rendering,
    tax_cases,
    tax_decisions,
)
from billing.documents import model as documents
from billing.events import Event
from billing.models import Acceptance, Invoice, InvoiceLine, Order, OrderLine, Quote
from billing.models.line import row_values
from crm import access, mail, timeline

LINK_LIVES = timedelta(days=365)  # from the order on
TALK = timedelta(days=30)  # § 650b (2) BGB: after that the customer may order the change in text form
FROM_THE_ORDERED = ("kind", "building_description", "completion")  # of a consumer's construction contract (R91)


@dataclass(frozen=True)
class Agreed:
    """What an order comes to: as ordered at first, each change order that was accepted, and all together (gross)."""

    first: Decimal
    added: tuple[tuple[Quote, Decimal], ...]
    together: Decimal


def of(order: Order) -> list[Any]:
    """The change orders of an order (quotes) in the order they were begun, of each its newest version.

    `is_part` says that its rows are in the order, `amount` what it comes to (gross): as accepted, until then as
    preselected; `agree_until` see below.
    """
    rows = OrderLine.objects.filter(order=order, amendment=OuterRef("pk"))
    found = Quote.objects.filter(amends=order).current().exclude(state=Quote.State.DRAFT, revises__isnull=False)
    change_orders: list[Any] = list(
        found.annotate(is_part=Exists(rows))
        .select_related("acceptance")
        .defer("document", "acceptance__document", "acceptance__record")
        .order_by("amendment_number", "pk")
    )
    for quote in change_orders:
        acceptance = getattr(quote, "acceptance", None)
        quote.amount = acceptance.gross if acceptance else quote.gross
        quote.agree_until = agree_until(quote)
    return change_orders


def agreed(order: Order, found: list[Any] | None = None) -> Agreed:
    """What was agreed; `found` are the order's change orders where they are at hand."""
    added = tuple((each, each.amount) for each in (of(order) if found is None else found) if each.is_part)
    return Agreed(order.gross - sum((amount for _quote, amount in added), Decimal(0)), added, order.gross)


def as_it_stands(order: Order, found: list[Any]) -> documents.Document:
    """The order with the rows of its change orders, added up as one invoice will: the tax once, on the whole. Without
    change orders it is the order confirmation; that one never changes.
    """
    confirmed = order.frozen_document
    if not any(each.is_part for each in found):
        return confirmed
    rows = drafting.lines(
        order.lines.all(), small_business=confirmed.seller.small_business, language=confirmed.language,
        vat=tax_cases.vat(confirmed.tax_case, confirmed.issued_on or timezone.localdate()),
    )  # fmt: skip
    return documents.calculated(replace(confirmed, lines=rows))


def agree_until(quote: Quote) -> date | None:
    """Until when both are to agree on a change of a construction contract, counted from the day it was written down
    (§ 650b (1) and (2) BGB); None for another contract, and when it is decided.
    """
    if quote.kind != Quote.Kind.CONSTRUCTION or quote.state not in {Quote.State.DRAFT, Quote.State.SENT}:
        return None
    return timezone.localdate(quote.created_at) + TALK


@transaction.atomic
def start(order: Order, *, by) -> Quote:
    """The draft of the next change order, empty and in the prices of its order. How it was negotiated is not taken over:
    whether the customer may withdraw follows from how this contract comes about, not the first one (R82).

    Raises Refusal when nothing can be added to the order any more.
    """
    order = (
        Order.objects.select_for_update(of=("self",)).select_related("customer", "business", "quote").get(pk=order.pk)
    )
    if why := order.why_final:
        raise Refusal(why)
    number = (Quote.objects.filter(amends=order).aggregate(last=Max("amendment_number"))["last"] or 0) + 1
    with override(order.customer.language):
        title = _("Nachtrag %(n)s zu %(order)s") % {"n": number, "order": order.number}
    ordered, fields = order.quote, {}
    if ordered is not None:
        fields["payment_terms"] = ordered.payment_terms
        fields |= {"tax_case": ordered.tax_case, "tax_decision": tax_decisions.answers_in(ordered.tax_decision)}
        if ordered.kind == Quote.Kind.CONSTRUCTION:
            fields |= {name: getattr(ordered, name) for name in FROM_THE_ORDERED}
    return quotes.create(
        order.customer, by=by, title=title, mode=order.mode, discount_percent=order.discount_percent, site=order.site,
        amends=order, amendment_number=number, **fields,
    )  # fmt: skip


def join(acceptance: Acceptance, choice: choices.Choice) -> Order:
    """Add what was chosen of an accepted change order to its order. `orders.place` calls this in its transaction.

    A draft of the order's invoice gets the rows too. Raises Refusal when nothing can be added any more: then nothing is
    accepted either.
    """
    quote = acceptance.quote
    order = (
        Order.objects.select_for_update(of=("self",)).select_related("customer", "business").get(change_orders=quote)
    )
    if order.why_final:
        raise Refusal(_("Zu diesem Auftrag kann nichts mehr dazukommen. Bitte rufen Sie uns an."))
    now = timezone.now()
    rows = order_rows.take(order, quote, choice, amendment=quote)
    order.gross += acceptance.gross
    order.changed_at = now
    order.save(update_fields=["gross", "changed_at"])
    _add_to_draft(order, rows)
    facts = {"number": order.number, "quote": quote.number, "gross": acceptance.gross}
    journal.write(Event.ORDER_AMENDED, order, content_hash=acceptance.record_hash, **facts)
    timeline.record(Event.ORDER_AMENDED, customer=order.customer, subject=order, **facts)
    quote.change_requests.filter(answered_at=None).update(answered_at=now)
    links = access.links_to(quote)
    links.filter(revoked_at=None).update(expires_at=now + LINK_LIVES)
    if acceptance.email and not links.filter(sent_to__iexact=acceptance.email, revoked_at=None).exists():
        quote_links.mint(quote, to=acceptance.email)
    if not acceptance.by_id:
        quotes.tell_office("billing/mail/quote_accepted", quote, order=order, acceptance=acceptance)
    return order


def take_out(order: Order, quote: Quote) -> None:
    """The customer withdrew from a change order in time: its rows leave the order. The caller has locked it."""
    if OrderLine.objects.filter(order=order, amendment=quote).delete()[0]:
        order.gross -= quote.acceptance.gross
        order.save(update_fields=["gross"])


@transaction.atomic
def confirm(acceptance: Acceptance) -> None:
    """Store the protocol of an acceptance, once; of a change order the customer gets his confirmation with all that
    belongs to it in the same transaction (R79, R81). The empty file name is the job that the sweep finds.
    """
    acceptance = (
        Acceptance.objects.select_for_update(of=("self",)).select_related("quote__customer", "business").get(pk=acceptance.pk)
    )  # fmt: skip
    if acceptance.pdf:
        return
    if acceptance.quote.amends_id:
        _send_confirmation(acceptance)
    rendering.acceptance(acceptance)


def _send_confirmation(acceptance):
    quote, customer = acceptance.quote, acceptance.quote.customer
    link = next((link for link in access.links_to(quote) if link.is_open and link.sent_to == acceptance.email), None)
    if link is None or not acceptance.email:
        return
    rendering.quote(quote)
    attachments = [(f"{quote.number}.pdf", "application/pdf", quote.pdf, quote.pdf_sha256)]
    texts = list(acceptance.texts.select_related("acceptance__quote", "business"))
    for text in texts:
        rendering.contract_text(text)
        attachments.append((f"{text.get_kind_display()}.pdf", "application/pdf", text.pdf, text.pdf_sha256))
    order = quote.amends
    row = mail.queue(
        "billing/mail/order_amended", to=acceptance.email, customer=customer, link=link, about=order,
        language=customer.language, attachments=attachments, order=order, quote=quote,
        document=documents.from_json(acceptance.document), acceptance=acceptance,
        instruction=next((text for text in texts if text.kind == "instruction"), None), texts=texts,
        agreed=agreed(order),
    )  # fmt: skip
    Acceptance.objects.filter(pk=acceptance.pk).update(confirmation=row)


def _add_to_draft(order, rows):
    draft = (
        order.invoices.select_for_update(of=("self",))
        .select_related("customer", "business", "order__quote")
        .filter(kind__in=claims.LAST, state=Invoice.State.DRAFT)
        .first()
    )
    if draft is None:
        return
    last = draft.lines.aggregate(last=Max("sort"))["last"]
    first = 0 if last is None else last + 1
    InvoiceLine.objects.bulk_create(
        [InvoiceLine(invoice=draft, sort=sort, **row_values(row)) for sort, row in enumerate(rows, first)]
    )
    document = drafting.of_invoice(draft)
    draft.net, draft.tax, draft.gross = document.payable_net, document.payable_tax, document.payable
    draft.save(update_fields=["net", "tax", "gross", "updated_at"])

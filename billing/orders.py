"""What can be done with an order (Auftrag)."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from billing import choices, drafting, journal, legal_texts, quotes, rendering
from billing.documents import model as documents
from billing.events import Event
from billing.models import Milestone, Order, OrderLine, Withdrawal
from billing.models.line import row_values
from crm import access, mail, numbering, states, timeline
from crm.models import AccessLink, Customer, NumberRange
from crm.wakeup import kick

LINK_LIVES = timedelta(days=365)


@transaction.atomic
def place(quote, *, choice: choices.Choice, feedback_notice: bool = False, **evidence) -> Order:
    """Accept a quote and make the order of exactly the chosen rows, in one transaction.

    `evidence` goes to `quotes.accept`, whose refusals come through. The customer gets the confirmation with all
    documents by mail at once (R79), the business a notice. `feedback_notice` says that the customer was told that he
    may object to being asked how it was (R98).
    """
    acceptance = quotes.accept(quote, choice=choice, **evidence)
    quote = acceptance.quote
    chosen = documents.from_json(acceptance.document)
    now = timezone.now()
    order = Order(
        customer=quote.customer, quote=quote, title=quote.title, mode=quote.mode,
        discount_percent=quote.discount_percent, gross=acceptance.gross, site=quote.site,
        buyer_reference=evidence.get("buyer_reference", ""), placed_at=now, changed_at=now,
    )  # fmt: skip
    order.number = numbering.take(NumberRange.Kind.ORDER, year=timezone.localdate().year)
    document = drafting.of_order(order, chosen, number=order.number)
    order.document = documents.to_json(document)
    order.save()
    _copy_lines(order, quote, choice)
    Milestone.objects.bulk_create(
        [
            Milestone(order=order, state=state, reached_at=now if state == Order.State.PLACED else None)
            for state in Order.WAY
        ]
    )
    # R98: with the sale and the notice there is a ground to ask once how it was
    Customer.objects.filter(pk=quote.customer_id).update(is_prospect=False)
    if feedback_notice:
        Customer.objects.filter(pk=quote.customer_id, feedback_notice_at=None).update(feedback_notice_at=now)
    journal.write(Event.ORDER_PLACED, order, content_hash=documents.content_hash(document), gross=order.gross)
    timeline.record(Event.ORDER_PLACED, customer=order.customer, subject=order, number=order.number, gross=order.gross)
    mint_link(order, to=acceptance.email)
    # "Ihr Link bleibt derselbe": what opened the quote leads to the order as long as that is of interest
    access.links_to(quote).filter(revoked_at=None).update(expires_at=now + LINK_LIVES)
    kick("billing.tasks.confirm_order", order.pk)
    quotes.tell_office("billing/mail/quote_accepted", quote, order=order, acceptance=acceptance)
    return order


def mint_link(order: Order, *, to="", by=None) -> AccessLink:
    """A link to the tracking page."""
    return access.mint(
        order,
        purpose=AccessLink.Purpose.ORDER,
        customer=order.customer,
        sent_to=to,
        asks_postcode=order.business.asks_postcode,
        expires_at=timezone.now() + LINK_LIVES,
        by=by,
    )


@transaction.atomic
def confirm(order: Order) -> None:
    """Render what belongs to an order and send its confirmation with everything a consumer must get on a durable
    medium (R79, R81). Done once: storing the file and writing the mail are one transaction, the empty file name is
    the job that the sweep finds.
    """
    order = (
        Order.objects.select_for_update(of=("self",))
        .select_related("customer", "business", "quote__acceptance")
        .get(pk=order.pk)
    )
    if order.pdf:
        return
    rendering.order(order)
    attachments: list[tuple[str, str, str, str]] = [
        (f"{order.number}.pdf", "application/pdf", order.pdf, order.pdf_sha256)
    ]
    acceptance = getattr(order.quote, "acceptance", None) if order.quote else None
    if order.quote:
        rendering.quote(order.quote)
        attachments.append((f"{order.quote.number}.pdf", "application/pdf", order.quote.pdf, order.quote.pdf_sha256))
    instruction = None
    if acceptance and acceptance.withdrawal_until:
        instruction = legal_texts.withdrawal_instruction(order.business, on=timezone.localdate(acceptance.accepted_at))
    link = next((link for link in access.links_to(order) if link.is_open and link.sent_to), None)
    if link:
        mail.queue(
            "billing/mail/order_confirmed", to=link.sent_to, customer=order.customer, link=link, about=order,
            language=order.customer.language, attachments=attachments, order=order, document=order.frozen_document,
            acceptance=acceptance, instruction=instruction,
        )  # fmt: skip


@transaction.atomic
def move(order: Order, to: str, *, by, planned_on=None, note: str = "", tell: bool = True) -> Order:
    """Take the order to its next state; the customer is told by mail unless `tell` is off.

    `planned_on` is the date of the state "scheduled". Raises NotAllowed for a step that is not next, Refusal for a
    date that is missing.
    """
    if to == Order.State.SCHEDULED and planned_on is None:
        raise Refusal(_("Bitte tragen Sie den Termin ein."), field="planned_on")
    now = timezone.now()
    changes: dict[str, Any] = {"changed_at": now}
    if planned_on:
        changes["planned_on"] = planned_on
    if to == Order.State.COMPLETED:
        changes["completed_on"] = timezone.localdate()
    states.move(order, to, **changes)
    Milestone.objects.update_or_create(
        order=order, state=to, defaults={"reached_at": now, "by": by, "note": note.strip(), "planned_on": planned_on}
    )
    _told(order, to, by=by, note=note, tell=tell)
    return order


@transaction.atomic
def reschedule(order: Order, *, planned_on, by, note: str = "", tell: bool = True) -> Order:
    """Move the date of an order that is placed or scheduled; the customer sees old and new (AUF5)."""
    if order.state == Order.State.PLACED:
        return move(order, Order.State.SCHEDULED, by=by, planned_on=planned_on, note=note, tell=tell)
    if order.state != Order.State.SCHEDULED:
        raise states.NotAllowed(order)
    before = order.planned_on
    now = timezone.now()
    Order.objects.filter(pk=order.pk).update(planned_on=planned_on, changed_at=now)
    Milestone.objects.filter(order=order, state=Order.State.SCHEDULED).update(planned_on=planned_on, note=note.strip())
    order.refresh_from_db()
    _told(order, Order.State.SCHEDULED, by=by, note=note, tell=tell, before=before)
    return order


def assign(order: Order, member) -> None:
    """Say who does it; nobody with None."""
    Order.objects.filter(pk=order.pk).update(assignee=member)


@transaction.atomic
def withdraw(order: Order, *, name: str, email: str) -> Withdrawal:
    """A consumer withdraws from the contract (§ 356a BGB, R85): kept as it arrived, receipt by mail at once.

    After the period it is kept too, marked late; a person decides. Doing it twice returns the first one.
    """
    order = (
        Order.objects.select_for_update(of=("self",)).select_related("customer", "business", "quote").get(pk=order.pk)
    )
    if known := order.withdrawals.first():
        return known
    now = timezone.now()
    acceptance = getattr(order.quote, "acceptance", None) if order.quote else None
    until = acceptance.withdrawal_until if acceptance else None
    declaration = _("Hiermit widerrufe ich den Vertrag über: %(title)s (Auftrag %(number)s vom %(day)s).") % {
        "title": order.title, "number": order.number, "day": timezone.localdate(order.placed_at).strftime("%d.%m.%Y"),
    }  # fmt: skip
    withdrawal = Withdrawal.objects.create(
        order=order, name=name, email=email, declaration=declaration, received_at=now,
        is_late=until is None or timezone.localdate(now) > until,
    )  # fmt: skip
    if not withdrawal.is_late and order.state != Order.State.CANCELLED:
        states.move(order, Order.State.WITHDRAWN, changed_at=now)
    journal.write(Event.ORDER_WITHDRAWN, order, late=withdrawal.is_late)
    timeline.record(
        Event.ORDER_WITHDRAWN, customer=order.customer, subject=order, number=order.number, late=withdrawal.is_late
    )
    mail.queue(
        "billing/mail/withdrawal_received", to=email, customer=order.customer, about=order, order=order,
        withdrawal=withdrawal, language=order.customer.language,
    )  # fmt: skip
    if order.business.email:
        mail.queue(
            "billing/mail/withdrawal_notice", to=order.business.email, about=order, order=order, withdrawal=withdrawal,
            contact=order.customer,
        )  # fmt: skip
    return withdrawal


def way(order: Order) -> list[dict]:
    """The milestones as the customer follows them: state, label, done/now/ahead, dates, note."""
    by_state = {milestone.state: milestone for milestone in order.milestones.all()}
    position = Order.WAY.index(order.state) if order.state in Order.WAY else len(Order.WAY)
    steps = []
    for place_, state in enumerate(Order.WAY):
        milestone = by_state.get(state)
        skipped = place_ < position and (milestone is None or milestone.reached_at is None)
        if skipped:
            continue
        steps.append(
            {
                "state": state,
                "label": Order.State(state).label,
                "stage": "done" if place_ < position else "now" if place_ == position else "ahead",
                "milestone": milestone,
            }
        )
    return steps


def _copy_lines(order, quote, choice):
    """Exactly the chosen rows (invariants 4 and 5): the frozen document has its rows in the order of the quote's."""
    rows = list(quote.lines.all())
    OrderLine.objects.bulk_create(
        [
            OrderLine(
                order=order,
                sort=sort,
                alternative_set=rows[index].alternative_set,
                is_optional=rows[index].is_optional,
                **row_values(rows[index]),
            )
            for sort, index in enumerate(choices.kept_rows(quote.frozen_document, choice))
        ]
    )


def _told(order, to, *, by, note, tell, before=None):
    timeline.record(
        Event.ORDER_MOVED, customer=order.customer, subject=order, by=by, number=order.number, state=to,
        **({"planned_on": order.planned_on} if order.planned_on else {}), **({"before": before} if before else {}),
    )  # fmt: skip
    journal.write(Event.ORDER_MOVED, order, by=by, state=to)
    link = next((link for link in access.links_to(order) if link.is_open and link.sent_to), None)
    if tell and link is not None:
        mail.queue(
            "billing/mail/order_moved", to=link.sent_to, customer=order.customer, link=link, about=order,
            language=order.customer.language, order=order, note=note, before=before,
        )  # fmt: skip

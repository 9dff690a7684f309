"""What can be done with an order (Auftrag)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from accounts.wakeup import kick
from billing import (
    acceptances,
    amendments,
    choices,
    drafting,
    invoice_deadlines,
    journal,
    milestones,
    order_news,
    order_rows,
    promises,
    quotes,
    rendering,
    work_kinds,
)
from billing.documents import model as documents
from billing.events import Event
from billing.models import Acceptance, ContractText, Milestone, Order, OrderNews, Step, Withdrawal, WorkKind
from crm import access, mail, numbering, states, timeline
from crm.models import AccessLink, Customer, NumberRange

LINK_LIVES = amendments.LINK_LIVES
NOBODY_COMES: dict[str, Any] = {"arrives_from": None, "arrives_until": None}


@dataclass(frozen=True)
class Looks:
    """How often customers looked where their order stands, and when last: counted by the server, no tracker."""

    count: int = 0
    last_at: datetime | None = None


@transaction.atomic
def place(quote, *, choice: choices.Choice, feedback_notice: bool = False, **evidence) -> Order:
    """Accept a quote and make the order of exactly the chosen rows, in one transaction.

    `evidence` goes to `acceptances.accept`, whose refusals come through. The customer gets the confirmation with all
    documents by mail at once (R79), the business a notice. `feedback_notice` says that the customer was told that he
    may object to being asked how it was (R98).
    """
    acceptance = acceptances.accept(quote, choice=choice, **evidence)
    quote = acceptance.quote
    if quote.amends_id:  # a change order becomes part of the order that is there
        return amendments.join(acceptance, choice)
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
    order_rows.take(order, quote, choice)
    work_kinds.apply(order, work_kinds.default())
    # R98: with the sale and the notice there is a ground to ask once how it was
    Customer.objects.filter(pk=quote.customer_id).update(is_prospect=False)
    if feedback_notice:
        Customer.objects.filter(pk=quote.customer_id, feedback_notice_at=None).update(feedback_notice_at=now)
    journal.write(Event.ORDER_PLACED, order, content_hash=documents.content_hash(document), gross=order.gross)
    timeline.record(Event.ORDER_PLACED, customer=order.customer, subject=order, number=order.number, gross=order.gross)
    mint_link(order, to=acceptance.email)
    # "Ihr Link bleibt derselbe": what opened the quote leads to the order as long as that is of interest
    access.links_to(quote).filter(revoked_at=None).update(expires_at=now + LINK_LIVES)
    quote.change_requests.filter(answered_at=None).update(answered_at=now)  # what was wished otherwise is settled
    kick("billing.tasks.confirm_order", order.pk)
    promises.plan(order)
    if acceptance.channel in acceptances.ON_SCREEN:  # what the office took down itself it knows
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
    texts = list(acceptance.texts.all()) if acceptance else []
    for text in texts:
        rendering.contract_text(text)
        attachments.append((f"{text.get_kind_display()}.pdf", "application/pdf", text.pdf, text.pdf_sha256))
    instruction = next((text for text in texts if text.kind == ContractText.Kind.INSTRUCTION), None)
    link = next((link for link in access.links_to(order) if link.is_open and link.sent_to), None)
    if link:
        row = mail.queue(
            "billing/mail/order_confirmed", to=link.sent_to, customer=order.customer, link=link, about=order,
            language=order.customer.language, attachments=attachments, order=order, document=order.frozen_document,
            acceptance=acceptance, instruction=instruction, texts=texts,
        )  # fmt: skip
        if acceptance:
            Acceptance.objects.filter(pk=acceptance.pk).update(confirmation=row)


@transaction.atomic
def move(order: Order, to: str, *, by, planned_on=None, note: str = "", tell: bool = True) -> Order:
    """Take the order to its next state; the customer is told (billing.order_news) unless `tell` is off.

    `planned_on` is the date of the state "scheduled". Raises NotAllowed for a step that is not next, Refusal for a
    date that is missing.
    """
    if to == Order.State.SCHEDULED and planned_on is None:
        raise Refusal(_("Bitte tragen Sie den Termin ein."), field="planned_on")
    if order.state == Order.State.WITHDRAWN and to == Order.State.PLACED and not is_partly_withdrawn(order):
        raise states.NotAllowed(order)
    now, note = timezone.now(), note.strip()
    changes: dict[str, Any] = {"changed_at": now, **NOBODY_COMES}
    if planned_on:
        changes["planned_on"] = planned_on
    if to == Order.State.COMPLETED:
        changes["completed_on"] = timezone.localdate()
    states.move(order, to, **changes)
    if to == Order.State.COMPLETED:
        invoice_deadlines.plan(order)
    milestone = _reach(order, to, at=now, by=by, note=note, planned_on=planned_on)
    _recorded(order, to, by=by)
    news: dict[str, Any] = {"reason": note, "by": by, "is_silent": not tell}
    if to == Order.State.SCHEDULED:
        order_news.tell(order, OrderNews.Kind.PLANNED, day=planned_on, state=to, **news)
    elif milestone is None or milestone.is_shown:
        label = milestone.label if milestone else ""
        order_news.tell(order, OrderNews.Kind.MILESTONE, label=label, state=to, **news)
    return order


@transaction.atomic
def reschedule(order: Order, *, planned_on: date | None, by, reason: str = "", tell: bool = True) -> Order:
    """Move the date of an order that is placed or scheduled; the customer sees old and new (AUF5), and why.

    Raises Refusal for a date that is missing (field "planned_on") and for a later one without reason (field "reason").
    """
    if planned_on is None:
        raise Refusal(_("Bitte tragen Sie den Termin ein."), field="planned_on")
    if order.state == Order.State.PLACED:
        return move(order, Order.State.SCHEDULED, by=by, planned_on=planned_on, note=reason, tell=tell)
    _hold(order)
    if order.state != Order.State.SCHEDULED:
        raise states.NotAllowed(order)
    before = order.planned_on
    if planned_on == before:
        return order
    reason = milestones.reason_for(before, planned_on, reason)
    Order.objects.filter(pk=order.pk).update(planned_on=planned_on, changed_at=timezone.now(), **NOBODY_COMES)
    Milestone.objects.filter(order=order, step=Step.SCHEDULED).update(planned_on=planned_on, note=reason)
    order.refresh_from_db()
    _recorded(order, Order.State.SCHEDULED, by=by, before=before)
    order_news.tell(
        order, milestones.kind_of_move(before, planned_on), day=planned_on, before=before, reason=reason, by=by,
        state=order.state, is_silent=not tell,
    )  # fmt: skip
    return order


@transaction.atomic
def on_the_way(order: Order, *, starts_at: datetime, ends_at: datetime, by) -> Order:
    """Somebody is coming today between two times; the customer is told at once. The same window twice is told once.

    Raises Refusal for a window that is not one of today or is over (fields "starts_at", "ends_at"), NotAllowed for an order
    nobody works on.
    """
    _hold(order)
    if order.state not in {Order.State.PLACED, Order.State.SCHEDULED, Order.State.STARTED}:
        raise states.NotAllowed(order)
    now = timezone.now()
    if {timezone.localdate(starts_at), timezone.localdate(ends_at)} != {timezone.localdate(now)}:
        raise Refusal(
            _("Das Zeitfenster muss heute sein. Für einen anderen Tag verschieben Sie bitte den Termin."),
            field="starts_at",
        )
    if ends_at <= starts_at:
        raise Refusal(_("Das Zeitfenster endet vor seinem Anfang. Bitte prüfen Sie die Zeiten."), field="ends_at")
    if ends_at <= now:
        raise Refusal(_("Dieses Zeitfenster ist schon vorbei. Bitte geben Sie ein späteres an."), field="ends_at")
    if (order.arrives_from, order.arrives_until) == (starts_at, ends_at):
        return order
    Order.objects.filter(pk=order.pk).update(arrives_from=starts_at, arrives_until=ends_at, changed_at=now)
    order.refresh_from_db()
    order_news.tell(order, OrderNews.Kind.ON_THE_WAY, starts_at=starts_at, ends_at=ends_at, by=by)
    timeline.record(Event.ORDER_ON_THE_WAY, customer=order.customer, subject=order, by=by, number=order.number)
    return order


@transaction.atomic
def reach(order: Order, step: str, *, by, at: datetime | None = None, note: str = "") -> None:
    """The order came to what a milestone stands for, such as its sign-off; nothing where its way has none."""
    noted = {"note": note.strip()} if note.strip() else {}
    if _reach(order, step, at=at or timezone.now(), by=by, **noted):
        Order.objects.filter(pk=order.pk).update(changed_at=timezone.now())


@transaction.atomic
def set_kind(order: Order, work_kind: WorkKind | None, by=None) -> Order:
    """Give the order the milestones of another kind of work, keeping what was reached, planned or noted.

    Raises Refusal for a kind that is archived (field "work_kind"), NotAllowed for an order that was called off.
    """
    _hold(order)
    if order.state in {Order.State.CANCELLED, Order.State.WITHDRAWN}:
        raise states.NotAllowed(order)
    if work_kind is not None and work_kind.archived_at:
        raise Refusal(_("Diese Art der Arbeit ist archiviert. Bitte wählen Sie eine andere."), field="work_kind")
    if order.work_kind_id != (work_kind.pk if work_kind else None):
        work_kinds.apply(order, work_kind)
        Order.objects.filter(pk=order.pk).update(changed_at=timezone.now())
        order.refresh_from_db()
    return order


def looks(order: Order) -> Looks:
    """How often the order's page was looked at through its links. Looks at the quote before it do not count."""
    return looks_of([order])[order.pk]


def looks_of(orders: Iterable[Order]) -> dict[int, Looks]:
    """`looks` of many orders, in one query."""
    ids = [order.pk for order in orders]
    kind = ContentType.objects.get_for_model(Order)
    found = (
        AccessLink.objects.filter(subject_type=kind, subject_id__in=ids, purpose=AccessLink.Purpose.ORDER)
        .values_list("subject_id")
        .annotate(count=Sum("seen_count"), last_at=Max("last_seen_at"))
    )
    seen = {pk: Looks(count, last_at) for pk, count, last_at in found}
    return {pk: seen.get(pk, Looks()) for pk in ids}


def assign(order: Order, member) -> None:
    """Say who does it; nobody with None."""
    Order.objects.filter(pk=order.pk).update(assignee=member)


@transaction.atomic
def withdraw(order: Order, *, name: str, email: str, part: str = "", amendment=None) -> Withdrawal:
    """A consumer withdraws from the contract (§ 356a BGB, R85): kept as it arrived, receipt by mail at once.

    `part` is what alone he withdraws from, in his words; the work rests until the office has sorted out the rest.
    `amendment` is the accepted change order whose contract it is: in time, its rows leave the order. After the period it
    is kept too, marked late; a person decides. Doing it twice returns the first one.
    """
    order = (
        Order.objects.select_for_update(of=("self",)).select_related("customer", "business", "quote").get(pk=order.pk)
    )
    if known := order.withdrawals.filter(amendment=amendment).first():
        return known
    now = timezone.now()
    quote = amendment or order.quote
    acceptance = getattr(quote, "acceptance", None) if quote else None
    until = acceptance.withdrawal_until if acceptance else None
    concluded = acceptance.accepted_at if amendment and acceptance else order.placed_at
    contract = {
        "title": amendment.title if amendment else order.title,
        "number": amendment.number if amendment else order.number,
        "day": timezone.localdate(concluded).strftime("%d.%m.%Y"),
    }
    declaration = (
        _("Hiermit widerrufe ich den Vertrag über: %(title)s (Nachtrag %(number)s vom %(day)s).") % contract
        if amendment
        else _("Hiermit widerrufe ich den Vertrag über: %(title)s (Auftrag %(number)s vom %(day)s).") % contract
    )
    part = " ".join(part.split())
    if part:
        declaration += " " + _("Der Widerruf gilt nur für: %(part)s") % {"part": part}
    is_late = until is None or timezone.localdate(now) > until
    if amendment:
        if not part and not is_late:
            amendments.take_out(order, amendment)
        named = _("Nachtrag %(n)s") % {"n": f"{amendment.amendment_number} ({amendment.number})"}
        part = f"{named}: {part}" if part else named
    withdrawal = Withdrawal.objects.create(
        order=order, amendment=amendment, name=name, email=email, declaration=declaration, part=part, received_at=now,
        is_late=is_late,
    )  # fmt: skip
    if not withdrawal.is_late and order.state not in {Order.State.CANCELLED, Order.State.WITHDRAWN}:
        states.move(order, Order.State.WITHDRAWN, changed_at=now, **NOBODY_COMES)
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


def is_partly_withdrawn(order: Order) -> bool:
    """Whether the customer withdrew from a part or a change order only: the rest may go on once it is sorted out."""
    found = list(order.withdrawals.all())
    return bool(found) and all(withdrawal.part for withdrawal in found)


def way(order: Order, *, for_customer: bool = False) -> list[dict]:
    """The milestones in their order: milestone, label, step, and stage (done, now, ahead).

    "Now" is the last one reached. One that was passed over is left out, `for_customer` also what only the business sees.
    """
    rows = [milestone for milestone in order.milestones.all() if milestone.is_shown or not for_customer]
    reached = [place_ for place_, milestone in enumerate(rows) if milestone.reached_at]
    last = reached[-1] if reached else -1
    is_on = order.state in Order.WAY
    return [
        {
            "milestone": milestone,
            "label": str(milestone),
            "step": milestone.step,
            "stage": "ahead" if place_ > last else "now" if place_ == last and is_on else "done",
        }
        for place_, milestone in enumerate(rows)
        if place_ > last or milestone.reached_at
    ]


def _hold(order):
    """Lock the order's row till the end of the transaction and read it as it is now."""
    order.refresh_from_db(from_queryset=Order.objects.select_for_update(of=("self",)))


def _reach(order, step, *, at, **values):
    """Note that the order came to a step; what lies behind it on the way is ahead again. Returns its milestone, if any."""
    milestone = Milestone.objects.filter(order=order, step=step).first() if step else None
    if milestone:
        Milestone.objects.filter(pk=milestone.pk).update(reached_at=at, **values)
    if step in Order.WAY:
        behind = Order.WAY[Order.WAY.index(step) + 1 :]
        Milestone.objects.filter(order=order, step__in=behind).update(reached_at=None)
    return milestone


def _recorded(order, to, *, by, before=None):
    timeline.record(
        Event.ORDER_MOVED, customer=order.customer, subject=order, by=by, number=order.number, state=to,
        **({"planned_on": order.planned_on} if order.planned_on else {}), **({"before": before} if before else {}),
    )  # fmt: skip
    journal.write(Event.ORDER_MOVED, order, by=by, state=to)

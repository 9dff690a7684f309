"""Asking how it was, once per order, and only where the law allows it (R97, R98)."""

from collections.abc import Container
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from billing.models import Order
from crm import access, consents, due, mail, mail_limits, timeline, todos
from crm.models import AccessLink, Customer, Mail
from feedback.events import Event
from feedback.models import FeedbackAnswer, FeedbackRequest

DUE = "feedback.request"
LINK_LIVES = timedelta(days=60)
EDITABLE = timedelta(days=14)
CRITICAL = 6  # up to this score the owner is asked to call (FBK4)


def plan_missing() -> int:
    """Plan a request for every completed order of the current business that has none. Returns how many."""
    done = Order.objects.filter(state__in=[Order.State.COMPLETED, Order.State.INVOICED], feedback_request=None)
    count = 0
    for order in done.exclude(completed_on=None).select_related("customer", "business")[:500]:
        plan(order)
        count += 1
    return count


@transaction.atomic
def plan(order: Order) -> FeedbackRequest:
    """Ask some days after completion; on the due day the legal ground is looked at."""
    request, _created = FeedbackRequest.objects.get_or_create(order=order, defaults={"customer": order.customer})
    completed_on = order.completed_on or timezone.localdate()
    due.plan(DUE, request, at=due.morning_of(completed_on + timedelta(days=order.business.feedback_days)))
    return request


def why_not(request: FeedbackRequest, *, allowed: Container[int] | None = None) -> str:
    """Why this customer may not be asked by mail, in a sentence for the office; empty when he may. `allowed` are the
    customers who may be asked, where that was looked up for many.

    A satisfaction mail is advertising (BGH VI ZR 225/17): it needs a sale, the notice of the right to object at the
    time the address was collected, and no objection (§ 7 (3) UWG).
    """
    customer = request.customer
    if request.order.state in {Order.State.CANCELLED, Order.State.WITHDRAWN}:
        return _("Der Auftrag ist storniert oder widerrufen.")
    if not customer.email:
        return _("Es ist keine E-Mail-Adresse hinterlegt.")
    if customer.feedback_opt_out_at:
        return _("Der Kunde möchte nicht gefragt werden.")
    if customer.pk not in (consents.allowed([customer], consents.Purpose.FEEDBACK) if allowed is None else allowed):
        return _("Der Hinweis auf das Widerspruchsrecht fehlt, deshalb darf nicht gefragt werden (§ 7 Abs. 3 UWG).")
    return ""


def send_due(request: FeedbackRequest) -> None:
    """Due handler: ask, or note why not."""
    if request.state == FeedbackRequest.State.PLANNED:
        if not why_not(request):
            mail_limits.keep(request.customer)
        send(request, is_automatic=True)


@transaction.atomic
def send(request: FeedbackRequest, *, by=None, is_automatic=False) -> AccessLink | None:
    """Mail the request with its link, or block it with the reason. Returns the link where it was sent.

    Raises Refusal when it was sent before: a customer is asked once per order, also by two who click at once.
    """
    stored = FeedbackRequest.objects.select_for_update().get(pk=request.pk)
    if stored.state in {FeedbackRequest.State.SENT, FeedbackRequest.State.ANSWERED}:
        raise Refusal(_("Nach diesem Auftrag wurde der Kunde schon gefragt."))
    reason = why_not(request)
    if not reason and is_automatic and mail_limits.is_refused(request.customer.email):
        reason = _("Die E-Mail-Adresse weist unsere E-Mails ab.")
    if reason:
        FeedbackRequest.objects.filter(pk=request.pk).update(
            state=FeedbackRequest.State.BLOCKED, why_blocked=reason[:120]
        )
        request.refresh_from_db()
        return None
    link = mint_link(request, to=request.customer.email, by=by)
    mail.queue(
        "feedback/mail/request", to=request.customer.email, customer=request.customer, link=link, about=request,
        language=request.customer.language, request=request, order=request.order,
        unsubscribe_url=f"{Mail.LINK_MARK}abmelden/", is_automatic=is_automatic,
    )  # fmt: skip
    FeedbackRequest.objects.filter(pk=request.pk).update(
        state=FeedbackRequest.State.SENT, sent_at=timezone.now(), why_blocked=""
    )
    request.refresh_from_db()
    timeline.record(Event.FEEDBACK_REQUESTED, customer=request.customer, subject=request, by=by)
    return link


def mint_link(request: FeedbackRequest, *, to="", by=None) -> AccessLink:
    """A link to the feedback page."""
    return access.mint(
        request, purpose=AccessLink.Purpose.FEEDBACK, customer=request.customer, sent_to=to, by=by,
        expires_at=timezone.now() + LINK_LIVES,
    )  # fmt: skip


@transaction.atomic
def answer(request: FeedbackRequest, **values) -> FeedbackAnswer:
    """Keep what the customer said; within 14 days he may say it anew, there is one answer (P33, FBK5).

    Raises Refusal when nothing at all was said, and after the 14 days.
    """
    request = (
        FeedbackRequest.objects.select_for_update(of=("self",)).select_related("customer", "order").get(pk=request.pk)
    )
    if all(value is None or value is False or value == "" for value in values.values()):  # 0 of 10 is an answer
        raise Refusal(_("Bitte beantworten Sie mindestens eine Frage."), field="recommendation")
    now = timezone.now()
    found = FeedbackAnswer.objects.filter(request=request).first()
    if found and found.answered_at + EDITABLE < now:
        raise Refusal(_("Ihre Antwort ist schon länger als 14 Tage bei uns und kann nicht mehr geändert werden."))
    saved, created = FeedbackAnswer.objects.update_or_create(
        request=request,
        defaults={**values, "changed_at": now},
        create_defaults={**values, "answered_at": now, "changed_at": now},
    )
    FeedbackRequest.objects.filter(pk=request.pk).update(state=FeedbackRequest.State.ANSWERED)
    if created:
        timeline.record(
            Event.FEEDBACK_ANSWERED, customer=request.customer, subject=saved,
            **({"recommendation": saved.recommendation} if saved.recommendation is not None else {}),
        )  # fmt: skip
        is_critical = saved.recommendation is not None and saved.recommendation <= CRITICAL
        if is_critical or saved.wants_call:
            todos.add(
                _("Anrufen: Feedback von %(name)s ansehen") % {"name": request.customer.name[:120]},
                by=None, customer=request.customer, due_on=timezone.localdate(),
            )  # fmt: skip
        if request.business.email:
            mail.queue(
                "feedback/mail/answered", to=request.business.email, about=saved, answer=saved, contact=request.customer
            )
    return saved


def opt_out(customer: Customer) -> None:
    """The customer objects; effective at once, nobody asks him again (R100)."""
    Customer.objects.filter(pk=customer.pk, feedback_opt_out_at=None).update(feedback_opt_out_at=timezone.now())

"""Requests about privacy: that one came, by when it is answered, and that it was (Art. 12 (3) GDPR: within a month)."""

from calendar import monthrange
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from crm import disclosures, timeline, todos
from crm.models import Customer, PrivacyRequest


def answer_until(received_on: date) -> date:
    """The last day to answer: the same day of the next month, or its last one."""
    year, month = divmod(received_on.year * 12 + received_on.month, 12)
    return date(year, month + 1, min(received_on.day, monthrange(year, month + 1)[1]))


@transaction.atomic
def receive(customer: Customer, *, kind: str, received_on: date, identity: str, by=None) -> PrivacyRequest:
    """Note that a contact asked, with a task for the deadline; an information is put together at once.

    Raises Refusal for a day to come.
    """
    if received_on > timezone.localdate():
        raise Refusal(_("Der Tag des Eingangs liegt in der Zukunft."), field="received_on")
    due_on = answer_until(received_on)
    request = PrivacyRequest.objects.create(
        customer=customer, customer_number=customer.number, kind=kind, received_on=received_on, identity=identity,
        due_on=due_on, by=by,
    )  # fmt: skip
    words = {"kind": request.get_kind_display(), "name": customer.name[:80]}
    todo = todos.add(_("%(kind)s beantworten: %(name)s") % words, by=by, customer=customer, due_on=due_on)
    PrivacyRequest.objects.filter(pk=request.pk).update(todo=todo)
    request.todo = todo
    timeline.record(timeline.Event.PRIVACY_ASKED, customer=customer, subject=request, by=by, kind=kind, until=due_on)
    if kind == PrivacyRequest.Kind.INFORMATION:
        disclosures.order(request)
    return request


@transaction.atomic
def answer(request: PrivacyRequest, *, by=None) -> None:
    """Note that it was answered today. Raises Refusal when it was already."""
    if not PrivacyRequest.objects.filter(pk=request.pk, answered_on=None).update(answered_on=timezone.localdate()):
        raise Refusal(_("Diese Anfrage ist schon beantwortet."))
    if request.todo is not None and request.todo.done_at is None:
        todos.finish(request.todo, by=by)
    if request.customer is not None:
        timeline.record(
            timeline.Event.PRIVACY_ANSWERED, customer=request.customer, subject=request, by=by, kind=request.kind
        )

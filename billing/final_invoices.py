"""What issuing and cancelling a final invoice does to the part payments before it (§ 14 (5) S. 2 UStG, R39c)."""

from datetime import timedelta

from django.utils import timezone

from billing import claims, journal
from billing.events import Event
from billing.models import Invoice
from billing.settling import OVERDUE
from crm import due, states, timeline

State = Invoice.State


def take_over(final: Invoice, *, by) -> None:
    """Close the part payments that were not (wholly) paid: what is left of them is asked for by the final invoice."""
    if final.order is None:
        return
    for each in claims.part_payments(final.order).filter(state=State.OPEN):
        states.move(each, State.REPLACED)
        due.drop(OVERDUE, each)
        journal.write(Event.INVOICE_REPLACED, each, by=by, final=final.number)
        timeline.record(
            Event.INVOICE_REPLACED, customer=each.customer, subject=each, by=by, number=each.number, final=final.number
        )


def give_back(final: Invoice, *, by, after: timedelta) -> None:
    """The final invoice is cancelled: what it had taken over is to be paid again, and reminded of after a while."""
    if final.order is None:
        return
    for each in final.order.invoices.filter(kind=Invoice.Kind.PART_PAYMENT, state=State.REPLACED):
        states.move(each, State.OPEN)
        today = timezone.localdate()
        due.take_up(OVERDUE, each)  # what was dropped for the same day is not planned again
        due.plan(OVERDUE, each, at=due.morning_of(max(each.due_on or today, today) + after))
        journal.write(Event.INVOICE_REOPENED, each, by=by, final=final.number)
        timeline.record(
            Event.INVOICE_REOPENED, customer=each.customer, subject=each, by=by, number=each.number, final=final.number
        )


def counted_in(invoice: Invoice) -> Invoice | None:
    """The issued final invoice that follows from this part payment or partial invoice; None for everything else."""
    if invoice.kind not in (Invoice.Kind.PART_PAYMENT, Invoice.Kind.PARTIAL) or invoice.order is None:
        return None
    last = claims.last_invoice(invoice.order)
    return None if last is None or last.is_draft else last

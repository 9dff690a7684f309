"""Celery's side of billing: files of documents, and quotes whose last day is over. Every task may run twice."""

import logging
from typing import Any

from celery import shared_task
from django.utils import timezone

from accounts import current
from billing import invoices, models, orders, quotes, rendering

logger = logging.getLogger(__name__)


def _for_row(model, pk, work):
    """Do `work` with a row in the context of its business; rows that are gone need nothing."""
    row = model.unscoped.select_related("business").filter(pk=pk).first()
    if row is not None:
        with current.working_for(row.business):
            work(row)


@shared_task
def render_quote(quote_id):
    """Store the PDF of a long quote."""
    _for_row(models.Quote, quote_id, rendering.quote)


@shared_task
def render_acceptance(acceptance_id):
    """Store the acceptance protocol."""
    _for_row(models.Acceptance, acceptance_id, rendering.acceptance)


@shared_task
def confirm_order(order_id):
    """Render an order's documents and mail the confirmation."""
    _for_row(models.Order, order_id, orders.confirm)


@shared_task
def deliver_invoice(invoice_id):
    """Render an issued invoice and mail it, where it is to be mailed."""
    _for_row(models.Invoice, invoice_id, invoices.deliver)


WORK: dict[str, Any] = {
    "quote": render_quote,
    "acceptance": render_acceptance,
    "order": confirm_order,
    "invoice": deliver_invoice,
}


@shared_task
def render_missing():
    """Make the files that are missing, whatever became of their first wake-up. One that fails does not stop the others."""
    for kind, pk in rendering.missing():
        try:
            WORK[kind](pk)
        except Exception:
            logger.exception("%s %s was not rendered", kind, pk)


@shared_task
def expire_quotes():
    """Close quotes whose last day is over."""
    states = [models.Quote.State.SENT, models.Quote.State.DECLINED]
    overdue = models.Quote.unscoped.filter(state__in=states, valid_until__lt=timezone.localdate())
    for pk in overdue.values_list("pk", flat=True)[:1000]:
        _for_row(models.Quote, pk, quotes.expire)

"""Celery's side of billing: files of documents, and quotes whose last day is over. Every task may run twice."""

import logging
from typing import Any

from celery import shared_task
from django.utils import timezone

from accounts import current
from accounts.models import Business
from billing import (
    amendments,
    bank_statements,
    confirmations,
    dunning,
    follow_ups,
    invoice_runs,
    invoices,
    models,
    orders,
    quotes,
    rendering,
    sign_off_papers,
)
from billing.datev import exports, package
from billing.online import interface
from billing.online import payments as online_payments
from billing.z3 import handing_over

logger = logging.getLogger(__name__)

LONGEST = 3600  # seconds for what goes through thousands of documents and says how far it is


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
    """Store the acceptance protocol; a change order is confirmed with it."""
    _for_row(models.Acceptance, acceptance_id, amendments.confirm)


@shared_task
def confirm_order(order_id):
    """Render an order's documents and mail the confirmation."""
    _for_row(models.Order, order_id, orders.confirm)


@shared_task
def deliver_invoice(invoice_id):
    """Render an issued invoice and mail it, where it is to be mailed."""
    _for_row(models.Invoice, invoice_id, invoices.deliver)


@shared_task
def match_bank_statement(statement_id):
    """Book what of a bank statement is certain."""
    _for_row(models.BankStatement, statement_id, bank_statements.match)


@shared_task
def match_bank_statements():
    """The sweep: statements whose first wake-up got lost, or whose run was broken off."""
    waiting = models.BankStatement.unscoped.filter(matched_at=None)
    for pk in waiting.order_by("pk").values_list("pk", flat=True)[:20]:
        _for_row(models.BankStatement, pk, bank_statements.match)


@shared_task
def settle_online_payment(online_id):
    """Ask the provider what became of an online payment, and book it."""
    _for_row(models.OnlinePayment, online_id, _asking(online_payments.settle))


@shared_task
def close_online_payments(online_id):
    """Close the pages on which the same invoice was to be paid before."""
    _for_row(models.OnlinePayment, online_id, _asking(online_payments.close_others))


def _asking(work):
    """A provider that is away or says no is asked again when the payment's due row comes round."""

    def work_quietly(row):
        try:
            work(row)
        except (interface.Unreachable, interface.Declined) as error:
            logger.warning("online payment %s: %s", row.pk, error)

    return work_quietly


@shared_task
def ask_for_sign_off(sign_off_id):
    """Write the letter that asks for acceptance, and mail it."""
    _for_row(models.SignOff, sign_off_id, sign_off_papers.ask)


@shared_task
def close_sign_off(sign_off_id):
    """Store the protocol of a decided sign-off, and mail it to both sides."""
    _for_row(models.SignOff, sign_off_id, sign_off_papers.close)


@shared_task
def deliver_dunning_letter(letter_id):
    """Draw a letter of reminder and mail it, where it is to be mailed."""
    _for_row(models.DunningLetter, letter_id, dunning.deliver)


@shared_task(time_limit=LONGEST)
def run_standing_invoices(run_id):
    """Bill what is due of what comes again and again."""
    _for_row(models.InvoiceRun, run_id, invoice_runs.work)


@shared_task(time_limit=LONGEST)
def bill_standing_invoices():
    """Runs that stopped half way go on, and businesses with something to bill today get one."""
    for pk in invoice_runs.unfinished():
        _for_row(models.InvoiceRun, pk, invoice_runs.work)
    for business in Business.objects.all():
        with current.working_for(business):
            invoice_runs.begin_due()


WORK: dict[str, Any] = {
    "quote": render_quote,
    "acceptance": render_acceptance,
    "order": confirm_order,
    "invoice": deliver_invoice,
    "sign_off_request": ask_for_sign_off,
    "sign_off": close_sign_off,
    "dunning_letter": deliver_dunning_letter,
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
def plan_follow_ups():
    """Look for quotes whose customers have looked since."""
    for business in Business.objects.all():
        with current.working_for(business):
            for quote in follow_ups.without_silence()[:500]:
                follow_ups.plan_silence(quote)


@shared_task
def send_dunning_letters():
    """Send the letters of reminder that are due, where a business wants that to happen by itself. One business whose
    letters fail does not stop the others.
    """
    for business in Business.objects.filter(dunning_is_automatic=True):
        try:
            with current.working_for(business):
                dunning.send_due()
        except Exception:
            logger.exception("letters of reminder of business %s", business.pk)


@shared_task
def expire_quotes():
    """Close quotes whose last day is over."""
    states = [models.Quote.State.SENT, models.Quote.State.DECLINED]
    overdue = models.Quote.unscoped.filter(state__in=states, valid_until__lt=timezone.localdate())
    for pk in overdue.values_list("pk", flat=True)[:1000]:
        _for_row(models.Quote, pk, quotes.expire)


@shared_task
def note_confirmations():
    """Note in the journals what became of the mails that confirm orders."""
    confirmations.note()


@shared_task(time_limit=LONGEST)
def export_for_audit(export_id):
    """Put together what the tax office is handed."""
    _for_row(models.AuditExport, export_id, handing_over.make)


@shared_task
def export_for_datev(export_id):
    """Write the package of a month for the tax adviser."""
    _for_row(models.DatevExport, export_id, package.attempt)


@shared_task(time_limit=LONGEST)
def export_what_waits():
    """Make the exports whose wake-up got lost."""
    for export_id in handing_over.waiting():
        export_for_audit(export_id)
    for export_id in exports.waiting():
        export_for_datev(export_id)

"""What can be done with a payment."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import formats
from accounts.refusals import Refusal
from billing import journal, settling
from billing.events import Event
from billing.models import Invoice, Payment
from crm import states, timeline


@transaction.atomic
def record(invoice: Invoice, *, amount: Decimal, received_on, by, method="transfer", note="") -> Payment:
    """Book money that came in. The invoice is paid when nothing is open any more.

    Raises Refusal for amounts of zero or more than is open, for days in the future, and for invoices that are not open.
    """
    invoice = Invoice.objects.select_for_update(of=("self",)).select_related("customer").get(pk=invoice.pk)
    if invoice.state != Invoice.State.OPEN:
        raise states.NotAllowed(invoice)
    if amount <= 0:
        raise Refusal(_("Bitte geben Sie einen Betrag größer als null ein."), field="amount")
    if amount > invoice.open_amount:
        raise Refusal(
            _("Offen sind nur %(open)s. Bitte prüfen Sie den Betrag.") % {"open": formats.euro(invoice.open_amount)},
            field="amount",
        )
    if received_on > timezone.localdate():
        raise Refusal(_("Das Datum des Zahlungseingangs liegt in der Zukunft."), field="received_on")
    payment = Payment.objects.create(
        invoice=invoice, amount=amount, received_on=received_on, method=method, note=note, by=by
    )
    settling.settle(invoice, received_on)
    journal.write(Event.PAYMENT_RECORDED, payment, by=by, invoice=invoice.number, amount=amount)
    timeline.record(
        Event.PAYMENT_RECORDED, customer=invoice.customer, subject=invoice, by=by, number=invoice.number, amount=amount
    )
    return payment


@transaction.atomic
def reverse(payment: Payment, *, by, note="") -> Payment:
    """Take a booking back (a mistake, a returned transfer): both rows stay. Doing it twice is refused."""
    invoice = Invoice.objects.select_for_update(of=("self",)).select_related("customer").get(pk=payment.invoice_id)
    if payment.reverses_id or Payment.objects.filter(reverses=payment).exists():
        raise Refusal(_("Diese Zahlung ist bereits zurückgenommen."))
    if invoice.state == Invoice.State.CANCELLED:
        raise states.NotAllowed(invoice)
    reversal = Payment.objects.create(
        invoice=invoice, amount=-payment.amount, received_on=timezone.localdate(), method=payment.method, note=note,
        reverses=payment, by=by,
    )  # fmt: skip
    settling.settle(invoice, None)
    journal.write(Event.PAYMENT_REVERSED, reversal, by=by, invoice=invoice.number, amount=payment.amount)
    timeline.record(
        Event.PAYMENT_REVERSED,
        customer=invoice.customer,
        subject=invoice,
        by=by,
        number=invoice.number,
        amount=payment.amount,
    )
    return reversal

"""The confirmation that an invoice was paid (REC4), for who keeps his papers together. No invoice: it names no VAT."""

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import formats
from billing import rendering
from billing.models import Invoice
from crm import states


def of(invoice: Invoice) -> bytes:
    """The confirmation as PDF, of the payments as they stand now. Raises NotAllowed for an invoice that is not paid."""
    if invoice.state != Invoice.State.PAID or invoice.paid <= 0:
        raise states.NotAllowed(invoice)
    document = invoice.frozen_document
    with translation.override(document.language):
        number, issued_on = invoice.number, formats.day(invoice.issued_on)
        return rendering.letter(
            document,
            invoice.business,
            title=_("Zahlungsbestätigung"),
            reference=_("Rechnung %(number)s vom %(day)s") % {"number": number, "day": issued_on},
            paragraphs=[_("wir haben zu dieser Rechnung erhalten:"), *_lines(invoice)],
            parts=[],
            notice=_(
                "Der Rechnungsbetrag von %(amount)s ist damit vollständig bezahlt. Diese Bestätigung ist keine Rechnung."
            )
            % {"amount": formats.euro(invoice.gross)},
            regards="",
            day=timezone.localdate(),
        )


def _lines(invoice):
    """A payment each, without those that were taken back."""
    kept = invoice.payments.filter(reverses=None, reversed_by=None)
    words = _("%(amount)s am %(day)s (%(way)s)")
    return [
        words
        % {
            "amount": formats.euro(payment.amount),
            "day": formats.day(payment.received_on),
            "way": payment.get_method_display(),
        }
        for payment in kept
    ]

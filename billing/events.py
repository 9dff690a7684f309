"""What billing tells the timeline."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """Each has a template billing/timeline/<name>.html."""

    QUOTE_CREATED = "billing.quote_created", _("Angebot angelegt")
    QUOTE_SENT = "billing.quote_sent", _("Angebot gesendet")
    QUOTE_ACCEPTED = "billing.quote_accepted", _("Angebot angenommen")
    QUOTE_DECLINED = "billing.quote_declined", _("Angebot abgelehnt")
    QUOTE_RETRACTED = "billing.quote_retracted", _("Angebot zurückgezogen")
    QUOTE_EXPIRED = "billing.quote_expired", _("Angebot abgelaufen")
    QUOTE_REMINDED = "billing.quote_reminded", _("An das Angebot erinnert")
    ORDER_PLACED = "billing.order_placed", _("Auftrag erteilt")
    ORDER_MOVED = "billing.order_moved", _("Auftrag: neuer Stand")
    ORDER_WITHDRAWN = "billing.order_withdrawn", _("Vertrag widerrufen")
    INVOICE_DRAFTED = "billing.invoice_drafted", _("Rechnung entworfen")
    INVOICE_ISSUED = "billing.invoice_issued", _("Rechnung gestellt")
    INVOICE_CANCELLED = "billing.invoice_cancelled", _("Rechnung storniert")
    INVOICE_REMINDED = "billing.invoice_reminded", _("An die Zahlung erinnert")
    PAYMENT_RECORDED = "billing.payment_recorded", _("Zahlung gebucht")
    PAYMENT_REVERSED = "billing.payment_reversed", _("Zahlung zurückgenommen")

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
    QUOTE_FOLLOWED_UP = "billing.quote_followed_up", _("Beim Kunden nachgefasst")
    QUOTE_FOLLOW_UP_PAUSED = "billing.quote_follow_up_paused", _("Nachfassen ausgesetzt")
    QUOTE_FOLLOW_UP_RESUMED = "billing.quote_follow_up_resumed", _("Nachfassen fortgesetzt")
    QUOTE_REMINDERS_REFUSED = "billing.quote_reminders_refused", _("Möchte nicht mehr erinnert werden")
    QUOTE_REPLACED = "billing.quote_replaced", _("Angebot durch neue Fassung ersetzt")
    QUOTE_SHARED = "billing.quote_shared", _("Angebot weitergegeben")
    QUOTE_LOST = "billing.quote_lost", _("Angebot verloren")
    QUOTE_REOPENED = "billing.quote_reopened", _("Angebot wieder geöffnet")
    ORDER_PLACED = "billing.order_placed", _("Auftrag erteilt")
    ORDER_MOVED = "billing.order_moved", _("Auftrag: neuer Stand")
    ORDER_AMENDED = "billing.order_amended", _("Nachtrag angenommen")
    ORDER_MILESTONE = "billing.order_milestone", _("Meilenstein erreicht")
    ORDER_ON_THE_WAY = "billing.order_on_the_way", _("Unterwegs zum Kunden")
    ORDER_SHIPPED = "billing.order_shipped", _("Ware versandt")
    ORDER_WITHDRAWN = "billing.order_withdrawn", _("Vertrag widerrufen")
    SIGN_OFF_REQUESTED = "billing.sign_off_requested", _("Um Abnahme gebeten")
    SIGN_OFF_ACCEPTED = "billing.sign_off_accepted", _("Abgenommen")
    SIGN_OFF_REFUSED = "billing.sign_off_refused", _("Abnahme verweigert")
    SIGN_OFF_DEEMED = "billing.sign_off_deemed", _("Gilt als abgenommen")
    SIGN_OFF_RETRACTED = "billing.sign_off_retracted", _("Bitte um Abnahme zurückgezogen")
    DEFECT_MENDED = "billing.defect_mended", _("Mangel behoben")
    OVERRUN_ANNOUNCED = "billing.overrun_announced", _("Überschreitung angekündigt")
    INVOICE_DRAFTED = "billing.invoice_drafted", _("Rechnung entworfen")
    INVOICE_ISSUED = "billing.invoice_issued", _("Rechnung gestellt")
    INVOICE_CANCELLED = "billing.invoice_cancelled", _("Rechnung storniert")
    INVOICE_REMINDED = "billing.invoice_reminded", _("An die Zahlung erinnert")
    PAYMENT_RECORDED = "billing.payment_recorded", _("Zahlung gebucht")
    ONLINE_SURPLUS = "billing.online_surplus", _("Online zu viel bezahlt")
    PAYMENT_REVERSED = "billing.payment_reversed", _("Zahlung zurückgenommen")
    PAYMENT_REFUNDED = "billing.payment_refunded", _("Zu viel Bezahltes erstattet")

"""Goods on their way with a carrier (Sendungen): where customers follow them."""

import re
from datetime import date
from urllib.parse import quote as url_quote
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from billing import order_news
from billing.events import Event
from billing.models import Order, OrderNews, Shipment
from crm import states, timeline

Carrier = Shipment.Carrier
# Where a carrier shows a parcel; {number} is the number, quoted. Public addresses of the carriers' own pages.
TRACKING = {
    Carrier.DHL: "https://www.dhl.de/de/privatkunden/dhl-sendungsverfolgung.html?piececode={number}",
    Carrier.DPD: "https://tracking.dpd.de/status/de_DE/parcel/{number}",
    Carrier.GLS: "https://www.gls-pakete.de/sendungsverfolgung?trackingNumber={number}",
    Carrier.HERMES: "https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation/#{number}",
    Carrier.UPS: "https://www.ups.com/track?loc=de_DE&tracknum={number}",
}
_is_https = URLValidator(schemes=["https"])


@transaction.atomic
def add(
    order: Order, *, carrier: str, tracking_number: str = "", carrier_name: str = "", tracking_url: str = "",
    contents: str = "", shipped_on: date | None = None, expected_on: date | None = None, by, tell: bool = True,
) -> Shipment:  # fmt: skip
    """Goods left the house (today, unless told otherwise); the customer is told with the link to follow them.

    Raises Refusal with the field for a carrier that is none, a known carrier without number, another one without name, and
    an address that does not begin with https; NotAllowed for an order that was called off.
    """
    order = Order.objects.select_for_update(of=("self",)).select_related("customer", "business").get(pk=order.pk)
    if order.state in {Order.State.CANCELLED, Order.State.WITHDRAWN}:
        raise states.NotAllowed(order)
    shipment = Shipment(
        order=order, carrier=carrier, tracking_number=_number(tracking_number), contents=" ".join(contents.split())[:160],
        shipped_on=shipped_on or timezone.localdate(), expected_on=expected_on, by=by,
    )  # fmt: skip
    if carrier not in Carrier:
        raise Refusal(_("Bitte wählen Sie, mit wem Sie versenden."), field="carrier")
    if carrier == Carrier.OTHER:
        shipment.carrier_name = " ".join(carrier_name.split())[:80]
        shipment.tracking_url = checked_address(tracking_url)
        if not shipment.carrier_name:
            raise Refusal(_("Bitte tragen Sie den Namen des Dienstes ein."), field="carrier_name")
    elif not shipment.tracking_number:
        raise Refusal(_("Bitte tragen Sie die Sendungsnummer ein."), field="tracking_number")
    if expected_on and expected_on < shipment.shipped_on:
        raise Refusal(
            _("Die Ware kann nicht vor dem Versand ankommen. Bitte prüfen Sie die Tage."), field="expected_on"
        )
    shipment.save()
    Order.objects.filter(pk=order.pk).update(changed_at=timezone.now())
    order_news.tell(
        order, OrderNews.Kind.SHIPPED, label=label(shipment), day=expected_on, reason=shipment.contents, by=by,
        is_silent=not tell,
    )  # fmt: skip
    timeline.record(
        Event.ORDER_SHIPPED, customer=order.customer, subject=order, by=by, number=order.number, parcel=label(shipment)
    )
    return shipment


@transaction.atomic
def remove(shipment: Shipment, *, by) -> None:
    """It was a mistake; a customer who was not told yet will not be."""
    order = Order.objects.select_for_update(of=("self",)).get(pk=shipment.order_id)
    order_news.take_back(order, OrderNews.Kind.SHIPPED, label=label(shipment))
    Shipment.objects.filter(pk=shipment.pk).delete()
    Order.objects.filter(pk=order.pk).update(changed_at=timezone.now())


def label(shipment: Shipment) -> str:
    """Carrier and number: "DHL 0034…"."""
    return str(shipment)


def tracking_address(shipment: Shipment) -> str:
    """Where the customer follows the goods; empty where nobody knows."""
    if shipment.tracking_url:
        return shipment.tracking_url
    template = TRACKING.get(Carrier(shipment.carrier), "")
    return template.format(number=url_quote(shipment.tracking_number, safe="")) if shipment.tracking_number else ""


def checked_address(address: str) -> str:
    """An address customers may be sent to, or empty. Raises Refusal (field "tracking_url") unless it begins with https."""
    address = address.strip()
    if not address:
        return ""
    try:
        _is_https(address)
    except ValidationError:
        is_ours = False
    else:
        is_ours = len(address) <= 200 and not urlsplit(address).username
    if not is_ours:
        raise Refusal(_("Bitte geben Sie die ganze Adresse ein, sie beginnt mit https://."), field="tracking_url")
    return address


def _number(text):
    number = "".join(text.split()).upper()
    if not re.fullmatch(r"[0-9A-Z-]{0,40}", number):
        raise Refusal(
            _("Die Sendungsnummer besteht nur aus Ziffern und Buchstaben. Bitte prüfen Sie sie."),
            field="tracking_number",
        )
    return number

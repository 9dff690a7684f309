"""Goods on their way: where customers follow them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.refusals import Refusal
from billing import order_news, orders, shipments
from billing.models import Order, Shipment
from crm import states
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(business):
    return make.make_order()


def test_a_parcel_is_kept_and_told(order, owner):
    shipment = shipments.add(
        order, carrier="dhl", tracking_number=" 0034 0434 1610 9400 ", contents="Griffe",
        expected_on=timezone.localdate() + timedelta(days=2), by=owner,
    )  # fmt: skip
    assert (shipment.tracking_number, shipment.shipped_on) == ("0034043416109400", timezone.localdate())
    news = order.news.get()
    assert (news.kind, news.label, news.day, news.reason) == (
        "shipped", "DHL 0034043416109400", shipment.expected_on, "Griffe",
    )  # fmt: skip


@pytest.mark.parametrize("carrier", shipments.TRACKING)
def test_every_carrier_has_a_page_for_its_numbers(order, carrier):
    shipment = shipments.add(order, carrier=carrier, tracking_number="1Z999AA1", by=None)
    address = shipments.tracking_address(shipment)
    assert address.startswith("https://") and address.endswith("1Z999AA1")


def test_another_carrier_has_a_name_and_perhaps_an_address(order):
    shipment = shipments.add(
        order, carrier="other", carrier_name="Spedition Voss", tracking_url="https://voss.example/s?n=7", by=None
    )
    assert str(shipment) == "Spedition Voss"
    assert shipments.tracking_address(shipment) == "https://voss.example/s?n=7"
    assert shipments.tracking_address(shipments.add(order, carrier="other", carrier_name="Voss", by=None)) == ""


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"carrier": "post"}, "carrier"),
        ({"carrier": "dhl"}, "tracking_number"),
        ({"carrier": "dhl", "tracking_number": "12<b>"}, "tracking_number"),
        ({"carrier": "other"}, "carrier_name"),
        ({"carrier": "other", "carrier_name": "V", "tracking_url": "http://voss.example/"}, "tracking_url"),
        ({"carrier": "other", "carrier_name": "V", "tracking_url": "javascript:alert(1)"}, "tracking_url"),
        ({"carrier": "other", "carrier_name": "V", "tracking_url": "https://a@voss.example/"}, "tracking_url"),
        ({"carrier": "ups", "tracking_number": "1", "expected_on": date(2020, 1, 1)}, "expected_on"),
    ],
)
def test_what_leads_nowhere_is_refused(order, fields, field):
    with pytest.raises(Refusal) as refused:
        shipments.add(order, by=None, **fields)
    assert refused.value.field == field
    assert not Shipment.objects.exists() and not order.news.exists()


def test_a_mistake_is_removed_before_anybody_is_told(order, owner):
    shipments.remove(shipments.add(order, carrier="gls", tracking_number="77", by=owner), by=owner)
    assert not Shipment.objects.exists()
    assert not order_news.waiting(order).exists()


def test_nothing_is_shipped_for_a_cancelled_order(order, owner):
    orders.move(order, Order.State.CANCELLED, by=owner)
    with pytest.raises(states.NotAllowed):
        shipments.add(order, carrier="gls", tracking_number="77", by=owner)

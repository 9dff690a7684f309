"""Questions and answers as a customer sees them."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from billing.models import Order, Quote
from crm.models import Message


def of_order(order: Order):
    """All messages on an order and on the quote it came from, oldest first: one conversation."""
    about = Q(subject_type=ContentType.objects.get_for_model(Order), subject_id=order.pk)
    if order.quote_id:
        about |= Q(subject_type=ContentType.objects.get_for_model(Quote), subject_id=order.quote_id)
    return Message.objects.filter(about).select_related("by__user")

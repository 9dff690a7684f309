"""Questions and answers as a customer sees them."""

from contextlib import suppress

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import Http404

from billing import conversations
from billing.models import Order
from crm import messages
from crm.models import AccessLink, Message
from portal.subjects import invoice_of, order_of, quote_of

Purpose = AccessLink.Purpose


def of_order(order: Order):
    """All messages on an order, on the quote it came from and on its change orders, oldest first: one conversation."""
    return messages.shown(Message.objects.filter(_about(order)))


def of_link(link: AccessLink):
    """All messages that the pages of a link show. Raises Http404 for a link without a document."""
    if link.purpose == Purpose.INVOICE:
        return messages.thread(invoice_of(link))
    if link.purpose == Purpose.CENTER:
        return messages.general(link.customer)
    if link.purpose == Purpose.ORDER:
        return of_order(order_of(link))
    about = conversations.about(quote_of(link))
    with suppress(Http404):  # not ordered yet
        about |= _about(order_of(link))
    return messages.shown(Message.objects.filter(about))


def unread(thread) -> list[Message]:
    """The answers in a thread that the customer has not read. The thread is fetched once, here or where it is shown."""
    return [message for message in thread if not message.is_from_customer and message.read_at is None]


def _about(order):
    about = Q(subject_type=ContentType.objects.get_for_model(Order), subject_id=order.pk)
    about |= conversations.about_changes_of(order)
    return about | conversations.about(order.quote) if order.quote else about

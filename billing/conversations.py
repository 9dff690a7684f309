"""Questions and answers about a quote: one conversation, whichever version somebody was looking at."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from billing.models import Order, Quote
from crm import messages
from crm.models import Message


def of_quote(quote: Quote):
    """All messages on a quote and its other versions, oldest first."""
    return messages.shown(Message.objects.filter(about(quote)))


def about(quote: Quote) -> Q:
    """What picks those messages, to be put together with others."""
    kind = ContentType.objects.get_for_model(Quote)
    if quote.number is None:
        return Q(subject_type=kind, subject_id=quote.pk)
    return Q(subject_type=kind, subject_id__in=Quote.objects.of_number(quote.number).values("pk"))


def about_changes_of(order: Order) -> Q:
    """What picks the messages on the change orders of an order, in all their versions."""
    kind = ContentType.objects.get_for_model(Quote)
    return Q(subject_type=kind, subject_id__in=Quote.objects.filter(amends=order).values("pk"))

"""What a link is about: its own document, for a quote's link also its other versions and the order that came from one of
them. Nothing else (P27).
"""

from django.db.models import Subquery
from django.http import Http404

from billing.models import Invoice, Order, Quote
from crm.models import AccessLink

Purpose = AccessLink.Purpose


def quote_of(link) -> Quote:
    """The newest version of the quote of a quote's link. Raises Http404 for drafts (P28)."""
    return _known(link, Quote.objects.of_number(_number(link)).last())


def order_of(link) -> Order:
    """The order of an order's link, or the one placed through a quote's link, whichever version was accepted; of a change
    order the one it became part of.

    Raises Http404 for a link about something else: its number is none of an order.
    """
    if link.purpose not in (Purpose.QUOTE, Purpose.ORDER):
        raise Http404
    if link.purpose == Purpose.QUOTE:
        found = contract_of(link)
        return _known(link, found.placed_order if found else None)
    order = Order.objects.filter(pk=link.subject_id).select_related("assignee__user", "quote__acceptance").first()
    return _known(link, order)


def contract_of(link) -> Quote | None:
    """The version that was accepted of the quote of a quote's link, with its order; None before that."""
    related = ("acceptance", "order__assignee__user", "amends__assignee__user", "amends__quote__acceptance")
    accepted = Quote.objects.of_number(_number(link)).filter(state=Quote.State.ACCEPTED)
    return accepted.select_related(*related).last()


def _number(link):
    """The number all versions share; drafts have none, and none is like no other."""
    return Subquery(Quote.objects.filter(pk=link.subject_id).values("number"))


def invoice_of(link) -> Invoice:
    """The invoice of an invoice's link. Raises Http404 for drafts."""
    invoice = Invoice.objects.exclude(state=Invoice.State.DRAFT).filter(pk=link.subject_id)
    return _known(link, invoice.select_related("cancels", "cancelled_by").first())


def _known(link, document):
    if document is None:
        raise Http404
    # what the link brought along need not be fetched again
    document.business, document.customer = link.business, link.customer
    return document

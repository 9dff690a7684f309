"""What a link is about: its own document, and for a quote's link also the order that came from it. Nothing else (P27)."""

from django.http import Http404

from billing.models import Invoice, Order, Quote
from crm.models import AccessLink

Purpose = AccessLink.Purpose


def quote_of(link) -> Quote:
    """The quote of a quote's link. Raises Http404 for drafts (P28)."""
    quote = Quote.objects.exclude(state=Quote.State.DRAFT).filter(pk=link.subject_id).first()
    return _known(link, quote)


def order_of(link) -> Order:
    """The order of an order's link, or the one placed through a quote's link."""
    by = {"quote_id": link.subject_id} if link.purpose == Purpose.QUOTE else {"pk": link.subject_id}
    order = Order.objects.filter(**by).select_related("assignee__user", "quote__acceptance").first()
    return _known(link, order)


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

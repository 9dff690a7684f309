"""From the page of all documents to one of them, without another code: a link of its own for this browser."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from billing.models import Invoice, Order, Quote
from crm import access
from crm.models import AccessLink

LIVES = timedelta(days=1)  # the page of all documents makes it last again each time
PURPOSES = {Quote: AccessLink.Purpose.QUOTE, Order: AccessLink.Purpose.ORDER, Invoice: AccessLink.Purpose.INVOICE}


@transaction.atomic
def link_to(document: Quote | Order | Invoice, center: AccessLink) -> AccessLink:
    """An open link to a document of the customer whose `center` link was opened: the one this recipient was sent, or one
    of our own that the office is not shown (Way.PAGE). Never the link of another recipient: what is seen and signed
    there would look like theirs.
    """
    AccessLink.objects.select_for_update(of=("self",)).get(pk=center.pk)  # of two at once the second finds the first
    there = access.links_to(document, with_own=True).filter(purpose=PURPOSES[type(document)], revoked_at=None)
    if center.sent_to:
        own = there.filter(sent_to__iexact=center.sent_to, expires_at__gt=timezone.now())
        if found := own.select_related("customer", "business").first():
            return found
    until = timezone.now() + LIVES
    mine = there.filter(way=AccessLink.Way.PAGE, sent_to="").select_related("customer", "business").first()
    if mine:
        if mine.expires_at < until:
            AccessLink.objects.filter(pk=mine.pk).update(expires_at=until)
            mine.expires_at = until
        return mine
    return access.mint(
        document,
        purpose=PURPOSES[type(document)],
        customer=center.customer,
        way=AccessLink.Way.PAGE,
        asks_postcode=center.business.asks_postcode,
        expires_at=until,
    )

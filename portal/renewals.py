"""A new link for somebody whose link has run out."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from billing.models import Quote
from crm import access, center_links, mail
from crm.models import AccessLink

LIVES = timedelta(days=30)
PAUSE = timedelta(minutes=10)


@transaction.atomic
def renew(link: AccessLink) -> AccessLink | None:
    """Mail a new link to the address the old one was sent to; the old one stays as it is (LNK2, LNK3).

    None without an address, for a link that was closed on purpose (perhaps it went to the wrong address), for a quote that
    was taken back, and within ten minutes of the last one.
    """
    AccessLink.objects.select_for_update(of=("self",)).get(pk=link.pk)  # of two at once the second finds the new link
    to = link.sent_to or link.customer.email
    if center_links.is_one(link):  # never to an address that is no longer the customer's
        to = center_links.address_for(link.customer, link.sent_to)
    siblings = AccessLink.objects.filter(subject_type=link.subject_type_id, subject_id=link.subject_id)
    just_sent = siblings.exclude(pk=link.pk).filter(sent_to=to, created_at__gt=timezone.now() - PAUSE)
    subject = link.subject
    is_gone = subject is None or (isinstance(subject, Quote) and subject.state == Quote.State.RETRACTED)
    if not to or link.revoked_at or is_gone or just_sent.exists():
        return None
    new = access.mint(
        subject,
        purpose=link.purpose,
        customer=link.customer,
        sent_to=to,
        asks_postcode=link.asks_postcode or link.business.asks_postcode,
        expires_at=timezone.now() + LIVES,
    )
    mail.queue(
        "portal/mail/link_renewed",
        to=to,
        customer=link.customer,
        link=new,
        about=subject,
        language=link.customer.language,
    )
    return new

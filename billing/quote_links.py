"""A quote's way to its customers: one link per recipient, which stays the same from version to version."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.refusals import Refusal
from billing.documents.model import Document
from billing.events import Event
from billing.models import Quote
from crm import access, mail, timeline
from crm import recipients as recipients_of
from crm.models import AccessLink

Way = AccessLink.Way
LIVES_ON = timedelta(days=30)  # after the last day: the page then says that the quote has expired


def mint(quote: Quote, *, to="", way="", by=None) -> AccessLink:
    """One more link to a sent quote, for one recipient."""
    return access.mint(
        quote,
        purpose=AccessLink.Purpose.QUOTE,
        customer=quote.customer,
        sent_to=to,
        way=way,
        asks_postcode=quote.business.asks_postcode,
        expires_at=_end_of_life(quote),
        by=by,
    )


def known_addresses(customer) -> list[tuple[str, str]]:
    """(address, name) of the customer and those who work there, each address once."""
    return recipients_of.known(customer)


def recipients(quote: Quote) -> list[str]:
    """Who is told of the next version: those with a link that was not closed on purpose, each once, oldest first."""
    links = access.links_to(quote).filter(revoked_at=None).exclude(sent_to="").order_by("pk")
    return unique(links.values_list("sent_to", flat=True))


def unique(addresses) -> list[str]:
    """Each address once, however it is capitalised."""
    found: dict[str, str] = {}
    for address in addresses:
        if address.strip():
            found.setdefault(address.strip().lower(), address.strip())
    return list(found.values())


def hand_out(quote: Quote, document: Document, *, addresses, way: str, message="", by=None) -> AccessLink:
    """A link for each recipient, those of an earlier version again, and a mail to each with an address.

    Without any address one link that somebody hands over. Returns the first one.
    """
    there = list(access.links_to(quote).filter(revoked_at=None).order_by("pk"))
    if not addresses:
        same = [link for link in there if link.way == way and not link.sent_to]
        return same[-1] if same else mint(quote, way=way, by=by)
    by_address = {link.sent_to.lower(): link for link in there}
    links = [by_address.get(address.lower()) or mint(quote, to=address, way=way, by=by) for address in addresses]
    if way == Way.MAIL:
        for link in links:
            send_mail(quote, link, document=document, message=message)
    return links[0]


def send_mail(quote: Quote, link: AccessLink, *, document: Document | None = None, message=""):
    """Mail the quote with that link; who is not the customer himself is greeted by his own name."""
    customer = quote.customer
    greeting = recipients_of.greeting(customer, link.sent_to)
    if not recipients_of.name_of(customer, link.sent_to):
        with override(customer.language):
            greeting = _("Guten Tag")
    if message.startswith(f"{customer.greeting},"):
        message = greeting + message[len(customer.greeting) :]
    return mail.queue(
        "billing/mail/quote_sent", to=link.sent_to, customer=customer, link=link, about=quote,
        language=customer.language, quote=quote, document=document or quote.frozen_document, message=message,
        greeting=greeting,
    )  # fmt: skip


@transaction.atomic
def share(quote: Quote, *, by, to="", way="") -> AccessLink:
    """One more recipient of a quote that is sent: by mail, or on a way somebody takes care of."""
    way = way or (Way.MAIL if to else Way.LINK)
    refuse_closed(quote)
    if way == Way.MAIL and not to:
        raise Refusal(_("Bitte tragen Sie die E-Mail-Adresse ein, an die der Link geht."), field="sent_to")
    link = mint(quote, to=to, way=way, by=by)
    if way == Way.MAIL:
        send_mail(quote, link)
    timeline.record(
        Event.QUOTE_SHARED, customer=quote.customer, subject=quote, by=by, number=quote.number, to=to, way=way
    )
    return link


@transaction.atomic
def renew(quote: Quote, link: AccessLink, *, by) -> AccessLink:
    """A new link in the place of one that got into wrong hands: the old one closes, its recipient is mailed the new."""
    access.close(link)
    return share(quote, by=by, to=link.sent_to, way=link.way if link.sent_to or link.way != Way.MAIL else Way.LINK)


def reopen(quote: Quote, link: AccessLink) -> None:
    """Let a closed link in again, as long as the quote itself is to be seen."""
    refuse_closed(quote)
    access.reopen(link)


def hand_on(old: Quote, new: Quote) -> None:
    """What opened the old version opens the new one, for as long as that lives. A link that was closed by itself stays
    closed; those that closed because the whole quote was taken back open again. Looks are counted anew.
    """
    links = access.links_to(old)
    if old.decided_at:
        links.filter(revoked_at=old.decided_at).update(revoked_at=None)
    access.hand_on(links, new, expires_at=_end_of_life(new))


def can_be_shared(quote: Quote) -> bool:
    """Whether there is something to show to one more person: ordered, or still to be decided about."""
    return quote.state == Quote.State.ACCEPTED or quote.can_be_accepted


def refuse_closed(quote: Quote) -> None:
    """Links are for quotes that can be seen: raise Refusal for a draft, one taken back, replaced or over."""
    if quote.has_expired and quote.state in {Quote.State.SENT, Quote.State.DECLINED, Quote.State.EXPIRED}:
        raise Refusal(_("Das Angebot ist abgelaufen. Bitte verlängern Sie erst die Gültigkeit."))
    if not can_be_shared(quote):
        raise Refusal(_("Zu diesem Stand des Angebots gibt es keine Links. Bitte öffnen Sie die aktuelle Fassung."))


def end_of(day) -> datetime:
    """24:00 of a day in Europe/Berlin as an instant."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _end_of_life(quote):
    last = end_of(quote.valid_until)
    if quote.state == Quote.State.ACCEPTED:  # it leads to the order
        last = max(last, timezone.now())
    return last + LIVES_ON

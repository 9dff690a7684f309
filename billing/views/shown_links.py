"""The links to a quote as its page shows them: to whom, how they got there, whether the customer probably looked."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType

from billing import quote_links
from billing.models import Quote
from billing.views import documents
from crm import timeline
from crm.models import AccessLink, Mail, TimelineEntry

IN_TROUBLE = {"failed", "bounced"}


@dataclass(frozen=True)
class Shown:
    """A link with its address, its recipient's name, and the mail that last carried it."""

    link: AccessLink
    url: str
    name: str
    mail: Mail | None

    @property
    def mail_is_in_trouble(self):
        return self.mail is not None and self.mail.state in IN_TROUBLE

    @property
    def mail_is_on_its_way(self):
        return self.mail is not None and self.mail.state in {Mail.State.WAITING, Mail.State.SENDING}


def of(quote: Quote) -> list[Shown]:
    """Newest first."""
    links = documents.links_of(quote)
    if not links:
        return []
    names = {address.lower(): name for address, name in quote_links.known_addresses(quote.customer)}
    mails = Mail.objects.filter(link__in=[shown.link for shown in links], kind="billing/mail/quote_sent")
    last = {mail.link_id: mail for mail in mails.defer("text", "html").order_by("pk")}
    return [
        Shown(shown.link, shown.url, names.get(shown.link.sent_to.lower(), ""), last.get(shown.link.pk))
        for shown in links
    ]


def looks(quote: Quote, links: list[Shown]) -> dict:
    """How often and when last the customer probably looked at this version. The links of a replaced one lead to the
    next; what happened before is on the timeline.
    """
    if quote.state != Quote.State.REPLACED:
        return documents.looks(links)
    versions = Quote.objects.of_number(quote.number)
    kind = ContentType.objects.get_for_model(Quote)
    theirs = AccessLink.objects.filter(subject_type=kind, subject_id__in=versions.values("pk")).values("pk")
    entries = TimelineEntry.objects.filter(
        event=timeline.Event.LINK_SEEN, subject_type=ContentType.objects.get_for_model(AccessLink), subject_id__in=theirs,
        at__gte=quote.sent_at, at__lt=quote.revision.sent_at,
    )  # fmt: skip
    instants = list(entries.values_list("at", flat=True))
    return {"times_seen": len(instants), "last_seen": max(instants, default=None)}

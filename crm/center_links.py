"""The link to everything a customer may see ("Ihre Unterlagen"). It opens with a code, and codes go to stored addresses
of the customer only (KUN1): whoever was handed the link to one document gets no further by it.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from crm import access, mail
from crm.models import AccessLink, Customer

LIVES = timedelta(days=90)


def is_one(link: AccessLink) -> bool:
    """Whether a link opens all documents of its customer."""
    return link.purpose == AccessLink.Purpose.CENTER


def address_for(customer: Customer, wanted: str = "") -> str:
    """Where link and code go: to the `wanted` address if it is stored with the customer or one of those who work there,
    else to the customer's own. Empty without any.
    """
    wanted = wanted.strip().lower()
    if wanted and wanted != customer.email.lower():
        for stored in customer.contact_persons.exclude(email="").values_list("email", flat=True):
            if stored.lower() == wanted:
                return stored
    return customer.email


def still_reaches(link: AccessLink) -> bool:
    """Whether the address a link to all documents was sent to still is one of the customer's; any other link does."""
    return not is_one(link) or address_for(link.customer, link.sent_to).lower() == link.sent_to.lower()


def open_of(customer: Customer) -> AccessLink | None:
    """The open link that the customer himself was sent; None if he never asked for it."""
    return _open(customer, customer.email).first() if customer.email else None


def open_links(customer: Customer):
    """Every open link to all documents of a customer, for the office."""
    found = access.links_to(customer).filter(purpose=AccessLink.Purpose.CENTER, revoked_at=None)
    return found.filter(expires_at__gt=timezone.now()).exclude(sent_to="")


@transaction.atomic
def invite(customer: Customer) -> AccessLink:
    """Mail the customer the link to all documents; it asks for a code. Raises Refusal without an address."""
    if not customer.email:
        raise Refusal(_("Für diesen Kontakt fehlt die E-Mail-Adresse. Bitte tragen Sie sie zuerst ein."))
    link = obtain(customer)
    mail.queue(
        "crm/mail/center_invited", to=customer.email, customer=customer, link=link, about=customer,
        language=customer.language,
    )  # fmt: skip
    return link


def close_all(customer: Customer) -> None:
    """Close them at once, also where they are open in a browser."""
    access.revoke(customer)


@transaction.atomic
def obtain(customer: Customer, *, wanted: str = "") -> AccessLink:
    """The open link of this recipient, or a new one. There is one also for a customer without an address: what is
    answered must not tell whether we know one.
    """
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)  # of two at once the second finds the first
    to = address_for(customer, wanted)
    return _open(customer, to).first() or access.mint(
        customer,
        purpose=AccessLink.Purpose.CENTER,
        customer=customer,
        sent_to=to,
        expires_at=timezone.now() + LIVES,
    )


def _open(customer, to):
    found = access.links_to(customer).filter(purpose=AccessLink.Purpose.CENTER, sent_to__iexact=to)
    return found.filter(revoked_at=None, expires_at__gt=timezone.now()).select_related("customer", "business")

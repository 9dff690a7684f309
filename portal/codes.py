"""Sending codes to customers (COD1 to COD3)."""

from django.db import transaction

from crm import access_codes, center_links, mail
from crm.models import AccessCode, AccessLink, Mail


@transaction.atomic
def send(link: AccessLink) -> AccessCode:
    """A new code to the address the link was sent to; without an address all looks the same. Raises TooSoon.

    The code for all documents goes to stored addresses of the customer only, with the link to them.
    """
    code = access_codes.issue(link)
    if center_links.is_one(link):
        if to := center_links.address_for(link.customer, link.sent_to):
            mail.queue("portal/mail/center_code", to=to, link=link, about=code, **_words(link))
    elif to := link.sent_to or link.customer.email:
        mail.queue("portal/mail/access_code", to=to, about=code, **_words(link))
    return code


def _words(link):
    return {"customer": link.customer, "code_mark": Mail.CODE_MARK, "language": link.customer.language}

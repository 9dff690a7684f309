"""Consents as customers give and take them back on their own pages."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from crm import consents, mail
from crm.models import Consent, Customer

Purpose, Step, Source = Consent.Purpose, Consent.Step, Consent.Source


def shown(customer: Customer) -> list[dict]:
    """Each purpose with its words and how it stands; nothing is ticked that was not agreed to."""
    newest = consents.newest(customer)
    found = []
    for purpose in Purpose.values:
        line = newest.get(purpose)
        found.append(
            {
                "purpose": purpose,
                "label": Purpose(purpose).label,
                "text": consents.text(purpose, customer.language),
                "is_given": line is not None and line.step == Step.GIVEN,
                "is_asked": line is not None and line.step == Step.ASKED,
                "needs_address": purpose != Purpose.PHOTOS and not customer.email,
                "line": line,
            }
        )
    return found


@transaction.atomic
def choose(customer: Customer, wanted: set[str]) -> list[str]:
    """Let exactly these purposes be agreed to, of all that are offered; returns those that wait for a click in a mail."""
    waiting = []
    for each in shown(customer):
        purpose, is_wanted = each["purpose"], each["purpose"] in wanted
        if is_wanted and not each["is_given"] and not each["needs_address"]:
            if purpose in consents.CONFIRMED_BY_MAIL:
                _ask_for_click(customer, purpose)
                waiting.append(purpose)
            else:
                consents.give(customer, purpose, source=Source.PORTAL)
        elif not is_wanted and (each["is_given"] or each["is_asked"]):
            consents.withdraw(customer, purpose, source=Source.PORTAL)
    return waiting


def _ask_for_click(customer, purpose):
    line = consents.ask(customer, purpose)
    url = settings.PUBLIC_BASE_URL + reverse("portal:consent_confirm", args=[consents.token(line)])
    mail.queue(
        "portal/mail/consent_confirm", to=customer.email, customer=customer, about=line, language=customer.language,
        confirm_url=url, wording=line.wording,
    )  # fmt: skip

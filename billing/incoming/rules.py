"""The official rules of EN 16931, asked of an invoice that came in (R46): the same that our own must keep.

Only what is a business rule of the standard itself, of profiles that are the standard; what our own checks say in German
is not said again.
"""

import logging
import re

from django.utils.translation import gettext as _
from elementpath import ElementPathError
from lxml import etree

from billing.documents.einvoice import official
from billing.incoming.checks import Class, Finding
from billing.incoming.content import Received

logger = logging.getLogger(__name__)

SECONDS = 3.0  # for invoices of several hundred lines
MOST_ELEMENTS = 12_000
MOST = 10  # sentences; one mistake breaks several rules
# the whole standard, or a CIUS of it: BASIC and EXTENDED have rules of their own
_STANDARD = re.compile(r"urn:cen\.eu:en16931:2017(#compliant#urn:(xeinkauf\.de|xoev-de|fdc:peppol\.eu).*)?")
_BUSINESS_RULE = re.compile(r"BR-[A-Z0-9-]+")
# number, day, parties, supply and tax: what § 14 (4) UStG asks for
_ABOUT_TAX = re.compile(r"BR-((S|Z|E|AE|IC|G|O|B)-\d+|CO-(0[349]|1[0-8]|26)|0[2-9]|1[0-5]|4[5-8])")


def broken(root: etree._Element, received: Received, said: list[Finding]) -> list[Finding]:
    """The rules an invoice breaks, beside what was `said` of it already."""
    publication = official.publication_for(root)
    if publication is None or not _STANDARD.fullmatch(received.guideline):
        return []
    if sum(1 for _each in root.iter()) > MOST_ELEMENTS:
        return []
    try:
        found = official.complaints(root, publication, seconds=SECONDS)
    except (ElementPathError, ArithmeticError, ValueError, TypeError, TimeoutError) as error:
        logger.info(
            "an incoming invoice was not held against the rules: %s", error
        )  # unreadable values are said elsewhere
        return []
    known = " ".join(each.message for each in said)
    rules = {
        each.rule: each.message
        for each in found
        if not each.is_warning and _BUSINESS_RULE.fullmatch(each.rule) and each.rule not in known
    }
    sentence = _("Regel %(rule)s der EN 16931 ist verletzt: %(message)s")
    return [
        Finding(
            Class.RULE,
            sentence % {"rule": rule, "message": re.sub(r"^\[[\w-]+\]-?\s*", "", message)},
            touches_tax=bool(_ABOUT_TAX.fullmatch(rule)),
        )
        for rule, message in list(rules.items())[:MOST]
    ]

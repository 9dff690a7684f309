"""The list of part payments that an Endrechnung carries inside (§ 14 (5) S. 2 UStG, R39c, R39d): each with its tax."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import formats
from billing.documents import sheet
from billing.documents.model import Document

NAME = "Abschlagszahlungen.pdf"


def title(document: Document) -> str:
    """What the list is called, in the document's language."""
    with override(document.language):
        return _("Abschlagszahlungen zur Rechnung %(number)s") % {"number": document.number or "?"}


def context(document: Document) -> dict:
    """What the list's template asks for. Call it under the document's language."""
    deductions = document.deductions
    facts = (
        (_("Rechnung"), document.number or "?"),
        (_("Datum"), formats.day(document.issued_on)),
        (_("Kundennummer"), document.buyer.customer_number),
    )
    return {
        "facts": [(label, value) for label, value in facts if value],
        "rows": sheet.deducted(document),
        "net": sum((each.net for each in deductions), Decimal(0)),
        "tax": sum((each.tax for each in deductions), Decimal(0)),
        "gross": sum((each.gross for each in deductions), Decimal(0)),
        "rest": sheet.rest(document),
        "work": sheet.sums(document),
        "paragraphs": [
            _("Diese Liste gehört zur Rechnung %(number)s vom %(day)s und ist in die E-Rechnung eingebettet.")
            % {"number": document.number or "?", "day": formats.day(document.issued_on)}
        ],
    }

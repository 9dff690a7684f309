"""Whether a customer must get an invoice as an e-invoice (R40, R41). Pure.

Every invoice we issue is one; where it must be, paper alone is no invoice.
"""

from decimal import Decimal

from billing import tax
from billing.documents.model import INVOICES, Document
from billing.tax_cases import TaxCase


def is_owed(document: Document, *, prior_year_turnover: Decimal | None) -> bool:
    """Whether the law demands the structured form of an issued invoice; False for a draft and for anything else.

    `prior_year_turnover` in euros; None, unknown, counts as large.
    """
    if document.kind not in INVOICES or document.issued_on is None:
        return False
    return tax.einvoice_required(
        issued_on=document.issued_on,
        supplied_on=document.service_until or document.service_from or document.issued_on,
        gross=abs(document.totals.gross),
        buyer_kind=document.buyer.kind,
        buyer_country=document.buyer.country,
        small_business=document.seller.small_business,
        prior_year_turnover=prior_year_turnover,
        seller_country=document.seller.country,
        is_exempt=document.tax_case == TaxCase.EXEMPT,
    )

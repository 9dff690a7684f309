from billing.models.acceptance import Acceptance
from billing.models.catalogue import CatalogueItem
from billing.models.invoice import Invoice, InvoiceLine
from billing.models.journal import JournalEntry
from billing.models.order import Milestone, Order, OrderLine
from billing.models.payment import Payment
from billing.models.quote import Quote, QuoteLine
from billing.models.withdrawal import Withdrawal

__all__ = [
    "Acceptance",
    "CatalogueItem",
    "Invoice",
    "InvoiceLine",
    "JournalEntry",
    "Milestone",
    "Order",
    "OrderLine",
    "Payment",
    "Quote",
    "QuoteLine",
    "Withdrawal",
]

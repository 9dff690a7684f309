from billing.models.acceptance import Acceptance
from billing.models.building_block import QuoteTemplate, TextBlock
from billing.models.catalogue import CatalogueItem
from billing.models.change_request import ChangeRequest
from billing.models.contract_text import ContractText
from billing.models.invoice import Invoice, InvoiceLine
from billing.models.journal import JournalEntry
from billing.models.online_payment import OnlinePayment, PaymentAccount, Provider
from billing.models.order import Milestone, Order, OrderLine, OrderPhoto
from billing.models.order_news import OrderNews
from billing.models.payment import Payment
from billing.models.quote import Quote, QuoteLine
from billing.models.shipment import Shipment
from billing.models.sign_off import Defect, SignOff
from billing.models.withdrawal import Withdrawal
from billing.models.work_kind import Step, WorkKind, WorkStep

__all__ = [
    "Acceptance",
    "CatalogueItem",
    "ChangeRequest",
    "ContractText",
    "Defect",
    "Invoice",
    "InvoiceLine",
    "JournalEntry",
    "Milestone",
    "OnlinePayment",
    "Order",
    "OrderLine",
    "OrderNews",
    "OrderPhoto",
    "Payment",
    "PaymentAccount",
    "Provider",
    "Quote",
    "QuoteLine",
    "QuoteTemplate",
    "Shipment",
    "SignOff",
    "Step",
    "TextBlock",
    "Withdrawal",
    "WorkKind",
    "WorkStep",
]

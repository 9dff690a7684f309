from billing.models.acceptance import Acceptance
from billing.models.arrival_proof import ArrivalProof
from billing.models.bank import BankEntry, BankStatement
from billing.models.books import AuditExport, PeriodLock, ProcedureVersion
from billing.models.building_block import QuoteTemplate, TextBlock
from billing.models.catalogue import CatalogueItem
from billing.models.change_request import ChangeRequest
from billing.models.contract_text import ContractText
from billing.models.datev import DatevAccount, DatevConfirmation, DatevExport, DatevItem
from billing.models.delivery_note import DeliveryNote
from billing.models.dunning import DunningItem, DunningLetter, Instalment
from billing.models.einvoice_check import EinvoiceCheck
from billing.models.incoming_invoice import IncomingInvoice
from billing.models.invoice import Invoice, InvoiceLine
from billing.models.invoice_attachment import InvoiceAttachment
from billing.models.journal import JournalEntry
from billing.models.online_payment import OnlinePayment, PaymentAccount, Provider
from billing.models.order import Milestone, Order, OrderLine, OrderPhoto
from billing.models.order_news import OrderNews
from billing.models.payment import Payment
from billing.models.quote import Quote, QuoteLine
from billing.models.shipment import Shipment
from billing.models.sign_off import Defect, SignOff
from billing.models.standing_invoice import InvoiceRun, StandingInvoice, StandingInvoiceLine
from billing.models.withdrawal import Withdrawal
from billing.models.work_kind import Step, WorkKind, WorkStep

__all__ = [
    "Acceptance",
    "ArrivalProof",
    "AuditExport",
    "BankEntry",
    "BankStatement",
    "CatalogueItem",
    "ChangeRequest",
    "ContractText",
    "DatevAccount",
    "DatevConfirmation",
    "DatevExport",
    "DatevItem",
    "Defect",
    "DeliveryNote",
    "DunningItem",
    "DunningLetter",
    "EinvoiceCheck",
    "IncomingInvoice",
    "Instalment",
    "Invoice",
    "InvoiceAttachment",
    "InvoiceLine",
    "InvoiceRun",
    "JournalEntry",
    "Milestone",
    "OnlinePayment",
    "Order",
    "OrderLine",
    "OrderNews",
    "OrderPhoto",
    "Payment",
    "PaymentAccount",
    "PeriodLock",
    "ProcedureVersion",
    "Provider",
    "Quote",
    "QuoteLine",
    "QuoteTemplate",
    "Shipment",
    "SignOff",
    "StandingInvoice",
    "StandingInvoiceLine",
    "Step",
    "TextBlock",
    "Withdrawal",
    "WorkKind",
    "WorkStep",
]

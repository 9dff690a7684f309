from portal.views.check import accept, accepted, check
from portal.views.decline import decline
from portal.views.enter import enter, home, renew, seen
from portal.views.files import (
    cancellation_pdf,
    invoice_pdf,
    invoice_xml,
    order_pdf,
    picture,
    quote_pdf,
    shared_file,
)
from portal.views.gate import gate
from portal.views.invoice import invoice
from portal.views.messages import ask
from portal.views.order import appointment, order, planned_day
from portal.views.public import accessibility, imprint, instruction, privacy, terms
from portal.views.quote import quote, total
from portal.views.withdrawal import withdraw, withdraw_openly

__all__ = [
    "accept",
    "accepted",
    "accessibility",
    "appointment",
    "ask",
    "cancellation_pdf",
    "check",
    "decline",
    "enter",
    "gate",
    "home",
    "imprint",
    "instruction",
    "invoice",
    "invoice_pdf",
    "invoice_xml",
    "order",
    "order_pdf",
    "picture",
    "planned_day",
    "privacy",
    "quote",
    "quote_pdf",
    "renew",
    "seen",
    "shared_file",
    "terms",
    "total",
    "withdraw",
    "withdraw_openly",
]

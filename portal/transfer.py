"""What a customer needs to pay an invoice by transfer: always for what is open now, not for what the PDF says (R122)."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from billing import claims, girocode
from billing.models import Invoice


@dataclass(frozen=True)
class Transfer:
    """The fields of a transfer, and what its GiroCode holds (empty where none can be made of them)."""

    holder: str
    iban: str
    bic: str
    amount: Decimal
    purpose: str
    payload: str

    @property
    def code(self) -> SafeString | str:
        """The code as a picture in the page."""
        return mark_safe(girocode.svg(self.payload)) if self.payload else ""  # noqa: S308 - drawn by us, holds no text

    @property
    def typed_amount(self) -> str:
        """The amount as a banking app wants it typed: with a comma, without points (REC2)."""
        return f"{self.amount:.2f}".replace(".", ",")


def of(invoice: Invoice, document) -> Transfer | None:
    """The transfer for what is to be paid now, without a retention; None when nothing is, or without an account."""
    seller, amount = document.seller, claims.due_amount(invoice, document, on=timezone.localdate())
    if amount <= 0 or not seller.iban:
        return None
    purpose = (
        f"{document.number} KD {document.buyer.customer_number}" if document.buyer.customer_number else document.number
    )
    try:
        payload = girocode.payload(seller.account_holder, seller.iban, amount, purpose, bic=seller.bic)
    except ValueError:
        payload = ""  # the account stands beside it in words
    holder = seller.account_holder or seller.official_name
    return Transfer(holder, seller.iban, seller.bic, amount, purpose, payload)

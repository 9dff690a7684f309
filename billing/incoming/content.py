"""What an incoming invoice says, whatever its syntax: plain values for people and for checks.

A value that cannot be read is left out and its name noted in `unreadable`; nothing is guessed.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Somebody:
    """BG-4 seller or BG-7 buyer."""

    name: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    vat_id: str = ""
    tax_number: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Row:
    """BG-25."""

    id: str = ""
    name: str = ""
    description: str = ""
    note: str = ""
    quantity: Decimal | None = None
    unit_code: str = ""
    price: Decimal | None = None
    price_per: Decimal | None = None  # BT-149, where the price is for more than one
    adjustment: Decimal | None = None  # what discounts and surcharges of the row add to it
    amount: Decimal | None = None
    category: str = ""
    rate: Decimal | None = None


@dataclass(frozen=True)
class Rate:
    """BG-23."""

    category: str = ""
    rate: Decimal | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True)
class Received:
    """Everything a structured invoice says that a person wants to read or a check needs."""

    syntax: str = ""
    guideline: str = ""
    profile: str = ""
    number: str = ""
    type_code: str = ""
    currency: str = ""
    issued_on: date | None = None
    due_on: date | None = None
    supplied_on: date | None = None
    service_from: date | None = None
    service_until: date | None = None
    seller: Somebody = Somebody()
    buyer: Somebody = Somebody()
    buyer_reference: str = ""
    order_number: str = ""
    preceding: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    payment_terms: str = ""
    payment_reference: str = ""
    iban: str = ""
    account_holder: str = ""
    rows: tuple[Row, ...] = ()
    rates: tuple[Rate, ...] = ()
    adjustments: Decimal | None = None  # document discounts and surcharges
    line_total: Decimal | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    prepaid: Decimal | None = None
    rounding: Decimal | None = None
    payable: Decimal | None = None
    attachments: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()

"""Bauabzugsteuer: what business customers keep back of building work unless a certificate frees us (§§ 48, 48b EStG, R19)."""

from dataclasses import dataclass
from datetime import date, timedelta

from billing import tax_decisions

EXPIRY_NOTICE = timedelta(weeks=8)


@dataclass(frozen=True)
class Certificate:
    """A Freistellungsbescheinigung with its last day."""

    number: str
    until: date


def certificate(business, *, on: date) -> Certificate | None:
    """The certificate of the business that holds on a day. A last day must be known: without one nobody may rely on it."""
    start, end = business.exemption_valid_from, business.exemption_valid_until
    if not business.exemption_certificate or end is None or not (start or date.min) <= on <= end:
        return None
    return Certificate(business.exemption_certificate, end)


def certificate_for(invoice, *, on: date) -> Certificate | None:
    """The certificate a customer who would have to keep tax back is told of on his invoice."""
    return certificate(invoice.business, on=on) if concerns(invoice) else None


def concerns(invoice) -> bool:
    """Whether the customer may have to keep something back: building work, and he is not a private person."""
    return not invoice.customer.is_consumer and tax_decisions.is_building_work(invoice)


def expires_soon(business, *, on: date) -> bool:
    """Whether a certificate that is there has run out or will within eight weeks."""
    end = business.exemption_valid_until
    return bool(business.exemption_certificate) and end is not None and end <= on + EXPIRY_NOTICE

"""The information pack (R81): what the law wants a customer to know before he orders, with the facts of his quote."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import formats
from billing.documents.model import Document
from billing.information_texts import TEMPLATES, Template
from billing.legal_texts import LegalText, spoken
from billing.withdrawal_rights import GOODS, URGENT, Regime

SMALL = 10  # employees up to which VSBG § 36 (3) asks for no statement


def pack(quote, document: Document, *, regime: Regime, on: date, language: str = "de", label: str = "") -> LegalText:
    """The information about a quote as it was chosen. `label` is the button it is accepted with, empty for other ways.

    Raises LookupError for a day without a wording.
    """
    language = spoken(language)
    with override(language):
        template = _in_force(language, on)
        facts = _facts(quote, document, regime) | {"label": label}
        parts: dict[str, list[str]] = {}
        for part in template.parts:
            if all(facts[name] for name in part.when):
                parts.setdefault(part.title, []).append(part.text.format_map(facts))
    blocks = ["\n".join([title, *texts]) for title, texts in parts.items()]
    return LegalText(template.id, "\n\n".join([template.heading, *blocks]), template.valid_from, template.valid_until)


def _in_force(language, on) -> Template:
    for template in TEMPLATES[language]:
        if template.valid_from <= on and (template.valid_until is None or on <= template.valid_until):
            return template
    raise LookupError("no information for this day")


def _facts(quote, document, regime):
    business, totals, is_consumer = quote.business, document.totals, quote.customer.is_consumer
    description = quote.building_description
    owner = business.owner_name if business.owner_name not in (business.legal_name or business.name) else ""
    return {
        # the contract
        "subject": document.subject,
        "reference": _("Angebot %(number)s, Fassung %(version)s") % {"number": quote.number, "version": quote.version},
        "items": "\n".join(f"– {_item(line)}" for line in document.items),
        "gross": formats.euro(totals.gross),
        "net": formats.euro(totals.net),
        "tax": formats.euro(totals.tax) if totals.tax else "",
        "untaxed": not totals.tax,
        "payment": _one_block(document.payment_terms) or _("per Rechnung"),
        "site": document.site or _address(document.buyer),
        "completion": quote.completion,
        "is_open_ended": not quote.completion,
        "building_description": f"{description.name} (SHA-256 {description.sha256})" if description else "",
        # who offers it
        "legal_name": business.legal_name or business.name,
        "street": business.street,
        "postcode": business.postcode,
        "city": business.city,
        "phone": formats.phone(business.phone),
        "email": business.email,
        "represented": owner,
        "register": ", ".join(filter(None, (business.register_court, business.register_number))),
        "vat_id": business.vat_id,
        "chamber": business.chamber,
        "professional_title": business.professional_title,
        "supervisory_authority": business.supervisory_authority,
        "liability_insurer": _one_block(business.liability_insurer),
        # what holds
        "is_consumer": is_consumer,
        "is_business": not is_consumer,
        "is_estimate": quote.kind == quote.Kind.ESTIMATE,
        "has_withdrawal": regime.has_withdrawal,
        "has_early_start": regime.has_early_start,
        "is_goods": regime == GOODS,
        "is_urgent": regime == URGENT,
        "must_tell_vsbg": business.employees is None or business.employees > SMALL,
    }


def _item(line):
    return line.text if line.quantity == 1 else f"{formats.quantity(line.quantity, line.unit)} {line.text}"


def _one_block(text):
    """A text somebody typed, without empty lines: they would begin a new part."""
    return "\n".join(line for line in (text or "").splitlines() if line.strip())


def _address(buyer):
    return ", ".join(part for part in (buyer.street, f"{buyer.postcode} {buyer.city}".strip()) if part)

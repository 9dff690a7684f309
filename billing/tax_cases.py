"""How a whole invoice is taxed: the cases beside the ordinary one, as data with validity (R11, R20, R32 to R38). Pure.

The rates of the ordinary case are those of `billing.tax`; a small business has its exemption whatever the case (§ 19
UStG). The category map is that of EN 16931 (R38).
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from billing.money import Vat


class TaxCase(StrEnum):
    """What decides about the tax of all rows of an invoice."""

    DOMESTIC = "domestic"  # 19, 7 or 0 % by row
    REVERSE_CHARGE = "reverse_charge"  # § 13b UStG, building work for builders
    EU_SERVICE = "eu_service"  # § 3a (2) UStG
    EU_GOODS = "eu_goods"  # §§ 4 Nr. 1b, 6a UStG
    EXPORT = "export"  # §§ 4 Nr. 1a, 6 UStG
    THIRD_COUNTRY_SERVICE = "third_country_service"  # § 3a (2) UStG, customer outside the EU
    EXEMPT = "exempt"  # § 4 Nr. 8 to 29 UStG


@dataclass(frozen=True)
class Treatment:
    """What a case means on paper and in the structured invoice from `valid_from` on.

    `category` of EN 16931; `reason` is BT-120 and stands on the paper too (`{exemption}` is filled in), `code` BT-121.
    """

    case: TaxCase
    category: str
    reason: str
    code: str | None
    valid_from: date
    valid_until: date | None = None

    @property
    def vat(self) -> Vat:
        return Vat(self.category, Decimal(0))


TREATMENTS = (
    Treatment(
        TaxCase.REVERSE_CHARGE,
        "AE",
        "Steuerschuldnerschaft des Leistungsempfängers (§ 13b UStG)",
        "VATEX-EU-AE",
        date(2013, 7, 1),
    ),
    Treatment(
        TaxCase.EU_SERVICE,
        "AE",
        "Steuerschuldnerschaft des Leistungsempfängers (§ 3a Abs. 2 UStG)",
        "VATEX-EU-AE",
        date(2013, 7, 1),
    ),
    Treatment(
        TaxCase.EU_GOODS,
        "K",
        "Steuerfreie innergemeinschaftliche Lieferung (§ 4 Nr. 1b, § 6a UStG)",
        "VATEX-EU-IC",
        date(1993, 1, 1),
    ),
    Treatment(
        TaxCase.EXPORT, "G", "Steuerfreie Ausfuhrlieferung (§ 4 Nr. 1a, § 6 UStG)", "VATEX-EU-G", date(1980, 1, 1)
    ),
    Treatment(
        TaxCase.THIRD_COUNTRY_SERVICE,
        "O",
        "Nicht im Inland steuerbare Leistung (§ 3a Abs. 2 UStG)",
        "VATEX-EU-O",
        date(2010, 1, 1),
    ),
    Treatment(TaxCase.EXEMPT, "E", "Umsatzsteuerfrei nach {exemption} UStG", None, date(1980, 1, 1)),
)

EU = frozenset(
    ("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
     "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK")
)  # fmt: skip


def treatment(case: str, day: date) -> Treatment | None:
    """What the case means for a supply of that day, on days before all we know of the oldest; None for the ordinary one.

    Raises KeyError for an unknown case.
    """
    if case not in set(TaxCase):
        raise KeyError(case)
    known = sorted((each for each in TREATMENTS if each.case == case), key=lambda each: each.valid_from)
    return next((each for each in reversed(known) if each.valid_from <= day), known[0] if known else None)


def reason(case: str, day: date, *, exemption: str = "") -> tuple[str, str | None]:
    """(BT-120 text, BT-121 code) of a case; empty for the ordinary one."""
    found = treatment(case, day)
    return (found.reason.format(exemption=exemption), found.code) if found else ("", None)


def vat(case: str, day: date) -> Vat | None:
    """What all rows of an invoice are taxed with; None where each row says it itself. Raises KeyError as `treatment`."""
    found = treatment(case, day)
    return found.vat if found else None


# both sides show their VAT IDs, and a check of the buyer's is kept (R35, R36)
WITHIN_EU = frozenset({TaxCase.EU_SERVICE, TaxCase.EU_GOODS})
GOODS = frozenset({TaxCase.EU_GOODS, TaxCase.EXPORT})
# services whose place is the customer's, so never those on a property (§ 3a (3) Nr. 1 UStG, R21)
ABROAD = frozenset({TaxCase.EU_SERVICE, TaxCase.THIRD_COUNTRY_SERVICE})


def vat_id_country(vat_id: str) -> str:
    """The member state that gave a VAT ID; empty for none of them. Greece writes EL."""
    prefix = vat_id.strip()[:2].upper()
    country = "GR" if prefix == "EL" else prefix
    return country if country in EU else ""


_EXEMPTION = re.compile(
    r"(?:§\s*4\s*)?(?:Nr\.?\s*)?(\d{1,2})\s*(?:Buchst(?:\.|abe)?\s*)?([a-z]{0,2})(?:\s*UStG)?", re.I
)


def exemption(typed: str) -> str:
    """A number of § 4 UStG as documents cite it: "21 a" becomes "§ 4 Nr. 21 Buchst. a".

    Raises ValueError for what is not one of Nr. 8 to 29; those before have cases of their own.
    """
    found = _EXEMPTION.fullmatch(typed.strip())
    if not found or not 8 <= int(found[1]) <= 29:
        raise ValueError(typed)
    letter = f" Buchst. {found[2].lower()}" if found[2] else ""
    return f"§ 4 Nr. {int(found[1])}{letter}"

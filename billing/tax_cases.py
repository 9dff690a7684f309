"""How a whole invoice is taxed: the cases beside the ordinary one, as data with validity (R11, R20, R32 to R38). Pure.

The rates of the ordinary case are those of `billing.tax`; a small business has its exemption whatever the case (§ 19
UStG). The category map is that of EN 16931 (R38).
"""

from collections.abc import Iterable
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
    """What the case means for a supply of that day; None for the ordinary one. Raises KeyError for an unknown case."""
    case = TaxCase(case) if case in set(TaxCase) else _unknown(case)
    if case == TaxCase.DOMESTIC:
        return None
    for each in TREATMENTS:
        if each.case == case and each.valid_from <= day and (each.valid_until is None or day <= each.valid_until):
            return each
    raise KeyError(case)


def reason(case: str, day: date, *, exemption: str = "") -> tuple[str, str | None]:
    """(BT-120 text, BT-121 code) of a case; empty for the ordinary one."""
    found = treatment(case, day)
    return (found.reason.format(exemption=exemption), found.code) if found else ("", None)


def categories(vats: Iterable[Vat]) -> set[str]:
    return {vat.category for vat in vats}


def _unknown(case):
    raise KeyError(case)

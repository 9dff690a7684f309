"""Tax law as data with validity: rates, thresholds and the notes a document must carry. Pure, no clock.

Every function takes the day it is asked for. Rates follow the day of supply, not of the invoice (R10);
notes follow the day of issue. Sources: UStG, UStDV, EStG, BGB as named beside each entry.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from billing.money import VAT_0, VAT_7, VAT_19, VAT_EXEMPT, Vat


@dataclass(frozen=True)
class Rate:
    """A VAT rate from its first to its last day (None: still in force)."""

    vat: Vat
    label: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True)
class Threshold:
    """An amount the law fixes, in euros where nothing else is said beside it."""

    name: str
    amount: Decimal
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True)
class Note:
    """A sentence the law asks for, with the version an issued document keeps. `{exemption}`, `{certificate}` and
    `{until}` are filled in by who writes it on a document.
    """

    key: str
    version: int
    de: str
    en: str
    valid_from: date
    valid_until: date | None = None

    def text(self, language: str = "de") -> str:
        return self.en if language == "en" else self.de


@dataclass(frozen=True)
class Tolerance:
    """Days on which the tax office accepts something."""

    valid_from: date
    valid_until: date | None = None


Entry = TypeVar("Entry", Rate, Threshold, Note, Tolerance)

RATES = (
    Rate(VAT_19, "19 %", date(2007, 1, 1), date(2020, 6, 30)),
    Rate(VAT_7, "7 %", date(1983, 7, 1), date(2020, 6, 30)),
    Rate(Vat("S", Decimal(16)), "16 %", date(2020, 7, 1), date(2020, 12, 31)),  # § 28 UStG
    Rate(Vat("S", Decimal(5)), "5 %", date(2020, 7, 1), date(2020, 12, 31)),
    Rate(VAT_19, "19 %", date(2021, 1, 1)),
    Rate(VAT_7, "7 %", date(2021, 1, 1)),
    Rate(VAT_0, "0 % (Photovoltaik)", date(2023, 1, 1)),  # § 12 (3) UStG: a rate, not an exemption
)

THRESHOLDS = (
    Threshold("small_amount", Decimal(150), date(2007, 1, 1), date(2016, 12, 31)),
    Threshold("small_amount", Decimal(250), date(2017, 1, 1)),  # § 33 UStDV, VAT included
    # § 19 (1) UStG: receipts of the year before and of the running one; up to 2024 the second was a forecast (R27)
    Threshold("small_business_previous", Decimal(17_500), date(2003, 1, 1), date(2019, 12, 31)),
    Threshold("small_business_previous", Decimal(22_000), date(2020, 1, 1), date(2024, 12, 31)),
    Threshold("small_business_previous", Decimal(25_000), date(2025, 1, 1)),
    Threshold("small_business_current", Decimal(50_000), date(1990, 1, 1), date(2024, 12, 31)),
    Threshold("small_business_current", Decimal(100_000), date(2025, 1, 1)),
    # § 13b (2) Nr. 4 UStG, section 13b.2 (7) Nr. 15 UStAE: repairs up to this net price stay with the supplier (R32)
    Threshold("small_repair", Decimal(500), date(2004, 4, 1)),
    # § 48 (2) S. 1 Nr. 2 EStG: building work for one customer in a year, VAT included (R19)
    Threshold("construction_withholding", Decimal(5000), date(2002, 1, 1)),
    Threshold("construction_withholding_percent", Decimal(15), date(2002, 1, 1)),
    # § 12 (3) Nr. 1 S. 2 UStG: up to this power in kWp the kind of building is not asked (R11)
    Threshold("photovoltaics_power", Decimal(30), date(2023, 1, 1)),
    # § 27 (38) UStG: prior-year turnover up to which 2027 invoices may still be unstructured
    Threshold("einvoice_turnover", Decimal(800_000), date(2027, 1, 1), date(2027, 12, 31)),
)

NOTES = (
    Note(
        "small_business",
        1,
        "Gemäß § 19 UStG wird keine Umsatzsteuer berechnet (Kleinunternehmer).",
        "No VAT is charged under § 19 UStG (small business).",
        date(2007, 1, 1),
        date(2024, 12, 31),
    ),
    # Since 2025 an exemption, and named as one: § 34a UStDV (R28)
    Note(
        "small_business",
        2,
        "Steuerfreier Umsatz – Kleinunternehmer (§ 19 UStG).",
        "VAT-exempt supply – small business (§ 19 UStG).",
        date(2025, 1, 1),
    ),
    Note(
        "photovoltaics",
        1,
        "0 % USt (§ 12 Abs. 3 UStG): Lieferung und Installation einer Photovoltaikanlage an den Betreiber.",
        "0 % VAT (§ 12 (3) UStG): supply and installation of a photovoltaic system to its operator.",
        date(2023, 1, 1),
    ),
    # The German words are fixed by § 14a (5) UStG in every language (R33)
    Note(
        "reverse_charge",
        1,
        "Steuerschuldnerschaft des Leistungsempfängers (§ 13b UStG).",
        "Steuerschuldnerschaft des Leistungsempfängers (reverse charge, § 13b UStG).",
        date(2013, 7, 1),
    ),
    Note(  # §§ 3a (2), 14a (1) UStG (R35)
        "eu_service",
        1,
        "Steuerschuldnerschaft des Leistungsempfängers (§ 3a Abs. 2 UStG).",
        "Steuerschuldnerschaft des Leistungsempfängers (reverse charge, § 3a (2) UStG).",
        date(2013, 7, 1),
    ),
    Note(  # § 14a (3) UStG (R36)
        "eu_goods",
        1,
        "Steuerfreie innergemeinschaftliche Lieferung (§ 4 Nr. 1b, § 6a UStG).",
        "Tax-exempt intra-Community supply (§ 4 no. 1b, § 6a UStG).",
        date(1993, 1, 1),
    ),
    Note(  # R37
        "export",
        1,
        "Steuerfreie Ausfuhrlieferung (§ 4 Nr. 1a, § 6 UStG).",
        "Tax-exempt export (§ 4 no. 1a, § 6 UStG).",
        date(1980, 1, 1),
    ),
    Note(
        "third_country_service",
        1,
        "Nicht im Inland steuerbare Leistung (§ 3a Abs. 2 UStG).",
        "Not taxable in Germany (§ 3a (2) UStG).",
        date(2010, 1, 1),
    ),
    Note(  # § 14 (4) Nr. 8 UStG
        "exempt",
        1,
        "Umsatzsteuerfrei nach {exemption} UStG.",
        "Exempt from VAT under {exemption} UStG.",
        date(1980, 1, 1),
    ),
    Note(  # § 48b EStG: with it the customer pays in full (R19)
        "withholding_exemption",
        1,
        "Eine Freistellungsbescheinigung nach § 48b EStG liegt vor: Sicherheitsnummer {certificate}, gültig bis {until}.",
        "We hold an exemption certificate under § 48b EStG: no. {certificate}, valid until {until}.",
        date(2002, 1, 1),
    ),
    Note(  # §§ 14 (4) Nr. 9, 14b (1) S. 5 UStG (R17)
        "retention",
        1,
        "Hinweis: Diese Rechnung ist zwei Jahre aufzubewahren (§ 14b Abs. 1 Satz 5 UStG).",
        "Please note: you are required to keep this invoice for two years (§ 14b (1) sentence 5 UStG).",
        date(2004, 8, 1),
    ),
    Note(  # § 286 (3) BGB (R64)
        "payment_default",
        1,
        "Hinweis: Sie geraten spätestens 30 Tage nach Fälligkeit und Zugang dieser Rechnung in Verzug, "
        "auch ohne Mahnung (§ 286 Abs. 3 BGB).",
        "Please note: you will be in default no later than 30 days after the due date and receipt of this invoice, "
        "even without a reminder (§ 286 (3) BGB).",
        date(2002, 1, 1),
    ),
    Note(  # R76: consumers see that prices include VAT
        "prices_include_vat",
        1,
        "Alle Preise enthalten die gesetzliche Mehrwertsteuer.",
        "All prices include statutory VAT.",
        date(2007, 1, 1),
    ),
)

# An Endrechnung whose part payments stand in a file inside the e-invoice only (R39d; BMF 15.10.2024, Rn. 48)
PAYMENT_LISTS = (Tolerance(date(2025, 1, 1), date(2027, 12, 31)),)

# kinds of documents that ask for money, by their names in billing.documents.model
DEMANDS = frozenset({"invoice", "part_payment", "partial", "final"})

# What EN 16931 asks for beside a category: BT-120 text and BT-121 code (R38). S and Z must have neither.
EXEMPTION_REASONS = {
    "E": ("Umsatzsteuerfrei nach § 19 UStG (Kleinunternehmer)", None),
    "AE": ("Steuerschuldnerschaft des Leistungsempfängers (§ 13b UStG)", "VATEX-EU-AE"),
}


def rates_on(day: date) -> tuple[Rate, ...]:
    """The rates a supply of that day may carry, highest first."""
    return tuple(sorted(_valid(RATES, day), key=lambda rate: -rate.vat.rate))


def vats_on(day: date, *, small_business: bool = False) -> tuple[Vat, ...]:
    """What a line of that day may be taxed with; a small business has only its exemption."""
    if small_business:
        return (VAT_EXEMPT,)
    return tuple(rate.vat for rate in rates_on(day))


def threshold(name: str, day: date) -> Decimal:
    """An amount the law fixes, in euros. Raises KeyError when there was none that day."""
    for entry in _valid(THRESHOLDS, day):
        if entry.name == name:
            return entry.amount
    raise KeyError(name)


def is_small_amount(gross: Decimal, day: date) -> bool:
    """A Kleinbetragsrechnung: up to 250 euros with VAT (§ 33 UStDV, R5)."""
    return gross <= threshold("small_amount", day)


def note(key: str, day: date) -> Note:
    """One note as it stood that day. Raises KeyError when there was none."""
    for entry in _valid(NOTES, day):
        if entry.key == key:
            return entry
    raise KeyError(key)


def notes_for(
    kind: str,
    *,
    on: date,
    buyer_kind: str,
    vats: Iterable[Vat],
    small_business: bool = False,
    property_work: bool = False,
    gross_prices: bool = False,
    tax_case: str = "domestic",
    withholding_exemption: bool = False,
) -> tuple[Note, ...]:
    """The notes a document must carry, in printing order.

    `kind` is that of the document ("quote", "order_confirmation", "invoice", "cancellation"), `buyer_kind`
    "consumer", "business" or "public". A cancellation demands nothing, so it carries the tax notes only.
    """
    categories = {vat.category for vat in vats}
    consumer = buyer_kind == "consumer"
    case = tax_case if tax_case != "domestic" and not small_business else ""
    keys = (
        ("small_business", small_business),
        ("photovoltaics", "Z" in categories),
        ("reverse_charge", "AE" in categories and not case),  # as rows said it before there were cases
        (case, bool(case)),
        ("withholding_exemption", withholding_exemption and kind in DEMANDS),
        (
            "prices_include_vat",
            gross_prices and not small_business and not case and kind in ("quote", "order_confirmation"),
        ),
        ("retention", kind in DEMANDS and consumer and property_work),
        ("payment_default", kind in DEMANDS and consumer),
    )
    return tuple(note(key, on) for key, wanted in keys if wanted)


def einvoice_required(
    *,
    issued_on: date,
    supplied_on: date,
    gross: Decimal,
    buyer_kind: str,
    buyer_country: str,
    small_business: bool,
    prior_year_turnover: Decimal | None = None,
    seller_country: str = "DE",
    is_exempt: bool = False,
) -> bool:
    """Whether the law demands a structured invoice (§§ 14 (2), 27 (38) UStG, R40 and R41).

    `gross` is the amount with VAT, `prior_year_turnover` that of the year before the invoice; `is_exempt` says that all
    of it is free of tax by § 4 Nr. 8 to 29 UStG. Tickets (§ 34 UStDV) are not told apart: craftsmen sell none.
    An unknown turnover counts as large: a structured invoice is never wrong. An invoice sent in 2027 for work of
    2026 falls under neither relief, read literally; it is answered with True as well.
    """
    if small_business or is_exempt or buyer_kind == "consumer" or is_small_amount(gross, issued_on):
        return False
    if {seller_country, buyer_country} != {"DE"}:  # both established here
        return False
    if supplied_on < date(2027, 1, 1) and issued_on <= date(2026, 12, 31):
        return False
    if issued_on.year != 2027 or supplied_on.year != 2027 or prior_year_turnover is None:
        return True
    return prior_year_turnover > threshold("einvoice_turnover", issued_on)


def may_list_payments(on: date) -> bool:
    """Whether an Endrechnung may list its part payments in a file inside the e-invoice, not in its structured part."""
    return any(_valid(PAYMENT_LISTS, on))


def _valid(entries: Iterable[Entry], day: date) -> Iterator[Entry]:
    return (
        each for each in entries if each.valid_from <= day and (each.valid_until is None or day <= each.valid_until)
    )

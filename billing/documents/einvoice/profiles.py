"""What structured invoices call themselves, and who gets which (R42, R48)."""

from dataclasses import dataclass
from enum import StrEnum

from billing.documents.model import BuyerKind, Document


class Syntax(StrEnum):
    """The two syntaxes of EN 16931."""

    CII = "cii"  # UN/CEFACT, what lies inside a ZUGFeRD / Factur-X PDF
    UBL = "ubl"  # OASIS, an XRechnung of its own


@dataclass(frozen=True)
class Profile:
    """What an XML file calls itself (BT-24), and how a PDF announces it."""

    guideline: str
    filename: str
    conformance: str


EN16931 = Profile("urn:cen.eu:en16931:2017", "factur-x.xml", "EN 16931")
XRECHNUNG = Profile(
    "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", "xrechnung.xml", "XRECHNUNG"
)
PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"  # BT-23


def profile_for(document: Document) -> Profile:
    """XRechnung for public buyers, plain EN 16931 for everybody else."""
    return XRECHNUNG if document.buyer.kind == BuyerKind.PUBLIC else EN16931


def syntax_for(document: Document) -> Syntax:
    """Public buyers get UBL: it names every preceding invoice, the CII they read names one only."""
    return Syntax.UBL if document.buyer.kind == BuyerKind.PUBLIC else Syntax.CII

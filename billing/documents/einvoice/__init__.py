"""The structured invoice after EN 16931, made from the frozen document.

`terms` holds what is said, `cii` and `ubl` say it: CII inside a ZUGFeRD PDF, UBL as XRechnung for public buyers.
"""

from collections.abc import Mapping

from billing.documents.einvoice import cii, ubl
from billing.documents.einvoice.profiles import EN16931, XRECHNUNG, Profile, Syntax, profile_for, syntax_for
from billing.documents.einvoice.terms import terms, xml_text
from billing.documents.model import Document

__all__ = [
    "EN16931",
    "XRECHNUNG",
    "Profile",
    "Syntax",
    "build",
    "build_cii",
    "build_ubl",
    "profile_for",
    "syntax_for",
    "xml_text",
]


def build(document: Document, *, contents: Mapping[str, bytes] | None = None) -> bytes:
    """The document as its buyer gets it: XRechnung in UBL for public buyers, else CII for the PDF around it.

    `contents` has the bytes of attachments by their stored names. Raises ValueError for a draft and for anything that
    is no invoice.
    """
    write = build_ubl if syntax_for(document) == Syntax.UBL else build_cii
    return write(document, contents=contents)


def build_cii(
    document: Document, profile: Profile | None = None, *, contents: Mapping[str, bytes] | None = None
) -> bytes:
    """The document in CII, in the profile of its buyer unless another is given."""
    return cii.write(terms(document, profile, contents=contents))


def build_ubl(
    document: Document, profile: Profile | None = None, *, contents: Mapping[str, bytes] | None = None
) -> bytes:
    """The document in UBL, in the profile of its buyer unless another is given."""
    return ubl.write(terms(document, profile, contents=contents))

"""What structured invoices call themselves (BT-24), and which of them are e-invoices by law (§ 14 (1) UStG, R42)."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class KnownProfile:
    """`is_einvoice` is False where the mandatory content does not fit in: MINIMUM and BASIC WL."""

    name: str
    is_einvoice: bool = True


_CORE = "urn:cen.eu:en16931:2017"
_KNOWN = {
    _CORE: KnownProfile("EN 16931"),
    f"{_CORE}#compliant#urn:factur-x.eu:1p0:basic": KnownProfile("ZUGFeRD BASIC"),
    f"{_CORE}#conformant#urn:factur-x.eu:1p0:extended": KnownProfile("ZUGFeRD EXTENDED"),
    f"{_CORE}#compliant#urn:zugferd.de:2p0:basic": KnownProfile("ZUGFeRD 2.0 BASIC"),
    f"{_CORE}#conformant#urn:zugferd.de:2p0:extended": KnownProfile("ZUGFeRD 2.0 EXTENDED"),
    f"{_CORE}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0": KnownProfile("Peppol BIS 3"),
    "urn:factur-x.eu:1p0:minimum": KnownProfile("ZUGFeRD MINIMUM", is_einvoice=False),
    "urn:factur-x.eu:1p0:basicwl": KnownProfile("ZUGFeRD BASIC WL", is_einvoice=False),
    "urn:zugferd.de:2p0:minimum": KnownProfile("ZUGFeRD 2.0 MINIMUM", is_einvoice=False),
    "urn:zugferd.de:2p0:basicwl": KnownProfile("ZUGFeRD 2.0 BASIC WL", is_einvoice=False),
}
_XRECHNUNG = re.compile(
    rf"{re.escape(_CORE)}#compliant#urn:(xeinkauf\.de:kosit|xoev-de:kosit:standard):xrechnung_([1-3]\.[0-9])"
    r"(#conformant#urn:(xeinkauf\.de:kosit|xoev-de:kosit):extension:xrechnung_[1-3]\.[0-9])?"
)


def known(guideline: str) -> KnownProfile | None:
    """The profile of that name, or None for one nobody published."""
    if guideline in _KNOWN:
        return _KNOWN[guideline]
    if found := _XRECHNUNG.fullmatch(guideline):
        extension = " Extension" if found[3] else ""
        return KnownProfile(f"XRechnung {found[2]}{extension}")
    return None

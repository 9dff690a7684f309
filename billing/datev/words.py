"""What the office calls the cases that accounts are set for."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PURPOSES = {
    "revenue": gettext_lazy("Erlöse"),
    "skonto": gettext_lazy("Gewährtes Skonto"),
    "prepayment": gettext_lazy("Erhaltene Anzahlungen"),
}
CASES = {
    "19": gettext_lazy("19 %"),
    "7": gettext_lazy("7 %"),
    "0": gettext_lazy("0 % (Photovoltaik)"),
    "reverse_charge": gettext_lazy("§ 13b, der Kunde schuldet die Steuer"),
    "eu_service": gettext_lazy("Leistungen an Unternehmen in der EU"),
    "third_country_service": gettext_lazy("Leistungen an Unternehmen außerhalb der EU"),
    "eu_goods": gettext_lazy("Lieferungen an Unternehmen in der EU"),
    "export": gettext_lazy("Ausfuhren"),
    "exempt": gettext_lazy("steuerfrei nach § 4 Nr. 8 bis 29"),
    "small_business": gettext_lazy("Kleinunternehmer (§ 19)"),
}
OTHERS = {
    "bank": gettext_lazy("Bank"),
    "cash": gettext_lazy("Kasse"),
    "transit": gettext_lazy("Geldtransit: Karte, Online-Zahlung, Verrechnung"),
    "withheld": gettext_lazy("Bauabzugsteuer, Forderung an das Finanzamt"),
    "interest": gettext_lazy("Verzugszinsen"),
    "costs": gettext_lazy("Mahnkosten"),
}
KEYS = (*(f"{purpose}:{case}" for purpose in PURPOSES for case in CASES), *OTHERS)


def case_words(case: str) -> str:
    """A case as a person says it; a rate nobody knows by its number."""
    return str(CASES[case]) if case in CASES else _("%(rate)s %%") % {"rate": case}


def key_words(key: str) -> str:
    """What is booked there: „Erlöse 19 %“."""
    purpose, _colon, case = key.partition(":")
    return f"{PURPOSES[purpose]} {case_words(case)}" if case else str(OTHERS[purpose])

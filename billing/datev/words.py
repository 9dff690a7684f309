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


# what is uncertain about an account that the adviser is to confirm; the beginning of a key stands for all below it
DOUBTS = {
    "revenue:exempt": gettext_lazy("Je nach Nummer des § 4 UStG gibt es eigene Konten; dies ist das allgemeine."),
    "revenue:small_business": gettext_lazy("Seit 2025 ist § 19 eine Befreiung, das Konto ist neu."),
    "revenue": gettext_lazy("Im SKR 04 nach den veröffentlichten Listen nicht gesichert."),
    "skonto:exempt": gettext_lazy("Das allgemeine Konto für Skonto ohne Steuer."),
    "skonto:small_business": gettext_lazy("Das allgemeine Konto für Skonto ohne Steuer."),
    "skonto": gettext_lazy("Im SKR 04 nach den veröffentlichten Listen nicht gesichert."),
    "prepayment": gettext_lazy("Manche Kanzleien führen Anzahlungen je Steuersatz, andere auf einem Konto."),
    "transit": gettext_lazy("Karten, Online-Zahlungen und Verrechnungen laufen hier durch, bis sie auf der Bank sind."),
    "withheld": gettext_lazy("Was Kunden nach § 48 EStG ans Finanzamt zahlen; manche Kanzleien führen ein eigenes Konto."),
    "interest": gettext_lazy("Verzugszinsen sind Schadensersatz ohne Umsatzsteuer."),
    "costs": gettext_lazy("Mahnkosten sind Schadensersatz ohne Umsatzsteuer."),
}  # fmt: skip


def doubt(key: str) -> str:
    """Why the adviser is to confirm the account of a case."""
    return str(DOUBTS.get(key) or DOUBTS.get(key.partition(":")[0]) or "")


def case_words(case: str) -> str:
    """A case as a person says it; a rate nobody knows by its number."""
    return str(CASES[case]) if case in CASES else _("%(rate)s %%") % {"rate": case}


def key_words(key: str) -> str:
    """What is booked there: „Erlöse 19 %“."""
    purpose, _colon, case = key.partition(":")
    return f"{PURPOSES[purpose]} {case_words(case)}" if case else str(OTHERS[purpose])

"""The columns of DATEV's two formats, in their fixed order (R115). Data only: names as DATEV writes them, and which of them
are texts (in quotes, also when they are empty).

Source: DATEV's format description of Buchungsstapel version 13 (125 columns) and Debitoren/Kreditoren version 5 (254), as
mirrored by several public libraries that agree with each other.
"""


def _numbered(name: str, first: int, last: int) -> list[str]:
    return [name.format(n) for n in range(first, last + 1)]


def _pairs(kind: str, content: str, count: int) -> list[str]:
    return [name.format(n) for n in range(1, count + 1) for name in (kind, content)]


BOOKING = (
    "Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Kurs", "Basis-Umsatz", "WKZ Basis-Umsatz",
    "Konto", "Gegenkonto (ohne BU-Schlüssel)", "BU-Schlüssel", "Belegdatum", "Belegfeld 1", "Belegfeld 2", "Skonto",
    "Buchungstext", "Postensperre", "Diverse Adressnummer", "Geschäftspartnerbank", "Sachverhalt", "Zinssperre",
    "Beleglink", *_pairs("Beleginfo - Art {}", "Beleginfo - Inhalt {}", 8), "KOST1 - Kostenstelle", "KOST2 - Kostenstelle",
    "Kost-Menge", "EU-Land u. UStID (Bestimmung)", "EU-Steuersatz (Bestimmung)", "Abw. Versteuerungsart",
    "Sachverhalt L+L", "Funktionsergänzung L+L", "BU 49 Hauptfunktionstyp", "BU 49 Hauptfunktionsnummer",
    "BU 49 Funktionsergänzung", *_pairs("Zusatzinformation - Art {}", "Zusatzinformation- Inhalt {}", 20), "Stück",
    "Gewicht", "Zahlweise", "Forderungsart", "Veranlagungsjahr", "Zugeordnete Fälligkeit", "Skontotyp", "Auftragsnummer",
    "Buchungstyp", "USt-Schlüssel (Anzahlungen)", "EU-Land (Anzahlungen)", "Sachverhalt L+L (Anzahlungen)",
    "EU-Steuersatz (Anzahlungen)", "Erlöskonto (Anzahlungen)", "Herkunft-Kz", "Buchungs GUID", "KOST-Datum",
    "SEPA-Mandatsreferenz", "Skontosperre", "Gesellschaftername", "Beteiligtennummer", "Identifikationsnummer",
    "Zeichnernummer", "Postensperre bis", "Bezeichnung SoBil-Sachverhalt", "Kennzeichen SoBil-Buchung", "Festschreibung",
    "Leistungsdatum", "Datum Zuord. Steuerperiode", "Fälligkeit", "Generalumkehr (GU)", "Steuersatz", "Land",
    "Abrechnungsreferenz", "BVV-Position", "EU-Land u. UStID (Ursprung)", "EU-Steuersatz (Ursprung)", "Abw. Skontokonto",
)  # fmt: skip
# numbers of columns, from 1
BOOKING_TEXTS = frozenset(
    {2, 3, 6, 9, 11, 12, 14, 16, 20, *range(21, 39), 40, 42, *range(48, 88), 91, 95, 96, 98, 102, 103, 105, 107, 109, 110,
     112, 118, 120, 121, 123}
)  # fmt: skip

_BANK = (
    "Bankleitzahl {}", "Bankbezeichnung {}", "Bank-Kontonummer {}", "Länderkennzeichen {}", "IBAN-Nr. {}", "Leerfeld",
    "SWIFT-Code {}", "Abw. Kontoinhaber {}", "Kennz. Hauptbankverb. {}", "Bankverb {} Gültig von", "Bankverb {} Gültig bis",
)  # fmt: skip
_INVOICE_ADDRESS = (
    "Abweichende Anrede", "Adressart", "Straße", "Postfach", "Postleitzahl", "Ort", "Land", "Versandzusatz",
    "Adresszusatz", "Abw. Zustellbezeichnung 1", "Abw. Zustellbezeichnung 2", "Adresse Gültig von", "Adresse Gültig bis",
)  # fmt: skip


def _banks(first: int, last: int) -> list[str]:
    return [name.format(n) for n in range(first, last + 1) for name in _BANK]


PARTNER = (
    "Konto", "Name (Adressattyp Unternehmen)", "Unternehmensgegenstand", "Name (Adressattyp natürl. Person)",
    "Vorname (Adressattyp natürl. Person)", "Name (Adressattyp keine Angabe)", "Adressattyp", "Kurzbezeichnung", "EU-Land",
    "EU-UStID", "Anrede", "Titel/Akad. Grad", "Adelstitel", "Namensvorsatz", "Adressart", "Straße", "Postfach",
    "Postleitzahl", "Ort", "Land", "Versandzusatz", "Adresszusatz", "Abweichende Anrede", "Abw. Zustellbezeichnung 1",
    "Abw. Zustellbezeichnung 2", "Kennz. Korrespondenzadresse", "Adresse Gültig von", "Adresse Gültig bis", "Telefon",
    "Bemerkung (Telefon)", "Telefon GL", "Bemerkung (Telefon GL)", "E-Mail", "Bemerkung (E-Mail)", "Internet",
    "Bemerkung (Internet)", "Fax", "Bemerkung (Fax)", "Sonstige", "Bemerkung (Sonstige)", *_banks(1, 5), "Leerfeld",
    "Briefanrede", "Grußformel", "Kunden-/Lief.-Nr.", "Steuernummer", "Sprache", "Ansprechpartner", "Vertreter",
    "Sachbearbeiter", "Diverse-Konto", "Ausgabeziel", "Währungssteuerung", "Kreditlimit (Debitor)", "Zahlungsbedingung",
    "Fälligkeit in Tagen (Debitor)", "Skonto in Prozent (Debitor)", "Kreditoren-Ziel 1 Tg.", "Kreditoren-Skonto 1 %",
    "Kreditoren-Ziel 2 Tg.", "Kreditoren-Skonto 2 %", "Kreditoren-Ziel 3 Brutto Tg.", "Kreditoren-Ziel 4 Tg.",
    "Kreditoren-Skonto 4 %", "Kreditoren-Ziel 5 Tg.", "Kreditoren-Skonto 5 %", "Mahnung", "Kontoauszug",
    *_numbered("Mahntext {}", 1, 3), "Kontoauszugstext", "Mahnlimit Betrag", "Mahnlimit %", "Zinsberechnung",
    *_numbered("Mahnzinssatz {}", 1, 3), "Lastschrift", "Verfahren", "Mandantenbank", "Zahlungsträger",
    *_numbered("Indiv. Feld {}", 1, 15), *(f"{name} (Rechnungsadresse)" for name in _INVOICE_ADDRESS), *_banks(6, 10),
    "Nummer Fremdsystem", "Insolvent", *_numbered("SEPA-Mandatsreferenz {}", 1, 10), "Verknüpftes OPOS-Konto",
    "Mahnsperre bis", "Lastschriftsperre bis", "Zahlungssperre bis", "Gebührenberechnung",
    *_numbered("Mahngebühr {}", 1, 3), "Pauschalenberechnung", *_numbered("Verzugspauschale {}", 1, 3),
    "Alternativer Suchname", "Status", "Anschrift manuell geändert (Korrespondenzadresse)",
    "Anschrift individuell (Korrespondenzadresse)", "Anschrift manuell geändert (Rechnungsadresse)",
    "Anschrift individuell (Rechnungsadresse)", "Fristberechnung bei Debitor", *_numbered("Mahnfrist {}", 1, 3),
    "Letzte Frist",
)  # fmt: skip


def _bank_texts(first: int) -> set[int]:
    return {first + 11 * bank + field for bank in range(5) for field in range(8)}


PARTNER_TEXTS = frozenset(
    {*range(2, 26), *range(29, 41), *_bank_texts(41), 97, 98, 99, 100, 102, 103, 104, 133, 134, 136, *range(137, 163),
     *_bank_texts(165), 220, *range(222, 232), 244, 247, 249}
)  # fmt: skip

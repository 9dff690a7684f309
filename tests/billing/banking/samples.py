"""Bank files as banks write them, with invented people: three bookings that add up from 1,000.00 to 2,140.00."""
# ruff: noqa: E501 - lines as the banks write them

import re
from decimal import Decimal

OWN, CUSTOMER = "DE89370400440532013000", "DE02120300000000202051"


def camt(version="02", entries=None, *, opening="1000.00", closing="2140.00", iban=OWN, above=""):
    """A camt.053 file; version 8 wraps names and states once more."""
    if entries is None:
        entries = [
            camt_entry("1190.00", party="Café Morgenrot GmbH", purpose="RE-2026-0042 Kunde 10042", version=version),
            camt_entry(
                "50.00", "DBIT", party="Stadtwerke", purpose="Abschlag Strom", version=version, day="2026-11-18"
            ),
            camt_entry("9.99", party="Vorgemerkt", state="PDNG", version=version),
        ]
    return f"""<?xml version="1.0" encoding="UTF-8"?>{above}
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr>
<Stmt><Id>1</Id><Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{opening}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-16</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{closing}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>
{"".join(entries)}</Stmt></BkToCstmrStmt></Document>""".encode()


def camt_entry(
    amount, way="CRDT", *, party="", purpose="", version="02", day="2026-11-17", state="BOOK", reference="NOTPROVIDED",
    structured="", bank_id="", currency="EUR",
):  # fmt: skip
    """One booking with one transaction."""
    side = "Dbtr" if way == "CRDT" else "Cdtr"
    name = f"<Nm>{party}</Nm>" if version == "02" else f"<Pty><Nm>{party}</Nm></Pty>"
    status = state if version == "02" else f"<Cd>{state}</Cd>"
    words = (
        f"<Strd><CdtrRefInf><Ref>{structured}</Ref></CdtrRefInf></Strd>" if structured else f"<Ustrd>{purpose}</Ustrd>"
    )
    return f"""<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd><Sts>{status}</Sts>
<BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>{bank_id}</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>
<RltdPties><{side}>{name}</{side}><{side}Acct><Id><IBAN>{CUSTOMER}</IBAN></Id></{side}Acct></RltdPties>
<RmtInf>{words}</RmtInf></TxDtls></NtryDtls></Ntry>"""


def amount_of(entry) -> Decimal:
    """What a booking of `camt_entry` adds to the balance."""
    amount = Decimal(re.search(r'"EUR">([\d.]+)<', entry)[1])
    return -amount if "<CdtDbtInd>DBIT" in entry else amount


MT940 = f""":20:STARTUMSE
:25:{OWN}
:28C:00042/001
:60F:C261116EUR1000,00
:61:2611171117C1190,00NTRFNONREF//POS 4711
:86:166?00GUTSCHRIFT?109251?20EREF+NOTPROVIDED?21SVWZ+RE-2026-00?2242 Kunde 10042?30BYLADEM1001
?31{CUSTOMER}?32Café Morgenrot?33 GmbH
:61:2611181118D50,00NDDTNONREF
:86:105?00LASTSCHRIFT?20Abschlag Strom?32Stadtwerke
:62F:C261120EUR2140,00
-
"""

SPARKASSE = f""""Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";"Glaeubiger ID";"Mandatsreferenz";"Kundenreferenz (End-to-End)";"Sammlerreferenz";"Lastschrift Ursprungsbetrag";"Auslagenersatz Ruecklastschrift";"Beguenstigter/Zahlungspflichtiger";"Kontonummer/IBAN";"BIC (SWIFT-Code)";"Betrag";"Waehrung";"Info"
"{OWN}";"18.11.26";"18.11.26";"LASTSCHRIFT";"Abschlag Strom";"";"";"NOTPROVIDED";"";"";"";"Stadtwerke";"";"";"-50,00";"EUR";"Umsatz gebucht"
"{OWN}";"17.11.26";"17.11.26";"GUTSCHRIFT";"RE-2026-0042 Kunde 10042";"";"";"";"";"";"";"Café Morgenrot GmbH";"{CUSTOMER}";"";"1.190,00";"EUR";"Umsatz gebucht"
"{OWN}";"19.11.26";"";"GUTSCHRIFT";"kommt noch";"";"";"";"";"";"";"X";"";"";"9,99";"EUR";"Umsatz vorgemerkt"
"""
VOLKSBANK = f"""Bezeichnung Auftragskonto;IBAN Auftragskonto;BIC Auftragskonto;Bankname Auftragskonto;Buchungstag;Valutadatum;Name Zahlungsbeteiligter;IBAN Zahlungsbeteiligter;BIC (SWIFT-Code) Zahlungsbeteiligter;Buchungstext;Verwendungszweck;Betrag;Waehrung;Saldo nach Buchung
Kontokorrent;{OWN};GENODEF1;VR Bank;17.11.2026;17.11.2026;Café Morgenrot GmbH;{CUSTOMER};;Gutschrift;RE-2026-0042 Kunde 10042;1190,00;EUR;2190,00
Kontokorrent;{OWN};GENODEF1;VR Bank;18.11.2026;18.11.2026;Stadtwerke;;;Lastschrift;Abschlag Strom;-50,00;EUR;2140,00
"""
DKB = f""""Girokonto";"{OWN}"
""
"Kontostand vom 20.11.2026:";"2.140,00 €"
""
"Buchungsdatum";"Wertstellung";"Status";"Zahlungspflichtige*r";"Zahlungsempfänger*in";"Verwendungszweck";"Umsatztyp";"IBAN";"Betrag (€)";"Gläubiger-ID";"Mandatsreferenz";"Kundenreferenz"
"18.11.26";"18.11.26";"Gebucht";"Jana Haselbach";"Stadtwerke";"Abschlag Strom";"Ausgang";"";"-50";"";"";""
"17.11.26";"17.11.26";"Gebucht";"Café Morgenrot GmbH";"Jana Haselbach";"RE-2026-0042 Kunde 10042";"Eingang";"{CUSTOMER}";"1.190,00";"";"";""
"""
ING = f"""Umsatzanzeige;Datei erstellt am: 20.11.2026 08:00

IBAN;{OWN}
Kontoname;Girokonto
Saldo;2.140,00;EUR

Buchung;Wertstellungsdatum;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Saldo;Währung;Betrag;Währung
18.11.2026;18.11.2026;Stadtwerke;Lastschrift;Abschlag Strom;2.140,00;EUR;-50,00;EUR
17.11.2026;17.11.2026;Café Morgenrot GmbH;Gutschrift;RE-2026-0042 Kunde 10042;2.190,00;EUR;1.190,00;EUR
"""
COMMERZBANK = f"""Buchungstag;Wertstellung;Umsatzart;Buchungstext;Betrag;Währung;IBAN Kontoinhaber;Kategorie
17.11.2026;17.11.2026;Gutschrift;Café Morgenrot GmbH RE-2026-0042 Kunde 10042;1190,00;EUR;{OWN};
18.11.2026;18.11.2026;Lastschrift;Stadtwerke Abschlag Strom;-50,00;EUR;{OWN};
"""
DEUTSCHE_BANK = f"""Umsätze Girokonto;;;
Konto;{OWN};EUR

Buchungstag;Wert;Umsatzart;Begünstigter / Auftraggeber;Verwendungszweck;IBAN;BIC;Kundenreferenz;Mandatsreferenz;Gläubiger ID;Fremde Gebühren;Betrag;Soll;Haben;Währung
17.11.2026;17.11.2026;SEPA-Überweisung von;Café Morgenrot GmbH;RE-2026-0042 Kunde 10042;{CUSTOMER};;;;;;;;1.190,00;EUR
18.11.2026;18.11.2026;SEPA-Lastschrift;Stadtwerke;Abschlag Strom;;;;;;;;-50,00;;EUR
Kontostand;20.11.2026;;;2.140,00;EUR
"""
COMDIRECT = """;
"Umsätze Girokonto";"Zeitraum: 30 Tage";
"Neuer Kontostand";"2.140,00 EUR";

"Buchungstag";"Wertstellung (Valuta)";"Vorgang";"Buchungstext";"Umsatz in EUR";
"offen";"--";"Kartenverfügung";" Buchungstext: Baumarkt";"-9,99";
"18.11.2026";"18.11.2026";"Lastschrift / Belastung";"Auftraggeber: Stadtwerke Buchungstext: Abschlag Strom Ref. 1";"-50,00";
"17.11.2026";"17.11.2026";"Übertrag / Überweisung";"Auftraggeber: Café Morgenrot GmbH Buchungstext: RE-2026-0042 Kunde 10042 Ref. 2";"1.190,00";
"Alter Kontostand";"1.000,00 EUR";
"""
HYPOVEREINSBANK = """Kontonummer;Buchungsdatum;Valuta;Empfaenger 1;Empfaenger 2;Verwendungszweck;Betrag;Waehrung
12345;17.11.2026;17.11.2026;Café Morgenrot GmbH;;RE-2026-0042 Kunde 10042;1.190,00;EUR
12345;18.11.2026;18.11.2026;Stadtwerke;;Abschlag Strom;-50,00;EUR
"""
N26 = f""""Booking Date","Value Date","Partner Name","Partner Iban",Type,"Payment Reference","Account Name","Amount (EUR)"
2026-11-17,2026-11-17,"Café Morgenrot GmbH",{CUSTOMER},"Credit Transfer","RE-2026-0042 Kunde 10042",Haupt,1190.00
2026-11-18,2026-11-18,Stadtwerke,,"Direct Debit","Abschlag Strom",Haupt,-50.0
"""
CONSORSBANK = f"""Buchung;Valuta;Sender / Empfänger;IBAN / Kontonummer;BIC / BLZ;Buchungstext;Verwendungszweck;Kategorie;Stichwort;Umsatz geteilt;Betrag in EUR
17.11.2026;17.11.2026;Café Morgenrot GmbH;{CUSTOMER};;Gutschrift;RE-2026-0042 Kunde 10042;;;;1.190,00
18.11.2026;18.11.2026;Stadtwerke;;;Lastschrift;Abschlag Strom;;;;-50,00
"""
OLD_VOLKSBANK = """Buchungstag;Valuta;Auftraggeber/Zahlungsempfänger;Vorgang/Verwendungszweck;Kundenreferenz;Währung;Umsatz;
17.11.2026;17.11.2026;Café Morgenrot GmbH;RE-2026-0042 Kunde 10042;;EUR;1.190,00;H
18.11.2026;18.11.2026;Stadtwerke;Abschlag Strom;;EUR;50,00;S
"""

BANKS = {
    "Sparkasse": SPARKASSE, "Volksbank": VOLKSBANK, "DKB": DKB, "ING": ING, "Commerzbank": COMMERZBANK,
    "Deutsche Bank": DEUTSCHE_BANK, "comdirect": COMDIRECT, "HypoVereinsbank": HYPOVEREINSBANK, "N26": N26,
    "Consorsbank": CONSORSBANK, "Volksbank, früher": OLD_VOLKSBANK,
}  # fmt: skip

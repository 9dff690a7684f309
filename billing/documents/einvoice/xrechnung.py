"""What the CIUS XRechnung asks for beyond EN 16931, said anew over the UBL tree (BR-DE-1 to BR-DE-31).

No registry carries its schematron; the rules that can touch our invoices are these.
"""

import re

from lxml import etree

VERSION = "3.0"
NAMES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
SELLER = "cac:AccountingSupplierParty/cac:Party"
BUYER = "cac:AccountingCustomerParty/cac:Party"
PLACE = "cac:Delivery/cac:DeliveryLocation/cac:Address"
TYPE_CODES = {"326", "380", "384", "389", "381", "875", "876", "877"}
MUST_BE_THERE = {
    "BR-DE-1": "cac:PaymentMeans/cbc:PaymentMeansCode",
    "BR-DE-2": f"{SELLER}/cac:Contact/*",
    "BR-DE-3": f"{SELLER}/cac:PostalAddress/cbc:CityName",
    "BR-DE-4": f"{SELLER}/cac:PostalAddress/cbc:PostalZone",
    "BR-DE-5": f"{SELLER}/cac:Contact/cbc:Name",
    "BR-DE-6": f"{SELLER}/cac:Contact/cbc:Telephone",
    "BR-DE-7": f"{SELLER}/cac:Contact/cbc:ElectronicMail",
    "BR-DE-8": f"{BUYER}/cac:PostalAddress/cbc:CityName",
    "BR-DE-9": f"{BUYER}/cac:PostalAddress/cbc:PostalZone",
    "BR-DE-14": "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:Percent",
    "BR-DE-15": "cbc:BuyerReference",
    "BR-DE-16": f"{SELLER}/cac:PartyTaxScheme/cbc:CompanyID",
    "PEPPOL-EN16931-R010": f"{BUYER}/cbc:EndpointID",
    "PEPPOL-EN16931-R020": f"{SELLER}/cbc:EndpointID",
}
OTHERS = 11  # those below that are more than a place where something must stand
SKONTO = re.compile(r"#SKONTO#TAGE=[0-9]+#PROZENT=[0-9]+\.[0-9]{2}#(BASISBETRAG=-?[0-9]+\.[0-9]{2}#)?")
EMAIL = re.compile(r"[\w!#$%&\"*+/=?^`{|}~-]+(\.[\w!#$%&\"*+/=?^`{|}~-]+)*@([a-zA-Z0-9-]+\.)+[a-zA-Z0-9-]+", re.ASCII)


def complaints(root: etree._Element) -> list[str]:
    """The names of the rules an XRechnung in UBL breaks."""
    broken = [rule for rule, path in MUST_BE_THERE.items() if not _all_texts(root, path)]
    broken += [rule for rule, holds in _rules(root) if not holds]
    return broken


def count() -> int:
    """How many rules are looked at."""
    return len(MUST_BE_THERE) + OTHERS


def _all_texts(root, path):
    """The texts found there, or nothing if one of them is empty."""
    texts = ["".join(each.itertext()).strip() for each in root.xpath(path, namespaces=NAMES)]
    return texts if all(texts) else []


def _rules(root):
    def texts(path):
        return _all_texts(root, path)

    if root.xpath(PLACE, namespaces=NAMES):
        yield "BR-DE-10", texts(f"{PLACE}/cbc:CityName")
        yield "BR-DE-11", texts(f"{PLACE}/cbc:PostalZone")
    code = (texts("cbc:InvoiceTypeCode") or texts("cbc:CreditNoteTypeCode"))[0]
    yield "BR-DE-17", code in TYPE_CODES
    (note,) = root.xpath("cac:PaymentTerms/cbc:Note/text()", namespaces=NAMES) or [""]
    lines = note.split("\n")
    marked = [line for line in lines if line.strip().startswith("#")]
    yield "BR-DE-18", all(SKONTO.fullmatch(line) for line in marked) and not lines[-1].startswith("#")
    customization = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
    yield "BR-DE-21", texts("cbc:CustomizationID") == [customization]
    names = root.xpath("cac:AdditionalDocumentReference/cac:Attachment/*/@filename", namespaces=NAMES)
    yield "BR-DE-22", len(names) == len(set(names))
    if set(texts("cac:PaymentMeans/cbc:PaymentMeansCode")) & {"30", "58"}:
        yield "BR-DE-23-a", texts("cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID")
        yield "BR-DE-19", all(_is_iban(each) for each in texts("cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID"))
    if code == "384":
        yield "BR-DE-26", texts("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID")
    phones = texts(f"{SELLER}/cac:Contact/cbc:Telephone")
    yield "BR-DE-27", all(len(re.findall("[0-9]", each)) >= 3 for each in phones)
    yield "BR-DE-28", all(EMAIL.fullmatch(each) for each in texts(f"{SELLER}/cac:Contact/cbc:ElectronicMail"))


def _is_iban(number):
    turned = "".join(str(int(sign, 36)) for sign in number[4:] + number[:4])
    return int(turned) % 97 == 1

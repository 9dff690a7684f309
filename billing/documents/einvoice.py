"""The structured invoice: UN/CEFACT CII after EN 16931, as it lies inside a ZUGFeRD / Factur-X PDF.

Written by hand from the frozen document, so page, PDF and XML show the same cents. The numbers beside the elements
are those of the standard (BT-1 is the invoice number).
Run `preflight` before a number is taken; `build_cii` trusts its document.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lxml import etree

from billing.documents.model import BuyerKind, Document, DocumentLine, Kind, LineKind, money_line
from billing.documents.preflight import Problem, preflight
from billing.money import NetLine, VatGroup, net_lines
from billing.tax import EXEMPTION_REASONS

__all__ = ["EN16931", "XRECHNUNG", "Problem", "Profile", "build_cii", "preflight", "profile_for", "xml_text"]


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

PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
INVOICE, CORRECTION = "380", "384"
SEPA_TRANSFER, CLEARING = "58", "97"
DISCOUNT = ("95", "Rabatt")  # UNTDID 5189
SURCHARGE = ("ABK", "Zuschlag")  # UNTDID 7161, miscellaneous services
TOLERANCE = Decimal("0.02")  # how far an allowance or charge may lie from base times percent (PEPPOL-EN16931-R040)

_NAMESPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
_RAM = f"{{{_NAMESPACES['ram']}}}"
_UDT = f"{{{_NAMESPACES['udt']}}}"
_QDT = f"{{{_NAMESPACES['qdt']}}}"
_RSM = f"{{{_NAMESPACES['rsm']}}}"
# What XML 1.0 cannot hold; people paste such characters from other programs
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def profile_for(document: Document) -> Profile:
    """XRechnung for public buyers, plain EN 16931 for everybody else."""
    return XRECHNUNG if document.buyer.kind == BuyerKind.PUBLIC else EN16931


def build_cii(document: Document, profile: Profile | None = None) -> bytes:
    """The document as XML bytes, in the profile of its buyer unless another is given.

    Raises ValueError for a draft and for anything that is not an invoice or its cancellation.
    """
    if document.kind not in (Kind.INVOICE, Kind.CANCELLATION):
        raise ValueError(f"{document.kind} has no structured form")
    if document.number is None or document.issued_on is None:
        raise ValueError("a draft has no structured form")
    root = etree.Element(_RSM + "CrossIndustryInvoice", nsmap=_NAMESPACES)
    _context(_in(root, _RSM + "ExchangedDocumentContext"), profile or profile_for(document))
    _header(_in(root, _RSM + "ExchangedDocument"), document)
    transaction = _in(root, _RSM + "SupplyChainTradeTransaction")
    items = document.items
    nets = net_lines([money_line(line) for line in items], mode=document.mode)
    for line, net, line_id, note in zip(items, nets, _line_ids(items), _line_notes(document), strict=True):
        _line(_add(transaction, "IncludedSupplyChainTradeLineItem"), line, line.vat, net, line_id, note)
    _agreement(_add(transaction, "ApplicableHeaderTradeAgreement"), document)
    _delivery(_add(transaction, "ApplicableHeaderTradeDelivery"), document)
    _settlement(_add(transaction, "ApplicableHeaderTradeSettlement"), document, nets)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _context(node, profile):
    _put(_add(node, "BusinessProcessSpecifiedDocumentContextParameter"), "ID", PROCESS)  # BT-23
    _put(_add(node, "GuidelineSpecifiedDocumentContextParameter"), "ID", profile.guideline)  # BT-24


def _header(node, document):
    _put(node, "ID", document.number)  # BT-1
    _put(node, "TypeCode", CORRECTION if document.kind == Kind.CANCELLATION else INVOICE)  # BT-3
    _date(_add(node, "IssueDateTime"), document.issued_on)  # BT-2
    for note in filter(None, _notes(document)):
        _put(_add(node, "IncludedNote"), "Content", note)  # BT-22


def _notes(document):
    """Everything the PDF says beside lines and sums: the structured part must say it too (R44)."""
    yield document.subject
    if document.site:
        yield f"Ausführungsort: {document.site}"
    if document.preceding:
        yield f"Storno der Rechnung {document.preceding.number} vom {document.preceding.issued_on:%d.%m.%Y}."
    yield document.reason
    for line in document.lines:  # texts above the first position belong to the document
        if line.is_item:
            break
        if line.kind == LineKind.TEXT:
            yield _joined(line.text, line.description)
    if document.labour and document.labour.net > 0:
        share = document.labour
        tax = f" + {_comma(share.tax)} EUR USt" if share.tax else ""
        total = f" = {_comma(share.gross)} EUR" if share.tax else ""
        yield (
            f"Darin enthaltene Arbeits-, Fahrt- und Maschinenkosten (§ 35a EStG): "
            f"{_comma(share.net)} EUR netto{tax}{total}. Begünstigt nur bei unbarer Zahlung."
        )
    yield from document.notes


def _line_ids(items):
    """BT-126: the positions people see, if they are there and differ, else 1, 2, 3."""
    positions = [line.position for line in items]
    if all(positions) and len(set(positions)) == len(positions):
        return positions
    return [str(number) for number in range(1, len(positions) + 1)]


def _line_notes(document):
    """BT-127 per item: the heading it stands under, and texts that follow it."""
    notes: list[list[str]] = []
    heading = ""
    for line in document.lines:
        if line.kind == LineKind.SECTION:
            heading = line.text
        elif line.kind == LineKind.TEXT and notes:
            notes[-1].append(_joined(line.text, line.description))
        elif line.is_item and line.is_counted:
            notes.append([heading] if heading else [])
            heading = ""
    return ["\n".join(each) for each in notes]


def _line(node, line: DocumentLine, vat, net: NetLine, line_id, note):
    sign = -1 if net.unit_price < 0 else 1  # a price is never negative (BR-27), the quantity may be
    head = _add(node, "AssociatedDocumentLineDocument")
    _put(head, "LineID", line_id)  # BT-126
    if note:
        _put(_add(head, "IncludedNote"), "Content", note)  # BT-127
    product = _add(node, "SpecifiedTradeProduct")
    _put(product, "Name", line.text)  # BT-153
    _put(product, "Description", line.description)  # BT-154
    price = _add(_add(node, "SpecifiedLineTradeAgreement"), "NetPriceProductTradePrice")
    _put(price, "ChargeAmount", _plain(sign * net.unit_price, 2))  # BT-146
    delivery = _add(node, "SpecifiedLineTradeDelivery")
    _put(delivery, "BilledQuantity", _plain(sign * net.quantity), unitCode=line.unit_code)  # BT-129, BT-130
    settlement = _add(node, "SpecifiedLineTradeSettlement")
    tax = _add(settlement, "ApplicableTradeTax")
    _put(tax, "TypeCode", "VAT")
    _put(tax, "CategoryCode", vat.category)  # BT-151
    _put(tax, "RateApplicablePercent", _plain(vat.rate))  # BT-152
    if net.discount:
        _adjustment(settlement, net.discount, net.base, line.discount_percent)  # BG-27, BG-28
    summation = _add(settlement, "SpecifiedTradeSettlementLineMonetarySummation")
    _put(summation, "LineTotalAmount", _cents(net.amount))  # BT-131


def _agreement(node, document):
    seller, buyer = document.seller, document.buyer
    _put(node, "BuyerReference", buyer.leitweg_id or document.buyer_reference)  # BT-10
    party = _add(node, "SellerTradeParty")
    if not seller.vat_id and not seller.register_number:
        _put(party, "ID", seller.tax_number)  # BT-29; without any of the three: BR-CO-26
    _put(party, "Name", seller.official_name)  # BT-27
    _put(party, "Description", _legal_line(seller))  # BT-33
    trading = seller.name if seller.name != seller.official_name else ""
    if seller.register_number or trading:
        organization = _add(party, "SpecifiedLegalOrganization")
        _put(organization, "ID", seller.register_number)  # BT-30
        _put(organization, "TradingBusinessName", trading)  # BT-28
    _contact(party, seller.contact_name or seller.owner, seller.phone, seller.email)  # BG-6
    _address(party, seller)
    _endpoint(party, "EM", seller.email)  # BT-34
    _registration(party, "FC", seller.tax_number)  # BT-32
    _registration(party, "VA", _compact(seller.vat_id))  # BT-31

    party = _add(node, "BuyerTradeParty")
    _put(party, "ID", buyer.customer_number)  # BT-46
    _put(party, "Name", buyer.name)  # BT-44
    if buyer.registration_number:
        _put(_add(party, "SpecifiedLegalOrganization"), "ID", buyer.registration_number)  # BT-47
    _contact(party, buyer.contact_name, "", "")  # BG-9
    _address(party, buyer)
    if buyer.leitweg_id:
        _endpoint(party, "0204", buyer.leitweg_id)  # BT-49
    else:
        _endpoint(party, "EM", buyer.email)
    _registration(party, "VA", _compact(buyer.vat_id))  # BT-48
    if document.order_number:
        _put(_add(node, "SellerOrderReferencedDocument"), "IssuerAssignedID", document.order_number)  # BT-14


def _legal_line(seller):
    role = "Geschäftsführung" if seller.is_company else "Inhaber"
    facts = (
        f"{role}: {seller.owner}" if seller.owner and seller.owner != seller.legal_name else "",
        ", ".join(filter(None, (seller.register_court, seller.register_number))),
    )
    return " · ".join(filter(None, facts))


def _contact(party, person, phone, email):
    if not (person or phone or email):
        return
    contact = _add(party, "DefinedTradeContact")
    _put(contact, "PersonName", person)  # BT-41, BT-56
    if phone:
        _put(_add(contact, "TelephoneUniversalCommunication"), "CompleteNumber", phone)  # BT-42
    if email:
        _put(_add(contact, "EmailURIUniversalCommunication"), "URIID", email)  # BT-43


def _address(party, who):
    address = _add(party, "PostalTradeAddress")
    _put(address, "PostcodeCode", who.postcode)  # BT-38, BT-53
    _put(address, "LineOne", who.street)  # BT-35, BT-50
    _put(address, "CityName", who.city)  # BT-37, BT-52
    _put(address, "CountryID", who.country)  # BT-40, BT-55


def _endpoint(party, scheme, address):
    if address:
        _put(_add(party, "URIUniversalCommunication"), "URIID", address, schemeID=scheme)


def _registration(party, scheme, number):
    if number:
        _put(_add(party, "SpecifiedTaxRegistration"), "ID", number, schemeID=scheme)


def _delivery(node, document):
    day = document.service_until or document.service_from
    if day:
        event = _add(node, "ActualDeliverySupplyChainEvent")
        _date(_add(event, "OccurrenceDateTime"), day)  # BT-72, beside BG-14 its last day


def _settlement(node, document, nets):
    totals = document.totals
    if document.kind == Kind.INVOICE:
        _put(node, "PaymentReference", document.number)  # BT-83
    _put(node, "InvoiceCurrencyCode", "EUR")  # BT-5
    _payment_means(_add(node, "SpecifiedTradeSettlementPaymentMeans"), document)
    for group in totals.groups:
        _vat_group(_add(node, "ApplicableTradeTax"), group)
    start, end = document.service_from, document.service_until
    if start and end and start != end:
        period = _add(node, "BillingSpecifiedPeriod")
        _date(_add(period, "StartDateTime"), start)  # BT-73
        _date(_add(period, "EndDateTime"), end)  # BT-74
    sums = _net_sums(document, nets)
    for group in totals.groups:
        if discount := sums[group.vat] - group.net:  # BG-20, BG-21, one per category and rate (R14)
            _adjustment(node, discount, sums[group.vat], document.discount_percent, vat=group.vat)
    if document.payment_terms or document.due_on:
        terms = _add(node, "SpecifiedTradePaymentTerms")
        _put(terms, "Description", document.payment_terms)  # BT-20
        if document.due_on:
            _date(_add(terms, "DueDateDateTime"), document.due_on)  # BT-9
    _sums(_add(node, "SpecifiedTradeSettlementHeaderMonetarySummation"), document, sum(sums.values(), Decimal(0)))
    if document.preceding:
        reference = _add(node, "InvoiceReferencedDocument")  # BG-3
        _put(reference, "IssuerAssignedID", document.preceding.number)  # BT-25
        issued = _add(reference, "FormattedIssueDateTime")
        _in(issued, _QDT + "DateTimeString", f"{document.preceding.issued_on:%Y%m%d}", format="102")  # BT-26


def _payment_means(node, document):
    seller = document.seller
    if document.kind == Kind.CANCELLATION or not seller.iban:
        _put(node, "TypeCode", CLEARING)  # BT-81
        return
    _put(node, "TypeCode", SEPA_TRANSFER)
    account = _add(node, "PayeePartyCreditorFinancialAccount")
    _put(account, "IBANID", _compact(seller.iban))  # BT-84
    _put(account, "AccountName", seller.account_holder)  # BT-85
    if seller.bic:
        _put(_add(node, "PayeeSpecifiedCreditorFinancialInstitution"), "BICID", _compact(seller.bic))  # BT-86


def _vat_group(node, group: VatGroup):
    text, code = EXEMPTION_REASONS.get(group.vat.category, ("", None))
    _put(node, "CalculatedAmount", _cents(group.tax))  # BT-117
    _put(node, "TypeCode", "VAT")
    _put(node, "ExemptionReason", text)  # BT-120
    _put(node, "BasisAmount", _cents(group.net))  # BT-116
    _put(node, "CategoryCode", group.vat.category)  # BT-118
    _put(node, "ExemptionReasonCode", code)  # BT-121
    _put(node, "RateApplicablePercent", _plain(group.vat.rate))  # BT-119


def _net_sums(document, nets):
    """Net line amounts per category and rate, before the document's discount."""
    sums = {group.vat: Decimal(0) for group in document.totals.groups}
    for line, net in zip(document.items, nets, strict=True):
        sums[line.vat] += net.amount
    return sums


def _sums(node, document, line_total):
    totals, discount = document.totals, line_total - document.totals.net
    _put(node, "LineTotalAmount", _cents(line_total))  # BT-106
    if discount and document.discount_percent < 0:
        _put(node, "ChargeTotalAmount", _cents(-discount))  # BT-108
    elif discount:
        _put(node, "AllowanceTotalAmount", _cents(discount))  # BT-107
    _put(node, "TaxBasisTotalAmount", _cents(totals.net))  # BT-109
    _put(node, "TaxTotalAmount", _cents(totals.tax), currencyID="EUR")  # BT-110
    _put(node, "GrandTotalAmount", _cents(totals.gross))  # BT-112
    _put(node, "DuePayableAmount", _cents(totals.gross))  # BT-115


def _adjustment(node, discount, base, percent, *, vat=None):
    """An allowance, or with a percent below zero a charge. The percent decides, not the amount: what a cancellation
    takes back of a discount is an allowance with a negative amount.
    """
    is_charge = percent < 0
    amount, percent = (-discount, -percent) if is_charge else (discount, percent)
    found = _add(node, "SpecifiedTradeAllowanceCharge")
    _in(_add(found, "ChargeIndicator"), _UDT + "Indicator", "true" if is_charge else "false")
    if abs(base * percent / 100 - amount) <= TOLERANCE:  # percent and base only together (R041, R042)
        _put(found, "CalculationPercent", _plain(percent))  # BT-94, BT-101, BT-138, BT-143
        _put(found, "BasisAmount", _cents(base))  # BT-93, BT-100, BT-137, BT-142
    _put(found, "ActualAmount", _cents(amount))  # BT-92, BT-99, BT-136, BT-141
    code, reason = SURCHARGE if is_charge else DISCOUNT
    _put(found, "ReasonCode", code)  # BT-98, BT-105, BT-140, BT-145
    _put(found, "Reason", reason)  # BT-97, BT-104, BT-139, BT-144
    if vat:
        tax = _add(found, "CategoryTradeTax")
        _put(tax, "TypeCode", "VAT")
        _put(tax, "CategoryCode", vat.category)  # BT-95, BT-102
        _put(tax, "RateApplicablePercent", _plain(vat.rate))  # BT-96, BT-103


def _date(node, day: date):
    _in(node, _UDT + "DateTimeString", f"{day:%Y%m%d}", format="102")


def _add(node, name):
    """A new child that will hold others."""
    return etree.SubElement(node, _RAM + name)


def _put(node, name, text, **attributes):
    """A new child that holds a text. An empty text makes none: empty elements are errors."""
    if text:
        _in(node, _RAM + name, text, **attributes)


def _in(node, name, text=None, **attributes):
    found = etree.SubElement(node, name, **attributes)
    if text is not None:
        found.text = xml_text(text)
    return found


def xml_text(text: str) -> str:
    """The text without the characters XML cannot hold."""
    return _FORBIDDEN.sub("", text)


def _joined(*texts):
    return "\n".join(filter(None, texts))


def _compact(number):
    return re.sub(r"\s", "", number)


def _cents(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _comma(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


def _plain(value: Decimal, places: int = 0) -> str:
    """Without superfluous zeros and never in exponents, with at least `places` decimals."""
    text = f"{value.normalize() + 0:f}"
    decimals = len(text.partition(".")[2])
    return text if decimals >= places else f"{value:.{places}f}"

"""The structured invoice in the syntax of UN/CEFACT (CII), as it lies inside a ZUGFeRD / Factur-X PDF."""

from base64 import b64encode
from datetime import date

from lxml import etree

from billing.documents.einvoice.profiles import PROCESS
from billing.documents.einvoice.terms import Adjustment, Group, Item, Party, Terms
from billing.documents.einvoice.writing import Writer, cents, plain, serialized

_NAMESPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
_PAID_TO_DATE = "72"  # UNTDID 2475, BT-8
_xml = Writer(_NAMESPACES)
_add, _put = _xml.add, _xml.put


def write(terms: Terms) -> bytes:
    """The terms as XML bytes."""
    root = etree.Element(f"{{{_NAMESPACES['rsm']}}}CrossIndustryInvoice", nsmap=_NAMESPACES)
    context = _add(root, "rsm:ExchangedDocumentContext")
    _put(_add(context, "ram:BusinessProcessSpecifiedDocumentContextParameter"), "ram:ID", PROCESS)  # BT-23
    _put(_add(context, "ram:GuidelineSpecifiedDocumentContextParameter"), "ram:ID", terms.profile.guideline)  # BT-24
    head = _add(root, "rsm:ExchangedDocument")
    _put(head, "ram:ID", terms.number)
    _put(head, "ram:TypeCode", terms.type_code)
    _date(_add(head, "ram:IssueDateTime"), terms.issued_on)
    for note in terms.notes:
        _put(_add(head, "ram:IncludedNote"), "ram:Content", note)
    transaction = _add(root, "rsm:SupplyChainTradeTransaction")
    for item in terms.items:
        _line(_add(transaction, "ram:IncludedSupplyChainTradeLineItem"), item)
    _agreement(_add(transaction, "ram:ApplicableHeaderTradeAgreement"), terms)
    _delivery(_add(transaction, "ram:ApplicableHeaderTradeDelivery"), terms)
    _settlement(_add(transaction, "ram:ApplicableHeaderTradeSettlement"), terms)
    return serialized(root)


def _line(node, item: Item):
    head = _add(node, "ram:AssociatedDocumentLineDocument")
    _put(head, "ram:LineID", item.id)
    if item.note:
        _put(_add(head, "ram:IncludedNote"), "ram:Content", item.note)
    product = _add(node, "ram:SpecifiedTradeProduct")
    _put(product, "ram:Name", item.name)
    _put(product, "ram:Description", item.description)
    price = _add(_add(node, "ram:SpecifiedLineTradeAgreement"), "ram:NetPriceProductTradePrice")
    _put(price, "ram:ChargeAmount", plain(item.price, 2))
    delivery = _add(node, "ram:SpecifiedLineTradeDelivery")
    _put(delivery, "ram:BilledQuantity", plain(item.quantity), unitCode=item.unit_code)
    settlement = _add(node, "ram:SpecifiedLineTradeSettlement")
    _category(_add(settlement, "ram:ApplicableTradeTax"), item.vat)
    if item.adjustment:
        _adjustment(settlement, item.adjustment)
    summation = _add(settlement, "ram:SpecifiedTradeSettlementLineMonetarySummation")
    _put(summation, "ram:LineTotalAmount", cents(item.amount))


def _agreement(node, terms: Terms):
    _put(node, "ram:BuyerReference", terms.buyer_reference)
    _party(_add(node, "ram:SellerTradeParty"), terms.seller)
    _party(_add(node, "ram:BuyerTradeParty"), terms.buyer)
    for name, number in (("Seller", terms.sales_order), ("Buyer", terms.purchase_order)):
        if number:
            _put(_add(node, f"ram:{name}OrderReferencedDocument"), "ram:IssuerAssignedID", number)
    for each in terms.attachments:
        found = _add(node, "ram:AdditionalReferencedDocument")
        _put(found, "ram:IssuerAssignedID", each.id)
        _put(found, "ram:TypeCode", "916")  # a related document
        _put(found, "ram:Name", each.description)
        content = b64encode(each.content).decode()
        _put(found, "ram:AttachmentBinaryObject", content, mimeCode=each.mime_type, filename=each.name)


def _party(node, party: Party):
    _put(node, "ram:ID", party.identifier)
    _put(node, "ram:Name", party.name)
    _put(node, "ram:Description", party.legal_facts)
    if party.register_number or party.trading_name:
        organization = _add(node, "ram:SpecifiedLegalOrganization")
        _put(organization, "ram:ID", party.register_number)
        _put(organization, "ram:TradingBusinessName", party.trading_name)
    if party.contact or party.phone or party.email:
        contact = _add(node, "ram:DefinedTradeContact")
        _put(contact, "ram:PersonName", party.contact)
        if party.phone:
            _put(_add(contact, "ram:TelephoneUniversalCommunication"), "ram:CompleteNumber", party.phone)
        if party.email:
            _put(_add(contact, "ram:EmailURIUniversalCommunication"), "ram:URIID", party.email)
    address = _add(node, "ram:PostalTradeAddress")
    _put(address, "ram:PostcodeCode", party.postcode)
    _put(address, "ram:LineOne", party.street)
    _put(address, "ram:CityName", party.city)
    _put(address, "ram:CountryID", party.country)
    if party.endpoint:
        scheme, text = party.endpoint
        _put(_add(node, "ram:URIUniversalCommunication"), "ram:URIID", text, schemeID=scheme)
    for scheme, number in (("FC", party.tax_number), ("VA", party.vat_id)):
        if number:
            _put(_add(node, "ram:SpecifiedTaxRegistration"), "ram:ID", number, schemeID=scheme)


def _delivery(node, terms: Terms):
    # without a day there must be a place: the element is mandatory, and an empty one an error
    if country := terms.deliver_to or ("" if terms.supplied_on else terms.buyer.country):
        _put(_add(_add(node, "ram:ShipToTradeParty"), "ram:PostalTradeAddress"), "ram:CountryID", country)
    if terms.supplied_on:
        event = _add(node, "ram:ActualDeliverySupplyChainEvent")
        _date(_add(event, "ram:OccurrenceDateTime"), terms.supplied_on)


def _settlement(node, terms: Terms):
    _put(node, "ram:PaymentReference", terms.payment_reference)
    _put(node, "ram:InvoiceCurrencyCode", "EUR")  # BT-5
    means = _add(node, "ram:SpecifiedTradeSettlementPaymentMeans")
    _put(means, "ram:TypeCode", terms.means)
    if terms.account:
        account = _add(means, "ram:PayeePartyCreditorFinancialAccount")
        _put(account, "ram:IBANID", terms.account.iban)
        _put(account, "ram:AccountName", terms.account.holder)
        if terms.account.bic:
            _put(_add(means, "ram:PayeeSpecifiedCreditorFinancialInstitution"), "ram:BICID", terms.account.bic)
    for group in terms.groups:
        _group(_add(node, "ram:ApplicableTradeTax"), group, terms.tax_on_payment)
    if terms.period:
        period = _add(node, "ram:BillingSpecifiedPeriod")
        _date(_add(period, "ram:StartDateTime"), terms.period[0])
        _date(_add(period, "ram:EndDateTime"), terms.period[1])
    for adjustment in terms.adjustments:
        _adjustment(node, adjustment)
    if terms.payment_terms or terms.due_on:
        words = _add(node, "ram:SpecifiedTradePaymentTerms")
        _put(words, "ram:Description", terms.payment_terms)
        if terms.due_on:
            _date(_add(words, "ram:DueDateDateTime"), terms.due_on)
    _sums(_add(node, "ram:SpecifiedTradeSettlementHeaderMonetarySummation"), terms)
    # the schema that receivers check with (D16B) allows one; the names of the lines name the others
    for preceding in terms.preceding[-1:]:
        reference = _add(node, "ram:InvoiceReferencedDocument")
        _put(reference, "ram:IssuerAssignedID", preceding.number)
        issued = _add(reference, "ram:FormattedIssueDateTime")
        _put(issued, "qdt:DateTimeString", f"{preceding.issued_on:%Y%m%d}", format="102")


def _group(node, group: Group, tax_on_payment: bool):
    _put(node, "ram:CalculatedAmount", cents(group.tax))
    _put(node, "ram:TypeCode", "VAT")
    _put(node, "ram:ExemptionReason", group.reason)
    _put(node, "ram:BasisAmount", cents(group.net))
    _put(node, "ram:CategoryCode", group.vat.category)
    _put(node, "ram:ExemptionReasonCode", group.code)
    _put(node, "ram:DueDateTypeCode", _PAID_TO_DATE if tax_on_payment else "")
    _put(node, "ram:RateApplicablePercent", plain(group.vat.rate))


def _sums(node, terms: Terms):
    _put(node, "ram:LineTotalAmount", cents(terms.line_total))
    if terms.charges:
        _put(node, "ram:ChargeTotalAmount", cents(terms.charges))
    if terms.allowances:
        _put(node, "ram:AllowanceTotalAmount", cents(terms.allowances))
    _put(node, "ram:TaxBasisTotalAmount", cents(terms.net))
    _put(node, "ram:TaxTotalAmount", cents(terms.tax), currencyID="EUR")
    _put(node, "ram:GrandTotalAmount", cents(terms.gross))
    if terms.prepaid is not None:
        _put(node, "ram:TotalPrepaidAmount", cents(terms.prepaid))
    _put(node, "ram:DuePayableAmount", cents(terms.payable))


def _adjustment(node, adjustment: Adjustment):
    found = _add(node, "ram:SpecifiedTradeAllowanceCharge")
    _put(_add(found, "ram:ChargeIndicator"), "udt:Indicator", "true" if adjustment.is_charge else "false")
    if adjustment.base is not None and adjustment.percent is not None:
        _put(found, "ram:CalculationPercent", plain(adjustment.percent))
        _put(found, "ram:BasisAmount", cents(adjustment.base))
    _put(found, "ram:ActualAmount", cents(adjustment.amount))
    _put(found, "ram:ReasonCode", adjustment.code)
    _put(found, "ram:Reason", adjustment.reason)
    if adjustment.vat:
        _category(_add(found, "ram:CategoryTradeTax"), adjustment.vat)


def _category(node, vat):
    _put(node, "ram:TypeCode", "VAT")
    _put(node, "ram:CategoryCode", vat.category)
    if vat.category != "O":  # what is outside the tax has no rate (BR-O-05)
        _put(node, "ram:RateApplicablePercent", plain(vat.rate))


def _date(node, day: date):
    _put(node, "udt:DateTimeString", f"{day:%Y%m%d}", format="102")

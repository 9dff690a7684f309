"""The structured invoice in the syntax of OASIS UBL 2.1: an XRechnung, which travels without a PDF around it."""

from base64 import b64encode

from lxml import etree

from billing.documents.einvoice.profiles import PROCESS
from billing.documents.einvoice.terms import Adjustment, Group, Item, Party, Terms
from billing.documents.einvoice.writing import Writer, cents, plain, serialized

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_NAMESPACES = {"cac": f"{_UBL}CommonAggregateComponents-2", "cbc": f"{_UBL}CommonBasicComponents-2"}
_PAID_TO_DATE = "432"  # UNTDID 2005, BT-8
_NO_ORDER = "NA"  # BT-13 must be there where BT-14 is; what Peppol says instead of one
_xml = Writer(_NAMESPACES)
_add, _put = _xml.add, _xml.put


def write(terms: Terms) -> bytes:
    """The terms as XML bytes; a credit note has a document class of its own."""
    kind = "CreditNote" if terms.is_credit_note else "Invoice"
    names = dict([(None, f"{_UBL}{kind}-2"), *_NAMESPACES.items()])
    root = etree.Element(f"{{{_UBL}{kind}-2}}{kind}", nsmap=names)  # type: ignore[arg-type]  # None: the default one
    _put(root, "cbc:CustomizationID", terms.profile.guideline)  # BT-24
    _put(root, "cbc:ProfileID", PROCESS)  # BT-23
    _put(root, "cbc:ID", terms.number)
    _put(root, "cbc:IssueDate", terms.issued_on.isoformat())
    if terms.due_on and not terms.is_credit_note:
        _put(root, "cbc:DueDate", terms.due_on.isoformat())
    _put(root, f"cbc:{kind}TypeCode", terms.type_code)
    for note in terms.notes:
        _put(root, "cbc:Note", note)
    _put(root, "cbc:DocumentCurrencyCode", "EUR")  # BT-5
    _put(root, "cbc:BuyerReference", terms.buyer_reference)
    _period(root, terms)
    if terms.purchase_order or terms.sales_order:
        order = _add(root, "cac:OrderReference")
        _put(order, "cbc:ID", terms.purchase_order or _NO_ORDER)
        _put(order, "cbc:SalesOrderID", terms.sales_order)
    for preceding in terms.preceding:
        reference = _add(_add(root, "cac:BillingReference"), "cac:InvoiceDocumentReference")
        _put(reference, "cbc:ID", preceding.number)
        _put(reference, "cbc:IssueDate", preceding.issued_on.isoformat())
    for each in terms.attachments:
        found = _add(root, "cac:AdditionalDocumentReference")
        _put(found, "cbc:ID", each.id)
        _put(found, "cbc:DocumentDescription", each.description)
        content = b64encode(each.content).decode()
        holder = _add(found, "cac:Attachment")
        _put(holder, "cbc:EmbeddedDocumentBinaryObject", content, mimeCode=each.mime_type, filename=each.name)
    _party(_add(_add(root, "cac:AccountingSupplierParty"), "cac:Party"), terms.seller)
    _party(_add(_add(root, "cac:AccountingCustomerParty"), "cac:Party"), terms.buyer)
    _delivery(root, terms)
    _payment(root, terms)
    for adjustment in terms.adjustments:
        _adjustment(root, adjustment)
    total = _add(root, "cac:TaxTotal")
    _money(total, "cbc:TaxAmount", terms.tax)
    for group in terms.groups:
        _group(_add(total, "cac:TaxSubtotal"), group)
    _sums(_add(root, "cac:LegalMonetaryTotal"), terms)
    quantity = "CreditedQuantity" if terms.is_credit_note else "InvoicedQuantity"
    for item in terms.items:
        _line(_add(root, f"cac:{kind}Line"), item, quantity)
    return serialized(root)


def _period(node, terms: Terms):
    if not (terms.period or terms.tax_on_payment):
        return
    period = _add(node, "cac:InvoicePeriod")
    if terms.period:
        _put(period, "cbc:StartDate", terms.period[0].isoformat())
        _put(period, "cbc:EndDate", terms.period[1].isoformat())
    _put(period, "cbc:DescriptionCode", _PAID_TO_DATE if terms.tax_on_payment else "")


def _party(node, party: Party):
    if party.endpoint:
        scheme, text = party.endpoint
        _put(node, "cbc:EndpointID", text, schemeID=scheme)
    if party.identifier:
        _put(_add(node, "cac:PartyIdentification"), "cbc:ID", party.identifier)
    if party.trading_name:
        _put(_add(node, "cac:PartyName"), "cbc:Name", party.trading_name)
    address = _add(node, "cac:PostalAddress")
    _put(address, "cbc:StreetName", party.street)
    _put(address, "cbc:CityName", party.city)
    _put(address, "cbc:PostalZone", party.postcode)
    _put(_add(address, "cac:Country"), "cbc:IdentificationCode", party.country)
    for scheme, number in (("VAT", party.vat_id), ("FC", party.tax_number)):
        if number:
            registration = _add(node, "cac:PartyTaxScheme")
            _put(registration, "cbc:CompanyID", number)
            _put(_add(registration, "cac:TaxScheme"), "cbc:ID", scheme)
    legal = _add(node, "cac:PartyLegalEntity")
    _put(legal, "cbc:RegistrationName", party.name)
    _put(legal, "cbc:CompanyID", party.register_number)
    _put(legal, "cbc:CompanyLegalForm", party.legal_facts)
    if party.contact or party.phone or party.email:
        contact = _add(node, "cac:Contact")
        _put(contact, "cbc:Name", party.contact)
        _put(contact, "cbc:Telephone", party.phone)
        _put(contact, "cbc:ElectronicMail", party.email)


def _delivery(root, terms: Terms):
    if not (terms.supplied_on or terms.deliver_to):
        return
    delivery = _add(root, "cac:Delivery")
    if terms.supplied_on:
        _put(delivery, "cbc:ActualDeliveryDate", terms.supplied_on.isoformat())
    if terms.deliver_to:
        address = _add(_add(delivery, "cac:DeliveryLocation"), "cac:Address")
        _put(_add(address, "cac:Country"), "cbc:IdentificationCode", terms.deliver_to)


def _payment(root, terms: Terms):
    means = _add(root, "cac:PaymentMeans")
    _put(means, "cbc:PaymentMeansCode", terms.means)
    if terms.due_on and terms.is_credit_note:
        _put(means, "cbc:PaymentDueDate", terms.due_on.isoformat())
    _put(means, "cbc:PaymentID", terms.payment_reference)
    if terms.account:
        account = _add(means, "cac:PayeeFinancialAccount")
        _put(account, "cbc:ID", terms.account.iban)
        _put(account, "cbc:Name", terms.account.holder)
        if terms.account.bic:
            _put(_add(account, "cac:FinancialInstitutionBranch"), "cbc:ID", terms.account.bic)
    if terms.payment_terms:
        _put(_add(root, "cac:PaymentTerms"), "cbc:Note", terms.payment_terms)


def _adjustment(node, adjustment: Adjustment):
    found = _add(node, "cac:AllowanceCharge")
    _put(found, "cbc:ChargeIndicator", "true" if adjustment.is_charge else "false")
    _put(found, "cbc:AllowanceChargeReasonCode", adjustment.code)
    _put(found, "cbc:AllowanceChargeReason", adjustment.reason)
    if adjustment.base is not None and adjustment.percent is not None:
        _put(found, "cbc:MultiplierFactorNumeric", plain(adjustment.percent))
    _money(found, "cbc:Amount", adjustment.amount)
    if adjustment.base is not None and adjustment.percent is not None:
        _money(found, "cbc:BaseAmount", adjustment.base)
    if adjustment.vat:
        _category(_add(found, "cac:TaxCategory"), adjustment.vat)


def _group(node, group: Group):
    _money(node, "cbc:TaxableAmount", group.net)
    _money(node, "cbc:TaxAmount", group.tax)
    category = _add(node, "cac:TaxCategory")
    _put(category, "cbc:ID", group.vat.category)
    _put(category, "cbc:Percent", plain(group.vat.rate))
    _put(category, "cbc:TaxExemptionReasonCode", group.code)
    _put(category, "cbc:TaxExemptionReason", group.reason)
    _put(_add(category, "cac:TaxScheme"), "cbc:ID", "VAT")


def _sums(node, terms: Terms):
    _money(node, "cbc:LineExtensionAmount", terms.line_total)
    _money(node, "cbc:TaxExclusiveAmount", terms.net)
    _money(node, "cbc:TaxInclusiveAmount", terms.gross)
    if terms.allowances:
        _money(node, "cbc:AllowanceTotalAmount", terms.allowances)
    if terms.charges:
        _money(node, "cbc:ChargeTotalAmount", terms.charges)
    if terms.prepaid is not None:
        _money(node, "cbc:PrepaidAmount", terms.prepaid)
    _money(node, "cbc:PayableAmount", terms.payable)


def _line(node, item: Item, quantity: str):
    _put(node, "cbc:ID", item.id)
    _put(node, "cbc:Note", item.note)
    _put(node, f"cbc:{quantity}", plain(item.quantity), unitCode=item.unit_code)
    _money(node, "cbc:LineExtensionAmount", item.amount)
    if item.adjustment:
        _adjustment(node, item.adjustment)
    product = _add(node, "cac:Item")
    _put(product, "cbc:Description", item.description)
    _put(product, "cbc:Name", item.name)
    _category(_add(product, "cac:ClassifiedTaxCategory"), item.vat)
    _put(_add(node, "cac:Price"), "cbc:PriceAmount", plain(item.price, 2), currencyID="EUR")


def _category(node, vat):
    _put(node, "cbc:ID", vat.category)
    if vat.category != "O":  # what is outside the tax has no rate (BR-O-05)
        _put(node, "cbc:Percent", plain(vat.rate))
    _put(_add(node, "cac:TaxScheme"), "cbc:ID", "VAT")


def _money(node, name, amount):
    _put(node, name, cents(amount), currencyID="EUR")

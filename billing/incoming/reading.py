"""From the XML of an invoice, UBL or CII, to what it says."""

import re
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from lxml import etree

from accounts.refusals import Refusal
from billing.incoming import profiles
from billing.incoming.content import Rate, Received, Row, Somebody

MOST_ROWS = 5000
LONGEST = 2000  # signs of one text

_AMOUNT = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,10})?")
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_CII = "urn:un:unece:uncefact:data:standard:"
_NAMES = {
    "cac": f"{_UBL}CommonAggregateComponents-2",
    "cbc": f"{_UBL}CommonBasicComponents-2",
    "rsm": f"{_CII}CrossIndustryInvoice:100",
    "ram": f"{_CII}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_CII}UnqualifiedDataType:100",
    "qdt": f"{_CII}QualifiedDataType:100",
}


def read(root: etree._Element) -> Received:
    """What the invoice says. Raises Refusal (field "file") for XML that is none, and for a profile nobody knows."""
    if root.tag == f"{{{_NAMES['rsm']}}}CrossIndustryInvoice":
        return _checked(_Cii(root).received())
    for kind in ("Invoice", "CreditNote"):
        if root.tag == f"{{{_UBL}{kind}-2}}{kind}":
            return _checked(_Ubl(root, kind).received())
    raise Refusal(_("Dieses XML ist keine Rechnung, die wir kennen (UBL 2.1 oder CII)."), field="file")


def _checked(received: Received) -> Received:
    if profiles.known(received.guideline) is None:
        raise Refusal(
            _("Profil unbekannt. Bitten Sie den Absender um eine XRechnung oder ZUGFeRD ab 2.0."), field="file"
        )
    return received


class _Reader:
    """Looks values up by path; what cannot be read is noted by its name."""

    def __init__(self, root):
        self.root = root
        self.unreadable: list[str] = []

    def nodes(self, path, node=None):
        found = (self.root if node is None else node).xpath(path, namespaces=_NAMES)
        return found[:MOST_ROWS]

    def text(self, path, node=None) -> str:
        """The first text found there, without what XML's line breaks add."""
        for found in self.nodes(path, node):
            words = found if isinstance(found, str) else "".join(found.itertext())
            return words.strip()[:LONGEST]
        return ""

    def texts(self, path) -> tuple[str, ...]:
        found = ("".join(each.itertext()).strip()[:LONGEST] for each in self.nodes(path))
        return tuple(each for each in found if each)[:100]

    def amount(self, path, node=None) -> Decimal | None:
        text = self.text(path, node)
        if not text:
            return None
        if not _AMOUNT.fullmatch(text):
            return self._note(path)
        return Decimal(text)

    def day(self, path, node=None) -> date | None:
        text = self.text(path, node)
        if not text:
            return None
        digits = text.replace("-", "")[:8]
        try:
            found = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
        except ValueError:
            return self._note(path)
        return found if 1990 <= found.year <= 2100 else self._note(path)

    def total(self, add, subtract) -> Decimal | None:
        """The sum of the charges less that of the allowances found there."""
        found = [(1, node) for node in self.nodes(add)] + [(-1, node) for node in self.nodes(subtract)]
        amounts = [(sign, self.amount(".", node)) for sign, node in found]
        return sum((sign * amount for sign, amount in amounts if amount is not None), Decimal(0)) if found else None

    def _note(self, path):
        name = re.sub(r"\[[^]]*\]", "", path).replace(":", "/").split("/")
        self.unreadable.append(
            next((part for part in reversed(name) if part not in (".", "..", "DateTimeString")), path)
        )


class _Cii(_Reader):
    def received(self) -> Received:
        head, trade = "rsm:ExchangedDocument", "rsm:SupplyChainTradeTransaction"
        agreement, delivery, settlement = (
            f"{trade}/ram:ApplicableHeaderTrade{name}" for name in ("Agreement", "Delivery", "Settlement")
        )
        sums = f"{settlement}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
        terms = f"{settlement}/ram:SpecifiedTradePaymentTerms"
        means = f"{settlement}/ram:SpecifiedTradeSettlementPaymentMeans"
        charges = f"{settlement}/ram:SpecifiedTradeAllowanceCharge"
        guideline = self.text("rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID")
        day = "udt:DateTimeString"
        currency = self.text(f"{settlement}/ram:InvoiceCurrencyCode")
        return Received(
            syntax="cii",
            guideline=guideline,
            profile=_name_of(guideline),
            number=self.text(f"{head}/ram:ID"),
            type_code=self.text(f"{head}/ram:TypeCode"),
            currency=currency,
            issued_on=self.day(f"{head}/ram:IssueDateTime/{day}"),
            due_on=self.day(f"{terms}/ram:DueDateDateTime/{day}"),
            supplied_on=self.day(f"{delivery}/ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/{day}"),
            service_from=self.day(f"{settlement}/ram:BillingSpecifiedPeriod/ram:StartDateTime/{day}"),
            service_until=self.day(f"{settlement}/ram:BillingSpecifiedPeriod/ram:EndDateTime/{day}"),
            seller=self._somebody(f"{agreement}/ram:SellerTradeParty"),
            buyer=self._somebody(f"{agreement}/ram:BuyerTradeParty"),
            buyer_reference=self.text(f"{agreement}/ram:BuyerReference"),
            order_number=self.text(f"{agreement}/ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"),
            preceding=self.texts(f"{settlement}/ram:InvoiceReferencedDocument/ram:IssuerAssignedID"),
            notes=self.texts(f"{head}/ram:IncludedNote/ram:Content"),
            payment_terms=self.text(f"{terms}/ram:Description"),
            payment_reference=self.text(f"{settlement}/ram:PaymentReference"),
            iban=self.text(f"{means}/ram:PayeePartyCreditorFinancialAccount/ram:IBANID"),
            account_holder=self.text(f"{means}/ram:PayeePartyCreditorFinancialAccount/ram:AccountName"),
            rows=tuple(self._row(node) for node in self.nodes(f"{trade}/ram:IncludedSupplyChainTradeLineItem")),
            rates=tuple(self._rate(node) for node in self.nodes(f"{settlement}/ram:ApplicableTradeTax")),
            adjustments=self.total(
                f"{charges}[ram:ChargeIndicator/udt:Indicator='true']/ram:ActualAmount",
                f"{charges}[ram:ChargeIndicator/udt:Indicator='false']/ram:ActualAmount",
            ),
            line_total=self.amount(f"{sums}/ram:LineTotalAmount"),
            net=self.amount(f"{sums}/ram:TaxBasisTotalAmount"),
            tax=self.amount(f"{sums}/ram:TaxTotalAmount[not(@currencyID) or @currencyID='{_plain(currency)}']"),
            gross=self.amount(f"{sums}/ram:GrandTotalAmount"),
            prepaid=self.amount(f"{sums}/ram:TotalPrepaidAmount"),
            rounding=self.amount(f"{sums}/ram:RoundingAmount"),
            payable=self.amount(f"{sums}/ram:DuePayableAmount"),
            attachments=self.texts(f"{agreement}/ram:AdditionalReferencedDocument/ram:Name"),
            unreadable=tuple(dict.fromkeys(self.unreadable)),
        )

    def _somebody(self, path) -> Somebody:
        address = f"{path}/ram:PostalTradeAddress"
        contact = f"{path}/ram:DefinedTradeContact"
        return Somebody(
            name=self.text(f"{path}/ram:Name"),
            street=self.text(f"{address}/ram:LineOne"),
            postcode=self.text(f"{address}/ram:PostcodeCode"),
            city=self.text(f"{address}/ram:CityName"),
            country=self.text(f"{address}/ram:CountryID"),
            vat_id=self.text(f"{path}/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']"),
            tax_number=self.text(f"{path}/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='FC']"),
            contact=self.text(f"{contact}/ram:PersonName"),
            phone=self.text(f"{contact}/ram:TelephoneUniversalCommunication/ram:CompleteNumber"),
            email=self.text(f"{contact}/ram:EmailURIUniversalCommunication/ram:URIID"),
        )

    def _row(self, node) -> Row:
        agreement, settlement = "ram:SpecifiedLineTradeAgreement", "ram:SpecifiedLineTradeSettlement"
        price = f"{agreement}/ram:NetPriceProductTradePrice"
        quantity = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
        tax = f"{settlement}/ram:ApplicableTradeTax"
        changes = [
            (1 if self.text("ram:ChargeIndicator/udt:Indicator", each) == "true" else -1, each)
            for each in self.nodes(f"{settlement}/ram:SpecifiedTradeAllowanceCharge", node)
        ]
        found = [sign * (self.amount("ram:ActualAmount", each) or Decimal(0)) for sign, each in changes]
        return Row(
            id=self.text("ram:AssociatedDocumentLineDocument/ram:LineID", node),
            name=self.text("ram:SpecifiedTradeProduct/ram:Name", node),
            description=self.text("ram:SpecifiedTradeProduct/ram:Description", node),
            note=self.text("ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content", node),
            quantity=self.amount(quantity, node),
            unit_code=self.text(f"{quantity}/@unitCode", node),
            price=self.amount(f"{price}/ram:ChargeAmount", node),
            price_per=self.amount(f"{price}/ram:BasisQuantity", node),
            adjustment=sum(found, Decimal(0)) if found else None,
            amount=self.amount(
                f"{settlement}/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount", node
            ),
            category=self.text(f"{tax}/ram:CategoryCode", node),
            rate=self.amount(f"{tax}/ram:RateApplicablePercent", node),
        )

    def _rate(self, node) -> Rate:
        return Rate(
            category=self.text("ram:CategoryCode", node),
            rate=self.amount("ram:RateApplicablePercent", node),
            net=self.amount("ram:BasisAmount", node),
            tax=self.amount("ram:CalculatedAmount", node),
            reason=self.text("ram:ExemptionReason", node),
        )


class _Ubl(_Reader):
    def __init__(self, root, kind):
        super().__init__(root)
        self.kind = kind

    def received(self) -> Received:
        sums, means = "cac:LegalMonetaryTotal", "cac:PaymentMeans"
        currency = self.text("cbc:DocumentCurrencyCode")
        tax = f"cac:TaxTotal[cbc:TaxAmount/@currencyID='{_plain(currency)}']"
        order = self.text("cac:OrderReference/cbc:ID")
        guideline = self.text("cbc:CustomizationID")
        return Received(
            syntax="ubl",
            guideline=guideline,
            profile=_name_of(guideline),
            number=self.text("cbc:ID"),
            type_code=self.text(f"cbc:{self.kind}TypeCode"),
            currency=currency,
            issued_on=self.day("cbc:IssueDate"),
            due_on=self.day("cbc:DueDate") or self.day(f"{means}/cbc:PaymentDueDate"),
            supplied_on=self.day("cac:Delivery/cbc:ActualDeliveryDate"),
            service_from=self.day("cac:InvoicePeriod/cbc:StartDate"),
            service_until=self.day("cac:InvoicePeriod/cbc:EndDate"),
            seller=self._somebody("cac:AccountingSupplierParty/cac:Party"),
            buyer=self._somebody("cac:AccountingCustomerParty/cac:Party"),
            buyer_reference=self.text("cbc:BuyerReference"),
            order_number="" if order == "NA" else order,
            preceding=self.texts("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"),
            notes=self.texts("cbc:Note"),
            payment_terms=self.text("cac:PaymentTerms/cbc:Note"),
            payment_reference=self.text(f"{means}/cbc:PaymentID"),
            iban=self.text(f"{means}/cac:PayeeFinancialAccount/cbc:ID"),
            account_holder=self.text(f"{means}/cac:PayeeFinancialAccount/cbc:Name"),
            rows=tuple(self._row(node) for node in self.nodes(f"cac:{self.kind}Line")),
            rates=tuple(self._rate(node) for node in self.nodes(f"{tax}/cac:TaxSubtotal")),
            adjustments=self.total(
                "cac:AllowanceCharge[cbc:ChargeIndicator='true']/cbc:Amount",
                "cac:AllowanceCharge[cbc:ChargeIndicator='false']/cbc:Amount",
            ),
            line_total=self.amount(f"{sums}/cbc:LineExtensionAmount"),
            net=self.amount(f"{sums}/cbc:TaxExclusiveAmount"),
            tax=self.amount(f"{tax}/cbc:TaxAmount"),
            gross=self.amount(f"{sums}/cbc:TaxInclusiveAmount"),
            prepaid=self.amount(f"{sums}/cbc:PrepaidAmount"),
            rounding=self.amount(f"{sums}/cbc:PayableRoundingAmount"),
            payable=self.amount(f"{sums}/cbc:PayableAmount"),
            attachments=self.texts("cac:AdditionalDocumentReference/cbc:DocumentDescription"),
            unreadable=tuple(dict.fromkeys(self.unreadable)),
        )

    def _somebody(self, path) -> Somebody:
        address, contact = f"{path}/cac:PostalAddress", f"{path}/cac:Contact"
        scheme = f"{path}/cac:PartyTaxScheme"
        return Somebody(
            name=self.text(f"{path}/cac:PartyLegalEntity/cbc:RegistrationName")
            or self.text(f"{path}/cac:PartyName/cbc:Name"),
            street=self.text(f"{address}/cbc:StreetName"),
            postcode=self.text(f"{address}/cbc:PostalZone"),
            city=self.text(f"{address}/cbc:CityName"),
            country=self.text(f"{address}/cac:Country/cbc:IdentificationCode"),
            vat_id=self.text(f"{scheme}[cac:TaxScheme/cbc:ID='VAT']/cbc:CompanyID"),
            tax_number=self.text(f"{scheme}[cac:TaxScheme/cbc:ID!='VAT']/cbc:CompanyID"),
            contact=self.text(f"{contact}/cbc:Name"),
            phone=self.text(f"{contact}/cbc:Telephone"),
            email=self.text(f"{contact}/cbc:ElectronicMail"),
        )

    def _row(self, node) -> Row:
        quantity = "cbc:CreditedQuantity" if self.kind == "CreditNote" else "cbc:InvoicedQuantity"
        tax = "cac:Item/cac:ClassifiedTaxCategory"
        found = [
            (1 if self.text("cbc:ChargeIndicator", each) == "true" else -1)
            * (self.amount("cbc:Amount", each) or Decimal(0))
            for each in self.nodes("cac:AllowanceCharge", node)
        ]
        return Row(
            id=self.text("cbc:ID", node),
            name=self.text("cac:Item/cbc:Name", node),
            description=self.text("cac:Item/cbc:Description", node),
            note=self.text("cbc:Note", node),
            quantity=self.amount(quantity, node),
            unit_code=self.text(f"{quantity}/@unitCode", node),
            price=self.amount("cac:Price/cbc:PriceAmount", node),
            price_per=self.amount("cac:Price/cbc:BaseQuantity", node),
            adjustment=sum(found, Decimal(0)) if found else None,
            amount=self.amount("cbc:LineExtensionAmount", node),
            category=self.text(f"{tax}/cbc:ID", node),
            rate=self.amount(f"{tax}/cbc:Percent", node),
        )

    def _rate(self, node) -> Rate:
        category = "cac:TaxCategory"
        return Rate(
            category=self.text(f"{category}/cbc:ID", node),
            rate=self.amount(f"{category}/cbc:Percent", node),
            net=self.amount("cbc:TaxableAmount", node),
            tax=self.amount("cbc:TaxAmount", node),
            reason=self.text(f"{category}/cbc:TaxExemptionReason", node),
        )


def _name_of(guideline: str) -> str:
    found = profiles.known(guideline)
    return found.name if found else ""


def _plain(currency: str) -> str:
    """A currency code that may stand in a path; of anything else nothing is found."""
    return currency if re.fullmatch(r"[A-Z]{3}", currency) else ""

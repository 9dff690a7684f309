"""From rows to a document: the one place where what is in the database becomes what is frozen, printed and sent."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import formats
from accounts.refusals import Refusal
from billing import construction_withholding, estimate_texts, invoice_terms, tax, tax_cases, tax_decisions
from billing.documents.model import (
    Buyer,
    BuyerKind,
    CostPart,
    Document,
    DocumentLine,
    Kind,
    LineKind,
    Reference,
    Seller,
    calculated,
)
from billing.models.fields import Unit
from billing.money import VAT_EXEMPT, CostKind, PriceMode
from billing.tax_cases import TaxCase
from crm import recipients

# the final invoice says it for the whole work, so that nothing is claimed twice (R18)
WITHOUT_LABOUR = frozenset({Kind.PART_PAYMENT, Kind.REDUCTION})
LARGEST_SUM = Decimal(1_000_000_000)  # euros; what the columns for totals hold, with room to spare


def seller(business, *, on, contact_name="") -> Seller:
    """The business as it is on a day."""
    return Seller(
        name=business.name,
        legal_name=business.legal_name,
        owner=business.owner_name,
        legal_form=business.legal_form,
        street=business.street,
        postcode=business.postcode,
        city=business.city,
        country=business.country,
        phone=business.phone,
        email=business.email,
        website=business.website,
        contact_name=contact_name or business.owner_name,
        tax_number=business.tax_number,
        vat_id=business.vat_id,
        register_court=business.register_court,
        register_number=business.register_number,
        account_holder=business.account_holder,
        iban=business.iban.replace(" ", ""),
        bic=business.bic,
        small_business=business.is_small_business(on=on),
        brand=business.brand,
    )


def buyer(customer, *, at=None) -> Buyer:
    """The customer as he is now; the document keeps this copy whatever changes later (R51). `at` is another address of his
    that the document goes to.
    """
    place = at or customer
    contact_name = at.addressee if at else ""
    return Buyer(
        name=customer.name,
        kind=BuyerKind(customer.kind),
        contact_name=contact_name or (customer.person_name if customer.company_name else ""),
        street=place.street,
        postcode=place.postcode,
        city=place.city,
        country=place.country,
        customer_number=str(customer.number),
        vat_id=customer.vat_id,
        registration_number=customer.registration_number,
        leitweg_id=customer.leitweg_id,
        email=customer.email,
    )


def billed_buyer(customer) -> Buyer:
    """The customer where invoices go: his billing address and whoever gets them, where there is one."""
    where = recipients.for_invoices(customer)
    return replace(buyer(customer, at=customer.billing_site), email=where or customer.email)


def lines(rows, *, small_business, language=None, vat=None) -> tuple[DocumentLine, ...]:
    """The rows numbered 1, 1.1, 1.2 … below their headings (1, 2, 3 … where there is none).

    A small business has one VAT category for everything (§ 19 UStG), and so has an invoice whose tax case fixes its
    `vat`. Units are named in the reader's `language`; without one, in that of whoever looks.
    """
    with translation.override(language or translation.get_language()):
        return tuple(_lines(list(rows), VAT_EXEMPT if small_business else vat))


def _lines(rows, fixed_vat):
    has_sections = any(row.kind == LineKind.SECTION for row in rows)
    found, section, item, is_title_counted = [], 0, 0, True
    for row in rows:
        position = ""
        is_counted = getattr(row, "is_counted", True)
        if row.kind == LineKind.SECTION:
            section, item = section + 1, 0
            is_title_counted = is_counted
            position = str(section)
        elif row.kind == LineKind.ITEM:
            item += 1
            position = f"{section}.{item}" if has_sections else str(item)
        line = DocumentLine(
            position,
            LineKind(row.kind),
            row.text,
            row.description,
            alternative_set=getattr(row, "alternative_set", ""),
            is_optional=getattr(row, "is_optional", False),
            option_group=getattr(row, "option_group", ""),
            max_quantity=getattr(row, "max_quantity", None) or 0,
            is_counted=is_counted and is_title_counted,
        )
        if row.kind == LineKind.ITEM:
            parts = sorted(row.cost_split.items())
            line = replace(
                line,
                quantity=row.quantity,
                unit=str(Unit(row.unit).label),
                unit_code=row.unit,
                unit_price=row.unit_price,
                discount_percent=row.discount_percent,
                vat=fixed_vat or row.vat,
                cost_kind=CostKind(row.cost_kind),
                cost_split=tuple(CostPart(CostKind(kind), Decimal(part)) for kind, part in parts),
            )
        found.append(line)
    return found


def of_quote(quote, *, contact_name="", rows=None) -> Document:
    """The quote with its preselected choices; `rows` stand in for the stored ones while they are being written."""
    today = timezone.localdate()
    firm = seller(quote.business, on=today, contact_name=contact_name)
    # § 19 UStG goes before every other case: a small business has nothing to decide
    case = TaxCase.DOMESTIC if firm.small_business else TaxCase(quote.tax_case)
    document = Document(
        kind=Kind.QUOTE,
        title=own_word(quote),
        seller=firm,
        buyer=buyer(quote.customer),
        number=quote.number,
        version=quote.version,
        issued_on=today,
        language=quote.customer.language,
        subject=quote.title,
        site=str(quote.site) if quote.site else "",
        intro=quote.intro,
        closing=quote.closing,
        mode=PriceMode(quote.mode),
        lines=lines(
            quote.lines.all() if rows is None else rows,
            small_business=firm.small_business,
            language=quote.customer.language,
            vat=tax_cases.vat(case, today),
        ),
        discount_percent=quote.discount_percent,
        payment_terms=quote.payment_terms,
        valid_until=quote.valid_until,
        order_number=quote.amends.number if quote.amends else "",
        tax_case=case.value,
        exemption=tax_decisions.of(quote).exemption if case == TaxCase.EXEMPT else "",
        deliver_to=tax_decisions.of(quote).deliver_to if case in tax_cases.GOODS else "",
    )
    return with_estimate_note(with_notes(calculated(document)), quote)


def own_word(quote) -> str:
    """The word over a Kostenvoranschlag or a change order, in the customer's language; empty: the word for a quote."""
    with translation.override(quote.customer.language):
        if quote.amends_id:
            return _("Nachtrag")
        return _("Kostenvoranschlag") if quote.kind == quote.Kind.ESTIMATE else ""


def with_estimate_note(document: Document, quote) -> Document:
    """What a Kostenvoranschlag, and an order that follows from one, says about its sum (§ 649 BGB, R75)."""
    if quote is None or quote.kind != quote.Kind.ESTIMATE:
        return document
    return replace(document, notes=(*document.notes, estimate_texts.note(document.language).text))


def of_order(order, chosen: Document, *, number: str) -> Document:
    """The order confirmation: what was chosen, under the order's number."""
    document = with_notes(
        replace(
            chosen,
            kind=Kind.ORDER_CONFIRMATION,
            title="",
            number=number,
            issued_on=timezone.localdate(),
            intro="",
            closing="",
            notes=(),
            valid_until=None,
            buyer_reference=order.buyer_reference,
            quote_number=chosen.number or "",
        )
    )
    return with_estimate_note(document, order.quote)


def of_invoice(invoice, *, number=None, issued_on=None, contact_name="", rows=None) -> Document:
    """The invoice as it would be issued now. Without a number it is the draft's preview; `rows` as in `of_quote`."""
    day = issued_on or timezone.localdate()
    due_on = day + timedelta(days=invoice.payment_days)
    supplied_on = invoice.service_until or invoice.service_from or day
    firm = seller(invoice.business, on=supplied_on, contact_name=contact_name)
    decision = tax_decisions.of(invoice)
    document = Document(
        kind=Kind(invoice.kind),
        seller=firm,
        buyer=billed_buyer(invoice.customer),
        number=number or invoice.number,
        issued_on=day,
        language=invoice.customer.language,
        subject=invoice.title,
        intro=invoice.intro,
        mode=PriceMode(invoice.mode),
        lines=lines(
            invoice.lines.all() if rows is None else rows,
            small_business=firm.small_business,
            language=invoice.customer.language,
            vat=tax_cases.vat(invoice.tax_case, supplied_on),
        ),
        discount_percent=invoice.discount_percent,
        service_from=invoice.service_from,
        service_until=invoice.service_until,
        due_on=due_on,
        payment_terms=payment_terms(due_on, invoice.customer.language),
        buyer_reference=invoice.buyer_reference or invoice.customer.leitweg_id,
        order_number=invoice.order.number if invoice.order else "",
        quote_number=(invoice.order.quote.number or "") if invoice.order and invoice.order.quote else "",
        tax_case=invoice.tax_case,
        exemption=decision.exemption if invoice.tax_case == TaxCase.EXEMPT else "",
        is_construction=tax_decisions.is_building_work(invoice),
        deliver_to=decision.deliver_to if invoice.tax_case in tax_cases.GOODS else "",
    )
    # § 35a EStG is for work in the household of a private customer (R18)
    labour = invoice.customer.is_consumer and invoice.is_property_work and invoice.kind not in WITHOUT_LABOUR
    document = with_notes(
        calculated(document, labour=labour), property_work=invoice.is_property_work,
        certificate=construction_withholding.certificate_for(invoice, on=day),
    )  # fmt: skip
    return invoice_terms.added(document, invoice)


def of_cancellation(original: Document, *, number: str, reason: str) -> Document:
    """The Stornorechnung: the original's own parties and rows with quantities times minus one (R23)."""
    if original.number is None or original.issued_on is None:
        raise ValueError("only an issued invoice can be cancelled")
    mirrored = tuple(replace(line, quantity=-line.quantity) if line.is_item else line for line in original.lines)
    return with_notes(
        calculated(
            replace(
                original,
                kind=Kind.CANCELLATION,
                title=_cancelled_word(original),
                number=number,
                issued_on=timezone.localdate(),
                intro="",
                lines=mirrored,
                deductions=tuple(replace(each, net=-each.net, tax=-each.tax) for each in original.deductions),
                skonto=None,
                retention=None,
                due_on=None,
                payment_terms="",
                preceding=Reference(original.number, original.issued_on),
                reason=reason,
                notes=(),
                labour=None,
            )
        )
    )


def _cancelled_word(original):
    """What is cancelled, where it is no invoice."""
    if original.kind != Kind.REDUCTION:
        return ""
    with translation.override(original.language):
        return _("Storno des Preisnachlasses")


def refuse_too_large(document: Document) -> None:
    """Raise Refusal when the rows together cost more than a document may, whatever of them is chosen."""
    if sum(abs(line.amount) for line in document.lines) > LARGEST_SUM:
        raise Refusal(_("Die Summe ist zu groß. Bitte prüfen Sie Mengen und Preise."), field="lines")


def payment_terms(due_on, language: str) -> str:
    """The sentence about when to pay."""
    with translation.override(language):
        return str(_("Zahlbar bis %(day)s ohne Abzug.") % {"day": formats.day_long(due_on)})


def with_notes(document: Document, *, property_work=False, certificate=None) -> Document:
    """The document with the sentences the law asks for on its day; `certificate` as a document for a builder names it."""
    found = tax.notes_for(
        document.kind,
        on=document.issued_on or timezone.localdate(),
        buyer_kind=document.buyer.kind,
        vats=[line.vat for line in document.items if line.vat],
        small_business=document.seller.small_business,
        property_work=property_work,
        gross_prices=document.mode == PriceMode.GROSS,
        tax_case=document.tax_case,
        withholding_exemption=certificate is not None,
    )
    number, until = (certificate.number, certificate.until) if certificate else ("", None)
    with translation.override(document.language):
        words = {"exemption": document.exemption, "certificate": number, "until": formats.day(until) if until else ""}
    return replace(document, notes=tuple(note.text(document.language).format(**words) for note in found))

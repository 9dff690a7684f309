"""What stands on the paper: the words, rows and sums of a document, in its language, ready for its template."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from accounts import formats
from billing import girocode
from billing.documents.model import DEMANDS, Document, Kind
from billing.documents.rows import blocks
from billing.money import PriceMode

COUNTRIES = {"AT": "ÖSTERREICH", "CH": "SCHWEIZ", "NL": "NIEDERLANDE", "FR": "FRANKREICH", "DK": "DÄNEMARK"}


@dataclass(frozen=True)
class Row:
    """A line of the sums. `look` is its class in the style sheet."""

    label: str
    amount: Decimal
    look: str = ""


def context(document: Document, *, logo: str = "") -> dict:
    """Everything the template asks for. Call it under the document's language."""
    title = document.title or _titles()[document.kind]
    is_quote = document.kind == Kind.QUOTE
    found = blocks(document)
    priced = [entry.line for block in found for entry in block.entries if entry.line.is_item]
    # a single rate stands in the sums; a column for it would only repeat itself
    shows_rates = len({line.vat for line in priced}) > 1
    is_payable = document.is_demand and document.payable_now > 0
    return {
        "document": document,
        "seller": document.seller,
        "title": title,
        "heading": " ".join(filter(None, (title, _number(document)))),
        "logo": logo,
        "address": _address(document),
        "facts": _facts(document),
        "imprint": imprint(document.seller),
        **page_numbers(),
        "is_quote": is_quote,
        "is_contract": document.kind in (Kind.QUOTE, Kind.ORDER_CONFIRMATION),
        "blocks": found,
        "has_prices": document.kind != Kind.DELIVERY_NOTE,
        "shows_rates": shows_rates,
        "text_columns": 4 if shows_rates else 3,
        "price_label": _price_label(document),
        "sums": sums(document),
        "about": _about(document),
        "deductions": deducted(document),
        "deducted_title": _("Abzüge der stornierten Rechnung, zurückgenommen")
        if document.kind == Kind.CANCELLATION
        else _("Erhaltene Abschlagszahlungen"),
        "rest": rest(document) if document.deductions else [],
        "has_left_out": is_quote and any(not line.is_counted for line in priced),
        "has_choices": any(line.can_be_chosen for line in document.lines),
        "phone": formats.phone(document.seller.phone).replace(" ", "\u00a0"),
        "payment": is_payable and bool(document.seller.iban),
        "purpose": _purpose(document),
        "girocode": _girocode(document) if is_payable and not document.is_draft else "",
        "labour": _labour(document),
    }


def letterhead(document: Document, *, day, logo: str = "") -> dict:
    """Head and foot of a letter that is no document of its own: who writes to whom, and when."""
    seller, buyer = document.seller, document.buyer
    facts = (
        (_("Datum"), formats.day(day)),
        (_("Auftrag"), document.number),
        (_("Kundennummer"), buyer.customer_number),
        (_("Ansprechpartner"), seller.contact_name),
        (_("Telefon"), formats.phone(seller.phone)),
    )
    return {
        "document": document,
        "seller": seller,
        "logo": logo,
        "address": _address(document),
        "facts": [(label, value) for label, value in facts if value],
        "imprint": imprint(seller),
        **page_numbers(),
    }


def page_numbers() -> dict:
    """Where the page numbers go into a sentence; the style sheet counts."""
    return {"page": mark_safe('<span class="page"></span>'), "pages": mark_safe('<span class="pages"></span>')}


def imprint(seller) -> dict:
    """The four columns at the foot: who, how to reach, bank, tax (§ 35a GmbHG, § 14 (4) UStG, R124)."""
    role = _("Geschäftsführung") if seller.is_company else _("Inhaber")
    return {
        "who": _lines(
            # „Tischlerei Haselbach, Inh. Jana Haselbach" says both already
            seller.name if seller.name not in seller.official_name else "",
            f"{role}: {seller.owner}" if seller.owner and seller.owner not in seller.official_name else "",
            seller.street,
            f"{seller.postcode} {seller.city}",
        ),
        "contact": _lines(
            formats.phone(seller.phone), seller.email, seller.website.removeprefix("https://").rstrip("/")
        ),
        "bank": _lines(
            seller.account_holder if seller.iban else "",
            seller.bank_name,
            f"IBAN {formats.iban(seller.iban)}" if seller.iban else "",
            f"BIC {seller.bic}" if seller.bic else "",
        ),
        "tax": _lines(
            _("Steuernummer %s") % seller.tax_number if seller.tax_number else "",
            _("USt-IdNr. %s") % seller.vat_id if seller.vat_id else "",
            seller.register_court,
            seller.register_number,
        ),
    }


def _titles():
    return {
        Kind.QUOTE: _("Angebot"),
        Kind.ORDER_CONFIRMATION: _("Auftragsbestätigung"),
        Kind.INVOICE: _("Rechnung"),
        Kind.PART_PAYMENT: _("Abschlagsrechnung"),
        Kind.PARTIAL: _("Teilrechnung"),
        Kind.FINAL: _("Schlussrechnung"),
        Kind.CANCELLATION: _("Stornorechnung"),
        Kind.CORRECTION: _("Rechnungskorrektur"),
        Kind.REDUCTION: _("Preisnachlass"),
        Kind.DELIVERY_NOTE: _("Lieferschein"),
    }


def _about(document):
    """Which invoice it is about, of what is none itself (§ 31 (5) UStDV, R23)."""
    if document.preceding is None:
        return ""
    sentences = {
        Kind.CORRECTION: _(
            "Berichtigt die Rechnung %(number)s vom %(day)s. Alle anderen Angaben und der Betrag gelten weiter."
        ),
        Kind.REDUCTION: _("Nachträglicher Preisnachlass zur Rechnung %(number)s vom %(day)s."),
    }
    sentence = sentences.get(document.kind)
    if sentence is None:
        sentence = (
            _("Storno des Preisnachlasses %(number)s vom %(day)s.")
            if document.title
            else _("Storno der Rechnung %(number)s vom %(day)s.")
        )
    found = sentence % {"number": document.preceding.number, "day": formats.day(document.preceding.issued_on)}
    if not document.reason:
        return found
    why = _("Berichtigt wird: %s") if document.kind == Kind.CORRECTION else _("Grund: %s")
    return f"{found} {why % document.reason}"


def _number(document):
    """The number, and with it which version of a quote this is once there are several."""
    return _versioned(document.number, document.version if document.kind == Kind.QUOTE else 1)


def _versioned(number, version):
    if number and version > 1:
        return _("%(number)s, Fassung %(version)s") % {"number": number, "version": version}
    return number or ""


def _lines(*found):
    return [line for line in found if line.strip()]


def _address(document):
    buyer = document.buyer
    return _lines(
        buyer.name,
        buyer.contact_name if buyer.contact_name != buyer.name else "",
        buyer.street,
        f"{buyer.postcode} {buyer.city}",
        "" if buyer.country == document.seller.country else COUNTRIES.get(buyer.country, buyer.country),
    )


def _facts(document):
    """The block beside the address: label and value. Eleven rows fit above the subject of form B; more push it down."""
    numbers = {
        Kind.QUOTE: _("Angebotsnummer"),
        Kind.ORDER_CONFIRMATION: _("Auftragsnummer"),
        Kind.CANCELLATION: _("Stornonummer"),
        Kind.DELIVERY_NOTE: _("Lieferscheinnummer"),
    } | dict.fromkeys(DEMANDS, _("Rechnungsnummer"))
    seller, buyer = document.seller, document.buyer
    is_period = document.service_from and document.service_until and document.service_from != document.service_until
    facts = (
        # a title of its own, as of a Kostenvoranschlag, does not go with the word for its kind
        (_("Nummer") if document.title else numbers.get(document.kind, _("Nummer")), _number(document) or _("Entwurf")),
        (_("Datum"), formats.day(document.issued_on)),
        (
            _("Leistungszeitraum") if is_period else _("Leistungsdatum"),
            formats.span(document.service_from, document.service_until)
            or (_("steht noch nicht fest") if document.kind == Kind.PART_PAYMENT else ""),
        ),
        (_("Gültig bis"), formats.day(document.valid_until)),
        (_("Fällig am"), formats.day(document.due_on)),
        (_("Kundennummer"), buyer.customer_number),
        (_("Angebot"), _versioned(document.quote_number, document.version)),
        (_("Auftrag"), document.order_number),
        (_("Leitweg-ID"), buyer.leitweg_id),
        (_("Ihre Referenz"), "" if document.buyer_reference == buyer.leitweg_id else document.buyer_reference),
        (_("Ihre USt-IdNr."), buyer.vat_id),
        (_("Ansprechpartner"), seller.contact_name),
        (_("Telefon"), formats.phone(seller.phone)),
    )
    return [(label, value) for label, value in facts if value]


def _price_label(document):
    if document.mode == PriceMode.GROSS and not document.is_untaxed:
        return _("Preis inkl. MwSt.")
    return _("Einzelpreis")


def sums(document):
    """From the lines to the total. A small business never speaks of VAT (R28), § 13b shows no rate (R33)."""
    totals, small = document.totals, document.seller.small_business
    is_gross = document.mode == PriceMode.GROSS
    rows = []
    if totals.discount:
        percent = formats.percent(abs(document.discount_percent))
        label = _("Rabatt %s") % percent if document.discount_percent > 0 else _("Zuschlag %s") % percent
        rows += [Row(_("Summe der Positionen"), totals.line_sum), Row(label, -totals.discount)]
    taxed = [group for group in reversed(totals.groups) if group.vat.category in "SZ"]
    if small or not taxed:
        return [*rows, Row(_("Gesamtbetrag"), totals.gross, "total")]
    several = len(totals.groups) > 1
    if is_gross:
        rows.append(Row(_("Gesamtbetrag inkl. MwSt."), totals.gross, "total"))
        rows += [Row(_("darin enthaltene MwSt. %s") % _rate(group, True), group.tax, "inside") for group in taxed]
        return [*rows, Row(_("Nettobetrag"), totals.net, "inside")]
    rows.append(Row(_("Nettobetrag"), totals.net, "line" if rows else ""))
    rows += [Row(_("zuzüglich MwSt. %s") % _rate(group, several), group.tax) for group in taxed]
    return [*rows, Row(_("Gesamtbetrag inkl. MwSt."), totals.gross, "total")]


@dataclass(frozen=True)
class Deducted:
    """What was received on a part payment: which, when, and the money by rate; `rate` only where there are several."""

    label: str
    received_on: str
    rate: str
    net: Decimal
    tax: Decimal
    gross: Decimal


def deducted(document):
    """Every payment that is taken off, each rate of it in a row of its own (§ 14 (5) S. 2 UStG, R39c)."""
    several = len({each.vat for each in document.deductions}) > 1
    return [
        Deducted(
            _("%(number)s vom %(day)s") % {"number": each.number, "day": formats.day(each.issued_on)},
            formats.day(each.received_on),
            formats.percent(each.vat.rate) if several else "",
            each.net,
            each.tax,
            each.gross,
        )
        for each in document.deductions
    ]


def rest(document):
    """What is left after the deductions: net, tax and all."""
    taken = sum((each.gross for each in document.deductions), Decimal(0))
    rows = [Row(_("abzüglich erhaltener Zahlungen"), -taken)]
    if not document.seller.small_business:
        several = len(document.payable_groups) > 1
        rows.append(Row(_("Restbetrag netto"), document.payable_net, "line"))
        rows += [
            Row(_("zuzüglich MwSt. %s") % _rate(group, several), group.tax)
            for group in reversed(document.payable_groups)
            if group.vat.category in "SZ"
        ]
    if document.kind == Kind.CANCELLATION:
        return [*rows, Row(_("Storniert wird der Restbetrag"), document.payable, "total")]
    label = _("Sie bekommen zurück") if document.payable < 0 else _("Noch zu zahlen")
    return [*rows, Row(label, abs(document.payable), "total")]


def _rate(group, with_net):
    """„19 %", or with what it is taken on, „19 % auf 100,00 €"."""
    rate = formats.percent(group.vat.rate)
    return _("%(rate)s auf %(net)s") % {"rate": rate, "net": formats.euro(group.net)} if with_net else rate


def _purpose(document):
    """Invoice number first, customer number second (R123)."""
    number, customer = document.number or "", document.buyer.customer_number
    return f"{number} KD {customer}" if number and customer else number


def _girocode(document):
    return transfer_code(document.seller, document.payable_now, _purpose(document))


def transfer_code(seller, amount: Decimal, purpose: str) -> str:
    """The GiroCode of a transfer as a drawing; empty where none can be made: the account stands beside it in words."""
    try:
        text = girocode.payload(seller.account_holder, seller.iban, amount, purpose, bic=seller.bic)
    except ValueError:
        return ""
    drawing = girocode.svg(text).replace(">", f"><title>{_('GiroCode für die Banking-App')}</title>", 1)
    return mark_safe(drawing)  # noqa: S308 - drawn by us; the words are ours


def _labour(document):
    """The sentence for § 35a EStG (R18); only for consumers, only when there is work in it."""
    share = document.labour
    if not share or share.net <= 0:
        return ""
    amounts = {"net": formats.euro(share.net), "tax": formats.euro(share.tax), "gross": formats.euro(share.gross)}
    if document.kind == Kind.FINAL and document.deductions:
        text = _(
            "In der ganzen Leistung, mit den bezahlten Abschlägen, sind Arbeits-, Fahrt- und Maschinenkosten von %(gross)s "
            "enthalten (%(net)s netto + %(tax)s MwSt.)."
        )
    elif share.tax:
        text = _(
            "In dieser Rechnung sind Arbeits-, Fahrt- und Maschinenkosten von %(gross)s enthalten "
            "(%(net)s netto + %(tax)s MwSt.)."
        )
    else:
        text = _("In dieser Rechnung sind Arbeits-, Fahrt- und Maschinenkosten von %(gross)s enthalten.")
    condition = _("Begünstigt ist nur, was Sie unbar bezahlen.")
    return f"{text % amounts} {condition}"

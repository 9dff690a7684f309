"""Documents to test with: one sentence each, calculated by the real arithmetic."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from billing.documents.model import (
    Buyer,
    BuyerKind,
    Document,
    DocumentLine,
    Kind,
    LineKind,
    Reference,
    Seller,
    calculated,
)
from billing.money import VAT_0, VAT_7, VAT_19, VAT_EXEMPT, CostKind, PriceMode
from billing.tax import notes_for

D = Decimal
TODAY = date(2026, 11, 20)

SELLER = Seller(
    name="Tischlerei Haselbach",
    owner="Jana Haselbach",
    street="Lohkamp 14",
    postcode="22397",
    city="Hamburg",
    phone="040 66969-120",
    email="werkstatt@haselbach.example",
    website="haselbach.example",
    contact_name="Lotte Brinkmann",
    tax_number="49/123/45678",
    vat_id="DE123456788",
    account_holder="Jana Haselbach",
    iban="DE89370400440532013000",
    bic="COBADEFFXXX",
    bank_name="Commerzbank",
)
SMALL_SELLER = replace(SELLER, vat_id="", small_business=True)

CONSUMER = Buyer(
    name="Sabine und Henrik Brandt",
    street="Rotdornweg 8",
    postcode="22397",
    city="Hamburg",
    customer_number="10042",
    email="brandt@post.example",
)
BUSINESS = Buyer(
    name="Hansa Wohnbau GmbH",
    kind=BuyerKind.BUSINESS,
    contact_name="Mehmet Yıldız",
    street="Speicherstraße 3",
    postcode="20457",
    city="Hamburg",
    customer_number="10077",
    vat_id="DE136695976",
    email="rechnung@hansa-wohnbau.example",
)
PUBLIC = Buyer(
    name="Bezirksamt Wandsbek",
    kind=BuyerKind.PUBLIC,
    street="Schloßstraße 60",
    postcode="22041",
    city="Hamburg",
    leitweg_id="991-33333TEST-33",
    email="poststelle@wandsbek.example",
)


def item(position="1", text="Montage durch zwei Personen", quantity="8", price="55.00", vat=VAT_19, **more):
    facts = {"unit": "Std.", "unit_code": "HUR", "cost_kind": CostKind.LABOUR} | more
    return DocumentLine(position, LineKind.ITEM, text, quantity=D(quantity), unit_price=D(price), vat=vat, **facts)


def text_line(text="Vor Beginn räumen Sie bitte den Flur frei."):
    return DocumentLine("", LineKind.TEXT, text)


def section(position, text):
    return DocumentLine(position, LineKind.SECTION, text)


def piece(position, text, quantity, price, **more):
    return item(position, text, quantity, price, unit="Stk.", unit_code="H87", cost_kind=CostKind.MATERIAL, **more)


def invoice(lines=None, *, labour=False, **changes) -> Document:
    facts = {
        "kind": Kind.INVOICE,
        "seller": SELLER,
        "buyer": CONSUMER,
        "number": "RE-2026-0042",
        "issued_on": TODAY,
        "subject": "Einbauschrank und Garderobe im Flur",
        "intro": "vielen Dank für Ihren Auftrag. Wie vereinbart berechnen wir Ihnen:",
        "service_from": date(2026, 11, 18),
        "service_until": date(2026, 11, 18),
        "due_on": date(2026, 12, 4),
        "payment_terms": "Zahlbar ohne Abzug bis 4. Dezember 2026.",
    } | changes
    document = calculated(Document(**facts, lines=tuple(lines if lines is not None else [item()])), labour=labour)
    if "notes" in changes:
        return document
    notes = notes_for(
        document.kind,
        on=document.issued_on or TODAY,
        buyer_kind=document.buyer.kind,
        vats=[line.vat for line in document.items],
        small_business=document.seller.small_business,
        property_work=True,
        gross_prices=document.mode == PriceMode.GROSS,
    )
    return replace(document, notes=tuple(note.text(document.language) for note in notes))


def mixed_rates(**changes):
    """19 % and 7 %, with a document discount and a line discount."""
    lines = [
        item("1", "Garten anlegen", "12", "48.50"),
        item("2", "Rollrasen, Gebrauchsrasen", "85.5", "4.2375", VAT_7, unit="m²", unit_code="MTK"),
        piece("3", "Randsteine Granit", "40", "7.95", discount_percent=D("12.5")),
    ]
    return invoice(lines, buyer=BUSINESS, discount_percent=D(10), **changes)


def surcharges(**changes):
    """As above, dearer: work at night, and everything 15 % up."""
    lines = [
        item("1", "Rohrbruch abdichten, nachts", "3.5", "68.00", discount_percent=D(-50)),
        item("2", "Beregnung für den Rasen", "85.5", "4.2375", VAT_7, unit="m²", unit_code="MTK"),
        piece("3", "Kugelhahn DN 20", "2", "24.85", discount_percent=D(5)),
    ]
    return invoice(lines, buyer=BUSINESS, discount_percent=D(-15), **changes)


def gross_prices(**changes):
    """Three pieces at 9.99 with VAT."""
    return invoice([piece("1", "Möbelgriff Messing", "3", "9.99")], mode=PriceMode.GROSS, **changes)


def small_business(**changes):
    lines = [
        item("1", "Fenster ausbessern", "6", "52.00", VAT_EXEMPT),
        piece("2", "Leinöl, Kitt", "1", "18.40", vat=VAT_EXEMPT),
    ]
    return invoice(lines, seller=SMALL_SELLER, labour=True, **changes)


def photovoltaics(**changes):
    """A system at 0 % and a wallbox at 19 %."""
    lines = [
        piece("1", "Photovoltaikanlage 9,8 kWp mit Speicher, betriebsbereit montiert", "1", "14250.00", vat=VAT_0),
        piece("2", "Wallbox 11 kW mit Zuleitung", "1", "1180.00"),
    ]
    return invoice(lines, **changes)


def cancellation(of=None, **changes):
    """The full mirror of an invoice: negative quantities, positive prices."""
    original = of or mixed_rates()
    lines = tuple(replace(line, quantity=-line.quantity) for line in original.lines)
    facts = {
        "kind": Kind.CANCELLATION,
        "number": "ST-2026-0003",
        "lines": lines,
        "preceding": Reference(original.number, original.issued_on),
        "reason": "Die Rechnung war an die falsche Firma gerichtet.",
        "issued_on": date(2026, 11, 24),
        "due_on": None,
        "intro": "hiermit heben wir die unten genannte Rechnung vollständig auf.",
        "payment_terms": "Bereits gezahlte Beträge überweisen wir zurück.",
        "labour": None,
        "notes": (),
    } | changes
    return calculated(replace(original, **facts))


def quote_with_choices(**changes):
    """Sections, a set of three alternatives, options, a text."""
    eiche = {"alternative_set": "Fronten"}
    lines = [
        section("1", "Planung und Aufmaß"),
        item("1.1", "Aufmaß vor Ort und Werkplanung", "1", "420.00", unit="pauschal", unit_code="LS"),
        section("2", "Fronten"),
        piece("2.1", "Eiche furniert, geölt", "4", "465.00", **eiche),
        piece("2.2", "Salbei, matt lackiert", "4", "395.00", is_counted=False, **eiche),
        piece("2.3", "Weiß, matt lackiert", "4", "345.00", is_counted=False, **eiche),
        section("3", "Montage"),
        item("3.1", "Montage durch zwei Personen", "16", "62.00"),
        text_line(),
        section("4", "Auf Wunsch"),
        piece("4.1", "LED-Lichtleiste in der Nische", "1", "240.00", is_optional=True, is_counted=False),
        piece("4.2", "Türdämpfung für alle Türen", "4", "28.00", is_optional=True, is_counted=False),
    ]
    facts = {
        "kind": Kind.QUOTE,
        "number": "AN-2026-0148",
        "valid_until": date(2026, 12, 11),
        "intro": "hier ist Ihr Flurschrank in drei Ausführungen.",
        "closing": "Wir freuen uns auf Ihren Auftrag.",
        "service_from": None,
        "service_until": None,
        "due_on": None,
        "payment_terms": "",
    } | changes
    return invoice(lines, **facts)

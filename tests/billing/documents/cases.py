"""Every kind of document and every tax case as frozen documents (legal-de.md section 12), by name."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from billing.documents.model import Attachment, Deduction, Kind, Reference, Retention, Skonto, calculated
from billing.money import VAT_0, VAT_7, VAT_19, VAT_EXEMPT, VAT_REVERSE_CHARGE, PriceMode, Vat
from billing.tax import notes_for

from . import samples
from .samples import invoice, item, piece, section, text_line

D = Decimal
EU_GOODS, EXPORT, OUTSIDE = Vat("K", D(0)), Vat("G", D(0)), Vat("O", D(0))
AUSTRIAN = replace(
    samples.BUSINESS,
    name="Alpenholz GmbH",
    street="Getreidegasse 9",
    postcode="5020",
    city="Salzburg",
    country="AT",
    vat_id="ATU12345675",
)
SWISS = replace(AUSTRIAN, street="Bahnhofstrasse 1", postcode="8001", city="Zürich", country="CH", vat_id="")
LIST_OF_PAYMENTS = Attachment("Aufmass.pdf", "application/pdf", "attachments/aufmass.pdf", "0" * 64, "Aufmaß")
PAYMENT_LIST = Attachment(
    "Abschlagszahlungen.pdf", "application/pdf", "attachments/abschlaege.pdf", "1" * 64,
    "Abschlagszahlungen zur Rechnung RE-2026-0042",
)  # fmt: skip
CONTENTS = {LIST_OF_PAYMENTS.stored: b"%PDF-1.7 not really", PAYMENT_LIST.stored: b"%PDF-1.7 nor this"}
WITH_LIST = {"prepaid_as_list": True, "attachments": (PAYMENT_LIST,)}


def part_payment(number="RE-2026-0051", net="3000.00", **changes):
    """A part payment on a contract of 10,000 euros, the work not yet done (R39b)."""
    facts = {
        "kind": Kind.PART_PAYMENT,
        "number": number,
        "issued_on": date(2026, 9, 1),
        "buyer": samples.BUSINESS,
        "service_from": None,
        "service_until": None,
        "order_number": "AU-2026-0031",
        "site": "Speicherstraße 3, 20457 Hamburg",
    } | changes
    return invoice([item("1", "1. Abschlag auf die Treppe", "1", net, unit="pauschal", unit_code="LS")], **facts)


def final(**changes):
    """The final invoice of that contract: 7,000 + 1,330 received, 3,000 + 570 to pay (R39c)."""
    facts = {
        "kind": Kind.FINAL,
        "buyer": samples.BUSINESS,
        "order_number": "AU-2026-0031",
        "deductions": (
            Deduction("RE-2026-0051", date(2026, 9, 1), date(2026, 9, 10), VAT_19, D("3000.00"), D("570.00")),
            Deduction("RE-2026-0059", date(2026, 10, 1), date(2026, 10, 12), VAT_19, D("4000.00"), D("760.00")),
        ),
    } | changes
    lines = [
        section("1", "Treppe"),
        item("1.1", "Treppe aus Eiche, gebaut und montiert", "1", "8500.00", unit="pauschal", unit_code="LS"),
        item("1.2", "Geländer", "6", "250.00", unit="m", unit_code="MTR"),
    ]
    return invoice(lines, **facts)


def overpaid(**changes):
    """More was received than the work cost."""
    taken = Deduction("RE-2026-0051", date(2026, 9, 1), date(2026, 9, 10), VAT_19, D("10500.00"), D("1995.00"))
    return final(deductions=(taken,), **changes)


def cancelled_final(**changes):
    """A final invoice taken back: its deductions are taken back too."""
    original = final(**changes)
    taken = tuple(replace(each, net=-each.net, tax=-each.tax) for each in original.deductions)
    return samples.cancellation(original, deductions=taken)


def final_of_two_rates(**changes):
    """Two rates and a part payment of both (R39c), in gross prices, with a discount on everything."""
    lines = [piece("1", "Beete bepflanzen", "1", "5350.00", vat=VAT_7), item("2", "Pflaster", "40", "59.50")]
    taken = (
        Deduction("RE-2026-0051", date(2026, 9, 1), date(2026, 9, 10), VAT_7, D("2000.00"), D("140.00")),
        Deduction("RE-2026-0051", date(2026, 9, 1), date(2026, 9, 10), VAT_19, D("500.00"), D("95.00")),
    )
    return invoice(lines, kind=Kind.FINAL, mode=PriceMode.GROSS, deductions=taken, discount_percent=D(3), **changes)


def correction(**changes):
    """What replaces a statement of an invoice (§ 31 (5) UStDV)."""
    facts = {
        "kind": Kind.CORRECTION,
        "number": "RE-2026-0060",
        "preceding": Reference("RE-2026-0042", samples.TODAY),
        "reason": "Das Leistungsdatum war falsch.",
    } | changes
    return invoice(**facts)


def reduction(**changes):
    """Money off after the invoice, for two rates (R16)."""
    lines = [
        item("1", "Nachlass wegen Kratzern an der Front", "-1", "80.00"),
        item("2", "Nachlass auf den Rasen", "1", "-12.34", VAT_7),
    ]
    facts = {
        "kind": Kind.REDUCTION,
        "number": "RE-2026-0061",
        "preceding": Reference("RE-2026-0042", samples.TODAY),
        "reason": "Mangel an der Front, wie besprochen.",
        "payment_terms": "Wir überweisen Ihnen den Betrag.",
        "notes": (),
    } | changes
    return invoice(lines, **facts)


def taxed(case, vat, buyer, **changes):
    """One line of a tax case, as drafting writes it."""
    notes = notes_for("invoice", on=samples.TODAY, buyer_kind=buyer.kind, vats=[vat], tax_case=case)
    texts = tuple(note.text().format(exemption=changes.get("exemption", "")) for note in notes)
    return invoice([item(vat=vat)], tax_case=case, buyer=buyer, notes=texts, **changes)


CASES = {
    "standard": invoice(labour=True),
    "period": invoice(service_from=date(2026, 11, 16), order_number="AU-2026-0031", site="Rotdornweg 8, 22397 Hamburg"),
    "skonto": invoice(buyer=samples.BUSINESS, skonto=Skonto(D(2), 10, date(2026, 11, 30))),
    "skonto_on_a_part": invoice(buyer=samples.PUBLIC, skonto=Skonto(D("2.5"), 8, base=D("400.00"))),
    "mixed_rates_with_discount": samples.mixed_rates(),
    "gross_prices": samples.gross_prices(),
    "gross_prices_with_discounts": samples.mixed_rates(mode=PriceMode.GROSS),
    "surcharges": samples.surcharges(),
    "surcharges_on_gross_prices": samples.surcharges(mode=PriceMode.GROSS),
    "surcharge_of_small_business": samples.small_business(discount_percent=D("-7.5")),
    "small_business": samples.small_business(),
    "small_amount": invoice([item(quantity="1", price="210.08")]),
    "photovoltaics": samples.photovoltaics(),
    "exempt": taxed("exempt", VAT_EXEMPT, samples.CONSUMER, exemption="§ 4 Nr. 12"),
    "reverse_charge": taxed("reverse_charge", VAT_REVERSE_CHARGE, samples.BUSINESS, is_construction=True),
    "reverse_charge_by_register_number": taxed(
        "reverse_charge", VAT_REVERSE_CHARGE, replace(samples.BUSINESS, vat_id="", registration_number="HRB 4711")
    ),
    "eu_service": taxed("eu_service", VAT_REVERSE_CHARGE, AUSTRIAN),
    "eu_goods": taxed("eu_goods", EU_GOODS, AUSTRIAN),
    "export": taxed("export", EXPORT, SWISS),
    "export_elsewhere": taxed("export", EXPORT, SWISS, deliver_to="LI"),
    "third_country_service": taxed("third_country_service", OUTSIDE, SWISS),
    "part_payment": part_payment(),
    "part_payment_for_building": part_payment(is_construction=True),
    "partial": invoice(kind=Kind.PARTIAL),
    "partial_for_building": invoice(kind=Kind.PARTIAL, is_construction=True),
    "final": final(),
    "final_for_building": final(is_construction=True, buyer=samples.PUBLIC),
    "final_of_two_rates": final_of_two_rates(),
    "final_overpaid": overpaid(),
    "final_paid_in_full": final(
        deductions=(
            Deduction("RE-2026-0051", date(2026, 9, 1), date(2026, 9, 10), VAT_19, D("10000.00"), D("1900.00")),
        )
    ),
    # the tolerated form: the whole work, what was received in BT-113, and the list of it inside (R39d)
    "endrechnung": final(**WITH_LIST),
    "endrechnung_for_building": final(is_construction=True, buyer=samples.PUBLIC, **WITH_LIST),
    "endrechnung_of_two_rates": final_of_two_rates(**WITH_LIST),
    "endrechnung_overpaid": overpaid(**WITH_LIST),
    "cancellation_of_endrechnung": cancelled_final(**WITH_LIST),
    "final_with_retention": final(retention=Retention(D("595.00"), D(5), date(2031, 11, 30))),
    "cancellation": samples.cancellation(),
    "cancellation_of_gross_prices": samples.cancellation(samples.gross_prices()),
    "cancellation_of_surcharges": samples.cancellation(samples.surcharges(mode=PriceMode.GROSS)),
    "cancellation_of_small_business": samples.cancellation(samples.small_business()),
    "cancellation_of_final": cancelled_final(),
    "correction": correction(),
    "reduction": reduction(),
    "authority": invoice(buyer=samples.PUBLIC, buyer_reference="B-4711"),
    "attachment": invoice(buyer=samples.PUBLIC, attachments=(LIST_OF_PAYMENTS,)),
    "negative_price": invoice([item(), item("2", "Nachlass Anfahrt", "1", "-20.00")]),
    "large_quantity": invoice([item("1", "Kies", "12345.678", "0.17")], mode=PriceMode.GROSS),
    "headings_and_texts": invoice([section("1", "Montage"), text_line(), item("1.1"), text_line("Danach besenrein.")]),
    "zero": calculated(invoice([item("1", "Nachbesserung auf Garantie", "1", "0.00", VAT_19), item("2", vat=VAT_0)])),
}

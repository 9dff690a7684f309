"""A month with every kind of document and every tax case, and money of every kind (legal-de.md section 12, case 26)."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from billing.datev import bookings, extf
from billing.datev.accounts import Chart
from billing.documents.model import Kind
from billing.ledger import Method, Receipt, Voucher

from ..documents.cases import CASES

D = Decimal
NAMES = (
    "standard", "period", "skonto", "mixed_rates_with_discount", "gross_prices", "surcharges", "small_business",
    "small_amount", "photovoltaics", "exempt", "reverse_charge", "eu_service", "eu_goods", "export",
    "third_country_service", "part_payment", "partial", "final", "final_for_building", "final_of_two_rates",
    "final_overpaid", "final_with_retention", "cancellation", "cancellation_of_final", "correction", "reduction",
    "authority",
)  # fmt: skip
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
HEADER = extf.Header(
    29098, 55003, date(2026, 1, 1), 4, FIRST, LAST, "Handschlag 2026-11", "Jana Haselbach", "skr03",
    datetime(2026, 12, 1, 8, 30, 15, 250_000),
)  # fmt: skip
GUID = "5b5e6f9a-0c5e-5f0e-9a31-{:012d}"
ABOUT = {"cancellation_of_final": Kind.FINAL}


def voucher(document, *receipts, pk=1, customer=10042, about=None, **changes) -> Voucher:
    """A document with money on it; `receipts` are (day of November, amount, method) or whole ones."""
    item = document.preceding.number if document.preceding else document.number
    supplied = document.service_until or document.service_from or document.issued_on
    rows = [each if isinstance(each, Receipt) else receipt(pk * 10 + n, *each) for n, each in enumerate(receipts)]
    return Voucher(pk, document, customer, item, about or document.kind, supplied, tuple(rows), **changes)


def receipt(pk, day, amount, method=Method.TRANSFER, **more) -> Receipt:
    return Receipt(pk, date(2026, 11, day), D(amount), method, **more)


def vouchers() -> list[Voucher]:
    """The month."""
    found = []
    for n, name in enumerate(NAMES, 1):
        document = CASES[name]
        if document.kind in {Kind.CANCELLATION, Kind.CORRECTION, Kind.REDUCTION}:
            about = ABOUT.get(name, Kind.INVOICE)
        else:
            about = document.kind
            document = replace(document, number=f"RE-2026-{n:04d}", subject=f"Fall {name}")
        found.append(voucher(document, pk=n, customer=10000 + n, about=about))
    paid = {
        "standard": [(21, "523.60")],
        "period": [receipt(9001, 22, "100.00", Method.CASH, interest=D("4.20"), costs=D("2.50"))],
        "skonto": [(24, "513.13"), (24, "10.47", Method.SKONTO)],
        "mixed_rates_with_discount": [(25, "300.00"), (26, "-300.00")],
        "reverse_charge": [(25, "431.20"), (25, "8.80", Method.SKONTO)],
        "part_payment": [(26, "1785.00"), (27, "1785.00", "card")],
        "final_for_building": [(28, "3034.50"), (28, "535.50", Method.WITHHELD)],
        "final_overpaid": [(30, "-595.00", Method.REFUND)],
    }
    for name, rows in paid.items():
        place = NAMES.index(name)
        each = found[place]
        receipts = [row if isinstance(row, Receipt) else receipt(each.pk * 10 + n, *row) for n, row in enumerate(rows)]
        found[place] = replace(each, receipts=tuple(receipts))
    return found


def rows(chart: Chart) -> list[bookings.Booking]:
    """All bookings of the month, in order of days."""
    found = []
    for each in vouchers():
        if FIRST <= each.issued_on <= LAST:
            found += bookings.of_document(each, chart, guid=GUID.format(each.pk))
        found += bookings.of_receipts(each, chart)
    return sorted(found, key=lambda each: each.on)


def balances(found) -> Counter:
    """What is in debit of each account."""
    sums: Counter = Counter()
    for each in found:
        amount = each.amount if each.side == "S" else -each.amount
        sums[each.account] += amount
        sums[each.contra] -= amount
    return sums


# a company abroad, a person, and a name that does not fit
PARTNERS = [
    {
        1: 10012, 2: "Alpenholz GmbH", 7: "2", 8: "Alpenholz GmbH", 9: "AT", 10: "U12345675", 15: "STR",
        16: "Getreidegasse 9", 18: "5020", 19: "Salzburg", 20: "AT", 33: "post@alpenholz.example", 99: "10012", 101: 1,
    },
    {
        1: 10001, 4: "Yıldız", 5: "Sabine", 7: "1", 8: "Yıldız", 11: "Frau", 15: "STR", 16: "Rotdornweg 8", 18: "22397",
        19: "Hamburg", 20: "DE", 29: "040 1", 99: "10001", 101: 5,
    },
]  # fmt: skip

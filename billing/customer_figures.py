"""What customers bring: net revenue and margin by month and by customer, new customers against existing ones.

Revenue is what was invoiced, net euros, on the day of the invoice: cancellations and reductions take theirs off, a part
payment that its final invoice replaced counts with what was paid. The margin (Deckungsbeitrag) is known where the rows of
the order have purchase prices: an invoice bears them in proportion to its share of the order. The rest is revenue that
was not calculated, and is shown as that.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Case, DecimalField, F, Min, QuerySet, When
from django.db.models.functions import NullIf
from django.utils.translation import gettext as _

from billing.documents.model import LineKind
from billing.models import Invoice, OrderLine
from billing.money import ZERO, PriceMode, round_cents
from crm import spreadsheets
from crm.models import Customer

# What an invoice brings, in the words of the database. Of a part payment that was replaced the final invoice states the rest.
NET = Case(
    When(state=Invoice.State.REPLACED, then=F("net") * F("paid") / NullIf("gross", 0)),
    default=F("net"),
    output_field=DecimalField(max_digits=20, decimal_places=8),
)


def a_year_before(day: date) -> date:
    """The same day of last year, the 28th of February for its 29th: whoever had the first invoice after it is new."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


@dataclass(frozen=True)
class Sale:
    """What an invoice brought: net euros, and what was bought in for it (None: nobody calculated that)."""

    customer: int
    on: date
    net: Decimal
    cost: Decimal | None
    is_new: bool


@dataclass(frozen=True)
class Value:
    """Net revenue, the part of it whose purchase prices are known, and the margin of that part."""

    net: Decimal = ZERO
    calculated: Decimal = ZERO
    margin: Decimal = ZERO

    @property
    def percent(self) -> Decimal | None:
        """The margin in percent of the calculated revenue, whole; None where nothing was calculated."""
        return (self.margin * 100 / self.calculated).quantize(Decimal(1), ROUND_HALF_UP) if self.calculated else None

    @property
    def is_calculated(self) -> bool:
        return bool(self.calculated)


@dataclass(frozen=True)
class Month:
    """What a month brought, by customers who were new then and by those who were not."""

    first: date
    new: Value
    existing: Value

    @property
    def all(self) -> Value:
        return _add(self.new, self.existing)


@dataclass(frozen=True)
class Row:
    """What one customer brought."""

    customer: Customer
    value: Value
    is_new: bool


@dataclass(frozen=True)
class Figures:
    """All that the page shows. A customer is new until a year after the first invoice."""

    total: Value
    new: Value
    existing: Value
    new_count: int
    existing_count: int
    months: list[Month]
    rows: list[Row]


def collect(
    *, since: date | None = None, until: date | None = None, customers: QuerySet | None = None, most: int = 50
) -> Figures:
    """The figures of the current business from one day to another, both included, perhaps of some customers only; four
    queries. `rows` are the `most` customers that brought most.
    """
    found = sales(since=since, until=until, customers=customers)
    new, existing = ([sale for sale in found if sale.is_new == wanted] for wanted in (True, False))
    who_is_new = {sale.customer for sale in new}
    return Figures(
        total=value_of(found),
        new=value_of(new),
        existing=value_of(existing),
        new_count=len(who_is_new),
        existing_count=len({sale.customer for sale in existing} - who_is_new),
        months=by_month(found),
        rows=_rows(found, most),
    )


def sales(*, since: date | None = None, until: date | None = None, customers: QuerySet | None = None) -> list[Sale]:
    """What was invoiced in a period; three queries."""
    shown = invoiced(since=since, until=until)
    if customers is not None:
        shown = shown.filter(customer__in=customers.order_by().values("pk"))
    known = invoiced().filter(customer__in=shown.values("customer"))
    first = dict(known.values_list("customer").annotate(first=Min("issued_on")))
    shares = _shares_bought_in(shown)
    return [
        Sale(
            customer,
            on,
            net,
            round_cents(net * shares[order]) if order in shares else None,
            first[customer] > a_year_before(on),
        )
        for customer, on, order, net in _nets(shown)
    ]


def invoiced(*, since: date | None = None, until: date | None = None) -> QuerySet[Invoice]:
    """The invoices that count, of a period, in no order; what they bring is `NET`."""
    found = Invoice.objects.exclude(state=Invoice.State.DRAFT).order_by()
    if since:
        found = found.filter(issued_on__gte=since)
    return found.filter(issued_on__lte=until) if until else found


def value_of(found: Iterable[Sale]) -> Value:
    """The sums of some sales."""
    net = calculated = margin = ZERO
    for sale in found:
        net += sale.net
        if sale.cost is not None:
            calculated += sale.net
            margin += sale.net - sale.cost
    return Value(net, calculated, margin)


def by_month(found: Iterable[Sale]) -> list[Month]:
    """Month by month from the first sale to the last, those without any too."""
    of_month: defaultdict[date, list[Sale]] = defaultdict(list)
    for sale in found:
        of_month[sale.on.replace(day=1)].append(sale)
    if not of_month:
        return []
    months, month, last = [], min(of_month), max(of_month)
    while month <= last:
        here = of_month.get(month, [])
        months.append(Month(month, value_of(s for s in here if s.is_new), value_of(s for s in here if not s.is_new)))
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return months


def as_csv(**selection):
    """Every customer with revenue in a period as an open CSV file."""
    return spreadsheets.write_csv(_headings(), _lines(**selection))


def as_xlsx(**selection):
    """Every customer with revenue in a period as an open XLSX file."""
    return spreadsheets.write_xlsx(_headings(), _lines(**selection))


# --- inside -------------------------------------------------------------------------------------------------------------
def _nets(shown) -> Iterator[tuple[int, date, int | None, Decimal]]:
    """(customer, day, order, net) of invoices."""
    for customer, on, order, net in shown.values_list("customer", "issued_on", "order", NET).iterator(chunk_size=2000):
        yield customer, on, order, round_cents(net or ZERO)


def _shares_bought_in(shown) -> dict[int, Decimal]:
    """Order -> what was bought in for it as a share of its net price; only orders somebody calculated."""
    calculated = OrderLine.objects.filter(order__in=shown.exclude(order=None).values("order"), purchase_price__gt=0)
    rows = OrderLine.objects.filter(order__in=calculated.order_by().values("order"), kind=LineKind.ITEM).order_by()
    nets: defaultdict[int, Decimal] = defaultdict(Decimal)
    costs: defaultdict[int, Decimal] = defaultdict(Decimal)
    for line in rows.select_related("order").only(*_OF_LINES).iterator(chunk_size=2000):
        order = line.order
        net = line.quantity * line.unit_price * (100 - line.discount_percent) * (100 - order.discount_percent) / 10_000
        nets[order.pk] += net / line.vat.factor if order.mode == PriceMode.GROSS else net
        costs[order.pk] += line.quantity * line.purchase_price
    return {order: costs[order] / net for order, net in nets.items() if net}


_OF_LINES = (
    "business", "quantity", "unit_price", "discount_percent", "vat_category", "vat_rate", "purchase_price",
    "order__business", "order__mode", "order__discount_percent",
)  # fmt: skip


def _rows(found, most) -> list[Row]:
    of_customer: defaultdict[int, list[Sale]] = defaultdict(list)
    for sale in found:
        of_customer[sale.customer].append(sale)
    values = {customer: value_of(each) for customer, each in of_customer.items()}
    largest = sorted(values, key=lambda customer: (-values[customer].net, customer))[:most]
    known = Customer.objects.in_bulk(largest)
    return [Row(known[pk], values[pk], any(sale.is_new for sale in of_customer[pk])) for pk in largest]


def _headings() -> list[str]:
    return [
        _("Kundennummer"), _("Kunde"), _("Postleitzahl"), _("Ort"), _("Neukunde"), _("Umsatz netto"), _("davon kalkuliert"),
        _("Deckungsbeitrag"), _("Deckungsbeitrag %"),
    ]  # fmt: skip


def _lines(**selection) -> Iterator[list]:
    for row in collect(**selection, most=1_000_000).rows:
        customer, value = row.customer, row.value
        known = [value.calculated, value.margin, value.percent] if value.is_calculated else ["", "", ""]
        yield [customer.number, customer.name, customer.postcode, customer.city, row.is_new, value.net, *known]


def _add(one: Value, other: Value) -> Value:
    return Value(one.net + other.net, one.calculated + other.calculated, one.margin + other.margin)

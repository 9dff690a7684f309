"""The figures of a VAT return of the current business for a month or a quarter (R120)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Min, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Business
from billing import vat_report, vouchers
from billing.ledger import Voucher
from billing.models import Payment
from billing.money import ZERO, round_cents
from crm import spreadsheets

PERIOD = re.compile(r"(\d{4})-(?:(0[1-9]|1[0-2])|q([1-4]))")
# a supply of goods within the EU is told up to two months after it (§ 18b S. 2 UStG)
LATE = timedelta(days=62)
LABELS = {
    "19": gettext_lazy("Umsätze zu 19 %"),
    "7": gettext_lazy("Umsätze zu 7 %"),
    "0": gettext_lazy("Umsätze zu 0 % (Photovoltaik, § 12 Abs. 3 UStG)"),
    "reverse_charge": gettext_lazy("Umsätze, für die der Kunde die Steuer schuldet (§ 13b UStG)"),
    "eu_service": gettext_lazy("Leistungen an Unternehmen in der EU (§ 3a Abs. 2 UStG)"),
    "eu_goods": gettext_lazy("Lieferungen an Unternehmen in der EU (§ 4 Nr. 1b UStG)"),
    "export": gettext_lazy("Ausfuhren (§ 4 Nr. 1a UStG)"),
    "third_country_service": gettext_lazy("Nicht steuerbare Leistungen außerhalb der EU"),
    "exempt": gettext_lazy("Steuerfrei ohne Vorsteuerabzug (§ 4 Nr. 8 bis 29 UStG)"),
    "small_business": gettext_lazy("Steuerfrei als Kleinunternehmer (§ 19 UStG)"),
}


@dataclass(frozen=True)
class Period:
    """A month or a quarter; `key` is how an address names it: "2026-11" or "2026-q4"."""

    first: date
    last: date
    key: str

    @property
    def is_quarter(self) -> bool:
        return "q" in self.key

    def __str__(self):
        if self.is_quarter:
            return _("%(quarter)s. Quartal %(year)s") % {"quarter": self.key[-1], "year": self.first.year}
        return f"{self.first:%m/%Y}"


@dataclass(frozen=True)
class Return:
    """What is to be told of a period. `advances`: how much of it was money before the supply."""

    period: Period
    taxation: str
    sums: tuple[vat_report.Sum, ...]

    @property
    def net(self) -> Decimal:
        return sum((each.net for each in self.sums), ZERO)

    @property
    def tax(self) -> Decimal:
        """What is owed, before input tax."""
        return sum((each.tax for each in self.sums), ZERO)


def period(key: str) -> Period | None:
    """The period of an address, None for what is none."""
    match = PERIOD.fullmatch(key)
    if match is None or int(match[1]) < 2000:
        return None
    year, quarter = int(match[1]), match[3]
    begin = 3 * int(quarter) - 2 if quarter else int(match[2])
    end = begin + 2 if quarter else begin
    following = date(year + end // 12, end % 12 + 1, 1)
    return Period(date(year, begin, 1), following - timedelta(days=1), key)


def month_of(day: date) -> Period:
    """The month a day lies in."""
    found = period(f"{day:%Y-%m}")
    if found is None:
        raise ValueError(day)
    return found


def quarter_of(day: date) -> Period:
    """The quarter a day lies in."""
    found = period(f"{day.year}-q{(day.month + 2) // 3}")
    if found is None:
        raise ValueError(day)
    return found


def periods(*, on: date, is_quarter: bool) -> list[Period]:
    """The periods there are figures of, newest first; three years at most."""
    of = quarter_of if is_quarter else month_of
    days = [
        vouchers.issued().aggregate(first=Min(Coalesce("service_until", "service_from", "issued_on")))["first"],
        Payment.objects.aggregate(first=Min("received_on"))["first"],
    ]
    first = min((day for day in days if day), default=on)
    found = [of(on)]
    while found[-1].first > first and len(found) < (12 if is_quarter else 36):
        found.append(of(found[-1].first - timedelta(days=1)))
    return found


def rule_of(business: Business) -> vat_report.Rule:
    """How a business is taxed."""
    return vat_report.Rule(business.taxation, business.taxation_from)


def of(business: Business, asked: Period) -> Return:
    """The figures of a period."""
    rule = rule_of(business)
    return Return(
        asked, rule.on(asked.last), figures(_touching(asked.first, asked.last), rule, asked.first, asked.last)
    )


def figures(found: Iterable[Voucher], rule: vat_report.Rule, first: date, last: date) -> tuple[vat_report.Sum, ...]:
    """The sums of each case of what arose in a period."""
    entries = [entry for voucher in found for entry in vat_report.entries(voucher, rule)]
    return tuple(vat_report.totals(entries, first=first, last=last))


def entries(business: Business, asked: Period) -> list[vat_report.Entry]:
    """Every sum of a period with its document, by day."""
    rule = rule_of(business)
    found = [
        entry
        for voucher in _touching(asked.first, asked.last)
        for entry in vat_report.entries(voucher, rule)
        if asked.first <= entry.on <= asked.last
    ]
    return sorted(found, key=lambda entry: (entry.on, entry.number))


def as_csv(business: Business, asked: Period):
    """The figures of a period and what they are made of, as an open CSV file."""
    return spreadsheets.write_csv(
        [
            _("Art"),
            _("Kennzahl"),
            _("Fall"),
            _("Tag"),
            _("Beleg"),
            _("Bemessungsgrundlage"),
            _("Steuer"),
            _("Anzahlung"),
        ],
        _lines(of(business, asked), entries(business, asked)),
    )


def label(case: str) -> str:
    """A case as the report calls it."""
    return str(LABELS[case]) if case in LABELS else _("Umsätze zu %(rate)s %%") % {"rate": case}


def _lines(found: Return, parts: list[vat_report.Entry]) -> Iterator[list]:
    for each in found.sums:
        yield [_("Summe"), each.line, label(each.case), "", "", round_cents(each.net), round_cents(each.tax), ""]
    for entry in parts:
        line = vat_report.line_of(entry.case, found.period.last)
        yield [
            _("Einzeln"), line, label(entry.case), entry.on, entry.number, round_cents(entry.net), round_cents(entry.tax),
            entry.is_advance,
        ]  # fmt: skip


def _touching(first: date, last: date) -> list[Voucher]:
    """Every document that may have something to tell of these days."""
    supplied = Coalesce("service_until", "service_from", "issued_on")
    return vouchers.of(
        vouchers.issued()
        .alias(supplied=supplied)
        .filter(
            Q(supplied__range=(first - LATE, last))
            | Q(issued_on__range=(first, last))
            | Q(pk__in=Payment.objects.filter(received_on__range=(first, last)).values("invoice"))
        )
    )

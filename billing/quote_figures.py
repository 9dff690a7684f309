"""How many quotes become orders, and why the others do not. Net euros; a constant number of queries.

A quote counts on the day it was decided: accepted, declined, or left to expire. Of several versions the last one counts,
once; what the business took back itself is no decision.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Avg, Count, DateField, DurationField, ExpressionWrapper, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, TruncDate, TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.figures import share
from billing.models import Quote
from crm import spreadsheets
from crm.models import Customer, CustomerTag

State = Quote.State
WON = Q(state=State.ACCEPTED)
UNANSWERED = "unanswered"  # expired, and nobody said why
MANY = 3  # versions and more stand together
MOST_TAGS = 20


@dataclass(frozen=True)
class Share:
    """How many of a group were decided and won, and their net value."""

    label: str
    decided: int
    won: int
    net: Decimal
    net_won: Decimal

    @property
    def percent(self) -> int | None:
        return share(self.won, self.decided)

    @property
    def net_percent(self) -> int | None:
        return share(int(self.net_won * 100), int(self.net * 100))


@dataclass(frozen=True)
class Reason:
    """Why quotes were lost: how many, and what they would have brought."""

    label: str
    count: int
    net: Decimal
    percent: int


@dataclass(frozen=True)
class Figures:
    """All that the page shows. `days` from first sending to acceptance; discounts in percent of the list value."""

    total: Share
    days: Decimal | None
    discount_won: Decimal | None
    discount_lost: Decimal | None
    sources: list[Share]
    tags: list[Share]
    months: list[tuple[date, Share]]
    versions: list[Share]
    reasons: list[Reason]


def decided(*, since: date | None = None, until: date | None = None):
    """The quotes decided from one day to another, both included; all without days."""
    said, ran_out = Q(decided_at__isnull=False), Q(decided_at=None, state=State.EXPIRED)
    if since:
        said &= Q(decided_at__gte=_midnight(since))
        ran_out &= Q(valid_until__gte=since)
    if until:
        said &= Q(decided_at__lte=_midnight(until, time.max))
        ran_out &= Q(valid_until__lte=until)
    return Quote.objects.filter(said | ran_out, state__in=[State.ACCEPTED, State.DECLINED, State.EXPIRED]).order_by()


def collect(*, since: date | None = None, until: date | None = None) -> Figures:
    """The figures of the current business; seven queries."""
    found = decided(since=since, until=until)
    first = Quote.objects.filter(number=OuterRef("number"), version=1).values("sent_at")[:1]
    took = ExpressionWrapper(F("decided_at") - Subquery(first), output_field=DurationField())
    lost = found.exclude(WON)
    sums = found.aggregate(**_COUNTED, list_won=Sum("list_net", filter=WON), list_all=Sum("list_net"))
    days = found.filter(WON).aggregate(days=Avg(took))["days"]
    total = _share("", sums)
    list_won, list_all = sums["list_won"] or Decimal(0), sums["list_all"] or Decimal(0)
    return Figures(
        total=total,
        days=None if days is None else _tenth(Decimal(days.total_seconds()) / 86400),
        discount_won=_discount(total.net_won, list_won),
        discount_lost=_discount(total.net - total.net_won, list_all - list_won),
        sources=_by_source(found),
        tags=_by_tag(found),
        months=_by_month(found),
        versions=_by_version(found),
        reasons=_reasons(lost),
    )


def headings() -> list[str]:
    """Of the table `lines` gives."""
    return [
        _("Nummer"), _("Fassung"), _("Titel"), _("Kunde"), _("Herkunft"), _("Tags"), _("gesendet"), _("entschieden"),
        _("Ergebnis"), _("Grund"), _("Anmerkung"), _("Netto"), _("Netto ohne Rabatte"), _("Rabatt %"),
    ]  # fmt: skip


def as_csv(**period):
    """Every decided quote of a period as an open CSV file."""
    return spreadsheets.write_csv(headings(), lines(**period))


def as_xlsx(**period):
    """Every decided quote of a period as an open XLSX file."""
    return spreadsheets.write_xlsx(headings(), lines(**period))


def lines(**period) -> Iterator[list]:
    """A line for each decided quote, newest decision first; two queries."""
    found = decided(**period)
    tags: dict[int, list[str]] = {}
    carried = CustomerTag.objects.filter(customer__in=found.values("customer")).order_by("tag__name")
    for customer, name in carried.values_list("customer_id", "tag__name"):
        tags.setdefault(customer, []).append(name)
    sources, states = dict(Customer.Source.choices), dict(State.choices)
    rows = found.order_by("-decided_at", "-pk").values_list(
        "number", "version", "title", "customer__name", "customer__source", "customer_id", "sent_at", "decided_at",
        "valid_until", "state", "decline_reason", "decline_comment", "net", "list_net",
    )  # fmt: skip
    for (
        number,
        version,
        title,
        name,
        source,
        customer,
        sent,
        at,
        last,
        state,
        reason,
        comment,
        net,
        full,
    ) in rows.iterator():
        day = timezone.localdate(at) if at else last
        why = "" if state == State.ACCEPTED else _reason_words(reason or (UNANSWERED if state == State.EXPIRED else ""))
        yield [
            number, version, title, name, str(sources[source]), ", ".join(tags.get(customer, [])),
            timezone.localdate(sent), day, str(states[state]), why, comment, net, full, _discount(net, full),
        ]  # fmt: skip


# --- inside -------------------------------------------------------------------------------------------------------------
_COUNTED = {
    "decided": Count("pk"),
    "won": Count("pk", filter=WON),
    "net_all": Sum("net"),
    "net_won": Sum("net", filter=WON),
}


def _share(label, row) -> Share:
    return Share(str(label), row["decided"], row["won"], row["net_all"] or Decimal(0), row["net_won"] or Decimal(0))


def _by_source(found):
    labels = dict(Customer.Source.choices)
    rows = found.values("customer__source").annotate(**_COUNTED)
    return _largest(_share(labels[row["customer__source"]], row) for row in rows)


def _by_tag(found):
    """A customer with two tags counts under both."""
    rows = found.exclude(customer__customer_tags=None).values("customer__customer_tags__tag__name").annotate(**_COUNTED)
    return _largest(_share(row["customer__customer_tags__tag__name"], row) for row in rows)[:MOST_TAGS]


def _by_month(found):
    month = TruncMonth(Coalesce(TruncDate("decided_at"), F("valid_until")), output_field=DateField())
    rows = found.annotate(month=month).values("month").annotate(**_COUNTED).order_by("month")
    return [(row["month"], _share("", row)) for row in rows]


def _by_version(found):
    sums: dict[int, list] = {}
    for row in found.values("version").annotate(**_COUNTED):
        sums.setdefault(min(row["version"], MANY), []).append(_share("", row))
    labels = {1: _("beim ersten Mal"), 2: _("nach 2 Fassungen"), MANY: _("nach 3 und mehr Fassungen")}
    return [
        Share(
            labels[version], sum(each.decided for each in parts), sum(each.won for each in parts),
            sum((each.net for each in parts), Decimal(0)), sum((each.net_won for each in parts), Decimal(0)),
        )
        for version, parts in sorted(sums.items())
    ]  # fmt: skip


def _reasons(lost):
    counted: dict[str, tuple[int, Decimal]] = {}
    rows = lost.values("decline_reason", "state").annotate(count=Count("pk"), sum=Sum("net"))
    for row in rows:
        key = row["decline_reason"] or (UNANSWERED if row["state"] == State.EXPIRED else "")
        count, net = counted.get(key, (0, Decimal(0)))
        counted[key] = (count + row["count"], net + (row["sum"] or 0))
    all_lost = sum(count for count, _net in counted.values())
    found = [
        Reason(_reason_words(key), count, net, share(count, all_lost) or 0) for key, (count, net) in counted.items()
    ]
    return sorted(found, key=lambda each: (-each.count, -each.net, each.label))


def _reason_words(key) -> str:
    if key == UNANSWERED:
        return _("keine Antwort bis zum letzten Tag")
    return str(dict(Quote.Reason.choices).get(key, _("ohne Angabe")))


def _largest(shares):
    return sorted(shares, key=lambda each: (-each.decided, -each.net, each.label))


def _discount(net: Decimal, full: Decimal) -> Decimal | None:
    """Percent off the list value, one decimal; negative for surcharges, None of nothing."""
    return _tenth((full - net) * 100 / full) if full else None


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP) + 0


def _midnight(day, clock=time.min) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))

"""What waits for people in billing: named selections, cut to what "Heute" shows. Lazy: each is one query when it is read."""

from datetime import date, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.utils import timezone

from accounts.rights import Right
from billing import change_requests, overruns
from billing.models import DunningItem, Invoice, Order, Quote
from crm import agenda
from crm.models import AccessLink

SHOWN = 30  # of each kind; the rest stands on its own list
DECLINED_FOR = timedelta(days=7)


def matters(member, *, on: date) -> dict[str, QuerySet]:
    """What waits on "Heute" for those who write documents; nothing for others (HEU6)."""
    if Right.SEE_MONEY not in member.rights or Right.WRITE_DOCUMENTS not in member.rights:
        return {}
    found = {
        "wishes": change_requests.open_ones(), "overruns": overruns.waiting(), "quotes": quotes(on=on),
        "orders": orders(), "overdue": overdue_invoices(on=on),
    }  # fmt: skip
    return {name: selection[:SHOWN] for name, selection in found.items()}


def quotes(*, on: date):
    """Open quotes that the customer looked at and did not accept: most looks first, then those that expire soonest.
    Behind them those declined in the last days, newest first: with the reason there may be something to talk about.

    Each has `times` and `last_seen_at`.
    """
    seen = Q(state=Quote.State.SENT, valid_until__gte=on, pk__in=_looks().values("subject_id"))
    declined = Q(state=Quote.State.DECLINED, decided_at__gte=timezone.now() - DECLINED_FOR)
    return (
        with_looks(Quote.objects.filter(seen | declined))
        .annotate(rank=Case(When(state=Quote.State.SENT, then=-F("times")), default=1))
        .select_related("customer")
        .defer("document")
        .order_by("rank", "-decided_at", "valid_until", "pk")
    )


def with_looks(quotes):
    """Each with `times` and `last_seen_at`: how often and when last its customer looked; None and None if never."""
    links = _looks().filter(subject_id=OuterRef("pk")).order_by().values("subject_id")
    return quotes.annotate(
        times=Subquery(links.annotate(n=Sum("seen_count")).values("n")),
        last_seen_at=Subquery(links.annotate(at=Max("last_seen_at")).values("at")),
    )


def orders():
    """Orders that wait for the office: withdrawn ones first (the law sets the time), then those without a date, then
    finished ones without an issued invoice; each longest waiting first.

    `draft_id` is that of a begun invoice, or None.
    """
    drafts = Invoice.objects.filter(order=OuterRef("pk"), state=Invoice.State.DRAFT).order_by("pk")
    states = [Order.State.WITHDRAWN, Order.State.PLACED, Order.State.COMPLETED]
    found = _listed(Order.objects.filter(state__in=states))
    rank = Case(*(When(state=state, then=place) for place, state in enumerate(states)))
    return found.annotate(rank=rank, draft_id=Subquery(drafts.values("pk")[:1])).order_by("rank", "changed_at", "pk")


def overdue_invoices(*, on: date):
    """Overdue invoices, worst first; each has `reminded_at`, the instant of the last reminder, of whatever level, or None."""
    last = DunningItem.objects.filter(invoice=OuterRef("pk")).order_by("-letter__pk").values("letter__created_at")[:1]
    found = Invoice.objects.overdue(on=on).annotate(reminded_at=Subquery(last))
    return found.select_related("customer").defer("document")


def orders_of_the_day(member, *, on: date, everybodys: bool = False):
    """Orders to work on that day, those whose date has come first, then those in work; the member's own, or all."""
    found = Order.objects.filter(Q(state=Order.State.SCHEDULED, planned_on__lte=on) | Q(state=Order.State.STARTED))
    if not everybodys:
        found = found.filter(assignee=member)
    return _listed(found).select_related("customer", "site", "assignee__user").order_by("state", "planned_on", "pk")


def _looks():
    return AccessLink.objects.filter(purpose=AccessLink.Purpose.QUOTE, seen_count__gt=0, subject_type=_type(Quote))


def _listed(orders):
    return orders.select_related("customer", "site", "quote").defer("document", "quote__document")


def _type(model):
    return ContentType.objects.get_for_model(model)


# --- what stands behind the entries of the menu (settings.NAV_COUNTERS): the same as on the lists they lead to ---------
def open_quotes(member) -> list[QuerySet]:
    """Quotes that wait for an answer."""
    return [Quote.objects.open()] if Right.SEE_MONEY in member.rights else []


def running_orders(member) -> list[QuerySet]:
    """Orders in work: all for the office, their own for workers on site."""
    if Right.SEE_ORDERS not in member.rights:
        return []
    running = Order.objects.running()
    return [running if Right.SEE_MONEY in member.rights or agenda.sees_all(member) else running.filter(assignee=member)]


def late_invoices(member) -> list[QuerySet]:
    """Overdue invoices."""
    return [Invoice.objects.overdue(on=timezone.localdate())] if Right.SEE_MONEY in member.rights else []

"""What customers are told about their order: each thing once, bundled with what else waits, by the way they prefer.

A verb writes a row; ten minutes later (settings.ORDER_NEWS_MINUTES) all that waits for an order leaves as one mail. "On
the way" goes at once and takes along what waits. These are no reminders of a rule: the customer ordered and waits for them, so
crm.mail_limits (one a day, two a week, none at night) does not hold. They leave at night too: a mail rings nowhere, and
who moved tomorrow's appointment at eleven in the evening wants the customer to read of it before breakfast.
"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import formats
from billing.models import Order, OrderNews
from crm import access, due, mail, mail_limits, todos
from crm.models import AccessLink, Customer

Kind = OrderNews.Kind
NOTICE = "billing.order_news"  # settings.DUE_HANDLERS: told by `tell_due`
BUNDLED = timedelta(minutes=settings.ORDER_NEWS_MINUTES)
MAIL = "billing/mail/order_news"
LONGEST_REASON = 300
_STATES: dict[str, Promise] = {
    Order.State.STARTED: gettext_lazy("Wir haben mit der Arbeit begonnen."),
    Order.State.COMPLETED: gettext_lazy("Die Arbeit ist fertig."),
    Order.State.CANCELLED: gettext_lazy("Der Auftrag wurde storniert."),
}
_STATES_IN_BRIEF: dict[str, Promise] = {
    Order.State.STARTED: gettext_lazy("Wir haben begonnen"),
    Order.State.COMPLETED: gettext_lazy("Die Arbeit ist fertig"),
    Order.State.CANCELLED: gettext_lazy("Storniert"),
}
# what the subject of a mail with several news speaks of
WEIGHT = (Kind.ON_THE_WAY, Kind.DELAY, Kind.PLANNED, Kind.SIGN_OFF, Kind.SHIPPED, Kind.MILESTONE, Kind.PHOTOS)


# --- writing ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def tell(
    order: Order, kind: str, *, label: str = "", day: date | None = None, before: date | None = None,
    starts_at: datetime | None = None, ends_at: datetime | None = None, reason: str = "", by=None,
    is_silent: bool = False, state: str = "",
) -> OrderNews:  # fmt: skip
    """Write down what the customer is to know; it is told when the time to bundle is over, "on the way" at once.

    `label` is what it is about in the business's words, `state` the state of the order it tells of, `before` the day that
    was planned until now, `reason` a sentence for the customer. `is_silent`: it stands on the page only.
    """
    # photos are released one by one; one word about them is enough
    if kind == Kind.PHOTOS and not is_silent and (waits := waiting(order).filter(kind=kind).first()):
        return waits
    news = OrderNews.objects.create(
        order=order, kind=kind, label=label[:200], day=day, before=before, starts_at=starts_at, ends_at=ends_at,
        reason=reason.strip()[:LONGEST_REASON], by=by, is_silent=is_silent, state=state,
    )  # fmt: skip
    if is_silent:
        return news
    if kind == Kind.ON_THE_WAY or not BUNDLED:
        deliver(order)
        news.refresh_from_db()
    else:
        due.plan(NOTICE, news, at=timezone.now() + BUNDLED)
    return news


def waiting(order: Order):
    """What the customer is still to be told."""
    return OrderNews.objects.filter(order=order, told_at=None, is_silent=False)


def take_back(order: Order, kind: str, *, label: str = "", state: str = "") -> None:
    """It was a mistake: as far as nobody was told yet, nobody will be, and the page does not say it any more."""
    untold = OrderNews.objects.filter(order=order, told_at=None, kind=kind)
    untold.filter(label=label[:200], state=state).delete()


# --- telling ------------------------------------------------------------------------------------------------------------
def tell_due(news: OrderNews) -> None:
    """Due handler: tell it, with what else waits, unless that happened meanwhile."""
    if news.told_at is None:
        deliver(news.order)


@transaction.atomic
def deliver(order: Order) -> None:
    """Tell the customer everything that waits, once: rows are claimed under the lock of their order.

    By mail with the order's link for those who want mail and have an address that takes it; for the others somebody of the
    office gets a task with the telephone number or the address and what to say.
    """
    order = (
        Order.objects.select_for_update(of=("self",))
        .select_related("customer", "business", "assignee__user")
        .get(pk=order.pk)
    )
    rows = list(waiting(order))
    if not rows:
        return
    told = bundled(order, rows)
    claimed = OrderNews.objects.filter(pk__in=[row.pk for row in rows])
    claimed.filter(pk__in=[row.pk for row in told]).update(told_at=timezone.now())
    claimed.filter(told_at=None).update(is_silent=True)  # overtaken before anybody heard of it
    if not told:
        return
    link = recipient(order)
    if link is None:
        _ask_office(order, told)
        return
    with translation.override(order.customer.language):
        heading, sentences = headline(told), [sentence(news) for news in told]
    mail.queue(
        MAIL, to=link.sent_to, customer=order.customer, link=link, about=order, language=order.customer.language,
        order=order, heading=heading, news=list(zip(told, sentences, strict=True)),
    )  # fmt: skip


def recipient(order: Order) -> AccessLink | None:
    """The link to mail with; None for customers who want no mail or cannot get any."""
    if order.customer.contact_by != Customer.ContactBy.MAIL:
        return None
    link = next((link for link in access.links_to(order) if link.is_open and link.sent_to), None)
    return None if link is None or mail_limits.is_refused(link.sent_to) else link


def bundled(order: Order, rows: list[OrderNews]) -> list[OrderNews]:
    """What is left to say of rows that wait together, in order: of a day that was moved twice only the last move.

    A cancelled order has one news, one that was withdrawn from none. A planned day that is what it was before is none; a
    window that is over neither.
    """
    if order.state == Order.State.CANCELLED:
        return [row for row in rows if row.state == Order.State.CANCELLED][-1:]
    if order.state == Order.State.WITHDRAWN:
        return []
    last: dict[tuple, OrderNews] = {}
    for row in rows:
        earlier = last.pop(_topic(row), None)
        if earlier and row.kind != Kind.ON_THE_WAY:
            row.before = earlier.before
            row.kind = _kind_of_move(row)
        last[_topic(row)] = row
    return [row for row in last.values() if _is_news(row)]


# --- words --------------------------------------------------------------------------------------------------------------
def headline(rows: list[OrderNews]) -> str:
    """What the most important of several news says in few words, in the active language."""
    row = min(reversed(rows), key=lambda each: WEIGHT.index(Kind(each.kind)))
    said = {"label": row.label, "day": formats.day(row.day)}
    match row.kind:
        case Kind.PLANNED | Kind.DELAY if row.label:
            return (
                _("%(label)s jetzt geplant für %(day)s") if row.before else _("%(label)s geplant für %(day)s")
            ) % said
        case Kind.PLANNED | Kind.DELAY:
            return (_("neuer Termin am %(day)s") if row.before else _("Termin am %(day)s")) % said
        case Kind.ON_THE_WAY:
            return _("Wir sind zwischen %(window)s bei Ihnen") % {"window": window(row)}
        case Kind.SIGN_OFF:
            return _("Bitte um Abnahme")
        case Kind.SHIPPED:
            return _("Ware unterwegs")
        case Kind.PHOTOS:
            return _("Neue Fotos")
    return row.label or str(_STATES_IN_BRIEF.get(row.state) or _state(row))


def sentence(news: OrderNews) -> str:
    """One news as a sentence for the customer, without its reason, in the active language."""
    said = {"label": news.label, "day": formats.day_long(news.day), "before": formats.day(news.before)}
    match news.kind:
        case Kind.PLANNED | Kind.DELAY if news.label and news.before:
            return _("„%(label)s“ ist jetzt geplant für: %(day)s (vorher %(before)s).") % said
        case Kind.PLANNED | Kind.DELAY if news.label:
            return _("„%(label)s“ ist geplant für: %(day)s.") % said
        case Kind.PLANNED | Kind.DELAY if news.before:
            return _("Ihr Termin ist jetzt: %(day)s (vorher %(before)s).") % said
        case Kind.PLANNED | Kind.DELAY:
            return _("Ihr Termin steht: %(day)s.") % said
        case Kind.ON_THE_WAY:
            return _("Wir sind unterwegs und heute zwischen %(window)s bei Ihnen.") % {"window": window(news)}
        case Kind.SIGN_OFF if news.day:
            return _("Bitte sehen Sie sich die Arbeit an und nehmen Sie sie bis %(day)s ab.") % said
        case Kind.SIGN_OFF:
            return _("Bitte sehen Sie sich die Arbeit an und nehmen Sie sie ab.")
        case Kind.SHIPPED if news.day:
            return _("Ware ist unterwegs: %(label)s, voraussichtlich %(day)s.") % said
        case Kind.SHIPPED:
            return _("Ware ist unterwegs: %(label)s.") % said
        case Kind.PHOTOS:
            return _("Es gibt neue Fotos von der Arbeit.")
    if news.label:
        return _("Neuer Stand: %(label)s.") % said
    if known := _STATES.get(news.state):
        return str(known)
    return _("Neuer Stand: %(label)s.") % {"label": _state(news)}


def window(news: OrderNews) -> str:
    """Between when somebody arrives: "10:00 und 12:00 Uhr"."""
    first, last = formats.clock(news.starts_at).replace("\u00a0Uhr", ""), formats.clock(news.ends_at)
    return _("%(first)s und %(last)s") % {"first": first, "last": last}


# --- inside -------------------------------------------------------------------------------------------------------------
def _state(row):
    return Order.State(row.state).label if row.state in Order.State else _("geändert")


def _topic(row):
    """What a later news replaces: the day of one thing, the window of the arrival; else nothing but itself."""
    if row.kind in {Kind.PLANNED, Kind.DELAY}:
        return "day", row.label
    return ("arrival",) if row.kind == Kind.ON_THE_WAY else ("row", row.pk)


def _is_news(row):
    if row.kind == Kind.ON_THE_WAY:
        return row.ends_at is None or row.ends_at > timezone.now()
    return row.before is None or row.before != row.day


def _kind_of_move(row):
    return Kind.DELAY if row.before and row.day and row.day > row.before else Kind.PLANNED


def _ask_office(order, told):
    """One task that says whom to reach how, and what to tell."""
    customer = order.customer
    said = {
        "name": customer.name[:60],
        "phone": formats.phone(customer.mobile or customer.phone),
        "news": " ".join(_with_reason(news) for news in told),
    }
    if customer.contact_by == Customer.ContactBy.POST or not said["phone"]:
        text = _("Brief an %(name)s: %(news)s") % said
    else:
        text = _("%(name)s anrufen (%(phone)s): %(news)s") % said
    who = order.assignee if order.assignee and order.assignee.is_active else None
    todos.add(text, by=None, assignee=who, customer=customer, about=order, due_on=timezone.localdate())


def _with_reason(news):
    return f"{sentence(news)} {news.reason}".strip()

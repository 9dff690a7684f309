"""All orders as board, list or calendar: three views of the same filter (person, kind of work, search)."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Member
from accounts.rights import Right
from accounts.staff import staff
from billing import order_board, order_calendar
from billing.models import Order, WorkKind
from billing.views import documents, order_steps
from billing.views.paging import page
from crm import agenda, folding
from crm.models import Appointment

BOARD, LIST, CALENDAR = "", "liste", "kalender"
KEPT = ("ansicht", "wer", "art", "q", "monat", "summen")


@dataclass(frozen=True)
class Filter:
    """What the address asks for; what cannot be read is not asked for."""

    view: str
    who: str  # "ich", "niemand", the id of a member, or "" for all
    kind: str  # id of a kind of work, or ""
    search: str

    @property
    def is_on(self) -> bool:
        return bool(self.who or self.kind or self.search)

    def by_person(self, found, member):
        """The rows of whoever is asked for."""
        if self.who == "ich":
            return found.filter(assignee=member)
        if self.who == "niemand":
            return found.filter(assignee=None)
        return found.filter(assignee=int(self.who)) if self.who else found

    def orders(self, member):
        """The orders asked for, with what a row of them shows."""
        found = Order.objects.select_related("customer", "assignee__user").defer("document")
        if self.kind:
            found = found.filter(work_kind=int(self.kind))
        return documents.matching(self.by_person(found, member), self.search)

    def appointments(self, member, rights):
        """The appointments asked for; they are of no kind of work, and people see those that Heute shows them."""
        found = Appointment.objects.select_related("customer", "assignee__user")
        if self.kind or not rights.see_notes:
            return found.none()
        if not agenda.sees_all(member):
            found = found.filter(assignee=member)
        for word in self.search.split()[:6]:
            found = found.filter(
                Q(title__icontains=word) | Q(customer__search_text__contains=folding.fold(word).strip())
            )
        return self.by_person(found, member)


def read(query: QueryDict) -> Filter:
    """The filter of an address."""
    view, who, kind = (query.get(name, "") for name in ("ansicht", "wer", "art"))
    return Filter(
        view=view if view in (LIST, CALENDAR) else BOARD,
        who=who if who in ("ich", "niemand") or _is_id(who) else "",
        kind=kind if _is_id(kind) else "",
        search=query.get("q", "").strip(),
    )


def kept(query: QueryDict) -> str:
    """What of an address leads back to the same view: "?ansicht=liste&wer=ich", "" for the whole board."""
    values = QueryDict(mutable=True)
    for name in KEPT:
        if value := query.get(name, ""):
            values[name] = value[:100]
    return f"?{values.urlencode()}" if values else ""


@require_safe
@staff(Right.SEE_ORDERS)
def order_list(request):
    """The board, or with `?ansicht=liste` all orders as a list, or with `?ansicht=kalender` a month."""
    wanted, today = read(request.GET), timezone.localdate()
    found = wanted.orders(request.member)
    context = {
        "filter": wanted,
        "search": wanted.search,
        "members": Member.objects.filter(business=request.business, is_active=True).select_related("user"),
        "kinds": WorkKind.objects.filter(archived_at=None),
        "today": today,
        "back": kept(request.GET),
        "is_empty": False,
    }
    if wanted.view == LIST:
        shown = page(found, request, by="-placed_at")
        context |= {"page": shown, "is_empty": not shown.rows and shown.is_first}
        order_board.cards(shown.rows, on=today)
    elif wanted.view == CALENDAR:
        first = order_calendar.read(request.GET.get("monat", ""), otherwise=today)
        appointments = wanted.appointments(request.member, request.rights)
        context["month"] = order_calendar.month(first, found, appointments, on=today)
    else:
        columns = order_board.columns(found, on=today)
        for column in columns:
            for order in column["orders"]:
                order.steps = order_steps.offered(order, request.rights)
                order.asks_to_tell = any(order_steps.asks_to_tell(order, step["to"]) for step in order.steps)
        context |= {
            "columns": columns[:-1],
            "withdrawn": columns[-1]["orders"],
            "with_totals": bool(request.GET.get("summen")) and request.rights.see_money,
            "is_empty": not any(column["orders"] for column in columns),
        }
    return render(request, "billing/order_list.html", context)


def _is_id(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) < 19

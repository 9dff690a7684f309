"""Orders: board, list, page and steps. Field workers read them without any amount."""

from django.contrib import messages
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Member
from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing import orders
from billing.forms import MoveForm
from billing.models import Invoice, Order
from billing.views import documents
from billing.views.paging import page
from crm.states import NotAllowed

State = Order.State
ON_BOARD = 300
LATELY = 8  # invoiced orders that stay on the board

# What the button for a step says.
DOING = {
    State.SCHEDULED: gettext_lazy("Termin eintragen"),
    State.STARTED: gettext_lazy("Arbeit beginnen"),
    State.COMPLETED: gettext_lazy("Als fertig melden"),
    State.INVOICED: gettext_lazy("Ohne Rechnung abschließen"),
    State.CANCELLED: gettext_lazy("Auftrag stornieren"),
}
# The next step of each state (ODT1); a completed order is invoiced, which is another page.
NEXT = {State.PLACED: State.SCHEDULED, State.SCHEDULED: State.STARTED, State.STARTED: State.COMPLETED,
        State.WITHDRAWN: State.CANCELLED}  # fmt: skip


@require_safe
@staff(Right.SEE_ORDERS)
def order_list(request):
    """The board, or with `?ansicht=liste` all orders as a list; both for everybody or for the one who asks."""
    is_mine = request.GET.get("wer") == "ich"
    search = request.GET.get("q", "").strip()
    found = Order.objects.select_related("customer", "assignee__user").defer("document")
    if is_mine:
        found = found.filter(assignee=request.member)
    found = documents.matching(found, search)
    shared = {"is_mine": is_mine, "search": search, "is_empty": False}
    if request.GET.get("ansicht") == "liste":
        shown = page(found, request, by="-placed_at")
        shared["is_empty"] = not shown.rows and shown.is_first
        return render(request, "billing/order_list.html", shared | {"page": shown, "is_board": False})
    running = found.filter(state__in=[*NEXT, State.COMPLETED])
    rows = list(running.order_by(F("planned_on").asc(nulls_last=True), "pk")[:ON_BOARD])
    rows += found.filter(state=State.INVOICED).order_by("-changed_at", "-pk")[:LATELY]
    for order in rows:
        order.steps = steps_of(order)
    columns = [
        {"state": state, "label": state.label, "orders": [order for order in rows if order.state == state]}
        for state in Order.WAY
    ]
    shared["is_empty"] = not rows
    return render(
        request,
        "billing/order_list.html",
        shared
        | {
            "is_board": True,
            "columns": columns,
            "withdrawn": [order for order in rows if order.state == State.WITHDRAWN],
        },
    )


@require_safe
@staff(Right.SEE_ORDERS)
def order_detail(request, pk):
    """How far an order is, what belongs to it, and its next step."""
    order = _order(pk)
    return _page(request, order, MoveForm(initial={"planned_on": order.planned_on, "tell": True}))


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def order_move(request, pk):
    """Take an order to its next state; the customer is told where that is ticked."""
    order = _order(pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _page(request, order, form, status=422)
    data = form.cleaned_data
    if data["to"] == State.WITHDRAWN:  # only the customer withdraws
        raise NotAllowed(order)
    try:
        orders.move(
            order, data["to"], by=request.member, planned_on=data["planned_on"], note=data["note"], tell=data["tell"]
        )
    except Refusal as refusal:
        if not refusal.field:
            raise
        form.add_error(refusal.field, refusal.message)
        return _page(request, order, form, status=422)
    messages.success(request, _("%(order)s: %(state)s") % {"order": order, "state": order.get_state_display()})
    if request.POST.get("zurueck") == "tafel":
        return redirect("billing:order_list")
    return redirect(order)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def order_reschedule(request, pk):
    """Move the date; the customer sees the old one and the new one."""
    order = _order(pk)
    form = MoveForm({**request.POST.dict(), "to": State.SCHEDULED})
    if not form.is_valid() or not form.cleaned_data["planned_on"]:
        if "planned_on" not in form.errors:
            form.add_error("planned_on", _("Bitte tragen Sie den Termin ein."))
        return _page(request, order, form, status=422)
    data = form.cleaned_data
    orders.reschedule(order, planned_on=data["planned_on"], by=request.member, note=data["note"], tell=data["tell"])
    messages.success(request, _("Termin gespeichert."))
    return redirect(order)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def order_assign(request, pk):
    """Say who does it."""
    order = _order(pk)
    chosen = request.POST.get("assignee", "")
    member = get_object_or_404(_members(request), pk=chosen) if chosen.isdecimal() and len(chosen) < 19 else None
    orders.assign(order, member)
    messages.success(request, _("Zuständig: %(name)s.") % {"name": member or _("niemand")})
    return redirect(order)


@require_POST
@staff(Right.WRITE_CONTACTS)
def order_answer(request, pk):
    """Answer the customer's question."""
    return documents.answer(request, _order(pk))


@require_safe
@staff(Right.SEE_MONEY)
def order_pdf(request, pk):
    """The stored order confirmation."""
    order = _order(pk)
    return documents.stored_file(request, order, order.pdf, f"{order.number}.pdf")


def steps_of(order) -> list[dict]:
    """The steps the office may take besides the next one: state and what the button says."""
    # an invoiced order goes back only when its invoice is cancelled
    allowed = set() if order.state == State.INVOICED else Order.STEPS.get(order.state, set())
    return [{"to": state, "label": DOING[state]} for state in State if state in allowed and state in DOING]


def _order(pk):
    return get_object_or_404(
        Order.objects.select_related("customer", "business", "site", "assignee__user", "quote__acceptance"), pk=pk
    )


def _members(request):
    return Member.objects.filter(business=request.business, is_active=True).select_related("user")


def _milestones(order):
    """The way of the order for components/milestones.html."""
    return [
        {
            "state": step["stage"],
            "title": step["label"],
            "on": _day_of(step["milestone"]),
            "note": step["milestone"].note if step["milestone"] else "",
        }
        for step in orders.way(order)
    ]


def _day_of(milestone):
    """The appointment counts, not the moment at which it was made."""
    return (milestone.planned_on or milestone.reached_at) if milestone else None


def _page(request, order, form, *, status=200):
    links = documents.links_of(order)
    following = NEXT.get(order.state)
    context = {
        "order": order,
        "form": form,
        "milestones": _milestones(order),
        "next": {"to": following, "label": DOING[following]} if following else None,
        "steps": [step for step in steps_of(order) if step["to"] != following],
        "rows": order.lines.all(),
        "acceptance": getattr(order.quote, "acceptance", None) if order.quote else None,
        "withdrawal": order.withdrawals.first(),
        "open_url": next((shown.url for shown in links if shown.url), ""),
        "members": _members(request) if request.rights.write_documents else [],
        "back_url": reverse("billing:order_list"),
        **documents.thread_of(request, order),
    }
    if request.rights.see_money:
        invoices = list(order.invoices.order_by("pk"))
        issued = [each for each in invoices if not each.is_draft]
        context |= {
            "invoices": invoices,
            "document": order.frozen_document,
            "invoiced": sum(each.gross for each in issued),
            "paid": sum(each.paid for each in issued if each.state != Invoice.State.CANCELLED),
            "living_invoice": next(
                (
                    each
                    for each in invoices
                    if each.kind == Invoice.Kind.INVOICE and each.state != Invoice.State.CANCELLED
                ),
                None,
            ),
        }
    return render(request, "billing/order_detail.html", context, status=status)

"""An order's page and its steps. Field workers read it without any amount; all orders: order_board.py."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Member
from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing import orders
from billing.forms import MoveForm
from billing.models import Order
from billing.order_forms import RescheduleForm
from billing.views import documents, order_page, order_steps
from billing.views.order_board import kept
from crm.states import NotAllowed

State = Order.State


@require_safe
@staff(Right.SEE_ORDERS)
def order_detail(request, pk):
    """How far an order is, what belongs to it, and its next step."""
    return order_page.show(request, order_page.order_of(pk))


@require_POST
@staff(Right.WRITE_NOTES)
def order_move(request, pk):
    """Take an order to its next state: drag, keys, menu and page all post here (BRD1).

    Whoever works on site may say that the work begins and that it is done. Whether the customer is told is asked once
    per order: an answer (`gefragt`) is kept, without a question the one kept counts (BRD2).
    """
    order = order_page.order_of(pk)
    form = MoveForm(request.POST, auto_id="weiter-%s")
    if not form.is_valid():
        return order_page.show(request, order, refused={"weiter": form}, status=422)
    data = form.cleaned_data
    if not order_steps.may(request.rights, data["to"]):
        raise PermissionDenied(_("Diesen Schritt macht das Büro."))
    if data["to"] == State.WITHDRAWN:  # only the customer withdraws
        raise NotAllowed(order)
    tell = order_page.tell(request, order)
    try:
        orders.move(order, data["to"], by=request.member, planned_on=data["planned_on"], note=data["note"], tell=tell)
    except Refusal as refusal:
        if not refusal.field:
            raise
        form.add_error(refusal.field, refusal.message)
        return order_page.show(request, order, refused={"weiter": form}, status=422)
    messages.success(request, _("%(order)s: %(state)s") % {"order": order, "state": order.get_state_display()})
    view, _mark, query = request.POST.get("zurueck", "").partition("?")
    if view == "tafel":
        return redirect(f"{reverse('billing:order_list')}{kept(QueryDict(query))}#auftrag-{order.pk}")
    return redirect(order)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def order_reschedule(request, pk):
    """Move the date and say why; the customer sees the old day and the new one."""
    order = order_page.order_of(pk)
    form = RescheduleForm(request.POST, auto_id="termin-%s")
    is_saved = False
    if form.is_valid():
        try:
            orders.reschedule(order, **form.cleaned_data, by=request.member)
            is_saved = True
        except Refusal as refusal:
            if refusal.field not in form.fields:
                raise
            form.add_error(refusal.field, refusal.message)
    if not is_saved:
        return order_page.show(request, order, refused={"termin": form}, status=422)
    messages.success(request, _("Termin gespeichert."))
    return redirect(order)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def order_assign(request, pk):
    """Say who does it."""
    order = order_page.order_of(pk)
    chosen = request.POST.get("assignee", "")
    members = Member.objects.filter(business=request.business, is_active=True)
    member = get_object_or_404(members, pk=chosen) if chosen.isdecimal() and len(chosen) < 19 else None
    orders.assign(order, member)
    messages.success(request, _("Zuständig: %(name)s.") % {"name": member or _("niemand")})
    return redirect(order)


@require_POST
@staff(Right.WRITE_CONTACTS)
def order_answer(request, pk):
    """Answer the customer's question."""
    return documents.answer(request, order_page.order_of(pk))


@require_safe
@staff(Right.SEE_MONEY)
def order_pdf(request, pk):
    """The stored order confirmation."""
    order = order_page.order_of(pk)
    return documents.stored_file(request, order, order.pdf, f"{order.number}.pdf")

"""What the office and whoever is on site say about the way of an order; each step is an address and a POST of its own."""

from django.contrib import messages as notices
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import formats
from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing import milestones, order_photos, orders, shipments, work_kinds
from billing.models import Milestone, OrderPhoto, Shipment
from billing.order_forms import MilestoneForm, ShipmentForm, WindowForm
from billing.views import order_page
from crm import attachments


# --- milestones ---------------------------------------------------------------------------------------------------------
@require_POST
@staff(Right.WRITE_NOTES)
def order_milestone_tick(request, pk):
    """A milestone is reached."""
    milestone = _milestone(pk)
    milestones.tick(milestone, by=request.member, tell=order_page.tell(request, milestone.order))
    notices.success(request, _("Abgehakt: %(label)s.") % {"label": milestone})
    return redirect(f"{milestone.order.get_absolute_url()}#stein-{pk}")


@require_POST
@staff(Right.WRITE_NOTES)
def order_milestone_untick(request, pk):
    """It was not reached after all."""
    milestone = _milestone(pk)
    milestones.untick(milestone, by=request.member)
    notices.success(request, _("Wieder offen: %(label)s.") % {"label": milestone})
    return redirect(f"{milestone.order.get_absolute_url()}#stein-{pk}")


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def order_milestone_edit(request, pk):
    """Its day, its sentence for the customer, and whether the customer sees it."""
    milestone = _milestone(pk)
    form = MilestoneForm(request.POST, milestone=milestone)
    if not form.is_valid():
        return _again(request, milestone.order, form, f"stein-{pk}")
    data = form.cleaned_data
    try:
        with transaction.atomic():
            milestones.describe(milestone, note=data["note"], is_shown=data["is_shown"], by=request.member)
            if "planned_on" in data:
                milestones.plan(
                    milestone, data["planned_on"], reason=data["reason"], tell=data["tell"], by=request.member
                )
    except Refusal as refusal:
        return _refused(request, milestone.order, form, refusal, f"stein-{pk}")
    notices.success(request, _("Gespeichert: %(label)s.") % {"label": milestone})
    return redirect(f"{milestone.order.get_absolute_url()}#stein-{pk}")


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def order_kind(request, pk):
    """The order is another kind of work: it takes the milestones of that."""
    order = order_page.order_of(pk)
    chosen = request.POST.get("art", "")
    kind = get_object_or_404(work_kinds.active(), pk=chosen) if chosen.isdecimal() and len(chosen) < 19 else None
    orders.set_kind(order, kind, by=request.member)
    notices.success(request, _("Art der Arbeit: %(kind)s.") % {"kind": kind or _("einfacher Ablauf")})
    return redirect(order)


# --- coming, sending ----------------------------------------------------------------------------------------------------
@require_POST
@staff(Right.WRITE_NOTES)
def order_on_the_way(request, pk):
    """Somebody is on the way; the customer is told at once."""
    order = order_page.order_of(pk)
    form = WindowForm(request.POST)
    if not form.is_valid():
        return _again(request, order, form, "unterwegs")
    try:
        orders.on_the_way(order, **form.instants(), by=request.member)
    except Refusal as refusal:
        named = {"starts_at": "starts", "ends_at": "ends"}
        return _refused(request, order, form, refusal, "unterwegs", field=named.get(refusal.field, refusal.field))
    window = f"{formats.clock_short(form.cleaned_data['starts'])}–{formats.clock_short(form.cleaned_data['ends'])}"
    notices.success(request, _("Unterwegs: Der Kunde erwartet Sie %(window)s.") % {"window": window})
    return redirect(order)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def order_shipment_add(request, pk):
    """Goods left the house."""
    order = order_page.order_of(pk)
    form = ShipmentForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        return _again(request, order, form, "sendungen")
    try:
        shipment = shipments.add(order, **form.cleaned_data, by=request.member)
    except Refusal as refusal:
        return _refused(request, order, form, refusal, "sendungen")
    notices.success(request, _("Sendung eingetragen: %(parcel)s.") % {"parcel": shipments.label(shipment)})
    return redirect(f"{order.get_absolute_url()}#sendungen")


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def order_shipment_remove(request, pk):
    """It was a mistake."""
    shipment = get_object_or_404(Shipment.objects.select_related("order"), pk=pk)
    shipments.remove(shipment, by=request.member)
    notices.success(request, _("Sendung entfernt: %(parcel)s.") % {"parcel": shipments.label(shipment)})
    return redirect(f"{shipment.order.get_absolute_url()}#sendungen")


# --- photos -------------------------------------------------------------------------------------------------------------
@require_POST
@staff(Right.WRITE_NOTES)
def order_photo_release(request, pk):
    """Show the customer a photo of the timeline, or a new one."""
    order = order_page.order_of(pk)
    form = order_page.photo_form(order, request.POST, request.FILES)
    if not form.is_valid():
        return _again(request, order, form, "fotos")
    data = form.cleaned_data
    try:
        with transaction.atomic():
            attachment = data["attachment"] or attachments.add(order.customer, data["files"], by=request.member)
            order_photos.release(
                order, attachment, milestone=data["milestone"], description=data["description"], by=request.member,
                tell=data["tell"],
            )  # fmt: skip
    except Refusal as refusal:
        return _refused(request, order, form, refusal, "fotos")
    notices.success(request, _("Der Kunde sieht das Foto jetzt."))
    return redirect(f"{order.get_absolute_url()}#fotos")


@require_POST
@staff(Right.WRITE_NOTES)
def order_photo_take_back(request, pk):
    """The customer sees the photo there no more."""
    photo = get_object_or_404(OrderPhoto.objects.select_related("order"), pk=pk)
    order_photos.take_back(photo, by=request.member)
    notices.success(request, _("Der Kunde sieht das Foto nicht mehr."))
    return redirect(f"{photo.order.get_absolute_url()}#fotos")


def _milestone(pk):
    return get_object_or_404(Milestone.objects.select_related("order"), pk=pk)


def _again(request, order, form, place):
    return order_page.show(request, order_page.order_of(order.pk), refused={place: form}, status=422)


def _refused(request, order, form, refusal, place, *, field=""):
    """A refusal that names a field of the form stands at that field; another is answered as it is."""
    field = field or refusal.field
    if field not in form.fields:
        raise refusal
    form.add_error(field, refusal.message)
    return _again(request, order, form, place)

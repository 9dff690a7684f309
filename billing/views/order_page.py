"""The page of one order: how far it is, what comes next, what its customer sees, what belongs to it."""

from math import ceil

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.models import Member
from billing import amendments, claims, order_board, order_news, order_photos, orders, shipments, sign_offs, work_kinds
from billing.forms import MoveForm
from billing.models import Invoice, Milestone, Order, Step
from billing.order_forms import MilestoneForm, PhotoForm, RescheduleForm, ShipmentForm, WindowForm
from billing.views import documents, order_steps
from crm import agenda
from crm.models import Appointment, Attachment

State = Order.State
NEWS_SHOWN = 8
PHOTOS_OFFERED = 12
APPOINTMENTS_SHOWN = 3
PARTS = (Invoice.Kind.PART_PAYMENT, Invoice.Kind.PARTIAL)  # after these the last invoice is a final one


def order_of(pk) -> Order:
    """The order, or 404."""
    found = Order.objects.select_related(
        "customer", "business", "site", "assignee__user", "work_kind", "quote__acceptance"
    )
    return get_object_or_404(found, pk=pk)


def tell(request, order: Order) -> bool:
    """Whether the customer is told of this step: as just answered (and then kept with the order), or as kept (BRD2)."""
    if "gefragt" not in request.POST:
        return "tell" in request.POST or bool(order.tells_stages)
    tells = "tell" in request.POST
    order_board.remember_telling(order, tells)
    return tells


def photo_form(order: Order, data=None, files=None) -> PhotoForm:
    """The form for a photo of this order."""
    return PhotoForm(data, files, attachments=_candidates(order), milestones=order.milestones.all())


def show(request, order: Order, *, refused: dict | None = None, status=200):
    """The page; `refused` holds a form that needs another look, under the place where it stands."""
    refused, rights = refused or {}, request.rights
    way, today = orders.way(order), timezone.localdate()
    steps = order_steps.besides(order, way, rights)
    photos = list(order_photos.of(order)) if rights.see_notes else []
    context = {
        "order": order,
        "form": next(iter(refused.values()), None),  # for the summary of errors
        "today": today,
        "next": order_steps.following(order, way, rights),
        "steps": steps,
        "can_plan": any(step["to"] == State.SCHEDULED for step in steps),
        "step_form": refused.get("weiter") or _step_form(order),
        "milestones": _milestones(order, way, photos, rights, refused),
        "days_late": order_board.days_late(order, way, on=today),
        "withdrawal": order.withdrawals.first(),
        "rows": order.lines.all(),
        "acceptance": getattr(order.quote, "acceptance", None) if order.quote else None,
        "looks": orders.looks(order),
        "news": _news(order),
        "sign_offs": list(sign_offs.of(order)),
        "shipments": [(each, shipments.tracking_address(each)) for each in order.shipments.all()],
        "is_going_on": order.state in (State.PLACED, State.SCHEDULED, State.STARTED),
        "is_open": order.state not in (State.CANCELLED, State.WITHDRAWN),
        "back_url": reverse("billing:order_list"),
        **documents.thread_of(request, order),
    }
    if rights.write_notes:
        context |= {
            "window_form": refused.get("unterwegs") or WindowForm(),
            "photo_form": refused.get("fotos") or photo_form(order),
            "candidates": _candidates(order)[:PHOTOS_OFFERED],
        }
    if rights.write_documents:
        context |= {
            "open_url": next((shown.url for shown in documents.links_of(order) if shown.url), ""),
            "members": Member.objects.filter(business=request.business, is_active=True).select_related("user"),
            "kinds": work_kinds.active(),
            "day_form": refused.get("termin")
            or RescheduleForm(initial={"planned_on": order.planned_on, "tell": True}, auto_id="termin-%s"),
            "shipment_form": refused.get("sendungen") or ShipmentForm(today=today),
        }
    if rights.see_notes:
        context["photos"] = photos
        context["appointments"] = _appointments(order, request.member)
    if rights.see_money:
        context |= _money(order)
    return render(request, "billing/order_detail.html", context | {"refused": list(refused)}, status=status)


def _step_form(order):
    tells = order.tells_stages is not False
    return MoveForm(initial={"planned_on": order.planned_on, "tell": tells}, auto_id="weiter-%s")


def _milestones(order, way, photos, rights, refused):
    """All milestones, also those the customer does not see and those that were passed over."""
    stages = {step["milestone"].pk: step["stage"] for step in way}
    goes_on = order.state not in (State.CANCELLED, State.WITHDRAWN)
    found = []
    for milestone in order.milestones.all():
        place = f"stein-{milestone.pk}"
        by_hand = not milestone.step and rights.write_notes and goes_on
        found.append(
            {
                "row": milestone,
                "stage": stages.get(milestone.pk, "ahead"),
                "is_passed": milestone.pk not in stages,
                "on": _day_of(order, milestone),
                "photos": [photo for photo in photos if photo.milestone_id == milestone.pk],
                "can_tick": by_hand and not milestone.reached_at,
                "can_untick": by_hand and bool(milestone.reached_at),
                "form": (refused.get(place) or MilestoneForm(milestone=milestone))
                if rights.write_documents and goes_on
                else None,
                "is_refused": place in refused,
            }
        )
    return found


def _day_of(order, milestone: Milestone):
    """The day it was reached or is planned for; of the appointment its day counts, not when it was made."""
    if milestone.step == Step.SCHEDULED:
        return milestone.planned_on or milestone.reached_at
    return milestone.reached_at or milestone.planned_on


def _news(order):
    """What the customer was told, newest first, and in how many minutes what waits goes out."""
    rows = list(order.news.order_by("-pk")[:NEWS_SHOWN])
    first = order_news.waiting(order).order_by("created_at").values_list("created_at", flat=True).first()
    left = (first + order_news.BUNDLED - timezone.now()).total_seconds() if first else 0
    return {
        "rows": [{"row": row, "sentence": order_news.sentence(row)} for row in rows],
        "minutes": max(ceil(left / 60), 1),
    }


def _appointments(order, member):
    """What is agreed with the customer from now on, as far as Heute would show it."""
    ahead = Appointment.objects.filter(customer=order.customer_id, cancelled_at=None, ends_at__gte=timezone.now())
    if not agenda.sees_all(member):
        ahead = ahead.filter(assignee=member)
    return list(ahead.select_related("assignee__user")[:APPOINTMENTS_SHOWN])


def _candidates(order):
    """Photos of the customer that are not on the order's page yet, newest first."""
    photos = Attachment.objects.present().filter(customer=order.customer_id, kind=Attachment.Kind.PHOTO)
    return photos.exclude(order_photos__order=order).order_by("-pk")


def _money(order):
    invoices = list(order.invoices.order_by("pk"))
    issued = [each for each in invoices if not each.is_draft]
    found = amendments.of(order)
    living = (each for each in invoices if each.kind in claims.LAST and each.state != Invoice.State.CANCELLED)
    return {
        "amendments": found,
        "agreed": amendments.agreed(order, found),
        "invoices": invoices,
        "document": amendments.as_it_stands(order, found),
        "invoiced": sum(each.asked for each in issued),
        "paid": sum(each.paid for each in issued if each.state != Invoice.State.CANCELLED),
        "living_invoice": next(living, None),
        "has_parts": any(each.kind in PARTS and each.state != Invoice.State.CANCELLED for each in issued),
    }

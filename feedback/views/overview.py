"""What customers said, for the office."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts import formats
from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing.models import Order
from billing.views.paging import page
from crm import consents
from feedback import figures, requests
from feedback.models import FeedbackAnswer, FeedbackRequest

PERIODS = {
    "": (gettext_lazy("12 Monate"), 365),
    "90": (gettext_lazy("90 Tage"), 90),
    "alle": (gettext_lazy("Alles"), None),
}
NOT_ASKED = 10


@require_safe
@staff(Right.SEE_NOTES)
def overview(request):
    """NPS, distribution and means of a period, the answers, and whom nobody asked yet."""
    period = request.GET.get("zeit", "")
    period = period if period in PERIODS else ""
    days = PERIODS[period][1]
    since = timezone.now() - timedelta(days=days) if days else None
    found = FeedbackAnswer.objects.select_related("request__customer", "request__order")
    if since:
        found = found.filter(answered_at__gte=since)
    wanted = request.GET.get("zeige", "")
    if wanted == "kritisch":
        found = found.filter(recommendation__lte=requests.CRITICAL)
    elif wanted == "kommentar":
        found = found.exclude(comment="")
    numbers = figures.collect(since=since)
    return render(
        request,
        "feedback/overview.html",
        {
            "figures": numbers, "page": page(found, request, by="-answered_at", size=20),
            "line": _line(numbers.months), "change": _change(numbers.months), "bars": _bars(numbers.counts),
            "periods": [{"key": key, "label": label, "on": key == period} for key, (label, _days) in PERIODS.items()],
            "chips": [
                {"key": "", "label": _("Alle"), "on": wanted not in {"kritisch", "kommentar"}},
                {"key": "kritisch", "label": _("Kritisch"), "count": numbers.critics, "on": wanted == "kritisch"},
                {"key": "kommentar", "label": _("Mit Kommentar"), "on": wanted == "kommentar"},
            ],
            "period": period, "wanted": wanted, "critical": requests.CRITICAL, "promoter": figures.PROMOTER,
            "not_asked": _not_asked(request.business),
        },
    )  # fmt: skip


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def request_send(request, order_pk):
    """Ask the customer of an order now instead of some days later; says why when that is not allowed."""
    order = get_object_or_404(Order.objects.select_related("customer", "business"), pk=order_pk)
    if order.completed_on is None:
        raise Refusal(_("Dieser Auftrag ist noch nicht fertig. Gefragt wird nach der Fertigstellung."))
    asked = requests.plan(order)
    if requests.send(asked, by=request.member):
        messages.success(request, _("Frage gesendet an %(to)s.") % {"to": order.customer.email})
    else:
        messages.warning(request, _("Nicht gefragt: %(why)s") % {"why": asked.why_blocked})
    return redirect("feedback:overview")


def _not_asked(business):
    """Finished orders whose customers nobody asked yet: with the day of the question, or why there will be none."""
    over = [Order.State.CANCELLED, Order.State.WITHDRAWN]
    waiting = [FeedbackRequest.State.PLANNED, FeedbackRequest.State.BLOCKED]
    known = FeedbackRequest.objects.filter(state__in=waiting).exclude(order__state__in=over)
    found = list(known.select_related("customer", "order").order_by("-state", "-created_at", "-pk")[:NOT_ASKED])
    done = Order.objects.filter(state__in=[Order.State.COMPLETED, Order.State.INVOICED], feedback_request=None)
    done = done.exclude(completed_on=None).select_related("customer").order_by("-completed_on", "-pk")
    new = [FeedbackRequest(order=order, customer=order.customer) for order in done.defer("document")[:NOT_ASKED]]
    shown = [*new, *found][:NOT_ASKED]
    allowed = consents.allowed([request.customer for request in shown], consents.Purpose.FEEDBACK)
    return [_row(request, business, allowed) for request in shown]


def _row(request, business, allowed):
    why, customer = requests.why_not(request, allowed=allowed), request.customer
    return {
        "order": request.order,
        "customer": customer,
        "why": why,
        "can_be_mended": bool(why) and customer.feedback_opt_out_at is None,
        "asks_on": None if why else request.order.completed_on + timedelta(days=business.feedback_days),
    }


def _change(months):
    """How the NPS moved since the month before the last one; None without one, or without a move."""
    if len(months) < 2 or months[-1].nps == months[-2].nps:
        return None
    points = months[-1].nps - months[-2].nps
    return {"points": points, "text": f"{'+' if points > 0 else formats.MINUS}{abs(points)}", "since": months[-2].month}


def _line(months):
    """The NPS by month as points of a drawing 290 wide and 106 high; None with fewer than two months."""
    if len(months) < 2:
        return None
    step = 266 / (len(months) - 1)
    points = [
        {"x": round(12 + place * step, 1), "y": round(86 - (each.nps + 100) * 0.35, 1), "nps": each.nps,
         "month": formats.day_short(each.month).split(" ", 1)[1].rstrip(".")[:3]}
        for place, each in enumerate(months)
    ]  # fmt: skip
    return {"points": points, "path": " ".join(f"{point['x']},{point['y']}" for point in points), "last": points[-1]}


def _bars(counts):
    """The distribution of 0 to 10 as bars of a drawing 290 wide and 102 high."""
    most = max(counts) or 1
    return [
        {"score": score, "count": count, "x": 2 + score * 26, "middle": 12 + score * 26,
         "height": max(round(count * 70 / most, 1), 1.5), "y": round(84 - max(count * 70 / most, 1.5), 1),
         "tone": "bad" if score <= figures.CRITIC else "edge" if score < figures.PROMOTER else "brand-fg"}
        for score, count in enumerate(counts)
    ]  # fmt: skip

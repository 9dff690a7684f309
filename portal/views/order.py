"""How far the order is: state, next appointment, way, photos, messages, documents."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.models import Invoice
from crm import attachments, link_pages
from crm.link_pages import customer_page
from crm.models import AccessLink, Appointment, Attachment
from portal import calendar, threads, tracking
from portal.forms import QuestionForm
from portal.subjects import order_of

ORDER_LINKS = (AccessLink.Purpose.ORDER, AccessLink.Purpose.QUOTE)


@customer_page(*ORDER_LINKS)
def order(request):
    """Where the order stands."""
    return show(request)


def show(request, *, form=None, status=200):
    """The page, also with a message that needs another look."""
    found = order_of(request.link)
    shared = Attachment.objects.filter(customer=found.customer, is_shared=True, deleted_at=None)
    shown = [attachment for attachment in shared if attachment.kind != "photo" or attachments.is_shown(attachment)]
    running = tracking.is_running(found)
    ahead = tracking.appointments(found) if running else []
    context = {
        "order": found,
        "headline": tracking.headline(found),
        "milestones": tracking.milestones(found),
        "moved_from": tracking.moved_from(found),
        "is_running": running,
        "appointments": ahead,
        "planned_on": tracking.planned_on(found, ahead),
        "photos": [attachment for attachment in shown if attachment.kind == Attachment.Kind.PHOTO],
        "files": [attachment for attachment in shown if attachment.kind != Attachment.Kind.PHOTO],
        "invoices": found.invoices.exclude(state=Invoice.State.DRAFT).order_by("pk"),
        "person": str(found.assignee) if found.assignee else found.frozen_document.seller.contact_name,
        "thread": threads.of_order(found),
        "question": form or QuestionForm(),
        "form": form,
        "counts_looks": True,
    }
    return link_pages.render(request, "portal/order.html", context, status=status)


@customer_page(*ORDER_LINKS)
def appointment(request, pk):
    """An appointment for the customer's calendar."""
    order_of(request.link)
    found = Appointment.objects.filter(customer=request.link.customer, cancelled_at=None, pk=pk).first()
    if found is None:
        raise Http404
    title = f"{found.title}, {request.business.name}"
    return _calendar(f"appointment-{found.pk}", title, start=found.starts_at, end=found.ends_at, place=found.place)


@customer_page(*ORDER_LINKS)
def planned_day(request):
    """The day the work is planned for, as a whole day."""
    found = order_of(request.link)
    if found.planned_on is None or not tracking.is_running(found):
        raise Http404
    title = f"{found.title}, {request.business.name}"
    return _calendar(f"order-{found.pk}", title, start=found.planned_on, place=found.frozen_document.site)


def _calendar(uid, title, **when):
    text = calendar.event(f"{uid}@handschlag", title, stamp=timezone.now(), **when)
    disposition = f'attachment; filename="{_("Termin")}.ics"'
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers={"Content-Disposition": disposition})

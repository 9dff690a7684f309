"""How far the order is: state, what comes next, way, photos, messages, documents."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import amendments, sign_offs
from billing.models import Invoice, Quote
from crm import access, calendar_files, link_pages
from crm.link_pages import customer_page
from crm.models import AccessLink, Appointment, Attachment
from portal import threads, tracking
from portal.center import notes_of
from portal.forms import QuestionForm
from portal.subjects import contract_of, order_of

NOTES = 5  # the newest; all of them stand in "Ihre Unterlagen"
ORDER_LINKS = (AccessLink.Purpose.ORDER, AccessLink.Purpose.QUOTE)


@customer_page(*ORDER_LINKS)
def order(request):
    """Where the order stands."""
    return show(request)


def show(request, *, form=None, status=200):
    """The page, also with a message that needs another look."""
    link = request.link
    found = order_of(link)
    is_quotes_link = link.purpose == AccessLink.Purpose.QUOTE
    changes = amendments.of(found)
    told = list(sign_offs.told(found).defer("record"))
    files = Attachment.objects.shared().filter(customer=found.customer).exclude(kind=Attachment.Kind.PHOTO)
    context = {
        "order": found,
        "contract": contract_of(link) if is_quotes_link else None,
        "progress": tracking.Progress(found, public_id=link.public_id),
        "to_decide": tracking.to_decide(found, changes),
        "agreed": tracking.agreed(found, changes),
        "sign_off": told[0] if told else None,
        "protocols": [each for each in told if each.decided_at],
        "files": files,
        "notes": notes_of(found.customer).prefetch_related(None).filter(created_at__gte=found.placed_at)[:NOTES],
        "invoices": found.invoices.exclude(state=Invoice.State.DRAFT).order_by("pk"),
        "person": str(found.assignee) if found.assignee else found.frozen_document.seller.contact_name,
        "thread": threads.of_order(found),
        "thread_page": "order" if is_quotes_link else "",
        "question": form or QuestionForm(),
        "form": form,
        "counts_looks": True,
    }
    return link_pages.render(request, "portal/order.html", context, status=status)


@customer_page(*ORDER_LINKS)
def amendment(request, pk):
    """On to a change order of this order: the same customer, let in with a link of its own, best the one that went to the
    same address."""
    found = (
        Quote.objects.current().exclude(state=Quote.State.DRAFT).filter(amends=order_of(request.link), pk=pk).first()
    )
    links = [link for link in access.links_to(found) if link.is_open] if found else []
    if not links:
        raise Http404
    same = [link for link in links if link.sent_to.lower() == request.link.sent_to.lower()]
    link = (same or links)[0]
    response = link_pages.come_in(redirect(link_pages.page_of(link)), link)
    return link_pages.pass_gate(response, link) if link.asks_postcode and request.link.asks_postcode else response


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
    text = calendar_files.event(f"{uid}@handschlag", title, stamp=timezone.now(), **when)
    disposition = f'attachment; filename="{_("Termin")}.ics"'
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers={"Content-Disposition": disposition})

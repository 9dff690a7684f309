"""Everything of one customer on one page, after a code by mail (KUN1 to KUN4), and what can be done from there."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from crm import attachments, calendar_files, contact_proposals, link_pages
from crm.link_pages import customer_page
from crm.models import AccessLink, Attachment
from portal import center as everything
from portal import center_doors, consents, data_exports
from portal.center_forms import ContactForm, WayForm
from portal.views.files import JAIL, as_stored

CENTER = AccessLink.Purpose.CENTER
ANCHORS = {"nachrichten"}
DONE = 10  # orders to be done once more


@customer_page(CENTER)
def center(request):
    """What matters now, what runs, all documents."""
    customer = request.link.customer
    papers = everything.Papers(customer, page=_page(request, "seite"))
    quotes, invoices = papers.open_quotes(), papers.open_invoices()
    appointments = list(everything.appointments_of(customer)[: everything.SHOWN])
    pictures, picture_page = everything.photos(customer, page=_page(request, "fotos"))
    asks = _work_request_url(request.link)
    context = {
        "customer": customer,
        "urgent": everything.urgent(invoices, appointments, quotes),
        "running": everything.running(quotes, papers.running_orders()),
        "appointments": appointments,
        "invoices": invoices,
        "documents": papers.rows(),
        "pictures": pictures,
        "picture_page": picture_page,
        "notes": everything.notes(customer, page=_page(request, "notizen")),
        "files": everything.files(customer, page=_page(request, "dateien")),
        "conversations": everything.conversations(customer),
        "asks_url": asks,
        "done": papers.done_orders(DONE) if asks else [],
        "proposal": contact_proposals.open_of(customer),
        "counts_looks": True,
    }
    return link_pages.render(request, "portal/center.html", context)


@customer_page(CENTER, methods=("POST",))
def center_open(request):
    """Open one of the documents: this browser gets a link of its own to it, without another code."""
    key, _mark, anchor = request.POST.get("was", "").partition("#")
    document = everything.find(request.link.customer, key)
    if document is None:
        raise Http404
    link = center_doors.link_to(document, request.link)
    page = link_pages.page_of(link) + (f"#{anchor}" if anchor in ANCHORS else "")
    return link_pages.pass_code(link_pages.come_in(redirect(page), link), link)


@customer_page(CENTER)
def center_appointment(request, pk):
    """An appointment for the customer's calendar."""
    found = everything.appointments_of(request.link.customer).filter(pk=pk).first()
    if found is None:
        raise Http404
    title = f"{found.title}, {request.business.name}"
    text = calendar_files.event(
        f"appointment-{found.pk}@handschlag", title, stamp=timezone.now(), start=found.starts_at, end=found.ends_at,
        place=found.place,
    )  # fmt: skip
    disposition = f'attachment; filename="{_("Termin")}.ics"'
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers={"Content-Disposition": disposition})


@customer_page(CENTER)
def center_picture(request, pk, edge=None):
    """A photo that was shared, re-encoded."""
    if edge not in (None, attachments.SMALL, attachments.THUMB):
        raise Http404
    found = everything.files_of(request.link.customer).filter(pk=pk, kind=Attachment.Kind.PHOTO).first()
    if found is None or not attachments.is_shown(found):
        raise Http404
    name = attachments.smaller(found, edge) if edge else found.preview.name
    if edge and not default_storage.exists(name):  # made before there were smaller ones
        name = found.preview.name
    return as_stored(name, content_type="image/webp")


@customer_page(CENTER)
def center_file(request, pk):
    """A file that was shared, as a download."""
    found = everything.files_of(request.link.customer).exclude(kind=Attachment.Kind.PHOTO).filter(pk=pk).first()
    if found is None:
        raise Http404
    return _download(found.file.name, found.name, found.content_type)


@customer_page(CENTER, methods=("GET", "POST"))
def center_data(request):
    """Contact data, how to be reached, a copy of all data. What is typed is proposed to the office."""
    customer = request.link.customer
    if request.method != "POST":
        return _data(request)
    form = ContactForm(request.POST, customer=customer)
    if not form.is_valid():
        return _data(request, contact=form)
    try:
        contact_proposals.propose(customer, form.values, form.cleaned_data["comment"])
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _data(request, contact=form)
    return redirect("portal:center_data", request.link.public_id)


@customer_page(CENTER, methods=("POST",))
def center_way(request):
    """How the customer wants to be reached; holds at once."""
    form = WayForm(request.POST)
    if not form.is_valid():
        return _data(request, way=form)
    try:
        contact_proposals.choose_way(
            request.link.customer, form.cleaned_data["contact_by"], form.cleaned_data["contact_note"]
        )
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return _data(request, way=form)
    return redirect(f"{reverse('portal:center_data', args=[request.link.public_id])}?gespeichert#erreichen")


@customer_page(CENTER, methods=("POST",))
def center_export(request):
    """Have all data put together."""
    data_exports.ask(request.link)
    return redirect(f"{reverse('portal:center_data', args=[request.link.public_id])}#herunterladen")


@customer_page(CENTER)
def center_export_file(request):
    """The file with all data, while it is there."""
    export = data_exports.newest(request.link.customer)
    if export is None or not export.is_ready:
        raise Http404
    day = timezone.localdate(export.created_at).isoformat()
    return _download(export.file, f"{_('Meine Daten')} {day}.zip", "application/zip")


@customer_page(CENTER, methods=("POST",), gate=False, only_open=False, counts=False)
def center_leave(request):
    """Close the door behind oneself, on a device that others use too."""
    return link_pages.leave(redirect("portal:center_public", request.business.slug), request.link)


def _data(request, *, contact=None, way=None):
    customer = request.link.customer
    proposal = contact_proposals.open_of(customer)
    at_once = {"contact_by": customer.contact_by, "contact_note": customer.contact_note}
    context = {
        "contact": contact or ContactForm(customer=customer, proposal=proposal),
        "way": way or WayForm(initial=at_once),
        "form": contact or way,  # its errors are summed up above
        "proposal": proposal,
        "changes": contact_proposals.compared(proposal) if proposal else [],
        "export": data_exports.newest(customer),
        "consents": consents.shown(customer),
        "is_chosen": "uebernommen" in request.GET,
        "is_waiting": "bestaetigen" in request.GET,
        "is_saved": "gespeichert" in request.GET,
    }
    return link_pages.render(request, "portal/center_data.html", context, status=422 if contact or way else 200)


def _download(name, filename, content_type):
    try:
        stream = default_storage.open(name)
    except FileNotFoundError:
        raise Http404 from None
    kind = {"content_type": content_type, "headers": {"Content-Security-Policy": JAIL}}
    return FileResponse(stream, as_attachment=True, filename=filename, **kind)


def _page(request, name):
    text = request.GET.get(name, "")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) <= 3 else 1


def _work_request_url(link):
    try:
        return reverse("portal:work_request", args=[link.public_id])
    except NoReverseMatch:
        return ""

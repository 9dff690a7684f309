"""A question or a message, from whatever page it was written on; its files; and what was read."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from accounts.refusals import Refusal
from billing import choices
from crm import attachments, limits, link_pages, messages
from crm.link_pages import customer_page
from crm.models import AccessLink, Attachment
from crm.views.attachments import hand_out
from portal import late, threads
from portal.forms import QuestionForm
from portal.offer import Offer
from portal.subjects import quote_of
from portal.views.files import picture_of
from portal.views.invoice import show as show_invoice
from portal.views.order import show as show_order
from portal.views.quote import show as show_quote

Purpose = AccessLink.Purpose
WITH_MESSAGES = (Purpose.QUOTE, Purpose.ORDER, Purpose.INVOICE, Purpose.CENTER)
MOST, WINDOW = 10, 600  # each one is a mail to the business


@customer_page(Purpose.CENTER)
def general(request):
    """What is about no document in particular, in "Ihre Unterlagen"."""
    return show_general(request)


def show_general(request, *, form=None, status=200):
    """The page, also with a message that needs another look."""
    context = {
        "thread": messages.general(request.link.customer),
        "question": form or QuestionForm(),
        "form": form,
        "counts_looks": True,
    }
    return link_pages.render(request, "portal/messages.html", context, status=status)


# A quote's link shows two pages; the form says on which of them it stands.
PAGES = {
    (Purpose.QUOTE, ""): (show_quote, "portal:quote"),
    (Purpose.QUOTE, "order"): (show_order, "portal:order"),
    (Purpose.ORDER, ""): (show_order, "portal:order"),
    (Purpose.INVOICE, ""): (show_invoice, "portal:invoice"),
    (Purpose.CENTER, ""): (show_general, "portal:messages"),
}


@customer_page(*WITH_MESSAGES, methods=("POST",))
def ask(request):
    """Send it; with something missing the page comes back with what was typed (FRA1)."""
    link = request.link
    show, name = PAGES.get((link.purpose, request.POST.get("page", "")), PAGES[link.purpose, ""])
    if name == "portal:quote":
        late.refuse(request, quote_of(link))
    form = QuestionForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, form=form, status=422)
    if limits.hits(f"ask:{link.pk}", seconds=WINDOW) > MOST:
        return link_pages.too_many(limits.seconds_left(WINDOW))
    try:
        messages.ask(link, author_name=link.customer.person_name, **form.cleaned_data, **_about(request))
    except Refusal as refusal:
        form.add_error(refusal.field or "text", refusal.message)
        return show(request, form=form, status=refusal.status)
    query = _choice(request) if name == "portal:quote" else ""
    return redirect(f"{reverse(name, args=[link.public_id])}{query}#nachrichten")


@customer_page(*WITH_MESSAGES, methods=("POST",))
def messages_read(request):
    """The answers were read, up to the one named: they stood in view, or somebody says so with the button."""
    upto = request.POST.get("upto", "")
    if not request.is_preview and not link_pages.is_machine(request):
        messages.mark_answers_read(threads.of_link(request.link), upto=int(upto) if upto.isdecimal() else 0)
    if request.headers.get("Sec-Fetch-Dest") == "empty":  # the page's script
        return link_pages.done()
    _show, name = PAGES.get((request.link.purpose, request.POST.get("page", "")), PAGES[request.link.purpose, ""])
    return redirect(f"{reverse(name, args=[request.link.public_id])}#nachrichten")


@customer_page(*WITH_MESSAGES)
def message_file(request, pk, edge=None):
    """A file of this link's messages as a download; of a photo what was re-encoded, without place and camera (P73)."""
    if edge not in (None, attachments.SMALL, attachments.THUMB):
        raise Http404
    shown = threads.of_link(request.link).order_by().values("pk")
    found = Attachment.objects.filter(message__in=shown, deleted_at=None, pk=pk).first()
    if found is None:
        raise Http404
    if found.is_photo:
        return picture_of(found, edge)
    return hand_out(found.file, found.content_type, name=found.name)


def _about(request):
    """The row of the quote it is about; one that the quote does not have is nothing."""
    position = request.POST.get("position", "")
    if not position or request.link.purpose != Purpose.QUOTE:
        return {}
    lines = quote_of(request.link).frozen_document.lines
    return next(({"position": position, "position_text": line.text} for line in lines if line.position == position), {})


def _choice(request):
    """The choice made so far, so that it is still made after the question."""
    try:
        return Offer(quote_of(request.link), request.GET.dict(), public_id=request.link.public_id).query
    except choices.NotAChoice:
        return ""

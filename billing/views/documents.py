"""What the pages of quotes, orders and invoices share: links, threads, stored files, who may read what."""

from dataclasses import dataclass

from django.contrib import messages as notices
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db.models import Max, Q, Sum
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from billing.forms import AnswerForm
from crm import access, folding, messages
from crm.models import AccessLink

RETRY = 3  # seconds


@dataclass(frozen=True)
class ShownLink:
    """A customer's link with its whole address, which can be worked out as long as the key is there."""

    link: AccessLink
    url: str


def links_of(subject) -> list[ShownLink]:
    """All links to a document, newest first; only open ones with their address. What the customer opened from the page
    of all documents is among them for its looks, without an address to hand on.
    """
    links = access.links_to(subject, with_own=True)
    return [ShownLink(link, _url(link) if link.is_open and link.way != AccessLink.Way.PAGE else "") for link in links]


def looks(links) -> dict:
    """How often and when last the customer looked, for the page's trail."""
    instants = [shown.link.last_seen_at for shown in links if shown.link.last_seen_at]
    return {"times_seen": sum(shown.link.seen_count for shown in links), "last_seen": max(instants, default=None)}


def _url(link):
    try:
        return access.url(link)
    except LookupError:
        return ""


def matching(found, search: str):
    """Of quotes, orders or invoices those in whose number, title or customer every word stands."""
    for word in search.split()[:6]:
        found = found.filter(
            Q(number__icontains=word)
            | Q(title__icontains=word)
            | Q(customer__search_text__contains=folding.fold(word).strip())
        )
    return found


def views_of(model, pks) -> dict[int, dict]:
    """How often and when last the customers looked at documents: {id: {"times": 3, "last": instant}}; one query."""
    kind = ContentType.objects.get_for_model(model)
    rows = (
        AccessLink.objects.filter(subject_type=kind, subject_id__in=list(pks), seen_count__gt=0)
        .values("subject_id")
        .annotate(times=Sum("seen_count"), last=Max("last_seen_at"))
    )
    return {row["subject_id"]: row for row in rows}


def thread_of(request, subject, thread=None) -> dict:
    """Questions and answers for the page, where the member may read them (R121); `thread` in the place of the
    subject's own messages.
    """
    if not request.rights.see_notes:
        return {}
    found = list(messages.thread(subject) if thread is None else thread)
    return {
        "thread": found,
        "unread": sum(1 for message in found if message.is_from_customer and message.read_at is None),
        "answer_form": AnswerForm(),
    }


def answer(request, subject):
    """Send the posted answer with its files; the refusal of an empty one is answered by the middleware."""
    text, files = request.POST.get("text", ""), request.FILES.getlist("files")
    messages.answer(subject, text, customer=subject.customer, by=request.member, files=files)
    notices.success(request, _("Antwort gesendet."))
    return redirect(f"{subject.get_absolute_url()}#fragen")


def stored_file(request, subject, storage_name, file_name, content_type="application/pdf"):
    """Hand out a stored file as it is; `?anzeigen` shows it in the browser. One that is still being made says so on a
    page that looks again by itself.
    """
    if not storage_name:
        waiting = {"subject": subject, "seconds": RETRY}
        page = render(request, "billing/document_pending.html", waiting, status=503)
        page.headers["Retry-After"] = str(RETRY)
        return page
    return FileResponse(
        default_storage.open(storage_name),
        as_attachment="anzeigen" not in request.GET,
        filename=file_name,
        content_type=content_type,
    )

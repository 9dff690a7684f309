"""Requests for work: the list, one of them, and what the office does with it."""

from django.conf import settings
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import Right
from accounts.staff import staff
from crm import work_requests
from crm.models import Customer, WorkRequest, WorkRequestPhoto
from crm.views import undo
from crm.views.attachments import hand_out

PAGE = 50
FOUND = 10


@require_safe
@staff(Right.SEE_NOTES)
def work_request_list(request):
    """Requests of one state, newest first."""
    state = request.GET.get("stand", "")
    state = state if state in WorkRequest.State.values else WorkRequest.State.NEW
    found = WorkRequest.objects.filter(state=state).select_related("customer").annotate(photo_count=Count("photos"))
    found = _older_than(found, request.GET.get("vor", "")).order_by("-created_at", "-pk")
    page = list(found[: PAGE + 1])
    context = {
        "work_requests": page[:PAGE],
        "older_than": page[PAGE - 1].pk if len(page) > PAGE else None,
        "state": state,
        "states": WorkRequest.State.choices,
    }
    return render(request, "crm/work_request_list.html", context)


@require_safe
@staff(Right.SEE_NOTES)
def work_request_detail(request, pk):
    """What was asked, by whom, and the next step. Whose it is not yet known may be searched with ?q=."""
    asked = get_object_or_404(WorkRequest.objects.select_related("customer", "by__user"), pk=pk)
    search = request.GET.get("q", "").strip()[:100]
    asks_whose = asked.customer_id is None and request.rights.write_contacts
    context = {
        "asked": asked,
        "photos": asked.photos.all(),
        "matches": work_requests.matches(asked) if asks_whose else [],
        "search": search,
        "found": Customer.objects.active().matching(search)[:FOUND] if asks_whose and search else [],
    }
    return render(request, "crm/work_request_detail.html", context)


@require_safe
@staff(Right.SEE_NOTES)
def work_request_photo(request, pk):
    """A photo as it is kept: re-encoded, without place data."""
    photo = get_object_or_404(WorkRequestPhoto, pk=pk)
    response = hand_out(photo.file, "image/webp")
    response["Cache-Control"] = "private, max-age=86400"  # it never changes
    return response


@require_POST
@staff(Right.WRITE_CONTACTS)
def work_request_assign(request, pk):
    """It is of the contact `kunde`."""
    asked = get_object_or_404(WorkRequest, pk=pk)
    chosen = request.POST.get("kunde", "")
    customer = get_object_or_404(Customer.objects.active(), pk=chosen[:18] if chosen.isdecimal() else 0)
    work_requests.assign(asked, customer, by=request.member)
    return redirect("crm:work_request_detail", pk)


@require_POST
@staff(Right.WRITE_CONTACTS)
def work_request_contact(request, pk):
    """Make a contact of whoever wrote it."""
    asked = get_object_or_404(WorkRequest, pk=pk)
    work_requests.make_contact(asked, by=request.member)
    return redirect("crm:work_request_detail", pk)


@require_POST
@staff(Right.WRITE_CONTACTS)
def work_request_answer(request, pk):
    """It is answered; with `angebot` by a quote that is begun now."""
    asked = get_object_or_404(WorkRequest, pk=pk)
    work_requests.answer(asked, by=request.member)
    if request.POST.get("angebot") and asked.customer_id:
        return redirect(f"{reverse(settings.QUOTE_START)}?kunde={asked.customer_id}")
    return _undoable(asked, _("Die Anfrage ist beantwortet."))


@require_POST
@staff(Right.WRITE_CONTACTS)
def work_request_dismiss(request, pk):
    """Nothing comes of it."""
    asked = get_object_or_404(WorkRequest, pk=pk)
    work_requests.dismiss(asked, by=request.member)
    return _undoable(asked, _("Die Anfrage ist verworfen."))


@require_POST
@staff(Right.WRITE_CONTACTS)
def work_request_reopen(request, pk):
    """It is still to be answered."""
    asked = get_object_or_404(WorkRequest, pk=pk)
    work_requests.reopen(asked)
    return undo.taken(redirect("crm:work_request_detail", pk))


def _undoable(asked, text):
    return undo.offer(redirect("crm:work_request_list"), text, reverse("crm:work_request_reopen", args=[asked.pk]))


def _older_than(found, pk):
    """Keyset: those behind the request with which the page before ended."""
    last = WorkRequest.objects.filter(pk=pk[:18]).values_list("created_at", "pk").first() if pk.isdecimal() else None
    return found.filter(Q(created_at__lt=last[0]) | Q(created_at=last[0], pk__lt=last[1])) if last else found

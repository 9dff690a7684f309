"""Segments: the list of them, one with its contacts, and building one."""

from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from crm import segments
from crm.models import Consent, Segment
from crm.segment_forms import SegmentForm
from crm.views import undo

PAGE = 50
LISTED = 1000  # the list of segments counts up to that many members of each


@require_safe
@staff(Right.SEE_CONTACTS)
def segment_list(request):
    """All segments that the member may know of, with how many contacts are in each."""
    shown = [each for each in Segment.objects.filter(deleted_at=None) if segments.may_see(each, request.rights)]
    for segment in shown:
        segment.size, segment.has_more = segments.count(segments.members(segment), most=LISTED)
        segment.said = segments.said(segment.criteria)
    return render(request, "crm/segment_list.html", {"segments": shown})


@require_safe
@staff(Right.SEE_CONTACTS)
def segment_detail(request, pk):
    """Who is in it, by name; with the state of the consent to advertising, because no mail leaves without one."""
    segment = _visible(request, pk)
    members = segments.members(segment)
    page = list(_with_consent(members).by_name(after=request.GET.get("nach"))[: PAGE + 1])
    count, is_more = segments.count(members)
    return render(
        request,
        "crm/segment_detail.html",
        {
            "segment": segment,
            "said": segments.said(segment.criteria),
            "customers": page[:PAGE],
            "more_after": page[PAGE - 1].pk if len(page) > PAGE else None,
            "count": count,
            "is_more": is_more,
        },
    )


@require_http_methods(["GET", "POST"])
@staff(Right.WRITE_CONTACTS)
def segment_create(request):
    return _build(request)


@require_http_methods(["GET", "POST"])
@staff(Right.WRITE_CONTACTS)
def segment_edit(request, pk):
    return _build(request, _visible(request, pk))


@require_POST
@staff(Right.WRITE_CONTACTS)
def segment_delete(request, pk):
    segment = _visible(request, pk)
    segments.delete(segment)
    text = _("Das Segment „%(name)s“ ist gelöscht.") % {"name": segment}
    return undo.offer(redirect("crm:segment_list"), text, reverse("crm:segment_restore", args=[segment.pk]))


@require_POST
@staff(Right.WRITE_CONTACTS)
def segment_restore(request, pk):
    segment = get_object_or_404(Segment, pk=pk)
    segments.restore(segment)
    return undo.taken(redirect(segment))


def _build(request, segment=None):
    """Counts where "zaehlen" is among the answers (the script asks by GET, the button by POST), else keeps them."""
    sent = request.POST if request.method == "POST" else request.GET
    counts, data = "zaehlen" in sent, sent if request.method == "POST" or "zaehlen" in sent else None
    keeps = data is not None and not counts
    form = SegmentForm(data, rights=request.rights, segment=segment, asks_name=keeps)
    found = None
    if data is not None and form.is_right:
        if keeps:
            try:
                name = form.cleaned_data["name"]
                kept = (
                    segments.change(segment, name, form.wanted)
                    if segment
                    else segments.create(name, form.wanted, by=request.member)
                )
                return redirect(kept)
            except Refusal as refusal:
                form.add_error(refusal.field or None, refusal.message)
        elif form.wanted:
            found = segments.selected(form.wanted)
    context = {"builder": form, "form": form.first_wrong, "segment": segment, "is_counted": counts}
    if found is not None:
        count, is_more = segments.count(found)
        context |= {
            "count": count, "is_more": is_more,
            "examples": found.order_by("search_name", "pk")[:5],
        }  # fmt: skip
    return render(request, "crm/segment_edit.html", context, status=422 if keeps else 200)


def asked_for(request) -> Segment | None:
    """The segment that other pages are narrowed to by ?segment=; one that is gone or not to be seen is not found."""
    wanted = request.GET.get("segment", "")
    if not wanted:
        return None
    if not wanted.isdecimal():
        raise Http404
    return _visible(request, int(wanted[:18]))


def _visible(request, pk):
    segment = get_object_or_404(Segment, pk=pk, deleted_at=None)
    if not segments.may_see(segment, request.rights):
        raise Http404
    return segment


def _with_consent(found):
    asked = Consent.objects.filter(customer=OuterRef("pk"), purpose=Consent.Purpose.MARKETING)
    return found.annotate(consent=Subquery(asked.order_by("-at", "-pk").values("step")[:1]))

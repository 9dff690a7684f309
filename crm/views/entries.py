"""One contact's timeline with its filters, one line of it, and what is done with a line."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Member
from accounts.rights import Right
from accounts.staff import staff
from crm import comments, entries, tags, timeline
from crm.composer_forms import CommentForm, TagNamesForm
from crm.models import Comment, Customer, Tag, TimelineEntry
from crm.views import undo

PAGE = 20
NOBODY = "ohne"  # what no member did: the customer, or a rule
FILTERS = ("was", "tag", "wer", "text")


def shown(request, customer) -> dict:
    """What the page of a contact shows of its timeline, as its address asks."""
    wanted = _wanted(request)
    found = timeline.of(customer, wanted)
    before = request.GET.get("vor", "")
    is_first = not before.isdecimal()
    others = timeline.unpinned(found)
    page = list((others if is_first else timeline.older_than(others, int(before[:18])))[: PAGE + 1])
    pinned = list(timeline.pinned(found)) if is_first else []
    for entry in page:
        dress(entry)
    for entry in pinned:
        dress(entry, is_pinned=True)
    return {
        "entries": page[:PAGE],
        "pinned": pinned,
        "older_than": page[PAGE - 1].pk if len(page) > PAGE else None,
        "shown": request.GET.get("was", ""),
        "wanted": wanted,
        "is_narrowed": bool(wanted.tag or wanted.by or wanted.is_without_member or wanted.text),
        "filtered_by": {name: request.GET[name] for name in FILTERS if request.GET.get(name)},
        "entry_tags": Tag.objects.filter(entry_tags__entry__customer=customer).distinct(),
        "colleagues": Member.objects.filter(business=request.business).select_related("user"),
        "is_first_page": is_first,
    }


def dress(entry: TimelineEntry, *, is_pinned: bool = False) -> TimelineEntry:
    """What its templates want to know, once its subject is there."""
    entry.month = timezone.localdate(entry.at).replace(day=1)
    # an old event whose template is gone is shown by its name, and does not take the page down
    entry.templates = [entry.template, "crm/timeline_entry.html"]
    entry.sharing = entries.sharing(entry)
    entry.is_pinned = is_pinned
    return entry


@require_safe
@staff(Right.SEE_NOTES)
def entry(request, pk):
    """One line of a timeline with its comments and tags."""
    return _show(request, _entry(pk))


@require_POST
@staff(Right.WRITE_NOTES)
def entry_comment(request, pk):
    found = _entry(pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _show(request, found, comment=form)
    comments.on_entry(found, form.cleaned_data["text"], by=request.member)
    return redirect(f"{reverse('crm:entry', args=[pk])}#kommentare")


@require_POST
@staff(Right.WRITE_NOTES)
def entry_tag(request, pk):
    found = _entry(pk)
    form = TagNamesForm(request.POST)
    if not form.is_valid():
        return _show(request, found, tag=form)
    tags.add_to_entry(found, form.cleaned_data["names"])
    return redirect(f"{reverse('crm:entry', args=[pk])}#tags")


@require_POST
@staff(Right.WRITE_NOTES)
def entry_untag(request, pk):
    """Take one tag from the line: `tag` is its id."""
    found = get_object_or_404(TimelineEntry, pk=pk)
    number = request.POST.get("tag", "")
    tags.take_from_entry(found, get_object_or_404(Tag, pk=number[:18] if number.isdecimal() else None))
    return redirect(f"{reverse('crm:entry', args=[pk])}#tags")


@require_POST
@staff(Right.WRITE_NOTES)
def entry_pin(request, pk):
    """Keep the line on top, or no longer."""
    found = get_object_or_404(TimelineEntry.objects.select_related("customer"), pk=pk)
    if request.POST.get("is_pinned") == "0":
        timeline.unpin(found)
    else:
        timeline.pin(found, by=request.member)
    return redirect(_back(request, found))


@require_POST
@staff(Right.WRITE_NOTES)
def entry_share(request, pk):
    """Let the customer see what the line is about, or no longer."""
    found = _entry(pk)
    entries.set_shared(found, request.POST.get("is_shared") != "0", by=request.member)
    return redirect(_back(request, found))


@require_POST
@staff(Right.WRITE_NOTES)
def comment_delete(request, pk):
    found = get_object_or_404(Comment, pk=pk)
    comments.delete(found)
    return undo.offer(
        redirect(_about(found)), _("Der Kommentar ist gelöscht."), reverse("crm:comment_restore", args=[pk])
    )


@require_POST
@staff(Right.WRITE_NOTES)
def comment_restore(request, pk):
    found = get_object_or_404(Comment, pk=pk)
    comments.restore(found)
    return undo.taken(redirect(_about(found)))


@require_POST
@staff(Right.WRITE_CONTACTS)
def customer_tag_add(request, pk):
    """Let a contact carry one tag more, or several with commas between."""
    customer = get_object_or_404(Customer, pk=pk)
    form = TagNamesForm(request.POST)
    if form.is_valid():  # nothing typed: nothing to do
        tags.add_to_customer(customer, form.cleaned_data["names"])
    return redirect(customer)


@require_POST
@staff(Right.WRITE_CONTACTS)
def customer_tag_remove(request, pk):
    """Take one tag from a contact: `tag` is its id."""
    customer = get_object_or_404(Customer, pk=pk)
    number = request.POST.get("tag", "")
    tag = get_object_or_404(Tag, pk=number[:18] if number.isdecimal() else None)
    tags.take_from_customer(customer, tag)
    return redirect(customer)


def _entry(pk):
    found = get_object_or_404(TimelineEntry.objects.select_related("customer"), pk=pk)
    return get_object_or_404(timeline.of(found.customer), pk=pk)


def _show(request, found, *, comment=None, tag=None):
    dress(found, is_pinned=hasattr(found, "pin"))
    context = {
        "entry": found,
        "customer": found.customer,
        "comment_form": comment or CommentForm(),
        "tag_form": tag or TagNamesForm(auto_id="id_tag_%s"),
        "all_tags": Tag.objects.values_list("name", flat=True),
        "form": comment or tag,  # its errors are summed up above
        "is_alone": True,
    }
    return render(request, "crm/entry.html", context, status=422 if comment or tag else 200)


def _back(request, found):
    """Where the step was taken: the page says so in `next`; else the contact."""
    target = request.POST.get("next", "")
    if target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return target
    return found.customer.get_absolute_url()


def _about(comment):
    if comment.entry_id:
        return f"{reverse('crm:entry', args=[comment.entry_id])}#kommentare"
    return f"{reverse('crm:attachment_detail', args=[comment.attachment_id])}?seite={comment.page}#kommentare"


def _wanted(request):
    query = request.GET
    who, tag = query.get("wer", ""), query.get("tag", "")
    return timeline.Wanted(
        only=tuple(part for part in query.get("was", "").split(",") if part.count(".") == 1)[:10],
        tag=int(tag[:18]) if tag.isdecimal() else None,
        by=int(who[:18]) if who.isdecimal() else None,
        is_without_member=who == NOBODY,
        text=query.get("text", "").strip()[:100],
        sees_money=bool(request.rights.see_money),
    )

"""The list of contacts: filters that combine, pages by name."""

from django.db.models import OuterRef, Subquery
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.counting import Rows
from accounts.rights import Right
from accounts.staff import staff
from crm import search as searching
from crm import segments
from crm.models import Customer, CustomerTag, Segment, Tag, TimelineEntry
from crm.views.segments import asked_for

PAGE = 50
CHIPS = 12
USED = 100  # tags are sorted by use up to that many contacts


@require_safe
@staff(Right.SEE_CONTACTS)
def customer_list(request):
    """All contacts by name; words, kinds, tags and segments combine. One hit of a search is opened at once."""
    query = request.GET
    search, segment = query.get("q", "").strip()[:100], asked_for(request)
    filters = [name for name in ("art", "tag") if query.get(name)] + (["segment"] if segment else [])
    found = _selection(query)
    if segment:
        found = found.filter(pk__in=segments.members(segment).values("pk"))
    matches = searching.matches(search, found) if search else searching.Matches(found)
    page = list(_with_last_event(matches.rows).by_name(after=query.get("nach"))[: PAGE + 1])
    is_typing = request.headers.get("X-Requested-With") == "fetch"
    if search and len(page) == 1 and not filters and "nach" not in query and not is_typing:
        return redirect(page[0])
    count, is_more = (len(matches.pks), matches.is_more) if matches.pks is not None else segments.count(found)
    return render(
        request,
        "crm/customer_list.html",
        {
            "customers": page[:PAGE],
            "more_after": page[PAGE - 1].pk if len(page) > PAGE else None,
            "count": searching.MOST if matches.is_more else count,
            "is_more": is_more,
            "search": search,
            "kind": query.get("art", ""),
            "kinds": Customer.Kind.choices,
            "tag": query.get("tag", ""),
            "tags": _tags(),
            "segment": segment,
            "segments": [
                each for each in Segment.objects.filter(deleted_at=None) if segments.may_see(each, request.rights)
            ],
            "filters": filters,
        },
    )


def _selection(query):
    found = Customer.objects.archived() if query.get("art") == "archiv" else Customer.objects.active()
    if query.get("art") in Customer.Kind.values:
        found = found.filter(kind=query["art"])
    elif query.get("art") == "interessent":
        found = found.filter(is_prospect=True)
    if query.get("tag", "").isdecimal():
        found = found.filter(pk__in=CustomerTag.objects.filter(tag=query["tag"][:18]).values("customer"))
    return found


def _tags():
    """Those that are used, the most used first; nobody counts further than to a hundred."""
    used = Rows(CustomerTag.objects.filter(tag=OuterRef("pk"))[:USED])
    return Tag.objects.annotate(used=used).filter(used__gt=0).order_by("-used", "name")[:CHIPS]


def _with_last_event(found):
    last = TimelineEntry.objects.filter(customer=OuterRef("pk")).order_by("-at", "-pk")
    return found.annotate(
        last_event=Subquery(last.values("event")[:1]), last_at=Subquery(last.values("at")[:1])
    ).prefetch_related("customer_tags__tag")

"""The page behind the search field, and the hits that its script shows while somebody types."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.rights import Right
from accounts.staff import staff
from crm import search as searching

ON_THE_PAGE, WHILE_TYPING = 20, 5


@require_safe
@staff(Right.SEE_CONTACTS)
def search(request):
    """Everything that was found; a single hit is opened at once."""
    text = request.GET.get("q", "").strip()[: searching.LONGEST]
    is_typing = request.headers.get("X-Requested-With") == "fetch"
    kinds = searching.find(text, request.rights, limit=WHILE_TYPING if is_typing else ON_THE_PAGE)
    hits = [hit for kind in kinds for hit in kind.hits]
    if len(hits) == 1 and not is_typing and not kinds[0].is_guess:
        return redirect(hits[0].url)
    shown = {"search": text, "kinds": kinds, "count": len(hits), "is_guess": any(kind.is_guess for kind in kinds)}
    return render(request, "crm/search_hits.html" if is_typing else "crm/search.html", shown)

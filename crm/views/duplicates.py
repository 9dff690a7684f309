"""Contacts that are there twice: while one is typed, and over the whole book."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import Right
from accounts.staff import staff
from crm import duplicate_searches, duplicates
from crm.duplicates import Reason
from crm.models import Customer, DuplicatePair, DuplicateSearch
from crm.views import undo

PAGE = 25


@require_POST
@staff(Right.WRITE_CONTACTS)
def duplicate_check(request) -> HttpResponse:
    """Who is there already, for what is typed so far: the panel above the form. Keeps nothing."""
    pk = request.POST.get("pk", "")
    customer = get_object_or_404(Customer, pk=int(pk[:18])) if pk.isdecimal() else None
    return render(request, "crm/duplicates.html", {"doubles": found(request.POST, customer)})


def found(data, customer: Customer | None = None) -> list[duplicates.Double]:
    """Who looks like the contact in a form's data, but for those who were said to be others."""
    typed = duplicates.traits_of({name: data.get(name, "") for name in duplicates.FIELDS})
    if customer is None:
        return duplicates.likely(typed)
    return duplicates.likely(typed, but={customer.pk, *duplicates.others_than(customer)})


@require_safe
@staff(Right.WRITE_CONTACTS)
def duplicate_list(request) -> HttpResponse:
    """Pairs that are likely one contact, and how far the search for them is."""
    pairs = list(duplicate_searches.open_pairs()[: PAGE + 1])
    for pair in pairs:
        pair.in_common = [str(Reason(reason).label) for reason in pair.reasons if reason in Reason.values]
    return render(
        request,
        "crm/duplicate_list.html",
        {"pairs": pairs[:PAGE], "has_more": len(pairs) > PAGE, "search": DuplicateSearch.objects.first()},
    )


@require_POST
@staff(Right.WRITE_CONTACTS)
def duplicate_search(request) -> HttpResponse:
    """Look through the whole book; a task does it."""
    duplicate_searches.start(by=request.member)
    return redirect("crm:duplicate_list")


@require_POST
@staff(Right.WRITE_CONTACTS)
def duplicate_dismiss(request, pk) -> HttpResponse:
    """They are two."""
    pair = get_object_or_404(DuplicatePair, pk=pk)
    duplicate_searches.dismiss(pair, by=request.member)
    text = _("Gemerkt: Das sind zwei Kontakte.")
    return undo.offer(redirect("crm:duplicate_list"), text, reverse("crm:duplicate_restore", args=[pair.pk]))


@require_POST
@staff(Right.WRITE_CONTACTS)
def duplicate_restore(request, pk) -> HttpResponse:
    """Undo `duplicate_dismiss`."""
    pair = get_object_or_404(DuplicatePair, pk=pk)
    duplicate_searches.restore(pair)
    return undo.taken(redirect("crm:duplicate_list"))

"""Two contacts become one, and two again."""

from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from crm import customers, duplicates, merging
from crm.models import ContactMerge, Customer

FOUND = 12


@require_safe
@staff(Right.WRITE_CONTACTS)
def merge_choose(request, pk) -> HttpResponse:
    """With whom: those who look like the contact, and whoever is searched for."""
    customer = customers.living(get_object_or_404(Customer, pk=pk))
    search = request.GET.get("q", "").strip()[:100]
    found = Customer.objects.filter(merged_into=None).exclude(pk=customer.pk).matching(search).order_by("name", "pk")
    return render(
        request,
        "crm/merge_choose.html",
        {
            "customer": customer,
            "search": search,
            "found": found[:FOUND] if search else [],
            "doubles": duplicates.likely(duplicates.traits_of(customer), but=duplicates.others_than(customer)),
        },
    )


@require_http_methods(["GET", "POST"])
@staff(Right.WRITE_CONTACTS)
def customer_merge(request, pk, other) -> HttpResponse:
    """Both side by side, with what stays of each; `pk` is the one that stays."""
    survivor, absorbed = get_object_or_404(Customer, pk=pk), get_object_or_404(Customer, pk=other)
    if survivor.pk == absorbed.pk or survivor.merged_into_id or absorbed.merged_into_id:
        return redirect("crm:merge_choose", customers.living(survivor).pk)
    problem = ""
    choices = merging.choices(survivor, absorbed)
    if request.method == "POST":
        take = {each.part.name for each in choices if request.POST.get(each.part.name) == "other"}
        try:
            merge = merging.merge(
                survivor, absorbed, by=request.member, take=take, keeps_others="keep_others" in request.POST
            )
        except Refusal as refusal:
            problem = refusal.message
        else:
            flash.success(
                request,
                _("„%(name)s“ ist jetzt ein Kontakt. Im Verlauf können Sie die beiden wieder trennen.")
                % {"name": merge.survivor},
            )
            return redirect(merge.survivor)
    total, named = merging.what_moves(absorbed)
    context = {
        "survivor": survivor,
        "absorbed": absorbed,
        "choices": [(each, request.POST.get(each.part.name, each.proposed)) for each in choices],
        "total": total,
        "named": named,
        "has_more": merging.kept_besides(survivor, absorbed),
        "problem": problem,
    }
    return render(request, "crm/customer_merge.html", context, status=409 if problem else 200)


@require_http_methods(["GET", "POST"])
@staff(Right.WRITE_CONTACTS)
def merge_undo(request, pk) -> HttpResponse:
    """Make two of them again, after saying what that means."""
    merge = get_object_or_404(ContactMerge.objects.select_related("survivor", "absorbed", "by__user"), pk=pk)
    if request.method == "POST":
        back = merging.undo(merge, by=request.member)
        flash.success(request, _("„%(name)s“ ist wieder ein eigener Kontakt.") % {"name": back})
        return redirect(back)
    rows = sum(len(ids) for ids in merge.moved.values())
    return render(request, "crm/merge_undo.html", {"merge": merge, "rows": rows})

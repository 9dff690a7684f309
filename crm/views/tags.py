"""Tags: all of them with how often they are used; one to rename, recolour, merge or take away."""

from django.contrib import messages as flash
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from crm import tags
from crm.composer_forms import TagForm
from crm.models import Tag


@require_safe
@staff(Right.WRITE_CONTACTS)
def tag_list(request):
    """All tags."""
    return render(request, "crm/tag_list.html", {"tags": tags.with_counts()})


@require_http_methods(["GET", "POST"])
@staff(Right.WRITE_CONTACTS)
def tag_edit(request, pk):
    """Another name or colour; and the ways to merge it into another and to take it away."""
    tag = get_object_or_404(tags.with_counts(), pk=pk)
    form = TagForm(request.POST or None, instance=get_object_or_404(Tag, pk=pk))
    if request.method == "POST" and form.is_valid():
        try:
            tags.change(get_object_or_404(Tag, pk=pk), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            return redirect("crm:tag_list")
    context = {"tag": tag, "form": form, "others": Tag.objects.exclude(pk=pk)}
    return render(request, "crm/tag_edit.html", context, status=422 if form.errors else 200)


@require_POST
@staff(Right.WRITE_CONTACTS)
def tag_merge(request, pk):
    """Let everything with this tag carry another one: `into` is its id."""
    tag, number = get_object_or_404(Tag, pk=pk), request.POST.get("into", "")
    into = Tag.objects.filter(pk=number[:18]).first() if number.isdecimal() else None
    if into is None:
        raise Refusal(_("Bitte wählen Sie, mit welchem Tag er zusammengeführt wird."), field="into")
    tags.merge(tag, into)
    flash.success(request, _("„%(one)s“ heißt jetzt überall „%(other)s“.") % {"one": tag.name, "other": into.name})
    return redirect("crm:tag_list")


@require_POST
@staff(Right.WRITE_CONTACTS)
def tag_delete(request, pk):
    """Take the tag from everything and away; the page before says from how much."""
    tag = get_object_or_404(Tag, pk=pk)
    tags.delete(tag)
    flash.success(request, _("Der Tag „%(name)s“ ist gelöscht.") % {"name": tag.name})
    return redirect("crm:tag_list")

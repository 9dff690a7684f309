"""Settings page "Arten der Arbeit": the milestones of each kind of work. Rows are added, removed and moved by buttons that
send the form, so that it works without script."""

from itertools import zip_longest

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing import work_kinds
from billing.models import Step, WorkKind
from billing.work_kinds import StepInput


class WorkKindForm(forms.Form):
    """The name; the rows are read from the request by `_rows`, and errors about them stand at the form."""

    name = forms.CharField(
        label=gettext_lazy("Art der Arbeit"), max_length=work_kinds.LONGEST_NAME, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


@require_safe
@staff(Right.MANAGE_BUSINESS)
def work_kind_list(request):
    """All kinds, and the templates to start from."""
    return _list(request)


@require_POST
@staff(Right.MANAGE_BUSINESS)
def work_kind_create(request):
    """A new kind from a template; its page opens."""
    try:
        kind = work_kinds.create_from_template(request.POST.get("template", ""), _free_name(request.POST))
    except Refusal as refusal:
        return _list(request, error=refusal.message)
    messages.success(request, _("„%(name)s“ angelegt. Passen Sie die Meilensteine an.") % {"name": kind})
    return redirect("billing:work_kind_edit", kind.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.MANAGE_BUSINESS)
def work_kind_edit(request, pk):
    """Name and milestones of a kind. A button of a row sends the form too, and nothing is saved by it."""
    kind = get_object_or_404(WorkKind, pk=pk)
    if request.method != "POST":
        return _edit(request, kind, WorkKindForm(initial={"name": kind.name}), list(work_kinds.steps_of(kind)))
    rows, deed = _rows(request.POST), request.POST.get("tun", "")
    if deed:
        # unbound: nobody is told off for a form that is not finished
        form = WorkKindForm(initial={"name": request.POST.get("name", "")})
        return _edit(request, kind, form, _changed(rows, deed))
    form = WorkKindForm(request.POST)
    if form.is_valid():
        try:
            work_kinds.save(kind, name=form.cleaned_data["name"], steps=rows)
        except Refusal as refusal:
            form.add_error("name" if refusal.field == "name" else None, refusal.message)
        else:
            messages.success(request, _("„%(name)s“ gespeichert.") % {"name": kind})
            return redirect("billing:work_kind_list")
    return _edit(request, kind, form, rows, status=422)


@require_POST
@staff(Right.MANAGE_BUSINESS)
def work_kind_default(request, pk):
    """New orders take this way, or with `aus` the plain one."""
    kind = get_object_or_404(WorkKind, pk=pk)
    work_kinds.make_default(None if "aus" in request.POST else kind)
    messages.success(request, _("Gespeichert."))
    return redirect("billing:work_kind_list")


@require_POST
@staff(Right.MANAGE_BUSINESS)
def work_kind_archive(request, pk):
    """Offer it no more."""
    kind = get_object_or_404(WorkKind, pk=pk)
    work_kinds.archive(kind)
    messages.success(request, _("„%(name)s“ archiviert.") % {"name": kind})
    return redirect("billing:work_kind_list")


@require_POST
@staff(Right.MANAGE_BUSINESS)
def work_kind_unarchive(request, pk):
    """Offer it again."""
    kind = get_object_or_404(WorkKind, pk=pk)
    work_kinds.unarchive(kind)
    messages.success(request, _("„%(name)s“ ist wieder da.") % {"name": kind})
    return redirect("billing:work_kind_list")


def _list(request, *, error=""):
    kinds = list(WorkKind.objects.prefetch_related("steps"))
    context = {
        "kinds": [kind for kind in kinds if not kind.archived_at],
        "archived": [kind for kind in kinds if kind.archived_at],
        "templates": work_kinds.TEMPLATES,
        "has_default": any(kind.is_default for kind in kinds),
        "error": error,
    }
    return render(request, "billing/work_kind_list.html", context, status=409 if error else 200)


def _edit(request, kind, form, rows, *, status=200):
    context = {
        "kind": kind, "form": form, "rows": rows, "steps": Step.choices, "milestones": _preview(rows),
        "most": work_kinds.MOST_SHOWN, "shown": sum(row.is_shown for row in rows),
        "is_full": len(rows) >= work_kinds.MOST_STEPS,
    }  # fmt: skip
    return render(request, "billing/work_kind_edit.html", context, status=status)


def _preview(rows):
    """What a customer sees of it, for components/milestones.html: an order on its way to the third one."""
    seen = [row for row in rows if row.is_shown and row.label]
    stages = ["done", "now"]
    return [
        {"title": row.label, "state": stage or "ahead", "on": None, "note": ""}
        for row, stage in zip_longest(seen, stages[-len(seen) :] if len(seen) < 2 else stages)
        if row
    ]


def _rows(post) -> list[StepInput]:
    """The rows as they were typed, at most as many as there may be and one more; those that are wholly empty are none."""
    labels, steps = post.getlist("label")[: work_kinds.MOST_STEPS + 1], post.getlist("step")
    shown = set(post.getlist("shown"))
    return [
        StepInput(label.strip()[: 2 * work_kinds.LONGEST_LABEL], step or Step.BY_HAND, str(place) in shown)
        for place, (label, step) in enumerate(zip(labels, [*steps, *[""] * len(labels)], strict=False))
    ]


def _changed(rows, deed) -> list[StepInput]:
    """Rows after a button was pressed: "neu", "weg-2", "hoch-2", "runter-2"."""
    what, _mark, number = deed.partition("-")
    place = int(number) if number.isdecimal() and len(number) < 3 else -1
    if what == "neu" and len(rows) < work_kinds.MOST_STEPS:
        return [*rows, StepInput("")]
    if not 0 <= place < len(rows):
        return rows
    if what == "weg":
        return rows[:place] + rows[place + 1 :]
    other = place + {"hoch": -1, "runter": 1}.get(what, 0)
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    return rows


def _free_name(post) -> str:
    """A name of its own for a second kind from the same template: "Reparatur 2"."""
    template = next((each for each in work_kinds.TEMPLATES if each.key == post.get("template")), None)
    if template is None:
        return ""
    name = str(template.name)
    taken = set(WorkKind.objects.filter(name__startswith=name).values_list("name", flat=True))
    return next(each for each in [name, *(f"{name} {n}" for n in range(2, len(taken) + 3))] if each not in taken)

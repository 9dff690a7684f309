"""Tasks: their list, written from anywhere, ticked off where they stand."""

from django.apps import apps
from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.formats import day_short
from accounts.rights import Right
from accounts.staff import staff
from crm import agenda, todos
from crm.forms import TodoForm
from crm.models import Customer, TimelineEntry, Todo
from crm.views import customers, undo

PAGE = 50


@require_http_methods(["GET", "POST"])
@staff(Right.SEE_NOTES)
def todo_list(request):
    """Tasks: open, overdue or done, mine or everybody's; a POST writes one that belongs to no contact."""
    form = TodoForm(request.POST or None, member=request.member)
    if request.method == "POST" and form.is_valid():
        todos.add(by=request.member, **form.cleaned_data)
        return redirect("crm:todo_list")
    shown, whose = request.GET.get("was", ""), request.GET.get("wer", "")
    found = agenda.todo_list(
        request.member, shown=shown, is_own=whose == "ich", after=request.GET.get("nach", ""), on=timezone.localdate()
    )
    page = list(found[: PAGE + 1])
    context = {
        "form": form, "todos": page[:PAGE], "whose": whose, "shown": shown, "today": timezone.localdate(),
        "next_after": page[PAGE - 1].pk if len(page) > PAGE else None,
    }  # fmt: skip
    return render(request, "crm/todo_list.html", context, status=422 if form.errors else 200)


@require_POST
@staff(Right.WRITE_NOTES)
def todo_add(request, pk):
    customer = get_object_or_404(Customer, pk=pk)
    form = TodoForm(request.POST, member=request.member)
    if not form.is_valid():
        return customers.show(request, customer, bound=form, status=422)
    todos.add(customer=customer, by=request.member, **form.cleaned_data)
    return redirect(customer)


@require_http_methods(["GET", "POST"])
@staff(Right.WRITE_NOTES)
def todo_create(request):
    """A task about a document (?zu=quote-12) or a line of the timeline (?eintrag=34)."""
    about, customer = _about(request)
    form = TodoForm(request.POST if request.method == "POST" else None, member=request.member)
    if request.method == "POST" and form.is_valid():
        todos.add(customer=customer, about=about, by=request.member, **form.cleaned_data)
        return redirect(_page_of(about) if about else customer or "crm:todo_list")
    context = {"form": form, "about": about, "about_url": _page_of(about) if about else "", "customer": customer}
    return render(request, "crm/todo_create.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@staff(Right.WRITE_NOTES)
def todo_edit(request, pk):
    """Text, day, reminder, rhythm and who."""
    todo = get_object_or_404(agenda.visible_todos(request.member), pk=pk, deleted_at=None)
    initial = {name: getattr(todo, name) for name in todos.FIELDS} | {"assignee": todo.assignee_id}
    form = TodoForm(request.POST if request.method == "POST" else None, member=request.member, initial=initial)
    if request.method == "POST" and form.is_valid():
        todos.change(todo, **form.cleaned_data | {"assignee": form.cleaned_data["assignee"] or todo.assignee})
        return redirect(todo.customer or "crm:todo_list")
    return render(request, "crm/todo_edit.html", {"form": form, "todo": todo}, status=422 if form.errors else 200)


@require_POST
@staff(Right.WRITE_NOTES)
def todo_finish(request, pk):
    todo = get_object_or_404(Todo, pk=pk)
    following = todos.finish(todo, by=request.member)
    text = _("Erledigt: %(text)s") % {"text": todo.text}
    if following:
        text = _("%(done)s. Das nächste Mal am %(day)s") % {"done": text, "day": day_short(following.due_on)}
    return undo.offer(redirect(_back(request, todo)), text, reverse("crm:todo_reopen", args=[pk]))


@require_POST
@staff(Right.WRITE_NOTES)
def todo_reopen(request, pk):
    todo = get_object_or_404(Todo, pk=pk)
    todos.reopen(todo)
    return undo.taken(redirect(_back(request, todo)))


@require_POST
@staff(Right.WRITE_NOTES)
def todo_delete(request, pk):
    todo = get_object_or_404(agenda.visible_todos(request.member), pk=pk)
    todos.delete(todo)
    text = _("Gelöscht: %(text)s") % {"text": todo.text}
    return undo.offer(redirect(_back(request, todo)), text, reverse("crm:todo_restore", args=[pk]))


@require_POST
@staff(Right.WRITE_NOTES)
def todo_restore(request, pk):
    todo = get_object_or_404(agenda.visible_todos(request.member), pk=pk)
    todos.restore(todo)
    return undo.taken(redirect(_back(request, todo)))


@require_safe
@staff(Right.SEE_NOTES)
def todo_about(request, pk):
    """Lead to what a task is about: lists need not fetch every document to link it."""
    todo = get_object_or_404(Todo.objects.select_related("customer"), pk=pk)
    return redirect(_page_of(todo.about) if todo.about else todo.customer or "crm:todo_list")


def _about(request):
    """What the address names, and its contact. Raises Http404 for what there is not or the member may not see."""
    if named := request.GET.get("eintrag", ""):
        entry = get_object_or_404(TimelineEntry.objects.select_related("customer"), pk=_number(named))
        return entry, entry.customer
    if named := request.GET.get("zu", ""):
        kind, _dash, number = named.partition("-")
        label, right = settings.TODO_SUBJECTS.get(kind, ("", ""))
        if not label or right not in request.rights:
            raise Http404
        about = get_object_or_404(apps.get_model(label).objects.select_related("customer"), pk=_number(number))
        return about, about.customer
    return None, None


def _number(text):
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise Http404
    return int(text)


def _page_of(about):
    if isinstance(about, TimelineEntry):
        return reverse("crm:entry", args=[about.pk])
    return about.get_absolute_url() if hasattr(about, "get_absolute_url") else reverse("crm:todo_list")


def _back(request, todo):
    """Where the tick was set: the page says so in `next`; else the contact or the list."""
    target = request.POST.get("next", "")
    if target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return target
    return todo.customer or "crm:todo_list"

"""Notes, tasks and appointments of a contact: written in the composer, undone where they stand."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from crm import agenda, appointments, letters, notes, todos
from crm.composer_forms import CallForm, LetterForm, NoteEditForm
from crm.forms import AppointmentForm, NoteForm, TodoForm
from crm.models import Appointment, Customer, Note, Todo
from crm.views import customers, undo


@require_POST
@staff(Right.WRITE_NOTES)
def note_add(request, pk):
    customer = get_object_or_404(Customer, pk=pk)
    form = NoteForm(request.POST, request.FILES)
    if not form.is_valid():
        return customers.show(request, customer, bound=form, status=422)
    notes.add(customer, by=request.member, **form.cleaned_data)
    return redirect(_again(customer))


@require_POST
@staff(Right.WRITE_NOTES)
def call_add(request, pk):
    customer = get_object_or_404(Customer, pk=pk)
    form = CallForm(request.POST, customer=customer)
    if not form.is_valid():
        return customers.show(request, customer, bound=form, status=422)
    notes.add_call(customer, by=request.member, **form.cleaned_data)
    return redirect(_again(customer))


@require_POST
@staff(Right.WRITE_CONTACTS)
def letter_send(request, pk):
    customer = get_object_or_404(Customer, pk=pk)
    form = LetterForm(request.POST, customer=customer)
    if not form.is_valid():
        return customers.show(request, customer, bound=form, status=422)
    letters.send(customer, by=request.member, **form.cleaned_data)
    return redirect(customer)


@require_http_methods(["GET", "POST"])
@staff(Right.WRITE_NOTES)
def note_edit(request, pk):
    """Correct a note or what was said in a call; what it said before stays readable."""
    note = get_object_or_404(Note.objects.select_related("customer"), pk=pk, deleted_at=None)
    form = NoteEditForm(request.POST or None, initial={"text": note.text, "seen": note.text})
    if request.method == "POST" and form.is_valid():
        try:
            notes.correct(note, by=request.member, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("text", refusal.message)
            note.refresh_from_db()
        else:
            return redirect(note.customer)
    context = {"note": note, "form": form, "versions": note.versions.select_related("by__user")}
    return render(request, "crm/note_edit.html", context, status=422 if form.errors else 200)


@require_safe
@staff(Right.SEE_NOTES)
def note_versions(request, pk):
    """What a note said before it was corrected."""
    note = get_object_or_404(
        Note.objects.select_related("customer", "by__user", "corrected_by__user"), pk=pk, deleted_at=None
    )
    versions = note.versions.select_related("by__user")
    return render(request, "crm/note_versions.html", {"note": note, "versions": versions})


@require_POST
@staff(Right.WRITE_NOTES)
def note_delete(request, pk):
    note = get_object_or_404(Note, pk=pk)
    notes.delete(note)
    return undo.offer(redirect(note.customer), _("Die Notiz ist gelöscht."), reverse("crm:note_restore", args=[pk]))


@require_POST
@staff(Right.WRITE_NOTES)
def note_restore(request, pk):
    note = get_object_or_404(Note, pk=pk)
    notes.restore(note)
    return undo.taken(redirect(note.customer))


@require_http_methods(["GET", "POST"])
@staff(Right.SEE_NOTES)
def todo_list(request):
    """All open tasks: mine, or everybody's; a POST writes one that belongs to no contact."""
    form = TodoForm(request.POST or None, member=request.member)
    if request.method == "POST" and form.is_valid():
        todos.add(by=request.member, **form.cleaned_data)
        return redirect("crm:todo_list")
    found = agenda.todos(request.member)
    whose = request.GET.get("wer", "")
    if whose == "ich":
        found = found.filter(assignee=request.member)
    context = {"form": form, "todos": found[:200], "whose": whose, "today": timezone.localdate()}
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


@require_POST
@staff(Right.WRITE_NOTES)
def todo_finish(request, pk):
    todo = get_object_or_404(Todo, pk=pk)
    todos.finish(todo, by=request.member)
    text = _("Erledigt: %(text)s") % {"text": todo.text}
    return undo.offer(redirect(_back(request, todo)), text, reverse("crm:todo_reopen", args=[pk]))


@require_safe
@staff(Right.SEE_NOTES)
def todo_about(request, pk):
    """Lead to what a task is about: lists need not fetch every document to link it."""
    todo = get_object_or_404(Todo.objects.select_related("customer"), pk=pk)
    return redirect(todo.about or todo.customer or "crm:todo_list")


@require_POST
@staff(Right.WRITE_NOTES)
def todo_reopen(request, pk):
    todo = get_object_or_404(Todo, pk=pk)
    todos.reopen(todo)
    return undo.taken(redirect(_back(request, todo)))


@require_POST
@staff(Right.WRITE_NOTES)
def appointment_add(request, pk):
    customer = get_object_or_404(Customer, pk=pk)
    form = AppointmentForm(request.POST, member=request.member)
    if not form.is_valid():
        return customers.show(request, customer, bound=form, status=422)
    data = form.cleaned_data
    appointments.add(
        customer,
        data["title"],
        starts_at=form.moment("starts"),
        ends_at=form.moment("ends"),
        place=data["place"],
        assignee=data["assignee"],
        by=request.member,
    )
    return redirect(customer)


@require_POST
@staff(Right.WRITE_NOTES)
def appointment_cancel(request, pk):
    appointment = get_object_or_404(Appointment, pk=pk)
    appointments.cancel(appointment)
    text = _("Abgesagt: %(title)s") % {"title": appointment.title}
    return undo.offer(redirect(appointment.customer), text, reverse("crm:appointment_restore", args=[pk]))


@require_POST
@staff(Right.WRITE_NOTES)
def appointment_restore(request, pk):
    appointment = get_object_or_404(Appointment, pk=pk)
    appointments.restore(appointment)
    return undo.taken(redirect(appointment.customer))


def _again(customer):
    """The contact, with an empty note to go on writing (KTK1)."""
    return f"{customer.get_absolute_url()}?neu=notiz"


def _back(request, todo):
    """Where the tick was set: the page says so in `next`; else the contact or the list."""
    target = request.POST.get("next", "")
    if target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return target
    return todo.customer or "crm:todo_list"

"""Notes of a contact: written in the composer, undone where they stand."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from crm import letters, notes
from crm.composer_forms import CallForm, LetterForm, NoteEditForm
from crm.forms import NoteForm
from crm.models import Customer, Note
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
    form = LetterForm(request.POST, request.FILES, customer=customer)
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


def _again(customer):
    """The contact, with an empty note to go on writing (KTK1)."""
    return f"{customer.get_absolute_url()}?neu=notiz"

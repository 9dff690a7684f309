"""What can be written down about a contact: note, call, mail, task, appointment. Each kind is a link, so that it works
without script; what was refused comes back with its errors.
"""

import uuid

from crm.composer_forms import CallForm, LetterForm
from crm.forms import AppointmentForm, NoteForm, TodoForm

KINDS = {
    "notiz": NoteForm, "anruf": CallForm, "mail": LetterForm, "aufgabe": TodoForm, "termin": AppointmentForm,
}  # fmt: skip


def shown(request, customer, bound=None) -> dict | None:
    """What the page of a contact shows of it: the kind asked for, or the form that was refused. None for who may not."""
    if not request.rights.write_notes or customer.archived_at:
        return None
    if bound is not None:
        return {"kind": next(name for name, form in KINDS.items() if type(bound) is form), "form": bound}
    kind = request.GET.get("neu", "")
    if kind not in KINDS or (kind == "mail" and not request.rights.write_contacts):
        return {"kind": "notiz", "form": NoteForm(initial={"client_id": uuid.uuid4()})}
    found = {"kind": kind, "form": _empty(kind, request.member, customer), "is_asked": True}
    field = {"mail": "subject_line", "termin": "title"}.get(kind, "text")
    found["form"].fields[field].widget.attrs["autofocus"] = True  # somebody who chose a kind wants to write now
    return found


def _empty(kind, member, customer):
    if kind == "notiz":
        return NoteForm(initial={"client_id": uuid.uuid4()})
    if kind in ("anruf", "mail"):
        return KINDS[kind](customer=customer)
    place = ", ".join(filter(None, [customer.street, f"{customer.postcode} {customer.city}".strip()]))
    return KINDS[kind](member=member, initial={"place": place} if kind == "termin" else {})

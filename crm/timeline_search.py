"""Words looked for in one contact's timeline: in what its lines are about, in comments, numbers and the names of events."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from crm import folding
from crm.models import Appointment, Attachment, Comment, Mail, Message, Note, Todo, WorkRequest

MOST_WORDS = 5


def containing(entries, customer, text: str, *, sees_money: bool):
    """Those lines in which each word stands somewhere, however it is spelled (Tür, tuer)."""
    for word in folding.fold(text.replace("\x00", "")).split()[:MOST_WORDS]:
        entries = entries.filter(_holding(customer, word, sees_money=sees_money))
    return entries


def _holding(customer, word, *, sees_money):
    of_customer = {"customer": customer}
    comments = _of(Comment.objects.filter(deleted_at=None, **of_customer), "text", word)
    files = Attachment.objects.filter(deleted_at=None, **of_customer)
    files = files.filter(Q(folded__contains=word) | Q(pk__in=comments.values("attachment")))
    notes = Note.objects.filter(
        Q(folded__contains=word) | Q(pk__in=files.values("note")), deleted_at=None, **of_customer
    )
    messages = Message.objects.filter(Q(folded__contains=word) | Q(pk__in=files.values("message")), **of_customer)
    mails = Mail.objects.filter(**of_customer)
    found = _about(Note, notes) | _about(Message, messages) | _about(Attachment, files)
    found |= _about(Todo, _of(Todo.objects.filter(**of_customer), "text", word))
    found |= _about(Appointment, _of(Appointment.objects.filter(**of_customer), "title", word))
    found |= _about(WorkRequest, _of(WorkRequest.objects.filter(**of_customer), "text", word))
    found |= _about(Mail, _of(mails.filter(kind=Mail.BY_HAND), "text", word))  # the words of others: in their documents
    found |= Q(pk__in=comments.values("entry"))
    found |= Q(event__in=[event for event, label in _labels() if word in folding.fold(label)])
    if sees_money:  # subjects name amounts, facts hold them
        found |= _about(Mail, _of(mails, "subject_line", word))
        found |= Q(facts__icontains=word)
    return found


def _about(model, rows):
    return Q(subject_type=ContentType.objects.get_for_model(model), subject_id__in=rows.values("pk"))


def _of(rows, column, word):
    """Rows in whose column a folded word stands; umlauts may be written either way there."""
    written = {word, word.replace("ae", "ä").replace("oe", "ö").replace("ue", "ü"), word.replace("ss", "ß")}
    condition = Q()
    for each in written | {each.capitalize() for each in written} | {each.upper() for each in written}:
        condition |= Q(**{f"{column}__icontains": each})
    return rows.filter(condition)


@cache
def _events() -> list[type[models.TextChoices]]:
    names = ["crm.timeline", *(f"{app.name}.events" for app in apps.get_app_configs())]
    return [module.Event for module in map(import_module, filter(find_spec, names)) if hasattr(module, "Event")]


def _labels():
    return [(value, str(label)) for events in _events() for value, label in events.choices]

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
    rows = {
        model: model.objects.filter(customer=customer) for model in (Note, Message, Attachment, Comment, Todo, Mail)
    }
    files = rows[Attachment].filter(deleted_at=None)
    named = files.filter(folded__contains=word)
    commented = files.filter(pk__in=_of(rows[Comment].filter(deleted_at=None), "text", word).values("attachment"))
    files = named | commented
    found = _about(Note, rows[Note].filter(Q(folded__contains=word) | Q(pk__in=files.values("note")), deleted_at=None))
    found |= _about(Message, rows[Message].filter(Q(folded__contains=word) | Q(pk__in=files.values("message"))))
    found |= _about(Attachment, files)
    found |= _about(Todo, _of(rows[Todo], "text", word))
    found |= _about(Appointment, _of(Appointment.objects.filter(customer=customer), "title", word))
    found |= _about(WorkRequest, _of(WorkRequest.objects.filter(customer=customer), "text", word))
    found |= _about(Mail, _of(rows[Mail].filter(kind=Mail.BY_HAND), "text", word))  # the words of others: in their documents
    found |= Q(pk__in=_of(rows[Comment].filter(deleted_at=None), "text", word).values("entry"))
    found |= Q(event__in=[event for event, label in _labels() if word in folding.fold(label)])
    if sees_money:  # subjects name amounts, facts hold them
        found |= _about(Mail, _of(rows[Mail], "subject_line", word))
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

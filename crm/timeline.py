"""The timeline (Verlauf): every verb of every app records here what it did, in its own transaction."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models import TimelineEntry


class Event(models.TextChoices):
    """What happens with contacts themselves."""

    CUSTOMER_CREATED = "crm.customer_created", _("Kontakt angelegt")
    CUSTOMER_CHANGED = "crm.customer_changed", _("Kontaktdaten geändert")
    NOTE_ADDED = "crm.note_added", _("Notiz")
    FILE_ADDED = "crm.file_added", _("Datei")
    TODO_ADDED = "crm.todo_added", _("Aufgabe")
    TODO_DONE = "crm.todo_done", _("Aufgabe erledigt")
    APPOINTMENT_ADDED = "crm.appointment_added", _("Termin")
    MAIL_SENT = "crm.mail_sent", _("E-Mail gesendet")
    MAIL_FAILED = "crm.mail_failed", _("E-Mail nicht zugestellt")
    QUESTION_ASKED = "crm.question_asked", _("Frage")
    ANSWER_SENT = "crm.answer_sent", _("Antwort")
    LINK_SEEN = "crm.link_seen", _("angesehen")
    LINK_LOCKED = "crm.link_locked", _("Falsche Postleitzahlen")


def record(event, *, customer, subject=None, by=None, **facts) -> TimelineEntry:
    """Write one line. `facts` hold references and amounts as text, no personal texts; the row never changes."""
    return TimelineEntry.objects.create(
        customer=customer,
        event=str(event),
        subject_type=ContentType.objects.get_for_model(subject) if subject is not None else None,
        subject_id=subject.pk if subject is not None else None,
        by=by,
        facts={name: str(value) for name, value in facts.items()},
        at=timezone.now(),
    )
